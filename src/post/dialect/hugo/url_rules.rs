//! The settings from which Hugo makes URLs: of the site, and of languages with their own.

use super::permalinks::{self, PermalinkRule};
use crate::post::settings_reader::SettingsReader;

/// The URL settings of a site or of one of its languages.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct UrlRules {
    /// URL patterns.
    pub(super) permalinks: Vec<PermalinkRule>,
    /// True if paths are lower-cased.
    pub(super) path_to_lower: bool,
    /// True if accents are removed from paths.
    pub(super) remove_accents: bool,
}

impl Default for UrlRules {
    fn default() -> Self {
        Self { permalinks: Vec::new(), path_to_lower: true, remove_accents: false }
    }
}

impl UrlRules {
    /// Reads the settings of a table, given with a `.` at its end, or of the site; `usual` are the defaults.
    pub(super) fn read(reader: &mut SettingsReader<'_>, table: &str, usual: &Self) -> Self {
        let mut flag = |key: &str| reader.flag(&format!("{table}{key}"));
        Self {
            path_to_lower: flag("disablePathToLower").map_or(usual.path_to_lower, |off| !off),
            remove_accents: flag("removePathAccents").unwrap_or(usual.remove_accents),
            permalinks: permalinks::read(reader, &format!("{table}permalinks"))
                .unwrap_or_else(|| usual.permalinks.clone()),
        }
    }
}
