//! Edits of a sequence whose versions share their parts.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::catalog::shared_vec::{LEAF_BYTES, SharedVec};

/// Leaves of eight values, so that short sequences are deep trees.
type Wide = [u8; LEAF_BYTES / 8];

fn wide(value: u8) -> Wide {
    [value; LEAF_BYTES / 8]
}

fn parts<T: Clone>(values: &SharedVec<T>) -> BTreeSet<usize> {
    let mut parts = BTreeSet::new();
    values.visit_parts(&mut |part, _| parts.extend([part]));
    parts
}

fn check(values: &SharedVec<Wide>, expected: &[u8]) -> Result<(), TestCaseError> {
    let all: Vec<u8> = values.iter().map(|value| value[0]).collect();
    prop_assert_eq!(&all[..], expected);
    prop_assert_eq!(values.len(), expected.len());
    for at in [0, 1, expected.len() / 2, expected.len()] {
        prop_assert_eq!(values.get(at).map(|value| value[0]), expected.get(at).copied());
        let rest: Vec<u8> = values.iter_from(at).map(|value| value[0]).collect();
        prop_assert_eq!(&rest[..], expected.get(at..).unwrap_or_default());
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_edits_of_a_sequence_give_what_they_give_to_a_vec(
        start in proptest::collection::vec(any::<u8>(), 0..1500),
        edits in proptest::collection::vec((0..4u8, any::<prop::sample::Index>(), any::<u8>()), 0..300),
    ) {
        let mut expected = start;
        expected.sort_unstable();
        let mut values: SharedVec<Wide> = expected.iter().map(|value| wide(*value)).collect();
        check(&values, &expected)?;
        let (before, known) = (values.clone(), expected.clone());
        for (number, (kind, place, value)) in edits.into_iter().enumerate() {
            if kind > 0 && !expected.is_empty() {
                // Mostly in one region, so that parts become empty and are merged.
                let at = place.index(expected.len()) / usize::from(kind);
                values.remove(at);
                expected.remove(at);
            } else {
                let at = expected.partition_point(|known| *known < value);
                prop_assert_eq!(values.partition_point(|known| known[0] < value), at);
                values.insert(at, wide(value));
                expected.insert(at, value);
            }
            if number % 32 == 0 {
                check(&values, &expected)?;
            }
        }
        check(&values, &expected)?;
        check(&before, &known)?;
    }
}

#[test]
fn an_edit_copies_one_part_of_each_level() {
    for len in [1_000, 10_000, 100_000, 1_000_000] {
        let before: SharedVec<u32> = (0..len).collect();
        let mut after = before.clone();
        after.insert(len as usize / 3, 7);
        after.remove(len as usize / 3);
        assert!(parts(&after).difference(&parts(&before)).count() <= 5, "{len}");
    }
}

#[test]
fn a_sequence_that_grows_at_one_end_fills_its_leaves() {
    let mut values = SharedVec::<u32>::default();
    (0..100_000).for_each(|value| values.insert(0, value));
    let full = 100_000 * size_of::<u32>() / LEAF_BYTES;
    assert!(parts(&values).len() < full + full / 8, "{}", parts(&values).len());
    (0..99_999).for_each(|_| values.remove(1));
    assert_eq!((parts(&values).len(), values.get(0)), (1, Some(&99_999)));
}
