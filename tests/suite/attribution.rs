//! Originals, their publications and licenses, and footers: every format names them, and readers find them.

use crate::common::{TestSite, parse_feed, parse_json};

/// Publications: one with everything, one with a name only.
const ORIGINS: &str = "[[origin]]\nhost = \"www.paper.example\"\nname = \"Paper & Co\"\n\
                       feed = \"https://www.paper.example/rss.xml?a=1&b=2\"\n\
                       license = \"https://creativecommons.org/licenses/by/4.0/\"\n\
                       [[origin]]\nhost = \"blog.example\"\nname = \"Blog\"\n";

/// A plain site with a post from each URL.
fn site_from(more: &str, originals: &[&str]) -> TestSite {
    let site = TestSite::plain(more);
    for (number, original) in originals.iter().enumerate() {
        site.write(
            &format!("posts/{number}.md"),
            &format!(
                "---\ntitle: Post {number}\ndate: 2024-01-0{}\nfrom: {original}\n---\nText.\n",
                number + 1
            ),
        );
    }
    site
}

fn render(site: &TestSite, path: &str) -> String {
    let (status, text, errors) = site.run(&["render", path]);
    assert_eq!(status, 0, "{path}: {errors}");
    text
}

/// The text of each element of a name, and its `url` or `href`, by the number of the entry from the end of the feed.
fn list_elements(xml: &str, entry: &str, path: &[&str]) -> Vec<Vec<(String, String)>> {
    let document = roxmltree::Document::parse(xml).expect("well-formed XML");
    let entries = document.descendants().filter(|node| node.tag_name().name() == entry);
    let mut all: Vec<Vec<(String, String)>> = entries
        .map(|node| {
            let found = path.iter().fold(vec![node], |nodes, name| {
                let inner = nodes.iter().flat_map(roxmltree::Node::children);
                inner.filter(|child| child.tag_name().name() == *name).collect()
            });
            let describe = |node: roxmltree::Node<'_, '_>| {
                let target = node.attribute("url").or(node.attribute("href")).unwrap_or_default();
                let text = node.attribute("rel").or(node.text()).unwrap_or_default();
                (text.to_owned(), target.to_owned())
            };
            found.into_iter().map(describe).collect()
        })
        .collect();
    all.reverse();
    all
}

fn pair(one: &str, other: &str) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

/// With and without `m.`, on a host that no `[[origin]]` names, and on one whose feed is unknown.
const ORIGINALS: [&str; 4] = [
    "https://m.paper.example/a",
    "http://paper.example:8080/b?x=1",
    "https://beta.paper.example/c",
    "https://www.blog.example/d",
];

#[test]
fn rss_names_the_feed_of_the_original_if_it_is_known_else_its_url() {
    let rss = render(&site_from(ORIGINS, &ORIGINALS), "/rss.xml");
    let source = pair("Paper & Co", "https://www.paper.example/rss.xml?a=1&b=2");
    let plain = |number: usize| vec![pair(ORIGINALS[number], "")];
    // `source` and `dc:source` have the same local name.
    let items = list_elements(&rss, "item", &["source"]);
    assert_eq!(items[0], vec![source.clone()]);
    assert_eq!(items[1], vec![source]);
    assert_eq!(items[2], plain(2), "an unknown host");
    assert_eq!(items[3], plain(3), "a publication without a feed");
    let licenses = list_elements(&rss, "item", &["link"]);
    let license = pair("license", "https://creativecommons.org/licenses/by/4.0/");
    let has_license: Vec<bool> = licenses.iter().map(|links| links.contains(&license)).collect();
    assert_eq!(has_license, [true, true, false, false]);
    assert_eq!(parse_feed(&rss).entries.len(), 4);
}

#[test]
fn atom_names_the_original_its_publication_and_its_license() {
    let atom = render(&site_from(ORIGINS, &ORIGINALS), "/atom.xml");
    let links = list_elements(&atom, "entry", &["link"]);
    for (links, original) in links.iter().zip(ORIGINALS) {
        assert!(links.contains(&pair("via", original)), "{links:?}");
    }
    let license = pair("license", "https://creativecommons.org/licenses/by/4.0/");
    assert_eq!(links.iter().filter(|links| links.contains(&license)).count(), 2);
    let of_source = |name: &str| list_elements(&atom, "entry", &["source", name]);
    let feed = "https://www.paper.example/rss.xml?a=1&b=2";
    assert_eq!(of_source("id")[0], [pair(feed, "")]);
    assert_eq!(of_source("id")[3], [pair("https://www.blog.example/", "")], "without a feed, the home page");
    assert_eq!(of_source("title")[1], [pair("Paper & Co", "")]);
    assert_eq!(of_source("updated")[0], [pair("2024-01-01T00:00:00+00:00", "")]);
    let home = pair("alternate", "https://m.paper.example/");
    assert_eq!(of_source("link")[0], [pair("self", feed), home]);
    assert_eq!(of_source("title")[2], [], "no [[origin]] names its host");
    let entries = parse_feed(&atom).entries;
    let is_via = |link: &&feed_rs::model::Link| link.rel.as_deref() == Some("via");
    let via = entries[0].links.iter().find(is_via).map(|link| link.href.as_str());
    assert_eq!(via, Some("https://www.blog.example/d"), "as readers know it");
}

#[test]
fn a_json_feed_links_to_the_original() {
    let json = parse_json(&render(&site_from(ORIGINS, &ORIGINALS), "/feed.json"));
    let items = json["items"].as_array().expect("a list");
    let originals: Vec<&str> = items.iter().filter_map(|item| item["external_url"].as_str()).rev().collect();
    assert_eq!(originals, ORIGINALS);
}

#[test]
fn a_change_of_a_publication_changes_the_etag() {
    let site = site_from(ORIGINS, &ORIGINALS);
    let server = site.serve();
    let before = server.get("/atom.xml").header("etag").map(str::to_owned);
    site.edit("feedmill.toml", |text| text.replace("\"Blog\"", "\"The Blog\""));
    server.wait_for("/atom.xml", |response| response.text().contains("The Blog"));
    assert_ne!(server.get("/atom.xml").header("etag").map(str::to_owned), before);
}
