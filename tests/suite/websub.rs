//! Hubs: how feeds name them, and which notifications they get, with a hub of the tests.

use crate::common::{Server, TestHub, TestSite};

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
    site.edit("feedmill.toml", |text| format!("{text}\n[websub]\nhubs = [\"{}\"]\n", hub.url));
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
        let wanted = match feed.required("content-type").split(';').next() {
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
        assert!(!feed.text().contains("hub.example") && !feed.required("link").contains("hub"));
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
    for status in [301, 302, 307, 308] {
        let hub = TestHub::start(&[]);
        let old = TestHub::redirecting(&[status], &hub.url);
        let site = site_with(&old);
        let server = serve_with_hub(&site);
        site.post("two.md", "Dos", "2024-01-02", &["other"]);
        assert_eq!(hub.wait(), urls(&["/", "/tags/other/"]), "{status}");
        if matches!(status, 301 | 308) {
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
