//! The time at which a post arrived: when it first became visible, whatever its own date.

use std::num::NonZero;

use chrono::{DateTime, Utc};

/// A time of arrival, in whole microseconds. With `None`, it takes the space of one word in a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival(NonZero<i64>);

/// The arrival that stands for the start of 1970.
const FIRST: NonZero<i64> = match NonZero::new(1) {
    Some(first) => first,
    None => NonZero::<i64>::MAX,
};

impl Arrival {
    /// The arrival at a time.
    pub fn at(time: DateTime<Utc>) -> Self {
        Self::from_micros(time.timestamp_micros())
    }

    /// The arrival at a number of microseconds after the start of 1970, which itself is not an arrival.
    pub fn from_micros(micros: i64) -> Self {
        Self(NonZero::new(micros).unwrap_or(FIRST))
    }

    /// The microseconds since the start of 1970.
    pub fn micros(self) -> i64 {
        self.0.get()
    }

    /// The time, if it is one that can be written.
    pub fn time(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.micros()).unwrap_or_default()
    }

    /// The next possible arrival.
    #[must_use]
    pub fn next(self) -> Self {
        Self::from_micros(self.micros().saturating_add(1))
    }
}
