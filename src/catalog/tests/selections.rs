//! Combinations of terms and sources select the same posts as checking each post.

use proptest::prelude::*;

use super::*;
use crate::post::Arrival;
use crate::post::dialect::Listed as In;

const TAGS: [&str; 5] = ["every", "most", "half", "few", "none"];

/// A post that has a tag if the number is in one of so many parts of 256. In the order of arrival it is at another place
/// than by publication if its times differ.
fn write(number: usize, random: u8, (is_updated, is_late): (bool, bool)) -> Post {
    let parts = [256, 200, 128, 8, 0];
    let tags: Vec<&str> = (0..TAGS.len())
        .filter(|tag| usize::from(random.rotate_left(*tag as u32)) < parts[*tag])
        .map(|tag| TAGS[tag])
        .collect();
    let path = format!("{number:04}.md");
    let mut post = post(u16::from(random.is_multiple_of(3)), &path, &path, i64::from(random) * 40, &tags);
    post.updated = is_updated.then(|| at(20_000 + number as i64 * 7 % 1000));
    post.arrived = is_late.then(|| Arrival::at(at(i64::from(random.rotate_left(3)) * 40)));
    post.listed = if random.is_multiple_of(16) { In::InSection } else { In::Everywhere };
    post
}

fn select() -> impl Strategy<Value = Selection> {
    let keys = |most: usize| {
        let key = |tag: usize| TermKey { taxonomy: 0, folded: TAGS[tag].into() };
        proptest::collection::vec((0..TAGS.len()).prop_map(key), 0..most)
    };
    let sources = proptest::option::of(proptest::collection::vec((0..2usize).prop_map(SourceId::new), 1..3));
    let order = prop_oneof![Just(Order::Published), Just(Order::Updated), Just(Order::Arrival)];
    let conditions = (keys(3), keys(4), keys(2), sources);
    (conditions, order, limit(), limit()).prop_map(|((all, any, not, sources), order, period, arrived)| {
        let any = Some(any).filter(|keys| !keys.is_empty()).into_iter().collect();
        let mut selection =
            Selection { all, any, not, sources, period, arrived, order, ..Selection::default() };
        selection.normalise();
        selection
    })
}

/// A period, mostly without limits.
fn limit() -> impl Strategy<Value = Period> {
    let end = || proptest::option::weighted(0.2, (0..260i64).prop_map(|time| at(time * 40)));
    (end(), end()).prop_map(|(since, until)| Period { since, until })
}

/// The ids that a plain filter selects.
fn filter(snapshot: &Snapshot, selection: &Selection) -> Vec<String> {
    let has_terms = !selection.all.is_empty() || !selection.any.is_empty();
    let is_listed = |post: &Post| match post.listed {
        In::Everywhere => true,
        In::InSection => false,
        In::Locally => has_terms,
    };
    let mut posts: Vec<&Arc<Post>> = snapshot
        .visible()
        .filter(|post| is_listed(post) && selection.matches(&snapshot.site, post))
        .collect();
    posts.sort_by(|one, other| sorted_list::compare_by(selection.order)(one, other));
    posts.iter().map(|post| post.id.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_page_of_any_selection_is_that_of_a_plain_filter(
        numbers in proptest::collection::vec(any::<u8>(), 700..1500),
        edits in proptest::collection::vec((0..1500usize, any::<u8>()), 0..20),
        times in any::<(bool, bool)>(),
        selections in proptest::collection::vec((select(), 0..1500usize, 1..60usize), 1..6),
    ) {
        let mut catalog = Catalog::new(site());
        let posts = numbers.iter().enumerate().map(|(number, random)| put(write(number, *random, times)));
        let mut snapshot = catalog.apply(posts.collect(), at(100_000));
        for turn in 0..2 {
            for (selection, start, len) in &selections {
                let expected = filter(&snapshot, selection);
                for start in [0, *start] {
                    let page = snapshot.select_page(selection, start..start + len, &NoTexts);
                    let found: Vec<String> = page.posts.iter().map(|post| post.id.to_string()).collect();
                    let end = expected.len().min(start + len);
                    prop_assert_eq!(&found[..], expected.get(start..end).unwrap_or_default(), "{:?}", selection);
                    prop_assert_eq!(page.total, expected.len());
                }
                prop_assert_eq!(snapshot.count_selected(selection, &NoTexts), expected.len());
                for order in [Order::Published, Order::Arrival] {
                    let timeline = Timeline::new(&snapshot, selection, order);
                    let posts = snapshot.select(&Selection { order, ..selection.clone() }, usize::MAX);
                    let times: Vec<_> = posts.iter().map(|post| sorted_list::time_by(order, post)).collect();
                    prop_assert_eq!(timeline.newest(), times.first().copied());
                    prop_assert_eq!(timeline.oldest(), times.last().copied());
                    prop_assert_eq!(timeline.time_at(*start), times.get(*start).copied());
                    let moment = at(5000);
                    let count = times.iter().filter(|time| **time >= moment).count();
                    prop_assert_eq!(timeline.count_since(moment), count);
                    prop_assert_eq!(timeline.count_since_from(count.min(*start), moment), count);
                    let all: Vec<Arc<Post>> = timeline.posts(0..posts.len()).cloned().collect();
                    prop_assert_eq!(all, posts);
                }
            }
            if turn == 0 {
                // The sets that the queries made are kept current.
                let changes = edits.iter().map(|(number, random)| match random % 4 {
                    0 => remove(0, &format!("{number:04}.md")),
                    _ => put(write(*number, *random, times)),
                });
                snapshot = catalog.apply(changes.collect(), at(100_000));
            }
        }
    }
}
