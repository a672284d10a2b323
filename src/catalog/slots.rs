//! The slots of posts, by the paths of their files.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::Xxh3;

use super::posts::Slot;
use crate::post::SourceId;

/// The hash of a name, aligned so that an entry of a map from keys to slots takes 12 bytes: there are millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key([u32; 2]);

impl From<u64> for Key {
    fn from(hash: u64) -> Self {
        Self([hash as u32, (hash >> 32) as u32])
    }
}

/// The slot of each file that is a post. A slot is used again after its post is removed.
#[derive(Debug, Default)]
pub(super) struct Slots {
    by_path: FxHashMap<Key, Slot>,
    free: Vec<Slot>,
}

impl Slots {
    pub(super) fn get(&self, source: SourceId, path: &str) -> Option<Slot> {
        self.by_path.get(&hash_path(source, path).into()).copied()
    }

    /// The slot of a path; a free one if it has none.
    pub(super) fn assign(&mut self, source: SourceId, path: &str) -> Slot {
        let unused = self.by_path.len() as Slot;
        let slot = self.by_path.entry(hash_path(source, path).into());
        *slot.or_insert_with(|| self.free.pop().unwrap_or(unused))
    }

    /// Frees the slot of a path.
    pub(super) fn release(&mut self, source: SourceId, path: &str) -> Option<Slot> {
        let slot = self.by_path.remove(&hash_path(source, path).into())?;
        self.free.push(slot);
        Some(slot)
    }

    /// Every slot that is used, unordered.
    pub(super) fn iter(&self) -> impl Iterator<Item = Slot> {
        self.by_path.values().copied()
    }
}

/// The key of a path, or of another name, within its source.
pub(super) fn hash_path(source: SourceId, path: &str) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(&source.to_le_bytes());
    hasher.update(path.as_bytes());
    hasher.digest()
}
