//! A small store on disk for data that cannot be read from the files again. It is read at the start and written in the
//! background.
//!
//! The store contains the times at which feeds changed and at which posts without a date were first seen, the feeds
//! that hubs were notified of, the holders of contested ids, and the landmarks by which the root of a source is
//! recognised, and the arrivals of posts. Nothing else depends on it. Everything is in memory; a separate thread writes the changes, so that no
//! other thread waits for a disk.

mod contents;
mod disk;
mod write_behind;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::catalog::{ArrivalKey, Arrived};
use crate::ledger::Ledger;
use crate::limits::STATE_FEEDS;
use contents::{Contents, Table};
use write_behind::{Message, WriteBehind};

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
    ledger: Ledger,
}

#[derive(Debug, Default)]
struct Shared {
    contents: RwLock<Contents>,
    writer: RwLock<Option<Sender<Message>>>,
    /// True while the folder is this process's own.
    is_open: AtomicBool,
}

impl Store {
    /// Opens the store in a folder, which is created if it is missing. Its contents are read before this returns.
    ///
    /// A damaged store is renamed, and a store that another process has locked is left alone. Without a usable store
    /// nothing is kept on disk. Each case is logged, and the store is opened again later.
    pub fn open(folder: PathBuf) -> Self {
        let store = Self::default();
        let sender = WriteBehind::start(folder, store.clone());
        *store.shared.writer.write() = sender;
        store
    }

    /// The store with a ledger, whose facts take precedence.
    #[must_use]
    pub fn with_ledger(self, ledger: Ledger) -> Self {
        Self { ledger, ..self }
    }

    /// The ledger.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Returns true while the store is open on disk: no other process uses its folder.
    pub fn is_open(&self) -> bool {
        self.shared.is_open.load(Ordering::Relaxed)
    }

    /// The state of the feed at a path.
    pub fn get(&self, path: &str) -> Option<Seen> {
        self.contents().feeds.get(path).copied()
    }

    /// Replaces the state of a feed with the result of `decide` for the known one. `decide` is called once, under the
    /// lock.
    pub fn update(&self, path: &str, decide: impl FnOnce(Option<Seen>) -> Seen) -> Seen {
        let mut contents = self.contents_mut();
        let known = contents.feeds.get(path).copied();
        let seen = decide(known);
        if known.is_some() || contents.feeds.len() < STATE_FEEDS {
            self.set(&mut contents, |contents| &mut contents.feeds, path.into(), Some(seen));
        }
        seen
    }

    /// The state of the feed at a path that a hub was last notified of.
    pub fn notified(&self, hub: &str, path: &str) -> Option<Seen> {
        self.contents().notified.get(&make_key(hub, path)).copied()
    }

    /// The paths of all feeds that a hub was notified of, unordered.
    pub fn list_notified(&self, hub: &str) -> Vec<String> {
        let prefix = make_key(hub, "");
        let contents = self.contents();
        let paths = contents.notified.iter().filter_map(|(key, _)| key.strip_prefix(&*prefix));
        paths.map(str::to_owned).collect()
    }

    /// Stores the state of a feed that a hub was notified of.
    pub fn remember_notified(&self, hub: &str, path: &str, seen: Seen) {
        let (mut contents, key) = (self.contents_mut(), make_key(hub, path));
        if contents.notified.get(&key).is_some() || contents.notified.len() < STATE_FEEDS {
            self.set(&mut contents, |contents| &mut contents.notified, key, Some(seen));
        }
    }

    /// The time at which a post without a date was first seen, in Unix seconds. The empty path stands for the source.
    pub fn first_seen(&self, source: &str, path: &str) -> Option<i64> {
        let by_ledger = self.ledger.first_seen(source, path).map(|seen| seen.time().timestamp());
        by_ledger.or_else(|| self.contents().posts.get(&make_key(source, path)).copied())
    }

    /// Stores the time at which a post was first seen. The empty path records that the source was read.
    pub fn remember_post(&self, source: &str, path: &str, at: i64) {
        let key = make_key(source, path);
        self.set(&mut self.contents_mut(), |contents| &mut contents.posts, key, Some(at));
    }

    /// Every stored arrival.
    pub fn arrivals(&self) -> Vec<(ArrivalKey, Arrived)> {
        self.contents().arrivals.iter().map(|(key, arrived)| (*key, *arrived)).collect()
    }

    /// Stores arrivals, or removes them.
    pub fn remember_arrivals(&self, changes: Vec<(ArrivalKey, Option<Arrived>)>) {
        let mut contents = self.contents_mut();
        for (key, arrived) in &changes {
            contents.arrivals.set(*key, *arrived);
        }
        self.send(Message::Change(Box::new(move |batch| {
            for (key, arrived) in changes {
                batch.arrivals.set(key, arrived);
            }
        })));
    }

    /// Every contested id, with the source and the path of the post that has it.
    pub fn holders(&self) -> Vec<(Box<str>, Box<str>, Box<str>)> {
        let contents = self.contents();
        let holders = contents.holders.iter().filter_map(|(id, key)| {
            let (source, path) = key.split_once(DIVIDER)?;
            Some((id.clone(), source.into(), path.into()))
        });
        holders.collect()
    }

    /// Stores the source and the path of the post that has an id; `None`: the id is no longer contested.
    pub fn remember_holder(&self, id: &str, holder: Option<(&str, &str)>) {
        let key = holder.map(|(source, path)| make_key(source, path));
        self.set(&mut self.contents_mut(), |contents| &mut contents.holders, id.into(), key);
    }

    /// The landmarks of the root of a source, by the path of its folder.
    pub fn root(&self, folder: &str) -> Option<Root> {
        let contents = self.contents();
        let (device, landmarks) = contents.roots.get(folder)?;
        let landmarks = landmarks.split(DIVIDER).filter(|path| !path.is_empty());
        Some(Root { device: *device, landmarks: landmarks.map(str::to_owned).collect() })
    }

    /// Stores the landmarks of the root of a source, by the path of its folder.
    pub fn remember_root(&self, folder: &str, root: &Root) {
        let stored = (root.device, root.landmarks.join(&DIVIDER.to_string()).into());
        self.set(&mut self.contents_mut(), |contents| &mut contents.roots, folder.into(), Some(stored));
    }

    /// Waits up to `timeout` until everything stored so far is written.
    pub fn flush(&self, timeout: Duration) {
        let (done, wait) = mpsc::channel();
        self.send(Message::Flush(done));
        let _ = wait.recv_timeout(timeout);
    }

    /// Sets or removes a value in memory, and lets the writing thread do the same on disk.
    fn set<V: Clone + PartialEq + Send + 'static>(
        &self,
        contents: &mut Contents,
        table: fn(&mut Contents) -> &mut Table<V>,
        key: Box<str>,
        value: Option<V>,
    ) {
        if table(contents).set(key.clone(), value.clone()) {
            self.send(Message::Change(Box::new(move |batch| {
                table(batch).set(key, value);
            })));
        }
    }

    fn contents(&self) -> RwLockReadGuard<'_, Contents> {
        self.shared.contents.read()
    }

    fn contents_mut(&self) -> RwLockWriteGuard<'_, Contents> {
        self.shared.contents.write()
    }

    /// Sends a message. If the writing thread does not run, that is logged already.
    fn send(&self, message: Message) {
        if let Some(writer) = &*self.shared.writer.read() {
            let _ = writer.send(message);
        }
    }
}

/// Separates the parts of a key. No name contains a NUL.
const DIVIDER: char = '\0';

fn make_key(group: &str, name: &str) -> Box<str> {
    format!("{group}{DIVIDER}{name}").into()
}

#[cfg(test)]
mod tests;
