//! Sites of Jekyll as they are laid out in the wild.

use feedmill::catalog::Selection;
use feedmill::post::SourceId;

use crate::common::TestSite;
use crate::wild::{POST, addresses, read};

#[test]
fn jekylls_source_and_collections_may_lie_in_folders() {
    let url = "url: https://example.org\npermalink: pretty\n";
    let config = format!("{url}collections_dir: pages\n");
    assert_eq!(
        addresses(&[("_config.yml", &config), ("pages/_posts/2024-01-02-x.md", POST)]),
        ["2024/01/02/x/"]
    );
    let config = format!("{url}source: ./src\n");
    assert_eq!(
        addresses(&[("_config.yml", &config), ("src/_posts/2024-01-02-x.md", POST)]),
        ["2024/01/02/x/"]
    );
    // Octopress
    let config = format!("{url}source: source\n");
    assert_eq!(
        addresses(&[("_config.yml", &config), ("source/_posts/2024-01-02-x.md", POST)]),
        ["2024/01/02/x/"]
    );
    let vendor = "vendor/bundle/ruby/3.1.0/gems/theme/_posts/2024-01-02-demo.md";
    assert_eq!(
        addresses(&[("_config.yml", url), ("_posts/2024-01-02-x.md", POST), (vendor, POST)]),
        ["2024/01/02/x/"]
    );
}

#[test]
fn jekylls_defaults_join_categories_and_stand_in_for_empty_keys() {
    let config = "url: https://example.org\ndefaults:\n\
                  - {scope: {path: \"\"}, values: {categories: [blog], permalink: \"/:categories/:title/\"}}\n\
                  - {scope: {path: _posts/2019}, values: {permalink: \"/old/:title/\"}}\n";
    let files = [
        ("_config.yml", config),
        ("_posts/2024-01-02-a.md", "---\ntitle: A\ncategories: [news]\n---\n"),
        ("_posts/2024-01-02-b.md", "---\ntitle: B\npermalink:\n---\n"),
        ("_posts/2019-01-02-c.md", "---\ntitle: C\n---\n"),
    ];
    assert_eq!(addresses(&files), ["blog/b/", "blog/news/a/", "old/c/"]);
}

#[test]
fn jekylls_collections_that_have_a_feed_are_in_no_other() {
    let config = "url: https://example.org\ncollections: {changes: {output: true}, other: {output: true}}\n\
                  feed: {collections: [changes]}\n";
    let (_, snapshot, problems) = read(&[
        ("_config.yml", config),
        ("_posts/2024-01-02-a.md", POST),
        ("_changes/v1.md", "---\ntitle: V1\ndate: 2024-01-03\ntags: [x]\n---\n"),
        ("_changes/2024-02-03-v2.md", "---\ntitle: V2\n---\n"),
        ("_changes/plain.md", "No front matter: it is copied.\n"),
        ("_other/v1.md", POST),
    ]);
    assert!(problems.is_empty() && snapshot.problems.is_empty(), "{problems:?} {:?}", snapshot.problems);
    let titles = |selection: &Selection| -> Vec<String> {
        snapshot.select(selection, 9).iter().map(|post| post.address.to_string()).collect()
    };
    assert_eq!(titles(&Selection::default()), ["https://example.org/2024/01/02/a.html"]);
    let section = Some((SourceId::new(0), "changes".into()));
    assert_eq!(
        titles(&Selection { section, ..Selection::default() }),
        ["https://example.org/changes/2024-02-03-v2.html", "https://example.org/changes/v1.html"]
    );
    assert!(snapshot.find_term(0, "x").is_none());
}

#[test]
fn jekylls_authors_may_be_keys_of_people() {
    let people = "ada: {name: Ada L., email: ada@example.org}\ngrace: {name: Grace}\n";
    let (_, snapshot, _) = read(&[
        ("_config.yml", "url: https://example.org\nauthor: grace\n"),
        ("_data/authors.yml", people),
        ("_posts/2024-01-02-a.md", "---\ntitle: A\nauthor: ada\n---\n"),
        ("_posts/2024-01-02-b.md", "---\ntitle: B\nauthor: Someone\n---\n"),
    ]);
    assert_eq!(snapshot.site.author.as_ref().map(|author| &*author.name), Some("Grace"));
    assert!(snapshot.find_term(2, "Ada L.").is_some() && snapshot.find_term(2, "Someone").is_some());
}

#[test]
fn jekylls_defaults_may_be_for_a_pattern() {
    let config = "url: https://example.org\ndefaults:\n- scope: {path: \"_posts/*/old\"}\n  values: {permalink: \"/old/:title/\"}\n\
                  - scope: {path: \"/_posts\"}\n  values: {permalink: \"/never/\"}\n";
    let files =
        [("_config.yml", config), ("_posts/x/old/2024-01-02-a.md", POST), ("_posts/x/2024-01-02-b.md", POST)];
    assert_eq!(addresses(&files), ["2024/01/02/b.html", "old/a/"]);
}

#[test]
fn jekylls_defaults_are_for_a_type() {
    let defaults = "defaults:\n- {scope: {path: \"\", type: drafts}, values: {published: false}}\n\
                    - {scope: {path: \"\", type: post}, values: {permalink: \"/p/:title/\"}}\n\
                    - {scope: {path: \"\", type: books}, values: {permalink: \"/lib/:title/\"}}\n";
    let config = format!(
        "url: https://example.org\ncollections: {{books: {{}}}}\nfeed: {{collections: [books]}}\n{defaults}"
    );
    let (found, snapshot, _) = read(&[
        ("_config.yml", &config),
        ("_posts/2024-01-02-a.md", POST),
        ("_books/b.md", "---\ntitle: B\ndate: 2024-01-01\n---\n"),
    ]);
    assert_eq!(found, ["p/a/"]);
    let section = Some((SourceId::new(0), "books".into()));
    let books = snapshot.select(&Selection { section, ..Selection::default() }, 9);
    assert_eq!(&*books[0].address, "https://example.org/lib/b/");
}

#[test]
fn jekylls_names_keep_their_date_and_folders_of_collections_their_place() {
    let files = [
        (
            "_config.yml",
            "url: https://example.org\npermalink: /:name/\ncollections_dir: my\nshow_drafts: true\n",
        ),
        ("my/_posts/2024-01-02-a.md", POST),
        ("my/_drafts/d.md", POST),
        ("_posts/2024-01-02-outside.md", POST),
    ];
    let (found, snapshot, problems) = read(&files);
    assert_eq!(found, ["2024-01-02-a/", "d/"]);
    assert!(problems.is_empty() && snapshot.problems.is_empty(), "{problems:?}");
}

#[test]
fn languages_of_posts_may_be_written_as_operating_systems_write_them() {
    let site = TestSite::new();
    site.write("_config.yml", "url: https://example.org\n");
    site.write("_posts/2024-01-02-a.md", "---\ntitle: A\nlang: zh_TW\n---\nText.\n");
    let (_, feed, errors) = site.run(&["render", "/feed.json", "--site", "."]);
    let feed: serde_json::Value = serde_json::from_str(&feed).expect(&errors);
    assert_eq!(feed["items"][0]["language"], "zh-TW");
    let (_, problems, _) = site.run(&["check", "."]);
    assert!(problems.starts_with("0 errors, 0 warnings"), "{problems}");
}

#[test]
fn posts_may_be_in_the_encoding_of_the_site() {
    let site = TestSite::new();
    let gbk = b"---\ntitle: \xD6\xD0\xCE\xC4\ntags: [\xB1\xCA\xBC\xC7]\n---\n\xB1\xCA\xBC\xC7\n";
    site.write_bytes("site/_posts/2024-01-01-a.md", gbk);
    site.write("site/_posts/2024-01-02-b.md", "---\ntitle: 观点\n---\nText.\n");
    let config = "title: T\nurl: https://example.org\n";
    site.write("site/_config.yml", config);
    let (status, shown, _) = site.run(&["check", "site"]);
    assert!(status == 1 && shown.contains("2024-01-01-a.md:2:8: error: this is not UTF-8"), "{shown}");
    site.write("site/_config.yml", &format!("{config}encoding: GB2312\n"));
    let (status, shown, _) = site.run(&["check", "site"]);
    assert_eq!((status, &*shown), (0, "0 errors, 0 warnings in 0 files; 2 posts can be served.\n"));
    let (_, shown, _) = site.run(&["render", "/atom.xml", "--site", "site"]);
    for text in [">中文<", "term=\"笔记\"", "&lt;p&gt;笔记&lt;/p&gt;", ">观点<"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    site.write("site/_config.yml", &format!("{config}encoding: gb3000\n"));
    let (_, shown, _) = site.run(&["check", "site"]);
    assert!(shown.contains("_config.yml:3:1: error: the site's `encoding` is \"gb3000\""), "{shown}");
}
