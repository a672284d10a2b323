//! The list of all dialects.

use std::sync::{Arc, LazyLock};

use super::eleventy::Eleventy;
use super::hexo::Hexo;
use super::hugo::Hugo;
use super::interface::Dialect;
use super::jekyll::Jekyll;
use super::obsidian::Obsidian;
use super::plain::Plain;
use super::zola::Zola;
use crate::config::DialectName;

/// Every dialect, with the settings of a site without configuration. A new dialect is a folder, a line here, and its name
/// in [`DialectName::ALL`].
pub static DIALECTS: LazyLock<[Arc<dyn Dialect>; DialectName::ALL.len()]> = LazyLock::new(|| {
    [
        Arc::new(Eleventy::default()),
        Arc::new(Hugo::default()),
        Arc::new(Zola::default()),
        Arc::new(Hexo::default()),
        Arc::new(Jekyll::default()),
        Arc::new(Obsidian),
        Arc::new(Plain),
    ]
});

/// The dialect of a name.
///
/// # Panics
/// If the list has another dialect in its place: a test compares the names.
pub fn find_dialect(name: DialectName) -> Arc<dyn Dialect> {
    let found = DIALECTS.iter().find(|dialect| dialect.name() == name.as_str());
    Arc::clone(found.expect("every name has a dialect"))
}

/// Returns true if a path, relative to a folder, marks that folder as the root of a generator's site.
pub fn is_site_marker(path: &str) -> bool {
    DIALECTS
        .iter()
        .map(|dialect| dialect.spec().files)
        .any(|files| files.markers.contains(&path) || files.config.contains(&path))
}
