//! The orders of lists of posts: newest first, ties by id; and the changes of such lists.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::Hash;

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;

use super::posts::Slot;
use crate::config::Order;
use crate::post::Post;

/// The order of feeds: newest first by publication, ties by id ascending. No two posts are equal.
pub(super) fn compare(one: &Post, other: &Post) -> Ordering {
    let by_date = other.published.cmp(&one.published);
    let by_id = || one.id.cmp(&other.id);
    by_date.then_with(by_id).then_with(|| (one.source, &one.path).cmp(&(other.source, &other.path)))
}

/// The order of feeds by change: those changed last first, ties by id ascending.
pub(super) fn compare_changes(one: &Post, other: &Post) -> Ordering {
    let by_change = other.changed().cmp(&one.changed());
    let by_id = || one.id.cmp(&other.id);
    by_change.then_with(by_id).then_with(|| (one.source, &one.path).cmp(&(other.source, &other.path)))
}

/// The order of feeds by arrival: newest arrivals first, ties by publication.
pub(super) fn compare_arrivals(one: &Post, other: &Post) -> Ordering {
    other.arrival().cmp(&one.arrival()).then_with(|| compare(one, other))
}

/// The time of a post by which feeds with this order are sorted.
pub(super) fn time_by(order: Order, post: &Post) -> DateTime<Utc> {
    match order {
        Order::Published => post.published,
        Order::Updated => post.changed(),
        Order::Arrival => post.arrival().time(),
    }
}

/// The order of posts in feeds with this order.
pub(super) fn compare_by(order: Order) -> Compare {
    match order {
        Order::Published => compare,
        Order::Updated => compare_changes,
        Order::Arrival => compare_arrivals,
    }
}

/// An order of posts in which no two are equal.
pub(super) type Compare = fn(&Post, &Post) -> Ordering;

/// A post that leaves a list or joins it.
pub(super) type Move<'a> = (Slot, &'a Post);

/// The changes of one list; each side is sorted like the list.
#[derive(Debug, Clone, Default)]
pub(super) struct Edit<'a> {
    pub(super) leaving: Vec<Move<'a>>,
    pub(super) joining: Vec<Move<'a>>,
    /// True if every post, of this edit and before it, has arrived when it was published.
    pub(super) is_by_publication: bool,
}

impl<'a> Edit<'a> {
    /// Sorts both sides by an order of posts.
    pub(super) fn sort(&mut self, compare: Compare) {
        for side in [&mut self.leaving, &mut self.joining] {
            side.sort_unstable_by(|(_, one), (_, other)| compare(one, other));
        }
    }

    /// Returns true if every post that moves is of one kind.
    pub(super) fn all(&self, kind: impl Fn(&Post) -> bool) -> bool {
        self.leaving.iter().chain(&self.joining).all(|(_, post)| kind(post))
    }

    /// The part of this edit that moves posts of one kind.
    pub(super) fn retain(&self, kind: impl Fn(&Post) -> bool) -> Edit<'a> {
        let keep = |side: &[Move<'a>]| side.iter().filter(|(_, post)| kind(post)).copied().collect();
        Edit { leaving: keep(&self.leaving), joining: keep(&self.joining), ..*self }
    }

    /// Distributes the posts that move to lists, by the keys of each. A post is in a list once.
    pub(super) fn distribute<K: Eq + Hash, I: IntoIterator<Item = K>>(
        &self,
        keys: impl Fn(&'a Post) -> I,
    ) -> FxHashMap<K, Edit<'a>> {
        let mut parts: FxHashMap<K, Edit<'a>> = FxHashMap::default();
        for (moves, leave) in [(&self.leaving, true), (&self.joining, false)] {
            for &(slot, post) in moves {
                for key in keys(post) {
                    let empty = || Edit { leaving: Vec::new(), joining: Vec::new(), ..*self };
                    let part = parts.entry(key).or_insert_with(empty);
                    let side = if leave { &mut part.leaving } else { &mut part.joining };
                    if side.last().is_none_or(|(last, _)| *last != slot) {
                        side.push((slot, post));
                    }
                }
            }
        }
        parts
    }

    /// The posts that leave or join a list sorted by an order; those that keep their place in it do neither.
    pub(super) fn only_moves(&self, compare: Compare) -> Cow<'_, Self> {
        if self.leaving.is_empty() || self.joining.is_empty() {
            return Cow::Borrowed(self);
        }
        let keeps = |(slot, post): &Move<'_>, others: &[Move<'_>]| {
            let at = others.binary_search_by(|(_, other)| compare(other, post));
            at.is_ok_and(|at| others[at].0 == *slot)
        };
        let moves = |side: &[Move<'a>], others: &[Move<'a>]| {
            side.iter().filter(|post| !keeps(post, others)).copied().collect()
        };
        let leaving = moves(&self.leaving, &self.joining);
        Cow::Owned(Self { leaving, joining: moves(&self.joining, &self.leaving), ..*self })
    }
}
