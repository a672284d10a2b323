//! Sorted lists of slots: newest first, ties by id. Changes are merged in, nothing is sorted twice.

use std::cmp::Ordering;
use std::sync::Arc;

use super::posts::{Posts, Slot};
use crate::post::Post;

/// The order of feeds: newest first by publication, ties by id ascending. No two posts are equal.
pub(super) fn compare(one: &Post, other: &Post) -> Ordering {
    let place = |post: &Post| (post.source, Arc::clone(&post.path));
    other
        .published
        .cmp(&one.published)
        .then_with(|| one.id.cmp(&other.id))
        .then_with(|| place(one).cmp(&place(other)))
}

/// What changes in one list: posts that leave it and posts that join it, each sorted.
#[derive(Debug, Default)]
pub(super) struct Edit {
    pub(super) leaving: Vec<(Slot, Arc<Post>)>,
    pub(super) joining: Vec<(Slot, Arc<Post>)>,
}

impl Edit {
    pub(super) fn is_empty(&self) -> bool {
        self.leaving.is_empty() && self.joining.is_empty()
    }

    /// The list after this edit. `before` holds the posts as `list` was sorted by.
    ///
    /// Costs a binary search for each post that moves and one copy of the list.
    pub(super) fn apply(&self, list: &[Slot], before: &Posts) -> Vec<Slot> {
        let find = |within: &[Slot], post: &Post| {
            within.partition_point(|slot| {
                before.get(*slot).is_some_and(|other| compare(other, post) == Ordering::Less)
            })
        };
        let mut kept = Vec::with_capacity(list.len());
        let mut rest = list;
        for (slot, post) in &self.leaving {
            let at = find(rest, post);
            debug_assert_eq!(rest.get(at), Some(slot), "a post leaves a list that holds it");
            kept.extend_from_slice(&rest[..at]);
            rest = rest.get(at + 1..).unwrap_or_default();
        }
        kept.extend_from_slice(rest);

        let mut merged = Vec::with_capacity(kept.len() + self.joining.len());
        let mut rest = &kept[..];
        for (slot, post) in &self.joining {
            let at = find(rest, post);
            merged.extend_from_slice(&rest[..at]);
            merged.push(*slot);
            rest = &rest[at..];
        }
        merged.extend_from_slice(rest);
        merged
    }
}

/// Sorts posts as lists are sorted.
pub(super) fn sort(posts: &mut [(Slot, Arc<Post>)]) {
    posts.sort_by(|(_, one), (_, other)| compare(one, other));
}
