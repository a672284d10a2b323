//! What holds of addresses, ids and slugs whatever stands in a post.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use feedmill::config::{Config, DialectName};
use feedmill::post::{File, Outcome, Post, Source, SourceId, parse};
use feedmill::site::discover;
use proptest::prelude::*;

/// A path for a post of each dialect, with one folder and a name to be filled in.
pub(super) const PATHS: [(&str, &str); 7] = [
    ("jekyll", "cat/_posts/2024-01-02-{}.md"),
    ("hugo", "content/posts/{}.md"),
    ("zola", "content/posts/{}.md"),
    ("hexo", "source/_posts/sub/{}.md"),
    ("eleventy", "posts/{}.md"),
    ("obsidian", "notes/{}.md"),
    ("plain", "a/{}.md"),
];

pub(super) fn make_source(dialect: &str, permalink: Option<&str>) -> Arc<Source> {
    let source = feedmill::config::Source {
        // The folder does not exist: nothing of a site's own is found.
        path: PathBuf::from("no-such-folder"),
        dialect: DialectName::find(dialect),
        permalink: permalink.map(str::to_owned),
        ..feedmill::config::Source::default()
    };
    let config = Config { sources: vec![source], ..Config::default() };
    Arc::clone(&discover(&config).expect("the sources can be read").site.sources[0])
}

static SOURCES: LazyLock<Vec<(Arc<Source>, &'static str)>> =
    LazyLock::new(|| PATHS.into_iter().map(|(dialect, path)| (make_source(dialect, None), path)).collect());

fn read(source: &Source, path: &str, text: &str) -> Option<Post> {
    let file = File { path, bytes: text.as_bytes(), modified: DateTime::<Utc>::UNIX_EPOCH };
    match parse(source, SourceId::new(0), file) {
        Outcome::Post(post, _) => Some(*post),
        _ => None,
    }
}

/// An address that stands in a document: ASCII, below the site, and read by others as it is written.
fn check(post: &Post) {
    let address = &*post.address;
    assert!(address.is_ascii() && address.starts_with("http://localhost/"), "{address}");
    let read = url::Url::parse(address).unwrap_or_else(|why| panic!("{address}: {why}"));
    assert_eq!(read.host_str(), Some("localhost"), "{address}");
    assert!(!address.contains(|c: char| c.is_whitespace() || "<>\"{}|\\^`[]".contains(c)), "{address}");
    let path = address["http://localhost/".len()..].split(['?', '#']).next().unwrap_or_default();
    let segments: Vec<&str> = path.split('/').collect();
    for (place, segment) in segments.iter().enumerate() {
        let decoded = percent_encoding::percent_decode_str(segment).decode_utf8_lossy();
        assert!(!matches!(&*decoded, "." | ".."), "{address}");
        assert!(!decoded.contains(char::is_control), "{address}");
        assert!(!segment.is_empty() || place + 1 == segments.len(), "{address}");
    }
    assert!(!post.id.is_empty());
}

fn quote(text: &str) -> String {
    serde_json::to_string(text).expect("a string")
}

proptest! {
    #[test]
    fn every_name_has_an_address(name in "[^/\\u{0}]{1,40}") {
        for (source, path) in SOURCES.iter() {
            let path = path.replace("{}", &name);
            if let Some(post) = read(source, &path, "---\ntitle: T\ndate: 2024-01-02\ntags: posts\n---\n") {
                check(&post);
            }
        }
    }

    #[test]
    fn every_title_slug_and_address_by_hand_gives_an_address(
        title in "\\PC{0,40}", slug in "\\PC{0,20}", permalink in "\\PC{0,30}",
    ) {
        let front = format!(
            "---\ntitle: {}\nslug: {}\npermalink: {}\nurl: {}\ndate: 2024-01-02\ntags: posts\n---\n",
            quote(&title), quote(&slug), quote(&permalink), quote(&permalink)
        );
        for (source, path) in SOURCES.iter() {
            if let Some(post) = read(source, &path.replace("{}", "2024-01-02-x"), &front) {
                check(&post);
            }
        }
    }

    #[test]
    fn every_pattern_of_known_words_gives_an_address(
        words in proptest::collection::vec((0usize..40, "(|[/.-][a-z]{0,2})"), 1..6), title in "\\PC{0,20}",
    ) {
        for (dialect, path) in PATHS {
            let name = DialectName::find(dialect).expect("it is a dialect");
            let known = feedmill::post::dialect::find_dialect(name).spec().permalinks.placeholders;
            if known.is_empty() {
                continue;
            }
            let pattern: String =
                words.iter().map(|(word, text)| format!("/:{}{text}", known[word % known.len()])).collect();
            let source = make_source(dialect, Some(&pattern));
            let front = format!("---\ntitle: {}\ndate: 2024-01-02 03:04:05\n---\n", quote(&title));
            let post = read(&source, &path.replace("{}", "2024-01-02-x"), &front).expect("the file is a post");
            check(&post);
        }
    }

    #[test]
    fn slugs_of_terms_are_slugs_of_themselves(term in "\\PC{0,30}") {
        for (source, _) in SOURCES.iter() {
            let slug = |text: &str| source.dialect.term_slug(source.settings(), 0, 0, text);
            let once = slug(&term);
            prop_assert_eq!(slug(&once), once.clone(), "{} {}", source.dialect.name(), term);
        }
    }
}
