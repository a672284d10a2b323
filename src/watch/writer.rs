//! The writer thread: only it changes the catalog, in batches. It sleeps until there is something to do.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::change_log::{Batch, ChangeLog};
use super::config_reload::Configuration;
use super::disk::Scanned;
use super::events::When;
use super::folder::Folder;
use super::pending_paths::PendingPaths;
use super::poll_timer::{read_clock, sleep_duration};
use super::signal::Signal;
use crate::bodies::Texts;
use crate::catalog::{Catalog, Change, Fault, Live, Site, Snapshot, Watching};
use crate::config::Problem;
use crate::post::text::name_count;
use crate::site::describe_empty;
use crate::state::Store;

/// The debounce time of signals that arrive close together.
const DEBOUNCE: Duration = Duration::from_millis(2);
/// The number of signals in a row from which they are a storm, which has a longer debounce time.
const STORM_SIZE: usize = 64;
/// The debounce time within a storm.
const STORM_DEBOUNCE: Duration = Duration::from_millis(60);
/// The maximum time for which the events of a storm are gathered.
const STORM_LIMIT: Duration = Duration::from_secs(1);

/// The time for which the results of scans that start together wait for each other.
const TOGETHER: Duration = Duration::from_millis(50);

/// The settings that determine how posts are read.
#[derive(Debug, Clone, Copy)]
enum Settings {
    Configuration,
    Sites,
}

impl Settings {
    fn name(self) -> String {
        format!("{self:?}")
    }
}

/// The thread's state.
pub(super) struct Writer {
    pub(super) configuration: Configuration,
    pub(super) folders: Vec<Folder>,
    /// True if the configuration may have changed.
    pub(super) config_stale: bool,
    /// True if a site's own settings may have changed.
    pub(super) sites_stale: bool,
    /// The settings that may have changed.
    pub(super) pending_settings: PendingPaths,
    /// The time of the last gathering of events, if it was a storm.
    pub(super) storm: Option<Instant>,
    /// Problems of the sites' own configurations.
    pub(super) site_problems: Vec<Problem>,
    pub(super) sender: Sender<Signal>,
    /// The channel for the results of scans.
    pub(super) scans: (Sender<Scanned>, Receiver<Scanned>),
    /// Changes that scans found and readers do not see yet.
    pub(super) changes: Vec<Change>,
    pub(super) store: Store,
    pub(super) texts: Texts,
    pub(super) catalog: Catalog,
    pub(super) live: Live,
    pub(super) current: Option<Arc<Snapshot>>,
    pub(super) watching: Watching,
    /// The log lines about changes.
    pub(super) change_log: ChangeLog,
}

impl Writer {
    /// A writer that has read nothing yet.
    pub(super) fn new(
        configuration: Configuration,
        live: Live,
        sender: Sender<Signal>,
        store: Store,
        texts: Texts,
        site: Arc<Site>,
    ) -> Self {
        Self {
            configuration,
            folders: Vec::new(),
            config_stale: false,
            sites_stale: false,
            storm: None,
            pending_settings: PendingPaths::default(),
            site_problems: Vec::new(),
            sender,
            scans: mpsc::channel(),
            changes: Vec::new(),
            store,
            texts,
            catalog: Catalog::new(site),
            live,
            current: None,
            watching: Watching::default(),
            change_log: ChangeLog::default(),
        }
    }

    /// Sleeps until something happens or is due, and updates the catalog.
    pub(super) fn wait(&mut self, signals: &Receiver<Signal>) {
        let timeout = self.timeout(Instant::now(), Utc::now());
        match signals.recv_timeout(timeout) {
            Ok(signal) => {
                if self.note(signal) {
                    self.gather(signals);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            // The channel never closes: this thread holds a sender itself.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(timeout),
        }
        let now = Instant::now();
        self.config_stale |= self.configuration.is_swept(now);
        for folder in &mut self.folders {
            self.sites_stale |= folder.is_swept(now);
        }
        self.act(now);
    }

    /// The time for which there is nothing to do.
    fn timeout(&self, now: Instant, time: DateTime<Utc>) -> Duration {
        if self.config_stale || self.sites_stale {
            return Duration::ZERO;
        }
        let scans = self.folders.iter().filter_map(Folder::next_due).chain(self.configuration.next_due());
        let scans = scans.chain(self.pending_settings.next_due()).chain(self.change_log.next_due());
        let due = self.current.as_ref().and_then(|snapshot| snapshot.next_due);
        sleep_duration(now, scans.min(), time, due)
    }

    /// Receives signals that arrive close together: a save by rename is several events.
    fn gather(&mut self, signals: &Receiver<Signal>) {
        let started = Instant::now();
        let is_storm = self.storm.is_some_and(|last| last.elapsed() < STORM_DEBOUNCE * 2);
        let mut count = if is_storm { STORM_SIZE } else { 1 };
        let wait = |count: usize| Instant::now() + if count < STORM_SIZE { DEBOUNCE } else { STORM_DEBOUNCE };
        let mut quiet = wait(count);
        while started.elapsed() < STORM_LIMIT {
            match signals.recv_timeout(quiet.saturating_duration_since(Instant::now())) {
                Ok(signal) => {
                    if self.note(signal) {
                        count += 1;
                        quiet = wait(count);
                    }
                }
                Err(_) => break,
            }
        }
        self.storm = (count > STORM_SIZE).then(Instant::now);
    }

    /// Handles a signal. Returns true if it may change something.
    fn note(&mut self, signal: Signal) -> bool {
        match signal {
            Signal::Stale(path) => {
                for folder in &mut self.folders {
                    folder.invalidate(&path);
                }
            }
            Signal::Rescan => {
                tracing::info!("the configuration is read again and everything is rescanned, as requested");
                (self.config_stale, self.sites_stale) = (true, true);
                self.folders.iter_mut().for_each(Folder::start_over);
            }
            Signal::Event(id, event) if self.configuration.has_id(id) => {
                let when = self.configuration.on_event(event);
                self.mark(Settings::Configuration, when);
                return when.is_some();
            }
            Signal::Event(id, event) => {
                let effect =
                    self.folders.iter_mut().find(|folder| folder.has_id(id)).map(|f| f.on_event(event));
                let effect = effect.unwrap_or_default();
                self.mark(Settings::Sites, effect.rules);
                return effect.matters || effect.rules.is_some();
            }
            Signal::Scanned => return false,
            #[cfg(test)]
            Signal::Panic => panic!("as a test asked for"),
        }
        true
    }

    /// Marks settings as pending: they are read at once, or after a debounce time.
    fn mark(&mut self, what: Settings, when: Option<When>) {
        match when {
            Some(When::Now) => self.pending_settings.mark_now(what.name(), Instant::now()),
            Some(When::Soon) => self.pending_settings.mark_soon(what.name(), Instant::now()),
            None => {}
        }
    }

    /// Scans everything that is due, and publishes what changed.
    fn act(&mut self, now: Instant) {
        let due = self.pending_settings.take_due(now);
        self.config_stale |= due.contains(&Settings::Configuration.name());
        self.sites_stale |= due.contains(&Settings::Sites.name());
        // A configuration that did not fit the sites may fit them now.
        self.config_stale |= self.sites_stale && !self.configuration.problems.is_empty();
        if std::mem::take(&mut self.config_stale) {
            self.follow_configuration();
            self.publish_status();
        }
        if std::mem::take(&mut self.sites_stale) {
            self.follow_sites();
        }
        for folder in &mut self.folders {
            folder.scan_due(now, &self.scans.0);
        }
        self.collect_scans(TOGETHER);
        let changes = std::mem::take(&mut self.changes);
        let current = self.current.as_ref();
        let time = read_clock(current.map(|snapshot| snapshot.made));
        let is_post_due = current.and_then(|snapshot| snapshot.next_due).is_some_and(|due| due <= time);
        let is_ahead = current.is_some_and(|snapshot| snapshot.made > time);
        if is_ahead {
            tracing::warn!("the clock was set back to {time}: posts that appeared too early are withdrawn");
        }
        if !changes.is_empty() || is_post_due || is_ahead || self.report_folders() {
            let entry = Batch::of(&changes, &self.catalog);
            let snapshot = self.publish(changes);
            // The logged changes are already served.
            self.change_log.write(entry, now);
            if is_post_due {
                tracing::info!("a scheduled post is due: {} posts are visible", snapshot.count());
            }
        }
        self.change_log.flush(now);
    }

    /// Collects the results of scans. Waits for those that run, at most `timeout`, but not for a disk that has not
    /// answered for long.
    pub(super) fn collect_scans(&mut self, timeout: Duration) {
        let deadline = Instant::now() + timeout;
        let mut was_scanned = false;
        while let Some((place, was_unavailable, found)) = self.receive_scan(deadline) {
            was_scanned = true;
            let folder = &mut self.folders[place];
            let found: Vec<Change> =
                found.into_iter().filter(|change| self.catalog.has_effect(change)).collect();
            if !found.is_empty() {
                folder.note_change(Utc::now());
            }
            // Its site's configuration may have changed meanwhile.
            self.sites_stale |= was_unavailable && folder.unavailability().is_none();
            self.changes.extend(found);
        }
        if was_scanned {
            self.publish_status();
        }
    }

    /// The next result of a scan: the place of the source, true if it was unavailable before, and the changes.
    pub(super) fn receive_scan(&mut self, deadline: Instant) -> Option<(usize, bool, Vec<Change>)> {
        loop {
            let waits = self.folders.iter().any(|folder| folder.is_scanned() && !folder.is_unanswered());
            let rest =
                if waits { deadline.saturating_duration_since(Instant::now()) } else { Duration::ZERO };
            let Scanned { id, done, took } = self.scans.1.recv_timeout(rest).ok()?;
            // A source that is no longer followed is ignored.
            let Some(place) = self.folders.iter().position(|folder| folder.has_id(id)) else { continue };
            let Some((disk, found)) = done else { panic!("a scan failed") };
            let (count, sum) = &mut self.watching.reconciled;
            *count += 1;
            *sum += took;
            let was_unavailable = self.folders[place].unavailability().is_some();
            let effect = self.folders[place].take_back(disk);
            self.mark(Settings::Sites, effect.rules);
            return Some((place, was_unavailable, found));
        }
    }

    /// Updates the problems of folders and configurations in the catalog. Returns true if they changed.
    pub(super) fn report_folders(&mut self) -> bool {
        let mut problems = self.site_problems.clone();
        problems.extend_from_slice(&self.configuration.problems);
        problems.extend(self.folders.iter().filter_map(Folder::problem));
        let numbered = self.folders.iter().zip(0_u16..);
        let awaited: Vec<u16> =
            numbered.filter(|(folder, _)| !folder.was_found()).map(|(_, number)| number).collect();
        let is_awaited = self.catalog.set_awaited(&awaited);
        self.catalog.set_problems(problems) || is_awaited
    }

    fn count_faults(&mut self) {
        let faults: Vec<Fault> = self.folders.iter_mut().flat_map(Folder::take_faults).collect();
        let refused = std::iter::repeat_n(Fault::Config, self.configuration.take_refusals());
        for fault in faults.into_iter().chain(refused) {
            self.watching.count(fault);
        }
    }

    pub(super) fn publish_status(&mut self) {
        self.count_faults();
        self.watching.configuration = Some(self.configuration.describe());
        self.watching.sources = self.folders.iter().map(Folder::describe).collect();
        self.live.publish_status(self.watching.clone());
    }

    /// Applies changes, publishes them, and logs new problems.
    pub(super) fn publish(&mut self, mut changes: Vec<Change>) -> Arc<Snapshot> {
        self.report_folders();
        let (count, started) = (changes.len(), Instant::now());
        let before = self.live.load();
        self.texts.keep(&self.catalog, before.as_deref(), &mut changes);
        let now = read_clock(before.as_ref().map(|snapshot| snapshot.made));
        let snapshot = self.catalog.apply(changes, now);
        tracing::debug!("{count} changes applied in {:.1?}", started.elapsed());
        self.current = Some(Arc::clone(&snapshot));
        // This comes first: a file may break as soon as readers see its post.
        self.texts.renew(&snapshot);
        self.live.publish(Arc::clone(&snapshot));
        for (id, holder) in self.catalog.take_holders() {
            let holder = holder.as_ref().map(|holder| (&*holder.source, &*holder.path));
            self.store.remember_holder(&id, holder);
        }
        let known: HashSet<&Problem> = before.iter().flat_map(|before| before.problems.iter()).collect();
        let is_ours = |problem: &&Problem| self.configuration.problems.contains(problem);
        let new = snapshot.problems.iter().filter(|problem| !known.contains(problem) && !is_ours(problem));
        self.change_log.report(new, Instant::now());
        snapshot
    }

    /// Logs what was read.
    pub(super) fn log_posts(&self) {
        let Some(snapshot) = &self.current else { return };
        for folder in self.folders.iter().filter(|folder| !folder.has_posts()) {
            let source = &folder.source;
            if folder.unavailability().is_none() && !folder.is_scanned() {
                tracing::warn!("{}", describe_empty(source));
            }
        }
        let posts = name_count(snapshot.count(), "post");
        let unread = self.folders.iter().filter(|folder| folder.is_scanned());
        let unread: Vec<&str> = unread.map(|folder| &*folder.source.name).collect();
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
            self.watching.scan
        );
    }
}
