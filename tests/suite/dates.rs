//! Every spelling of a date that a generator reads, as that generator reads it.
//!
//! `tests/fixtures/dates/DIALECT.tsv` holds a line of front matter, the instant that the generator made of it
//! (`error`: it refused the post), and where feedmill has another, that and the reason. The sites' zone is
//! America/New_York, the machine's UTC.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat, Utc};
use feedmill::catalog::Selection;
use feedmill::config::{Config, Source};
use feedmill::watch::read_once;

use crate::common::{TestSite, fixture, read_file};

/// A site of a generator with a post for each row; `post` names the file of a row.
fn compare(dialect: &str, least: usize, configuration: (&str, &str), post: fn(usize) -> String) {
    let table = read_file(fixture(&format!("dates/{dialect}.tsv")));
    let rows: Vec<Vec<&str>> =
        table.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect();
    let site = TestSite::new();
    site.write(configuration.0, configuration.1);
    for (number, row) in rows.iter().enumerate() {
        let (fence, title) = if row[0].starts_with("date =") {
            ("+++", "title = \"x\"")
        } else {
            ("---", "title: x\ntags: posts")
        };
        site.write(&post(number), &format!("{fence}\n{title}\n{}\n{fence}\nText.\n", row[0]));
    }
    let source = Source { path: site.path(""), ..Source::default() };
    let config = Config { sources: vec![source], ..Config::default() };
    let now = DateTime::from_timestamp(20_000_000_000, 0).expect("a date that chrono has");
    let (snapshot, _) = read_once(&config, now).expect("the sources can be read");
    let posts: BTreeMap<String, DateTime<Utc>> = snapshot
        .select(&Selection::default(), 500)
        .iter()
        .map(|post| (post.path.to_string(), post.published.with_timezone(&Utc)))
        .collect();
    let mut differences = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let ours = posts.get(&post(number));
        // Feeds print whole seconds.
        let ours = ours.map_or("error".to_owned(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
        let expected = row.get(2).unwrap_or(&row[1]);
        if ours != *expected {
            differences.push(format!("{}\t{}\t{ours}", row[0], row[1]));
        }
    }
    assert!(differences.is_empty(), "spelling, {dialect}, feedmill:\n{}", differences.join("\n"));
    assert!(rows.len() >= least, "only {} spellings were compared", rows.len());
}

#[test]
fn jekyll_reads_what_ruby_reads() {
    let config = "title: x\nurl: https://x.test\ntimezone: America/New_York\nfuture: true\n";
    compare("jekyll", 60, ("_config.yml", config), |row| format!("_posts/2001-02-03-p{row}.md"));
}

#[test]
fn hugo_reads_what_go_reads() {
    let config = "baseURL = \"https://x.test/\"\ntimeZone = \"America/New_York\"\nbuildFuture = true\n";
    compare("hugo", 60, ("hugo.toml", config), |row| format!("content/p/p{row}.md"));
}

#[test]
fn zola_reads_what_its_front_matter_reads() {
    compare("zola", 60, ("config.toml", "base_url = \"https://x.test\"\n"), |row| {
        format!("content/p{row}.md")
    });
}

#[test]
fn hexo_reads_what_javascript_reads() {
    let config = "title: x\nurl: https://x.test\ntimezone: America/New_York\n";
    compare("hexo", 60, ("_config.yml", config), |row| format!("source/_posts/p{row}.md"));
}

#[test]
fn eleventy_reads_what_luxon_reads() {
    let config = "export default function () {}\n";
    compare("eleventy", 60, ("eleventy.config.js", config), |row| format!("posts/p{row}.md"));
}

#[test]
fn posts_after_the_fixed_time_of_a_jekyll_site_are_in_the_future() {
    let files = |config: &str| {
        let config = format!("url: https://example.org\npermalink: /:title/\n{config}");
        crate::wild::addresses(&[
            ("_config.yml", &config),
            ("_posts/2024-01-02-a.md", "---\ntitle: A\n---\n"),
            ("_posts/2024-01-03-b.md", "---\ntitle: B\ndate: 2024-01-03 10:00:00 +0000\n---\n"),
        ])
    };
    assert_eq!(files(""), ["a/", "b/"]);
    assert_eq!(files("time: 2024-01-03T09:59:59Z\n"), ["a/"]);
    assert_eq!(files("time: 2024-01-03T10:00:00Z\n"), ["a/", "b/"]);
    assert_eq!(files("time: 2024-01-03\n"), ["a/"]);
    assert_eq!(files("time: 2024-01-03\nfuture: true\n"), ["a/", "b/"]);
}
