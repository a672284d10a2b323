//! Feed addresses of other systems are answered in place, in that system's format.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use feedmill::catalog::{NoTexts, Snapshot};
use feedmill::config::{Compat, Config, Paths, Source};
use feedmill::feed::{self, Found, plan};
use feedmill::watch::read_once;
use serde_json::Value;

use crate::common::{TestSite, copy_folder, fixture, parse_json, read_file};

fn site() -> TestSite {
    let compat =
        "[\"jekyll-feed\", \"hugo\", \"zola\", \"hexo\", \"pelican\", \"wordpress\", \"ghost\", \"nikola\"]";
    let site = TestSite::plain(&format!("[paths]\ncompat = {compat}\n"));
    site.write(
        "posts/a.md",
        "---\ntitle: A\ndate: 2024-01-01\ntags: [C++, Dark Red, Ada L.]\ncategories: [News, Both]\nauthor: Ada\n---\nText.\n",
    );
    site.write("posts/b.md", "---\ntitle: B\ndate: 2024-01-02\nauthors: [Both]\n---\nText.\n");
    site
}

#[test]
fn every_profile_answers_at_its_own_addresses() {
    let site = site();
    let server = site.serve();
    let (atom, rss) = ("application/atom+xml", "application/rss+xml");
    for (address, media_type, canonical, titles) in [
        ("/feed.xml", atom, "/atom.xml", &["B", "A"][..]),
        ("/feed/by_tag/dark-red.xml", atom, "/tags/dark-red/atom.xml", &["A"]),
        ("/feed/by_tag/c++.xml", atom, "/tags/c++/atom.xml", &["A"]),
        ("/feed/news.xml", atom, "/categories/news/atom.xml", &["A"]),
        ("/index.xml", rss, "/rss.xml", &["B", "A"]),
        ("/tags/dark-red/index.xml", rss, "/tags/dark-red/rss.xml", &["A"]),
        ("/categories/news/index.xml", rss, "/categories/news/rss.xml", &["A"]),
        ("/authors/ada/index.xml", rss, "/authors/ada/rss.xml", &["A"]),
        ("/rss2.xml", rss, "/rss.xml", &["B", "A"]),
        ("/feeds/all.atom.xml", atom, "/atom.xml", &["B", "A"]),
        ("/feeds/news.atom.xml", atom, "/categories/news/atom.xml", &["A"]),
        ("/feeds/ada.atom.xml", atom, "/authors/ada/atom.xml", &["A"]),
        ("/feeds/ada.rss.xml", rss, "/authors/ada/rss.xml", &["A"]),
        // Categories come before authors.
        ("/feeds/both.atom.xml", atom, "/categories/both/atom.xml", &["A"]),
        ("/feed/", rss, "/rss.xml", &["B", "A"]),
        ("/feed/atom/", atom, "/atom.xml", &["B", "A"]),
        ("/?feed=rss2", rss, "/rss.xml", &["B", "A"]),
        ("/?feed=atom", atom, "/atom.xml", &["B", "A"]),
        ("/tag/dark-red/feed/", rss, "/tags/dark-red/rss.xml", &["A"]),
        ("/category/news/feed/atom/", atom, "/categories/news/atom.xml", &["A"]),
        ("/author/ada/feed/", rss, "/authors/ada/rss.xml", &["A"]),
        // The slug that most systems would give.
        ("/tag/ada-l/feed/", rss, "/tags/ada-l./rss.xml", &["A"]),
        ("/rss/", rss, "/rss.xml", &["B", "A"]),
        ("/tag/dark-red/rss/", rss, "/tags/dark-red/rss.xml", &["A"]),
        ("/author/both/rss/", rss, "/authors/both/rss.xml", &["B"]),
        ("/feed.atom", atom, "/atom.xml", &["B", "A"]),
        ("/categories/dark-red.xml", rss, "/tags/dark-red/rss.xml", &["A"]),
        ("/categories/cat_news.xml", rss, "/categories/news/rss.xml", &["A"]),
        ("/authors/both.xml", rss, "/authors/both/rss.xml", &["B"]),
    ] {
        let response = server.get(address);
        assert_eq!(response.status, 200, "{address}");
        let kind = response.required("content-type");
        assert!(kind.starts_with(media_type), "{address}: {kind}");
        let link = response.required("link");
        assert!(link.contains(&format!("{canonical}>; rel=\"self\"")), "{address}: {link}");
        assert_eq!(response.titles(), titles, "{address}");
    }
    for address in ["/feed/by_tag/none.xml", "/feeds/none.atom.xml", "/tag/none/feed/", "/none/index.xml"] {
        assert_eq!(server.get(address).status, 404, "{address}");
    }
}

#[test]
fn a_profile_that_is_not_configured_answers_nothing() {
    let site = TestSite::plain("[paths]\ncompat = [\"ghost\"]\n");
    site.post("a.md", "A", "2024-01-01", &["x"]);
    let server = site.serve();
    assert_eq!(server.get("/tag/x/rss/").status, 200);
    for address in ["/rss2.xml", "/feeds/all.atom.xml", "/tag/x/feed/", "/tags/x/index.xml"] {
        assert_eq!(server.get(address).status, 404, "{address}");
    }
}

#[test]
fn the_sites_own_names_of_feeds_are_followed() {
    let site = TestSite::new();
    site.write(
        "a/_config.yml",
        "url: https://a.org\nfeed:\n  path: blog/atom-feed.xml\n  tags: {path: t/}\n",
    );
    site.write("a/_posts/2024-01-01-a.md", "---\ntitle: A\ntags: [x]\n---\n");
    site.write("b/hugo.toml", "baseURL = \"https://b.org/\"\n[outputFormats.RSS]\nbaseName = \"feed\"\n");
    site.write("b/content/posts/b.md", "---\ntitle: B\ndate: 2024-01-02\ntags: [x]\n---\n");
    site.write("c/_config.yml", "url: https://c.org\nfeed: {type: [atom, rss2], path: [a.xml, r.xml]}\n");
    site.write("c/source/_posts/c.md", "---\ntitle: C\ndate: 2024-01-03\n---\n");
    let compat = "[paths]\ncompat = [\"jekyll-feed\", \"hugo\", \"hexo\"]\n";
    let sources = ["a", "b", "c"].map(|name| format!("[[source]]\npath = \"{name}\"\n")).concat();
    site.write(
        "feedmill.toml",
        &format!("[site]\ntitle = \"T\"\nurl = \"https://example.org\"\n{sources}{compat}"),
    );
    let server = site.serve();
    for address in [
        "/blog/atom-feed.xml",
        "/t/x.xml",
        "/feed.xml",
        "/tags/x/feed.xml",
        "/posts/feed.xml",
        "/a.xml",
        "/r.xml",
    ] {
        assert_eq!(server.get(address).status, 200, "{address}");
    }
    assert!(server.get("/r.xml").required("content-type").contains("rss"));
    for address in ["/posts/index.xml", "/rss2.xml", "/feed/by_tag/x.xml"] {
        assert_eq!(server.get(address).status, 404, "{address}");
    }
}

fn read(dialect: &str, compat: Compat) -> (Snapshot, Value) {
    let expected = read_file(fixture(&format!("golden/{dialect}/expected.json")));
    let expected = parse_json(&expected);
    let now: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().expect("a date");
    let source = Source { path: fixture(&format!("golden/{dialect}/site")), ..Source::default() };
    let paths = Paths { compat: vec![compat], ..Paths::default() };
    let mut config = Config { sources: vec![source], paths, ..Config::default() };
    config.feeds.limit = Some(500);
    let (snapshot, _) = read_once(&config, now).expect("the sources can be read");
    (Snapshot::clone(&snapshot), expected)
}

/// The posts at every address a generator wrote a feed to, against those it wrote there.
fn compare_feeds(dialect: &str, compat: Compat, skip: &[&str]) -> usize {
    let (snapshot, expected) = read(dialect, compat);
    let mut compared = 0;
    let mut differences = Vec::new();
    for (address, record) in expected["feeds"].as_object().expect("a JSON object") {
        let theirs: Option<Vec<&str>> =
            record["posts"].as_array().expect("a JSON array").iter().map(Value::as_str).collect();
        // A list of terms is no feed of posts.
        let Some(mut theirs) = theirs.filter(|files| !files.is_empty() && !skip.contains(&address.as_str()))
        else {
            continue;
        };
        compared += 1;
        let path = format!("/{}", feedmill::post::address::encode_path(address));
        let Ok(Some(Found::Feed(found))) = feed::resolve(&snapshot, &path, None) else {
            differences.push(format!("{address}: no feed"));
            continue;
        };
        let feed = plan(&snapshot, *found, &NoTexts).expect("the feed has a first page");
        let mut ours: Vec<&str> =
            feed.posts.iter().map(|post| post.path.strip_prefix("content/").unwrap_or(&post.path)).collect();
        let undated: Vec<&str> = expected["posts"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|post| post["publishdate"] == "0001-01-01T00:00:00Z" || post["url"] == "")
            .filter_map(|post| post["file"].as_str()?.strip_prefix("content/"))
            .collect();
        theirs.retain(|file| !undated.contains(file));
        ours.retain(|file| !undated.contains(file));
        for list in [&mut ours, &mut theirs] {
            list.sort_unstable();
            list.dedup();
        }
        if ours != theirs {
            let only = |these: &[&str], others: &[&str]| {
                these
                    .iter()
                    .filter(|file| !others.contains(file))
                    .map(|file| (*file).to_owned())
                    .collect::<Vec<_>>()
            };
            differences.push(format!(
                "{address}: only ours {:?}, only theirs {:?}",
                only(&ours, &theirs),
                only(&theirs, &ours)
            ));
        }
    }
    assert!(
        differences.is_empty(),
        "{} of {compared} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
    compared
}

#[test]
fn hugos_feeds_hold_at_their_addresses_what_hugo_wrote_there() {
    let otherwise = [
        // Terms whose slugs are one address to Hugo, or which it renamed, and one that is not listed.
        "tags/index.xml",
        "tags/red-green/index.xml",
        "tags/dark-red/index.xml",
        "posts/index.xml",
        // Blanks around a term are part of its address there.
        "tags/-padded-/index.xml",
    ];
    assert!(compare_feeds("hugo", Compat::Hugo, &otherwise) > 45);
}

#[test]
fn zolas_feeds_hold_at_their_addresses_what_zola_wrote_there() {
    let otherwise = [
        // Terms whose slugs are one address to Zola.
        "tags/atom.xml",
        "tags/rss.xml",
        "tags/a-b/atom.xml",
        "tags/a-b/rss.xml",
        "tags/dark-red/atom.xml",
        "tags/dark-red/rss.xml",
        // A section leaves out pages that cannot be sorted as it says.
        "docs/atom.xml",
        "docs/rss.xml",
    ];
    assert!(compare_feeds("zola", Compat::Zola, &otherwise) > 60);
}

/// A site with a variant of its configuration in place of its own, or in addition to it.
fn read_variant(dialect: &str, compat: Compat, variant: &str) -> Arc<Snapshot> {
    let site = TestSite::new();
    copy_folder(&fixture(&format!("golden/{dialect}/site")), &site.path("site"));
    let name = if dialect == "jekyll" { format!("{variant}.yml") } else { format!("{variant}.toml") };
    let read = |path: &str| read_file(fixture(path));
    let over = read(&format!("golden/{dialect}/variants/{name}"));
    match dialect {
        "hugo" => site.write("site/config/production/hugo.toml", &over),
        "zola" => site.write("site/config.toml", &over),
        _ => site.write(
            "site/_config.yml",
            &format!("{}\n{over}", read(&format!("golden/{dialect}/site/_config.yml"))),
        ),
    }
    let now: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().expect("a date");
    let source = Source { path: site.path("site"), ..Source::default() };
    let paths = Paths { compat: vec![compat], ..Paths::default() };
    let config = Config { sources: vec![source], paths, ..Config::default() };
    read_once(&config, now).expect("the sources can be read").0
}

fn answers(snapshot: &Snapshot, address: &str) -> bool {
    let path = format!("/{}", feedmill::post::address::encode_path(address));
    matches!(feed::resolve(snapshot, &path, None), Ok(Some(Found::Feed(_))))
}

#[test]
fn every_feed_that_a_generator_wrote_for_a_variant_of_its_site_answers() {
    let mut silent = Vec::new();
    let mut asked = 0;
    for (dialect, compat) in [("hugo", Compat::Hugo), ("jekyll", Compat::JekyllFeed)] {
        let (_, expected) = read(dialect, compat);
        let taxonomies: Vec<&str> = vec!["tags", "categories", "authors", "series", "t"];
        // A list of terms is no feed of posts; a blank at the end of a term is gone here; a term that no
        // post in feeds has is unknown.
        let is_other = |address: &str| {
            let folder = address.trim_end_matches("/index.xml");
            let folder = folder.rsplit('/').next().unwrap_or(folder);
            taxonomies.contains(&folder)
                || address.contains("/-padded")
                || ["feed/empty.xml", "feed/by_tag/drafted.xml"].contains(&address)
        };
        for (variant, record) in expected["variants"].as_object().expect("a JSON object") {
            let Some(addresses) = record["feeds_written"].as_array() else { continue };
            let snapshot = read_variant(dialect, compat, variant);
            for address in addresses.iter().filter_map(Value::as_str).filter(|address| !is_other(address)) {
                asked += 1;
                if !answers(&snapshot, address) {
                    silent.push(format!("{dialect} {variant}: {address}"));
                }
            }
        }
    }
    let (_, expected) = read("zola", Compat::Zola);
    for (variant, record) in expected["variants"].as_object().expect("a JSON object") {
        let snapshot = read_variant("zola", Compat::Zola, variant);
        for (taxonomy, terms) in record["terms"].as_object().expect("a JSON object") {
            for term in terms.as_object().expect("a JSON object").values() {
                let url = term[1].as_str().expect("a URL");
                let base = snapshot.site.url.as_str();
                let address = url.strip_prefix(base).expect("a URL of the site").trim_start_matches('/');
                // Terms of nothing but signs have no address.
                if address.ends_with("//") {
                    continue;
                }
                asked += 1;
                if !answers(&snapshot, &format!("{address}atom.xml")) {
                    silent.push(format!("zola {variant}: {taxonomy}: {address}"));
                }
            }
        }
    }
    assert!(silent.is_empty(), "{} of {asked} do not answer:\n{}", silent.len(), silent.join("\n"));
    assert!(asked > 700, "only {asked} were asked for");
}
