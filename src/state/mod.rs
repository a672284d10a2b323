//! A small store on disk for data that cannot be read from the files again. It is read at the start and written in the
//! background.
//!
//! The store contains the times at which feeds changed and at which posts without a date were first seen, the holders
//! of contested ids, and the landmarks by which the root of a source is recognised. Nothing else depends on it.
//! Everything is in memory; a separate thread writes the changes, so that no other thread waits for a disk.

mod disk;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::thread;
use std::time::{Duration, Instant};

use crate::limits::STATE_FEEDS;
use disk::Disk;

/// The time for which changes are collected before they are written.
const GATHER: Duration = Duration::from_millis(500);

/// The time after which a store that cannot be used is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(60);

/// The stored state of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Hash of everything that determines its bytes.
    pub fingerprint: u128,
    /// The time since which it has had this fingerprint, in Unix seconds.
    pub since: i64,
}

/// The landmarks by which the root of a source is recognised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Root {
    /// The device of its file system.
    pub device: u64,
    /// Paths of some of its posts, relative to its root.
    pub landmarks: Vec<String>,
}

/// A handle to the store; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Store {
    shared: Arc<Shared>,
}

/// The contents of the store.
#[derive(Debug, Clone, Default)]
struct Contents {
    /// Feeds by their paths.
    feeds: HashMap<Box<str>, Seen>,
    /// The times at which posts were first seen, in Unix seconds, by source and path; the empty path is the source.
    posts: HashMap<Box<str>, i64>,
    /// By id: source and path of the post that holds it; `None`: the id is no longer contested.
    holders: HashMap<Box<str>, Option<Box<str>>>,
    /// Roots of sources, by the paths of their folders.
    roots: HashMap<Box<str>, Root>,
}

impl Contents {
    /// If there are too many feeds, drops all except `rest` of them, the least recently changed first: feeds of terms
    /// without posts are eventually never requested again. Returns the dropped paths.
    fn drop_oldest(&mut self, rest: usize) -> Vec<Box<str>> {
        if self.feeds.len() < STATE_FEEDS {
            return Vec::new();
        }
        let mut oldest: Vec<(i64, Box<str>)> =
            self.feeds.iter().map(|(path, seen)| (seen.since, path.clone())).collect();
        oldest.sort_unstable();
        oldest.truncate(oldest.len() - rest);
        let dropped: Vec<Box<str>> = oldest.into_iter().map(|(_, path)| path).collect();
        for path in &dropped {
            self.feeds.remove(path);
        }
        dropped
    }

    fn is_empty(&self) -> bool {
        self.feeds.is_empty() && self.posts.is_empty() && self.holders.is_empty() && self.roots.is_empty()
    }
}

#[derive(Debug, Default)]
struct Shared {
    contents: RwLock<Contents>,
    writer: RwLock<Option<Sender<Signal>>>,
}

/// A message to the writing thread.
enum Signal {
    /// A feed's path, and its state.
    Feed(Box<str>, Seen),
    /// A post's key, and the time at which it was first seen.
    Post(Box<str>, i64),
    /// An id, and the key of the post that holds it.
    Holder(Box<str>, Option<Box<str>>),
    /// The path of a source's folder, and its landmarks.
    Root(Box<str>, Root),
    /// A request for a reply once everything sent before is written.
    Flush(Sender<()>),
}

impl Store {
    /// Opens the store in a folder, which is created if it is missing. Its contents are read before this returns.
    ///
    /// A damaged store is renamed, and a store that another process has locked is left alone. Without a usable store
    /// nothing is kept on disk. Each case is logged, and the store is opened again later.
    pub fn open(folder: PathBuf) -> Self {
        let store = Self::default();
        let (sender, signals) = mpsc::channel();
        let disk = store.try_open(&folder, true);
        *store.shared.writer.write().unwrap_or_else(PoisonError::into_inner) = Some(sender);
        let own = store.clone();
        let spawned = thread::Builder::new()
            .name("state".to_owned())
            .spawn(move || own.write_behind(&folder, disk, &signals));
        if let Err(error) = spawned {
            tracing::warn!("the state is not kept on disk: {error}");
        }
        store
    }

    /// The state of the feed at a path.
    pub fn get(&self, path: &str) -> Option<Seen> {
        self.read().feeds.get(path).copied()
    }

    /// All paths with this prefix, unordered.
    pub fn list(&self, prefix: &str) -> Vec<String> {
        self.read().feeds.keys().filter(|path| path.starts_with(prefix)).map(ToString::to_string).collect()
    }

    /// Replaces the state of a feed with the result of `decide` for the known one. `decide` is called once, under the
    /// lock.
    pub fn update(&self, path: &str, decide: impl FnOnce(Option<Seen>) -> Seen) -> Seen {
        let mut contents = self.shared.contents.write().unwrap_or_else(PoisonError::into_inner);
        let known = contents.feeds.get(path).copied();
        let seen = decide(known);
        if known.is_none() && contents.feeds.len() >= STATE_FEEDS {
            return seen;
        }
        if known != Some(seen) {
            contents.feeds.insert(path.into(), seen);
            self.send(Signal::Feed(path.into(), seen));
        }
        seen
    }

    /// The time at which a post without a date was first seen, in Unix seconds.
    pub fn first_seen(&self, source: &str, path: &str) -> Option<i64> {
        self.read().posts.get(&*make_key(source, path)).copied()
    }

    /// Stores the time at which a post was first seen. The empty path records that the source was read.
    pub fn remember_post(&self, source: &str, path: &str, at: i64) {
        let key = make_key(source, path);
        let mut contents = self.shared.contents.write().unwrap_or_else(PoisonError::into_inner);
        if contents.posts.insert(key.clone(), at) != Some(at) {
            self.send(Signal::Post(key, at));
        }
    }

    /// Every contested id, with the source and the path of the post that holds it.
    pub fn holders(&self) -> Vec<(Box<str>, Box<str>, Box<str>)> {
        let contents = self.read();
        let holders = contents.holders.iter().filter_map(|(id, key)| {
            let (source, path) = key.as_deref()?.split_once(DIVIDER)?;
            Some((id.clone(), source.into(), path.into()))
        });
        holders.collect()
    }

    /// Stores the source and the path of the post that holds an id; `None`: the id is no longer contested.
    pub fn remember_holder(&self, id: &str, holder: Option<(&str, &str)>) {
        let key = holder.map(|(source, path)| make_key(source, path));
        let mut contents = self.shared.contents.write().unwrap_or_else(PoisonError::into_inner);
        contents.holders.insert(id.into(), key.clone());
        self.send(Signal::Holder(id.into(), key));
    }

    /// The landmarks of the root of a source, by the path of its folder.
    pub fn root(&self, folder: &str) -> Option<Root> {
        self.read().roots.get(folder).cloned()
    }

    /// Stores the landmarks of the root of a source, by the path of its folder.
    pub fn remember_root(&self, folder: &str, root: &Root) {
        let mut contents = self.shared.contents.write().unwrap_or_else(PoisonError::into_inner);
        if contents.roots.get(folder) != Some(root) {
            contents.roots.insert(folder.into(), root.clone());
            self.send(Signal::Root(folder.into(), root.clone()));
        }
    }

    fn read(&self) -> RwLockReadGuard<'_, Contents> {
        self.shared.contents.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a message. If the writing thread does not run, that is logged already.
    fn send(&self, signal: Signal) {
        if let Some(writer) = &*self.shared.writer.read().unwrap_or_else(PoisonError::into_inner) {
            let _ = writer.send(signal);
        }
    }

    /// Waits up to `timeout` until everything stored so far is written.
    pub fn flush(&self, timeout: Duration) {
        let (done, wait) = mpsc::channel();
        self.send(Signal::Flush(done));
        let _ = wait.recv_timeout(timeout);
    }

    /// Opens the store on disk and adds its contents to memory. What is in memory takes precedence.
    fn try_open(&self, folder: &Path, logs_failure: bool) -> Option<Disk> {
        match Disk::open(folder).and_then(|disk| disk.read().map(|stored| (disk, stored))) {
            Ok((disk, mut stored)) => {
                let forgotten = stored.drop_oldest(STATE_FEEDS / 2);
                // Feeds that cannot be removed now are removed at the next start.
                if let Err(error) = disk.forget_feeds(forgotten.iter().map(|path| &**path)) {
                    tracing::warn!("old feeds cannot be removed from the state: {error}");
                }
                let mut contents = self.shared.contents.write().unwrap_or_else(PoisonError::into_inner);
                for (path, seen) in stored.feeds {
                    contents.feeds.entry(path).or_insert(seen);
                }
                for (key, at) in stored.posts {
                    contents.posts.entry(key).or_insert(at);
                }
                for (id, key) in stored.holders {
                    contents.holders.entry(id).or_insert(key);
                }
                for (folder, root) in stored.roots {
                    contents.roots.entry(folder).or_insert(root);
                }
                Some(disk)
            }
            Err(error) => {
                if logs_failure {
                    tracing::warn!("times of changes are not kept across restarts: {error}. Retrying later.");
                }
                None
            }
        }
    }

    /// Writes the messages in batches. After a failure, everything in memory is written again.
    fn write_behind(&self, folder: &Path, mut disk: Option<Disk>, signals: &Receiver<Signal>) {
        let mut tried = Instant::now();
        loop {
            let mut batch = Contents::default();
            let mut until = Instant::now() + RETRY_AFTER;
            let waiting = loop {
                match signals.recv_timeout(until.saturating_duration_since(Instant::now())) {
                    Ok(Signal::Flush(done)) => break Some(done),
                    Ok(Signal::Feed(path, seen)) => {
                        batch.feeds.insert(path, seen);
                    }
                    Ok(Signal::Post(key, at)) => {
                        batch.posts.insert(key, at);
                    }
                    Ok(Signal::Holder(id, key)) => {
                        batch.holders.insert(id, key);
                    }
                    Ok(Signal::Root(folder, root)) => {
                        batch.roots.insert(folder, root);
                    }
                    Err(RecvTimeoutError::Timeout) => break None,
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                until = until.min(Instant::now() + GATHER);
            };
            if disk.as_ref().is_some_and(|disk| !disk.exists()) {
                tracing::warn!("the state in {} was deleted: it is created again", folder.display());
                (disk, tried) = (None, Instant::now().checked_sub(RETRY_AFTER).unwrap_or(tried));
            }
            if disk.is_none() && tried.elapsed() >= RETRY_AFTER {
                tried = Instant::now();
                disk = self.try_open(folder, false);
                if disk.is_some() {
                    tracing::info!("times of changes are kept across restarts again");
                    batch = self.read().clone();
                }
            }
            if let Some(open) = &disk
                && !batch.is_empty()
                && let Err(error) = open.write(&batch)
            {
                tracing::warn!("times of changes are not kept across restarts: {error}. Retrying later.");
                (disk, tried) = (None, Instant::now());
            }
            // The thread that waited may have ended.
            let _ = waiting.map(|done| done.send(()));
        }
    }
}

/// Separates the parts of a key. No name contains a NUL.
const DIVIDER: char = '\0';

fn make_key(source: &str, path: &str) -> Box<str> {
    format!("{source}{DIVIDER}{path}").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(number: usize) -> Seen {
        Seen { fingerprint: number as u128, since: number as i64 }
    }

    fn path(number: usize) -> Box<str> {
        format!("/tags/{number}/atom.xml").into()
    }

    #[test]
    fn the_feeds_that_changed_least_recently_are_dropped_when_there_are_too_many() {
        let feeds = (0..STATE_FEEDS - 1).map(|number| (path(number), seen(number))).collect();
        let mut contents = Contents { feeds, ..Contents::default() };
        assert!(contents.drop_oldest(STATE_FEEDS / 2).is_empty());
        contents.feeds.insert(path(STATE_FEEDS), seen(STATE_FEEDS));
        let dropped = contents.drop_oldest(STATE_FEEDS / 2);
        assert_eq!((dropped.len(), contents.feeds.len()), (STATE_FEEDS / 2, STATE_FEEDS / 2));
        assert!(contents.feeds.contains_key(&path(STATE_FEEDS)) && !contents.feeds.contains_key(&path(0)));
    }

    #[test]
    fn dropped_feeds_are_removed_from_the_disk() {
        let folder = tempfile::tempdir().expect("there is space");
        let disk = Disk::open(folder.path()).expect("it is new");
        let feeds = (0..3).map(|number| (path(number), seen(number))).collect();
        disk.write(&Contents { feeds, ..Contents::default() }).expect("there is space");
        disk.forget_feeds([&*path(0), &*path(2)].into_iter()).expect("there is space");
        let left: Vec<Box<str>> = disk.read().expect("it is whole").feeds.into_keys().collect();
        assert_eq!(left, [path(1)]);
    }

    #[test]
    fn only_the_owner_reads_the_state() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("there is space");
        let state = folder.path().join("state");
        Disk::open(&state).expect("it is new");
        for (path, mode) in [(state.clone(), 0o700), (state.join("state.redb"), 0o600)] {
            let metadata = std::fs::metadata(&path).expect("it is there");
            assert_eq!(metadata.permissions().mode() & 0o777, mode, "{}", path.display());
        }
    }
}
