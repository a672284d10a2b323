//! Posts that claim one id: the first holder keeps it, the others get one of their own.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use super::posts::Slot;
use crate::post::Post;
use crate::post::address::encode_segment;

/// Who claims which id, among visible posts.
#[derive(Debug, Default)]
pub(super) struct Rivals {
    /// By the hash of an id: who holds it.
    holders: HashMap<u64, Slot>,
    /// By the same hash: the others, in no order. Most ids have none.
    others: HashMap<u64, Vec<Slot>>,
}

impl Rivals {
    pub(super) fn claim(&mut self, id: &str, slot: Slot) {
        let key = xxh3_64(id.as_bytes());
        if *self.holders.entry(key).or_insert(slot) != slot {
            self.others.entry(key).or_default().push(slot);
        }
    }

    /// Gives a claim up. Says who is left without the id, if it becomes free.
    pub(super) fn release(&mut self, id: &str, slot: Slot) {
        let key = xxh3_64(id.as_bytes());
        if let Some(others) = self.others.get_mut(&key) {
            others.retain(|other| *other != slot);
            if others.is_empty() {
                self.others.remove(&key);
            }
        }
        if self.holders.get(&key) == Some(&slot) {
            self.holders.remove(&key);
        }
    }

    /// Who claims an id beside its holder.
    pub(super) fn others(&self, id: &str) -> &[Slot] {
        self.others.get(&xxh3_64(id.as_bytes())).map_or(&[], Vec::as_slice)
    }

    /// Who holds an id.
    pub(super) fn holder(&self, id: &str) -> Option<Slot> {
        self.holders.get(&xxh3_64(id.as_bytes())).copied()
    }

    /// Makes one of the rivals the holder of an id.
    pub(super) fn set_holder(&mut self, id: &str, slot: Slot) {
        let key = xxh3_64(id.as_bytes());
        let before = self.holders.insert(key, slot);
        let others = self.others.entry(key).or_default();
        others.retain(|other| *other != slot);
        others.extend(before.filter(|before| *before != slot));
        if others.is_empty() {
            self.others.remove(&key);
        }
    }

    /// Every rival without an id of its own.
    pub(super) fn losers(&self) -> impl Iterator<Item = Slot> {
        self.others.values().flatten().copied()
    }
}

/// The order in which posts come into an id: the earliest published, ties by path.
pub(super) fn seniority(post: &Post) -> (chrono::DateTime<chrono::Utc>, &str) {
    (post.published, &post.path)
}

/// The id of a post whose own is held by another: with its file name, or its path where another
/// rival has that file name too, or source and path where even the path is equal.
pub(super) fn make_id(own: &str, post: &Post, source: &str, rivals: &[&Post]) -> String {
    let file = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let name = file(&post.path);
    let others = || rivals.iter().filter(|rival| (rival.source, &rival.path) != (post.source, &post.path));
    let suffix = if others().any(|rival| rival.path == post.path) {
        format!("{source}/{}", post.path)
    } else if others().any(|rival| file(&rival.path) == name) {
        post.path.to_string()
    } else {
        name
    };
    format!("{own}#{}", encode_segment(&suffix))
}
