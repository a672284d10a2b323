//! Dialects: the rules by which each generator recognises and reads posts, in a folder of its own.

pub mod eleventy;
pub mod hexo;
pub mod hugo;
pub mod jekyll;
pub mod obsidian;
pub mod plain;
pub mod zola;

mod comparable;
mod dates;
mod detection;
mod feed_templates;
mod interface;
mod links;
mod pattern;
mod permalink;
mod plain_rules;
mod reading;

use std::sync::{Arc, LazyLock};

pub use self::comparable::Comparable;
pub use self::detection::{Evidence, Strength, holds_folder};
pub use self::feed_templates::FeedTemplates;
pub use self::interface::{Configured, Dialect};
pub use self::links::Links;
pub use self::pattern::{ExpansionTooLong, PermalinkSyntax};
pub use self::permalink::Permalink;
pub use self::reading::{
    EntryOptions, FILE_NAME, Id, IdParts, Keys, Listed, Reading, SiteFiles, SourceSettings, TaxonomyKey,
    Undated,
};
use crate::config::DialectName;

/// Every dialect, with the settings of a site without configuration. A new dialect is a folder, a line here, and its name
/// in [`DialectName::ALL`].
pub static DIALECTS: LazyLock<[Arc<dyn Dialect>; 7]> = LazyLock::new(|| {
    [
        Arc::new(eleventy::Eleventy::default()),
        Arc::new(hugo::Hugo::default()),
        Arc::new(zola::Zola::default()),
        Arc::new(hexo::Hexo::default()),
        Arc::new(jekyll::Jekyll::default()),
        Arc::new(obsidian::Obsidian),
        Arc::new(plain::Plain),
    ]
});

/// The dialect of a name.
pub fn find_dialect(name: DialectName) -> Arc<dyn Dialect> {
    let found = DIALECTS.iter().find(|dialect| dialect.name() == name.as_str());
    found.map_or_else(|| Arc::new(plain::Plain) as Arc<dyn Dialect>, Arc::clone)
}

/// Returns true if a path, relative to a folder, marks that folder as the root of a generator's site.
pub fn is_site_marker(path: &str) -> bool {
    DIALECTS
        .iter()
        .map(|dialect| dialect.site_files())
        .any(|files| files.markers.contains(&path) || files.config.contains(&path))
}

#[cfg(test)]
mod tests;
