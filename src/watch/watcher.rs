//! The folders of a source that are watched: each before it is read, whatever path leads to it.

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

/// What tells folders apart, whatever path leads to them: device and inode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    pub(super) device: u64,
    inode: u64,
}

impl Identity {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino() }
    }
}

/// Why a source can't be watched any more.
#[derive(Debug)]
pub(super) struct Failure {
    /// Whether the system has no more watches to give.
    pub(super) is_limit: bool,
    /// What it says.
    pub(super) message: String,
}

/// The watched folders of one source. Without a watcher it keeps nothing.
#[derive(Debug, Default)]
pub(super) struct FolderWatcher {
    id: u64,
    watcher: Option<RecommendedWatcher>,
    /// Every path that a watch was asked for by: events name one of those of their folder.
    folders: HashMap<PathBuf, Identity>,
    spellings: HashMap<Identity, Vec<PathBuf>>,
    /// Names in watched folders that decide where links lead, with the paths to look at, relative to the
    /// source's root; empty: everything.
    anchors: HashMap<(Identity, OsString), BTreeSet<String>>,
    /// What a look at everything came by.
    visited: HashSet<PathBuf>,
    failure: Option<Failure>,
}

impl FolderWatcher {
    /// A number for the events of one source or file.
    pub(super) fn next_id() -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        NEXT.fetch_add(1, Ordering::Relaxed)
    }

    /// FolderWatcher whose events bear `id` and are sent to `signals`.
    ///
    /// # Errors
    /// What the system says, for example that there are too many watchers.
    pub(super) fn start(id: u64, signals: Sender<Signal>) -> notify::Result<Self> {
        let watcher = Some(events::start(id, signals)?);
        Ok(Self { id, watcher, ..Self::default() })
    }

    /// Whether a signal comes from these.
    pub(super) fn has_id(&self, id: u64) -> bool {
        self.watcher.is_some() && self.id == id
    }

    /// Begins a look at everything.
    pub(super) fn begin(&mut self) {
        self.visited.clear();
        self.anchors.clear();
    }

    /// Ends a look at everything: what it did not come by is watched no longer.
    pub(super) fn end(&mut self) {
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

    /// FolderWatcher a folder, if it is there.
    pub(super) fn add(&mut self, path: &Path) {
        if self.watcher.is_some()
            && let Ok(metadata) = fs::metadata(path)
        {
            self.enter(path, &metadata);
        }
    }

    /// FolderWatcher a folder that is about to be read.
    pub(super) fn enter(&mut self, path: &Path, metadata: &Metadata) {
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

    /// Takes in what the system says against watching.
    pub(super) fn note_error(&mut self, error: &notify::Error) {
        use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
        let is_passing = match &error.kind {
            // What is gone or closed by now is told where it is read.
            ErrorKind::PathNotFound | ErrorKind::WatchNotFound => true,
            ErrorKind::Io(error) => matches!(error.kind(), NotFound | NotADirectory | PermissionDenied),
            _ => false,
        };
        if !is_passing {
            let is_limit = matches!(error.kind, ErrorKind::MaxFilesWatch);
            self.failure = Some(Failure { is_limit, message: error.to_string() });
        }
    }

    /// Why nothing can be watched any more, once.
    pub(super) fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    /// FolderWatcher all that decides where a path leads: when that changes, `look` is to be looked at.
    pub(super) fn anchor(&mut self, path: &Path, look: &str) {
        if self.watcher.is_none() {
            return;
        }
        let mut spots = trace(path);
        loop {
            for (folder, _) in &spots {
                self.add(folder);
            }
            // What was made to lead elsewhere before it was watched is seen now.
            let again = trace(path);
            if again == spots {
                break;
            }
            spots = again;
        }
        for (folder, name) in spots {
            if let Some(identity) = self.folders.get(&folder) {
                self.anchors.entry((*identity, name)).or_default().insert(look.to_owned());
            }
        }
    }

    /// What else has to be looked at when something happened to a path: what leads through it.
    pub(super) fn list_led(&self, path: &Path) -> BTreeSet<String> {
        let mut led = BTreeSet::new();
        if let Some((folder, name)) = split(path)
            && let Some(identity) = self.folders.get(&folder)
        {
            led.extend(self.anchors.get(&(*identity, name)).into_iter().flatten().cloned());
        }
        // A folder that is moved or removed itself takes what is in it along.
        if let Some(identity) = self.folders.get(path) {
            let inside = self.anchors.iter().filter(|((folder, _), _)| folder == identity);
            led.extend(inside.flat_map(|(_, looks)| looks.iter().cloned()));
        }
        led
    }

    /// Every path that is known to lead to the same as a path that an event names.
    pub(super) fn spell(&self, path: &Path) -> Vec<PathBuf> {
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

    /// Takes a path that was moved or removed, and all below it, for not watched.
    pub(super) fn forget(&mut self, path: &Path) {
        if self.folders.contains_key(path) {
            let below: Vec<PathBuf> =
                self.folders.keys().filter(|known| known.starts_with(path)).cloned().collect();
            for path in below {
                self.forget_one(&path);
            }
        }
    }

    /// Takes nothing for watched: what is asked for next is asked of the system.
    pub(super) fn forget_all(&mut self) {
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
