//! Searches while a post cannot be read.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use feedmill::bodies::DiskBodies;
use feedmill::catalog::Live;
use feedmill::config::Config;
use feedmill::feed::{Bodies, Unread};
use feedmill::http::{App, Request};
use feedmill::post::{Post, Source};
use feedmill::state::Store;
use feedmill::watch::read_once;

use crate::common::TestSite;

/// A disk that does not answer each time one post is read.
struct FlakyDisk {
    disk: DiskBodies,
    reads: AtomicUsize,
    fails: fn(usize) -> bool,
}

impl Bodies for FlakyDisk {
    fn read(&self, source: &Source, post: &Post) -> Result<Vec<u8>, Unread> {
        if post.path.ends_with("flaky.md") && (self.fails)(self.reads.fetch_add(1, Ordering::Relaxed)) {
            return Err(Unread::Unanswered);
        }
        self.disk.read(source, post)
    }

    fn find_kept(&self, _: &Post) -> Option<Arc<[u8]>> {
        None
    }

    fn unpack(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

/// Publishes two posts that have the word `harbour` in their text alone. Their folder must exist as long as they are
/// read.
fn publish_two_posts(configuration: &str) -> (TestSite, Live, Config) {
    let site = TestSite::plain(configuration);
    for name in ["sound", "flaky"] {
        let post = format!("---\ntitle: {name}\ndate: 2024-01-01\n---\nThe harbour.\n");
        site.write(&format!("posts/{name}.md"), &post);
    }
    let config = feedmill::config::load(&site.path("feedmill.toml")).expect("the configuration is valid");
    let (snapshot, _) = read_once(&config, chrono::Utc::now()).expect("the folder can be read");
    let live = Live::default();
    live.publish(snapshot);
    (site, live, config)
}

#[test]
fn a_search_that_cannot_read_all_posts_has_an_etag_of_its_own() {
    let (_site, live, config) = publish_two_posts("");
    let mut bodies: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let first_fails = |number| number == 0;
    for fails in [first_fails, |number| number < 2, |number| number % 2 == 0, |_| true, |_| false] {
        let disk = DiskBodies::default();
        let disk = Arc::new(FlakyDisk { disk, reads: AtomicUsize::new(0), fails });
        let app = App::new(live.clone(), disk, &config.server, Store::default());
        for _ in 0..3 {
            let answer = app.answer(&Request::get("/atom.xml?q=harbour"));
            let etag = answer.header("etag").expect("a feed has an ETag").to_owned();
            let body = bodies.entry(etag.clone()).or_insert_with(|| answer.body.to_vec());
            assert_eq!(String::from_utf8_lossy(body), String::from_utf8_lossy(&answer.body), "{etag}");
        }
    }
    assert_eq!(bodies.len(), 2, "with and without the post that cannot be read");
}

#[test]
fn a_page_of_a_search_that_cannot_read_all_posts_is_not_missing() {
    let (_site, live, config) = publish_two_posts("");
    for (fails, status) in [((|_| true) as fn(usize) -> bool, 503), (|_| false, 200)] {
        let disk = FlakyDisk { disk: DiskBodies::default(), reads: AtomicUsize::new(0), fails };
        let app = App::new(live.clone(), Arc::new(disk), &config.server, Store::default());
        let answer = app.answer(&Request::get("/atom.xml?q=harbour&limit=1&page=2"));
        assert_eq!(answer.status.as_u16(), status);
    }
}

#[test]
fn a_page_that_counts_the_posts_of_a_search_has_one_body_for_each_etag() {
    let (_site, live, config) = publish_two_posts("[[feed]]\nname = \"x\"\nselect = { q = \"harbour\" }\n");
    let mut bodies: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for fails in [(|_| true) as fn(usize) -> bool, |_| false] {
        let disk = FlakyDisk { disk: DiskBodies::default(), reads: AtomicUsize::new(0), fails };
        let app = App::new(live.clone(), Arc::new(disk), &config.server, Store::default());
        let answer = app.answer(&Request::get("/"));
        if let Some(etag) = answer.header("etag") {
            let body = bodies.entry(etag.to_owned()).or_insert_with(|| answer.body.to_vec());
            assert_eq!(String::from_utf8_lossy(body), String::from_utf8_lossy(&answer.body));
        }
    }
    assert!(!bodies.is_empty(), "the page is served when all posts can be read");
}

#[test]
fn a_search_selects_its_posts_once() {
    let site = TestSite::plain("");
    for number in 0..5 {
        let post = format!("---\ntitle: Post {number}\ndate: 2024-01-01\n---\nThe harbour.\n");
        site.write(&format!("posts/flaky-{number}/flaky.md"), &post);
    }
    let mut config = feedmill::config::load(&site.path("feedmill.toml")).expect("it is valid");
    let (snapshot, _) = read_once(&config, chrono::Utc::now()).expect("the folder can be read");
    let live = Live::default();
    live.publish(snapshot);
    // Without a cache, each selection reads each post, and so does the rendering of those that it selects.
    config.server.cache = 0;
    let requests = [("/atom.xml?q=harbour", false), ("/?q=harbour", false), ("/atom.xml?q=harbour", true)];
    for (target, navigates) in requests {
        let disk = DiskBodies::default();
        let disk = Arc::new(FlakyDisk { disk, reads: AtomicUsize::new(0), fails: |_| false });
        let app = App::new(live.clone(), Arc::clone(&disk) as _, &config.server, Store::default());
        let answer = app.answer(&Request { navigates, ..Request::get(target) });
        assert_eq!(answer.status.as_u16(), 200, "{target}");
        assert_eq!(disk.reads.load(Ordering::Relaxed), 5 + 5, "{target}, navigates: {navigates}");
    }
}
