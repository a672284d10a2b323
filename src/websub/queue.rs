//! What a hub is still to be reported, and when: pure, the clock is an argument.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::changes::Changed;

/// After how long it is reported once more: a replica of this server may have been behind when the hub asked it.
const AGAIN: Duration = Duration::from_secs(60);

/// How long a hub that fails is left alone at first, and at most; twice as long each time.
const BACK_OFF: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(900));

/// How often a hub may refuse a feed, over more than a day, until it is not reported of it any more.
const REFUSALS: u32 = 6;

/// Most addresses of one request.
const BATCH: usize = 60;

#[derive(Debug)]
struct Waiting {
    changed: Changed,
    due: Instant,
    /// Whether the hub was reported once already.
    is_told: bool,
    /// How often the hub refused it.
    refusals: u32,
}

/// Feeds that changed, by their paths.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: BTreeMap<String, Waiting>,
    /// Until when the hub is left alone, and how often in a row it failed.
    failing: Option<(Instant, u32)>,
    /// Whether it is reported of one feed at a time: it refused several at once.
    is_careful: bool,
}

impl Queue {
    /// Takes in a feed that changed. One that waits already is reported as it is now.
    pub(super) fn add(&mut self, changed: Changed, now: Instant) {
        if self.waiting.get(&changed.path).is_none_or(|waiting| waiting.changed != changed) {
            let path = changed.path.clone();
            self.waiting.insert(path, Waiting { changed, due: now, is_told: false, refusals: 0 });
        }
    }

    /// A feed is again what the hub knows: of what it was meanwhile nobody needs to hear.
    pub(super) fn requeue(&mut self, path: &str) {
        if self.waiting.get(path).is_some_and(|waiting| !waiting.is_told) {
            self.waiting.remove(path);
        }
    }

    /// When something is due next.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let first = self.waiting.values().map(|waiting| waiting.due).min()?;
        Some(self.failing.map_or(first, |(until, _)| first.max(until)))
    }

    /// What is due, as much as goes into one request.
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

    /// The hub refused several feeds at once: it is reported of each by itself until it takes one.
    pub(super) fn enter_backoff(&mut self) {
        self.is_careful = true;
    }

    /// The hub took them. Says whether it had failed before.
    pub(super) fn settle(&mut self, reported: &[Changed], now: Instant) -> bool {
        self.is_careful = false;
        for feed in reported {
            let Some(waiting) = self.waiting.get_mut(&feed.path) else { continue };
            if waiting.is_told {
                self.waiting.remove(&feed.path);
            } else {
                (waiting.is_told, waiting.due) = (true, now + AGAIN);
            }
        }
        self.failing.take().is_some()
    }

    /// The hub refused one: it is reported of it again later, each time much later. Says whether that was the last
    /// time.
    pub(super) fn refuse(&mut self, path: &str, now: Instant) -> bool {
        let Some(waiting) = self.waiting.get_mut(path) else { return false };
        waiting.refusals += 1;
        waiting.due = now + AGAIN * 4_u32.pow(waiting.refusals.min(REFUSALS));
        let is_last = waiting.refusals >= REFUSALS;
        if is_last {
            self.waiting.remove(path);
        }
        is_last
    }

    /// The hub failed; it is left alone for as long as it asks for at least. Says whether that is news.
    pub(super) fn back_off(&mut self, asked: Option<Duration>, now: Instant) -> bool {
        let count = self.failing.map_or(0, |(_, count)| count);
        let rest = (BACK_OFF.0 * 2_u32.saturating_pow(count.min(20))).min(BACK_OFF.1);
        self.failing = Some((now + rest.max(asked.unwrap_or_default()), count + 1));
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
    fn what_changed_is_told_at_once_and_once_more_after_a_minute() {
        let (mut queue, start) = (Queue::default(), Instant::now());
        assert_eq!(queue.next_due(), None);
        queue.add(change("/", 1), start);
        queue.add(change("/tags/", 1), start);
        assert_eq!(queue.next_due(), Some(start));
        let due = queue.list_due(start);
        assert_eq!(paths(&due), ["/", "/tags/"]);
        assert!(!queue.settle(&due, start) && queue.list_due(start).is_empty());
        // One of them changes again meanwhile: it is reported at once, and its minute begins anew.
        let later = start + Duration::from_secs(30);
        queue.add(change("/", 1), later);
        assert!(queue.list_due(later).is_empty(), "it is the same");
        queue.add(change("/", 2), later);
        let due = queue.list_due(later);
        assert_eq!(paths(&due), ["/"]);
        queue.settle(&due, later);
        let due = queue.list_due(start + AGAIN);
        assert_eq!(paths(&due), ["/tags/"]);
        queue.settle(&due, start + AGAIN);
        let due = queue.list_due(later + AGAIN);
        assert_eq!(paths(&due), ["/"]);
        queue.settle(&due, later + AGAIN);
        assert_eq!(queue.next_due(), None);
    }

    #[test]
    fn a_hub_that_fails_is_left_alone_longer_each_time_and_loses_nothing() {
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
    fn a_request_holds_so_many_addresses_at_most_but_a_feed_whole() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        for number in 0..BATCH {
            let urls = vec![format!("{number}a"), format!("{number}b"), format!("{number}c")];
            queue.add(Changed { path: format!("/{number:03}/"), urls, fingerprint: Fingerprint(1) }, now);
        }
        let due = queue.list_due(now);
        assert_eq!(due.len(), BATCH / 3);
        queue.settle(&due, now);
        assert_eq!(queue.list_due(now).len(), BATCH / 3);
        queue.enter_backoff();
        let one = queue.list_due(now);
        assert_eq!(one.len(), 1);
        queue.settle(&one, now);
        assert_eq!(queue.list_due(now).len(), BATCH / 3);
    }

    #[test]
    fn what_a_hub_refuses_is_told_again_later_and_at_last_no_more() {
        let (mut queue, mut now) = (Queue::default(), Instant::now());
        queue.add(change("/", 1), now);
        for refusals in 1..REFUSALS {
            assert!(!queue.refuse("/", now));
            assert_eq!(queue.next_due(), Some(now + AGAIN * 4_u32.pow(refusals)));
            now += AGAIN * 4_u32.pow(refusals);
        }
        assert!(queue.refuse("/", now) && queue.next_due().is_none());
        assert!(!queue.refuse("/", now));
    }

    #[test]
    fn what_is_again_what_the_hub_knows_is_not_told() {
        let (mut queue, now) = (Queue::default(), Instant::now());
        queue.add(change("/", 2), now);
        queue.requeue("/");
        assert_eq!(queue.next_due(), None);
        queue.add(change("/", 2), now);
        let due = queue.list_due(now);
        queue.settle(&due, now);
        queue.requeue("/");
        assert_eq!(queue.next_due(), Some(now + AGAIN), "it is reported once more all the same");
    }
}
