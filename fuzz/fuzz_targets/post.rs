//! A whole file through every dialect: whatever its bytes, it becomes a post and its entry, or a problem, and costs
//! no more than its length. So front matter is combined with bodies: permalinks with relative URLs.
//! Run: fuzz/run 60 post

#![no_main]

mod cost;

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use chrono::{DateTime, Utc};
use feedmill::catalog::Site;
use feedmill::config::{Config, DialectName, Embeds, Source};
use feedmill::feed::{Bodies, Entries, Unread};
use feedmill::post::{File, Outcome, Post, SourceId, parse};
use feedmill::site::discover;
use libfuzzer_sys::fuzz_target;

const PATHS: [(&str, &str); 7] = [
    ("jekyll", "_posts/2024-01-02-a b.md"),
    ("hugo", "content/posts/2024-01-02-a b.md"),
    ("zola", "content/posts/2024-01-02-a b.md"),
    ("hexo", "source/_posts/a b.md"),
    ("eleventy", "posts/2024-01-02-a b.md"),
    ("obsidian", "notes/a b.md"),
    ("plain", "2024-01-02-a b.md"),
];

static SITES: LazyLock<Vec<(Arc<Site>, &'static str)>> = LazyLock::new(|| {
    static FOLDER: OnceLock<std::path::PathBuf> = OnceLock::new();
    let folder: &Path = FOLDER.get_or_init(|| std::env::temp_dir().join("feedmill-fuzz-no-such-folder"));
    let made = PATHS.into_iter().map(|(dialect, path)| {
        let source = Source { path: folder.to_owned(), dialect: DialectName::find(dialect), ..Source::default() };
        let config = Config { sources: vec![source], ..Config::default() };
        (discover(&config).expect("it can be used").site, path)
    });
    made.collect()
});

/// The file that is tried.
struct Tried(Mutex<Vec<u8>>);

impl Bodies for Tried {
    fn read(&self, _: &feedmill::post::Source, _: &Post) -> Result<Vec<u8>, Unread> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn find_kept(&self, _: &Post) -> Option<Arc<[u8]>> {
        None
    }

    fn unpack(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > cost::LONGEST {
        return;
    }
    let modified: DateTime<Utc> = DateTime::UNIX_EPOCH;
    let entries = Entries::new(0, Arc::new(Tried(Mutex::new(bytes.to_owned()))));
    for (site, path) in SITES.iter() {
        cost::bound(bytes.len(), 200, || {
            if let Outcome::Post(post, _) = parse(&site.sources[0], SourceId::new(0), File { path, bytes, modified }) {
                assert!(!post.id.is_empty() && post.address.is_ascii());
                let entry = entries.get(site, &post, Embeds::Link).expect("it was read");
                assert!(!entry.title.is_empty());
            }
        });
    }
});
