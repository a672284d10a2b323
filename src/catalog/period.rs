//! A period in which posts are published, or in which they arrive.

use chrono::{DateTime, Utc};

/// The time from `since`, inclusive, to `until`, exclusive. Either end may be open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The start; `None`: open.
    pub since: Option<DateTime<Utc>>,
    /// The end; `None`: open.
    pub until: Option<DateTime<Utc>>,
}

impl Period {
    /// Returns true if it ends before it starts, or then.
    pub fn is_reversed(self) -> bool {
        self.since.zip(self.until).is_some_and(|(since, until)| since >= until)
    }

    /// Returns true if the period contains a time.
    pub fn contains(self, time: DateTime<Utc>) -> bool {
        self.since.is_none_or(|since| since <= time) && self.until.is_none_or(|until| time < until)
    }

    /// The time that both periods contain.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { since: self.since.max(other.since), until: self.until.into_iter().chain(other.until).min() }
    }

    /// Drops the ends that `base` has, or that are beyond its own.
    #[must_use]
    pub fn beyond(self, base: Self) -> Self {
        Self {
            since: self.since.filter(|_| self.since > base.since),
            until: self.until.filter(|own| base.until.is_none_or(|until| *own < until)),
        }
    }
}
