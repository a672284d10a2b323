//! Keys that are checked already and whose feature is still to come.

use super::Config;
use super::server::State;

/// The keys of this configuration that differ from their default and have no effect yet.
pub fn list_pending(config: &Config) -> Vec<&'static str> {
    let source = |differs: fn(&super::Source) -> bool| config.sources.iter().any(differs);
    let options = |differs: fn(&super::FeedOptions) -> bool| {
        differs(&config.feeds) || config.named.iter().any(|feed| differs(&feed.options))
    };
    let later = [
        ("server.admin_listen", config.server.admin_listen.is_some()),
        ("state.path", matches!(config.state, State::At(_))),
        ("source.shortcodes", source(|s| !s.shortcodes.is_empty())),
        ("feeds.embeds", options(|o| o.embeds.is_some_and(|e| e != super::Embeds::default()))),
        ("feed", !config.named.is_empty()),
        ("paths.aliases", !config.paths.aliases.is_empty()),
        ("paths.gone", !config.paths.gone.is_empty()),
        ("websub.hubs", !config.websub.hubs.is_empty()),
    ];
    later.into_iter().filter(|(_, set)| *set).map(|(key, _)| key).collect()
}
