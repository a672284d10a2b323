//! All sources that are followed, and the results of their scans.

use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use chrono::Utc;
use notify::Event;

use super::disk::Scanned;
use super::events::{EventEffect, When};
use super::published::Published;
use super::source::FollowedSource;
use super::unpublished::UnpublishedChanges;
use crate::catalog::{Catalog, Change, Fault, Watched};
use crate::config::{self, Config, Problem};
use crate::post::text::name_count;
use crate::post::{Source, SourceId};
use crate::site::{Resolved, ResolvedSite, Resolver, UNANSWERED, describe_empty};

/// The maximum wait for the site of one source.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(2);

/// The sources that are followed, in the order of the configuration.
pub(super) struct Sources {
    followed: Vec<FollowedSource>,
    /// The channel for the results of scans.
    scans: (Sender<Scanned>, Receiver<Scanned>),
    changes: UnpublishedChanges,
    /// Problems of the sites' own configurations.
    problems: Vec<Problem>,
    /// The number of scans and their total duration.
    scanned: (u64, Duration),
}

/// The result of the scan of one source.
struct Scan {
    place: usize,
    effect: EventEffect,
    changes: Vec<Change>,
}

impl Sources {
    /// No source yet.
    pub(super) fn new() -> Self {
        Self {
            followed: Vec::new(),
            scans: mpsc::channel(),
            changes: UnpublishedChanges::default(),
            problems: Vec::new(),
            scanned: (0, Duration::ZERO),
        }
    }

    /// Follows other sources from now on. The changes of earlier scans will be found again.
    pub(super) fn replace(&mut self, followed: Vec<FollowedSource>, problems: Vec<Problem>) {
        (self.followed, self.problems) = (followed, problems);
        self.changes = UnpublishedChanges::default();
    }

    /// The sources, in the order of the configuration.
    pub(super) fn iter(&self) -> impl Iterator<Item = &FollowedSource> {
        self.followed.iter()
    }

    /// The source that is already followed in a folder, whatever its name was.
    pub(super) fn find(&self, source: &Source) -> Option<&FollowedSource> {
        self.followed.iter().find(|followed| followed.source().reads_same_folder(source))
    }

    /// The sources as they were resolved last.
    pub(super) fn resolved(&self) -> Vec<Resolved> {
        self.followed.iter().map(|followed| followed.resolved().clone()).collect()
    }

    /// Resolves the sources of a configuration again.
    ///
    /// # Errors
    /// The problem of a source that is not followed yet and whose disk does not answer.
    pub(super) fn resolve(&mut self, config: &Config) -> Result<Vec<Resolved>, Problem> {
        let resolve = |written: &config::Source| match self
            .followed
            .iter_mut()
            .find(|known| known.is_followed_as(written))
        {
            Some(followed) => Ok(followed.resolve(config, written, RESOLVE_TIMEOUT)),
            None => Resolver::default().resolve(config, written, RESOLVE_TIMEOUT).ok_or_else(|| {
                let message = format!("{}: {UNANSWERED}", config.reach(written).display());
                Problem::error(config.name(), message).at(written.path_place)
            }),
        };
        config.sources.iter().map(resolve).collect()
    }

    /// Returns true if these are the sources that are followed, except for their problems.
    pub(super) fn are_same(&self, resolved: &[Resolved]) -> bool {
        let known = self.followed.iter().map(|followed| &followed.resolved().source);
        known.eq(resolved.iter().map(|resolved| &resolved.source))
    }

    /// Sets the problems of the same sources, which were resolved again.
    pub(super) fn take_problems(&mut self, site: ResolvedSite) {
        self.problems = site.problems;
        for (followed, resolved) in self.followed.iter_mut().zip(site.resolved) {
            followed.set_problems(resolved.problems);
        }
    }

    /// Sets the problems of the sites' own configurations.
    pub(super) fn set_problems(&mut self, problems: Vec<Problem>) {
        self.problems = problems;
    }

    /// Problems of the sites' own configurations.
    pub(super) fn site_problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Problems of folders that are unavailable.
    pub(super) fn folder_problems(&self) -> impl Iterator<Item = Problem> {
        self.followed.iter().filter_map(FollowedSource::problem)
    }

    /// Returns true if exactly the sources of a configuration are followed.
    pub(super) fn are_followed_as(&self, config: &Config) -> bool {
        let mut pairs = self.followed.iter().zip(&config.sources);
        self.followed.len() == config.sources.len() && pairs.all(|(own, written)| own.is_followed_as(written))
    }

    /// The sources whose posts were not read yet.
    pub(super) fn list_awaited(&self) -> Vec<SourceId> {
        let numbered = self.followed.iter().enumerate();
        numbered.filter(|(_, own)| !own.was_found()).map(|(number, _)| SourceId::new(number)).collect()
    }

    /// The ways in which the sources are watched, and their last changes.
    pub(super) fn describe(&self) -> Vec<Watched> {
        self.followed.iter().map(FollowedSource::describe).collect()
    }

    /// The number of scans and their total duration.
    pub(super) fn scanned(&self) -> (u64, Duration) {
        self.scanned
    }

    /// The faults since the last call.
    pub(super) fn take_faults(&mut self) -> Vec<Fault> {
        self.followed.iter_mut().flat_map(FollowedSource::take_faults).collect()
    }

    /// Receives an event of the watcher with this id.
    pub(super) fn on_event(&mut self, id: u64, event: notify::Result<Event>) -> EventEffect {
        let followed = self.followed.iter_mut().find(|followed| followed.has_id(id));
        followed.map(|followed| followed.on_event(event)).unwrap_or_default()
    }

    /// Marks a file as stale, whatever its metadata.
    pub(super) fn invalidate(&mut self, path: &Path) {
        self.followed.iter_mut().for_each(|followed| followed.invalidate(path));
    }

    /// Marks everything as pending, and accepts unavailable folders as they are.
    pub(super) fn start_over(&mut self) {
        self.followed.iter_mut().for_each(FollowedSource::start_over);
    }

    /// Marks sources as pending for which it is time for a rescan without an event. Returns true if there are any.
    pub(super) fn sweep(&mut self, now: Instant) -> bool {
        let mut is_any = false;
        for followed in &mut self.followed {
            is_any |= followed.sweep(now);
        }
        is_any
    }

    /// The time of the next action.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.followed.iter().filter_map(FollowedSource::next_due).min()
    }

    /// Starts scans of the paths that are due.
    pub(super) fn scan_due(&mut self, now: Instant) {
        for followed in &mut self.followed {
            followed.scan_due(now, &self.scans.0);
        }
    }

    /// Scans every source, and waits for the results, at most `timeout`. Returns the changes of each source.
    pub(super) fn scan_all(&mut self, timeout: Duration) -> Vec<Vec<Change>> {
        let mut found = vec![Vec::new(); self.followed.len()];
        self.followed.iter_mut().for_each(|followed| followed.scan_all(&self.scans.0));
        let deadline = Instant::now() + timeout;
        while let Some(Scan { place, changes, .. }) = self.receive(deadline) {
            found[place] = changes;
        }
        found
    }

    /// Collects the results of scans. Waits for those that run, at most `timeout`, but not for a disk that has not
    /// answered for long.
    pub(super) fn collect(&mut self, timeout: Duration, catalog: &Catalog) -> EventEffect {
        let deadline = Instant::now() + timeout;
        let mut all = EventEffect::default();
        while let Some(Scan { place, effect, changes }) = self.receive(deadline) {
            all = all.and(effect);
            if self.changes.add(changes, catalog) {
                self.followed[place].note_change(Utc::now());
            }
        }
        all
    }

    /// Returns true if scans found changes that readers do not see yet.
    pub(super) fn has_changes(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Changes that readers do not see yet.
    pub(super) fn take_changes(&mut self) -> Vec<Change> {
        self.changes.take()
    }

    /// Logs what was read.
    pub(super) fn log_posts(&self, published: &Published) {
        let Some(snapshot) = published.current() else { return };
        for followed in self.followed.iter().filter(|followed| !followed.has_posts()) {
            if followed.unavailability().is_none() && !followed.is_scanned() {
                tracing::warn!("{}", describe_empty(followed.source()));
            }
        }
        let posts = snapshot.describe_posts();
        let unread = self.followed.iter().filter(|followed| followed.is_scanned());
        let unread: Vec<&str> = unread.map(|followed| &*followed.source().name).collect();
        if !unread.is_empty() {
            tracing::info!("{posts} so far; still reading {}", unread.join(", "));
            return;
        }
        let names = snapshot.site.taxonomies.iter().enumerate();
        let count = |place, name: &str| match (snapshot.terms(place).count(), name) {
            (1, "tags" | "authors") => format!("1 {}", name.trim_end_matches('s')),
            (1, "categories") => "1 category".to_owned(),
            (count, _) => format!("{count} {name}"),
        };
        let counts: Vec<String> = names.map(|(place, taxonomy)| count(place, &taxonomy.name)).collect();
        tracing::info!(
            "{posts}, {}, {}, read in {:.0?}",
            counts.join(", "),
            name_count(snapshot.problems.len(), "problem"),
            published.scan_duration()
        );
    }

    /// The next result of a scan.
    fn receive(&mut self, deadline: Instant) -> Option<Scan> {
        loop {
            let waits = self.followed.iter().any(|source| source.is_scanned() && !source.is_unanswered());
            let rest =
                if waits { deadline.saturating_duration_since(Instant::now()) } else { Duration::ZERO };
            let Scanned { id, done, took } = self.scans.1.recv_timeout(rest).ok()?;
            // A source that is no longer followed is ignored.
            let Some(place) = self.followed.iter().position(|source| source.has_id(id)) else { continue };
            let Some((disk, changes)) = done else { panic!("a scan failed") };
            self.scanned.0 += 1;
            self.scanned.1 += took;
            let followed = &mut self.followed[place];
            let was_unavailable = followed.unavailability().is_some();
            let mut effect = EventEffect { matters: true, ..followed.take_back(disk) };
            if was_unavailable && followed.unavailability().is_none() {
                // Its site's configuration may have changed meanwhile.
                effect.settings = Some(When::Now);
            }
            return Some(Scan { place, effect, changes });
        }
    }
}
