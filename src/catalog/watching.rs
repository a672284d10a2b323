//! How the folders of posts are followed, told to whoever asks.

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
    /// How often events were lost, so that everything was looked at.
    pub overflows: u64,
}

/// A source that is followed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Watched {
    /// By what: `native`, `poll` or `off`.
    pub how: &'static str,
    /// When one of its posts changed last, since the start.
    pub last_change: Option<DateTime<Utc>>,
}
