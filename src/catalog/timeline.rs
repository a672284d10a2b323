//! The times of the posts of a selection, in order.

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::found::Found;
use super::posts::Slot;
use super::selection::Selection;
use super::snapshot::Snapshot;
use super::sorted_list::time_by;
use crate::config::Order;
use crate::post::Post;

/// The posts of a selection in the order of one of their times, the latest first. A query costs a binary search.
#[derive(Debug)]
pub struct Timeline<'s> {
    snapshot: &'s Snapshot,
    order: Order,
    slots: Found<'s>,
}

impl<'s> Timeline<'s> {
    /// The posts of a selection in an order. Its search words and its own order are ignored.
    pub fn new(snapshot: &'s Snapshot, selection: &Selection, order: Order) -> Self {
        let selection = Selection { order, ..selection.clone() };
        let slots = match snapshot.query(&selection).find() {
            found @ Found::Subset(..) => Found::Sorted(found.iter_from(0).collect()),
            found => found,
        };
        Self { snapshot, order, slots }
    }

    /// The time of the latest post.
    pub fn newest(&self) -> Option<DateTime<Utc>> {
        self.time_at(0)
    }

    /// The time of the first post.
    pub fn oldest(&self) -> Option<DateTime<Utc>> {
        self.time_at(self.slots.len().checked_sub(1)?)
    }

    /// The time of the post at a place; `None` after the last one.
    pub fn time_at(&self, place: usize) -> Option<DateTime<Utc>> {
        self.time(self.slots.get(place)?)
    }

    /// The number of posts at a time or later.
    pub fn count_since(&self, moment: DateTime<Utc>) -> usize {
        self.slots.partition_point(|slot| self.time(slot).is_some_and(|time| time >= moment))
    }

    /// The number of posts at a time or later, of which the first `known` are. Costs the logarithm of the number of others.
    pub fn count_since_from(&self, known: usize, moment: DateTime<Utc>) -> usize {
        let is_since = |place: usize| self.time_at(place).is_some_and(|time| time >= moment);
        let (mut count, mut step) = (known, 1);
        while is_since(count + step - 1) {
            count += step;
            step *= 2;
        }
        // The first post before that time is among the next `step`.
        while step > 1 {
            let half = step / 2;
            if is_since(count + half - 1) {
                (count, step) = (count + half, step - half);
            } else {
                step = half;
            }
        }
        count
    }

    /// The posts at a range of places.
    pub fn posts(&self, places: Range<usize>) -> impl Iterator<Item = &'s Arc<Post>> {
        let slots = self.slots.iter_from(places.start).take(places.len());
        slots.filter_map(|slot| self.snapshot.posts.get(slot))
    }

    fn time(&self, slot: Slot) -> Option<DateTime<Utc>> {
        self.snapshot.posts.get(slot).map(|post| time_by(self.order, post))
    }
}
