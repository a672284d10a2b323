//! A limit on how often something may be done per second.

use std::sync::atomic::{AtomicU64, Ordering};

/// Allows a number of times in each second of the clock.
pub(super) struct RateLimit {
    most: u32,
    /// The second, and the number of times in it: 32 bits each.
    state: AtomicU64,
}

impl RateLimit {
    pub(super) fn new(most: u32) -> Self {
        Self { most, state: AtomicU64::default() }
    }

    /// Returns true if it may be done once more in the second `now`.
    pub(super) fn take(&self, now: i64) -> bool {
        let second = u64::from(now as u32) << 32;
        let next = |state: u64| {
            let count = if state & !0xffff_ffff == second { state & 0xffff_ffff } else { 0 };
            (count < u64::from(self.most)).then_some(second | (count + 1))
        };
        self.state.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_allows_the_same_number() {
        let rate_limit = RateLimit::new(2);
        let taken = [5, 5, 5, 6, 6, 6, 7].map(|now| rate_limit.take(now));
        assert_eq!(taken, [true, true, false, true, true, false, true]);
    }
}
