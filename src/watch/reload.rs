//! Decides whether settings that were read again replace those in effect.

use std::sync::Arc;

use super::config_reload::reads_alike;
use super::root_guard::RootGuard;
use super::sources::Sources;
use crate::config::{self, Config, Problem};
use crate::post::Source;
use crate::site::{ResolvedSite, combine};

/// The decision about settings that were read again.
pub(super) enum Reload {
    /// They cannot be used: everything stays as it is.
    Rejected(Vec<Problem>),
    /// Posts are read as before. Feeds and problems may differ.
    SamePosts(ResolvedSite),
    /// Posts must be read again.
    OtherPosts(ResolvedSite),
}

/// Decides on a configuration that was read again, with the sites' own settings as they are known, unless the
/// configuration changes how posts are read.
pub(super) fn decide_on_configuration(config: &Config, current: &Config, sources: &mut Sources) -> Reload {
    if reads_alike(config, current) {
        return combine(config, sources.resolved()).map_or_else(Reload::Rejected, Reload::SamePosts);
    }
    match sources.resolve(config).map_err(|problem| vec![problem]).and_then(|all| combine(config, all)) {
        Err(problems) => Reload::Rejected(problems),
        Ok(site) => match list_missing(config, &site, sources) {
            missing if missing.is_empty() => Reload::OtherPosts(site),
            missing => Reload::Rejected(missing),
        },
    }
}

/// Decides on the sites' own settings, which are read again. The configuration is the same.
pub(super) fn decide_on_sites(config: &Config, sources: &mut Sources) -> Reload {
    let resolved = match sources.resolve(config) {
        Ok(resolved) => resolved,
        Err(problem) => return Reload::Rejected(vec![problem]),
    };
    let is_same = sources.are_same(&resolved);
    match combine(config, resolved) {
        Err(problems) => Reload::Rejected(problems),
        Ok(site) if is_same => Reload::SamePosts(site),
        Ok(site) => Reload::OtherPosts(site),
    }
}

/// Problems of folders that a configuration adds and that cannot be read: to wait for them would take away feeds
/// that are served now.
fn list_missing(config: &Config, resolved: &ResolvedSite, sources: &Sources) -> Vec<Problem> {
    let new = config.sources.iter().zip(&resolved.site.sources);
    let new = new.filter(|(_, source)| sources.find(source).is_none());
    let describe = |(written, source): (&config::Source, &Arc<Source>)| {
        let reason = RootGuard::fresh().check(source).err()?;
        let message = format!("{}: {reason}. {}", source.folder.display(), reason.advice());
        Some(Problem::error(config.name(), message).at(written.path_place))
    };
    new.filter_map(describe).collect()
}
