//! A sequence whose versions share their parts: an edit copies one leaf and the branches above it.

use std::sync::Arc;

/// The largest size of a leaf in bytes, and number of children of a branch. With its counters, a leaf has 2048 bytes: a
/// size that allocators do not round up.
pub(super) const LEAF_BYTES: usize = 2032;
const BRANCH: usize = 64;

/// A sequence of values by position, as a tree whose leaves are slices.
#[derive(Debug, Clone)]
pub(super) struct SharedVec<T> {
    root: Node<T>,
}

#[derive(Debug, Clone)]
enum Node<T> {
    Leaf(Arc<[T]>),
    Branch(Arc<Vec<Child<T>>>),
}

#[derive(Debug, Clone)]
struct Child<T> {
    /// The number of values in this child and those before it.
    end: usize,
    node: Node<T>,
}

impl<T> Default for SharedVec<T> {
    fn default() -> Self {
        Self { root: Node::default() }
    }
}

impl<T> Default for Node<T> {
    fn default() -> Self {
        Self::Leaf(Arc::default())
    }
}

impl<T: Clone> SharedVec<T> {
    pub(super) fn len(&self) -> usize {
        self.root.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a position.
    pub(super) fn get(&self, at: usize) -> Option<&T> {
        self.slices_from(at).next()?.first()
    }

    /// The number of values at the start for which a condition holds; it holds for none after them.
    pub(super) fn partition_point(&self, holds: impl Fn(&T) -> bool) -> usize {
        let (mut node, mut before) = (&self.root, 0);
        loop {
            match node {
                Node::Leaf(values) => return before + values.partition_point(holds),
                Node::Branch(children) => {
                    let place = children.partition_point(|child| child.node.last().is_some_and(&holds));
                    before += start_of(children, place);
                    let Some(child) = children.get(place) else { return before };
                    node = &child.node;
                }
            }
        }
    }

    /// Inserts a value before a position.
    pub(super) fn insert(&mut self, at: usize, value: T) {
        if let Some(second) = self.root.insert(at, value) {
            let first = std::mem::take(&mut self.root);
            self.root = Node::join([first, second]);
        }
    }

    /// Removes the value at a position.
    pub(super) fn remove(&mut self, at: usize) {
        if at < self.len() {
            self.root.remove(at);
        }
        while let Node::Branch(children) = &self.root
            && let [only] = &children[..]
        {
            self.root = only.node.clone();
        }
    }

    /// The values from a position on.
    pub(super) fn iter_from(&self, at: usize) -> impl Iterator<Item = &T> {
        self.slices_from(at).flatten()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.iter_from(0)
    }

    /// The values from a position on, in slices.
    pub(super) fn slices_from(&self, mut at: usize) -> Slices<'_, T> {
        let (mut node, mut above) = (&self.root, Vec::new());
        loop {
            match node {
                Node::Leaf(values) => return Slices { first: values.get(at..).unwrap_or_default(), above },
                Node::Branch(children) => {
                    let place = children.partition_point(|child| child.end <= at);
                    let Some(child) = children.get(place) else { return Slices { first: &[], above } };
                    at -= start_of(children, place);
                    above.push(children[place + 1..].iter());
                    node = &child.node;
                }
            }
        }
    }

    /// Visits every part: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        self.root.visit_parts(each);
    }
}

impl<T: Clone> FromIterator<T> for SharedVec<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let values: Vec<T> = values.into_iter().collect();
        let mut nodes: Vec<Node<T>> =
            values.chunks(Node::<T>::LEAF).map(|some| Node::Leaf(some.into())).collect();
        while nodes.len() > 1 {
            nodes = nodes.chunks(BRANCH).map(|some| Node::join(some.iter().cloned())).collect();
        }
        Self { root: nodes.pop().unwrap_or_default() }
    }
}

impl<T: Clone> Node<T> {
    /// The largest number of values in a leaf.
    const LEAF: usize = {
        let most = LEAF_BYTES / size_of::<T>();
        if most < 4 { 4 } else { most }
    };

    fn len(&self) -> usize {
        match self {
            Self::Leaf(values) => values.len(),
            Self::Branch(children) => start_of(children, children.len()),
        }
    }

    fn last(&self) -> Option<&T> {
        match self {
            Self::Leaf(values) => values.last(),
            Self::Branch(children) => children.last()?.node.last(),
        }
    }

    /// A branch with these children.
    fn join(nodes: impl IntoIterator<Item = Self>) -> Self {
        let mut end = 0;
        let children = nodes.into_iter().map(|node| {
            end += node.len();
            Child { end, node }
        });
        Self::Branch(Arc::new(children.collect()))
    }

    /// Inserts a value. Returns the second part of the node if it was divided.
    fn insert(&mut self, at: usize, value: T) -> Option<Self> {
        match self {
            Self::Leaf(values) => {
                let (before, after) = values.split_at(at);
                let all = before.iter().cloned().chain([value]).chain(after.iter().cloned());
                if values.len() < Self::LEAF {
                    *values = all.collect();
                    return None;
                }
                let all: Vec<T> = all.collect();
                let (first, second) = all.split_at(divide(at, all.len()));
                let second = Self::Leaf(second.into());
                *values = first.into();
                Some(second)
            }
            Self::Branch(children) => {
                let children = Arc::make_mut(children);
                let place = children.partition_point(|child| child.end < at).min(children.len() - 1);
                let at = at - start_of(children, place);
                let second = children[place].node.insert(at, value);
                children[place..].iter_mut().for_each(|child| child.end += 1);
                if let Some(node) = second {
                    let end = children[place].end;
                    children[place].end -= node.len();
                    children.insert(place + 1, Child { end, node });
                }
                (children.len() > BRANCH).then(|| {
                    let second = children.split_off(divide(place, children.len()));
                    Self::join(second.into_iter().map(|child| child.node))
                })
            }
        }
    }

    fn remove(&mut self, at: usize) {
        match self {
            Self::Leaf(values) => {
                *values = values[..at].iter().chain(&values[at + 1..]).cloned().collect();
            }
            Self::Branch(children) => {
                let children = Arc::make_mut(children);
                let place = children.partition_point(|child| child.end <= at);
                let at = at - start_of(children, place);
                children[place].node.remove(at);
                children[place..].iter_mut().for_each(|child| child.end -= 1);
                let left = place.saturating_sub(1);
                if children[place].node.len() == 0 {
                    children.remove(place);
                } else if !merge(children, place) {
                    merge(children, left);
                }
            }
        }
    }

    #[cfg(test)]
    fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        match self {
            Self::Leaf(values) => each(Arc::as_ptr(values).cast::<()>().addr(), size_of_val(&**values)),
            Self::Branch(children) => {
                each(Arc::as_ptr(children).addr(), size_of_val(&children[..]));
                children.iter().for_each(|child| child.node.visit_parts(each));
            }
        }
    }
}

/// The number of values in the children before one.
fn start_of<T>(children: &[Child<T>], place: usize) -> usize {
    place.checked_sub(1).map_or(0, |before| children[before].end)
}

/// The place where a full node is divided that got another part at `at`: in the middle, or so that a sequence that
/// grows at one end keeps its nodes full.
fn divide(at: usize, len: usize) -> usize {
    match at {
        0 => 1,
        at if at + 1 >= len - 1 => len - 1,
        _ => len / 2,
    }
}

/// Merges a child with the next one if both together are half a node at most. Returns true if they were merged.
fn merge<T: Clone>(children: &mut Vec<Child<T>>, place: usize) -> bool {
    let [one, next, ..] = &children[place..] else { return false };
    let node = match (&one.node, &next.node) {
        (Node::Leaf(one), Node::Leaf(next)) if one.len() + next.len() <= Node::<T>::LEAF / 2 => {
            Node::Leaf(one.iter().chain(&**next).cloned().collect())
        }
        (Node::Branch(one), Node::Branch(next)) if one.len() + next.len() <= BRANCH / 2 => {
            Node::join(one.iter().chain(&**next).map(|child| child.node.clone()))
        }
        _ => return false,
    };
    let end = next.end;
    children[place] = Child { end, node };
    children.remove(place + 1);
    true
}

/// The values of a [`SharedVec`], in slices.
pub(super) struct Slices<'v, T> {
    first: &'v [T],
    /// The children that follow in each branch above, the root first.
    above: Vec<std::slice::Iter<'v, Child<T>>>,
}

impl<'v, T> Iterator for Slices<'v, T> {
    type Item = &'v [T];

    fn next(&mut self) -> Option<&'v [T]> {
        if !self.first.is_empty() {
            return Some(std::mem::take(&mut self.first));
        }
        loop {
            match self.above.last_mut()?.next().map(|child| &child.node) {
                None => drop(self.above.pop()),
                Some(Node::Leaf(values)) => return Some(values),
                Some(Node::Branch(children)) => self.above.push(children.iter()),
            }
        }
    }
}
