//! A whole file through every dialect: whatever its bytes, it becomes a post or a problem.
//! Run: cargo +nightly fuzz run post

#![no_main]

use std::path::Path;
use std::sync::{LazyLock, OnceLock};

use chrono::{DateTime, Utc};
use feedmill::config::{Config, Dialect, Source};
use feedmill::post::{File, Outcome, parse, read_again};
use feedmill::watch::discover;
use libfuzzer_sys::fuzz_target;

const PATHS: [(Dialect, &str); 7] = [
    (Dialect::Jekyll, "_posts/2024-01-02-a b.md"),
    (Dialect::Hugo, "content/posts/2024-01-02-a b.md"),
    (Dialect::Zola, "content/posts/2024-01-02-a b.md"),
    (Dialect::Hexo, "source/_posts/a b.md"),
    (Dialect::Eleventy, "posts/2024-01-02-a b.md"),
    (Dialect::Obsidian, "notes/a b.md"),
    (Dialect::Plain, "2024-01-02-a b.md"),
];

static SOURCES: LazyLock<Vec<(std::sync::Arc<feedmill::post::Source>, &'static str)>> = LazyLock::new(|| {
    static FOLDER: OnceLock<std::path::PathBuf> = OnceLock::new();
    let folder: &Path = FOLDER.get_or_init(|| std::env::temp_dir().join("feedmill-fuzz-no-such-folder"));
    let made = PATHS.into_iter().map(|(dialect, path)| {
        let source = Source { path: folder.to_owned(), dialect: Some(dialect), ..Source::default() };
        let config = Config { sources: vec![source], ..Config::default() };
        let discovery = discover(&config).expect("it can be used");
        (discovery.site.sources[0].clone(), path)
    });
    made.collect()
});

fuzz_target!(|bytes: &[u8]| {
    let modified: DateTime<Utc> = DateTime::UNIX_EPOCH;
    for (source, path) in SOURCES.iter() {
        if let Outcome::Post(post, _) = parse(source, 0, File { path, bytes, modified }) {
            assert!(!post.id.is_empty() && post.address.is_ascii());
            let _ = read_again(source, &post, bytes);
        }
    }
});
