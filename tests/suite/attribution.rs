//! Originals, their publications and licenses, footers, and the text as Markdown: feeds contain them, and readers find them.

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

/// A site in Chinese whose entries end with a footer.
fn site_with_footer(footer: &str, more: &str) -> TestSite {
    let site = TestSite::plain(&format!("{ORIGINS}[feeds]\nfooter = '{footer}'\n{more}"));
    site.edit("feedmill.toml", |text| {
        text.replace("[[source]]", "language = \"zh-CN\"\ntime_zone = \"Asia/Shanghai\"\n[[source]]")
    });
    site
}

/// The content of the entry of `posts/a.md` with this front matter.
fn content_of(site: &TestSite, front: &str) -> String {
    site.write("posts/a.md", &format!("---\ndate: 2024-01-31T18:00:00Z\n{front}\n---\nText.\n"));
    let json = parse_json(&render(site, "/feed.json"));
    json["items"][0]["content_html"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_footer_names_the_original_at_the_end_of_the_content() {
    let footer =
        "<p>原文：<a href=\"{original}\">{origin}</a>，{author}，{date}，<a href=\"{link}\">{title}</a></p>";
    let site = site_with_footer(footer, "");
    let html = content_of(&site, "title: A\nauthors: [B, C]\nfrom: https://m.paper.example/a?x=1&y=2");
    let original = "https://m.paper.example/a?x=1&amp;y=2";
    let expected = format!(
        "<p>Text.</p><p>原文：<a href=\"{original}\">Paper &amp; Co</a>，B, C，2024年2月1日，\
         <a href=\"https://example.org/blog/a/\">A</a></p>"
    );
    assert_eq!(html, expected, "with the day in the time zone and the language of the site");
    for (path, entry) in [("/rss.xml", "encoded"), ("/atom.xml", "content")] {
        let xml = render(&site, path);
        let document = roxmltree::Document::parse(&xml).expect("well-formed XML");
        let content = document.descendants().find(|node| node.tag_name().name() == entry);
        assert_eq!(content.and_then(|node| node.text()), Some(&*expected), "{path}");
    }
    let page = site.serve().get("/entries/posts/a/").text();
    assert!(page.contains("Paper &amp; Co</a>，B, C，2024年2月1日"), "{page}");
}

#[test]
fn only_entries_with_all_of_its_values_have_a_footer() {
    let full = "title: A\nauthor: B\nfrom: https://paper.example/a";
    for (footer, front, has_footer) in [
        ("<p>{original}{origin}{author}</p>", full, true),
        ("<p>{origin}</p>", "title: A\nfrom: https://unknown.example/a", false),
        ("<p>{original}</p>", "title: A", false),
        ("<p>{author}</p>", "title: A\nfrom: https://paper.example/a", false),
        ("<p>{date}{link}{title}</p>", "title: A", true),
        ("<p>Always</p>", "title: A", true),
    ] {
        let html = content_of(&site_with_footer(footer, ""), front);
        assert_eq!(html != "<p>Text.</p>", has_footer, "{footer} {front}: {html}");
    }
}

#[test]
fn values_in_a_footer_are_escaped_and_the_result_is_sanitised() {
    let site = site_with_footer("<p onclick=\"x()\" title={title}>{title}</p><script>{title}</script>", "");
    let html = content_of(&site, "title: '<b id=x onclick=y()> & \"{date}\"'");
    let text = "&lt;b id=x onclick=y()&gt; &amp; \"{date}\"";
    assert!(html.ends_with(&format!(">{text}</p>")), "{html}");
    assert!(!html.contains("<b") && !html.contains("<script") && !html.contains("onclick=\""), "{html}");
}

#[test]
fn a_feed_has_a_footer_of_its_own_and_only_in_its_content() {
    let site = site_with_footer(
        "<p>All {title}</p>",
        "[[feed]]\nname = \"own\"\nfooter = \"<p>Own {title}</p>\"\n[[feed]]\nname = \"none\"\nfooter = \"\"\n\
         [[feed]]\nname = \"short\"\ncontent = \"summary\"\n",
    );
    site.post("a.md", "A", "2024-01-01", &[]);
    for (path, expected) in [
        ("/feed.json", "<p>Body of A.</p><p>All A</p>"),
        ("/feeds/own/feed.json", "<p>Body of A.</p><p>Own A</p>"),
        ("/feeds/none/feed.json", "<p>Body of A.</p>"),
    ] {
        let json = parse_json(&render(&site, path));
        assert_eq!(json["items"][0]["content_html"], expected, "{path}");
    }
    for path in ["/feeds/short/feed.json", "/atom.xml?content=none", "/rss.xml?content=summary"] {
        assert!(!render(&site, path).contains("All A"), "{path}");
    }
}

#[test]
fn a_change_of_the_footer_changes_the_etag() {
    let site = site_with_footer("<p>One</p>", "");
    site.post("a.md", "A", "2024-01-01", &[]);
    let server = site.serve();
    let list = ["/rss.xml", "/entries/posts/a/"];
    let before = list.map(|path| server.get(path).required("etag").to_owned());
    site.edit("feedmill.toml", |text| text.replace("<p>One</p>", "<p>Two</p>"));
    for (path, before) in list.iter().zip(before) {
        let after = server.wait_for(path, |response| response.text().contains("Two"));
        assert_ne!(after.required("etag"), before, "{path}");
    }
}

/// The Markdown of each item of a feed, with the title of the item.
fn list_markdown(rss: &str) -> Vec<(String, Option<String>)> {
    let document = roxmltree::Document::parse(rss).expect("well-formed XML");
    let items = document.descendants().filter(|node| node.has_tag_name("item"));
    let text = |item: roxmltree::Node<'_, '_>, wanted: &dyn Fn(&roxmltree::Node<'_, '_>) -> bool| {
        item.children().find(wanted).and_then(|node| node.text()).map(str::to_owned)
    };
    let markdown = ("http://source.scripting.com/", "markdown");
    let read = |item| {
        let title = text(item, &|node| node.has_tag_name("title")).unwrap_or_default();
        (title, text(item, &|node| node.has_tag_name(markdown)))
    };
    items.map(read).collect()
}

#[test]
fn rss_contains_the_markdown_of_posts_where_a_feed_wants_it() {
    let site = TestSite::plain("[[feed]]\nname = \"own\"\nmarkdown = true\n");
    let body = "# Head\n\nA *b* & <i>c</i> ]]> {{ x }}\n";
    site.write("posts/a.md", &format!("---\ntitle: A\ndate: 2024-01-02\n---\n{body}"));
    site.write("posts/b.html", "---\ntitle: B\ndate: 2024-01-01\n---\n<p>HTML</p>\n");
    let own = render(&site, "/feeds/own/rss.xml");
    assert_eq!(list_markdown(&own), [("A".to_owned(), Some(body.to_owned())), ("B".to_owned(), None)]);
    assert_eq!(parse_feed(&own).entries.len(), 2);
    for path in ["/rss.xml", "/feeds/own/rss.xml?content=summary"] {
        let rss = render(&site, path);
        assert!(list_markdown(&rss).iter().all(|(_, markdown)| markdown.is_none()), "{path}");
        assert!(!rss.contains("source.scripting.com"), "{path}");
    }
    for path in ["/feeds/own/atom.xml", "/feeds/own/feed.json"] {
        assert!(!render(&site, path).contains("A *b*"), "{path}");
    }
    let server = site.serve();
    let before = server.get("/feeds/own/rss.xml");
    site.edit("feedmill.toml", |text| text.replace("markdown = true", "markdown = false"));
    let after = server.wait_for("/feeds/own/rss.xml", |response| !response.text().contains("A *b*"));
    assert_ne!(before.required("etag"), after.required("etag"));
    site.edit("feedmill.toml", |text| text.replace("markdown = false", "markdown = true"));
    let again = server.wait_for("/feeds/own/rss.xml", |response| response.text().contains("A *b*"));
    assert_eq!(before.required("etag"), again.required("etag"));
}

#[test]
fn feeds_link_to_the_license_of_the_site() {
    let site = TestSite::plain("");
    site.post("a.md", "A", "2024-01-02", &[]);
    site.edit("feedmill.toml", |text| {
        text.replace("[[source]]", "license = \"https://cc.example/by?v=4&x\"\n[[source]]")
    });
    for (path, root) in [("/rss.xml", "channel"), ("/atom.xml", "feed")] {
        let xml = render(&site, path);
        let links = list_elements(&xml, root, &["link"]);
        assert!(links[0].contains(&pair("license", "https://cc.example/by?v=4&x")), "{links:?}");
    }
}
