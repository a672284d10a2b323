//! URLs: how long they may be, what they may hold, and where they may lead.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use feedmill::config::Problem;
use feedmill::limits::{EXPANSION_BYTES, URL_BYTES};
use feedmill::post::{File, Outcome, Post, Source, SourceId, parse};

use crate::common::TestSite;
use crate::properties::{PATHS, make_source};

fn read(source: &Source, path: &str, text: &str) -> Result<(Post, Option<Problem>), Problem> {
    let file = File { path, bytes: text.as_bytes(), modified: DateTime::<Utc>::UNIX_EPOCH };
    match parse(source, SourceId::new(0), file) {
        Outcome::Post(post, doubt) => Ok((*post, doubt.map(|doubt| *doubt))),
        Outcome::Broken(problem) => Err(*problem),
        other => panic!("{path}: {other:?}"),
    }
}

/// Reads a post of a dialect with these lines in its front matter, which begin on line 4.
fn read_in(dialect: &str, lines: &str) -> Result<(Post, Option<Problem>), Problem> {
    let (_, path) = PATHS.into_iter().find(|(known, _)| *known == dialect).expect("every dialect has a path");
    let date = if dialect == "eleventy" { "2024-01-02\ntags: posts" } else { "2024-01-02\ntags: []" };
    let (title, fence) = ("title: T", "---");
    let source: Arc<Source> = make_source(dialect, None);
    read(
        &source,
        &path.replace("{}", "name"),
        &format!("{fence}\n{title}\ndate: {date}\n{lines}\n{fence}\nx\n"),
    )
}

/// The key with which a post of each dialect names its own URL.
const KEYS: [(&str, &str); 7] = [
    ("jekyll", "permalink"),
    ("hugo", "url"),
    ("zola", "path"),
    ("hexo", "permalink"),
    ("eleventy", "permalink"),
    ("obsidian", "permalink"),
    ("plain", "permalink"),
];

#[test]
fn a_post_with_a_url_beyond_the_limit_is_a_problem_in_every_dialect() {
    for (dialect, key) in KEYS {
        let (fits, _) =
            read_in(dialect, &format!("{key}: /{}/", "p/".repeat(900))).expect("the file is a post");
        assert!(fits.address.len() <= URL_BYTES);
        let problem =
            read_in(dialect, &format!("{key}: /{}/", "p/".repeat(1024))).expect_err("it is too long");
        assert!(problem.message.contains("2048 are allowed. Shorten it."), "{problem}");
        assert_eq!(problem.line, 5, "{dialect:?}: {problem}");
    }
}

#[test]
fn an_id_beyond_the_limit_is_a_problem() {
    let problem = read_in("plain", &format!("guid: urn:{}", "x".repeat(URL_BYTES))).expect_err("it is");
    assert!(problem.message.starts_with("the post's id has 2052 bytes") && problem.line == 5, "{problem}");
}

#[test]
fn no_pattern_of_urls_grows_without_end() {
    let long = "x".repeat(6 << 10);
    // As the issue has it: each filter makes ten of one.
    let filters = "| replace: 'x','xxxxxxxxxx'".repeat(6);
    for (dialect, lines) in [
        ("eleventy", format!("permalink: \"/{{{{ 'x' {filters} }}}}/\"")),
        ("eleventy", format!("permalink: \"/{}/\"\nbig: {long}", "{{ big }}".repeat(100))),
        (
            "eleventy",
            format!("permalink: \"/{}/\"\nbig: '{}'", "{{ big | slugify }}".repeat(100), "!".repeat(6000)),
        ),
        ("jekyll", format!("permalink: /{}/\nslug: {long}", ":title".repeat(100))),
        ("hugo", format!("url: /{}/\nslug: {long}", ":slug".repeat(100))),
    ] {
        let problem = read_in(dialect, &lines).expect_err("it is too long");
        let expected = format!("the permalink expands to more than {EXPANSION_BYTES} bytes. Shorten it.");
        assert_eq!((problem.message, problem.line), (expected, 5), "{dialect:?}");
    }
    for (dialect, word) in [("hexo", "post_title"), ("plain", "path"), ("zola", "path")] {
        let source = make_source(dialect, Some(&format!(":{word}").repeat(40_000 / (word.len() + 1))));
        let (_, path) =
            PATHS.into_iter().find(|(known, _)| *known == dialect).expect("every dialect has a path");
        let text = format!("---\ntitle: {long}\ndate: 2024-01-02\n---\n");
        let problem =
            read(&source, &path.replace("{}", "a-rather-long-name"), &text).expect_err("it is too long");
        assert!(problem.message.starts_with("the permalink expands"), "{problem}");
    }
}

#[test]
fn no_permalink_leads_out_of_the_site() {
    for (dialect, key) in KEYS {
        for (written, path) in [
            ("/../../x/", "/x/"),
            ("/a/b/../../../../x/", "/x/"),
            ("/./a/x/", "/a/x/"),
            ("/%2e%2e/x/", "/x/"),
            ("//x//", "/x/"),
            ("/x\\a\\n/", "/x/"),
        ] {
            let (post, _) = read_in(dialect, &format!("{key}: \"{written}\"")).expect("the file is a post");
            let address = &post.address["http://localhost".len()..];
            // Jekyll takes `..` for a slash, Hugo drops control characters with what is next to them.
            let is_clean = address.split('/').skip(1).all(|segment| !matches!(segment, "." | ".."))
                && !address.contains("//")
                && !address.contains("%0");
            assert!(is_clean && address.ends_with("x/"), "{dialect:?}: {written:?} is {address}");
            if !matches!(dialect, "jekyll") {
                assert_eq!(address, path, "{dialect:?}: {written:?}");
            }
        }
    }
}

#[test]
fn an_id_is_an_iri_or_stays_as_it_is_with_a_warning() {
    let read = |guid: &str| read_in("plain", &format!("guid: {guid:?}")).expect("the file is a post");
    let (post, doubt) = read("tag:a.example,2024:第 一/{x}|`^");
    assert_eq!((&*post.id, doubt), ("tag:a.example,2024:第%20一/%7Bx%7D%7C%60%5E", None));
    let (post, doubt) = read("my post 1");
    let doubt = doubt.expect("Atom does not allow it");
    assert_eq!((&*post.id, doubt.line), ("my post 1", 5));
    assert!(doubt.message.starts_with("the id \"my post 1\" is not an IRI."), "{doubt}");
}

#[test]
fn other_urls_beyond_the_limit_are_ignored_with_a_warning() {
    let long = format!("https://e.example/{}", "x".repeat(URL_BYTES));
    // What is not ASCII is three times as long once it is encoded.
    let encoded = "第".repeat(300);
    for lines in [
        format!("image: {long}"),
        format!("image: {encoded}"),
        format!("cover:\n  image: {long}"),
        format!("enclosure: {long}"),
        format!("from: {long}"),
        format!("author:\n  name: A\n  url: {long}"),
    ] {
        let (_, doubt) = read_in("plain", &lines).expect("the file is a post");
        let doubt = doubt.unwrap_or_else(|| panic!("{}: no warning", &lines[..20]));
        assert!(doubt.message.contains("2048 are allowed. It is ignored"), "{doubt}");
        let site = TestSite::plain("");
        site.write("posts/a.md", &format!("---\ntitle: T\ndate: 2024-01-02\n{lines}\n---\nx\n"));
        let (status, shown, _) = site.run(&["render", "/feed.json"]);
        assert!(status == 0 && shown.contains("\"T\""), "{shown}");
        assert!(!shown.contains("xxxxxxxx") && !shown.contains("%E7%AC%AC%E7%AC%AC"), "{shown}");
    }
    let (_, doubt) = read_in("plain", &format!("source: {}\nimage: a.png", "text ".repeat(500)))
        .expect("the file is a post");
    assert_eq!(doubt, None, "a source may be a text");
}

#[test]
fn documents_hold_only_what_urls_may_hold() {
    let site = TestSite::plain("");
    let odd = "https://e.example/a{b}?q={c}|`^[d]%zz#e`{f}#g";
    let clean = "https://e.example/a%7Bb%7D?q=%7Bc%7D%7C%60%5E%5Bd%5D%25zz#e%60%7Bf%7D%23g";
    site.write(
        "posts/a.md",
        &format!(
            "---\ntitle: T\ndate: 2024-01-02\nfrom: {odd:?}\nenclosure: {odd:?}\nimage: {odd:?}\n---\nx\n"
        ),
    );
    for path in ["/feed.json", "/rss.xml", "/atom.xml"] {
        let (_, shown, _) = site.run(&["render", path]);
        assert!(shown.contains(clean) && !shown.contains("{c}") && !shown.contains("{f}"), "{path}: {shown}");
    }
}

#[test]
fn a_broken_url_leaves_the_last_good_version() {
    let site = TestSite::plain("");
    site.post("a.md", "Good", "2024-01-01", &[]);
    let server = site.serve();
    let text = format!("---\ntitle: Bad\ndate: 2024-01-01\nslug: {}\n---\nx\n", "p/".repeat(2000));
    site.write("posts/a.md", &text);
    server.wait_for_log("posts/a.md:4:7: the post's URL has 4025 bytes: 2048 are allowed. Shorten it.");
    server.wait_for_titles("/atom.xml", &["Good"]);
}

/// What `eleventy 3.1` and `eleventy-plugin-rss 3` made of files with these names.
#[test]
fn eleventys_ids_are_percent_encoded_as_the_plugin_does() {
    for (name, id, link) in [
        ("what?", "what?/", "what?/"),
        ("a?b=c", "a?b=c/", "a?b=c/"),
        ("x?y z", "x?y%20z/", "x?y%20z/"),
        ("both?x#y", "both?x#y/", "both?x#y/"),
        ("100%", "100%/", "100%25/"),
        ("%zz", "%zz/", "%25zz/"),
        ("o%20p", "o%20p/", "o%20p/"),
        // A link is a URI: what none can hold is encoded there.
        ("a[b]", "a[b]/", "a%5Bb%5D/"),
        ("p[q] r", "p[q]%20r/", "p%5Bq%5D%20r/"),
        ("c^d", "c^d/", "c%5Ed/"),
        ("e|f", "e|f/", "e%7Cf/"),
        ("g`h", "g%60h/", "g%60h/"),
        ("i{j}", "i%7Bj%7D/", "i%7Bj%7D/"),
        ("k\"l", "k%22l/", "k%22l/"),
        ("s<t>", "s%3Ct%3E/", "s%3Ct%3E/"),
        ("it's", "it&#39;s/", "it's/"),
        ("x:y", "x:y/", "x:y/"),
        ("é", "%C3%A9/", "%C3%A9/"),
    ] {
        let file = format!("posts/{name}.md");
        let (found, snapshot, _) = crate::wild::read(&[
            (".eleventy.js", ""),
            ("_data/metadata.json", "{\"url\": \"https://example.com\"}"),
            (&file, "---\ntitle: T\ndate: 2024-01-02\ntags: posts\n---\nx\n"),
        ]);
        assert_eq!(found, [format!("posts/{link}")], "{name}");
        let all = feedmill::catalog::Selection::default();
        let ids: Vec<String> = snapshot.select(&all, 9).iter().map(|post| post.id.to_string()).collect();
        assert_eq!(ids, [format!("https://example.com/posts/{id}")], "{name}");
    }
}
