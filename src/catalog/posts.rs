//! Posts by slot. Snapshots share them: a change copies a few, not all posts.

use std::sync::Arc;

use xxhash_rust::xxh3::Xxh3;

use super::shared_array::SharedArray;
use crate::post::Post;

/// The index of a post in [`Posts`]; stable while the post exists.
pub(super) type Slot = u32;

/// Every post the catalog knows, visible or not.
#[derive(Debug, Clone, Default)]
pub(super) struct Posts {
    by_slot: SharedArray<Option<Arc<Post>>>,
    /// The end of the slots that were ever used.
    end: Slot,
}

impl Posts {
    pub(super) fn get(&self, slot: Slot) -> Option<&Arc<Post>> {
        self.by_slot.get(slot as usize)?.as_ref()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Slot, &Arc<Post>)> {
        self.by_slot.iter().filter_map(|(slot, post)| Some((slot as Slot, post.as_ref()?)))
    }

    /// Posts in the slots from 0.
    pub(super) fn fill(posts: impl Iterator<Item = Arc<Post>>) -> Self {
        let mut filled = Self::default();
        for (slot, post) in (0..).zip(posts) {
            filled.set(slot, Some(post));
        }
        filled
    }

    pub(super) fn set(&mut self, slot: Slot, post: Option<Arc<Post>>) {
        self.end = self.end.max(slot + 1);
        *self.by_slot.get_mut(slot as usize) = post;
    }

    /// Changes the post of a slot.
    pub(super) fn change(&mut self, slot: Slot, change: impl FnOnce(&mut Post)) {
        if let Some(post) = self.by_slot.get_mut(slot as usize) {
            change(Arc::make_mut(post));
        }
    }

    /// The end of the slots that were ever used.
    pub(super) fn end(&self) -> usize {
        self.end as usize
    }

    /// The slots whose posts differ from those of another version, in order. Costs what the two do not share.
    pub(super) fn list_changed<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Slot> + 'a {
        let slots = self.by_slot.list_unshared(&other.by_slot).map(|slot| slot as Slot);
        slots.filter(move |slot| match (self.get(*slot), other.get(*slot)) {
            (Some(one), Some(other)) => !Arc::ptr_eq(one, other),
            (one, other) => one.is_some() || other.is_some(),
        })
    }

    /// Visits every part that snapshots may share: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        self.by_slot.visit_parts(each);
    }
}

/// The sum of the hashes of posts, to which each adds exactly what it subtracts later.
pub(super) fn sum_hashes(posts: &[(Slot, &Post)]) -> u128 {
    posts.iter().map(|(_, post)| hash_post(post)).fold(0, u128::wrapping_add)
}

/// The hash of everything in a post that readers see.
pub(super) fn hash_post(post: &Post) -> u128 {
    let mut hasher = Xxh3::new();
    hasher.update(&post.source.to_le_bytes());
    post.hash_into(&mut hasher);
    hasher.digest128()
}
