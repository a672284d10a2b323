//! Watches the folders of a source: each before it is read, whatever path leads to it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::Sender;

use notify::{ErrorKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::events;
use super::signal::Signal;
use super::symlinks::{Step, trace};

/// The identity of a folder, whatever path leads to it: device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    pub(crate) device: u64,
    inode: u64,
}

impl Identity {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }
}

/// The reason why a source cannot be watched any more.
#[derive(Debug)]
pub(crate) struct Failure {
    /// True if the system has no more watches.
    pub(crate) is_limit: bool,
    /// The message of the system.
    pub(crate) message: String,
}

/// The watched folders of one source. Without a watcher it keeps nothing.
#[derive(Debug, Default)]
pub(crate) struct FolderWatcher {
    id: u64,
    watcher: Option<RecommendedWatcher>,
    /// The paths for which watches were requested: an event names one of the paths of its folder.
    folders: HashMap<PathBuf, Identity>,
    spellings: HashMap<Identity, Vec<PathBuf>>,
    /// Names in watched folders that decide where links lead, with the paths to scan when they change, relative to
    /// the source's root; empty: everything.
    anchors: HashMap<(Identity, OsString), BTreeSet<String>>,
    /// The folders that the current full scan visited.
    visited: HashSet<PathBuf>,
    failure: Option<Failure>,
}

impl FolderWatcher {
    /// A new id for the events of one source or file.
    pub(crate) fn next_id() -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }

    /// A watcher whose events have this `id` and are sent to `signals`.
    ///
    /// # Errors
    /// The error of the system, for example that there are too many watchers.
    pub(super) fn start(id: u64, signals: Sender<Signal>) -> notify::Result<Self> {
        let watcher = Some(events::start(id, signals)?);
        Ok(Self { id, watcher, ..Self::default() })
    }

    /// Returns true if events with this id come from this watcher.
    pub(crate) fn has_id(&self, id: u64) -> bool {
        self.watcher.is_some() && self.id == id
    }

    /// Begins a full scan.
    pub(crate) fn begin(&mut self) {
        self.visited.clear();
        self.anchors.clear();
    }

    /// Ends a full scan: folders that it did not visit are not watched any more.
    pub(crate) fn end(&mut self) {
        let visited = std::mem::take(&mut self.visited);
        let left: Vec<PathBuf> =
            self.folders.keys().filter(|path| !visited.contains(*path)).cloned().collect();
        for path in left {
            let identity = self.folders.get(&path).copied();
            self.forget_one(&path);
            // One watch may serve several paths.
            let is_needed = identity.is_some_and(|identity| self.spellings.contains_key(&identity));
            if let Some(watcher) = self.watcher.as_mut().filter(|_| !is_needed) {
                // It may be gone already.
                let _ = watcher.unwatch(&path);
            }
        }
    }

    /// Watches a folder, if it exists.
    pub(crate) fn add(&mut self, path: &Path) {
        if self.watcher.is_some()
            && let Ok(metadata) = fs::metadata(path)
        {
            self.enter(path, &metadata);
        }
    }

    /// Watches a folder that is about to be read.
    pub(crate) fn enter(&mut self, path: &Path, metadata: &Metadata) {
        let Some(watcher) = &mut self.watcher else { return };
        self.visited.insert(path.to_owned());
        let identity = Identity::of(metadata);
        if self.failure.is_some() || self.folders.get(path) == Some(&identity) {
            return;
        }
        match watcher.watch(path, RecursiveMode::NonRecursive) {
            Ok(()) => {
                self.forget_one(path);
                self.folders.insert(path.to_owned(), identity);
                self.spellings.entry(identity).or_default().push(path.to_owned());
            }
            Err(error) => self.note_error(&error),
        }
    }

    /// Records an error of the system, unless it concerns only one path.
    pub(crate) fn note_error(&mut self, error: &notify::Error) {
        use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
        let is_passing = match &error.kind {
            // A path that is gone or not readable by now is reported when it is read.
            ErrorKind::PathNotFound | ErrorKind::WatchNotFound => true,
            ErrorKind::Io(error) => matches!(error.kind(), NotFound | NotADirectory | PermissionDenied),
            _ => false,
        };
        if !is_passing {
            let is_limit = matches!(error.kind, ErrorKind::MaxFilesWatch);
            self.failure = Some(Failure { is_limit, message: error.to_string() });
        }
    }

    /// The reason why nothing can be watched any more. It is returned once.
    pub(crate) fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// Watches all names that decide where a path leads. When one changes, the path `scan` must be scanned.
    pub(crate) fn anchor(&mut self, path: &Path, scan: &str) {
        if self.watcher.is_none() {
            return;
        }
        let mut steps = trace(path);
        loop {
            for (folder, _) in &steps {
                self.add(folder);
            }
            // A link that changed before it was watched is noticed now.
            let again = trace(path);
            if again == steps {
                break;
            }
            steps = again;
        }
        for (folder, name) in steps {
            if let Some(identity) = self.folders.get(&folder) {
                self.anchors.entry((*identity, name)).or_default().insert(scan.to_owned());
            }
        }
    }

    /// The further paths to scan when a path changed: those that lead through it.
    pub(crate) fn list_affected(&self, path: &Path) -> BTreeSet<String> {
        let mut affected = BTreeSet::new();
        if let Some((folder, name)) = split(path)
            && let Some(identity) = self.folders.get(&folder)
        {
            affected.extend(self.anchors.get(&(*identity, name)).into_iter().flatten().cloned());
        }
        // A folder that is moved or removed takes its content along.
        if let Some(identity) = self.folders.get(path) {
            let inside = self.anchors.iter().filter(|((folder, _), _)| folder == identity);
            affected.extend(inside.flat_map(|(_, scans)| scans.iter().cloned()));
        }
        affected
    }

    /// All known paths that lead to the same place as the path of an event.
    pub(crate) fn spell(&self, path: &Path) -> Vec<PathBuf> {
        let mut spelled = vec![path.to_owned()];
        if let Some((folder, name)) = split(path)
            && let Some(identity) = self.folders.get(&folder)
        {
            spelled.extend(self.spellings[identity].iter().map(|folder| folder.join(&name)));
        }
        if let Some(identity) = self.folders.get(path) {
            spelled.extend(self.spellings[identity].iter().cloned());
        }
        spelled.sort_unstable();
        spelled.dedup();
        spelled
    }

    /// Forgets the watches of a path that was moved or removed, and of everything below it.
    pub(crate) fn forget(&mut self, path: &Path) {
        if self.folders.contains_key(path) {
            let below: Vec<PathBuf> =
                self.folders.keys().filter(|known| known.starts_with(path)).cloned().collect();
            for path in below {
                self.forget_one(&path);
            }
        }
    }

    /// Forgets all watches: the next scan requests them from the system again.
    pub(crate) fn forget_all(&mut self) {
        self.folders.clear();
        self.spellings.clear();
    }

    fn forget_one(&mut self, path: &Path) {
        let Some(identity) = self.folders.remove(path) else { return };
        if let Some(spellings) = self.spellings.get_mut(&identity) {
            spellings.retain(|spelling| spelling != path);
            if spellings.is_empty() {
                self.spellings.remove(&identity);
            }
        }
    }
}

fn split(path: &Path) -> Option<Step> {
    Some((path.parent()?.to_owned(), path.file_name()?.to_owned()))
}
