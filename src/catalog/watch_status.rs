//! The status of the writer that follows the sources, for metrics and `/status.json`.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};

/// The status of the writer.
#[derive(Debug, Clone, Default)]
pub struct Watching {
    /// The status of each source, in order.
    pub sources: Vec<Watched>,
    /// The duration of the first scan.
    pub scan: Duration,
    /// The number of reconciliations since the first scan, and their total duration.
    pub reconciled: (u64, Duration),
    /// The number of times that each of [`Fault::ALL`] occurred.
    pub faults: [u64; Fault::ALL.len()],
    /// The time at which the configuration took effect, and whether its file is valid as it is now.
    pub configuration: Option<(DateTime<Utc>, bool)>,
}

/// Counters of requests to hubs.
#[derive(Debug, Default)]
pub struct Pings {
    sent: AtomicU64,
    failed: AtomicU64,
}

impl Pings {
    /// Counts a request that a hub accepted or did not accept.
    pub fn count(&self, is_accepted: bool) {
        let counter = if is_accepted { &self.sent } else { &self.failed };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// The numbers of accepted and of failed requests.
    pub fn load(&self) -> (u64, u64) {
        (self.sent.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed))
    }
}

/// The status of the search index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Indexing {
    /// The state.
    pub state: IndexState,
    /// The number of posts in it.
    pub indexed: usize,
    /// The number of posts that it is to have.
    pub posts: usize,
}

/// The state of the search index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IndexState {
    /// There is none: searches find titles, terms and some summaries.
    #[default]
    Off,
    /// It does not have all posts yet.
    Building,
    /// It is used.
    Ready,
    /// It cannot be written.
    Failed,
}

impl IndexState {
    /// The name in `/status.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Building => "building",
            Self::Ready => "ready",
            Self::Failed => "failed",
        }
    }
}

impl Watching {
    /// Counts a fault.
    pub fn count(&mut self, fault: Fault) {
        self.faults[fault as usize] += 1;
    }
}

/// A fault that keeps the writer from receiving events, or from following changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Events were dropped: everything is rescanned.
    Overflow,
    /// A symbolic link got another target.
    Link,
    /// The root of a source became unavailable.
    Root,
    /// A file system sends no events: it is polled.
    NoEvents,
    /// The system has no more watches: the source is polled.
    Limit,
    /// The configuration is invalid: the change has no effect.
    Config,
    /// The writer failed and was started again.
    Panic,
}

impl Fault {
    /// All faults, in the order of their declaration.
    pub const ALL: [Self; 7] =
        [Self::Overflow, Self::Link, Self::Root, Self::NoEvents, Self::Limit, Self::Config, Self::Panic];

    /// The name in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Overflow => "overflow",
            Self::Link => "link",
            Self::Root => "root",
            Self::NoEvents => "silent",
            Self::Limit => "limit",
            Self::Config => "config",
            Self::Panic => "panic",
        }
    }
}

/// The status of a source.
#[derive(Debug, Clone, Copy, Default)]
pub struct Watched {
    /// The mode in which changes are detected: `native`, `poll` or `off`.
    pub mode: &'static str,
    /// The time of the last change of one of its posts, since the start.
    pub last_change: Option<DateTime<Utc>>,
}
