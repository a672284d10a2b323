//! The ids that subscribers know posts by: as the site's own feed has them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::Value;

use crate::common::{TestSite, fixture, parse_json, read_file, wait_until};

const URL: &str = "https://example.org/base";

/// Posts with what Jekyll 4.3.1 and Addressable 2.9.0 made of them: file, front matter, `post.id`, `post.url`, and the
/// id and link that jekyll-feed 0.17.0 printed, below the URL.
static POSTS: LazyLock<Vec<[String; 6]>> = LazyLock::new(|| {
    serde_json::from_str(&read_file(fixture("ids/jekyll.json"))).expect("six texts for each post")
});

/// A Jekyll site in the folder `blog` with these posts.
fn write_site(site: &TestSite, source: &str) {
    site.write("blog/_config.yml", "title: T\nurl: https://example.org\nbaseurl: /base\n");
    for [file, front, ..] in &*POSTS {
        site.write(
            &format!("blog/_posts/2024-01-{file}.md"),
            &format!("---\ntitle: '{file}'\n{front}\n---\nText.\n"),
        );
    }
    site.write(
        "feedmill.toml",
        &format!("[site]\ntitle = \"T\"\n[feeds]\nlimit = 500\n[[source]]\npath = \"blog\"\n{source}"),
    );
}

/// A feed template of Jekyll's that prints ids by an expression.
fn write_template(site: &TestSite, file: &str, id: &str) {
    site.write(
        &format!("blog/{file}"),
        &format!("---\n---\n<feed>{{% for post in site.posts %}}<entry><id>{id}</id></entry>{{% endfor %}}</feed>\n"),
    );
}

/// Ids and links by the title, which is the file's name.
fn read(site: &TestSite) -> BTreeMap<String, (String, String)> {
    let (status, out, err) = site.run(&["render", "/feed.json"]);
    assert_eq!((status, err.as_str()), (0, ""));
    let feed = parse_json(&out);
    let items = feed["items"].as_array().expect("the feed has items").iter();
    let text = |item: &Value, key: &str| item[key].as_str().expect(key).to_owned();
    items.map(|item| (text(item, "title"), (text(item, "id"), text(item, "url")))).collect()
}

#[test]
fn urls_and_ids_are_normalised_as_jekyll_feed_prints_them() {
    let site = TestSite::new();
    write_site(&site, "");
    let found = read(&site);
    assert_eq!(found.len(), POSTS.len());
    for [file, _, _, _, id, link] in &*POSTS {
        assert_eq!(found[file], (format!("{URL}{id}"), format!("{URL}{link}")), "{file}");
    }
}

#[test]
fn ids_are_made_as_the_sites_own_feed_template_does() {
    let site = TestSite::new();
    write_site(&site, "");
    for (template, prefix, column) in [
        ("{{ post.id }}", "", 2),
        ("{{ site.url }}{{ post.id }}", "https://example.org", 2),
        ("{{ site.url }}{{ post.url }}", "https://example.org", 3),
        ("{{ post.url | prepend: site.baseurl | prepend: site.url }}", URL, 3),
        ("{{ post.url | absolute_url }}", URL, 5),
        ("{{ post.id | absolute_url | xml_escape }}", URL, 4),
    ] {
        write_template(&site, "atom.xml", template);
        let found = read(&site);
        for post in &*POSTS {
            assert_eq!(found[&post[0]].0, format!("{prefix}{}", post[column]), "{template}");
        }
    }
}

#[test]
fn a_template_that_is_not_understood_is_reported_unless_the_key_decides() {
    let site = TestSite::new();
    write_site(&site, "");
    write_template(&site, "feed.xml", "{{ post.date | date: '%s' }}");
    let (status, out, _) = site.run(&["check"]);
    assert_eq!(status, 0, "{out}");
    assert!(out.contains("blog/feed.xml") && out.contains("\"{{ post.date | date: '%s' }}\""), "{out}");
    write_site(&site, "id = \"dialect\"\n");
    let (_, out, _) = site.run(&["check"]);
    assert!(!out.contains("feed.xml"), "{out}");
}

#[test]
fn ids_are_made_by_the_key() {
    let site = TestSite::new();
    let with_guid = "---\ntitle: guid\nguid: urn:x:1\n---\n";
    for (key, plain, guid) in [
        ("id = \"auto\"", "https://example.org/base/2024/01/01/plain", "urn:x:1"),
        ("id = \"permalink\"", "https://example.org/base/2024/01/01/plain.html", "urn:x:1"),
        ("id = \"{site}{id}\"", "https://example.org/2024/01/01/plain", "urn:x:1"),
        ("id = \"tag:a,2024:{slug}\"", "tag:a,2024:plain", "urn:x:1"),
        ("id = \"{guid}\"", "https://example.org/base/2024/01/01/plain", "urn:x:1"),
        ("id = \"a:{guid}\"", "https://example.org/base/2024/01/01/plain", "a:urn:x:1"),
        ("id_base = \"http://o.org/x\"", "http://o.org/x/2024/01/01/plain", "urn:x:1"),
        ("id_base = \"http://o.org\"\nid = \"{site}{id}\"", "http://o.org/2024/01/01/plain", "urn:x:1"),
        ("id_base = \"http://o.org/base\"\nid = \"{base}{path}\"", "/base/2024/01/01/plain.html", "urn:x:1"),
        (
            "url = \"http://n.org/base\"\nid = \"{site}{path}\"",
            "http://n.org/2024/01/01/plain.html",
            "urn:x:1",
        ),
        (
            "url = \"http://n.org/new\"\nid = \"{site}{base}{id}\"",
            "http://n.org/new/2024/01/01/plain",
            "urn:x:1",
        ),
    ] {
        write_site(&site, key);
        site.write("blog/_posts/2024-02-01-guid.md", with_guid);
        let found = read(&site);
        assert_eq!((found["01-plain"].0.as_str(), found["guid"].0.as_str()), (plain, guid), "{key}");
    }
}

#[test]
fn in_other_dialects_id_and_path_are_those_of_the_page() {
    let post = "---\ntitle: T\ndate: 2024-01-02\n---\nx\n";
    for (dialect, file, id) in [
        ("hugo", "content/posts/a b.md", "https://e.org/x/posts/a-b/|/x|/posts/a-b/|a-b"),
        ("zola", "content/a.md", "https://e.org/x/a/|/x|/a/|a"),
        ("plain", "c++.md", "https://e.org/x/c++/|/x|urn:uuid:565a44d5-a6e9-50c9-916c-f9efa044c82c|c++"),
    ] {
        let site = TestSite::new();
        site.write(&format!("s/{file}"), post);
        site.write(
            "feedmill.toml",
            &format!(
                "[site]\ntitle = \"T\"\nurl = \"https://e.org/x\"\n[[source]]\npath = \"s\"\ndialect = {dialect:?}\n\
                 id = \"{{permalink}}|{{base}}|{{id}}|{{slug}}\"\n"
            ),
        );
        assert_eq!(read(&site)["T"].0, id, "{dialect}");
    }
}

/// An Atom feed as a template prints it: characters are not escaped.
fn build_feed(site: &TestSite, id: impl Fn(&[String; 6]) -> String) {
    let entries = POSTS.iter().map(|post| {
        let date = format!("2024-01-{}T00:00:00Z", &post[0][..2]);
        let (title, link, id) = (&post[0], &post[3], id(post));
        format!(
            "<entry><title>{title}\u{8}</title><link href=\"{URL}{link}\"/><updated>{date}</updated><id>{id}</id>\
             <content type=\"html\">a & b <br></content></entry>\n"
        )
    });
    site.write(
        "old.xml",
        &format!("\n<feed xmlns=\"http://www.w3.org/2005/Atom\">{}</feed>", entries.collect::<String>()),
    );
}

#[test]
fn compare_proposes_the_setting_that_keeps_the_most_ids() {
    let site = TestSite::new();
    write_site(&site, "");
    let all = POSTS.len();
    for (key, value, prefix, column) in [
        ("id", "{site}{id}", "https://example.org", 2),
        ("id", "{id}", "", 2),
        ("id", "permalink", URL, 5),
        ("id", "{site}{path}", "https://example.org", 3),
        ("id", "tag:example.org,2020:{id}", "tag:example.org,2020:", 2),
        ("id_base", "http://old.example/b", "http://old.example/b", 4),
    ] {
        build_feed(&site, |post| format!("{prefix}{}", post[column]));
        let (status, out, err) = site.run(&["compare", "old.xml"]);
        assert_eq!((status, err.as_str()), (1, ""), "{out}");
        let fix = format!(
            "fix        write {key} = {value:?} into [[source]] \"blog\": it serves {all} of {all} old ids, not "
        );
        assert!(out.contains(&fix), "{value}: {out}");
        // With it no entry is seen again.
        write_site(&site, &format!("{key} = {value:?}\n"));
        let (status, out, _) = site.run(&["compare", "old.xml"]);
        assert_eq!(status, 0, "{value}: {out}");
        assert!(out.contains("0 missing, 0 would be seen again as new") && !out.contains("fix "), "{out}");
        write_site(&site, "");
        // And a configuration is written with it.
        let (status, out, _) = site.run(&["init", "blog", "--feed", "old.xml"]);
        assert_eq!(status, 0);
        assert!(
            out.contains(&format!("\n{key} = {value:?}   # keeps {all} of {all} ids of old.xml\n")),
            "{out}"
        );
    }
}

#[test]
fn compare_names_the_posts_whose_ids_follow_no_pattern() {
    let site = TestSite::new();
    write_site(&site, "");
    build_feed(&site, |post| match &*post[0] {
        "02-what?" => "urn:other".to_owned(),
        _ => format!("https://example.org{}", post[2]),
    });
    let (status, out, _) = site.run(&["compare", "old.xml", "--format", "json"]);
    let found = parse_json(&out);
    assert_eq!(status, 1);
    assert_eq!(found["counts"]["reappears"], POSTS.len());
    assert_eq!(found["entries"][1]["finding"], "reappears");
    assert_eq!(
        found["fixes"],
        serde_json::json!([
            { "source": "blog", "id": "{site}{id}", "matches": POSTS.len() - 1, "before": 0, "of": POSTS.len() },
            { "file": "blog/_posts/2024-01-02-what?.md", "guid": "urn:other" },
        ])
    );
    let (_, out, _) = site.run(&["compare", "old.xml"]);
    assert!(
        out.contains(
            "fix        write guid: \"urn:other\" into the front matter of blog/_posts/2024-01-02-what?.md"
        ),
        "{out}"
    );
}

#[test]
fn ids_follow_the_template_while_the_server_runs() {
    let site = TestSite::new();
    write_site(&site, "");
    write_template(&site, "atom.xml", "{{ post.id }}");
    let server = site.start(&[]);
    server.wait_for_log("ids are made as in atom.xml: id = \"{id}\"");
    let contains = |id: &str| server.get("/feed.json").text().contains(&format!("{id:?}"));
    let wait_for = |id: &str| wait_until(|| contains(id).then_some(()), || server.log());
    wait_for("/2024/01/01/plain");
    write_template(&site, "atom.xml", "{{ site.url }}{{ post.id }}");
    wait_for("https://example.org/2024/01/01/plain");
    assert!(!contains("/2024/01/01/plain"));
}
