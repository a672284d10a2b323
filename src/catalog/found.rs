//! The slots that a selection finds: a part of a list, or some of its slots.

use std::ops::Range;

use super::posts::Slot;
use super::shared_vec::SharedVec;
use super::slot_set::Mask;

/// The slots of a selection, in order.
#[derive(Debug)]
pub(super) enum Found<'s> {
    /// A part of one list is the selection.
    List(&'s SharedVec<Slot>, Range<usize>),
    /// The posts of a list that are in a set with this number of slots.
    Subset(&'s SharedVec<Slot>, Mask, usize),
    /// These slots.
    Sorted(Vec<Slot>),
}

impl Found<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::List(_, places) => places.len(),
            Self::Subset(_, _, len) => *len,
            Self::Sorted(slots) => slots.len(),
        }
    }

    /// The slot at a position.
    pub(super) fn get(&self, at: usize) -> Option<Slot> {
        match self {
            Self::List(list, places) => {
                list.get(places.start.checked_add(at).filter(|at| *at < places.end)?).copied()
            }
            Self::Subset(..) => self.iter_from(at).next(),
            Self::Sorted(slots) => slots.get(at).copied(),
        }
    }

    /// The number of slots at the start for which a condition holds; it holds for none after them.
    pub(super) fn partition_point(&self, holds: impl Fn(Slot) -> bool) -> usize {
        match self {
            Self::List(list, places) => {
                list.partition_point(|slot| holds(*slot)).clamp(places.start, places.end) - places.start
            }
            Self::Subset(..) => self.iter_from(0).take_while(|slot| holds(*slot)).count(),
            Self::Sorted(slots) => slots.partition_point(|slot| holds(*slot)),
        }
    }

    /// The slots from a position on.
    pub(super) fn iter_from(&self, at: usize) -> Box<dyn Iterator<Item = Slot> + '_> {
        match self {
            Self::List(list, places) => {
                Box::new(list.iter_from(places.start + at).take(places.len().saturating_sub(at)).copied())
            }
            Self::Sorted(slots) => Box::new(slots.iter().skip(at).copied()),
            Self::Subset(list, mask, _) => {
                let (mut start, mut rest) = (0, at);
                for slots in list.slices_from(0) {
                    let count = slots.iter().filter(|slot| mask.contains(**slot)).count();
                    if count > rest {
                        break;
                    }
                    rest -= count;
                    start += slots.len();
                }
                Box::new(list.iter_from(start).copied().filter(|slot| mask.contains(*slot)).skip(rest))
            }
        }
    }
}
