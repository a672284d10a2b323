//! The dates of publication of the posts of a selection.

use chrono::{DateTime, Utc};

use super::found::Found;
use super::posts::Slot;
use super::selection::Selection;
use super::snapshot::Snapshot;
use crate::config::Order;

/// The posts of a selection in the order of their publication. A query costs a binary search.
#[derive(Debug)]
pub struct Timeline<'s> {
    snapshot: &'s Snapshot,
    slots: Found<'s>,
}

impl<'s> Timeline<'s> {
    /// Creates the timeline of a selection. Its search words are ignored.
    pub fn new(snapshot: &'s Snapshot, selection: &Selection) -> Self {
        let selection = Selection { order: Order::Published, ..selection.clone() };
        let slots = match snapshot.query(&selection).find() {
            found @ Found::Subset(..) => Found::Sorted(found.iter_from(0).collect()),
            found => found,
        };
        Self { snapshot, slots }
    }

    /// The date of publication of the newest post.
    pub fn newest(&self) -> Option<DateTime<Utc>> {
        self.published(self.slots.iter_from(0).next()?)
    }

    /// The date of publication of the oldest post.
    pub fn oldest(&self) -> Option<DateTime<Utc>> {
        self.published(self.slots.iter_from(self.slots.len().checked_sub(1)?).next()?)
    }

    /// The number of posts that were published at a time or later.
    pub fn count_since(&self, moment: DateTime<Utc>) -> usize {
        let is_since = |slot: Slot| self.published(slot).is_some_and(|published| published >= moment);
        self.slots.partition_point(is_since)
    }

    fn published(&self, slot: Slot) -> Option<DateTime<Utc>> {
        self.snapshot.posts.get(slot).map(|post| post.published)
    }
}
