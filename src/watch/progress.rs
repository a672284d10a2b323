//! The progress of scans, by which a slow disk differs from one that does not answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// The last answer of a disk, shared by the thread that scans it and the writer.
#[derive(Debug, Clone)]
pub(crate) struct Progress(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    answered: Mutex<Instant>,
    is_reported: AtomicBool,
}

impl Default for Progress {
    fn default() -> Self {
        let shared = Shared { answered: Mutex::new(Instant::now()), is_reported: AtomicBool::new(false) };
        Self(Arc::new(shared))
    }
}

impl Progress {
    /// Notes an answer.
    pub(crate) fn note(&self) {
        *self.0.answered.lock() = Instant::now();
    }

    /// Returns the time at which the disk has not answered for `timeout`.
    pub(crate) fn deadline(&self, timeout: Duration) -> Instant {
        *self.0.answered.lock() + timeout
    }

    /// Notes that it is reported that the disk does not answer. Returns true.
    pub(crate) fn report(&self) -> bool {
        self.0.is_reported.store(true, Ordering::Relaxed);
        true
    }

    /// Returns true if it was reported that the disk does not answer, once.
    pub(crate) fn take_report(&self) -> bool {
        self.0.is_reported.swap(false, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_moves_the_deadline_and_a_report_is_taken_once() {
        let (progress, timeout) = (Progress::default(), Duration::from_secs(10));
        let (scan, first) = (progress.clone(), progress.deadline(timeout));
        while Instant::now() + timeout <= first {}
        scan.note();
        assert!(progress.deadline(timeout) > first);
        assert!(progress.report() && progress.take_report() && !progress.take_report());
    }
}
