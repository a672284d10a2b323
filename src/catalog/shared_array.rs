//! An array whose versions share their parts: a change copies one leaf and the branch above it.

use std::sync::Arc;

/// The number of values in a leaf, and of leaves in a branch. With its counters, a leaf of words has 256 bytes: a size
/// that allocators do not round up.
pub(super) const LEAF: usize = 30;
const BRANCH: usize = 64;

type Leaf<T> = [T; LEAF];

type Branch<T> = [Option<Arc<Leaf<T>>>; BRANCH];

/// A sparse array. A value that was never set is the default.
#[derive(Debug, Clone)]
pub(super) struct SharedArray<T> {
    branches: Arc<Vec<Option<Arc<Branch<T>>>>>,
}

impl<T> Default for SharedArray<T> {
    fn default() -> Self {
        Self { branches: Arc::default() }
    }
}

impl<T: Clone + Default> SharedArray<T> {
    /// The value at an index; `None` if it and all its neighbours are the default.
    pub(super) fn get(&self, index: usize) -> Option<&T> {
        Some(&self.leaf(index / LEAF)?[index % LEAF])
    }

    /// The leaf at an index of leaves; `None` if all its values are the default.
    pub(super) fn leaf(&self, index: usize) -> Option<&Leaf<T>> {
        self.branches.get(index / BRANCH)?.as_ref()?[index % BRANCH].as_deref()
    }

    /// A value that is about to be changed.
    pub(super) fn get_mut(&mut self, index: usize) -> &mut T {
        let (leaf, branch) = (index / LEAF, index / LEAF / BRANCH);
        let branches = Arc::make_mut(&mut self.branches);
        if branches.len() <= branch {
            branches.resize(branch + 1, None);
        }
        let branch = branches[branch].get_or_insert_with(|| Arc::new([const { None }; BRANCH]));
        let leaf = Arc::make_mut(branch)[leaf % BRANCH]
            .get_or_insert_with(|| Arc::new(std::array::from_fn(|_| T::default())));
        &mut Arc::make_mut(leaf)[index % LEAF]
    }

    /// The values of every leaf that exists, each with its index.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        let leaves = (0..self.branches.len() * BRANCH).filter_map(|leaf| Some((leaf, self.leaf(leaf)?)));
        leaves.flat_map(|(leaf, values)| (leaf * LEAF..).zip(values))
    }

    /// The indices of values that another version may not have in common with this one, in order. Parts that both share
    /// are skipped.
    pub(super) fn list_unshared<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = usize> + 'a {
        let branches = [self, other].map(|array| &array.branches);
        let count = branches[0].len().max(branches[1].len());
        let pairs =
            (0..count).map(move |at| (at, branches.map(|list| list.get(at).and_then(Option::as_ref))));
        let differing = pairs.filter(|(_, [one, other])| !is_shared(*one, *other));
        let leaves = differing.flat_map(|(at, branches)| {
            let leaf =
                move |leaf: usize| branches.map(|branch| branch.and_then(|leaves| leaves[leaf].as_ref()));
            let differing = (0..BRANCH).filter(move |place| {
                let [one, other] = leaf(*place);
                !is_shared(one, other)
            });
            differing.map(move |leaf| at * BRANCH + leaf)
        });
        leaves.flat_map(|leaf| leaf * LEAF..(leaf + 1) * LEAF)
    }

    /// Visits every part: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        each(Arc::as_ptr(&self.branches).addr(), size_of_val(&self.branches[..]));
        for branch in self.branches.iter().flatten() {
            each(Arc::as_ptr(branch).addr(), size_of_val(&**branch));
            branch.iter().flatten().for_each(|leaf| each(Arc::as_ptr(leaf).addr(), size_of_val(&**leaf)));
        }
    }
}

/// Returns true if two versions have a part in common, or both have none.
fn is_shared<P>(one: Option<&Arc<P>>, other: Option<&Arc<P>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (one, other) => one.is_none() && other.is_none(),
    }
}
