//! Posts that appear and go at their second, and everything that changes with them.

use chrono::{TimeDelta, Utc};

use crate::common::TestSite;

fn stamp(from_now: i64) -> String {
    (Utc::now() + TimeDelta::seconds(from_now)).format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn max_age(response: &crate::common::Response) -> i64 {
    let header = response.required("cache-control");
    let value = header.split("max-age=").nth(1).and_then(|rest| rest.split(',').next());
    value.and_then(|value| value.trim().parse().ok()).expect("a number")
}

#[test]
fn a_future_post_appears_at_its_second_with_new_validators_and_a_capped_lifetime_before() {
    let site = TestSite::observed("");
    site.post("one.md", "One", "2024-01-01", &["t"]);
    let due = Utc::now().timestamp() + 3;
    site.post("later.md", "Later", &stamp(3), &["t"]);
    site.write("posts/other.md", "---\ntitle: Other\ndate: 2024-01-01\ntags: [o]\n---\n");
    let server = site.serve();
    let before = server.wait_for_titles("/tags/t/atom.xml", &["One"]);
    assert!(
        max_age(&before) <= 3 && !before.header("cache-control").unwrap_or_default().contains("stale-while")
    );
    let other = server.get("/tags/o/atom.xml");
    assert_eq!(max_age(&other), 300, "another feed may be kept longer");
    let after = server.wait_for_titles("/tags/t/atom.xml", &["Later", "One"]);
    let now = Utc::now().timestamp();
    assert!((due..=due + 1).contains(&now), "{now} is not {due}");
    assert!(before.header("etag") != after.header("etag"));
    assert_ne!(before.header("last-modified"), after.header("last-modified"));
    assert_eq!(max_age(&after), 300);
    assert_eq!(server.get("/tags/o/atom.xml").header("etag"), other.header("etag"));
}

#[test]
fn an_expired_post_goes_at_its_second_and_the_next_one_is_waited_for() {
    let site = TestSite::observed("");
    site.post("one.md", "One", "2024-01-01", &[]);
    let with_end = |name: &str, date: &str, end: &str| {
        site.write(
            &format!("posts/{name}.md"),
            &format!("---\ntitle: {name}\ndate: {date}\nexpires: {end}\n---\n"),
        );
    };
    with_end("short", "2024-01-03", &stamp(2));
    with_end("fleeting", &stamp(3), &stamp(4));
    let server = site.serve();
    let both = server.get("/atom.xml");
    assert!(max_age(&both) <= 2);
    let seen = std::cell::RefCell::new(vec![both.titles()]);
    server.wait_for("/atom.xml", |response| {
        let (titles, mut seen) = (response.titles(), seen.borrow_mut());
        if seen.last() != Some(&titles) {
            seen.push(titles);
        }
        seen.len() == 4
    });
    let names = |titles: &[&str]| titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        *seen.borrow(),
        [names(&["short", "One"]), names(&["One"]), names(&["fleeting", "One"]), names(&["One"])]
    );
}

#[test]
fn a_feed_ordered_by_change_follows_the_schedule_too() {
    let site = TestSite::observed("[[feed]]\nname = \"changed\"\norder = \"updated\"\n");
    site.write("posts/one.md", "---\ntitle: One\ndate: 2024-01-01\nupdated: 2024-05-01\n---\n");
    site.post("two.md", "Two", "2024-02-01", &[]);
    site.write("posts/later.md", &format!("---\ntitle: Later\ndate: {}\n---\n", stamp(2)));
    let server = site.serve();
    server.wait_for_titles("/feeds/changed/atom.xml", &["One", "Two"]);
    server.wait_for_titles("/feeds/changed/atom.xml", &["Later", "One", "Two"]);
}

#[test]
fn a_held_post_that_breaks_appears_whole() {
    let site = TestSite::observed("");
    site.post("one.md", "One", "2024-01-01", &[]);
    site.post("later.md", "Later", &stamp(2), &[]);
    let server = site.serve();
    let revision = server.revision();
    site.write("posts/later.md", "---\ntitle: [\n");
    server.wait_past(revision);
    let shown = server.wait_for_titles("/atom.xml", &["Later", "One"]);
    assert!(shown.text().contains("Body of Later"), "{}", shown.text());
}

#[test]
fn a_held_post_that_is_edited_appears_when_it_says_then() {
    let site = TestSite::observed("");
    site.post("one.md", "One", "2024-01-01", &[]);
    site.post("later.md", "Later", "2099-01-01", &[]);
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    site.post("later.md", "Later", &stamp(2), &[]);
    let revision = server.revision();
    server.wait_past(revision);
    server.wait_for_titles("/atom.xml", &["Later", "One"]);
    site.post("later.md", "Later", "2099-01-01", &[]);
    server.wait_for_titles("/atom.xml", &["One"]);
}
