//! Timers for work without an event.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

/// The longest sleep: a clock that jumps is noticed after this time at the latest.
const LONGEST: Duration = Duration::from_secs(60);

/// The earliest time that a correct clock can show, in Unix seconds: 2025-01-01. With a clock that starts in 1970, as
/// those without a battery do, every post would be a future post.
const EARLIEST: i64 = 1_735_689_600;

/// The time at which a source is scanned without an event.
pub(super) struct PollTimer {
    every: Option<Duration>,
    next: Option<Instant>,
}

impl PollTimer {
    pub(super) fn new(every: Option<u32>) -> Self {
        let every = every.filter(|seconds| *seconds > 0).map(|seconds| Duration::from_secs(seconds.into()));
        Self { every, next: every.map(|every| Instant::now() + every) }
    }

    /// Schedules the next scan no later than this from now.
    pub(super) fn schedule_within(&mut self, within: Option<Duration>) {
        let soonest = within.map(|within| Instant::now() + within);
        self.next = self.next.into_iter().chain(soonest).min();
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        self.next
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.next.is_some_and(|next| next <= now)
    }

    pub(super) fn restart(&mut self) {
        self.next = self.every.map(|every| Instant::now() + every);
    }
}

/// The time to sleep, at `now` and the `time` of the clock: until the next `scan`, or until a post is `due`. It is
/// limited, since the clock may be set meanwhile.
pub(super) fn sleep_duration(
    now: Instant,
    scan: Option<Instant>,
    time: DateTime<Utc>,
    due: Option<DateTime<Utc>>,
) -> Duration {
    let scan = scan.map(|next| next.saturating_duration_since(now));
    let due = due.map(|due| (due - time).to_std().unwrap_or_default());
    [scan, due].into_iter().flatten().min().unwrap_or(LONGEST).min(LONGEST)
}

/// Returns true if a time of the clock may be correct.
pub(super) fn is_plausible(time: DateTime<Utc>) -> bool {
    time.timestamp() >= EARLIEST
}

/// The current time, or the time of the `last` snapshot while the clock is not plausible.
pub(super) fn read_clock(last: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let now = Utc::now();
    last.filter(|_| !is_plausible(now)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_clock_that_jumps_is_noticed_within_a_minute_and_a_post_that_is_due_waits_for_nothing() {
        let (now, time) = (Instant::now(), Utc::now());
        let due = |seconds: i64| sleep_duration(now, None, time, Some(time + TimeDelta::seconds(seconds)));
        assert_eq!(due(3), Duration::from_secs(3), "one timed wait");
        assert_eq!(due(3600), LONGEST, "the clock may be set forward meanwhile");
        assert_eq!(due(-3600), Duration::ZERO, "it was set forward");
        let soon = Some(now + Duration::from_millis(20));
        assert_eq!(
            sleep_duration(now, soon, time, Some(time + TimeDelta::days(9))),
            Duration::from_millis(20)
        );
        assert_eq!(sleep_duration(now, None, time, None), LONGEST);
    }

    #[test]
    fn a_clock_without_a_battery_is_not_believed() {
        assert!(!is_plausible(DateTime::UNIX_EPOCH + TimeDelta::days(30)));
        assert!(is_plausible(Utc::now()));
    }
}
