//! Arrivals: given once, and kept.

use super::*;
use crate::post::Arrival;

/// A post whose bytes are known by a number.
fn write(path: &str, id: &str, published: i64, bytes: u128) -> Post {
    Post { bytes_hash: bytes, ..post(0, path, id, published, &["t"]) }
}

fn by_arrival(snapshot: &Snapshot) -> Vec<String> {
    ids(snapshot, &Selection { order: Order::Arrival, ..Selection::default() })
}

fn arrival(snapshot: &Snapshot, id: &str) -> Arrival {
    let posts = snapshot.select(&Selection::default(), 500);
    posts.iter().find(|post| *post.id == *id).expect("it is listed").arrival()
}

/// A catalog whose first scan found a post of each of these ids.
fn make_catalog(posts: &[(&str, i64)]) -> Catalog {
    let mut catalog = Catalog::new(site());
    let posts = posts.iter().zip(1..).map(|((id, published), bytes)| put(write(id, id, *published, bytes)));
    catalog.apply(posts.collect(), at(1000));
    assert!(catalog.arrivals().take_changes().is_empty(), "a first scan stores nothing");
    catalog
}

#[test]
fn posts_of_the_first_scan_arrive_when_they_were_published_and_others_when_they_appear() {
    let mut catalog = make_catalog(&[("a", 10), ("b", 20)]);
    let old = put(write("c", "c", 5, 7));
    let snapshot =
        catalog.apply(vec![old, put(write("d", "d", 15, 8)), put(write("e", "e", 3000, 9))], at(2000));
    assert_eq!(by_arrival(&snapshot), ["d", "c", "b", "a"]);
    assert_eq!(ids(&snapshot, &Selection::default()), ["b", "d", "a", "c"]);
    assert_eq!(
        (arrival(&snapshot, "a"), arrival(&snapshot, "c")),
        (Arrival::at(at(10)), Arrival::at(at(2000)))
    );
    assert_eq!(arrival(&snapshot, "d"), Arrival::at(at(2000)).next());
    assert_eq!(catalog.arrivals().take_changes().len(), 2);
    // The clock is set back, and a scheduled post is due before that.
    catalog.apply(vec![], at(3000));
    let snapshot = catalog.apply(vec![put(write("f", "f", 1, 10))], at(2500));
    assert_eq!(by_arrival(&snapshot)[0], "f");
    let of_term = Selection { order: Order::Arrival, ..tagged("t") };
    assert_eq!(ids(&snapshot, &of_term), by_arrival(&snapshot));
}

#[test]
fn a_post_keeps_its_arrival_when_it_is_edited_or_renamed() {
    let mut catalog = make_catalog(&[("a", 10), ("b", 20), ("c", 30)]);
    let known = arrival(&catalog.apply(vec![], at(1500)), "b");
    // Other bytes, then another date, then another file with the same id, then another id with the same bytes.
    catalog.apply(vec![put(write("b", "b", 20, 50))], at(2000));
    assert!(catalog.arrivals().take_changes().is_empty(), "an edit stores nothing");
    let snapshot = catalog.apply(vec![put(write("b", "b", 900, 51))], at(2001));
    assert_eq!(arrival(&snapshot, "b"), known);
    assert_eq!(catalog.arrivals().take_changes().len(), 1, "the date does not say it any more");
    let snapshot = catalog.apply(vec![put(write("n", "b", 900, 52)), remove(0, "b")], at(2002));
    assert_eq!(arrival(&snapshot, "b"), known);
    let snapshot = catalog.apply(vec![remove(0, "n"), put(write("m", "m", 900, 52))], at(2003));
    assert_eq!(
        (arrival(&snapshot, "m"), by_arrival(&snapshot)),
        (known, ["c", "m", "a"].map(str::to_owned).to_vec())
    );
}

#[test]
fn another_post_at_the_same_path_is_new() {
    let mut catalog = make_catalog(&[("a", 10), ("b", 20)]);
    let snapshot = catalog.apply(vec![put(write("a", "other", 10, 50))], at(2000));
    assert_eq!(by_arrival(&snapshot), ["other", "b"]);
}

#[test]
fn a_copy_takes_over_the_arrival_of_its_original_when_that_is_deleted() {
    let mut catalog = make_catalog(&[("a", 10), ("b", 20)]);
    let snapshot = catalog.apply(vec![put(write("copy", "copy", 10, 1))], at(2000));
    assert_eq!(by_arrival(&snapshot), ["copy", "b", "a"]);
    let snapshot = catalog.apply(vec![remove(0, "a")], at(2001));
    assert_eq!(by_arrival(&snapshot), ["b", "copy"]);
}

#[test]
fn a_post_that_returns_within_thirty_days_has_its_arrival_again() {
    let day = 24 * 3600;
    for (days, expected) in [(29, ["b", "a"]), (31, ["a", "b"])] {
        let mut catalog = make_catalog(&[("a", 10), ("b", 20)]);
        catalog.apply(vec![remove(0, "a")], at(2000));
        catalog.apply(vec![], at(2000 + days * day));
        let snapshot = catalog.apply(vec![put(write("a", "a", 10, 50))], at(2001 + days * day));
        assert_eq!(by_arrival(&snapshot), expected, "after {days} days");
    }
}

#[test]
fn what_is_stored_is_known_by_the_next_catalog() {
    let mut catalog = make_catalog(&[("a", 10), ("b", 20), ("gone", 30)]);
    let posts = || vec![put(write("a", "a", 10, 1)), put(write("b", "b", 20, 2)), put(write("c", "c", 5, 9))];
    let changes = posts().into_iter().skip(2).chain([remove(0, "gone")]);
    let before = catalog.apply(changes.collect(), at(2000));
    let stored = catalog.arrivals().take_changes();
    let stored: Vec<_> = stored.into_iter().filter_map(|(key, arrived)| Some((key, arrived?))).collect();
    // It reads everything again, with or without the last snapshot.
    for is_first in [true, false] {
        let mut catalog = Catalog::new(site());
        catalog.arrivals().restore(stored.clone());
        let mut catalog = if is_first { catalog } else { catalog.after(&before, true) };
        let snapshot = catalog.apply(posts(), at(3000));
        assert_eq!(by_arrival(&snapshot), ["c", "b", "a"]);
        assert_eq!(arrival(&snapshot, "c"), arrival(&before, "c"));
        assert!(catalog.arrivals().take_changes().is_empty(), "nothing has changed");
        let snapshot = catalog.apply(vec![put(write("gone", "gone", 30, 77))], at(3001));
        assert_eq!(arrival(&snapshot, "gone"), Arrival::at(at(30)));
    }
}
