//! Pages for people, as they are asked for. How they look is tested in a browser: `tests/browser`.

use crate::common::{Server, TestSite};

const NAVIGATION: (&str, &str) = ("Sec-Fetch-Dest", "document");

fn title(server: &Server, path: &str) -> String {
    let page = server.get(path);
    assert_eq!(page.status, 200, "{path}");
    let text = page.text();
    let inner = text.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
    inner.expect("a page has a title").to_owned()
}

#[test]
fn every_address_without_a_file_is_a_page() {
    let site = TestSite::plain("[[feed]]\nname = \"both\"\ntitle = \"Both of them\"\n");
    site.post("one.md", "One", "2024-01-01", &["C++", "a/b"]);
    let server = site.serve();
    for (path, wanted) in [
        ("/", "Tests &amp; more"),
        ("/tags/", "Tests &amp; more: Tags"),
        ("/tags/C%2B%2B/", "Tests &amp; more: C++"),
        ("/tags/a/b/", "Tests &amp; more: a/b"),
        ("/categories/", "Tests &amp; more: Categories"),
        ("/feeds/", "Tests &amp; more: Feeds"),
        ("/feeds/both/", "Both of them"),
        ("/sources/posts/", "Tests &amp; more: posts"),
        ("/tags/c++/?limit=1", "Tests &amp; more: C++"),
    ] {
        assert_eq!(title(&server, path), wanted, "{path}");
    }
    for path in ["/sources/", "/languages/", "/tags/unknown/", "/feeds/none/", "/nothing/", "/tags/%2F"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn a_page_without_its_last_slash_is_one_step_away() {
    let site = TestSite::of_two();
    let server = site.serve();
    for (path, wanted) in [
        ("/tags", "/tags/"),
        ("/tags/rust", "/tags/rust/"),
        ("/tags/RUST?limit=1", "/tags/rust/?limit=1"),
        ("/tags/a/b", "/tags/a/b/"),
    ] {
        let answer = server.get(path);
        assert_eq!((answer.status, answer.header("location")), (301, Some(wanted)), "{path}");
    }
    assert_eq!(server.get("//example.com").status, 404);
}

#[test]
fn a_page_is_asked_for_again_each_time_and_costs_no_more_than_that() {
    let site = TestSite::of_two();
    let server = site.serve();
    for path in ["/", "/tags/", "/tags/rust/"] {
        let page = server.get(path);
        let header = |name| page.header(name).unwrap_or_default().to_owned();
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert_eq!(header("cache-control"), "no-cache");
        assert_eq!(header("vary"), "Accept-Encoding");
        assert!(header("content-security-policy").starts_with("default-src 'none';"));
        assert_eq!(header("x-content-type-options"), "nosniff");
        let again = server.ask("GET", path, &[("If-None-Match", &header("etag"))]);
        assert_eq!((again.status, again.header("etag")), (304, page.header("etag")));
        // A browser that navigates to a page is answered as everybody is.
        let visit = server.ask("GET", path, &[NAVIGATION, ("If-None-Match", &header("etag"))]);
        assert_eq!(visit.status, 304);
        let packed = server.ask("GET", path, &[("Accept-Encoding", "br")]);
        assert_eq!(packed.header("content-encoding"), Some("br"));
        assert_eq!(server.ask("OPTIONS", path, &[]).status, 405);
    }
}

#[test]
fn a_browser_that_opens_a_feed_gets_its_page_which_no_cache_stores() {
    let site = TestSite::of_two();
    let server = site.serve();
    let page = server.get("/tags/rust/");
    for path in ["/tags/rust/atom.xml", "/tags/rust/rss.xml", "/tags/rust/feed.json"] {
        let feed = server.get(path);
        let etag = feed.required("etag").to_owned();
        let shown = server.ask("GET", path, &[NAVIGATION, ("If-None-Match", &etag)]);
        assert_eq!((shown.status, shown.text()), (200, page.text()));
        assert_eq!(shown.header("cache-control"), Some("private, no-store"));
        assert_eq!((shown.header("etag"), shown.header("last-modified")), (None, None));
        assert_eq!(shown.header("vary"), Some("Accept-Encoding, Sec-Fetch-Dest, Upgrade-Insecure-Requests"));
        assert_eq!(feed.header("vary"), shown.header("vary"));
        assert!(shown.header("content-security-policy").is_some());
        assert_eq!(shown.header("access-control-allow-origin"), None);
        for (target, dest) in [
            (path.to_owned(), "empty"),
            (path.to_owned(), "iframe"),
            (format!("{path}?view=source"), "document"),
            (format!("{path}?vie%77=source"), "document"),
        ] {
            let same = server.ask("GET", &target, &[("Sec-Fetch-Dest", dest)]);
            assert_eq!((same.status, same.text()), (200, feed.text()), "{target} {dest}");
            assert_eq!(same.header("etag"), feed.header("etag"));
        }
    }
    // What is no feed stays what it is.
    assert!(server.ask("GET", "/opml.xml", &[NAVIGATION]).text().starts_with("<?xml"));
}

#[test]
fn only_browsers_that_navigate_get_the_page_of_a_feed_also_without_https() {
    const HTML: (&str, &str) =
        ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8");
    const UPGRADE: (&str, &str) = ("Upgrade-Insecure-Requests", "1");
    let site = TestSite::of_two();
    let server = site.serve();
    for (headers, is_page) in [
        // Chromium and Firefox to plain http in a LAN.
        (&[HTML, UPGRADE][..], true),
        // The same to https and to this machine.
        (&[HTML, UPGRADE, ("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Mode", "navigate")], true),
        (&[("Sec-Fetch-Dest", "document")], true),
        // A browser that loads it into a frame, a script of a page, a reader in a browser.
        (&[HTML, UPGRADE, ("Sec-Fetch-Dest", "iframe")], false),
        (&[HTML, UPGRADE, ("Sec-Fetch-Mode", "cors")], false),
        (&[("Accept", "*/*"), UPGRADE], false),
        // Readers that accept HTML too.
        (&[HTML], false),
        (&[HTML, ("Upgrade-Insecure-Requests", "0")], false),
        (&[("Accept", "application/rss+xml, application/xml;q=0.9, text/html;q=0.1")], false),
        (&[], false),
    ] {
        let response = server.ask("GET", "/rss.xml", headers);
        let kind = response.required("content-type");
        assert_eq!((response.status, kind.starts_with("text/html")), (200, is_page), "{headers:?}");
    }
}

#[test]
fn a_page_changes_with_what_it_shows_and_with_nothing_else() {
    let site = TestSite::of_two();
    let server = site.serve();
    let etag = |path: &str| server.get(path).required("etag").to_owned();
    let (rust, other, tags) = (etag("/tags/rust/"), etag("/tags/c++/"), etag("/tags/"));
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &["Rust"]);
    server.wait_for("/tags/rust/", |page| page.text().contains("Three"));
    assert_ne!(etag("/tags/rust/"), rust);
    assert_eq!(etag("/tags/c++/"), other);
    assert_ne!(etag("/tags/"), tags);
}

#[test]
fn a_term_that_lost_its_last_post_keeps_its_page() {
    let site = TestSite::of_two();
    let server = site.serve();
    assert_eq!(server.get("/tags/rust/atom.xml").status, 200);
    site.remove("posts/2024-01-02-two.md");
    server.wait_for_titles("/tags/rust/atom.xml", &[]);
    assert!(server.get("/tags/rust/").text().contains("There are no posts yet."));
    assert!(!server.get("/tags/").text().contains("/tags/rust/"));
}

#[test]
fn pages_stand_below_the_path_of_the_public_address() {
    let site = TestSite::plain("[server]\npublic_url = \"https://feeds.example.org/f\"\n");
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    let server = site.serve();
    for path in ["/f/tags/rust/", "/tags/rust/"] {
        let text = server.get(path).text();
        for wanted in [
            "<link rel=\"canonical\" href=\"https://feeds.example.org/f/tags/rust/\">",
            "value=\"https://feeds.example.org/f/tags/rust/atom.xml\"",
            "<a href=\"/f/tags/\">",
            "https://www.newsblur.com/?url=https%3A%2F%2Ffeeds%2Eexample%2Eorg%2Ff%2Ftags%2Frust%2Frss%2Exml",
        ] {
            assert!(text.contains(wanted), "{path} lacks {wanted}: {text}");
        }
        for asset in text.split('"').filter(|part| part.starts_with("/f/feedmill-")) {
            let answer = server.get(asset);
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        }
    }
    assert_eq!(server.get("/f/tags/rust").header("location"), Some("/f/tags/rust/"));
}

#[test]
fn a_system_that_asks_for_its_feed_at_the_root_still_gets_it() {
    let site = TestSite::plain("[paths]\ncompat = [\"wordpress\"]\n");
    site.post("one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    assert_eq!(server.get("/?feed=atom").titles(), ["One"]);
    assert_eq!(title(&server, "/"), "Tests &amp; more");
}

#[test]
fn the_terms_of_a_post_in_another_language_lead_to_feeds_that_hold_it() {
    let site = TestSite::new();
    site.write(
        "hugo.toml",
        "baseURL = \"https://example.org/\"\ntitle = \"T\"\ndefaultContentLanguage = \"en\"\n[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n",
    );
    site.write("content/posts/a.md", "+++\ntitle = \"A\"\ndate = 2024-01-01\ntags = [\"x\"]\n+++\n");
    site.write("content/posts/a.de.md", "+++\ntitle = \"Ah\"\ndate = 2024-01-01\ntags = [\"x\"]\n+++\n");
    let server = site.start(&["serve", ".", "--listen", "127.0.0.1:0"]);
    let page = server.wait_for("/languages/de/", |page| page.status == 200).text();
    assert!(page.contains("href=\"/tags/x/?languages=de\""), "{page}");
    assert!(server.get("/tags/x/?languages=de").text().contains(">Ah</a>"));
}

#[test]
fn an_alias_of_a_page_is_answered_in_place() {
    let site = TestSite::plain(
        "[paths]\naliases = { \"/tags/rust/\" = \"/tags/rust\", \"/q\" = \"/tags/rust?limit=1\", \"/r\" = \"/tags/rust/\" }\n",
    );
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    site.post("two.md", "Two", "2024-01-02", &["Rust"]);
    let server = site.serve();
    for (path, posts) in [("/tags/rust/", 2), ("/q", 1), ("/r", 2)] {
        let page = server.get(path);
        assert_eq!((page.status, page.text().matches("<article").count()), (200, posts), "{path}");
    }
    assert!(!site.run(&["check"]).1.contains("where there is no feed"));
}
