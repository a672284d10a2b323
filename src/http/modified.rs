//! When each feed's output last changed, as this server saw it.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use crate::feed::Fingerprint;

/// By canonical path: the fingerprint seen last and since when, in Unix seconds.
#[derive(Debug, Default)]
pub(super) struct Modified {
    seen: RwLock<HashMap<String, (Fingerprint, i64)>>,
}

impl Modified {
    /// When the feed at a path came to have this fingerprint. A second change within one second
    /// counts as one second later, so no two versions share a date. Paths are those of listed feeds:
    /// there is no more of them than of terms.
    pub(super) fn since(&self, path: &str, fingerprint: Fingerprint, now: i64) -> i64 {
        let known = |seen: &HashMap<String, (Fingerprint, i64)>| seen.get(path).copied();
        let before = known(&self.seen.read().unwrap_or_else(PoisonError::into_inner));
        if let Some((_, since)) = before.filter(|(seen, _)| *seen == fingerprint) {
            return since;
        }
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        let since = match known(&seen) {
            Some((other, since)) if other == fingerprint => return since,
            Some((_, since)) => now.max(since + 1),
            None => now,
        };
        seen.insert(path.to_owned(), (fingerprint, since));
        since
    }
}
