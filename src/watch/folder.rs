//! One source that is followed: its pending paths, and when they are reconciled.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use notify::Event;

use super::disk::{Disk, Scanned};
use super::events::{self, When};
use super::pending_paths::PendingPaths;
use super::poll_timer::PollTimer;
use super::progress::Progress;
use super::reconcile::Tracked;
use super::root_guard::Unavailability;
use super::signal::Signal;
use super::watcher::FolderWatcher;
use crate::catalog::{Fault, Watched};
use crate::config::{self, Problem};
use crate::post::Source;
use crate::site::Surveyor;
use crate::site::{Survey, depends_on};

/// The longest time between two checks of an unavailable folder.
const RETRY: Duration = Duration::from_secs(2);

/// The time without an answer of the disk, during a scan, after which the disk is reported.
const UNANSWERED: Duration = Duration::from_secs(10);

/// Events that are kept during a scan; if there are more, everything is scanned again.
const BACKLOG: usize = 10_000;

/// A source that is followed.
pub(super) struct Folder {
    id: u64,
    pub(super) source: Arc<Source>,
    /// The result of its survey.
    pub(super) survey: Survey,
    written: config::Source,
    /// `None` while a thread scans it.
    disk: Option<Box<Disk>>,
    /// The last answer of the disk.
    progress: Progress,
    /// Events and requests during a scan.
    backlog: Vec<Late>,
    known: State,
    pub(super) surveyor: Surveyor,
    pending: PendingPaths,
    timer: PollTimer,
    last_change: Option<DateTime<Utc>>,
    faults: Vec<Fault>,
}

/// The state of the folder as a whole after the last scan.
#[derive(Debug, Clone, Default)]
struct State {
    unavailability: Option<Unavailability>,
    was_found: bool,
    has_posts: bool,
    how: &'static str,
    every: Option<u32>,
}

/// An event or a request during a scan.
enum Late {
    Event(notify::Result<Event>),
    Invalidate(PathBuf),
    StartOver,
}

/// The effect of an event.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct EventEffect {
    /// True if a path is pending now.
    pub(super) matters: bool,
    /// Set if the site's configuration may have changed and must be read again.
    pub(super) rules: Option<When>,
}

impl EventEffect {
    fn and(self, other: Self) -> Self {
        let rules = [self.rules, other.rules];
        let now = rules.into_iter().flatten().find(|when| *when == When::Now);
        Self { matters: self.matters || other.matters, rules: now.or(self.rules).or(other.rules) }
    }
}

impl Folder {
    /// A source that is followed from now on and was not scanned yet.
    pub(super) fn new(
        written: &config::Source,
        survey: Survey,
        tracked: Tracked,
        signals: Sender<Signal>,
    ) -> Self {
        let id = FolderWatcher::next_id();
        let source = Arc::clone(&tracked.source);
        let progress = tracked.progress.clone();
        let disk = Disk::new(id, written, &survey.found.around, tracked, signals);
        Self {
            id,
            source,
            survey,
            written: written.clone(),
            disk: Some(Box::new(disk)),
            progress,
            backlog: Vec::new(),
            known: State { how: "off", ..State::default() },
            surveyor: Surveyor::default(),
            pending: PendingPaths::default(),
            timer: PollTimer::new(None),
            last_change: None,
            faults: Vec::new(),
        }
    }

    /// Returns true if a source is configured with the same path and dialect as this one.
    pub(super) fn is_followed_as(&self, written: &config::Source) -> bool {
        self.written.path == written.path && self.written.dialect == written.dialect
    }

    /// The state of its files, unless a thread scans them.
    pub(super) fn tracked(&self) -> Option<&Tracked> {
        self.disk.as_ref().map(|disk| &disk.tracked)
    }

    /// The reason why the folder was unavailable at the last scan, if it was.
    pub(super) fn unavailability(&self) -> Option<&Unavailability> {
        self.known.unavailability.as_ref()
    }

    /// Returns true if its posts were read since the start.
    pub(super) fn was_found(&self) -> bool {
        self.known.was_found
    }

    /// Returns true if any of its files is a post.
    pub(super) fn has_posts(&self) -> bool {
        self.known.has_posts
    }

    /// Returns true while a thread scans it.
    pub(super) fn is_scanned(&self) -> bool {
        self.disk.is_none()
    }

    /// Returns true if its disk has not answered for so long that it may never answer.
    pub(super) fn is_unanswered(&self) -> bool {
        self.is_scanned() && self.progress.deadline(UNANSWERED) <= Instant::now()
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
    pub(super) fn mark_all(&mut self) {
        self.pending.mark_now(String::new(), Instant::now());
    }

    /// Marks a file as stale, whatever its metadata.
    pub(super) fn invalidate(&mut self, path: &Path) {
        if self.disk.is_none() {
            return self.postpone(Late::Invalidate(path.to_owned()));
        }
        for path in self.locate(path) {
            if let Some(disk) = &mut self.disk {
                disk.tracked.invalidate(&path);
            }
            self.pending.mark_now(path, Instant::now());
        }
    }

    /// Returns true if events with this id come from its watcher.
    pub(super) fn has_id(&self, id: u64) -> bool {
        self.id == id
    }

    /// Receives an event of its watcher.
    pub(super) fn on_event(&mut self, event: notify::Result<Event>) -> EventEffect {
        let all = EventEffect { matters: true, rules: Some(When::Now) };
        let Some(disk) = &mut self.disk else {
            self.postpone(Late::Event(event));
            // It counts as part of a burst. Its effect is determined after the scan.
            return EventEffect { matters: true, rules: None };
        };
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                disk.watches.note_error(&error);
                self.mark_all();
                return all;
            }
        };
        let is_leaving = events::is_leaving(&event);
        let Some((when, paths)) = events::read(event) else { return EventEffect::default() };
        if paths.is_empty() {
            tracing::warn!("events of {} were dropped: it is rescanned", self.source.folder.display());
            self.faults.push(Fault::Overflow);
            disk.watches.forget_all();
            self.mark_all();
            return all;
        }
        paths.into_iter().fold(EventEffect::default(), |effect, path| {
            effect.and(self.on_path_event(&path, when, is_leaving))
        })
    }

    fn on_path_event(&mut self, path: &Path, when: When, is_leaving: bool) -> EventEffect {
        let mut effect = EventEffect::default();
        let Some(disk) = &mut self.disk else { return effect };
        let affected = disk.watches.list_affected(path);
        let spelled = disk.watches.spell(path);
        if is_leaving {
            disk.watches.forget(path);
        }
        if affected.contains("")
            || self.survey.found.link.as_deref() == Some(path)
            || spelled.iter().any(|path| self.affects_settings(path))
        {
            effect.rules = Some(when);
        }
        if !affected.is_empty() && fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
            tracing::info!("{} may have a new target, which is scanned", path.display());
            self.faults.push(Fault::Link);
        }
        let places = spelled.iter().flat_map(|path| self.locate(path));
        for place in places.chain(affected).collect::<BTreeSet<String>>() {
            effect.matters = true;
            match when {
                When::Now => self.pending.mark_now(place, Instant::now()),
                When::Soon => self.pending.mark_soon(place, Instant::now()),
            }
        }
        effect
    }

    fn postpone(&mut self, late: Late) {
        match self.backlog.len() {
            0..BACKLOG => self.backlog.push(late),
            _ => self.mark_all(),
        }
    }

    /// The paths, relative to the root, that a change of a path may affect.
    fn locate(&self, path: &Path) -> Vec<String> {
        let source = &self.source;
        if source.folder.starts_with(path) {
            return vec![String::new()];
        }
        let below = path.strip_prefix(&source.root).ok().and_then(Path::to_str);
        let (Some(below), Some(tracked)) = (below, self.tracked()) else { return Vec::new() };
        let mut places = tracked.list_enclosing(below);
        if path.starts_with(&source.folder) {
            let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
            if source.dialect.is_leaf(&source.site, file) {
                // It decides the role of all other files in its folder.
                places.push(folder.to_owned());
            } else if source.is_followed(below) || tracked.knows(below) || path.is_dir() {
                places.push(below.to_owned());
            }
        }
        places
    }

    /// Returns true if the site's configuration may depend on a path.
    fn affects_settings(&self, path: &Path) -> bool {
        let source = &self.source;
        let below = path.strip_prefix(&source.root).ok().and_then(Path::to_str);
        // A folder that appears or disappears may contain such files.
        below.is_some_and(|below| {
            depends_on(source, below)
                || (source.dialect.data_files().is_some() && !source.is_post(below) && !path.is_file())
        })
    }

    /// The time of the next action.
    pub(super) fn next_due(&self) -> Option<Instant> {
        match self.disk {
            None if self.is_unanswered() => None,
            None => Some(self.progress.deadline(UNANSWERED)),
            Some(_) => self.pending.next_due().into_iter().chain(self.timer.next).min(),
        }
    }

    /// Returns true if it is time for a rescan without an event, and marks everything as pending.
    pub(super) fn is_swept(&mut self, now: Instant) -> bool {
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
        self.faults.append(&mut disk.faults);
        let tracked = &disk.tracked;
        let known = State {
            unavailability: tracked.unavailability().cloned(),
            was_found: tracked.was_found(),
            has_posts: tracked.has_posts(),
            how: disk.how,
            every: disk.every,
        };
        if known.every != self.known.every {
            self.timer = PollTimer::new(known.every);
        }
        self.timer.schedule_within(known.unavailability.is_some().then_some(RETRY));
        (self.known, self.disk) = (known, Some(disk));
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
        Watched { how: self.known.how, last_change: self.last_change }
    }

    /// The faults since the last call.
    pub(super) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// The problem of the folder as a whole, if it is unavailable.
    pub(super) fn problem(&self) -> Option<Problem> {
        let stay = if self.known.was_found {
            "its posts stay as they were"
        } else {
            "feeds that could hold its posts are not served"
        };
        let message = match self.unavailability() {
            _ if self.is_unanswered() && self.progress.report() => format!(
                "the disk has not answered for {} s: {stay}. Other sources are followed. Check the disk or \
                 the network.",
                UNANSWERED.as_secs()
            ),
            Some(reason) => format!("{reason}: {stay}. {}", reason.advice()),
            None => return None,
        };
        Some(Problem::error(self.survey.found.reads.display().to_string(), message).without_place())
    }
}
