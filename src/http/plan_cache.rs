//! The cache of plans for recent request targets, valid for one snapshot: a poll costs one lookup.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::cache_headers::Head;
use crate::feed::{Address, Fingerprint, Group, new_cache};

/// The plan of a request target on one snapshot.
#[derive(Debug)]
pub(super) struct Planned {
    /// The revision of the snapshot.
    pub(super) revision: u64,
    /// The thing to render.
    pub(super) subject: Subject,
    /// Identifies the bytes.
    pub(super) fingerprint: Fingerprint,
    /// The headers.
    pub(super) head: Head,
    /// The canonical path, if the target is a listed feed.
    pub(super) listed: Option<Arc<str>>,
}

/// The thing that is rendered.
#[derive(Debug)]
pub(super) enum Subject {
    /// A feed, or its page.
    Feed(Box<Address>, Shown),
    /// The page of a group of feeds, and its filter.
    Group(Group, Option<Box<str>>),
    /// The page of an entry: its source and its name.
    Entry(u16, Box<str>),
    /// The list of all feeds.
    Opml,
}

/// The form in which a feed is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// The feed document.
    Feed,
    /// The feed's page, at the page's own URL.
    Page,
    /// The feed's page, at the URL of the feed.
    InPlace,
}

impl Subject {
    /// Returns true for a feed document.
    pub(super) fn is_feed(&self) -> bool {
        matches!(self, Self::Feed(_, Shown::Feed))
    }
}

/// Plans by request target. Bounded by weight.
pub(super) struct Plans {
    cache: Cache<Box<str>, Arc<Planned>, ByBytes>,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Box<str>, Arc<Planned>> for ByBytes {
    fn weight(&self, target: &Box<str>, planned: &Arc<Planned>) -> u64 {
        let listed = planned.listed.as_ref().map_or(0, |path| path.len());
        // The conditions are no longer than the query, with a few machine words of overhead each.
        let address = target.len() * 8 + size_of::<Address>();
        (size_of::<Planned>() + address + listed + planned.head.weight()) as u64
    }
}

impl Plans {
    /// Makes a cache of `capacity` bytes.
    pub(super) fn new(capacity: u64) -> Self {
        let expected = (capacity / 1024).clamp(16, 100_000) as usize;
        Self { cache: new_cache(expected, capacity, ByBytes) }
    }

    /// The plan of a target on the snapshot of this revision.
    pub(super) fn get(&self, target: &str, revision: u64) -> Option<Arc<Planned>> {
        self.cache.get(target).filter(|planned| planned.revision == revision)
    }

    pub(super) fn keep(&self, target: &str, planned: &Arc<Planned>) {
        self.cache.insert(target.into(), Arc::clone(planned));
    }

    /// Sets the capacity in bytes.
    pub(super) fn resize(&self, capacity: u64) {
        self.cache.set_capacity(capacity);
    }

    pub(super) fn weight(&self) -> u64 {
        self.cache.weight()
    }
}
