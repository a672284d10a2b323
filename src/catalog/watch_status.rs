//! How the folders of posts are followed, for metrics and status.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// What the writer says of its work.
#[derive(Debug, Clone, Default)]
pub struct Watching {
    /// Each source, in their order.
    pub sources: Vec<Watched>,
    /// How long it took to read everything, at the start.
    pub scan: Duration,
    /// How often something was looked at since, and how long that took in all.
    pub reconciled: (u64, Duration),
    /// How often each of [`Fault::ALL`] was met.
    pub faults: [u64; Fault::ALL.len()],
    /// Since when the configuration is in effect, and whether its file can be used as it is now.
    pub configuration: Option<(DateTime<Utc>, bool)>,
}

/// Requests to hubs.
#[derive(Debug, Default)]
pub struct Pings {
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Pings {
    /// Counts one that a hub took, or did not.
    pub fn count(&self, is_taken: bool) {
        let counter = if is_taken { &self.sent } else { &self.failed };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// How many hubs took, and how many not.
    pub fn load(&self) -> (u64, u64) {
        (self.sent.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed))
    }
}

impl Watching {
    /// Counts a fault.
    pub fn count(&mut self, fault: Fault) {
        self.faults[fault as usize] += 1;
    }
}

/// What keeps the writer from hearing of changes, or from following them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Events were lost: everything was looked at.
    Overflow,
    /// A link was made to lead elsewhere.
    Link,
    /// The folder of a source was lost.
    Root,
    /// A file system tells of no changes: it is polled.
    Silent,
    /// The system has no more watches: the source is polled.
    Limit,
    /// The configuration could not be used: it was not followed.
    Config,
    /// The writer failed and was started again.
    Panic,
}

impl Fault {
    /// All of them, in their order.
    pub const ALL: [Self; 7] =
        [Self::Overflow, Self::Link, Self::Root, Self::Silent, Self::Limit, Self::Config, Self::Panic];

    /// Its name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Overflow => "overflow",
            Self::Link => "link",
            Self::Root => "root",
            Self::Silent => "silent",
            Self::Limit => "limit",
            Self::Config => "config",
            Self::Panic => "panic",
        }
    }
}

/// A source that is followed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Watched {
    /// By what: `native`, `poll` or `off`.
    pub how: &'static str,
    /// When one of its posts changed last, since the start.
    pub last_change: Option<DateTime<Utc>>,
}
