//! The time when each feed's output last changed, as this server saw it.

use crate::feed::Fingerprint;
use crate::state::{Seen, Store};

/// The key for all posts: queries and further pages change with them.
const EVERYTHING: &str = "";

/// The times of changes. The store keeps them across restarts.
#[derive(Debug)]
pub(super) struct Modified {
    store: Store,
}

impl Modified {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// The time, in Unix seconds, since when the listed feed at `path` has this fingerprint; without a path, since
    /// when all posts have it. That is `now` if it is new. A second change within one second counts as one second
    /// later: no two versions share a date, and dates only increase.
    pub(super) fn since(&self, path: Option<&str>, fingerprint: Fingerprint, now: i64) -> i64 {
        let path = path.unwrap_or(EVERYTHING);
        let fingerprint = fingerprint.0;
        if let Some(seen) = self.store.get(path).filter(|seen| seen.fingerprint == fingerprint) {
            return seen.since;
        }
        let seen = self.store.update(path, |known| match known {
            Some(seen) if seen.fingerprint == fingerprint => seen,
            Some(seen) => Seen { fingerprint, since: now.max(seen.since + 1) },
            None => Seen { fingerprint, since: now },
        });
        seen.since
    }

    /// Returns true if there is or was a feed at a path, also before a restart.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.store.get(path).is_some()
    }
}
