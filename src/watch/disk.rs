//! The files of one source and the watcher of their changes. A separate thread scans them, so that a disk that does
//! not answer delays no other source.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

use super::network_fs::find_type_without_events;
use super::reconcile::Tracked;
use super::signal::Signal;
use super::watcher::{Failure, FolderWatcher};
use crate::catalog::{Change, Fault};
use crate::config::{self, Watch};

/// Seconds between rescans in addition to events, and between polls without events, by default.
const SWEEP: u32 = 60;
const POLL: u32 = 2;

/// The state of a source that one thread at a time owns.
pub(super) struct Disk {
    /// The files of the source.
    pub(super) tracked: Tracked,
    /// The folders that are watched.
    pub(super) watches: FolderWatcher,
    id: u64,
    signals: Sender<Signal>,
    written: config::Source,
    /// Folders outside the source's own that contain files on which the source depends.
    around: Vec<PathBuf>,
    /// The way of watching: `native`, `poll` or `off`.
    pub(super) how: &'static str,
    /// Seconds between scans without an event.
    pub(super) every: Option<u32>,
    /// The device for which the way of watching was chosen.
    device: Option<u64>,
    pub(super) faults: Vec<Fault>,
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
        tracked: Tracked,
        signals: Sender<Signal>,
    ) -> Self {
        Self {
            tracked,
            watches: FolderWatcher::default(),
            id,
            signals,
            written: written.clone(),
            around: around.to_vec(),
            how: "off",
            every: None,
            device: None,
            faults: Vec::new(),
        }
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
        self.tracked.accept();
    }

    fn reconcile(&mut self, mut due: BTreeSet<String>) -> Vec<Change> {
        let was_unavailable = self.tracked.unavailability().is_some();
        if self.tracked.is_another_folder() {
            due.insert(String::new());
        }
        let is_whole = due.contains("");
        if is_whole {
            self.watch_surroundings();
        }
        let changes = self.tracked.reconcile(&due, &mut self.watches);
        self.faults.extend(self.tracked.take_faults());
        let is_unavailable = self.tracked.unavailability().is_some();
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
        let folder = self.tracked.source.folder.clone();
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
        let folder = &self.tracked.source.folder;
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
        (self.how, self.every) = match self.written.watch {
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
        self.how = "poll";
        let (folder, message) = (self.tracked.source.folder.display(), &failure.message);
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
