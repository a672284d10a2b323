//! Keys that are checked already and whose feature is still to come.

use super::Config;

/// The keys of this configuration that differ from their default and have no effect yet.
pub fn list_pending(config: &Config) -> Vec<&'static str> {
    let later = [("websub.hubs", !config.websub.hubs.is_empty())];
    later.into_iter().filter(|(_, set)| *set).map(|(key, _)| key).collect()
}
