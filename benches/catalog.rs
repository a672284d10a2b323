//! The cost of one save and of one selection in catalogs of 10,000, 100,000 and 1,000,000 posts, which need no files.
//!
//! `cargo bench --bench catalog` measures all, `cargo bench --bench catalog -- 10000` one of them. The median of each
//! is printed, in microseconds. With the word `saves` there are no selections: `benches/save-instructions` counts the
//! instructions of saves.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use feedmill::catalog::{Catalog, Change, NoTexts, Site, Snapshot};
use feedmill::config;
use feedmill::feed::{Found, plan, resolve};
use feedmill::post::{self, File, Outcome, Source, SourceId};
use feedmill::watch::read_once;

/// The number of saves or selections of which the median is taken.
const TURNS: usize = 101;

/// A short post, distinguished by a number. All have two tags, half of them another one, and few a third one.
fn write(number: usize, version: usize) -> Change {
    let date = DateTime::from_timestamp(1_400_000_000, 0).expect("it is in range")
        + TimeDelta::minutes((number + version * 1_000) as i64);
    let text = format!(
        "---\ntitle: Report {number}\ndate: {}\ntags: [all, every, half {}, few {}]\n---\nText {version}.\n",
        date.format("%Y-%m-%dT%H:%M:%SZ"),
        number % 2,
        number % 500,
    );
    let path = format!("{number:07}.md");
    let file = File { path: &path, bytes: text.as_bytes(), modified: DateTime::UNIX_EPOCH };
    SOURCE.with(|source| match post::parse(source, SourceId::new(0), file) {
        Outcome::Post(post, _) => Change::Put(post, None),
        other => panic!("no post: {other:?}"),
    })
}

thread_local! {
    static SITE: Arc<Site> = make_site();
    static SOURCE: Arc<Source> = SITE.with(|site| Arc::clone(&site.sources[0]));
}

fn make_site() -> Arc<Site> {
    let folder = tempfile::TempDir::new().expect("there is room");
    let source = config::Source { path: folder.path().to_owned(), ..config::Source::default() };
    let url = config::BaseUrl::parse("https://example.org").ok();
    let site = config::Site { title: Some("Bench".to_owned()), url, ..config::Site::default() };
    let config = config::Config { site, sources: vec![source], ..config::Config::default() };
    let (snapshot, _) = read_once(&config, Utc::now()).expect("it can be used");
    Arc::clone(&snapshot.site)
}

/// One save, named so that a profiler finds it.
#[inline(never)]
fn apply_save(catalog: &mut Catalog, change: Change, now: DateTime<Utc>) -> Arc<Snapshot> {
    let changes = if catalog.has_effect(&change) { vec![change] } else { Vec::new() };
    catalog.apply(changes, now)
}

/// The median time in microseconds.
fn measure(mut turn: impl FnMut(usize)) -> f64 {
    let mut times: Vec<f64> = (0..TURNS)
        .map(|number| {
            let started = Instant::now();
            turn(number);
            started.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[TURNS / 2]
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|text| !text.starts_with('-')).collect();
    let counts: Vec<usize> = arguments.iter().filter_map(|text| text.parse().ok()).collect();
    for count in if counts.is_empty() { vec![10_000, 100_000, 1_000_000] } else { counts } {
        run(count, arguments.iter().any(|text| text == "saves"));
    }
}

fn run(count: usize, saves_only: bool) {
    let mut catalog = Catalog::new(SITE.with(Arc::clone));
    let now = Utc::now();
    let mut held = catalog.apply((0..count).map(|number| write(number, 0)).collect(), now);
    println!("{count} posts");
    let place = |turn: usize| (turn * 7919) % count;
    let mut saves: Vec<(&str, Vec<Change>)> = vec![
        ("the text of a post is edited", (0..TURNS).map(|turn| edit(place(turn))).collect()),
        ("a post moves to another date", (0..TURNS).map(|turn| write(place(turn), 1 + turn)).collect()),
        ("a post is new", (0..TURNS).map(|turn| write(count + turn, 0)).collect()),
    ];
    for (what, changes) in &mut saves {
        let mut changes = std::mem::take(changes).into_iter();
        let time = measure(|_| {
            let change = changes.next().expect("there is one for each turn");
            held = apply_save(&mut catalog, change, now);
        });
        println!("{time:10.1} µs  save: {what}");
    }
    if saves_only {
        println!("{} saves", saves.len() * TURNS);
        return;
    }
    for (what, query) in [
        ("a term", "tags=half+1"),
        ("a term, page 1,000", "tags=half+1&page=1000"),
        ("two terms, one of them rare", "tags=all&tags=few+7"),
        ("two terms that every post has", "tags=all&tags=every"),
        ("two terms, the last page", &*format!("tags=all&tags=half+1&page={}", count / 2 / 20)),
        ("one of two rare terms", "any_tags=few+1&any_tags=few+2"),
        ("one of two terms", "any_tags=half+0&any_tags=half+1"),
        ("one of two terms, page 100", "any_tags=half+0&any_tags=every&page=100"),
        ("all but a rare term", "not_tags=few+3"),
        ("all but a term", "not_tags=half+1"),
        ("one of two terms but not a third", "any_tags=all&any_tags=every&not_tags=half+1&page=50"),
        ("a term, by update", "tags=half+1&order=updated"),
    ] {
        let Ok(Some(Found::Feed(address))) = resolve(&held, "/rss.xml", Some(query)) else {
            panic!("{query} is a feed");
        };
        let started = Instant::now();
        plan(&held, (*address).clone(), &NoTexts).expect("it is there");
        let first = started.elapsed().as_secs_f64() * 1e6;
        let time = measure(|_| {
            black_box(plan(&held, black_box((*address).clone()), &NoTexts));
        });
        println!("{time:10.1} µs  select {what} (the first time {first:.1} µs)");
    }
}

/// Another text of a post with the same front matter.
fn edit(number: usize) -> Change {
    match write(number, 0) {
        Change::Put(mut post, problem) => {
            post.bytes_hash ^= 1;
            Change::Put(post, problem)
        }
        other => other,
    }
}
