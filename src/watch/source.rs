//! One source that is followed: its pending paths, and when they are reconciled.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use notify::Event;

use super::disk::{Disk, FolderState, Scanned, Traced};
use super::events::{self, EventEffect, When};
use super::pending::Pending;
use super::poll_timer::PollTimer;
use super::progress::Progress;
use super::reconcile::SourceFiles;
use super::root_guard::Unavailability;
use super::signal::Signal;
use super::watcher::FolderWatcher;
use crate::catalog::{Fault, Watched};
use crate::config::{self, Config, Problem};
use crate::post::Source;
use crate::site::{Resolved, Resolver, replace_or_keep};

/// The longest time between two checks of an unavailable folder.
const RETRY: Duration = Duration::from_secs(2);

/// The time without an answer of the disk, during a scan, after which the disk is reported.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Events that are kept during a scan; if there are more, everything is scanned again.
const BACKLOG: usize = 10_000;

/// A source that is followed.
pub(super) struct FollowedSource {
    id: u64,
    source: Arc<Source>,
    resolved: Resolved,
    resolver: Resolver,
    written: config::Source,
    /// Its files and their watcher; `None` while a thread scans them.
    disk: Option<Box<Disk>>,
    /// The last answer of the disk.
    progress: Progress,
    /// Events and requests during a scan.
    backlog: Vec<Late>,
    /// The state of the folder after the last scan.
    folder: FolderState,
    /// Paths that are not reconciled yet.
    pending: Pending<String>,
    timer: PollTimer,
    last_change: Option<DateTime<Utc>>,
    faults: Vec<Fault>,
}

/// An event or a request during a scan.
enum Late {
    Event(notify::Result<Event>),
    Invalidate(PathBuf),
    StartOver,
}

impl FollowedSource {
    /// A source that is followed from now on and was not scanned yet.
    pub(super) fn new(
        written: &config::Source,
        resolved: Resolved,
        files: SourceFiles,
        signals: Sender<Signal>,
    ) -> Self {
        let id = FolderWatcher::next_id();
        let (source, progress) = (Arc::clone(files.source()), files.progress().clone());
        let folder = FolderState { mode: "off", was_found: files.was_found(), ..FolderState::default() };
        let disk = Disk::new(id, written, &resolved.source.around, files, signals);
        Self {
            id,
            source,
            resolved,
            resolver: Resolver::default(),
            written: written.clone(),
            disk: Some(Box::new(disk)),
            progress,
            backlog: Vec::new(),
            folder,
            pending: Pending::default(),
            timer: PollTimer::new(None),
            last_change: None,
            faults: Vec::new(),
        }
    }

    /// Returns true if a source is configured with the same path and dialect as this one.
    pub(super) fn is_followed_as(&self, written: &config::Source) -> bool {
        self.written.path == written.path && self.written.dialect == written.dialect
    }

    /// The source, with its settings.
    pub(super) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The source as its folder shows it.
    pub(super) fn resolved(&self) -> &Resolved {
        &self.resolved
    }

    /// Resolves the source again, as it is written in a configuration.
    pub(super) fn resolve(
        &mut self,
        config: &Config,
        written: &config::Source,
        timeout: Duration,
    ) -> Resolved {
        let now = self.resolver.resolve(config, written, timeout);
        replace_or_keep(&self.resolved.source, now, self.was_found())
    }

    /// Sets the problems of its site's configuration.
    pub(super) fn set_problems(&mut self, problems: Vec<Problem>) {
        self.resolved.problems = problems;
    }

    /// Its files, unless a thread scans them.
    pub(super) fn files(&self) -> Option<&SourceFiles> {
        self.disk.as_ref().map(|disk| disk.files())
    }

    /// The reason why the folder was unavailable at the last scan, if it was.
    pub(super) fn unavailability(&self) -> Option<&Unavailability> {
        self.folder.unavailability.as_ref()
    }

    /// Returns true if its posts were read since the start.
    pub(super) fn was_found(&self) -> bool {
        self.folder.was_found
    }

    /// Returns true if any of its files is a post.
    pub(super) fn has_posts(&self) -> bool {
        self.folder.has_posts
    }

    /// Returns true while a thread scans it.
    pub(super) fn is_scanned(&self) -> bool {
        self.disk.is_none()
    }

    /// Returns true if its disk has not answered for so long that it may never answer.
    pub(super) fn is_unanswered(&self) -> bool {
        self.is_scanned() && self.progress.deadline(ANSWER_TIMEOUT) <= Instant::now()
    }

    /// Marks everything as pending, and sets up the watches from scratch at the next scan. An unavailable folder is
    /// accepted as it is.
    pub(super) fn start_over(&mut self) {
        match &mut self.disk {
            Some(disk) => disk.start_over(),
            None => self.backlog.push(Late::StartOver),
        }
        self.mark_all();
    }

    /// Marks everything as pending.
    fn mark_all(&mut self) {
        self.mark(String::new(), When::Now);
    }

    fn mark(&mut self, path: String, when: When) {
        self.pending.mark(path, when, Instant::now());
    }

    /// Marks a file as stale, whatever its metadata.
    pub(super) fn invalidate(&mut self, path: &Path) {
        let Some(disk) = &mut self.disk else { return self.postpone(Late::Invalidate(path.to_owned())) };
        for path in disk.invalidate(path) {
            self.mark(path, When::Now);
        }
    }

    /// Returns true if events with this id come from its watcher.
    pub(super) fn has_id(&self, id: u64) -> bool {
        self.id == id
    }

    /// Receives an event of its watcher.
    pub(super) fn on_event(&mut self, event: notify::Result<Event>) -> EventEffect {
        let all = EventEffect { matters: true, settings: Some(When::Now) };
        let Some(disk) = &mut self.disk else {
            self.postpone(Late::Event(event));
            // It counts as part of a burst. Its effect is determined after the scan.
            return EventEffect { matters: true, settings: None };
        };
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                disk.note_error(&error);
                self.mark_all();
                return all;
            }
        };
        let is_leaving = events::is_leaving(&event);
        let Some((when, paths)) = events::read(event) else { return EventEffect::default() };
        if paths.is_empty() {
            tracing::warn!("events of {} were dropped: it is rescanned", self.source.folder.display());
            self.faults.push(Fault::Overflow);
            disk.forget_watches();
            self.mark_all();
            return all;
        }
        paths.into_iter().fold(EventEffect::default(), |effect, path| {
            effect.and(self.on_path_event(&path, when, is_leaving))
        })
    }

    fn on_path_event(&mut self, path: &Path, when: When, is_leaving: bool) -> EventEffect {
        let Some(disk) = &mut self.disk else { return EventEffect::default() };
        let Traced { places, leads_elsewhere, affects_settings } = disk.trace_event(path, is_leaving);
        let affects_settings = affects_settings || self.resolved.source.link.as_deref() == Some(path);
        if leads_elsewhere {
            tracing::info!("{} may have a new target, which is scanned", path.display());
            self.faults.push(Fault::Link);
        }
        let matters = !places.is_empty();
        for place in places {
            self.mark(place, when);
        }
        EventEffect { matters, settings: affects_settings.then_some(when) }
    }

    fn postpone(&mut self, late: Late) {
        match self.backlog.len() {
            0..BACKLOG => self.backlog.push(late),
            _ => self.mark_all(),
        }
    }

    /// The time of the next action.
    pub(super) fn next_due(&self) -> Option<Instant> {
        match self.disk {
            None if self.is_unanswered() => None,
            None => Some(self.progress.deadline(ANSWER_TIMEOUT)),
            Some(_) => self.pending.next_due().into_iter().chain(self.timer.next_due()).min(),
        }
    }

    /// Returns true if it is time for a rescan without an event, and marks everything as pending.
    pub(super) fn sweep(&mut self, now: Instant) -> bool {
        let is_due = !self.is_scanned() && self.timer.is_due(now);
        if is_due {
            self.timer.restart();
            self.mark_all();
        }
        is_due
    }

    /// Starts a scan of the paths that are due. Returns true if there are any.
    pub(super) fn scan_due(&mut self, now: Instant, scanned: &Sender<Scanned>) -> bool {
        if self.is_scanned() {
            return false;
        }
        let due = self.pending.take_due(now);
        !due.is_empty() && self.scan(due, scanned)
    }

    /// Starts a scan of everything.
    pub(super) fn scan_all(&mut self, scanned: &Sender<Scanned>) {
        self.scan(BTreeSet::from([String::new()]), scanned);
    }

    fn scan(&mut self, due: BTreeSet<String>, scanned: &Sender<Scanned>) -> bool {
        let disk = self.disk.take();
        let is_started = disk.is_some();
        if let Some(disk) = disk {
            self.progress.note();
            disk.scan(due, scanned.clone());
        }
        is_started
    }

    /// Takes its disk back after a scan. Returns the effect of the events that arrived meanwhile.
    pub(super) fn take_back(&mut self, mut disk: Box<Disk>) -> EventEffect {
        self.faults.append(&mut disk.take_faults());
        let folder = disk.state();
        if folder.every != self.folder.every {
            self.timer = PollTimer::new(folder.every);
        }
        self.timer.schedule_within(folder.unavailability.is_some().then_some(RETRY));
        (self.folder, self.disk) = (folder, Some(disk));
        if self.progress.take_report() {
            tracing::info!("source {}: its disk answers again", self.source.name);
        }
        let late = std::mem::take(&mut self.backlog);
        late.into_iter().fold(EventEffect::default(), |effect, late| match late {
            Late::Event(event) => effect.and(self.on_event(event)),
            Late::Invalidate(path) => {
                self.invalidate(&path);
                effect
            }
            Late::StartOver => {
                self.start_over();
                effect
            }
        })
    }

    /// Records the time at which posts changed.
    pub(super) fn note_change(&mut self, now: DateTime<Utc>) {
        self.last_change = Some(now);
    }

    /// The way in which it is watched, and its last change.
    pub(super) fn describe(&self) -> Watched {
        Watched { mode: self.folder.mode, last_change: self.last_change }
    }

    /// The faults since the last call.
    pub(super) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// The problem of the folder as a whole, if it is unavailable.
    pub(super) fn problem(&self) -> Option<Problem> {
        let stay = if self.folder.was_found {
            "its posts stay as they were"
        } else {
            "feeds that could hold its posts are not served"
        };
        let message = match self.unavailability() {
            _ if self.is_unanswered() && self.progress.report() => format!(
                "the disk has not answered for {} s: {stay}. Other sources are followed. Check the disk or \
                 the network.",
                ANSWER_TIMEOUT.as_secs()
            ),
            Some(reason) => format!("{reason}: {stay}. {}", reason.advice()),
            None => return None,
        };
        Some(Problem::error(self.resolved.source.reads.display().to_string(), message).without_place())
    }
}
