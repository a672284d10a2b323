//! `init` writes a configuration by which a site is served as it is without one.

use std::path::Path;
use std::sync::Arc;

use chrono::Utc;
use feedmill::catalog::{Selection, Snapshot};
use feedmill::config::{self, Config, Source};
use feedmill::post::Post;
use feedmill::watch::read_once;

use crate::common::{TestSite, fixture};

fn read(config: &Config) -> (Arc<Snapshot>, Vec<Arc<Post>>) {
    let (snapshot, _) = read_once(config, Utc::now()).expect("the sources can be read");
    let mut posts = snapshot.select(&Selection::default(), 1000);
    let codes: Vec<Box<str>> = snapshot.languages().map(|(code, _)| code.into()).collect();
    for code in codes {
        posts.extend(
            snapshot.select(&Selection { languages: Some(vec![code]), ..Selection::default() }, 1000),
        );
    }
    (snapshot, posts)
}

fn compare(folder: &Path) -> String {
    let site = TestSite::new();
    let shown = folder.display().to_string();
    let (status, out, err) = site.run(&["init", &shown, "--output", "feedmill.toml"]);
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    let written = config::load(&site.path("feedmill.toml")).unwrap_or_else(|error| panic!("{error}"));
    assert!(written.warnings.is_empty(), "{:?}", written.warnings);
    let source = Source { path: folder.to_owned(), ..Source::default() };
    let (auto, expected) = read(&Config { sources: vec![source], ..Config::default() });
    let (own, found) = read(&written);
    assert!(!expected.is_empty());
    assert_eq!(found, expected);
    let said = |site: &feedmill::catalog::Site| {
        let texts = (site.title.clone(), site.url.clone(), site.description.clone(), site.language.clone());
        (texts, site.author.clone(), site.time_zone, site.feeds.clone())
    };
    assert_eq!(said(&own.site), said(&auto.site));
    site.read("feedmill.toml")
}

#[test]
fn every_golden_site_is_served_as_without_it() {
    for dialect in ["jekyll", "hugo", "zola", "hexo", "eleventy"] {
        let text = compare(&fixture(&format!("golden/{dialect}/site")));
        assert!(text.contains(&format!("dialect = {dialect:?}")), "{text}");
    }
}

#[test]
fn what_a_site_says_is_written_down_with_its_comments() {
    let site = TestSite::new();
    site.write(
        "blog/_config.yml",
        "title: The \"Blog\"\nurl: https://example.org\nbaseurl: /b\ntimezone: Asia/Shanghai\nlang: zh-CN\n\
         author: {name: 编辑部, email: e@example.org}\npermalink: pretty\nfeed: {posts_limit: 30}\nshow_drafts: true\n",
    );
    site.write("blog/_posts/2024-01-01-a.md", "---\ntitle: A\n---\n");
    let (status, out, _) = site.run(&["init", "blog"]);
    assert_eq!(status, 0);
    insta::assert_snapshot!(out);
}

#[test]
fn a_file_that_is_there_is_never_overwritten() {
    let site = TestSite::new();
    site.write("posts/a.md", "---\ntitle: A\ndate: 2024-01-01\n---\n");
    site.write("feedmill.toml", "mine");
    let (status, out, err) = site.run(&["init", "posts", "--output", "feedmill.toml"]);
    assert_eq!((status, out.as_str()), (2, ""));
    assert!(
        err.contains(
            "error: feedmill.toml exists and is never overwritten. Name another file, or move this one away."
        ),
        "{err}"
    );
    assert_eq!(site.read("feedmill.toml"), "mine");
    let (status, _, err) = site.run(&["init", "none"]);
    assert_eq!(status, 2);
    assert!(err.contains("none cannot be read"), "{err}");
}
