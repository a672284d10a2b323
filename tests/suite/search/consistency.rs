//! While posts change, no response contains a post that does not match, or misses one that does.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::TestSite;

/// The number of posts.
const POSTS: usize = 40;

/// The text of a post in its state: it always has one of the two words, and always `common`.
fn text(number: usize, is_even: bool, version: usize) -> String {
    let word = if is_even { "even" } else { "odd" };
    format!(
        "---\ntitle: P{number}\ndate: 2024-01-01\nguid: g{number:02}\n---\ncommon {word} version{version}\n"
    )
}

#[test]
fn every_response_is_of_one_snapshot() {
    let site = TestSite::observed("[feeds]\nlimit = 100\n");
    for number in 0..POSTS {
        site.write(&format!("posts/{number}.md"), &text(number, number % 2 == 0, 0));
    }
    let server = site.serve();
    let is_done = AtomicBool::new(false);
    // Longer than changes are gathered for, several times: the index is behind and current in turns.
    let end = Instant::now() + Duration::from_secs(8);
    thread::scope(|scope| {
        let write = || {
            let mut version = 0;
            while Instant::now() < end {
                version += 1;
                let number = version * 7 % POSTS;
                let content = text(number, version % 3 == 0, version);
                site.write("next.md", &content);
                site.rename("next.md", &format!("posts/{number}.md"));
                thread::sleep(Duration::from_millis(1 + version as u64 % 40));
            }
            is_done.store(true, Ordering::Relaxed);
        };
        scope.spawn(write);
        let read = |word: &'static str, other: &'static str| {
            let mut checked = 0;
            while !is_done.load(Ordering::Relaxed) {
                let all = server.get("/feed.json?q=common").json();
                let count = all["items"].as_array().map_or(0, Vec::len);
                assert_eq!(count, POSTS, "every post has the word in every version");
                for query in [format!("q={word}"), format!("q=common+-{other}")] {
                    let feed = server.get(&format!("/feed.json?{query}")).json();
                    for item in feed["items"].as_array().expect("a feed has items") {
                        let content = item["content_html"].as_str().unwrap_or_default();
                        assert!(content.contains(word), "{query}: {content}");
                    }
                }
                checked += 1;
            }
            checked
        };
        let readers =
            [("even", "odd"), ("odd", "even")].map(|(word, other)| scope.spawn(move || read(word, other)));
        for reader in readers {
            let checked = reader.join().expect("every response is right");
            assert!(checked > 10, "{checked} responses");
        }
    });
    // Both halves together are all posts.
    let count = |word: &str| {
        server.get(&format!("/feed.json?q={word}")).json()["items"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count("even") + count("odd"), POSTS);
}
