//! The progress of scans, by which a slow disk differs from one that does not answer.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The time of the last answer of a disk, shared by the thread that scans it and the writer.
#[derive(Debug, Clone)]
pub(super) struct Progress(Arc<Mutex<Instant>>);

impl Default for Progress {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Instant::now())))
    }
}

impl Progress {
    /// Records an answer.
    pub(super) fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Returns the time at which the disk has not answered for `timeout`.
    pub(super) fn deadline(&self, timeout: Duration) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) + timeout
    }
}
