//! Pollers of a server under load: every response is checked against what all of them saw before.

use std::collections::HashMap;
use std::collections::hash_map::{DefaultHasher, Entry};
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::soak::{Dice, TAGS};
use crate::common::{Response, Server};

/// What all pollers saw.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) answers: AtomicUsize,
    /// Answers that were 503 with `Retry-After`.
    pub(super) refused: AtomicUsize,
    /// The body of each ETag, as a hash.
    bodies: Mutex<HashMap<String, u64>>,
    /// The latest `Last-Modified` of each path.
    modified: Mutex<HashMap<String, u64>>,
    /// The latest number of the post that counts.
    pub(super) count: AtomicU64,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

impl Seen {
    /// Asks once, and checks the answer against what all saw before it was asked for.
    fn ask(&self, server: &Server, path: &str, headers: &[(&str, &str)]) -> Response {
        let modified_before = lock(&self.modified).get(path).copied().unwrap_or_default();
        let count_before = self.count.load(Ordering::SeqCst);
        let response = server.ask("GET", path, headers);
        self.answers.fetch_add(1, Ordering::Relaxed);
        if matches!(response.status, 200 | 304) {
            let modified = response.header("last-modified").map(httpdate::parse_http_date);
            let modified = modified.expect("the system has one").expect("a date");
            let modified =
                modified.duration_since(std::time::UNIX_EPOCH).expect("a time after 1970").as_secs();
            assert!(modified >= modified_before, "{path}: Last-Modified goes back");
            let mut known = lock(&self.modified);
            let latest = known.entry(path.to_owned()).or_default();
            *latest = modified.max(*latest);
        }
        if response.status == 200 {
            let etag = response.required("etag").to_owned();
            match lock(&self.bodies).entry(etag) {
                Entry::Occupied(known) => {
                    assert_eq!(*known.get(), hash(&response.body), "{path}: one ETag, two bodies");
                }
                Entry::Vacant(place) => drop(place.insert(hash(&response.body))),
            }
            if path == "/sources/counter/feed.json" && response.header("content-encoding").is_none() {
                let count = response.titles()[0].parse().expect("a number");
                assert!(count >= count_before, "{count} after {count_before}");
                self.count.fetch_max(count, Ordering::SeqCst);
            }
        }
        if response.status == 503 && response.header("retry-after").is_some() {
            self.refused.fetch_add(1, Ordering::Relaxed);
        }
        response
    }
}

/// Reads feeds like an aggregator until it is stopped: every response is whole and fits its tag.
pub(super) fn poll(server: &Server, stop: &AtomicBool, seen: &Seen, coding: &str, mut dice: Dice) {
    let mut etags: HashMap<String, String> = HashMap::new();
    while !stop.load(Ordering::Relaxed) {
        let path = match dice.roll(6) {
            0 => "/atom.xml".to_owned(),
            1 => format!("/tags/t{}/rss.xml", dice.roll(TAGS)),
            2 => format!("/feed.json?tags=t{}&limit=3", dice.roll(TAGS)),
            3 => format!("/atom.xml?q=word+t{}&limit=3", dice.roll(TAGS)),
            4 => "/sources/counter/feed.json".to_owned(),
            _ => "/opml.xml".to_owned(),
        };
        let etag = etags.get(&path).cloned();
        let mut headers = vec![("Accept-Encoding", coding)];
        headers.extend(etag.as_deref().map(|etag| ("If-None-Match", etag)));
        let response = seen.ask(server, &path, &headers);
        match response.status {
            304 => assert!(etag.is_some()),
            200 => {
                assert!(!response.body.is_empty(), "{path}");
                if path != "/opml.xml" && response.header("content-encoding").is_none() {
                    response.feed();
                    let is_main = path == "/atom.xml";
                    assert!(!is_main || !response.titles().is_empty(), "the main feed is never empty");
                }
                let etag = response.required("etag").to_owned();
                etags.insert(path, etag);
            }
            // A term that lost its last post, or never had one.
            404 => assert!(path.starts_with("/tags/"), "{path}"),
            503 => assert!(response.header("retry-after").is_some(), "{path}: {}", response.text()),
            other => panic!("{path}: {other} {}", response.text()),
        }
    }
}
