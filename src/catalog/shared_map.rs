//! A hash map whose versions share their parts: a change copies one leaf and the branches above it.

use std::borrow::Borrow;
use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

/// The largest number of entries in a leaf, except where the hashes of more are equal.
const LEAF: usize = 8;
/// The number of children of a branch, and the bits of a hash that choose among them.
const BRANCH: usize = 1 << BITS;
const BITS: u32 = 4;

/// A map, as a tree over the bits of hashes.
#[derive(Debug, Clone)]
pub(super) struct SharedMap<K, V> {
    root: Node<K, V>,
}

#[derive(Debug, Clone)]
enum Node<K, V> {
    Leaf(Arc<[(K, V)]>),
    Branch(Arc<[Node<K, V>; BRANCH]>),
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self { root: Node::default() }
    }
}

impl<K, V> Default for Node<K, V> {
    fn default() -> Self {
        Self::Leaf(Arc::default())
    }
}

impl<K: Hash + Eq + Clone, V: Clone> SharedMap<K, V> {
    /// Returns true if nothing was ever inserted.
    pub(super) fn is_empty(&self) -> bool {
        matches!(&self.root, Node::Leaf(entries) if entries.is_empty())
    }

    pub(super) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.get_key_value(key).map(|(_, value)| value)
    }

    pub(super) fn get_key_value<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        let (mut node, mut hash) = (&self.root, FxBuildHasher.hash_one(key));
        loop {
            match node {
                Node::Leaf(entries) => {
                    let entry = entries.iter().find(|(known, _)| known.borrow() == key)?;
                    return Some((&entry.0, &entry.1));
                }
                Node::Branch(children) => {
                    node = &children[hash as usize % BRANCH];
                    hash >>= BITS;
                }
            }
        }
    }

    pub(super) fn contains_key<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// Inserts a value, or replaces it.
    pub(super) fn insert(&mut self, key: K, value: V) {
        self.root.insert(0, key, value);
    }

    /// Removes a key.
    pub(super) fn remove(&mut self, key: &K) {
        let (mut node, mut hash) = (&mut self.root, FxBuildHasher.hash_one(key));
        loop {
            match node {
                Node::Leaf(entries) => {
                    *entries = entries.iter().filter(|(known, _)| known != key).cloned().collect();
                    return;
                }
                Node::Branch(children) => {
                    node = &mut Arc::make_mut(children)[hash as usize % BRANCH];
                    hash >>= BITS;
                }
            }
        }
    }

    /// Every entry, unordered.
    pub(super) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        let mut found = Vec::new();
        self.root.collect(None, &mut found);
        found.into_iter().flatten()
    }

    /// Returns true if this is an unchanged version of another map.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (&self.root, &other.root) {
            (Node::Leaf(own), Node::Leaf(other)) => Arc::ptr_eq(own, other),
            (Node::Branch(own), Node::Branch(other)) => Arc::ptr_eq(own, other),
            _ => false,
        }
    }

    /// The entries of the parts that an earlier version does not share: every new or changed entry, and a few others.
    pub(super) fn iter_unshared(&self, before: &Self) -> impl Iterator<Item = &(K, V)> {
        let mut found = Vec::new();
        self.root.collect(Some(&before.root), &mut found);
        found.into_iter().flatten()
    }

    /// Visits every part: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        self.root.visit_parts(each);
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Node<K, V> {
    /// Inserts a value at this depth.
    fn insert(&mut self, depth: u32, key: K, value: V) {
        match self {
            Self::Branch(children) => {
                let place = place_of(&key, depth);
                Arc::make_mut(children)[place].insert(depth + 1, key, value);
            }
            Self::Leaf(entries) => {
                let mut all: Vec<(K, V)> =
                    entries.iter().filter(|(known, _)| *known != key).cloned().collect();
                all.push((key, value));
                if all.len() <= LEAF || depth * BITS >= u64::BITS {
                    *entries = all.into();
                    return;
                }
                let mut children = std::array::from_fn(|_| Self::default());
                for (key, value) in all {
                    children[place_of(&key, depth)].insert(depth + 1, key, value);
                }
                *self = Self::Branch(Arc::new(children));
            }
        }
    }

    /// Collects the leaves that an earlier version does not share.
    fn collect<'m>(&'m self, before: Option<&Self>, found: &mut Vec<&'m [(K, V)]>) {
        match (self, before) {
            (Self::Leaf(own), Some(Self::Leaf(other))) if Arc::ptr_eq(own, other) => {}
            (Self::Leaf(own), _) => found.push(own),
            (Self::Branch(own), Some(Self::Branch(other))) if Arc::ptr_eq(own, other) => {}
            (Self::Branch(own), Some(Self::Branch(other))) => {
                own.iter().zip(&**other).for_each(|(own, other)| own.collect(Some(other), found));
            }
            (Self::Branch(own), _) => own.iter().for_each(|own| own.collect(None, found)),
        }
    }

    #[cfg(test)]
    fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        match self {
            Self::Leaf(entries) => each(Arc::as_ptr(entries).cast::<()>().addr(), size_of_val(&**entries)),
            Self::Branch(children) => {
                each(Arc::as_ptr(children).addr(), size_of_val(&**children));
                children.iter().for_each(|child| child.visit_parts(each));
            }
        }
    }
}

/// The child of a branch that contains a key.
fn place_of<K: Hash>(key: &K, depth: u32) -> usize {
    (FxBuildHasher.hash_one(key) >> (depth * BITS)) as usize % BRANCH
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::hash::Hasher;

    use proptest::prelude::*;

    use super::*;

    /// A key with one of few hashes.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    struct Key(u8);

    impl Hash for Key {
        fn hash<H: Hasher>(&self, state: &mut H) {
            (self.0 % 16).hash(state);
        }
    }

    proptest! {
        #[test]
        fn any_edits_of_a_map_give_what_they_give_to_a_btree_map(
            edits in proptest::collection::vec((0..4u8, any::<u8>(), any::<u16>()), 0..600)
        ) {
            let (mut map, mut expected) = (SharedMap::default(), BTreeMap::new());
            let (mut before, mut changed) = (map.clone(), BTreeMap::new());
            for (place, (kind, key, value)) in edits.into_iter().enumerate() {
                if place % 50 == 0 {
                    (before, changed) = (map.clone(), BTreeMap::new());
                }
                if kind == 0 {
                    map.remove(&Key(key));
                    expected.remove(&Key(key));
                    changed.remove(&Key(key));
                } else {
                    map.insert(Key(key), value);
                    expected.insert(Key(key), value);
                    changed.insert(Key(key), value);
                }
            }
            for key in 0..=u8::MAX {
                prop_assert_eq!(map.get(&Key(key)), expected.get(&Key(key)));
            }
            let all: BTreeMap<Key, u16> = map.iter().cloned().collect();
            prop_assert_eq!(all, expected);
            let unshared: BTreeMap<Key, u16> = map.iter_unshared(&before).cloned().collect();
            prop_assert!(changed.iter().all(|(key, value)| unshared.get(key) == Some(value)));
        }
    }
}
