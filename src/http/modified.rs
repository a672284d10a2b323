//! When each feed's output last changed, as this server saw it.

use crate::feed::Fingerprint;
use crate::state::{Seen, Store};

/// What stands for all posts: queries and further pages change with it.
const EVERYTHING: &str = "";

/// Times of changes, kept by the store over restarts.
#[derive(Debug)]
pub(super) struct Modified {
    store: Store,
}

impl Modified {
    pub(super) fn new(store: Store) -> Self {
        Self { store }
    }

    /// When the listed feed at a path, or everything if there is none, came to have this fingerprint, in
    /// Unix seconds: `now`, if it is seen first. A second change within one second counts as one second later, so no two versions share
    /// a date, and none is older than the one before.
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

    /// Whether there was a feed at a path, now or before a restart.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.store.get(path).is_some()
    }
}
