//! A list of posts in an order. Versions share their parts, so that an edit costs what it changes.

use std::cmp::Ordering;
use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use super::posts::{Posts, Slot};
use super::shared_vec::SharedVec;
use super::slot_set::{Mask, SlotSet};
use super::sorted_list::{Compare, Edit, Move, compare, compare_arrivals};
use crate::config::Order;
use crate::post::Post;

/// A list is at least this part of all slots if a set of its slots is not larger than itself: a slot is 32 bits.
const DENSE: usize = 32;

/// Less than one move in this many posts is made one by one; more are merged in, with a copy of the list.
const FEW: usize = 512;

/// Slots of posts, sorted.
#[derive(Debug, Clone, Default)]
pub struct PostList {
    slots: SharedVec<Slot>,
    /// The same slots in the order of arrival; `None` if it is the same order.
    arrivals: Option<SharedVec<Slot>>,
    /// The same slots as a set: made when a query first needs it, and kept current from then on.
    set: OnceLock<SlotSet>,
}

impl PostList {
    /// The number of posts.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Returns true if there is no post.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Slot> {
        self.iter_from(0)
    }

    pub(super) fn iter_from(&self, at: usize) -> impl Iterator<Item = Slot> {
        self.slots.iter_from(at).copied()
    }

    /// Returns true if the posts have arrived in the order of their publication.
    pub(super) fn has_one_order(&self) -> bool {
        self.arrivals.is_none()
    }

    /// The slots in the order of publication, or of arrival.
    pub(super) fn in_order(&self, order: Order) -> &SharedVec<Slot> {
        self.arrivals.as_ref().filter(|_| order == Order::Arrival).unwrap_or(&self.slots)
    }

    pub(super) fn partition_point(&self, holds: impl Fn(Slot) -> bool) -> usize {
        self.slots.partition_point(|slot| holds(*slot))
    }

    /// The set of its slots, if it contains many of the slots before `end`.
    pub(super) fn dense_set(&self, end: usize) -> Option<&SlotSet> {
        (self.len() * DENSE >= end).then(|| self.set.get_or_init(|| self.iter().collect()))
    }

    /// Adds its slots to a set.
    pub(super) fn add_to(&self, mask: &mut Mask, end: usize) {
        match self.dense_set(end) {
            Some(set) => mask.unite(set),
            None => self.iter().for_each(|slot| mask.insert(slot)),
        }
    }

    /// Removes its slots from a set.
    pub(super) fn remove_from(&self, mask: &mut Mask, end: usize) {
        match self.dense_set(end) {
            Some(set) => mask.subtract(set),
            None => self.iter().for_each(|slot| mask.remove(slot)),
        }
    }

    /// The list by publication after an edit that is sorted like it. `before` and `after` are the posts before and after
    /// the edit.
    pub(super) fn edited(&self, edit: &Edit<'_>, before: &Posts, after: &Posts) -> Self {
        let edited = self.edited_by(edit, compare, before);
        let has_same_order = self.arrivals.is_none()
            && (edit.is_by_publication || is_sorted_by_arrival(&edited.slots, &edit.joining, after));
        let arrivals = (!has_same_order).then(|| {
            let mut edit = edit.clone();
            edit.sort(compare_arrivals);
            edit_slots(self.arrivals.as_ref().unwrap_or(&self.slots), &edit, compare_arrivals, before)
        });
        Self { arrivals, ..edited }
    }

    /// The list after an edit, both sorted by `compare`. `before` contains the posts that it is sorted by.
    pub(super) fn edited_by(&self, edit: &Edit<'_>, compare: Compare, before: &Posts) -> Self {
        let set = self.set.get().map_or_else(OnceLock::new, |set| {
            let mut set = set.clone();
            for (slot, _) in &edit.leaving {
                set.remove(*slot);
            }
            for (slot, _) in &edit.joining {
                set.insert(*slot);
            }
            OnceLock::from(set)
        });
        Self { slots: edit_slots(&self.slots, edit, compare, before), arrivals: None, set }
    }

    /// Visits every part that snapshots may share: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        self.slots.visit_parts(each);
        self.arrivals.iter().for_each(|slots| slots.visit_parts(each));
        self.set.get().into_iter().for_each(|set| set.visit_parts(each));
    }
}

impl FromIterator<Slot> for PostList {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Self {
        Self { slots: slots.into_iter().collect(), ..Self::default() }
    }
}

/// Slots after an edit that is sorted like them. `before` contains the posts that they are sorted by.
fn edit_slots(slots: &SharedVec<Slot>, edit: &Edit<'_>, compare: Compare, before: &Posts) -> SharedVec<Slot> {
    let edit = edit.only_moves(compare);
    let Edit { leaving, joining, .. } = &*edit;
    let is_before = |slot: &Slot, post: &Post| {
        before.get(*slot).is_some_and(|other| compare(other, post) == Ordering::Less)
    };
    if (leaving.len() + joining.len()) * FEW > slots.len() {
        let leaving: FxHashSet<Slot> = leaving.iter().map(|(slot, _)| *slot).collect();
        let kept: Vec<Slot> = slots.iter().copied().filter(|slot| !leaving.contains(slot)).collect();
        let mut merged = Vec::with_capacity(kept.len() + joining.len());
        let mut rest = &kept[..];
        for (slot, post) in joining {
            let (first, others) = rest.split_at(rest.partition_point(|other| is_before(other, post)));
            merged.extend_from_slice(first);
            merged.push(*slot);
            rest = others;
        }
        merged.extend_from_slice(rest);
        return merged.into_iter().collect();
    }
    let mut slots = slots.clone();
    for (slot, post) in leaving {
        let at = slots.partition_point(|other| is_before(other, post));
        debug_assert_eq!(slots.get(at), Some(slot), "a post leaves a list that contains it");
        slots.remove(at);
    }
    // From the last one on: the places of those before it stay as they are.
    let place = |(_, post): &Move<'_>| slots.partition_point(|other| is_before(other, post));
    let places: Vec<usize> = joining.iter().map(place).collect();
    for ((slot, _), at) in joining.iter().zip(places).rev() {
        slots.insert(at, *slot);
    }
    slots
}

/// Returns true if slots by publication, sorted by arrival before these posts joined, still are.
fn is_sorted_by_arrival(slots: &SharedVec<Slot>, joining: &[Move<'_>], posts: &Posts) -> bool {
    let is_before = |one: Slot, other: &Post| {
        posts.get(one).is_some_and(|one| compare_arrivals(one, other) == Ordering::Less)
    };
    let are_sorted =
        |(one, other): (&Slot, &Slot)| posts.get(*other).is_some_and(|other| is_before(*one, other));
    if joining.len() * FEW > slots.len() {
        return slots.iter().zip(slots.iter_from(1)).all(are_sorted);
    }
    joining.iter().all(|(_, post)| {
        let is_earlier =
            |slot: &Slot| posts.get(*slot).is_some_and(|own| compare(own, post) == Ordering::Less);
        let around = slots.partition_point(is_earlier).saturating_sub(1);
        slots.iter_from(around).take(2).zip(slots.iter_from(around + 1)).all(are_sorted)
    })
}
