//! What files do not send again: a small store on disk, read at the start and written behind.
//!
//! Losing it loses nothing but what it holds: when feeds changed, when posts without a date were first seen,
//! who holds an id that several posts claim, and by what the folder of a source is known again. Everything is
//! in memory; a thread of its own writes what changed, so that nobody waits for a disk.

mod disk;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::thread;
use std::time::{Duration, Instant};

use crate::limits::STATE_FEEDS;
use disk::Disk;

/// How long changes are gathered before they are written.
const GATHER: Duration = Duration::from_millis(500);

/// How long a store that can't be used is left alone before it is tried again.
const AGAIN: Duration = Duration::from_secs(60);

/// What is remembered of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Hash of its bytes' causes.
    pub fingerprint: u128,
    /// Since when it has this fingerprint, in Unix seconds.
    pub since: i64,
}

/// By what the folder of a source is known again.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Root {
    /// The device it lies on.
    pub device: u64,
    /// Paths of some of its posts, relative to its root.
    pub landmarks: Vec<String>,
}

/// A handle to the store; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Store {
    shared: Arc<Shared>,
}

/// All that is remembered.
#[derive(Debug, Clone, Default)]
struct Contents {
    /// Feeds by their paths.
    feeds: HashMap<Box<str>, Seen>,
    /// When posts were first seen, in Unix seconds, by source and path; a source by itself has an empty path.
    posts: HashMap<Box<str>, i64>,
    /// By id: source and path of the post that holds it; none: nobody has to be remembered any more.
    holders: HashMap<Box<str>, Option<Box<str>>>,
    /// Folders of sources, by their paths.
    roots: HashMap<Box<str>, Root>,
}

impl Contents {
    /// Drops the feeds that changed least recently, if there are more than are kept, down to `rest`. Feeds of terms
    /// that lost their posts are never asked for again at some time. Gives their paths.
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

/// What the writing thread is told.
enum Signal {
    /// A feed's path, and what is remembered of it.
    Feed(Box<str>, Seen),
    /// A post's key, and when it was first seen.
    Post(Box<str>, i64),
    /// An id, and the key of the post that holds it.
    Holder(Box<str>, Option<Box<str>>),
    /// The path of a source's folder, and how it is known again.
    Root(Box<str>, Root),
    /// Whoever holds the other end waits until all is written that was told before.
    Flush(Sender<()>),
}

impl Store {
    /// A store in a folder, which is made if it is not there. What is in it is read before this returns.
    ///
    /// A store that is damaged is renamed away, one that another process has locked is left alone, and one
    /// that can't be written is done without: each is told, and tried again later.
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

    /// What is remembered of the feed at a path.
    pub fn get(&self, path: &str) -> Option<Seen> {
        self.read().feeds.get(path).copied()
    }

    /// Every path that begins like this, in no order.
    pub fn list(&self, prefix: &str) -> Vec<String> {
        self.read().feeds.keys().filter(|path| path.starts_with(prefix)).map(ToString::to_string).collect()
    }

    /// Remembers what `decide` makes of what was known of a feed. It is asked once, and alone.
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

    /// When the post at a path of a source was first seen, in Unix seconds, if it says no date itself.
    pub fn first_seen(&self, source: &str, path: &str) -> Option<i64> {
        self.read().posts.get(&*make_key(source, path)).copied()
    }

    /// Remembers when a post was first seen; of a source by itself, whose path is empty, that it was read.
    pub fn remember_post(&self, source: &str, path: &str, at: i64) {
        let key = make_key(source, path);
        let mut contents = self.shared.contents.write().unwrap_or_else(PoisonError::into_inner);
        if contents.posts.insert(key.clone(), at) != Some(at) {
            self.send(Signal::Post(key, at));
        }
    }

    /// Every id that several posts claim, with the source and the path of the one that holds it.
    pub fn holders(&self) -> Vec<(Box<str>, Box<str>, Box<str>)> {
        let contents = self.read();
        let holders = contents.holders.iter().filter_map(|(id, key)| {
            let (source, path) = key.as_deref()?.split_once(DIVIDER)?;
            Some((id.clone(), source.into(), path.into()))
        });
        holders.collect()
    }

    /// Remembers the source and the path of the post that holds an id; `None`: that nobody else claims it.
    pub fn remember_holder(&self, id: &str, holder: Option<(&str, &str)>) {
        let key = holder.map(|(source, path)| make_key(source, path));
        let mut contents = self.shared.contents.write().unwrap_or_else(PoisonError::into_inner);
        contents.holders.insert(id.into(), key.clone());
        self.send(Signal::Holder(id.into(), key));
    }

    /// How the folder of a source, by its path, is known again.
    pub fn root(&self, folder: &str) -> Option<Root> {
        self.read().roots.get(folder).cloned()
    }

    /// Remembers how the folder of a source, by its path, is known again.
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

    /// A writer that is gone was told of.
    fn send(&self, signal: Signal) {
        if let Some(writer) = &*self.shared.writer.read().unwrap_or_else(PoisonError::into_inner) {
            let _ = writer.send(signal);
        }
    }

    /// Waits, at most `patience`, until all is written that is remembered now.
    pub fn flush(&self, patience: Duration) {
        let (done, wait) = mpsc::channel();
        self.send(Signal::Flush(done));
        let _ = wait.recv_timeout(patience);
    }

    /// Opens the store on disk and takes in what it holds and memory does not.
    fn try_open(&self, folder: &Path, send: bool) -> Option<Disk> {
        match Disk::open(folder).and_then(|disk| disk.read().map(|stored| (disk, stored))) {
            Ok((disk, mut stored)) => {
                let forgotten = stored.drop_oldest(STATE_FEEDS / 2);
                // What cannot be removed now is removed at the next start.
                if let Err(error) = disk.forget_feeds(forgotten.iter().map(|path| &**path)) {
                    tracing::warn!("old feeds are not removed from the state: {error}");
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
                if send {
                    tracing::warn!(
                        "times of changes are not kept over a restart: {error}. It is tried again."
                    );
                }
                None
            }
        }
    }

    /// Writes what is sent, some at a time. Whatever fails is tried again with all there is to know.
    fn write_behind(&self, folder: &Path, mut disk: Option<Disk>, signals: &Receiver<Signal>) {
        let mut tried = Instant::now();
        loop {
            let mut batch = Contents::default();
            let mut until = Instant::now() + AGAIN;
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
                tracing::warn!("the state in {} is gone: it is made anew", folder.display());
                (disk, tried) = (None, Instant::now().checked_sub(AGAIN).unwrap_or(tried));
            }
            if disk.is_none() && tried.elapsed() >= AGAIN {
                tried = Instant::now();
                disk = self.try_open(folder, false);
                if disk.is_some() {
                    tracing::info!("times of changes are kept over a restart again");
                    batch = self.read().clone();
                }
            }
            if let Some(open) = &disk
                && !batch.is_empty()
                && let Err(error) = open.write(&batch)
            {
                tracing::warn!("times of changes are not kept over a restart: {error}. It is tried again.");
                (disk, tried) = (None, Instant::now());
            }
            // Whoever waited may be gone.
            let _ = waiting.map(|done| done.send(()));
        }
    }
}

/// No name holds a NUL.
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
