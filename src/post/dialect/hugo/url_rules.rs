//! What Hugo makes URLs by: for the whole site, and for languages that say it themselves.

use super::permalinks::{self, PermalinkRule};
use crate::post::value::{Fields, Value};

/// The keys of a site or of one of its languages that shape URLs.
#[derive(Debug, Clone, PartialEq)]
pub struct UrlRules {
    /// Patterns of URLs.
    pub permalinks: Vec<PermalinkRule>,
    /// Whether letters of paths become small.
    pub path_to_lower: bool,
    /// Whether letters of paths lose their accents.
    pub remove_accents: bool,
}

impl Default for UrlRules {
    fn default() -> Self {
        Self { permalinks: Vec::new(), path_to_lower: true, remove_accents: false }
    }
}

impl UrlRules {
    /// Those of a table, and what of it can't be used; `usual` is what holds where it says nothing.
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
