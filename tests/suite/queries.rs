//! Queries: how they narrow a feed, their canonical form, and what is refused.

use crate::common::{Server, TestSite};

const FEEDS: &str = "\
[[feed]]
name = \"systems\"
title = \"Systems, no news\"
description = \"What runs below\"
select = { any_tags = [\"rust\", \"C++\"], not_categories = [\"news\"] }
limit = 2
content = \"summary\"
formats = [\"json\", \"atom\"]
[[feed]]
name = \"found\"
select = { q = \"harbour\" }
[[feed]]
name = \"days\"
window = \"48h\"
limit = 1
archive = 0
[[feed]]
name = \"january\"
select = { since = 2024-01-02, until = \"2024-01-05\" }
[taxonomies]
tags = { except = [\"internal\"] }
[paths]
aliases = { \"/old.xml\" = \"/tags/rust/rss.xml\", \"/?feed=rss2\" = \"/rss.xml?limit=1\", \"/atom.xml\" = \"/feeds/systems/atom.xml\", \"/index.php\" = \"/rss.xml\", \"/index.php?feed=systems\" = \"/feeds/systems/atom.xml?limit=1&tags=rust\", \"/few.xml\" = \"/rss.xml?limit=1&tags=rust\" }
gone = [\"/comments.xml\"]
";

/// Six posts: `a` to `f`, the last is the newest.
pub(super) fn site() -> TestSite {
    let site = TestSite::plain(FEEDS);
    for (name, tags, more) in [
        ("a", "[rust, async]", "title: The harbour"),
        ("b", "[rust, internal]", "title: B\ncategories: news"),
        ("c", "[C++]", "title: C\ndescription: About a Harbour, and 联合早报"),
        ("d", "['a,b', c++]", "title: D\nauthor: Mara"),
        ("e", "[Self Hosted]", "title: E"),
        ("f", "[]", "title: F"),
    ] {
        let day = 1 + name.as_bytes()[0] - b'a';
        let text = format!(
            "---\n{more}\ndate: 2024-01-0{day}\nguid: {name}\ntags: {tags}\n---\nThe first words of {name}.\n"
        );
        site.write(&format!("posts/{name}.md"), &text);
    }
    site
}

fn ids(server: &Server, path: &str) -> String {
    let response = server.get(path);
    assert_eq!(response.status, 200, "{path}: {}", response.text());
    response.feed().entries.into_iter().map(|entry| entry.id).collect()
}

#[test]
fn a_query_narrows_its_feed() {
    let server = site().serve();
    for (path, expected) in [
        ("/rss.xml", "fedcba"),
        ("/rss.xml?tags=rust", "ba"),
        ("/rss.xml?tags=Rust&tags=ASYNC", "a"),
        ("/rss.xml?any_tags=rust&any_tags=c%2B%2B", "dcba"),
        ("/rss.xml?tags=c++", "dc"),
        ("/rss.xml?tags=a,b", "d"),
        ("/rss.xml?tags=self-hosted", "e"),
        ("/rss.xml?tags=Self%20Hosted", "e"),
        ("/rss.xml?not_tags=rust&not_tags=c%2B%2B", "fe"),
        ("/rss.xml?not_tags=internal&tags=rust", "a"),
        ("/rss.xml?any_tags=rust&any_categories=news", "b"),
        ("/rss.xml?authors=mara", "d"),
        ("/rss.xml?sources=posts&limit=1", "f"),
        ("/rss.xml?tags=unknown", ""),
        ("/rss.xml?any_tags=unknown&any_tags=rust", "ba"),
        ("/rss.xml?q=harbour", "ca"),
        ("/rss.xml?q=HARBOUR+about", "c"),
        ("/rss.xml?q=%E6%97%A9%E6%8A%A5", "c"),
        ("/rss.xml?q=words%20e", "e"),
        ("/rss.xml?q=harbour+-about", "a"),
        ("/rss.xml?q=%22a+harbour%22", "c"),
        ("/rss.xml?q=harb*", "ca"),
        ("/rss.xml?q=title:harbour", "a"),
        ("/rss.xml?q=harbour+-title:harbour", "c"),
        ("/rss.xml?q=%E8%81%AF%E5%90%88%E6%97%A9%E5%A0%B1", "c"),
        ("/rss.xml?q=H%C3%81RBOUR", "ca"),
        ("/rss.xml?q=harbours", ""),
        ("/tags/rust/rss.xml?not_categories=news", "a"),
        ("/rss.xml?since=2024-01-05", "fe"),
        ("/rss.xml?until=2024-01-02", "a"),
        ("/rss.xml?since=2024-01-02&until=2024-01-05T00:00:00Z", "dcb"),
        ("/rss.xml?since=2024-01-02T00:00:00.5%2B00:00&limit=2&page=2", "dc"),
        ("/rss.xml?since=2024-01-03&tags=rust", ""),
        ("/rss.xml?since=2024-01-04&order=updated&not_tags=a,b", "fe"),
        ("/feeds/january/rss.xml", "dcb"),
        ("/feeds/january/rss.xml?since=2024-01-01&until=2024-01-04", "cb"),
        ("/rss.xml?limit=2&page=2", "dc"),
        ("/feeds/days/rss.xml", "fed"),
        ("/feeds/days/rss.xml?page=2", "c"),
        ("/feeds/days/rss.xml?page=4", "a"),
        ("/feeds/days/rss.xml?window=1d&limit=2&page=2", "dc"),
        ("/rss.xml?window=30m&limit=1", "f"),
        ("/rss.xml?view=source&utm_source=x&limit=3", "fed"),
        ("/feeds/systems/atom.xml", "dc"),
        ("/feeds/systems/atom.xml?page=2", "a"),
        ("/feeds/systems/atom.xml?tags=rust", "a"),
        ("/feeds/found/rss.xml", "ca"),
    ] {
        assert_eq!(ids(&server, path), expected, "{path}");
    }
}

#[test]
fn equivalent_queries_have_one_canonical_form() {
    let server = site().serve();
    for (asked, canonical) in [
        ("/rss.xml?tags=async&tags=rust", "/rss.xml?tags=async&tags=rust"),
        ("/rss.xml?tags=RUST&utm=x&tags=async&tags=rust", "/rss.xml?tags=async&tags=rust"),
        ("/rss.xml?any_tags=rust", "/rss.xml?tags=rust"),
        ("/rss.xml?tags=rust&any_tags=rust&any_tags=c%2B%2B", "/rss.xml?tags=rust"),
        ("/rss.xml?limit=20&page=1&content=full&order=published&view=source", "/rss.xml"),
        ("/rss.xml?tags=c++", "/rss.xml?tags=c%2B%2B"),
        ("/rss.xml?tags=Self%20%20Hosted", "/rss.xml?tags=self-hosted"),
        ("/rss.xml?q=b+A+b", "/rss.xml?q=a%20b"),
        ("/rss.xml?q=b+-A+%22B+c", "/rss.xml?q=b%20%22b%20c%22%20-a"),
        ("/rss.xml?window=24h", "/rss.xml?window=1d"),
        ("/feeds/days/rss.xml?window=2d&order=arrival", "/feeds/days/rss.xml?order=arrival"),
        ("/rss.xml?since=2024-01-01T08:00:00%2B08:00", "/rss.xml?since=2024-01-01"),
        ("/rss.xml?until=2024-01-01t00:30:00-01:00", "/rss.xml?until=2024-01-01T01%3A30%3A00Z"),
        ("/feeds/january/rss.xml?since=2024-01-01&until=2025-01-01", "/feeds/january/rss.xml"),
        ("/tags/rust/rss.xml?tags=rust&limit=5", "/tags/rust/rss.xml?limit=5"),
        ("/tags/RUST/rss.xml?any_tags=rust&any_tags=async", "/tags/rust/rss.xml"),
        ("/sources/posts/rss.xml?sources=POSTS", "/sources/posts/rss.xml"),
        ("/feeds/systems/atom.xml?limit=2&not_categories=News", "/feeds/systems/atom.xml"),
        ("/feeds/systems/atom.xml?any_tags=c%2B%2B&any_tags=rust&any_tags=x", "/feeds/systems/atom.xml"),
        ("/rss.xml?&&", "/rss.xml"),
        ("/old.xml", "/tags/rust/rss.xml"),
        ("/old.xml?limit=3", "/tags/rust/rss.xml?limit=3"),
        ("/?feed=rss2", "/rss.xml?limit=1"),
        ("/atom.xml", "/feeds/systems/atom.xml"),
        ("/index.php?feed=systems", "/feeds/systems/atom.xml?limit=1&tags=rust"),
        ("/index.php?limit=2", "/rss.xml?limit=2"),
        // What is asked for replaces the conditions of the alias, or is added to them.
        ("/few.xml?limit=3&tags=async", "/rss.xml?limit=3&tags=async&tags=rust"),
        ("/%72ss%2Exml", "/rss.xml"),
        ("/feed/", "/rss.xml"),
        ("/rss?tags=rust", "/rss.xml?tags=rust"),
    ] {
        let response = server.get(asked);
        let link = format!("<{}{canonical}>; rel=\"self\"", server.base());
        assert_eq!((response.status, response.header("link")), (200, Some(&*link)), "{asked}");
        let again = server.get(canonical);
        assert_eq!(again.header("link"), Some(&*link), "{canonical} is canonical");
        assert_eq!(again.header("etag"), response.header("etag"), "{asked}");
    }
}

#[test]
fn known_words_with_bad_values_are_400_in_plain_words() {
    let server = site().serve();
    for (query, reason) in [
        ("limit=0", "Write a number from 1 to 500"),
        ("limit=501", "from 1 to 500"),
        ("limit=-1", "from 1 to 500"),
        ("limit=%2B5", "from 1 to 500"),
        ("limit=1&limit=1", "given twice"),
        ("page=0", "1 or more"),
        ("content=html", "full, summary, none"),
        ("order=oldest", "published, updated, arrival"),
        ("window=1", "Write it like this: 30m, 24h"),
        ("since=yesterday", "Write it like this: 2024-01-31"),
        ("since=2024-01-01T08:00:00+08:00&until=2024-01-02&since=2024-01-01", "given twice"),
        ("until=2024-02-30", "until cannot be “2024-02-30”"),
        ("since=2024-01-02&until=2024-01-02", "since must be before until"),
        ("view=page", "source"),
        ("tags=", "has no value"),
        ("tags", "has no value"),
        ("q=+", "has no value"),
        ("q=-news+-%22old+news%22", "only excludes words"),
        ("sources=unknown", "no source"),
        ("languages=%20x", "is not a language code"),
        ("tags=%ff", "not percent-encoded"),
        ("x=%zz", "not percent-encoded"),
    ] {
        let response = server.get(&format!("/rss.xml?{query}"));
        assert_eq!(response.status, 400, "{query}");
        assert!(response.text().contains(reason), "{query}: {}", response.text());
        assert_eq!(response.header("cache-control"), Some("no-store"));
    }
    // The longest search that is answered, and those just beyond it.
    let words = |count: usize| (1..=count).map(|n| format!("w{n}")).collect::<Vec<_>>().join("+");
    let word = |bytes: usize| "x".repeat(bytes);
    let (most, longest) = (feedmill::limits::SEARCH_WORDS, feedmill::limits::SEARCH_WORD_BYTES);
    assert_eq!(server.get(&format!("/rss.xml?q={}", words(most))).status, 200);
    assert_eq!(server.get(&format!("/rss.xml?q={}", word(longest))).status, 200);
    for words in [words(most + 1), word(longest + 1)] {
        let response = server.get(&format!("/rss.xml?q={words}"));
        assert_eq!(response.status, 400, "{words}");
        assert!(response.text().contains("32 words of 100 bytes"), "{}", response.text());
    }
    let long = format!("/rss.xml?q={}", "x".repeat(9000));
    assert_eq!(server.get(&long).status, 414);
    assert_eq!(server.get("/comments.xml").status, 410);
    assert_eq!(server.get("/comments.xml").header("cache-control"), Some("public, max-age=60"));
    for path in
        ["/feeds/unknown/atom.xml", "/feeds/systems/rss.xml", "/tags/internal/rss.xml", "/feeds/atom.xml"]
    {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn terms_of_every_language_are_found() {
    let site = TestSite::new();
    site.write(
        "site/hugo.toml",
        "baseURL = \"https://example.org/\"\ndefaultContentLanguage = \"en\"\n[languages.en]\nweight = 1\n[languages.de]\nweight = 2\n",
    );
    let post = |name: &str, tags: &str| {
        let text = format!("---\ntitle: {name}\ndate: 2024-01-01\nguid: {name}\ntags: [{tags}]\n---\nx\n");
        site.write(&format!("site/content/posts/{name}.md"), &text);
    };
    post("a", "Shared");
    post("b.de", "Nur Deutsch, shared");
    site.write(
        "feedmill.toml",
        "[site]\ntitle = \"T\"\n[[source]]\npath = \"site\"\n[[feed]]\nname = \"n\"\nselect = { languages = [\"DE\"], sources = [\"site\"] }\n",
    );
    let server = site.serve();
    for (path, expected) in [
        ("/rss.xml", "a"),
        ("/rss.xml?languages=DE", "b.de"),
        ("/rss.xml?languages=de&languages=en", "ab.de"),
        ("/rss.xml?languages=de&tags=nur-deutsch", "b.de"),
        ("/rss.xml?languages=de&tags=Nur%20Deutsch&tags=shared", "b.de"),
        ("/rss.xml?languages=de&not_tags=nur%20deutsch", ""),
        ("/rss.xml?tags=nur-deutsch", ""),
        ("/tags/nur-deutsch/rss.xml?languages=de", "b.de"),
        ("/rss.xml?languages=fr", ""),
        ("/languages/de/rss.xml?tags=shared", "b.de"),
        ("/feeds/n/rss.xml", "b.de"),
    ] {
        assert_eq!(ids(&server, path), expected, "{path}");
    }
    let title = server.get("/rss.xml?languages=de&tags=nur-deutsch").feed().title.expect("a title");
    assert_eq!(title.content, "T: Nur Deutsch, de");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    /// Whatever is asked, its canonical form is canonical, and asks for the same.
    #[test]
    fn the_canonical_form_of_a_query_is_its_own(
        words in proptest::collection::vec(
            ("(any_|not_)?(tags|categories)", "(rust|RUST|async|c%2B%2B|c\\+\\+|a%2Cb|no such|[a-zé/&%]{1,4}|Self%20Hosted)"), 0..6
        ),
        more in "(&limit=[1-9])?(&order=updated)?(&content=none)?(&q=[a-z]{1,4})?",
    ) {
        use feedmill::catalog::Snapshot;
        use feedmill::feed::{Entries, Feed, Found, resolve, plan};
        use feedmill::bodies::DiskBodies;
        use feedmill::watch::read_once;
        static SNAPSHOT: std::sync::LazyLock<(TestSite, std::sync::Arc<Snapshot>)> = std::sync::LazyLock::new(|| {
            let site = site();
            let config = feedmill::config::load(&site.path("feedmill.toml")).expect("the configuration is valid");
            let (snapshot, _) = read_once(&config, chrono::Utc::now()).expect("the sources can be read");
            (site, snapshot)
        });
        let snapshot = &SNAPSHOT.1;
        let entries = Entries::new(1 << 20, std::sync::Arc::new(DiskBodies::default()));
        let ask = |path: &str| -> Option<Feed> {
            let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
            match resolve(snapshot, path, query).ok()?? {
                Found::Feed(address) => plan(snapshot, *address, &entries.texts(&snapshot.site)),
                _ => None,
            }
        };
        let words: Vec<String> = words.iter().map(|(word, value)| format!("{word}={value}")).collect();
        for path in ["/rss.xml", "/tags/rust/rss.xml", "/feeds/systems/atom.xml"] {
            let query = format!("{path}?{}{more}", words.join("&"));
            // What is not encoded is refused.
            let Some(feed) = ask(&query) else { continue };
            let again = ask(&feed.path).expect("a canonical address answers");
            let ids = |feed: &Feed| feed.posts.iter().map(|post| post.id.clone()).collect::<Vec<_>>();
            proptest::prop_assert_eq!(&feed.path, &again.path);
            proptest::prop_assert_eq!(ids(&feed), ids(&again));
            proptest::prop_assert_eq!(feed.fingerprint(snapshot), again.fingerprint(snapshot));
            let mut turned = words.clone();
            turned.reverse();
            let turned = ask(&format!("{path}?{}{more}", turned.join("&"))).expect("the feed has the same address in another order");
            proptest::prop_assert_eq!(turned.path, feed.path);
        }
    }
}
