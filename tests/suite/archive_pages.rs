//! Pages of archive documents: people browse the same history that readers follow.

use crate::common::{Server, TestSite};

/// A site of seven posts in documents of three: two documents, and one post that is in none.
fn site() -> TestSite {
    let site = TestSite::plain("[feeds]\nlimit = 3\n[[feed]]\nname = \"all\"\ntitle = \"All of them\"\n");
    for day in 1..=7 {
        site.post(&format!("p{day}.md"), &format!("P{day}"), &format!("2024-01-0{day}"), &["rust"]);
    }
    site
}

/// The texts of the links with a path.
fn links_to(page: &str, path: &str) -> Vec<String> {
    let mark = format!("href=\"{path}\"");
    let links = page.split(&mark).skip(1);
    let text = |link: &str| link.split_once('>')?.1.split_once("</a>").map(|(text, _)| text.to_owned());
    links.filter_map(text).collect()
}

/// The titles of the entries of a page, in order.
fn titles(page: &str) -> Vec<String> {
    (1..=9)
        .map(|number| format!("P{number}"))
        .filter(|title| page.contains(&format!(">{title}</a>")))
        .collect()
}

fn page(server: &Server, path: &str) -> String {
    let response = server.get(path);
    assert_eq!((response.status, response.header("content-type")), (200, Some("text/html; charset=utf-8")));
    response.text()
}

#[test]
fn the_page_of_a_feed_leads_to_its_archive_and_each_document_to_its_neighbours() {
    let server = site().serve();
    for place in ["/", "/tags/rust/", "/feeds/all/"] {
        let [first, second] = [1, 2].map(|number| format!("{place}archive/{number}/"));
        let feed = page(&server, place);
        assert_eq!(links_to(&feed, &second), ["Archive"], "{place}");
        assert!(!page(&server, &format!("{place}?page=2")).contains("/archive/"), "{place}");
        assert_eq!(titles(&page(&server, &first)), ["P1", "P2", "P3"]);
        assert_eq!(titles(&page(&server, &second)), ["P4", "P5", "P6"]);
        let (oldest, newest) = (page(&server, &first), page(&server, &second));
        assert_eq!(links_to(&oldest, &second), ["Newer"], "{place}");
        assert_eq!(links_to(&newest, &first), ["Older"], "{place}");
        assert!(links_to(&oldest, place).contains(&"Newest posts".to_owned()), "{place}");
        assert!(!oldest.contains(">Older<") && !newest.contains(">Newer<"), "{place}");
    }
}

#[test]
fn it_is_titled_by_its_number_and_offers_the_feed_not_the_document_to_readers() {
    let server = site().serve();
    let page = page(&server, "/feeds/all/archive/2/");
    assert!(page.contains("<title>All of them: Archive 2</title>"), "{page}");
    let base = server.base();
    assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{base}/feeds/all/archive/2/\">")));
    let alternates: Vec<&str> = page.split("<link rel=\"alternate\"").skip(1).collect();
    assert_eq!(alternates.len(), 3);
    for (alternate, format) in alternates.iter().zip(["rss.xml", "atom.xml", "feed.json"]) {
        assert!(alternate.contains(&format!("href=\"{base}/feeds/all/{format}\"")), "{alternate}");
    }
    // The feed is above it in the breadcrumb.
    assert_eq!(links_to(&page, "/feeds/all/")[0], "<bdi>All of them</bdi>");
}

#[test]
fn it_changes_only_with_its_posts_and_its_successor() {
    let site = site();
    let server = site.serve();
    let etags = || {
        ["/archive/1/", "/archive/2/"].map(|path| {
            let response = server.get(path);
            assert_eq!(response.header("cache-control"), Some("no-cache"));
            let etag = response.required("etag").to_owned();
            assert_eq!(server.ask("GET", path, &[("If-None-Match", &etag)]).status, 304);
            etag
        })
    };
    let before = etags();
    site.post("p8.md", "P8", "2011-01-01", &[]);
    server.wait_for("/atom.xml", |response| response.titles().contains(&"P8".to_owned()));
    assert_eq!(etags(), before, "a post that is in neither");
    site.post("p9.md", "P9", "2011-01-02", &[]);
    server.wait_for("/archive/3/", |response| response.status == 200);
    let after = etags();
    assert_eq!((&after[0], after[1] == before[1]), (&before[0], false), "its successor is linked");
}

#[test]
fn a_browser_that_opens_an_archive_document_gets_its_page() {
    let server = site().serve();
    let shown = server.ask("GET", "/archive/1/atom.xml", &[("Sec-Fetch-Dest", "document")]);
    assert_eq!(shown.text(), page(&server, "/archive/1/"));
    assert_eq!(shown.header("cache-control"), Some("private, no-store"));
    let source = server.ask("GET", "/archive/1/atom.xml?view=source", &[("Sec-Fetch-Dest", "document")]);
    assert_eq!(source.text(), server.get("/archive/1/atom.xml").text());
}

#[test]
fn one_that_does_not_exist_is_404_and_names_the_feed() {
    let site = site();
    let server = site.serve();
    for path in ["/archive/3/", "/archive/0/", "/archive/x/", "/feeds/all/archive/", "/archive/3/atom.xml"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    assert!(server.get("/feeds/all/archive/9/rss.xml").text().contains("/feeds/all/rss.xml"));
    let moved = server.get("/feeds/all/archive/1");
    assert_eq!((moved.status, moved.header("location")), (301, Some("/feeds/all/archive/1/")));
    site.edit("feedmill.toml", |text| format!("{text}[pages]\nenabled = false\n"));
    server.wait_for("/archive/1/", |response| response.status == 404);
    assert_eq!(server.get("/archive/1/atom.xml").status, 200);
}

#[test]
fn an_export_has_the_same_pages() {
    let site = site();
    assert_eq!(site.run(&["export", "out", "--public-url", "https://static.example.org"]).0, 0);
    let page = |path: &str| site.read(&format!("out{path}index.html"));
    assert_eq!(titles(&page("/archive/1/")), ["P1", "P2", "P3"]);
    assert_eq!(titles(&page("/feeds/all/archive/2/")), ["P4", "P5", "P6"]);
    assert_eq!(links_to(&page("/feeds/all/"), "/feeds/all/archive/2/"), ["Archive"]);
    // A static host has no further pages: the archive is the way to older posts.
    assert!(!page("/").contains("Page 1 of"), "{}", page("/"));
}
