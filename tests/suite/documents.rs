//! Every document is read back by others' parsers, and whole documents are compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::Utc;
use feedmill::bodies::DiskBodies;
use feedmill::catalog::NoTexts;
use feedmill::config::Format;
use feedmill::feed::{Address, Entries, Place, build, plan, write};
use feedmill::watch::read_once;

use crate::common::{TestSite, copy_folder, fixture, parse_feed, parse_json};

/// What every format of a feed must agree on.
fn read_back(site: &TestSite, path: &str) -> Vec<(String, String, String)> {
    let [rss, atom, json] = ["rss.xml", "atom.xml", "feed.json"].map(|file| {
        let (status, text, errors) = site.run(&["render", &format!("{path}{file}")]);
        assert_eq!(status, 0, "{path}{file}: {errors}");
        if file != "feed.json" {
            roxmltree::Document::parse(&text).expect("well-formed XML");
        }
        let feed = parse_feed(&text);
        let entries = feed.entries.into_iter().map(|entry| {
            let title = entry.title.expect("every entry has a title").content;
            let published = entry.published.expect("every entry has a date").to_rfc3339();
            assert!(!entry.links.is_empty(), "every entry has a link");
            (entry.id, title, published)
        });
        entries.collect::<Vec<_>>()
    });
    assert_eq!(rss, atom);
    assert_eq!(atom, json);
    let ids: BTreeSet<&str> = atom.iter().map(|(id, _, _)| id.as_str()).collect();
    assert_eq!(ids.len(), atom.len(), "ids are unique");
    atom
}

#[test]
fn the_three_formats_of_every_sample_feed_agree() {
    let site = TestSite::new();
    copy_folder(&fixture("../../config"), &site.path("config"));
    assert_eq!(read_back(&site, "/").len(), 7);
    assert_eq!(read_back(&site, "/tags/%E6%B5%B7%E6%B8%AF/").len(), 1);
    assert_eq!(read_back(&site, "/categories/howto/").len(), 2);
}

#[test]
fn the_three_formats_of_the_golden_site_agree() {
    let site = TestSite::new();
    copy_folder(&fixture("golden/jekyll/site"), &site.path("blog"));
    site.write("feedmill.toml", "[site]\ntitle = \"G\"\n[[source]]\npath = \"blog\"\n[feeds]\nlimit = 500\n");
    assert!(read_back(&site, "/").len() > 100);
    assert_eq!(read_back(&site, "/tags/red/").len(), 2);
}

#[test]
fn hostile_texts_give_well_formed_documents() {
    let site = TestSite::plain("");
    site.write(
        "posts/hostile.md",
        "---\ntitle: \"a\\u0000\\u000B ]]> <script>x</script> & \\uFFFE\"\ndate: 2024-01-01\n\
         enclosure: {url: /a.mp3, type: \"audio/mpeg\\x01\", length: 1}\ntags: [\"\\u0001\", \"]]>\", \"\\u0001x\", \"<b>\"]\nauthor: \"&<>\\\"'\"\ndescription: \"1 < 2 ]]> \\u0008\"\n---\n\
         ]]> \u{b} <div title=\"]]>\"><!-- x --> \u{fffe} <b>open\n",
    );
    site.write("posts/open.md", "---\ntitle: After\ndate: 2023-01-01\n---\n</div></entry></content> after\n");
    assert_eq!(read_back(&site, "/").len(), 2);
}

#[test]
fn every_post_of_a_hostile_site_is_an_entry_of_its_own() {
    let site = TestSite::new();
    copy_folder(&fixture("hostile"), &site.path("."));
    let entries = read_back(&site, "/");
    assert_eq!(entries.len(), std::fs::read_dir(site.path("posts")).expect("the folder is readable").count());
    let (_, json, errors) = site.run(&["render", "/feed.json"]);
    assert!(!errors.contains("error"), "{errors}");
    let feed = parse_json(&json);
    let forbidden =
        ["<script", "<img src=x onerror", "javascript:", "vbscript:", "<svg", "<style", "<form", "]]>", "\0"];
    for item in feed["items"].as_array().expect("a JSON array") {
        let html = item["content_html"].as_str().unwrap_or_default();
        for word in forbidden {
            assert!(!html.contains(word), "{word}: {html}");
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    /// Any bytes as a post: it is a problem or an entry, and the documents stay whole.
    #[test]
    fn any_bytes_as_a_post_give_well_formed_documents(
        head in "(---\n(title|tags|date|enclosure|image|author): [^\n]{0,20}\n---\n)?",
        bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200),
        text in "(\\PC|[<>&{}%\\[\\]`$=|\n\u{0}-\u{1f}]){0,200}",
    ) {
        let site = TestSite::plain("");
        std::fs::write(site.path("posts/bytes.md"), &bytes).expect("JSON can express it");
        site.write("posts/text.md", &format!("{head}{text}"));
        site.post("after.md", "After", "2020-01-01", &[]);
        let config = feedmill::config::load(&site.path("feedmill.toml")).expect("the configuration is valid");
        let (snapshot, _) = read_once(&config, Utc::now()).expect("the sources can be read");
        let entries = Entries::new(1 << 20, Arc::new(DiskBodies::default()));
        let mut ids = Vec::new();
        for format in Format::ALL {
            let feed = plan(&snapshot, Address::new(Place::All, format), &NoTexts).expect("the main feed exists");
            let document = write(&build(&snapshot, &feed, &entries).expect("the post is as it was parsed"), format);
            if format != Format::Json {
                roxmltree::Document::parse(&document).expect("well-formed XML");
            }
            let read = parse_feed(&document);
            ids.push(read.entries.into_iter().map(|entry| entry.id).collect::<Vec<_>>());
        }
        assert!(ids[0].iter().any(|id| id.starts_with("urn:uuid:")));
        assert_eq!((&ids[0], &ids[1]), (&ids[1], &ids[2]));
    }
}

/// A small site in the shape of the seed, with all that entries can show.
fn seed_like() -> TestSite {
    let site = TestSite::new();
    copy_folder(&fixture("seed-like"), &site.path("."));
    site
}

#[test]
fn an_rss_document_whole() {
    insta::assert_snapshot!(seed_like().run(&["render", "/rss.xml"]).1);
}

#[test]
fn an_atom_document_whole() {
    insta::assert_snapshot!(seed_like().run(&["render", "/atom.xml"]).1);
}

#[test]
fn a_json_feed_whole() {
    insta::assert_snapshot!(seed_like().run(&["render", "/feed.json"]).1);
}

#[test]
fn empty_feeds_are_valid_and_do_not_change_with_time() {
    let site = TestSite::plain("");
    let (status, atom, _) = site.run(&["render", "/atom.xml"]);
    assert_eq!(status, 0);
    assert!(atom.contains("<updated>2000-01-01T00:00:00+00:00</updated>"), "{atom}");
    assert!(!site.run(&["render", "/rss.xml"]).1.contains("lastBuildDate"));
    assert!(read_back(&site, "/").is_empty());
}

#[test]
fn content_and_limit_are_followed() {
    let site = TestSite::plain("[feeds]\nlimit = 1\ncontent = \"summary\"\nformats = [\"json\"]\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &[]);
    let (_, json, _) = site.run(&["render", "/feed.json"]);
    assert!(json.contains("\"content_text\": \"Body of Two.\"") && !json.contains("content_html"), "{json}");
    assert!(!json.contains("\"One\""));
    assert_eq!(site.run(&["render", "/atom.xml"]).0, 1, "a format that a feed does not have is 404");
}

#[test]
fn ids_of_feeds_are_made_of_the_site_or_the_id_base() {
    let site =
        TestSite::plain("[[source]]\nname = \"two\"\npath = \"two\"\nurl = \"https://two.example/b\"\n");
    site.create_folder("two");
    let id = |path: &str| parse_feed(&site.run(&["render", path]).1).id;
    assert_eq!(id("/atom.xml"), "tag:example.org,2026:/blog/atom.xml");
    assert_eq!(id("/sources/two/atom.xml"), "tag:example.org,2026:/blog/sources/two/atom.xml");
    let site = TestSite::plain("id_base = \"http://old.example/x\"\n");
    let id = parse_feed(&site.run(&["render", "/atom.xml"]).1).id;
    assert_eq!(id, "tag:old.example,2026:/x/atom.xml");
}
