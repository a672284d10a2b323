//! The pending paths of a source, and when they are due: at once, or after a debounce time that has a maximum.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// The debounce time of a file that was not closed.
const SOON: Duration = Duration::from_millis(100);
/// The maximum of that time: a file that grows without end is read while it grows.
const LATEST: Duration = Duration::from_secs(1);

/// Paths that changed, relative to the source's root. The empty path means everything.
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
    /// Marks a path as due at once.
    pub(super) fn mark_now(&mut self, path: String, now: Instant) {
        self.paths.insert(path, Wait { due: now, latest: now });
    }

    /// Marks a path as due when it has not changed for a moment, or after a second.
    pub(super) fn mark_soon(&mut self, path: String, now: Instant) {
        let wait = self.paths.entry(path).or_insert(Wait { due: now + SOON, latest: now + LATEST });
        wait.due = (now + SOON).min(wait.latest);
    }

    /// The time at which the next path is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.paths.values().map(|wait| wait.due).min()
    }

    /// Removes and returns every path that is due, in order.
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
        let (mut pending, start) = (PendingPaths::default(), Instant::now());
        let mut now = start;
        while now < start + Duration::from_millis(900) {
            pending.mark_soon(place(), now);
            assert!(pending.take_due(now).is_empty());
            now += Duration::from_millis(30);
        }
        pending.mark_soon(place(), now + SOON);
        assert_eq!(pending.take_due(start + LATEST).len(), 1);
    }

    #[test]
    fn what_is_closed_does_not_wait_though_more_is_written() {
        let (mut pending, now) = (PendingPaths::default(), Instant::now());
        pending.mark_now(place(), now);
        pending.mark_soon(place(), now);
        assert_eq!(pending.next_due(), Some(now));
        assert_eq!(pending.take_due(now), BTreeSet::from([place()]));
        assert!(pending.next_due().is_none());
    }
}
