//! Any history of changes, compared with a model that sorts everything again.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

/// One step of a random history.
#[derive(Debug, Clone)]
enum Step {
    Put { source: u16, path: usize, id: usize, unique: u64, published: i64, tags: Vec<usize> },
    Remove { source: u16, path: usize },
    Wait(i64),
}

const TAGS: [&str; 6] = ["rust", "Rust", "a b", "a-b", "联合早报", "internal"];

fn step() -> impl Strategy<Value = Step> {
    let tags = proptest::collection::vec(0..TAGS.len(), 0..4);
    prop_oneof![
        4 => (0u16..2, 0usize..8, (0usize..10, 0u64..12), 0i64..40, tags)
            .prop_map(|(source, path, (id, unique), published, tags)| {
                // A third of the posts has a value that others may have too.
                let unique = if unique < 4 { unique } else { 0 };
                Step::Put { source, path, id, unique, published, tags }
            }),
        2 => (0u16..2, 0usize..8).prop_map(|(source, path)| Step::Remove { source, path }),
        1 => (1i64..10).prop_map(Step::Wait),
    ]
}

type Predicate<'a> = &'a dyn Fn(&Post) -> bool;

/// Intersecting lists selects the same posts as checking each post.
fn check_combinations(snapshot: &Snapshot, listed: &[Arc<Post>]) -> Result<(), TestCaseError> {
    let key = |tag: &str| TermKey { taxonomy: 0, folded: tag.into() };
    let has = |post: &Post, tag: &str| post.terms.iter().any(|term| &*term.folded == tag);
    for (one, other) in [("rust", "a b"), ("a-b", "rust"), ("联合早报", "none")] {
        let both = Selection { all: vec![key(one), key(other)], ..Selection::default() };
        let either = Selection { any: vec![vec![key(one), key(other)]], ..Selection::default() };
        let without =
            Selection { not: vec![key(one)], sources: Some(vec![SourceId::new(1)]), ..Selection::default() };
        let mixed = Selection {
            all: vec![key(one)],
            not: vec![key(other)],
            sources: Some(vec![SourceId::new(0)]),
            ..Selection::default()
        };
        let period = Period { since: Some(at(5)), until: Some(at(20)) };
        let in_period = Selection { any: vec![vec![key(one), key(other)]], period, ..Selection::default() };
        let before =
            Selection { period: Period { since: None, until: Some(at(12)) }, ..Selection::default() };
        let cases: [(Selection, Predicate<'_>); 6] = [
            (in_period, &|post| {
                (has(post, one) || has(post, other)) && (at(5)..at(20)).contains(&post.published)
            }),
            (before, &|post| post.published < at(12)),
            (both, &|post| has(post, one) && has(post, other)),
            (either, &|post| has(post, one) || has(post, other)),
            (without, &|post| !has(post, one) && post.source == SourceId::new(1)),
            (mixed, &|post| has(post, one) && !has(post, other) && post.source == SourceId::new(0)),
        ];
        for (selection, matches) in cases {
            let expected: Vec<_> =
                listed.iter().filter(|post| matches(post)).map(|post| post.id.clone()).collect();
            let found: Vec<_> = snapshot.select(&selection, 500).iter().map(|post| post.id.clone()).collect();
            prop_assert_eq!(&found, &expected, "{:?}", selection);
            let page = snapshot.select_page(&selection, 1..3, &NoTexts);
            let ids: Vec<_> = page.posts.iter().map(|post| post.id.clone()).collect();
            prop_assert_eq!(page.total, expected.len());
            prop_assert_eq!(&ids[..], expected.get(1..expected.len().min(3)).unwrap_or_default());
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_history_in_any_batches_gives_the_same_lists_as_sorting_again(
        batches in proptest::collection::vec(proptest::collection::vec(step(), 1..6), 1..12)
    ) {
        let mut catalog = Catalog::new(site());
        let mut model: BTreeMap<(u16, String), Post> = BTreeMap::new();
        let mut now = 0;
        for batch in batches {
            let mut changes = Vec::new();
            for step in batch {
                match step {
                    Step::Put { source, path, id, unique, published, tags } => {
                        let tags: Vec<&str> = tags.iter().map(|tag| TAGS[*tag]).collect();
                        let path = format!("{path}.md");
                        let mut post = post(source, &path, &format!("id{id}"), published, &tags);
                        post.unique = UniqueKey::from_number(unique);
                        model.insert((source, path), post.clone());
                        changes.push(put(post));
                    }
                    Step::Remove { source, path } => {
                        model.remove(&(source, format!("{path}.md")));
                        changes.push(remove(source, &format!("{path}.md")));
                    }
                    Step::Wait(seconds) => now += seconds,
                }
            }
            let snapshot = catalog.apply(changes, at(now));
            // Of the posts with one value, the one that arrived first is listed.
            let mut visible: Vec<&Post> = model.values().filter(|post| post.is_visible(at(now))).collect();
            let arrival = |post: &Post| catalog.find(post.source, &post.path).expect("it is known").arrival();
            visible.sort_by_key(|post| (arrival(post), post.published, post.path.clone(), post.source));
            let mut known = BTreeSet::new();
            let (visible, repeated): (Vec<&Post>, Vec<&Post>) =
                visible.into_iter().partition(|post| post.unique.is_none_or(|key| known.insert(key)));
            let listed = snapshot.select(&Selection::default(), 500);
            prop_assert_eq!(snapshot.list_repeated().len(), repeated.len());
            // Every visible post is there once, in order, with a unique id.
            let places = |posts: &[&Post]| -> BTreeSet<_> {
                posts.iter().map(|post| (post.source, post.path.clone())).collect()
            };
            let found: Vec<&Post> = listed.iter().map(|post| &**post).collect();
            prop_assert_eq!(places(&found), places(&visible));
            prop_assert_eq!(listed.len(), visible.len());
            prop_assert!(listed.windows(2).all(|two| sorted_list::compare(&two[0], &two[1]).is_lt()));
            let mut own: Vec<&str> = listed.iter().map(|post| &*post.id).collect();
            own.sort_unstable();
            own.dedup();
            prop_assert_eq!(own.len(), listed.len());
            // Every list contains exactly what the model says, in the order of the main list.
            for tag in ["rust", "a b", "a-b", "联合早报"] {
                let in_list: Vec<_> = snapshot.select(&tagged(tag), 500).iter().map(|p| (p.source, p.path.clone())).collect();
                let expected: Vec<_> = listed
                    .iter()
                    .filter(|post| post.terms.iter().any(|term| &*term.folded == tag))
                    .map(|p| (p.source, p.path.clone()))
                    .collect();
                prop_assert_eq!(in_list, expected);
            }
            check_combinations(&snapshot, &listed)?;
            let by_change = snapshot.select(&Selection { order: Order::Updated, ..Selection::default() }, 500);
            prop_assert!(by_change.windows(2).all(|two| sorted_list::compare_changes(&two[0], &two[1]).is_lt()));
            prop_assert_eq!(by_change.len(), listed.len());
            for tag in [None, Some("rust"), Some("a b")] {
                let base = tag.map_or_else(Selection::default, tagged);
                let mut expected = snapshot.select(&base, 500);
                expected.sort_by(|one, other| sorted_list::compare_arrivals(one, other));
                let by_arrival = snapshot.select(&Selection { order: Order::Arrival, ..base }, 500);
                prop_assert_eq!(by_arrival, expected);
            }
            for source in [0, 1].map(SourceId::new) {
                let expected = visible.iter().filter(|post| post.source == source).count();
                prop_assert_eq!(snapshot.count_source(source), expected);
            }
            let due = model.values().filter_map(|post| post.next_due(at(now))).min();
            prop_assert_eq!(snapshot.next_due, due);
        }
    }
}
