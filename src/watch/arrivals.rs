//! The times at which the files of a source were first seen, for posts that have no date.

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

use crate::post::Source;
use crate::post::dialect::Undated;
use crate::state::Store;

/// The arrivals of the files of a source, as the store remembers them.
#[derive(Debug)]
pub(super) struct Arrivals {
    source: Arc<Source>,
    store: Store,
}

impl Arrivals {
    pub(super) fn new(source: &Arc<Source>, store: &Store) -> Self {
        Self { source: Arc::clone(source), store: store.clone() }
    }

    /// Returns true if posts without a date get the date of their arrival.
    fn are_dates(&self) -> bool {
        self.source.dialect.spec().undated == Undated::FirstSeen
    }

    /// Records that the source was read as a whole: files that are new from now on arrive when they are seen.
    pub(super) fn begin(&self) {
        if self.are_dates() {
            self.store.remember_post(&self.source.name, "", 0);
        }
    }

    /// Remembers the date of a post that has none itself.
    pub(super) fn remember(&self, path: &str, date: DateTime<Utc>) {
        if self.are_dates() {
            self.store.remember_post(&self.source.name, path, date.timestamp());
        }
    }

    /// The time at which a known file was first seen, as a ledger has it; else the known one.
    pub(super) fn correct(&self, path: &str, known: DateTime<Utc>) -> DateTime<Utc> {
        let by_ledger = || self.store.ledger().first_seen(&self.source.name, path);
        let seen = if self.are_dates() { by_ledger() } else { None };
        seen.map_or(known, |seen| seen.time().trunc_subsecs(0))
    }

    /// The time at which a file that is not known yet was first seen: as the store remembers, else now. `None` for a
    /// source that was never read before: it has only the modification times of its files.
    pub(super) fn dates(&self) -> Option<impl Fn(&str) -> DateTime<Utc> + use<>> {
        let (name, store) = (self.source.name.clone(), self.store.clone());
        let was_read = self.are_dates() && store.first_seen(&name, "").is_some();
        // In whole seconds, as it is remembered.
        let now = Utc::now().trunc_subsecs(0);
        let remembered = move |path: &str| DateTime::from_timestamp(store.first_seen(&name, path)?, 0);
        was_read.then_some(move |path: &str| remembered(path).unwrap_or(now))
    }
}
