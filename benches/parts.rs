//! What the parts cost: reading a post, converting a body, one save, one poll, one rendering.
//!
//! `cargo bench` runs all; posts are of the seed's kind, about 4.4 KB each.

use std::hint::black_box;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use feedmill::body::{self, Context, NoResolver};
use feedmill::catalog::{Catalog, Change, NoTexts, Snapshot};
use feedmill::config::{self, Embeds, Format};
use feedmill::feed::{Address, Bodies, Entries, Found, Place, Unread, build, plan, resolve, write};
use feedmill::post::{self, File, Outcome, Post, Source, SourceId};
use feedmill::watch::read_once;

/// A post like those of an archive, distinguished by a number.
fn write_post(number: usize) -> String {
    let date = DateTime::from_timestamp(1_400_000_000, 0).expect("it is in range")
        + TimeDelta::minutes(number as i64);
    let paragraph = "<p>The harbour opened its new pier an hour before sunrise, 比第一班渡轮还早。</p>";
    format!(
        "---\nlayout: post\ntitle: \"Report {number}: the harbour\"\ndate: {}\nauthor: Harbour Daily\n\
         from: https://example.org/story-{number}\ntags: [ Harbour, \"tag {}\", C++ ]\ncomments: True\n\
         categories: [ news ]\n---\n<!--{number}-->\n[Report {number}: the harbour](https://example.org/story-{number})\n\
         ------\n\n## Morning\n\n- **one** thing\n- [another](../other/)\n\n<div><img data-src=\"/a.jpg\" src=\"/b.gif\">{}</div>\n",
        date.format("%Y-%m-%dT%H:%M:%S.000Z"),
        number % 500,
        paragraph.repeat(40)
    )
}

fn name_post(number: usize) -> String {
    format!("_posts/2014-05-13-report-{number}.md")
}

struct Site {
    snapshot: Arc<Snapshot>,
    source: Arc<Source>,
}

fn site() -> Site {
    let folder = tempfile::TempDir::new().expect("there is room");
    std::fs::create_dir(folder.path().join("_posts")).expect("it can be made");
    let source = config::Source { path: folder.path().to_owned(), ..config::Source::default() };
    let url = config::BaseUrl::parse("https://example.org").ok();
    let site = config::Site { title: Some("Bench".to_owned()), url, ..config::Site::default() };
    let config = config::Config { site, sources: vec![source], ..config::Config::default() };
    let (snapshot, _) = read_once(&config, Utc::now()).expect("it can be used");
    let source = Arc::clone(&snapshot.site.sources[0]);
    Site { snapshot, source }
}

fn read_post(source: &Source, number: usize) -> Box<Post> {
    let (path, text) = (name_post(number), write_post(number));
    let file = File { path: &path, bytes: text.as_bytes(), modified: DateTime::UNIX_EPOCH };
    match post::parse(source, SourceId::new(0), file) {
        Outcome::Post(post, _) => post,
        other => panic!("no post: {other:?}"),
    }
}

/// Bodies converted again, as if every file were in the page cache.
struct Made;

impl Bodies for Made {
    fn read(&self, _: &Source, post: &Post) -> Result<Vec<u8>, Unread> {
        let number = post.path.trim_start_matches("_posts/2014-05-13-report-").trim_end_matches(".md");
        Ok(write_post(number.parse().expect("it is a number")).into_bytes())
    }

    fn find_kept(&self, _: &Post) -> Option<Arc<[u8]>> {
        None
    }

    fn unpack(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

fn posts(c: &mut Criterion) {
    let site = site();
    let (path, text) = (name_post(7), write_post(7));
    let file = File { path: &path, bytes: text.as_bytes(), modified: DateTime::UNIX_EPOCH };
    let id = SourceId::new(0);
    c.bench_function("parse a post", |b| b.iter(|| post::parse(&site.source, id, black_box(file))));
    let page = url::Url::parse("https://example.org/a/b/").expect("it is an address");
    let context = Context {
        page: &page,
        title: "Report 7: the harbour",
        syntax: site.source.dialect.syntax(),
        markdown: true,
        marker: None,
        embeds: Embeds::Link,
        prefix: "p1-",
        resolve: &NoResolver,
    };
    c.bench_function("convert a body", |b| b.iter(|| body::convert(black_box(&text), &context)));
}

fn saves(c: &mut Criterion) {
    let site = site();
    for count in [10_000, 100_000] {
        let mut catalog = Catalog::new(Arc::clone(&site.snapshot.site));
        let all = (0..count).map(|number| Change::Put(read_post(&site.source, number), None)).collect();
        let now = Utc::now();
        let mut held = catalog.apply(all, now);
        let mut number = 0;
        c.bench_function(&format!("take in one save among {count} posts"), |b| {
            b.iter_batched(
                || {
                    number = (number + 7919) % count;
                    let mut post = read_post(&site.source, number);
                    post.bytes_hash ^= number as u128;
                    vec![Change::Put(post, None)]
                },
                |changes| held = catalog.apply(changes, now),
                BatchSize::SmallInput,
            );
        });
        for (what, query) in [
            ("two terms", "tags=harbour&tags=tag%207"),
            ("two terms that every post has", "tags=harbour&tags=c%2B%2B"),
            ("one of two terms", "any_tags=tag%201&any_tags=tag%202"),
            ("all but a term", "not_tags=tag%203"),
            ("a term, by update", "tags=harbour&order=updated"),
        ] {
            let Ok(Some(Found::Feed(address))) = resolve(&held, "/rss.xml", Some(query)) else {
                panic!("{query} is a feed");
            };
            c.bench_function(&format!("select {what} of {count} posts"), |b| {
                b.iter(|| plan(&held, black_box((*address).clone()), &NoTexts));
            });
        }
        let address = Address::find(&held, "/tags/harbour/atom.xml").expect("it is a feed");
        c.bench_function(&format!("plan and fingerprint a feed of {count} posts"), |b| {
            b.iter(|| {
                plan(&held, black_box(address.clone()), &NoTexts).expect("it is there").fingerprint(&held)
            });
        });
    }
}

fn renderings(c: &mut Criterion) {
    let site = site();
    let mut catalog = Catalog::new(Arc::clone(&site.snapshot.site));
    let all = (0..1000).map(|number| Change::Put(read_post(&site.source, number), None)).collect();
    let snapshot = catalog.apply(all, Utc::now());
    for format in Format::ALL {
        let feed = plan(&snapshot, Address::new(Place::All, format), &NoTexts).expect("it is there");
        let render =
            |entries: &Entries| write(&build(&snapshot, &feed, entries).expect("it is there"), format);
        c.bench_function(&format!("render 20 entries as {format:?}, none made before"), |b| {
            b.iter_batched(
                || Entries::new(1 << 20, Arc::new(Made)),
                |entries| render(&entries),
                BatchSize::SmallInput,
            );
        });
        let entries = Entries::new(8 << 20, Arc::new(Made));
        render(&entries);
        c.bench_function(&format!("render 20 entries as {format:?}, all made before"), |b| {
            b.iter(|| render(&entries));
        });
    }
}

criterion_group!(benches, posts, saves, renderings);
criterion_main!(benches);
