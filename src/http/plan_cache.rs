//! What addresses asked for lately lead to, kept until the next snapshot: a poll costs one look.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::cache_headers::Head;
use crate::feed::{Address, Fingerprint, Group, new_cache};

/// An address, planned on one snapshot.
#[derive(Debug)]
pub(super) struct Planned {
    /// The snapshot's revision.
    pub(super) revision: u64,
    /// What it leads to.
    pub(super) subject: Subject,
    /// Stands for the bytes.
    pub(super) fingerprint: Fingerprint,
    /// What is said of it.
    pub(super) head: Head,
    /// The canonical path, if it is that of a listed feed.
    pub(super) listed: Option<Arc<str>>,
}

/// What is rendered.
#[derive(Debug)]
pub(super) enum Subject {
    /// A feed, or its page.
    Feed(Box<Address>, Shown),
    /// The page of a group of feeds, and the filter that is applied to it.
    Group(Group, Option<Box<str>>),
    /// The page of an entry: its source and its name.
    Entry(u16, Box<str>),
    /// The list of all feeds.
    Opml,
}

/// What of a feed is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// Itself.
    Feed,
    /// Its page for people.
    Page,
    /// The same, at the feed's own address.
    InPlace,
}

impl Subject {
    /// Whether it is a feed itself.
    pub(super) fn is_feed(&self) -> bool {
        matches!(self, Self::Feed(_, Shown::Feed))
    }
}

/// Plans by the path and query that were asked for. Bounded by weight.
pub(super) struct Plans {
    cache: Cache<Box<str>, Arc<Planned>, ByBytes>,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Box<str>, Arc<Planned>> for ByBytes {
    fn weight(&self, target: &Box<str>, planned: &Arc<Planned>) -> u64 {
        let listed = planned.listed.as_ref().map_or(0, |path| path.len());
        // Conditions of an address are no longer than its query, and each costs a few words more.
        let address = target.len() * 8 + size_of::<Address>();
        (size_of::<Planned>() + address + listed + planned.head.weight()) as u64
    }
}

impl Plans {
    /// Keeps `capacity` bytes.
    pub(super) fn new(capacity: u64) -> Self {
        let expected = (capacity / 1024).clamp(16, 100_000) as usize;
        Self { cache: new_cache(expected, capacity, ByBytes) }
    }

    /// What was planned for a target on a snapshot of this revision.
    pub(super) fn get(&self, target: &str, revision: u64) -> Option<Arc<Planned>> {
        self.cache.get(target).filter(|planned| planned.revision == revision)
    }

    pub(super) fn keep(&self, target: &str, planned: &Arc<Planned>) {
        self.cache.insert(target.into(), Arc::clone(planned));
    }

    /// Keeps `capacity` bytes from now on.
    pub(super) fn resize(&self, capacity: u64) {
        self.cache.set_capacity(capacity);
    }

    pub(super) fn weight(&self) -> u64 {
        self.cache.weight()
    }
}
