//! Snapshots after changes: order, terms, ids and problems.

mod arrivals;
mod model;
mod saves;
mod schedule;
mod selections;
mod shared_vec;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use globset::GlobSet;

use super::*;
use crate::config::{BaseUrl, Content, Format, Future, Order, Problem};
use crate::post::dialect::Permalink;
use crate::post::dialect::plain::Plain;
use crate::post::source::TaxonomyKeys;
use crate::post::term::{fold, list_fallbacks};
use crate::post::{Listed, Post, Source, SourceId, Term, Text, UniqueKey};

pub(crate) fn site() -> Arc<Site> {
    let url = BaseUrl::parse("https://example.org").expect("it is a URL");
    let names = ["tags", "categories", "authors"];
    let source = |name: &str| {
        Arc::new(Source {
            name: name.to_owned(),
            dialect: Arc::new(Plain),
            root: "/nowhere".into(),
            folder: "/nowhere".into(),
            label: String::new(),
            settings_hash: 0,
            url: url.clone(),
            id_base: None,
            ids: crate::post::ids::IdRule::default(),
            permalink: Permalink::default_of(&Plain),
            link: None,
            unique: None,
            image_sizes: false,
            links_to_pages: false,
            has_url: true,
            public_url: url.clone(),
            shortcodes: std::collections::BTreeMap::new(),
            include: None,
            exclude: GlobSet::empty(),
            site_exclude: GlobSet::empty(),
            ignored: ignore::gitignore::Gitignore::empty(),
            drafts: false,
            site: crate::post::site::SiteSettings::default(),
            future: Future::Hold,
            machine_zone: chrono_tz::Tz::UTC,
            date_keys: Vec::new(),
            updated_keys: Vec::new(),
            time_zone: Tz::UTC,
            taxonomies: names.map(|name| TaxonomyKeys { name: name.to_owned(), keys: None }).into(),
        })
    };
    Arc::new(Site {
        title: "T".to_owned(),
        url: url.clone(),
        has_url: true,
        public_url: url.clone(),
        description: None,
        language: None,
        time_zone: Tz::UTC,
        author: None,
        copyright: None,
        license: None,
        icon: None,
        logo: None,
        max_age: 300,
        has_index: true,
        hubs: Vec::new(),
        origins: Vec::new(),
        feeds: FeedSettings {
            limit: 20,
            window: None,
            archive: None,
            content: Content::Full,
            order: Order::Published,
            embeds: crate::config::Embeds::Link,
            footer: None,
            markdown: false,
            formats: Format::ALL.to_vec(),
        },
        named: Vec::new(),
        pages: crate::catalog::Pages::new(true, None, None, None),
        paths: crate::config::Paths::default(),
        taxonomies: names.map(|name| Taxonomy::new(name, None, &[], &["internal".to_owned()])).to_vec(),
        sources: vec![source("a"), source("b")],
        digest: 0,
    })
}

pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).expect("it is in range")
}

pub(crate) fn post(source: u16, path: &str, id: &str, published: i64, tags: &[&str]) -> Post {
    let terms = tags
        .iter()
        .map(|tag| Arc::new(Term { taxonomy: 0, spelling: (*tag).into(), folded: fold(tag).into() }));
    Post {
        source: SourceId::new(source.into()),
        held: true,
        text: Text::InFile,
        language: 0,
        section: None,
        listed: Listed::Everywhere,
        path: path.into(),
        id: id.into(),
        address: format!("https://example.org/{path}/").into(),
        title: path.into(),
        published: at(published),
        arrived: None,
        updated: None,
        expires: None,
        terms: terms.collect(),
        unique: None,
        media: None,
        pictures: Box::default(),
        links: Box::default(),
        bytes_hash: 0,
        stamp: crate::post::Stamp::default(),
    }
}

pub(crate) fn put(post: Post) -> Change {
    Change::Put(Box::new(post), None)
}

fn remove(source: u16, path: &str) -> Change {
    Change::Remove { source: SourceId::new(source.into()), path: path.into(), problem: None }
}

fn ids(snapshot: &Snapshot, selection: &Selection) -> Vec<String> {
    snapshot.select(selection, 500).iter().map(|post| post.id.to_string()).collect()
}

fn tagged(tag: &str) -> Selection {
    Selection { all: vec![TermKey { taxonomy: 0, folded: tag.into() }], ..Selection::default() }
}

#[test]
fn newest_come_first_and_ties_go_by_id() {
    let mut catalog = Catalog::new(site());
    let posts = [post(0, "x", "b", 5, &[]), post(1, "y", "a", 5, &[]), post(0, "z", "c", 9, &[])];
    let snapshot = catalog.apply(posts.map(put).to_vec(), at(10));
    assert_eq!(ids(&snapshot, &Selection::default()), ["c", "a", "b"]);
    assert_eq!(
        ids(&snapshot, &Selection { sources: Some(vec![SourceId::new(0)]), ..Selection::default() }),
        ["c", "b"]
    );
    assert_eq!(snapshot.select(&Selection::default(), 1).len(), 1);
}

#[test]
fn order_by_update_counts_the_newest_change() {
    let mut catalog = Catalog::new(site());
    let mut old = post(0, "x", "a", 1, &[]);
    old.updated = Some(at(8));
    let snapshot = catalog.apply(vec![put(old), put(post(0, "y", "b", 5, &[]))], at(10));
    let selection = Selection { order: Order::Updated, ..Selection::default() };
    assert_eq!(ids(&snapshot, &selection), ["a", "b"]);
    assert_eq!(snapshot.select(&selection, 1)[0].id, "a".into());
}

#[test]
fn spellings_of_one_term_are_one_feed_shown_as_most_spell_it() {
    let mut catalog = Catalog::new(site());
    let posts = [
        post(0, "x", "a", 1, &["rust"]),
        post(0, "y", "b", 2, &["Rust"]),
        post(0, "z", "c", 3, &["RUST", "rust"]),
    ];
    let snapshot = catalog.apply(posts.map(put).to_vec(), at(10));
    let entry = snapshot.find_term(0, " rUSt ").expect("it is known");
    assert_eq!(
        (entry.posts.len(), &*entry.spelling.spelling),
        (3, "RUST"),
        "a tie goes to the newest post's"
    );
    let snapshot = catalog.apply(vec![remove(0, "z")], at(10));
    assert_eq!(&*snapshot.find_term(0, "rust").expect("it is known").spelling.spelling, "Rust");
}

#[test]
fn a_term_whose_last_post_was_removed_is_still_known() {
    let mut catalog = Catalog::new(site());
    catalog.apply(vec![put(post(0, "x", "a", 1, &["gone"]))], at(10));
    let snapshot = catalog.apply(vec![remove(0, "x")], at(10));
    assert!(snapshot.find_term(0, "gone").is_some_and(|entry| entry.posts.is_empty()));
    assert!(snapshot.find_term(0, "never").is_none());
    assert!(ids(&snapshot, &tagged("gone")).is_empty());
}

#[test]
fn of_two_terms_with_one_slug_the_larger_owns_it() {
    let mut catalog = Catalog::new(site());
    let posts = [
        post(0, "x", "a", 1, &["a\u{1}b c"]),
        post(0, "y", "b", 2, &["ab c"]),
        post(0, "z", "c", 3, &["ab c"]),
    ];
    let snapshot = catalog.apply(posts.map(put).to_vec(), at(10));
    let slug = |text| snapshot.terms(0).slug_of(snapshot.terms(0).get(text).expect("it is known"));
    let [_, hashed, _] = list_fallbacks("a\u{1}b c");
    assert!(hashed.starts_with("ab c~") && hashed.len() == 4 + 9, "{hashed}");
    assert_eq!((slug("ab c"), slug("a\u{1}b c")), ("ab-c".to_owned(), hashed));
    assert_eq!(&*snapshot.find_term(0, "ab-c").expect("it is known").folded, "ab c");
}

#[test]
fn a_term_spelled_like_a_slug_owns_it_whatever_its_size() {
    let mut catalog = Catalog::new(site());
    let posts =
        [post(0, "x", "a", 1, &["a b"]), post(0, "y", "b", 2, &["a-b"]), post(0, "z", "c", 3, &["a b"])];
    let snapshot = catalog.apply(posts.map(put).to_vec(), at(10));
    let slug = |text| snapshot.terms(0).slug_of(snapshot.find_term(0, text).expect("it is known"));
    assert_eq!((slug("a b"), slug("a-b")), ("a b".to_owned(), "a-b".to_owned()));
    assert_eq!(&*snapshot.find_term(0, "a-b").expect("it is known").folded, "a-b");
    assert!(snapshot.problems[0].message.contains("\"a-b\" and \"a b\" share the slug a-b"));
}

#[test]
fn excepted_terms_have_no_feed_but_can_be_selected_by() {
    let mut catalog = Catalog::new(site());
    let snapshot = catalog.apply(vec![put(post(0, "x", "a", 1, &["Internal", "rust"]))], at(10));
    assert!(snapshot.find_term(0, "internal").is_none());
    // Feeds may still exclude posts with the term, or select only those.
    let internal = || vec![TermKey { taxonomy: 0, folded: "internal".into() }];
    assert_eq!(ids(&snapshot, &Selection { all: internal(), ..Selection::default() }), ["a"]);
    assert!(ids(&snapshot, &Selection { not: internal(), ..Selection::default() }).is_empty());
}

#[test]
fn of_posts_with_one_id_the_earliest_keeps_it_and_goes_on_keeping_it() {
    let mut catalog = Catalog::new(site());
    let snapshot =
        catalog.apply(vec![put(post(0, "d/x.md", "i", 5, &[])), put(post(0, "y.md", "i", 3, &[]))], at(10));
    assert_eq!(ids(&snapshot, &Selection::default()), ["i#x.md", "i"]);
    assert!(
        snapshot.problems[0].to_string().starts_with("d/x.md:1:1: warning: the id i is also used by y.md")
    );
    // An older one comes later: subscribers know `i` as y.md.
    let snapshot = catalog.apply(vec![put(post(1, "x.md", "i", 1, &[]))], at(10));
    assert_eq!(ids(&snapshot, &Selection::default()), ["i#d%2Fx.md", "i", "i#x.md"]);
    // The holder is removed: the earliest of the rest becomes the holder.
    let snapshot = catalog.apply(vec![remove(0, "y.md")], at(10));
    assert_eq!(ids(&snapshot, &Selection::default()), ["i#x.md", "i"]);
    let snapshot = catalog.apply(vec![remove(1, "x.md")], at(10));
    assert_eq!(ids(&snapshot, &Selection::default()), ["i"]);
    assert!(snapshot.problems.is_empty());
}

#[test]
fn a_broken_post_stays_as_it_was_until_it_is_fixed_or_removed() {
    let mut catalog = Catalog::new(site());
    catalog.apply(vec![put(post(0, "x", "a", 1, &["t"]))], at(10));
    let problem = Problem::error("x", "no");
    let broken = Change::Break {
        source: SourceId::new(0),
        path: "x".into(),
        problem: Some(Box::new(problem.clone())),
        kept: true,
    };
    let snapshot = catalog.apply(vec![broken], at(10));
    let posts = snapshot.select(&tagged("t"), 9);
    assert!(posts[0].text == Text::LastKnownGood && *snapshot.problems == [problem]);
    let snapshot = catalog.apply(vec![put(post(0, "x", "a", 1, &["t"]))], at(10));
    assert!(snapshot.select(&tagged("t"), 9)[0].text == Text::InFile && snapshot.problems.is_empty());
}

#[test]
fn live_wakes_threads_that_wait_for_a_newer_snapshot() {
    let live = Live::default();
    assert!(live.load().is_none());
    let mut catalog = Catalog::new(site());
    live.publish(catalog.apply(vec![], at(0)));
    assert!(live.wait_newer(1, std::time::Duration::from_millis(1)).is_none());
    let waiter = std::thread::spawn({
        let live = live.clone();
        move || live.wait_newer(1, std::time::Duration::from_secs(10)).map(|snapshot| snapshot.revision)
    });
    live.publish(catalog.apply(vec![put(post(0, "x", "a", 1, &[]))], at(0) + TimeDelta::seconds(5)));
    assert_eq!(waiter.join().expect("it ends"), Some(2));
}
