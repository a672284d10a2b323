//! `digest`: the calendar period of which a feed makes one entry.

/// The length of a calendar period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DigestPeriod {
    /// A day.
    Day,
    /// A week from Monday to Sunday (ISO 8601).
    Week,
    /// A month.
    Month,
}

impl DigestPeriod {
    /// Every length, by its name.
    pub const WORDS: &[(&'static str, Self)] =
        &[("day", Self::Day), ("week", Self::Week), ("month", Self::Month)];
}
