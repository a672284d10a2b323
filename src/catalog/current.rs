//! The handle that readers hold: always the newest snapshot, never a wait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::{ArcSwap, ArcSwapOption};

use super::snapshot::Snapshot;
use super::watch_status::{Pings, Watching};

/// The newest snapshot; none until the first scan is done. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Live {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    current: ArcSwapOption<Snapshot>,
    watching: ArcSwap<Watching>,
    pings: Pings,
    is_unattended: AtomicBool,
    revision: Mutex<u64>,
    changed: Condvar,
}

impl Live {
    /// The newest snapshot; `None` while the first scan is running.
    pub fn load(&self) -> Option<Arc<Snapshot>> {
        self.shared.current.load_full()
    }

    /// Puts a snapshot in place of the one before.
    pub fn publish(&self, snapshot: Arc<Snapshot>) {
        let revision = snapshot.revision;
        self.shared.current.store(Some(snapshot));
        *self.shared.revision.lock().unwrap_or_else(PoisonError::into_inner) = revision;
        self.shared.changed.notify_all();
    }

    /// Whether a writer keeps it current. False before the first snapshot, and while a writer that failed is
    /// restarted.
    pub fn is_current(&self) -> bool {
        !self.shared.is_unattended.load(Ordering::Relaxed)
    }

    /// Notes whether a writer keeps it current.
    pub fn set_current(&self, is_current: bool) {
        self.shared.is_unattended.store(!is_current, Ordering::Relaxed);
    }

    /// What the writer said last of its work.
    pub fn watching(&self) -> Arc<Watching> {
        self.shared.watching.load_full()
    }

    /// Requests to hubs.
    pub fn pings(&self) -> &Pings {
        &self.shared.pings
    }

    /// Takes what the writer says of its work.
    pub fn publish_status(&self, watching: Watching) {
        self.shared.watching.store(Arc::new(watching));
    }

    /// Waits, at most `patience`, for a snapshot newer than `revision`. Blocks the thread.
    pub fn wait_newer(&self, revision: u64, patience: Duration) -> Option<Arc<Snapshot>> {
        let known = self.shared.revision.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.shared.changed.wait_timeout_while(known, patience, |known| *known <= revision);
        drop(waited);
        self.load().filter(|snapshot| snapshot.revision > revision)
    }
}
