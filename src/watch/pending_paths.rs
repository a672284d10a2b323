//! What of a source is to be looked at, and when: at once, or when its writer has been quiet, but never too
//! late.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// How long a file that was not closed waits for its writer to be quiet.
const SOON: Duration = Duration::from_millis(100);
/// How long it waits at most: a log that grows for ever is read while it grows.
const LATEST: Duration = Duration::from_secs(1);

/// Paths that something happened to, relative to the source's root; everything if empty.
#[derive(Debug, Default)]
pub(super) struct PendingPaths {
    paths: HashMap<String, Wait>,
}

#[derive(Debug, Clone, Copy)]
struct Wait {
    due: Instant,
    latest: Instant,
}

impl PendingPaths {
    /// The path is looked at as soon as possible.
    pub(super) fn mark_now(&mut self, path: String, now: Instant) {
        self.paths.insert(path, Wait { due: now, latest: now });
    }

    /// The path is looked at when it has been quiet for a moment, or after a second.
    pub(super) fn mark_soon(&mut self, path: String, now: Instant) {
        let wait = self.paths.entry(path).or_insert(Wait { due: now + SOON, latest: now + LATEST });
        wait.due = (now + SOON).min(wait.latest);
    }

    /// When the next path is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.paths.values().map(|wait| wait.due).min()
    }

    /// Takes every path out that is due, in order.
    pub(super) fn take_due(&mut self, now: Instant) -> BTreeSet<String> {
        let due: BTreeSet<String> =
            self.paths.iter().filter(|(_, wait)| wait.due <= now).map(|(path, _)| path.clone()).collect();
        self.paths.retain(|path, _| !due.contains(path));
        due
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
        let (mut dirty, start) = (PendingPaths::default(), Instant::now());
        let mut now = start;
        while now < start + Duration::from_millis(900) {
            dirty.mark_soon(place(), now);
            assert!(dirty.take_due(now).is_empty());
            now += Duration::from_millis(30);
        }
        dirty.mark_soon(place(), now + SOON);
        assert_eq!(dirty.take_due(start + LATEST).len(), 1);
    }

    #[test]
    fn what_is_closed_does_not_wait_though_more_is_written() {
        let (mut dirty, now) = (PendingPaths::default(), Instant::now());
        dirty.mark_now(place(), now);
        dirty.mark_soon(place(), now);
        assert_eq!(dirty.next_due(), Some(now));
        assert_eq!(dirty.take_due(now), BTreeSet::from([place()]));
        assert!(dirty.next_due().is_none());
    }
}
