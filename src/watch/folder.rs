//! One source as it is followed: which of its paths are pending, and when they are compared with the disk.

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
use super::reconcile::Tracked;
use super::root_guard::Unavailability;
use super::signal::Signal;
use super::survey::{Survey, depends_on};
use super::surveyor::Surveyor;
use super::watcher::FolderWatcher;
use crate::catalog::{Fault, Watched};
use crate::config::{self, Problem};
use crate::post::Source;

/// How often an unavailable folder is looked for, at least.
const LOST: Duration = Duration::from_secs(2);

/// How long a disk may take for a scan before that is reported.
const UNANSWERED: Duration = Duration::from_secs(10);

/// Events that are kept during a scan; if there are more, everything is scanned again.
const BACKLOG: usize = 10_000;

/// A source that is followed.
pub(super) struct Folder {
    id: u64,
    /// The source.
    pub(super) source: Arc<Source>,
    /// What it was found to be.
    pub(super) survey: Survey,
    written: config::Source,
    /// `None` while a thread scans it.
    disk: Option<Box<Disk>>,
    /// When that scan started.
    scanning: Option<Instant>,
    /// What happened meanwhile.
    backlog: Vec<Late>,
    known: State,
    pub(super) surveyor: Surveyor,
    dirty: PendingPaths,
    rhythm: PollTimer,
    last_change: Option<DateTime<Utc>>,
    faults: Vec<Fault>,
}

/// What the last scan found of the folder as a whole.
#[derive(Debug, Clone, Default)]
struct State {
    loss: Option<Unavailability>,
    was_found: bool,
    has_posts: bool,
    how: &'static str,
    every: Option<u32>,
}

/// What happens to a folder while it is scanned.
enum Late {
    Event(notify::Result<Event>),
    Doubt(PathBuf),
    StartOver,
}

/// What an event meant.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct EventEffect {
    /// Something is pending.
    pub(super) matters: bool,
    /// The site's configuration may be another, and its writer is done with it or not yet.
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
    /// A source that is followed from now on; nothing was read yet.
    pub(super) fn new(
        written: &config::Source,
        survey: Survey,
        tracked: Tracked,
        signals: Sender<Signal>,
    ) -> Self {
        let id = FolderWatcher::next_id();
        let source = Arc::clone(&tracked.source);
        let disk = Disk::new(id, written, &survey.found.around, tracked, signals);
        Self {
            id,
            source,
            survey,
            written: written.clone(),
            disk: Some(Box::new(disk)),
            scanning: None,
            backlog: Vec::new(),
            known: State { how: "off", ..State::default() },
            surveyor: Surveyor::default(),
            dirty: PendingPaths::default(),
            rhythm: PollTimer::new(None),
            last_change: None,
            faults: Vec::new(),
        }
    }

    /// Whether it is the folder of a source as it is written.
    pub(super) fn is_followed_as(&self, written: &config::Source) -> bool {
        self.written.path == written.path && self.written.dialect == written.dialect
    }

    /// Its files, unless a thread scans them.
    pub(super) fn tracked(&self) -> Option<&Tracked> {
        self.disk.as_ref().map(|disk| &disk.tracked)
    }

    /// Why the folder is unavailable, if it was at the last scan.
    pub(super) fn unavailability(&self) -> Option<&Unavailability> {
        self.known.loss.as_ref()
    }

    /// Whether its posts were read since the start.
    pub(super) fn was_found(&self) -> bool {
        self.known.was_found
    }

    /// Whether any of its files is a post.
    pub(super) fn has_posts(&self) -> bool {
        self.known.has_posts
    }

    /// Whether a thread scans it.
    pub(super) fn is_scanned(&self) -> bool {
        self.disk.is_none()
    }

    /// Whether its disk has not answered for so long that it may never do.
    pub(super) fn is_unanswered(&self) -> bool {
        self.scanning.is_some_and(|since| since.elapsed() >= UNANSWERED)
    }

    /// Scans everything as soon as possible, and compares the watches from scratch. A folder that is
    /// unavailable is taken as it is.
    pub(super) fn start_over(&mut self) {
        match &mut self.disk {
            Some(disk) => disk.start_over(),
            None => self.backlog.push(Late::StartOver),
        }
        self.mark_all();
    }

    /// Everything is pending.
    pub(super) fn mark_all(&mut self) {
        self.dirty.mark_now(String::new(), Instant::now());
    }

    /// A file is not what the catalog knows, whatever its metadata says.
    pub(super) fn invalidate(&mut self, path: &Path) {
        if self.disk.is_none() {
            return self.postpone(Late::Doubt(path.to_owned()));
        }
        for path in self.locate(path) {
            if let Some(disk) = &mut self.disk {
                disk.tracked.invalidate(&path);
            }
            self.dirty.mark_now(path, Instant::now());
        }
    }

    /// Whether a signal comes from its watches.
    pub(super) fn has_id(&self, id: u64) -> bool {
        self.id == id
    }

    /// Receives an event of its watches.
    pub(super) fn on_event(&mut self, event: notify::Result<Event>) -> EventEffect {
        let all = EventEffect { matters: true, rules: Some(When::Now) };
        let Some(disk) = &mut self.disk else {
            self.postpone(Late::Event(event));
            // It counts as part of a burst: what it means is found after the scan.
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
        paths.into_iter().fold(EventEffect::default(), |heard, path| {
            heard.and(self.on_path_event(&path, when, is_leaving))
        })
    }

    fn on_path_event(&mut self, path: &Path, when: When, is_leaving: bool) -> EventEffect {
        let mut heard = EventEffect::default();
        let Some(disk) = &mut self.disk else { return heard };
        let led = disk.watches.list_led(path);
        let spelled = disk.watches.spell(path);
        if is_leaving {
            disk.watches.forget(path);
        }
        if led.contains("")
            || self.survey.found.link.as_deref() == Some(path)
            || spelled.iter().any(|path| self.affects_settings(path))
        {
            heard.rules = Some(when);
        }
        if !led.is_empty() && fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink()) {
            tracing::info!("{} may lead elsewhere: what lies behind it is scanned", path.display());
            self.faults.push(Fault::Link);
        }
        let places = spelled.iter().flat_map(|path| self.locate(path));
        for place in places.chain(led).collect::<BTreeSet<String>>() {
            heard.matters = true;
            match when {
                When::Now => self.dirty.mark_now(place, Instant::now()),
                When::Soon => self.dirty.mark_soon(place, Instant::now()),
            }
        }
        heard
    }

    fn postpone(&mut self, late: Late) {
        match self.backlog.len() {
            0..BACKLOG => self.backlog.push(late),
            _ => self.mark_all(),
        }
    }

    /// The paths, relative to the root, that something which happened to a path can matter for.
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
            if (source.rules.is_leaf)(source, file) {
                // It decides what all else in its folder is.
                places.push(folder.to_owned());
            } else if source.is_followed(below) || tracked.knows(below) || path.is_dir() {
                places.push(below.to_owned());
            }
        }
        places
    }

    /// Whether the site's configuration may depend on a path.
    fn affects_settings(&self, path: &Path) -> bool {
        let source = &self.source;
        let below = path.strip_prefix(&source.root).ok().and_then(Path::to_str);
        // A folder that comes or goes may hold such files.
        below.is_some_and(|below| {
            depends_on(source, below)
                || (source.rules.data.is_some() && !source.is_post(below) && !path.is_file())
        })
    }

    /// When there is something to do next.
    pub(super) fn next_due(&self) -> Option<Instant> {
        match self.scanning {
            Some(_) if self.is_unanswered() => None,
            Some(since) => Some(since + UNANSWERED),
            None => self.dirty.next_due().into_iter().chain(self.rhythm.next).min(),
        }
    }

    /// Whether it is time for a rescan without an event; then everything is pending.
    pub(super) fn is_swept(&mut self, now: Instant) -> bool {
        let is_due = !self.is_scanned() && self.rhythm.is_due(now);
        if is_due {
            self.rhythm.restart();
            self.mark_all();
        }
        is_due
    }

    /// Starts a scan of the paths that are due. Gives whether there are any.
    pub(super) fn scan_due(&mut self, now: Instant, scanned: &Sender<Scanned>) -> bool {
        if self.is_scanned() {
            return false;
        }
        let due = self.dirty.take_due(now);
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
            self.scanning = Some(Instant::now());
            disk.scan(due, scanned.clone());
        }
        is_started
    }

    /// Takes its disk back after a scan. Gives what changed, and what happened meanwhile.
    pub(super) fn take_back(&mut self, mut disk: Box<Disk>) -> EventEffect {
        let was_unanswered = self.is_unanswered();
        self.faults.append(&mut disk.faults);
        let tracked = &disk.tracked;
        let known = State {
            loss: tracked.unavailability().cloned(),
            was_found: tracked.was_found(),
            has_posts: tracked.has_posts(),
            how: disk.how,
            every: disk.every,
        };
        if known.every != self.known.every {
            self.rhythm = PollTimer::new(known.every);
        }
        self.rhythm.schedule_within(known.loss.is_some().then_some(LOST));
        (self.known, self.disk, self.scanning) = (known, Some(disk), None);
        if was_unanswered {
            tracing::info!("source {}: its disk answers again", self.source.name);
        }
        let late = std::mem::take(&mut self.backlog);
        late.into_iter().fold(EventEffect::default(), |heard, late| match late {
            Late::Event(event) => heard.and(self.on_event(event)),
            Late::Doubt(path) => {
                self.invalidate(&path);
                heard
            }
            Late::StartOver => {
                self.start_over();
                heard
            }
        })
    }

    /// Notes that posts changed.
    pub(super) fn note_change(&mut self, now: DateTime<Utc>) {
        self.last_change = Some(now);
    }

    /// How it is followed.
    pub(super) fn describe(&self) -> Watched {
        Watched { how: self.known.how, last_change: self.last_change }
    }

    /// What went wrong since the last call.
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
            _ if self.is_unanswered() => format!(
                "the disk has not answered for {} s: {stay}. Other sources are followed. Check the disk or \
                 the network.",
                UNANSWERED.as_secs()
            ),
            Some(loss) => format!("{loss}: {stay}. {}", loss.advice()),
            None => return None,
        };
        Some(Problem::error(self.survey.found.reads.display().to_string(), message))
    }
}
