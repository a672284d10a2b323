//! Keys of documents: each identifies a version of a post with everything that its texts depend on.

use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::Xxh3;

use crate::catalog::Site;
use crate::post::Post;

/// Incremented when the texts or the terms of the same post change.
const VERSION: u32 = 1;

/// The key of a version of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Key([u64; 2]);

impl Key {
    /// The key with these halves.
    pub(super) fn new(halves: [u64; 2]) -> Self {
        Self(halves)
    }

    /// The two halves.
    pub(super) fn halves(self) -> [u64; 2] {
        self.0
    }
}

/// Makes the keys of a site's posts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KeyMaker {
    /// For each source, the hash of its settings.
    digests: Vec<u128>,
}

impl KeyMaker {
    pub(super) fn new(site: &Site) -> Self {
        Self { digests: site.source_ids().map(|source| site.text_digest(source)).collect() }
    }

    /// Identifies the settings on which keys depend, in one line.
    pub(super) fn describe(&self) -> String {
        let mut hasher = Xxh3::new();
        self.digests.iter().for_each(|digest| hasher.update(&digest.to_le_bytes()));
        format!("{:032x}", hasher.digest128())
    }

    /// The key of a post.
    pub(super) fn key_of(&self, post: &Post) -> Key {
        let mut hasher = Xxh3::new();
        post.hash_into(&mut hasher);
        hasher.update(&self.digests[usize::from(post.source)].to_le_bytes());
        hasher.update(&VERSION.to_le_bytes());
        hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
        let key = hasher.digest128();
        Key([key as u64, (key >> 64) as u64])
    }
}

/// The documents of the index by their keys, and the slots of their posts.
#[derive(Debug, Default)]
pub(super) struct Keys {
    documents: FxHashMap<Key, Option<u32>>,
    /// The key of the post of each slot; the default for none.
    by_slot: Vec<Key>,
}

impl Keys {
    /// The keys of an index whose posts are not known yet.
    pub(super) fn of_documents(keys: impl Iterator<Item = Key>) -> Self {
        Self { documents: keys.map(|key| (key, None)).collect(), by_slot: Vec::new() }
    }

    /// The key of the post of a slot.
    pub(super) fn of_slot(&self, slot: u32) -> Option<Key> {
        self.by_slot.get(slot as usize).copied().filter(|key| *key != Key::default())
    }

    /// Sets the key of the post of a slot.
    pub(super) fn set_slot(&mut self, slot: u32, key: Option<Key>) {
        let slot = slot as usize;
        if self.by_slot.len() <= slot {
            self.by_slot.resize(slot + 1, Key::default());
        }
        self.by_slot[slot] = key.unwrap_or_default();
    }

    /// Returns true if the index has a document with this key.
    pub(super) fn has(&self, key: Key) -> bool {
        self.documents.contains_key(&key)
    }

    /// The slot of the post of a document.
    pub(super) fn find_slot(&self, key: Key) -> Option<u32> {
        self.documents.get(&key).copied().flatten()
    }

    /// Sets the slot of the post of a document.
    pub(super) fn set_document(&mut self, key: Key, slot: Option<u32>) {
        self.documents.insert(key, slot);
    }

    /// Removes a document, if it is of no post. Returns true if it was there.
    pub(super) fn remove_unused(&mut self, key: Key) -> bool {
        let is_unused = self.documents.get(&key).is_some_and(Option::is_none);
        if is_unused {
            self.documents.remove(&key);
        }
        is_unused
    }

    /// The number of documents.
    pub(super) fn len(&self) -> usize {
        self.documents.len()
    }
}
