//! Dialects: the rules by which each generator recognises and reads posts, in a folder of its own.

pub mod eleventy;
pub mod hexo;
pub mod hugo;
pub mod jekyll;
pub mod obsidian;
pub mod plain;
pub mod zola;

mod comparable;
mod content_folder;
mod dates;
mod detection;
mod feed_templates;
mod interface;
mod links;
mod pattern;
mod permalink;
mod plain_rules;
mod reading;
mod registry;
mod spec;

pub use self::comparable::Comparable;
pub use self::content_folder::ContentFolder;
pub use self::dates::DateField;
pub use self::detection::{Evidence, Strength, holds_folder};
pub use self::feed_templates::FeedTemplates;
pub use self::interface::{Configured, Dialect};
pub use self::links::Links;
pub use self::pattern::{ExpansionTooLong, PermalinkSyntax};
pub use self::permalink::Permalink;
pub use self::reading::{EntryOptions, Id, IdParts, Listed, Reading, SourceSettings, TaxonomyKey};
pub use self::registry::{DIALECTS, find_dialect, is_site_marker};
pub use self::spec::{DialectSpec, FILE_NAME, Keys, SiteFiles, Undated};

#[cfg(test)]
mod tests;
