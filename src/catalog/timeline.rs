//! The dates of publication of the posts of a selection.

use std::borrow::Cow;

use chrono::{DateTime, Utc};

use super::posts::Slot;
use super::selection::Selection;
use super::snapshot::Snapshot;
use crate::config::Order;

/// The posts of a selection in the order of their publication. A query costs a binary search.
#[derive(Debug)]
pub struct Timeline<'s> {
    snapshot: &'s Snapshot,
    slots: Cow<'s, [Slot]>,
}

impl<'s> Timeline<'s> {
    /// Creates the timeline of a selection. Its search words are ignored.
    pub fn new(snapshot: &'s Snapshot, selection: &Selection) -> Self {
        let selection = Selection { order: Order::Published, ..selection.clone() };
        Self { snapshot, slots: snapshot.query(&selection).slots() }
    }

    /// The date of publication of the newest post.
    pub fn newest(&self) -> Option<DateTime<Utc>> {
        self.published(*self.slots.first()?)
    }

    /// The date of publication of the oldest post.
    pub fn oldest(&self) -> Option<DateTime<Utc>> {
        self.published(*self.slots.last()?)
    }

    /// The number of posts that were published at a time or later.
    pub fn count_since(&self, moment: DateTime<Utc>) -> usize {
        self.slots.partition_point(|slot| self.published(*slot).is_some_and(|published| published >= moment))
    }

    fn published(&self, slot: Slot) -> Option<DateTime<Utc>> {
        self.snapshot.posts.get(slot).map(|post| post.published)
    }
}
