//! Sets of slots, one bit each: those that snapshots share, and those that answer one query.

use super::posts::Slot;
use super::shared_array::{LEAF, SharedArray};

const WORD: usize = u64::BITS as usize;

/// A set whose versions share their parts.
#[derive(Debug, Clone, Default)]
pub(super) struct SlotSet(SharedArray<u64>);

impl SlotSet {
    pub(super) fn contains(&self, slot: Slot) -> bool {
        self.0.get(slot as usize / WORD).is_some_and(|word| word & bit(slot) != 0)
    }

    pub(super) fn insert(&mut self, slot: Slot) {
        *self.0.get_mut(slot as usize / WORD) |= bit(slot);
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        *self.0.get_mut(slot as usize / WORD) &= !bit(slot);
    }

    /// Visits every part that snapshots may share: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        self.0.visit_parts(each);
    }
}

impl FromIterator<Slot> for SlotSet {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Self {
        let mut set = Self::default();
        slots.into_iter().for_each(|slot| set.insert(slot));
        set
    }
}

/// The result of combining sets, in one piece.
#[derive(Debug, Clone, Default)]
pub struct Mask(Vec<u64>);

impl Mask {
    /// An empty set of the slots before `end`.
    pub fn new(end: usize) -> Self {
        Self(vec![0; end.div_ceil(WORD)])
    }

    /// The set of these slots, which are before `end`.
    pub(super) fn of(slots: impl Iterator<Item = Slot>, end: usize) -> Self {
        let mut mask = Self::new(end);
        slots.for_each(|slot| mask.insert(slot));
        mask
    }

    /// Returns true if it has a slot.
    pub fn contains(&self, slot: u32) -> bool {
        self.0.get(slot as usize / WORD).is_some_and(|word| word & bit(slot) != 0)
    }

    /// Returns true if it has no slot.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The slots before another end.
    pub(super) fn resized(&self, end: usize) -> Self {
        let mut words = self.0.clone();
        words.resize(end.div_ceil(WORD), 0);
        Self(words)
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Adds a slot; one that is not before the end is ignored.
    pub fn insert(&mut self, slot: u32) {
        if let Some(word) = self.0.get_mut(slot as usize / WORD) {
            *word |= bit(slot);
        }
    }

    pub(super) fn remove(&mut self, slot: Slot) {
        if let Some(word) = self.0.get_mut(slot as usize / WORD) {
            *word &= !bit(slot);
        }
    }

    /// Adds the slots of a set.
    pub(super) fn unite(&mut self, set: &SlotSet) {
        self.combine(set, |own, other| own | other);
    }

    /// Removes the slots that are not in a set.
    pub(super) fn intersect(&mut self, set: &SlotSet) {
        self.combine(set, |own, other| own & other);
    }

    /// Removes the slots of a set.
    pub(super) fn subtract(&mut self, set: &SlotSet) {
        self.combine(set, |own, other| own & !other);
    }

    /// Removes the slots that are not in another result.
    pub fn intersect_mask(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own &= other);
    }

    /// Removes the slots of another result.
    pub fn subtract_mask(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(own, other)| *own &= !other);
    }

    fn combine(&mut self, set: &SlotSet, combine: impl Fn(u64, u64) -> u64) {
        for (place, words) in self.0.chunks_mut(LEAF).enumerate() {
            let others = set.0.leaf(place).unwrap_or(&[0; LEAF]);
            words.iter_mut().zip(others).for_each(|(own, other)| *own = combine(*own, *other));
        }
    }

    /// The slots, in their own order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().enumerate().flat_map(|(place, word)| {
            let rest = |rest: &u64| Some(rest & (rest - 1)).filter(|rest| *rest != 0);
            let words = std::iter::successors(Some(*word).filter(|word| *word != 0), rest);
            words.map(move |word| (place * WORD) as Slot + word.trailing_zeros())
        })
    }
}

fn bit(slot: Slot) -> u64 {
    1 << (slot as usize % WORD)
}
