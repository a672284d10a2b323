//! Pending work, and when it is due: at once, or after a debounce time that has a maximum.

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::time::{Duration, Instant};

use super::events::When;

/// The debounce time of a file that was not closed.
const SOON: Duration = Duration::from_millis(100);
/// The maximum of that time: a file that grows without end is read while it grows.
const LATEST: Duration = Duration::from_secs(1);

/// Keys that are pending: settings, or paths relative to the root of a source, where the empty path means everything.
#[derive(Debug)]
pub(super) struct Pending<K>(HashMap<K, Wait>);

#[derive(Debug, Clone, Copy)]
struct Wait {
    due: Instant,
    latest: Instant,
}

impl<K> Default for Pending<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Ord> Pending<K> {
    /// Marks a key as due at once; or when it was not marked again for a moment, but after a second at the latest.
    pub(super) fn mark(&mut self, key: K, when: When, now: Instant) {
        match when {
            When::Now => {
                self.0.insert(key, Wait { due: now, latest: now });
            }
            When::Soon => {
                let wait = self.0.entry(key).or_insert(Wait { due: now + SOON, latest: now + LATEST });
                wait.due = (now + SOON).min(wait.latest);
            }
        }
    }

    /// The time at which the next key is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.0.values().map(|wait| wait.due).min()
    }

    /// Returns true if a key is due.
    pub(super) fn is_due(&self, key: &K, now: Instant) -> bool {
        self.0.get(key).is_some_and(|wait| wait.due <= now)
    }

    /// Removes a key if it is due. Returns true if it was.
    pub(super) fn take(&mut self, key: &K, now: Instant) -> bool {
        self.is_due(key, now) && self.0.remove(key).is_some()
    }

    /// Removes and returns every key that is due, in order.
    pub(super) fn take_due(&mut self, now: Instant) -> BTreeSet<K> {
        self.0.extract_if(|_, wait| wait.due <= now).map(|(key, _)| key).collect()
    }
}

/// Paths without those that lie below another of them.
pub(super) fn drop_nested(paths: &BTreeSet<String>) -> BTreeSet<String> {
    let lies_below = |path: &str| path.match_indices('/').any(|(at, _)| paths.contains(&path[..at]));
    paths.iter().filter(|path| !lies_below(path)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> String {
        "x.md".to_owned()
    }

    #[test]
    fn a_file_that_grows_waits_for_quiet_but_not_for_ever() {
        let (mut pending, start) = (Pending::default(), Instant::now());
        let mut now = start;
        while now < start + Duration::from_millis(900) {
            pending.mark(place(), When::Soon, now);
            assert!(pending.take_due(now).is_empty());
            now += Duration::from_millis(30);
        }
        pending.mark(place(), When::Soon, now + SOON);
        assert_eq!(pending.take_due(start + LATEST).len(), 1);
    }

    #[test]
    fn what_is_closed_does_not_wait_though_more_is_written() {
        let (mut pending, now) = (Pending::default(), Instant::now());
        pending.mark(place(), When::Now, now);
        pending.mark(place(), When::Soon, now);
        assert_eq!(pending.next_due(), Some(now));
        assert_eq!(pending.take_due(now), BTreeSet::from([place()]));
        assert!(pending.next_due().is_none());
    }
}
