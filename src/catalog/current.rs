//! The handle through which readers get the newest snapshot, without waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};
use parking_lot::{Condvar, Mutex};

use super::snapshot::Snapshot;
use super::watch_status::{Indexing, Pings, Watching};

/// A handle to the newest snapshot, which exists once the first scan is done. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Live {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    current: ArcSwapOption<Snapshot>,
    watching: ArcSwap<Watching>,
    pings: Pings,
    indexing: Mutex<Indexing>,
    is_unattended: AtomicBool,
    revision: Mutex<u64>,
    changed: Condvar,
}

impl Live {
    /// The newest snapshot; `None` while the first scan is running.
    pub fn load(&self) -> Option<Arc<Snapshot>> {
        self.shared.current.load_full()
    }

    /// Replaces the current snapshot, and wakes the threads that wait for a newer one.
    pub fn publish(&self, snapshot: Arc<Snapshot>) {
        let revision = snapshot.revision;
        self.shared.current.store(Some(snapshot));
        *self.shared.revision.lock() = revision;
        self.shared.changed.notify_all();
    }

    /// Returns true if a writer keeps the snapshot current: false while a writer that failed is restarted.
    pub fn is_current(&self) -> bool {
        !self.shared.is_unattended.load(Ordering::Relaxed)
    }

    /// Sets whether a writer keeps the snapshot current.
    pub fn set_current(&self, is_current: bool) {
        self.shared.is_unattended.store(!is_current, Ordering::Relaxed);
    }

    /// The last published status of the writer.
    pub fn watching(&self) -> Arc<Watching> {
        self.shared.watching.load_full()
    }

    /// The counters of requests to hubs.
    pub fn pings(&self) -> &Pings {
        &self.shared.pings
    }

    /// The last published status of the search index.
    pub fn indexing(&self) -> Indexing {
        *self.shared.indexing.lock()
    }

    /// Publishes the status of the search index.
    pub fn publish_indexing(&self, indexing: Indexing) {
        *self.shared.indexing.lock() = indexing;
    }

    /// Publishes the status of the writer.
    pub fn publish_status(&self, watching: Watching) {
        self.shared.watching.store(Arc::new(watching));
    }

    /// Waits up to `timeout` for a snapshot newer than `revision`. Blocks the thread.
    pub fn wait_newer(&self, revision: u64, timeout: Duration) -> Option<Arc<Snapshot>> {
        let mut known = self.shared.revision.lock();
        self.shared.changed.wait_while_for(&mut known, |known| *known <= revision, timeout);
        drop(known);
        self.load().filter(|snapshot| snapshot.revision > revision)
    }
}
