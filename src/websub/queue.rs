//! The feeds that a hub is still to be notified of, and when. Pure: the clock is an argument.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::changes::Changed;

/// The time after which a notification is repeated: the hub may have fetched the feed from a replica that was stale.
const REPEAT_AFTER: Duration = Duration::from_secs(60);

/// The first and the longest pause after a failure of a hub. It doubles each time.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(900));

/// The number of times that a hub may reject a feed, over more than a day, before it is no longer notified of it.
const REFUSALS: u32 = 6;

/// The largest number of URLs in one request.
const BATCH: usize = 60;

#[derive(Debug)]
struct Waiting {
    changed: Changed,
    due: Instant,
    /// True if the hub was notified once already.
    was_sent: bool,
    /// The number of times that the hub rejected it.
    refusals: u32,
}

/// Feeds that changed, by their paths.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: BTreeMap<String, Waiting>,
    /// The end of the pause after a failure, and the number of failures in a row.
    failing: Option<(Instant, u32)>,
    /// True if the hub is notified of one feed at a time, since it rejected several at once.
    is_careful: bool,
}

impl Queue {
    /// Adds a feed that changed. It replaces an earlier state that still waits.
    pub(super) fn add(&mut self, changed: Changed, now: Instant) {
        if self.waiting.get(&changed.path).is_none_or(|waiting| waiting.changed != changed) {
            let path = changed.path.clone();
            self.waiting.insert(path, Waiting { changed, due: now, was_sent: false, refusals: 0 });
        }
    }

    /// Drops a feed that changed back to what the hub knows, unless the hub was notified of the change.
    pub(super) fn drop_unchanged(&mut self, path: &str) {
        if self.waiting.get(path).is_some_and(|waiting| !waiting.was_sent) {
            self.waiting.remove(path);
        }
    }

    /// The time at which the next feed is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let first = self.waiting.values().map(|waiting| waiting.due).min()?;
        Some(self.failing.map_or(first, |(until, _)| first.max(until)))
    }

    /// The feeds that are due, as many as fit in one request.
    pub(super) fn list_due(&self, now: Instant) -> Vec<Changed> {
        if self.failing.is_some_and(|(until, _)| until > now) {
            return Vec::new();
        }
        let (mut due, mut count) = (Vec::new(), 0);
        for waiting in self.waiting.values().filter(|waiting| waiting.due <= now) {
            count += waiting.changed.urls.len();
            if (count > BATCH || self.is_careful) && !due.is_empty() {
                break;
            }
            due.push(waiting.changed.clone());
        }
        due
    }

    /// The hub rejected several feeds at once: it is notified of each separately until it accepts one.
    pub(super) fn send_one_at_a_time(&mut self) {
        self.is_careful = true;
    }

    /// The hub accepted these feeds. Returns true if it had failed before.
    pub(super) fn settle(&mut self, accepted: &[Changed], now: Instant) -> bool {
        self.is_careful = false;
        for feed in accepted {
            let Some(waiting) = self.waiting.get_mut(&feed.path) else { continue };
            if waiting.was_sent {
                self.waiting.remove(&feed.path);
            } else {
                (waiting.was_sent, waiting.due) = (true, now + REPEAT_AFTER);
            }
        }
        self.failing.take().is_some()
    }

    /// The hub rejected one feed: it is notified of it again, after a longer time at each rejection. Returns true if
    /// that was the last time.
    pub(super) fn refuse(&mut self, path: &str, now: Instant) -> bool {
        let Some(waiting) = self.waiting.get_mut(path) else { return false };
        waiting.refusals += 1;
        waiting.due = now + REPEAT_AFTER * 4_u32.pow(waiting.refusals.min(REFUSALS));
        let is_last = waiting.refusals >= REFUSALS;
        if is_last {
            self.waiting.remove(path);
        }
        is_last
    }

    /// The hub failed: it gets no request for a while, at least for the time that it asks for. Returns true at the
    /// first failure in a row.
    pub(super) fn back_off(&mut self, asked: Option<Duration>, now: Instant) -> bool {
        let count = self.failing.map_or(0, |(_, count)| count);
        let pause = (BACK_OFF.0 * 2_u32.saturating_pow(count.min(20))).min(BACK_OFF.1);
        self.failing = Some((now + pause.max(asked.unwrap_or_default()), count + 1));
        count == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::Fingerprint;

    fn change(path: &str, fingerprint: u128) -> Changed {
        let urls = vec![format!("https://f{path}rss.xml")];
        Changed { path: path.to_owned(), urls, fingerprint: Fingerprint(fingerprint) }
    }

    fn paths(due: &[Changed]) -> Vec<&str> {
        due.iter().map(|feed| &*feed.path).collect()
    }

    #[test]
    fn a_changed_feed_is_due_at_once_and_once_more_after_a_minute() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        assert_eq!(queue.next_due(), None);
        queue.add(change("/", 1), start);
        queue.add(change("/tags/", 1), start);
        assert_eq!(queue.next_due(), Some(start));
        let due = queue.list_due(start);
        assert_eq!(paths(&due), ["/", "/tags/"]);
        assert!(!queue.settle(&due, start) && queue.list_due(start).is_empty());
        // One of them changes again meanwhile: it is due at once, and its minute starts again.
        let later = start + Duration::from_secs(30);
        queue.add(change("/", 1), later);
        assert!(queue.list_due(later).is_empty(), "it is the same");
        queue.add(change("/", 2), later);
        let due = queue.list_due(later);
        assert_eq!(paths(&due), ["/"]);
        queue.settle(&due, later);
        let due = queue.list_due(start + REPEAT_AFTER);
        assert_eq!(paths(&due), ["/tags/"]);
        queue.settle(&due, start + REPEAT_AFTER);
        let due = queue.list_due(later + REPEAT_AFTER);
        assert_eq!(paths(&due), ["/"]);
        queue.settle(&due, later + REPEAT_AFTER);
        assert_eq!(queue.next_due(), None);
    }

    #[test]
    fn a_hub_that_fails_gets_longer_pauses_and_misses_nothing() {
        let (mut queue, mut now) = (Queue::default(), Instant::now());
        queue.add(change("/", 1), now);
        for (failures, seconds) in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900].into_iter().enumerate() {
            assert_eq!(queue.back_off(None, now), failures == 0);
            assert!(queue.list_due(now + Duration::from_millis(seconds * 1000 - 1)).is_empty());
            now += Duration::from_secs(seconds);
            assert_eq!(queue.next_due(), Some(now));
            assert_eq!(queue.list_due(now).len(), 1);
        }
        queue.back_off(Some(Duration::from_secs(3000)), now);
        assert_eq!(queue.next_due(), Some(now + Duration::from_secs(3000)));
        let due = queue.list_due(now + Duration::from_secs(3000));
        assert!(queue.settle(&due, now) && queue.back_off(None, now));
    }

    #[test]
    fn a_request_has_a_limited_number_of_urls_and_only_whole_feeds() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        for number in 0..BATCH {
            let urls = vec![format!("{number}a"), format!("{number}b"), format!("{number}c")];
            queue.add(Changed { path: format!("/{number:03}/"), urls, fingerprint: Fingerprint(1) }, now);
        }
        let due = queue.list_due(now);
        assert_eq!(due.len(), BATCH / 3);
        queue.settle(&due, now);
        assert_eq!(queue.list_due(now).len(), BATCH / 3);
        queue.send_one_at_a_time();
        let one = queue.list_due(now);
        assert_eq!(one.len(), 1);
        queue.settle(&one, now);
        assert_eq!(queue.list_due(now).len(), BATCH / 3);
    }

    #[test]
    fn a_rejected_feed_is_due_again_later_and_finally_dropped() {
        let (mut queue, mut now) = (Queue::default(), Instant::now());
        queue.add(change("/", 1), now);
        for refusals in 1..REFUSALS {
            assert!(!queue.refuse("/", now));
            assert_eq!(queue.next_due(), Some(now + REPEAT_AFTER * 4_u32.pow(refusals)));
            now += REPEAT_AFTER * 4_u32.pow(refusals);
        }
        assert!(queue.refuse("/", now) && queue.next_due().is_none());
        assert!(!queue.refuse("/", now));
    }

    #[test]
    fn a_feed_that_changed_back_is_not_due() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.add(change("/", 2), now);
        queue.drop_unchanged("/");
        assert_eq!(queue.next_due(), None);
        queue.add(change("/", 2), now);
        let due = queue.list_due(now);
        queue.settle(&due, now);
        queue.drop_unchanged("/");
        assert_eq!(queue.next_due(), Some(now + REPEAT_AFTER), "it is due once more all the same");
    }
}
