//! The settings from which Hugo makes URLs: of the site, and of languages with their own.

use super::permalinks::{self, PermalinkRule};
use crate::post::value::{Fields, Value};

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
    /// Reads the settings of a table, and the errors of invalid ones; `usual` are the defaults.
    pub(super) fn read(fields: &Fields, usual: &Self) -> (Self, Vec<String>) {
        let is_on = |key: &str| match fields.get(key) {
            Some(Value::Bool(on)) => Some(*on),
            _ => None,
        };
        let own = fields.get("permalinks").map(|_| permalinks::read(fields));
        let (permalinks, faults) = own.unwrap_or_else(|| (usual.permalinks.clone(), Vec::new()));
        let rules = Self {
            permalinks,
            path_to_lower: is_on("disablepathtolower").map_or(usual.path_to_lower, |off| !off),
            remove_accents: is_on("removepathaccents").unwrap_or(usual.remove_accents),
        };
        (rules, faults)
    }
}
