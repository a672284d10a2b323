//! Archive documents (RFC 5005 §4): a feed and its archives contain every post, whoever follows their links.

use std::collections::{BTreeMap, BTreeSet};

use crate::common::{TestSite, parse_json};

const FORMATS: [&str; 3] = ["rss.xml", "atom.xml", "feed.json"];

/// A document as a reader sees it: its entries by their ids, its links by their relations, and its `fh` elements.
struct Seen {
    ids: Vec<String>,
    links: BTreeMap<String, String>,
    history: Vec<String>,
}

/// Reads a document in the format of its path. A JSON feed has only the link to older entries.
fn read(path: &str, text: &str) -> Seen {
    if path.contains("feed.json") {
        let feed = parse_json(text);
        let items = feed["items"].as_array().expect("it has items").iter();
        let ids = items.map(|item| item["id"].as_str().expect("it has an id").to_owned()).collect();
        let older = feed["next_url"].as_str().map(|url| ("prev-archive".to_owned(), url.to_owned()));
        return Seen { ids, links: older.into_iter().collect(), history: Vec::new() };
    }
    let document = roxmltree::Document::parse(text).expect("well-formed XML");
    let is_entry = |node: &roxmltree::Node<'_, '_>| matches!(node.tag_name().name(), "entry" | "item");
    let entries = document.descendants().filter(is_entry);
    let id = |entry: roxmltree::Node<'_, '_>| {
        let id = entry.children().find(|node| matches!(node.tag_name().name(), "id" | "guid"));
        id.and_then(|id| id.text()).expect("it has an id").to_owned()
    };
    let atom = "http://www.w3.org/2005/Atom";
    let links = document.descendants().filter(|node| node.has_tag_name((atom, "link")));
    let links = links
        .filter_map(|link| Some((link.attribute("rel")?.to_owned(), link.attribute("href")?.to_owned())));
    let history = "http://purl.org/syndication/history/1.0";
    let history = document.descendants().filter(|node| node.tag_name().namespace() == Some(history));
    Seen {
        ids: entries.map(id).collect(),
        links: links.collect(),
        history: history.map(|node| node.tag_name().name().to_owned()).collect(),
    }
}

/// Follows the links of a feed to all its archive documents, from the newest to the oldest: the ids of each document.
fn walk(base: &str, path: &str, get: impl Fn(&str) -> String) -> Vec<Vec<String>> {
    let mut documents = Vec::new();
    let mut next = Some(path.to_owned());
    while let Some(path) = next {
        let seen = read(&path, &get(&path));
        next = seen
            .links
            .get("prev-archive")
            .map(|url| url.strip_prefix(base).expect("a URL of this server").to_owned());
        documents.push(seen.ids);
    }
    documents
}

/// A site with posts whose dates are not in the order of their names.
fn site(count: usize, more: &str) -> TestSite {
    let site = TestSite::plain(more);
    for number in 0..count {
        let date = format!("2024-01-{:02}", 1 + number * 7 % 28);
        site.post(
            &format!("p{number}.md"),
            &format!("P{number}"),
            &date,
            &["all", ["odd", "even"][number % 2]],
        );
    }
    site
}

#[test]
fn a_feed_and_its_archives_contain_every_post_in_every_format() {
    let site = site(23, "[feeds]\nlimit = 5\n[[feed]]\nname = \"few\"\narchive = 3\norder = \"arrival\"\n");
    let server = site.serve();
    site.post("old.md", "Old", "2011-01-01", &["all", "odd"]);
    server.wait_for("/feeds/few/atom.xml", |response| {
        response.titles().first().is_some_and(|title| title == "Old")
    });
    for (place, count, size) in [("/", 24, 5), ("/tags/odd/", 13, 5), ("/feeds/few/", 24, 3)] {
        for format in ["rss.xml", "atom.xml"] {
            let documents = walk(&server.base(), &format!("{place}{format}"), |path| server.get(path).text());
            let archived: Vec<&String> = documents[1..].iter().flatten().collect();
            let own: BTreeSet<&String> = archived.iter().copied().chain(&documents[0]).collect();
            assert_eq!(own.len(), count, "{place}{format}: no post is missing");
            assert_eq!(
                archived.iter().collect::<BTreeSet<_>>().len(),
                archived.len(),
                "archives are disjoint"
            );
            assert!(documents[1..].iter().all(|document| document.len() == size), "only full ones exist");
            assert_eq!(documents.len() - 1, count / size);
        }
        // From an archive document on, JSON has the same documents.
        let last = format!("{place}archive/{}/", count / size);
        let walked = ["rss.xml", "feed.json"]
            .map(|format| walk(&server.base(), &format!("{last}{format}"), |path| server.get(path).text()));
        assert_eq!(walked[0], walked[1]);
    }
    // The newest posts by date, and the one that arrived last.
    assert!(server.get("/atom.xml").titles().contains(&"Old".to_owned()));
    for path in ["/archive/5/atom.xml", "/archive/0/atom.xml", "/archive/01/atom.xml", "/archive/x/atom.xml"]
    {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn links_lead_from_each_document_to_the_next_and_back() {
    let site = site(9, "[feeds]\nlimit = 3\n");
    let server = site.serve();
    let url = |path: &str| format!("{}{path}", server.base());
    for format in ["rss.xml", "atom.xml"] {
        let get = |path: &str| read(path, &server.get(path).text());
        let archive = |number: usize| format!("/archive/{number}/{format}");
        let main = get(&format!("/{format}"));
        assert_eq!(main.links.get("prev-archive"), Some(&url(&archive(3))));
        assert!(main.history.is_empty() && main.links.contains_key("next"));
        for number in 1..=3 {
            let seen = get(&archive(number));
            assert_eq!(seen.history, ["archive"]);
            assert_eq!(seen.links["current"], url(&format!("/{format}")));
            assert_eq!(seen.links["self"], url(&archive(number)));
            let before = (number > 1).then(|| url(&archive(number - 1)));
            let after = (number < 3).then(|| url(&archive(number + 1)));
            assert_eq!(
                (seen.links.get("prev-archive"), seen.links.get("next-archive")),
                (before.as_ref(), after.as_ref())
            );
            assert!(!seen.links.contains_key("next") && !seen.links.contains_key("first"));
        }
        let response = server.get(&archive(1));
        assert_eq!(response.header("cache-control"), Some("public, max-age=86400"));
        let etag = response.required("etag");
        assert_eq!(server.ask("GET", &archive(1), &[("If-None-Match", etag)]).status, 304);
    }
    // The id of a feed is that of all its documents.
    let id = |path: &str| {
        let text = server.get(path).text();
        let document = roxmltree::Document::parse(&text).expect("well-formed XML");
        let id = document
            .root_element()
            .children()
            .find(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "id")));
        id.and_then(|id| id.text().map(str::to_owned)).expect("it has an id")
    };
    assert_eq!(id("/atom.xml"), id("/archive/2/atom.xml"));
}

#[test]
fn a_document_says_what_it_is_before_its_entries() {
    // RFC 4287 appendix B: no element of the feed comes after an entry.
    let server = site(40, "[feeds]\nlimit = 20\n[[feed]]\nname = \"small\"\nlimit = 50\n").serve();
    for path in ["/archive/1/atom.xml", "/archive/1/rss.xml", "/feeds/small/atom.xml", "/feeds/small/rss.xml"]
    {
        let text = server.get(path).text();
        let document = roxmltree::Document::parse(&text).expect("well-formed XML");
        let is_entry = |node: &roxmltree::Node<'_, '_>| matches!(node.tag_name().name(), "entry" | "item");
        let entries: Vec<_> = document.descendants().filter(is_entry).collect();
        assert!(entries.len() >= 20 && read(path, &text).history.len() == 1, "{path}");
        let after = entries[0].next_siblings().filter(roxmltree::Node::is_element);
        assert_eq!(after.count(), entries.len(), "{path}");
    }
}

#[test]
fn a_small_feed_is_complete_and_one_without_archives_is_as_before() {
    let site = site(
        4,
        "[[feed]]\nname = \"none\"\narchive = 0\n[[feed]]\nname = \"paged\"\nlimit = 2\narchive = 10\n",
    );
    let server = site.serve();
    let get = |path: &str| read(path, &server.get(path).text());
    for path in ["/atom.xml", "/rss.xml", "/feeds/paged/rss.xml"] {
        let seen = get(path);
        assert_eq!((seen.history, seen.ids.len()), (vec!["complete".to_owned()], 4), "{path}");
        assert!(!seen.links.contains_key("next") && !seen.links.contains_key("prev-archive"), "{path}");
    }
    assert!(get("/feeds/none/atom.xml").history.is_empty());
    assert!(get("/atom.xml?limit=2").history.is_empty());
    for path in ["/archive/1/atom.xml", "/feeds/none/archive/1/atom.xml"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn an_archive_document_changes_only_with_its_posts_and_with_its_successor() {
    let site = site(6, "[feeds]\nlimit = 2\n");
    let server = site.serve();
    let archives = ["/archive/1/atom.xml", "/archive/2/atom.xml", "/archive/3/atom.xml"];
    let etags = || archives.map(|path| server.get(path).required("etag").to_owned());
    let before = etags();
    site.post("old.md", "Old", "2011-01-01", &[]);
    server.wait_for("/atom.xml", |response| response.titles().contains(&"Old".to_owned()));
    assert_eq!(etags(), before, "a new post is in none of them");
    site.post("older.md", "Older", "2010-01-01", &[]);
    server.wait_for("/archive/4/atom.xml", |response| response.status == 200);
    let after = etags();
    assert_eq!((&after[..2], after[2] == before[2]), (&before[..2], false));
    assert_eq!(server.get("/archive/4/atom.xml").titles(), ["Older", "Old"]);
    site.post("old.md", "Edited", "2011-01-01", &[]);
    server.wait_for("/archive/4/atom.xml", |response| response.titles() == ["Older", "Edited"]);
    assert_eq!(etags(), after);
}

#[test]
fn an_archive_takes_precedence_over_a_term_that_has_its_name() {
    let site = site(3, "[feeds]\nlimit = 2\n");
    site.post("x.md", "X", "2024-02-01", &["all/archive/1", "all/archive/zero"]);
    let server = site.serve();
    let archive = server.get("/tags/all/archive/1/atom.xml");
    assert_eq!(read("atom.xml", &archive.text()).history, ["archive"]);
    assert_eq!(server.get("/tags/all/archive/zero/atom.xml").titles(), ["X"]);
    assert_eq!(server.get("/atom.xml?tags=all/archive/1").titles(), ["X"]);
}

#[test]
fn a_static_host_serves_the_whole_history() {
    let site = site(7, "[feeds]\nlimit = 3\n");
    let export = || site.run(&["export", "out", "--public-url", "https://static.example.org"]);
    assert_eq!(export().0, 0);
    for format in FORMATS {
        let read = |path: &str| site.read(&format!("out{path}"));
        let documents = walk("https://static.example.org", &format!("/{format}"), read);
        let all: BTreeSet<&String> = documents.iter().flatten().collect();
        assert_eq!((documents.len(), all.len()), (3, 7), "{format}");
    }
}

#[test]
fn an_export_remembers_when_posts_arrived() {
    let site = site(4, "[feeds]\nlimit = 2\n");
    let export = || site.run(&["export", "out", "--public-url", "https://static.example.org"]);
    assert_eq!(export().0, 0);
    let archives = || ["1", "2"].map(|number| site.read(&format!("out/archive/{number}/rss.xml")));
    let before = archives();
    site.post("old.md", "Old", "2011-01-01", &[]);
    assert_eq!(export().0, 0);
    assert_eq!(archives(), before, "it adds nothing to a document of the past");
    assert!(site.read("out/rss.xml").contains("<title>Old</title>"));
    site.post("older.md", "Older", "2010-01-01", &[]);
    assert_eq!(export().0, 0);
    assert!(site.read("out/archive/3/rss.xml").contains("<title>Old</title>"));
    assert_eq!(archives()[0], before[0]);
}
