//! Keys that are checked already and whose feature is still to come.

use super::Config;
use super::server::State;

/// The keys of this configuration that differ from their default and have no effect yet.
pub fn list_pending(config: &Config) -> Vec<&'static str> {
    let later = [
        ("server.admin_listen", config.server.admin_listen.is_some()),
        ("state.path", matches!(config.state, State::At(_))),
        ("feed", !config.named.is_empty()),
        ("paths.aliases", !config.paths.aliases.is_empty()),
        ("paths.gone", !config.paths.gone.is_empty()),
        ("websub.hubs", !config.websub.hubs.is_empty()),
    ];
    later.into_iter().filter(|(_, set)| *set).map(|(key, _)| key).collect()
}
