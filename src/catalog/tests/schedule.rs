//! Posts that appear and expire at their time, also when the clock was wrong.

use super::*;
use crate::config::DigestPeriod;

const DAY: i64 = 24 * 60 * 60;

#[test]
fn a_post_appears_and_expires_at_its_second() {
    let mut catalog = Catalog::new(site());
    let mut limited = post(0, "x", "a", 20, &["t"]);
    limited.expires = Some(at(30));
    let mut shown = post(0, "y", "b", 99, &[]);
    shown.held = false;
    let seen: Vec<_> = [(10, vec![put(limited), put(shown)]), (20, vec![]), (29, vec![]), (30, vec![])]
        .into_iter()
        .map(|(now, changes)| {
            let snapshot = catalog.apply(changes, at(now));
            (ids(&snapshot, &Selection::default()).join(","), snapshot.next_due.map(|due| due.timestamp()))
        })
        .collect();
    let expected = [("b", Some(20)), ("b,a", Some(30)), ("b,a", Some(30)), ("b", None)]
        .map(|(ids, due)| (ids.to_owned(), due));
    assert_eq!(seen, expected);
}

#[test]
fn the_end_of_a_period_is_due_where_a_feed_makes_digests_of_it() {
    let weekly = NamedFeed {
        name: "weekly".to_owned(),
        title: "Weekly".to_owned(),
        description: None,
        select: crate::config::Select::default(),
        digest: Some(DigestPeriod::Week),
        settings: site().feeds.clone().for_digests(),
    };
    let daily = NamedFeed { digest: Some(DigestPeriod::Day), ..weekly.clone() };
    let with = |named: Vec<NamedFeed>| {
        let mut catalog = Catalog::new(Arc::new(Site { named, ..Site::clone(&site()) }));
        catalog.apply(vec![put(post(0, "x", "a", 5 * DAY, &[]))], at(DAY)).next_due
    };
    // The first day of 1970 was a Thursday.
    assert_eq!(with(vec![]), Some(at(5 * DAY)), "only a post is due");
    assert_eq!(with(vec![weekly.clone()]), Some(at(4 * DAY)));
    assert_eq!(with(vec![weekly, daily]), Some(at(2 * DAY)), "a period that ends now has ended");
}

#[test]
fn what_a_clock_did_while_it_was_ahead_is_undone_when_it_is_right() {
    let mut catalog = Catalog::new(site());
    let mut limited = post(0, "x", "expires", 1, &[]);
    limited.expires = Some(at(30));
    let mut passed = post(0, "z", "appears and expires", 20, &["t"]);
    passed.expires = Some(at(30));
    let mut shown = post(0, "y", "not held", 99, &[]);
    shown.held = false;
    let posts = [limited, passed, shown, post(0, "w", "appears", 25, &["t"])].map(put);
    let right = catalog.apply(posts.to_vec(), at(10));
    let ahead = catalog.apply(Vec::new(), at(40));
    assert_eq!(ids(&ahead, &Selection::default()), ["not held", "appears"]);
    let again = catalog.apply(Vec::new(), at(10));
    assert_eq!(ids(&again, &Selection::default()), ids(&right, &Selection::default()));
    assert_eq!((again.next_due, again.digest), (right.next_due, right.digest));
    let shown = ["not held", "appears", "appears and expires", "expires"];
    assert_eq!(ids(&catalog.apply(Vec::new(), at(25)), &Selection::default()), shown);
    assert!(ids(&again, &tagged("t")).is_empty());
}
