//! The files of one source and the watcher of their changes. A separate thread scans them, so that a disk that does
//! not answer delays no other source.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::panic::{self, AssertUnwindSafe};
use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use super::network_fs::find_type_without_events;
use super::reconcile::SourceFiles;
use super::root_guard::Unavailability;
use super::signal::Signal;
use super::watcher::{Failure, FolderWatcher};
use crate::catalog::{Change, Fault};
use crate::config::{self, Watch};
use crate::site::depends_on;

/// Seconds between rescans in addition to events, and between polls without events, by default.
const SWEEP: u32 = 60;
const POLL: u32 = 2;

/// The state of a source that one thread at a time owns.
pub(super) struct Disk {
    files: SourceFiles,
    /// The folders that are watched.
    watches: FolderWatcher,
    id: u64,
    signals: Sender<Signal>,
    written: config::Source,
    /// Folders outside the source's own that contain files on which the source depends.
    around: Vec<PathBuf>,
    /// The way of watching: `native`, `poll` or `off`.
    mode: &'static str,
    /// Seconds between scans without an event.
    every: Option<u32>,
    /// The device for which the way of watching was chosen.
    device: Option<u64>,
    faults: Vec<Fault>,
}

/// The state of a source's folder as a whole after a scan.
#[derive(Debug, Clone, Default)]
pub(super) struct FolderState {
    /// The reason why it is unavailable, if it is.
    pub(super) unavailability: Option<Unavailability>,
    /// True if its posts were read since the start.
    pub(super) was_found: bool,
    /// True if any of its files is a post.
    pub(super) has_posts: bool,
    /// The way of watching: `native`, `poll` or `off`.
    pub(super) mode: &'static str,
    /// Seconds between scans without an event.
    pub(super) every: Option<u32>,
}

/// The effect of an event.
pub(super) struct Traced {
    /// The paths to scan, relative to the root of the source.
    pub(super) places: BTreeSet<String>,
    /// True if a link may have a new target.
    pub(super) leads_elsewhere: bool,
    /// True if the site's settings may have changed.
    pub(super) affects_settings: bool,
}

/// The result of a scan.
pub(super) struct Scanned {
    /// The id of the source's events.
    pub(super) id: u64,
    /// The disk and what changed on it; `None` if the scan panicked.
    pub(super) done: Option<(Box<Disk>, Vec<Change>)>,
    /// The duration of the scan.
    pub(super) took: Duration,
}

impl Disk {
    /// A disk that was not scanned yet. Its events have this `id`.
    pub(super) fn new(
        id: u64,
        written: &config::Source,
        around: &[PathBuf],
        files: SourceFiles,
        signals: Sender<Signal>,
    ) -> Self {
        Self {
            files,
            watches: FolderWatcher::default(),
            id,
            signals,
            written: written.clone(),
            around: around.to_vec(),
            mode: "off",
            every: None,
            device: None,
            faults: Vec::new(),
        }
    }

    /// The files of the source.
    pub(super) fn files(&self) -> &SourceFiles {
        &self.files
    }

    /// The state of the folder after the last scan.
    pub(super) fn state(&self) -> FolderState {
        FolderState {
            unavailability: self.files.unavailability().cloned(),
            was_found: self.files.was_found(),
            has_posts: self.files.has_posts(),
            mode: self.mode,
            every: self.every,
        }
    }

    /// The faults since the last call.
    pub(super) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// Marks a file as stale, whatever its metadata. Returns the paths to scan, relative to the root.
    pub(super) fn invalidate(&mut self, path: &Path) -> Vec<String> {
        let places = self.locate(path);
        for place in &places {
            self.files.invalidate(place);
        }
        places
    }

    /// Records an error of the watcher.
    pub(super) fn note_error(&mut self, error: &notify::Error) {
        self.watches.note_error(error);
    }

    /// Forgets all watches: the next scan requests them from the system again.
    pub(super) fn forget_watches(&mut self) {
        self.watches.forget_all();
    }

    /// The effect of an event at a path. The watches of a path that `is_leaving` are forgotten.
    pub(super) fn trace_event(&mut self, path: &Path, is_leaving: bool) -> Traced {
        let (affected, spelled) = (self.watches.list_affected(path), self.watches.spell(path));
        if is_leaving {
            self.watches.forget(path);
        }
        let is_link = || fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink());
        Traced {
            leads_elsewhere: !affected.is_empty() && is_link(),
            affects_settings: affected.contains("") || spelled.iter().any(|path| self.affects_settings(path)),
            places: spelled.iter().flat_map(|path| self.locate(path)).chain(affected).collect(),
        }
    }

    /// The paths, relative to the root, that a change of a path may affect.
    fn locate(&self, path: &Path) -> Vec<String> {
        let source = self.files.source();
        if source.folder.starts_with(path) {
            return vec![String::new()];
        }
        let below = path.strip_prefix(&source.root).ok().and_then(Path::to_str);
        let Some(below) = below else { return Vec::new() };
        let mut places = self.files.list_enclosing(below);
        if path.starts_with(&source.folder) {
            let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
            if source.dialect.is_leaf(&source.site, file) {
                // It decides the role of all other files in its folder.
                places.push(folder.to_owned());
            } else if source.is_followed(below) || self.files.knows(below) || path.is_dir() {
                places.push(below.to_owned());
            }
        }
        places
    }

    /// Returns true if the site's configuration may depend on a path.
    fn affects_settings(&self, path: &Path) -> bool {
        let source = self.files.source();
        let below = path.strip_prefix(&source.root).ok().and_then(Path::to_str);
        // A folder that appears or disappears may contain such files.
        below.is_some_and(|below| {
            depends_on(source, below)
                || (source.dialect.spec().data_files.is_some() && !source.is_post(below) && !path.is_file())
        })
    }

    /// Scans paths, or everything if one of them is empty, in a separate thread, which sends the result to `scanned`.
    pub(super) fn scan(self: Box<Self>, due: BTreeSet<String>, scanned: Sender<Scanned>) {
        let (id, signals) = (self.id, self.signals.clone());
        let run = move || {
            let started = Instant::now();
            let mut disk = self;
            let changes = panic::catch_unwind(AssertUnwindSafe(|| disk.reconcile(due)));
            let done = changes.ok().map(|changes| (disk, changes));
            // A writer that ended meanwhile needs no result.
            let _ = scanned.send(Scanned { id, done, took: started.elapsed() });
            let _ = signals.send(Signal::Scanned);
        };
        if let Err(error) = thread::Builder::new().name("scan".to_owned()).spawn(run) {
            // The writer starts from the beginning after a pause.
            panic!("a thread for a scan cannot be started: {error}");
        }
    }

    /// Sets up the watches from scratch at the next scan. An unavailable folder is accepted as it is.
    pub(super) fn start_over(&mut self) {
        self.device = None;
        self.files.accept();
    }

    fn reconcile(&mut self, mut due: BTreeSet<String>) -> Vec<Change> {
        let was_unavailable = self.files.unavailability().is_some();
        if self.files.is_another_folder() {
            due.insert(String::new());
        }
        let is_whole = due.contains("");
        if is_whole {
            self.watch_surroundings();
        }
        let changes = self.files.reconcile(&due, &mut self.watches);
        self.faults.extend(self.files.take_faults());
        let is_unavailable = self.files.unavailability().is_some();
        if is_unavailable && !was_unavailable {
            // Watches of a removed folder may send no events, even if the folder looks the same when it is back.
            self.watches.forget_all();
            self.watch_surroundings();
        } else if is_whole && !is_unavailable {
            self.watches.end();
        }
        if let Some(failure) = self.watches.take_failure() {
            self.fall_back(&failure);
        }
        changes
    }

    /// Watches the links that lead to the folder, and the folders of the site's configuration.
    fn watch_surroundings(&mut self) {
        let folder = self.files.source().folder.clone();
        let device = fs::metadata(&folder).ok().map(|metadata| metadata.dev());
        if self.device.is_none() || (device.is_some() && device != self.device) {
            // A missing folder is awaited on the file system that is mounted there now.
            self.device = device.or(Some(0));
            self.start_watching();
        }
        self.watches.begin();
        self.watches.anchor(&folder, "");
        for folder in &self.around {
            self.watches.add(folder);
        }
    }

    /// Chooses between events and polling.
    fn start_watching(&mut self) {
        self.watches = FolderWatcher::default();
        let folder = &self.files.source().folder;
        let is_native = match self.written.watch {
            Watch::Off | Watch::Poll => false,
            Watch::Native => true,
            Watch::Auto => match find_type_without_events(folder) {
                Some(kind) => {
                    let folder = folder.display();
                    tracing::warn!("{folder} is on {kind}, which reports no changes: it is polled");
                    self.faults.push(Fault::NoEvents);
                    false
                }
                None => true,
            },
        };
        (self.mode, self.every) = match self.written.watch {
            Watch::Off => ("off", None),
            _ if is_native => ("native", Some(self.written.sweep.unwrap_or(SWEEP))),
            _ => ("poll", Some(self.written.poll.unwrap_or(POLL))),
        };
        if is_native {
            match FolderWatcher::start(self.id, self.signals.clone()) {
                Ok(watches) => self.watches = watches,
                Err(error) => self.fall_back(&Failure { is_limit: true, message: error.to_string() }),
            }
        }
    }

    /// Continues without events.
    fn fall_back(&mut self, failure: &Failure) {
        self.watches = FolderWatcher::default();
        self.mode = "poll";
        let (folder, message) = (self.files.source().folder.display(), &failure.message);
        if failure.is_limit {
            self.faults.push(Fault::Limit);
        }
        if self.written.watch == Watch::Native {
            tracing::error!("{folder} cannot be watched any more: {message}. It is only rescanned");
        } else {
            tracing::warn!("{folder} cannot be watched any more, it is polled instead: {message}");
            self.every = Some(self.written.poll.unwrap_or(POLL));
        }
    }
}
