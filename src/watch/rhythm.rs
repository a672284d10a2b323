//! When a source is looked at without an event.

use std::time::{Duration, Instant};

/// When a source is looked at without an event.
pub(super) struct Rhythm {
    every: Option<Duration>,
    pub(super) next: Option<Instant>,
}

impl Rhythm {
    pub(super) fn new(every: Option<u32>) -> Self {
        let every = every.filter(|seconds| *seconds > 0).map(|seconds| Duration::from_secs(seconds.into()));
        Self { every, next: every.map(|every| Instant::now() + every) }
    }

    /// Lets the next look be no later than this from now.
    pub(super) fn hasten(&mut self, within: Option<Duration>) {
        let soonest = within.map(|within| Instant::now() + within);
        self.next = self.next.into_iter().chain(soonest).min();
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.next.is_some_and(|next| next <= now)
    }

    pub(super) fn restart(&mut self) {
        self.next = self.every.map(|every| Instant::now() + every);
    }
}
