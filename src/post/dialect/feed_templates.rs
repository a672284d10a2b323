//! The templates of a site's own feeds.

use crate::post::config_file::ConfigFile;
use crate::post::site::{FeedTemplate, SiteSettings};

/// The feed templates of a site.
#[derive(Debug, Clone, Copy)]
pub struct FeedTemplates {
    /// Their usual paths, relative to the site's root, most likely first.
    pub paths: &'static [&'static str],
    /// The folder of layouts, of which those with a feed's name are read.
    pub layouts: &'static str,
    /// Returns true if a layout of this name belongs to a feed.
    pub is_layout: fn(&str) -> bool,
    /// Selects, among all templates, the one that determines the ids.
    pub read: fn(&[ConfigFile], &SiteSettings) -> Option<FeedTemplate>,
}

impl FeedTemplates {
    /// Returns true if the file at a path, relative to the site's root, is a feed template.
    pub fn contains(&self, path: &str) -> bool {
        let layout = path.strip_prefix(self.layouts).and_then(|rest| rest.strip_prefix('/'));
        self.paths.contains(&path) || layout.is_some_and(self.is_layout)
    }
}
