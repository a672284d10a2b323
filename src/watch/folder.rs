//! One source as it is followed: its files, how changes of them are heard of, and when they are looked at.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use notify::Event;

use super::dirty::Dirty;
use super::events::{self, When};
use super::mounts::find_silent;
use super::reconcile::Tracked;
use super::rhythm::Rhythm;
use super::signal::Signal;
use super::survey::{Survey, depends_on};
use super::watches::{Failure, Watches};
use crate::catalog::{Change, Fault, Watched};
use crate::config::{self, Problem, Watch};

/// Seconds between sweeps beside events, and between looks without events, where nothing else is written.
const SWEEP: u32 = 60;
const POLL: u32 = 2;

/// How often a folder that is lost is looked for, at least.
const LOST: Duration = Duration::from_secs(2);

/// A source that is followed.
pub(super) struct Folder {
    /// Its files.
    pub(super) tracked: Tracked,
    /// What it was found to be.
    pub(super) survey: Survey,
    written: config::Source,
    signals: Sender<Signal>,
    watches: Watches,
    how: &'static str,
    /// The device that the way of watching was chosen for.
    device: Option<u64>,
    dirty: Dirty,
    rhythm: Rhythm,
    last_change: Option<DateTime<Utc>>,
    faults: Vec<Fault>,
}

/// What an event meant.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Heard {
    /// Something is to be looked at.
    pub(super) matters: bool,
    /// What the site says of itself may be another, and its writer is done with it or not yet.
    pub(super) rules: Option<When>,
}

impl Folder {
    /// A source that is followed from now on; nothing was read yet.
    pub(super) fn new(
        written: &config::Source,
        survey: Survey,
        tracked: Tracked,
        signals: Sender<Signal>,
    ) -> Self {
        Self {
            tracked,
            survey,
            written: written.clone(),
            signals,
            watches: Watches::default(),
            how: "off",
            device: None,
            dirty: Dirty::default(),
            rhythm: Rhythm::new(None),
            last_change: None,
            faults: Vec::new(),
        }
    }

    /// Whether it is the folder of a source as it is written.
    pub(super) fn is_followed_as(&self, written: &config::Source) -> bool {
        self.written.path == written.path && self.written.dialect == written.dialect
    }

    /// Chooses how changes are heard of.
    fn start_watching(&mut self) {
        self.watches = Watches::default();
        let folder = &self.tracked.source.folder;
        let is_native = match self.written.watch {
            Watch::Off | Watch::Poll => false,
            Watch::Native => true,
            Watch::Auto => match find_silent(folder) {
                Some(kind) => {
                    let folder = folder.display();
                    tracing::warn!("{folder} lies on {kind}, which tells of no changes: it is polled");
                    self.faults.push(Fault::Silent);
                    false
                }
                None => true,
            },
        };
        let sweep = self.written.sweep.unwrap_or(SWEEP);
        let (how, every) = match self.written.watch {
            Watch::Off => ("off", None),
            _ if is_native => ("native", Some(sweep)),
            _ => ("poll", Some(self.written.poll.unwrap_or(POLL))),
        };
        (self.how, self.rhythm) = (how, Rhythm::new(every));
        if is_native {
            match Watches::start(self.signals.clone()) {
                Ok(watches) => self.watches = watches,
                Err(error) => self.fall_back(&Failure { is_limit: true, message: error.to_string() }),
            }
        }
    }

    /// Goes on without events.
    fn fall_back(&mut self, failure: &Failure) {
        self.watches = Watches::default();
        self.how = "poll";
        let (folder, message) = (self.tracked.source.folder.display(), &failure.message);
        if failure.is_limit {
            self.faults.push(Fault::Limit);
        }
        if self.written.watch == Watch::Native {
            tracing::error!("{folder} can't be watched any more: {message}. It is swept only");
        } else {
            tracing::warn!("{folder} can't be watched any more, it is polled instead: {message}");
            self.rhythm = Rhythm::new(Some(self.written.poll.unwrap_or(POLL)));
        }
    }

    /// Forgets what is watched and how: the next look begins anew. A folder that is taken for lost is taken
    /// as it is.
    pub(super) fn start_over(&mut self) {
        self.device = None;
        self.tracked.accept();
        self.mark_all();
    }

    /// Everything is looked at as soon as possible.
    pub(super) fn mark_all(&mut self) {
        self.dirty.mark_now(String::new(), Instant::now());
    }

    /// A file is not what the catalog knows, whatever its metadata says.
    pub(super) fn doubt(&mut self, path: &Path) {
        for path in self.locate(path) {
            self.tracked.doubt(&path);
            self.dirty.mark_now(path, Instant::now());
        }
    }

    /// Whether a signal comes from its watches.
    pub(super) fn has_id(&self, id: u64) -> bool {
        self.watches.has_id(id)
    }

    /// Takes in what its watches tell.
    pub(super) fn hear(&mut self, event: notify::Result<Event>) -> Heard {
        let all = Heard { matters: true, rules: Some(When::Now) };
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                self.watches.note_error(&error);
                self.mark_all();
                return all;
            }
        };
        let is_leaving = events::is_leaving(&event);
        let Some((when, paths)) = events::read(event) else { return Heard::default() };
        if paths.is_empty() {
            tracing::warn!("events of {} were lost: it is looked at", self.tracked.source.folder.display());
            self.faults.push(Fault::Overflow);
            self.watches.forget_all();
            self.mark_all();
            return all;
        }
        let mut heard = Heard::default();
        for path in paths {
            let led = self.watches.list_led(&path);
            let spelled = self.watches.spell(&path);
            if is_leaving {
                self.watches.forget(&path);
            }
            if led.contains("") || spelled.iter().any(|path| self.is_ruling(path)) {
                heard.rules = Some(when);
            }
            if !led.is_empty() && fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_symlink()) {
                tracing::info!("{} may lead elsewhere: what lies behind it is looked at", path.display());
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
        }
        heard
    }

    /// The paths, relative to the root, that something which happened to a path can matter for.
    fn locate(&self, path: &Path) -> Vec<String> {
        let source = &self.tracked.source;
        if source.folder.starts_with(path) {
            return vec![String::new()];
        }
        let Some(below) = path.strip_prefix(&source.root).ok().and_then(Path::to_str) else {
            return Vec::new();
        };
        let mut places = self.tracked.list_enclosing(below);
        if path.starts_with(&source.folder) {
            let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
            if (source.rules.is_leaf)(source, file) {
                // It decides what all else in its folder is.
                places.push(folder.to_owned());
            } else if source.is_post(below) || self.tracked.knows(below) || path.is_dir() {
                places.push(below.to_owned());
            }
        }
        places
    }

    /// Whether what a site says of itself may depend on a path.
    fn is_ruling(&self, path: &Path) -> bool {
        let source = &self.tracked.source;
        let below = path.strip_prefix(&source.root).ok().and_then(Path::to_str);
        // A folder that comes or goes may hold such files.
        below.is_some_and(|below| {
            depends_on(source, below)
                || (source.rules.data.is_some() && !source.is_post(below) && !path.is_file())
        })
    }

    /// When there is something to do next.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.dirty.next_due().into_iter().chain(self.rhythm.next).min()
    }

    /// Whether it is time for a look at everything without an event; then everything is marked.
    pub(super) fn is_swept(&mut self, now: Instant) -> bool {
        let is_due = self.rhythm.is_due(now);
        if is_due {
            self.rhythm.restart();
            self.mark_all();
        }
        is_due
    }

    /// Looks at what is due; `None`: nothing is.
    pub(super) fn look_at_due(&mut self, now: Instant) -> Option<Vec<Change>> {
        let due = self.dirty.take_due(now);
        (!due.is_empty()).then(|| self.look(due))
    }

    /// Looks at everything.
    pub(super) fn look_at_all(&mut self) -> Vec<Change> {
        self.look(BTreeSet::from([String::new()]))
    }

    fn look(&mut self, mut due: BTreeSet<String>) -> Vec<Change> {
        let was_lost = self.tracked.loss().is_some();
        if self.tracked.is_another_folder() {
            due.insert(String::new());
        }
        let is_whole = due.contains("");
        if is_whole {
            self.watch_surroundings();
        }
        let changes = self.tracked.reconcile(&due, &mut self.watches);
        self.faults.extend(self.tracked.take_faults());
        let is_lost = self.tracked.loss().is_some();
        if is_lost && !was_lost {
            // What was watched may never tell anything again, though it looks the same when it is back.
            self.watches.forget_all();
            self.watch_surroundings();
        } else if is_whole && !is_lost {
            self.watches.end();
        }
        if let Some(failure) = self.watches.take_failure() {
            self.fall_back(&failure);
        }
        self.rhythm.hasten(is_lost.then_some(LOST));
        changes
    }

    /// Watches what decides where the folder lies and what the site says of itself.
    fn watch_surroundings(&mut self) {
        let folder = self.tracked.source.folder.clone();
        let device = fs::metadata(&folder).ok().map(|metadata| metadata.dev());
        if self.device.is_none() || (device.is_some() && device != self.device) {
            // A folder that is still missing is waited for on whatever lies there now.
            self.device = device.or(Some(0));
            self.start_watching();
        }
        self.watches.begin();
        self.watches.anchor(&folder, "");
        for folder in &self.survey.found.around {
            self.watches.add(folder);
        }
    }

    /// Notes that posts changed.
    pub(super) fn note_change(&mut self, now: DateTime<Utc>) {
        self.last_change = Some(now);
    }

    /// How it is followed.
    pub(super) fn describe(&self) -> Watched {
        Watched { how: self.how, last_change: self.last_change }
    }

    /// What went wrong since this was asked last.
    pub(super) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// What is to be told of the folder as a whole, if it is lost.
    pub(super) fn problem(&self) -> Option<Problem> {
        let loss = self.tracked.loss()?;
        let stay = if self.tracked.was_found() {
            "its posts stay as they were"
        } else {
            "feeds that could hold its posts are not served"
        };
        let folder = self.survey.found.reads.display().to_string();
        Some(Problem::error(folder, format!("{loss}: {stay}. {}", loss.advice())))
    }
}
