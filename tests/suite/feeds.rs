//! Feeds: named ones, their pages, the list of all of them, and how long caches keep them.

use std::collections::BTreeSet;

use crate::queries::site;

#[test]
fn a_feed_with_a_name_has_its_own_title_and_settings() {
    let server = site().serve();
    let feed = server.get("/feeds/systems/atom.xml").feed();
    assert_eq!(feed.title.expect("a title").content, "Systems, no news");
    assert_eq!(feed.description.expect("a description").content, "What runs below");
    assert!(feed.entries[0].content.is_none() && feed.entries[0].summary.is_some());
    let narrowed = server.get("/feeds/systems/atom.xml?tags=rust&q=harbour").feed();
    assert_eq!(narrowed.title.expect("a title").content, "Systems, no news: rust, “harbour”");
    assert_eq!(narrowed.id, "tag:example.org,2026:/blog/feeds/systems/atom.xml?q=harbour&tags=rust");
    // Terms that have no feed are not printed, but can be selected by.
    assert!(!server.get("/rss.xml").text().contains("internal"));
}

#[test]
fn pages_hold_every_post_once_and_name_each_other() {
    let server = site().serve();
    let mut seen = String::new();
    let mut path = "/feed.json?limit=2".to_owned();
    loop {
        let feed = server.get(&path).json();
        let items = feed["items"].as_array().expect("a JSON array");
        seen.extend(items.iter().filter_map(|item| item["id"].as_str()));
        let Some(next) = feed["next_url"].as_str() else { break };
        next.strip_prefix(&*server.base()).expect("a URL of this server").clone_into(&mut path);
    }
    assert_eq!((&*seen, &*path), ("fedcba", "/feed.json?limit=2&page=3"));
    assert_eq!(server.get("/feed.json?limit=2&page=4").status, 404);
    for path in ["/rss.xml?limit=2&page=2", "/feeds/found/atom.xml?limit=1&page=2"] {
        let text = server.get(path).text();
        let document = roxmltree::Document::parse(&text).expect("well-formed XML");
        let links = document.descendants().filter(|node| {
            node.tag_name().name() == "link"
                && node.tag_name().namespace() == Some("http://www.w3.org/2005/Atom")
        });
        let rels: BTreeSet<&str> = links.filter_map(|link| link.attribute("rel")).collect();
        let mut expected = BTreeSet::from(["self", "first", "previous", "last"]);
        expected.extend(path.starts_with("/rss").then_some("next"));
        assert!(rels.is_superset(&expected), "{path}: {rels:?}");
    }
    let id = |path: &str| server.get(path).feed().id;
    assert_eq!(id("/feeds/found/atom.xml?limit=1&page=2"), id("/feeds/found/atom.xml?limit=1"));
    assert!(!server.get("/rss.xml").text().contains("rel=\"first\""), "one page names no others");
}

#[test]
fn the_list_of_feeds_leads_to_each_of_them() {
    let server = site().serve();
    let response = server.get("/opml.xml");
    assert_eq!(response.header("content-type"), Some("text/x-opml; charset=utf-8"));
    assert_eq!(response.header("cache-control"), Some("no-cache"));
    let text = response.text();
    let document = roxmltree::Document::parse(&text).expect("well-formed XML");
    let outlines = document.descendants().filter(|node| node.attribute("type") == Some("rss"));
    let addresses: Vec<&str> = outlines.filter_map(|outline| outline.attribute("xmlUrl")).collect();
    let base = server.base();
    for address in &addresses {
        let path = address.strip_prefix(&*base).expect("a URL of this server");
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    let names: BTreeSet<&str> = addresses.iter().filter_map(|address| address.strip_prefix(&*base)).collect();
    assert!(names.contains("/feeds/systems/atom.xml") && names.contains("/tags/c++/atom.xml"), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("internal")), "{names:?}");
    // main, four with a name, five tags, one category, one author
    assert_eq!((names.len(), addresses.len()), (12, 12), "{names:?}");
    let etag = response.required("etag");
    assert_eq!(server.ask("GET", "/opml.xml", &[("If-None-Match", etag)]).status, 304);
    let well_known = server.get("/.well-known/feeds");
    assert_eq!((well_known.required("etag"), well_known.text()), (etag, text));
}

#[test]
fn feeds_are_cached_no_longer_than_until_their_own_next_post() {
    let site = site();
    let soon = chrono::Utc::now() + chrono::TimeDelta::seconds(100);
    let later = format!("---\ntitle: Later\ndate: {}\ntags: [rust]\n---\nx\n", soon.to_rfc3339());
    site.write("posts/later.md", &later);
    let server = site.serve();
    let is_capped = |path: &str| {
        let response = server.get(path);
        !response.required("cache-control").contains("stale-while-revalidate")
    };
    for path in ["/rss.xml", "/tags/rust/rss.xml", "/rss.xml?tags=rust&limit=1", "/rss.xml?q=anything"] {
        assert!(is_capped(path), "{path}");
    }
    for path in ["/tags/c++/rss.xml", "/rss.xml?not_tags=rust", "/rss.xml?authors=mara"] {
        assert!(!is_capped(path), "{path}");
    }
}
