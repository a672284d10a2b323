//! Hubs: how feeds name them, and which notifications they get, with a hub of the tests.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::site::{Server, TestSite};

/// A hub that records its notifications.
struct TestHub {
    url: String,
    received: Arc<(Mutex<Vec<Vec<String>>>, Condvar)>,
}

impl TestHub {
    /// One that answers its first requests with these statuses, and 202 from then on.
    fn start(first: &'static [u16]) -> Self {
        Self::start_at(first, None)
    }

    /// The same; who is answered with a redirect is sent to `next`.
    fn start_at(first: &'static [u16], next: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
        let url = format!("http://{}/hub?x=1", listener.local_addr().expect("it has one"));
        let received = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let shared = Arc::clone(&received);
        thread::spawn(move || {
            let mut answers = first.iter().copied();
            for stream in listener.incoming() {
                let mut stream = stream.expect("it comes");
                let mut reader = BufReader::new(stream.try_clone().expect("it can be"));
                let mut head = Vec::new();
                let mut line = String::new();
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    head.push(std::mem::take(&mut line).to_ascii_lowercase());
                }
                assert!(head[0].starts_with("post /hub?x=1 "), "{head:?}");
                assert!(head.iter().any(|line| line.contains("application/x-www-form-urlencoded")));
                let length = head.iter().find_map(|line| line.strip_prefix("content-length:"));
                let length = length.and_then(|length| length.trim().parse().ok()).expect("it has one");
                let mut body = vec![0; length];
                reader.read_exact(&mut body).expect("it comes whole");
                let pairs: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
                assert_eq!(pairs[0], ("hub.mode".to_owned(), "publish".to_owned()));
                let urls = pairs[1..].iter().map(|(name, url)| {
                    assert_eq!(name, "hub.url");
                    url.clone()
                });
                let status = answers.next().unwrap_or(202);
                // Told first: who waits for it may look as soon as it is answered.
                if status == 202 {
                    shared.0.lock().expect("no thread panics").push(urls.collect());
                    shared.1.notify_all();
                }
                let location = next.as_ref().map(|next| format!("Location: {next}\r\n")).unwrap_or_default();
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status} X\r\n{location}Content-Length: 0\r\nConnection: close\r\n\r\n"
                );
            }
        });
        Self { url, received }
    }

    /// Waits for the next request that it took: the addresses, in order.
    fn wait(&self) -> Vec<String> {
        let (received, news) = &*self.received;
        let started = Instant::now();
        let mut received = received.lock().expect("no thread panics");
        while received.is_empty() {
            assert!(started.elapsed() < Duration::from_secs(20), "the hub gets no notification");
            received = news.wait_timeout(received, Duration::from_millis(100)).expect("no thread panics").0;
        }
        received.remove(0)
    }

    fn has_no_more_notifications(&self) -> bool {
        self.received.0.lock().expect("no thread panics").is_empty()
    }
}

fn site_with(hub: &TestHub) -> TestSite {
    let site = TestSite::plain(&format!(
        "[server]\npublic_url = \"https://feeds.example.org/f\"\n[feeds]\nformats = [\"atom\", \"json\"]\n\
         [websub]\nhubs = [\"{}\"]\n",
        hub.url
    ));
    site.post("one.md", "One", "2024-01-01", &["c++", "Rust"]);
    site.post("two.md", "Two", "2024-01-02", &["other"]);
    site
}

/// Serves a site and waits until its hub would be notified of changes: before that there is no state to compare with.
fn serve_with_hub(site: &TestSite) -> Server {
    let server = site.serve();
    server.wait_for_log("of every change from now on");
    server
}

fn urls(paths: &[&str]) -> Vec<String> {
    let both = |path: &&str| {
        ["atom.xml", "feed.json"].map(|file| format!("https://feeds.example.org/f{path}{file}"))
    };
    paths.iter().flat_map(both).collect()
}

#[test]
fn a_hub_is_notified_of_exactly_the_feeds_that_changed_and_fetches_their_new_version() {
    let hub = TestHub::start(&[]);
    let site = site_with(&hub);
    let server = serve_with_hub(&site);
    site.post("one.md", "Uno", "2024-01-01", &["c++", "Rust"]);
    assert_eq!(hub.wait(), urls(&["/", "/tags/c++/", "/tags/rust/"]));
    assert_eq!(server.get("/tags/c++/atom.xml").titles(), ["Uno"], "it is served already");
    // The feeds of a new term and of a term without posts change too.
    site.post("one.md", "Uno", "2024-01-01", &["c++", "Zig"]);
    assert_eq!(hub.wait(), urls(&["/", "/tags/c++/", "/tags/rust/", "/tags/zig/"]));
    site.post("one.md", "Uno", "2024-01-01", &["c++", "Rust"]);
    assert_eq!(hub.wait(), urls(&["/", "/tags/c++/", "/tags/rust/", "/tags/zig/"]));
    site.post("draft.md", "Draft", "2099-01-01", &["other"]);
    site.post("two.md", "Dos", "2024-01-02", &["other"]);
    assert_eq!(hub.wait(), urls(&["/", "/tags/other/"]));
    assert!(hub.has_no_more_notifications());
}

#[test]
fn a_failing_hub_is_notified_later_and_a_refusing_hub_delays_no_other() {
    let (failing, refusing) = (TestHub::start(&[503, 429]), TestHub::start(&[404]));
    let more = format!("[websub]\nhubs = [\"{}\", \"{}\"]\n", failing.url, refusing.url);
    let site = TestSite::observed(&more);
    site.post("one.md", "One", "2024-01-01", &[]);
    let server = serve_with_hub(&site);
    site.post("one.md", "Uno", "2024-01-01", &[]);
    let received = failing.wait();
    assert_eq!(received.len(), 3);
    assert!(received[1].ends_with("/atom.xml"), "{received:?}");
    server.wait_for_log("cannot be notified of changes: it answers 503. Retrying later.");
    server.wait_for_log("accepts notifications again");
    server.wait_for_log("rejects the notification of /: it answers 404. Check websub.hubs");
    assert!(refusing.has_no_more_notifications());
    site.post("one.md", "Ein", "2024-01-01", &[]);
    assert_eq!((failing.wait().len(), refusing.wait().len()), (3, 3));
}

#[test]
fn changes_while_the_server_was_down_are_sent_after_the_start() {
    let hub = TestHub::start(&[]);
    let site = site_with(&hub);
    let server = serve_with_hub(&site);
    // Both hubs and readers know it as it is now.
    site.post("one.md", "Uno", "2024-01-01", &["c++", "Rust"]);
    hub.wait();
    server.stop("-TERM");
    site.post("two.md", "Dos", "2024-01-02", &["other"]);
    let _server = site.serve();
    assert_eq!(hub.wait(), urls(&["/", "/tags/other/"]));
}

#[test]
fn a_hub_that_a_reload_adds_is_notified_of_later_changes() {
    let hub = TestHub::start(&[]);
    let site = TestSite::observed("");
    site.post("one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    let text = std::fs::read_to_string(site.path("feedmill.toml")).expect("it is there");
    site.write("feedmill.toml", &format!("{text}\n[websub]\nhubs = [\"{}\"]\n", hub.url));
    server.wait_for("/atom.xml", |feed| feed.header("link").is_some_and(|link| link.contains("rel=\"hub\"")));
    // It has to be known as it is before it can change.
    server.wait_for_log("of every change from now on");
    site.post("one.md", "Uno", "2024-01-01", &[]);
    assert_eq!(hub.wait().len(), 3);
}

#[test]
fn only_feeds_with_notifications_name_a_hub() {
    let hub = "https://hub.example.org/?a=1&b=2";
    let site = TestSite::plain(&format!("[feeds]\nlimit = 1\n[websub]\nhubs = [\"{hub}\"]\n"));
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    site.post("two.md", "Two", "2024-01-02", &["Rust"]);
    let server = site.serve();
    for path in
        ["/tags/rust/atom.xml", "/tags/rust/rss.xml", "/tags/rust/feed.json", "/feed", "/atom.xml?page=1"]
    {
        let feed = server.get(path);
        assert!(
            feed.header("link").is_some_and(|link| link.ends_with(&format!(", <{hub}>; rel=\"hub\""))),
            "{path}"
        );
        let text = feed.text();
        let wanted = match feed.header("content-type").expect("it has one").split(';').next() {
            Some("application/atom+xml") => {
                "<link href=\"https://hub.example.org/?a=1&amp;b=2\" rel=\"hub\"/>"
            }
            Some("application/rss+xml") => {
                "<atom:link href=\"https://hub.example.org/?a=1&amp;b=2\" rel=\"hub\"/>"
            }
            _ => {
                "\"hubs\": [\n    {\n      \"type\": \"WebSub\",\n      \"url\": \"https://hub.example.org/?a=1&b=2\""
            }
        };
        assert!(text.contains(wanted), "{path}: {text}");
        assert_eq!(
            feed.header("cache-control"),
            Some("public, max-age=300, s-maxage=0, stale-if-error=86400")
        );
    }
    for path in ["/atom.xml?page=2", "/atom.xml?tags=rust", "/atom.xml?limit=2", "/sources/posts/atom.xml"] {
        let feed = server.get(path);
        assert!(
            !feed.text().contains("hub.example") && !feed.header("link").expect("it has one").contains("hub")
        );
        assert_eq!(
            feed.header("cache-control"),
            Some("public, max-age=300, s-maxage=0, stale-if-error=86400")
        );
    }
    let (status, _, errors) = {
        let broken = TestSite::plain("[websub]\nhubs = [\"https://h.example/a b\"]\n");
        broken.run(&["check"])
    };
    assert!(
        status == 2
            && errors
                .contains("feedmill.toml:9:9: error: websub.hubs contains characters that no URL contains"),
        "{errors}"
    );
}

#[test]
fn a_hub_that_has_moved_is_notified_at_its_new_url() {
    for first in [&[301_u16][..], &[302], &[307], &[308]] {
        let hub = TestHub::start(&[]);
        let old = TestHub::start_at(first.to_vec().leak(), Some(hub.url.clone()));
        let site = site_with(&old);
        let server = serve_with_hub(&site);
        site.post("two.md", "Dos", "2024-01-02", &["other"]);
        assert_eq!(hub.wait(), urls(&["/", "/tags/other/"]), "{first:?}");
        if matches!(first, [301 | 308]) {
            server.wait_for_log(&format!("has moved to {}. Write that in websub.hubs.", hub.url));
        }
    }
}

#[test]
fn a_term_that_appeared_or_disappeared_while_the_server_was_down_is_sent() {
    let hub = TestHub::start(&[]);
    let site = site_with(&hub);
    let server = serve_with_hub(&site);
    assert_eq!(server.get("/tags/other/feed.json").status, 200);
    server.wait_for_state();
    server.stop("-TERM");
    site.post("two.md", "Two", "2024-01-02", &["another"]);
    let server = site.serve();
    assert_eq!(hub.wait(), urls(&["/", "/tags/another/", "/tags/other/"]));
    assert_eq!(server.get("/tags/other/atom.xml").titles(), [""; 0]);
}

#[test]
fn a_feed_that_changed_back_is_not_sent() {
    let hub = TestHub::start(&[503, 503]);
    let site = site_with(&hub);
    let server = serve_with_hub(&site);
    site.post("two.md", "Dos", "2024-01-02", &["other"]);
    server.wait_for_log("Retrying later.");
    site.post("two.md", "Two", "2024-01-02", &["other"]);
    server.wait_for_titles("/tags/other/atom.xml", &["Two"]);
    site.post("one.md", "Uno", "2024-01-01", &["c++"]);
    let received = hub.wait();
    assert_eq!(received, urls(&["/", "/tags/c++/", "/tags/rust/"]), "nothing of tags/other");
}

#[test]
fn one_feed_that_a_hub_refuses_takes_no_other_along() {
    // It refuses the first request, of two feeds, and then the first of them by itself.
    let hub = TestHub::start(&[400, 400]);
    let site = site_with(&hub);
    let server = serve_with_hub(&site);
    site.post("two.md", "Dos", "2024-01-02", &["other"]);
    assert_eq!(hub.wait(), urls(&["/tags/other/"]));
    server.wait_for_log("rejects the notification of /: it answers 400.");
    site.post("one.md", "Uno", "2024-01-01", &["c++", "Rust"]);
    assert_eq!(hub.wait(), urls(&["/", "/tags/c++/", "/tags/rust/"]), "the next change is sent again");
}
