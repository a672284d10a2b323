//! Folders that a site of Hugo mounts as pages, and languages with URLs of their own: each expectation is what Hugo 0.168
//! made of the same files.

use feedmill::catalog::Selection;

use crate::common::TestSite;
use crate::hugo_pages::BASE;
use crate::wild::{POST, addresses, read};

/// One mount, with further lines.
fn mount(source: &str, target: &str, more: &str) -> String {
    format!("[[module.mounts]]\nsource = '{source}'\ntarget = '{target}'\n{more}\n")
}

/// The line of a mount that names its languages.
fn languages(codes: &str) -> String {
    format!("[module.mounts.sites.matrix]\nlanguages = {codes}")
}

/// The URLs of pages at these paths.
fn urls(config: &str, paths: &[&str]) -> Vec<String> {
    let config = format!("{BASE}{config}");
    let files: Vec<_> =
        [("hugo.toml", &*config)].into_iter().chain(paths.iter().map(|path| (*path, POST))).collect();
    addresses(&files)
}

#[test]
fn pages_are_where_their_folder_is_mounted() {
    let blog = mount("blog", "content/posts", "");
    let paths = ["content/c.md", "blog/b1.md", "blog/sub/b2.md", "blog/bun/index.md"];
    // A mount takes the place of the usual folder.
    assert_eq!(urls(&blog, &paths), ["posts/b1/", "posts/bun/", "posts/sub/b2/"]);
    let both = blog + &mount("content", "content", "");
    assert_eq!(urls(&both, &paths), ["c/", "posts/b1/", "posts/bun/", "posts/sub/b2/"]);
    // Mounts of other files change nothing.
    assert_eq!(urls(&mount("static", "static", ""), &paths), ["c/"]);
    assert_eq!(urls(&mount("README.md", "content/_index.md", ""), &paths), ["c/"]);
}

#[test]
fn sections_and_patterns_of_urls_know_where_a_folder_is_mounted() {
    let patterns = "[permalinks]\nposts = '/p/:sections/:filename/'\n";
    let both = mount("content", "content", "") + &mount("blog", "content/posts/deep", "");
    let config = format!("{patterns}{both}");
    // The page of a whole mounted folder has the name of the folder.
    assert_eq!(
        urls(&config, &["content/posts/a.md", "blog/index.md", "blog/x.md"]),
        ["p/posts/a/", "p/posts/deep/"]
    );
    let pages = ["blog/sub/x.md", "blog/2024-02-03-y.md"];
    let sections = ["content/posts/deep/_index.md", "blog/sub/_index.md"];
    assert_eq!(
        urls(&config, &[pages, sections].concat()),
        ["p/posts/deep/2024-02-03-y/", "p/posts/deep/sub/x/"]
    );
    let upper = mount("content", "content", "") + &mount("Docs", "content/My Docs", "");
    assert_eq!(
        urls(&upper, &["content/c.md", "Docs/Z.md", "Docs/n/Z.md"]),
        ["c/", "my-docs/n/z/", "my-docs/z/"]
    );
}

#[test]
fn a_mount_may_be_for_a_language() {
    let mounts = [
        mount("content/en", "content", &languages("['en']")),
        mount("content/fr", "content", &languages("'fr'")),
        mount("shared", "content/shared", ""),
        mount("content/de", "content", &languages("'de'")),
    ];
    let config =
        format!("[languages.en]\n[languages.fr]\n[languages.de]\ndisabled = true\n{}", mounts.concat());
    let paths = [
        "content/en/p1.md",
        "content/fr/p1.md",
        "content/en/q.fr.md",
        "content/de/x.md",
        "content/root.md",
        "shared/s.md",
        "shared/t.fr.md",
    ];
    assert_eq!(urls(&config, &paths), ["fr/p1/", "fr/q/", "fr/shared/t/", "p1/", "shared/s/"]);
    // Up to Hugo 0.152.
    let config = format!("[languages.en]\n[languages.fr]\n{}", mount("content/fr", "content", "lang = 'fr'"));
    assert_eq!(urls(&config, &paths), ["fr/p1/"]);
}

#[test]
fn files_outside_of_the_site_are_no_pages() {
    let site = TestSite::new();
    site.write("other/a.md", POST);
    site.write("site/content/b.md", POST);
    let mounts = mount("content", "content", "") + &mount("../other", "content/other", "");
    site.write("site/hugo.toml", &format!("{BASE}{mounts}"));
    let (status, shown, _) = site.run(&["check", "site"]);
    assert_eq!((status, &*shown), (0, "0 errors, 0 warnings in 0 files; 1 post can be served.\n"));
}

#[test]
fn a_section_is_one_in_its_language() {
    let config = "[permalinks]\nposts = '/p/:sections/:filename/'\n[languages.en]\n[languages.fr]\n";
    let paths = [
        "content/posts/a/_index.md",
        "content/posts/a/x.md",
        "content/posts/a/y.fr.md",
        "content/posts/b/_index.fr.md",
        "content/posts/b/z.fr.md",
        "content/posts/b/w.md",
    ];
    assert_eq!(urls(config, &paths), ["fr/p/posts/b/z/", "fr/p/posts/y/", "p/posts/a/x/", "p/posts/w/"]);
}

#[test]
fn a_language_may_have_a_url_of_its_own() {
    let read = |config: &str| {
        let own = "---\ntitle: T\ndate: 2024-01-02\nurl: /own/u/\n---\nText.\n";
        let (_, snapshot, problems) = read(&[
            ("hugo.toml", &format!("{BASE}defaultContentLanguageInSubdir = true\n{config}")),
            ("content/posts/a.md", POST),
            ("content/posts/a.fr.md", POST),
            ("content/posts/u.fr.md", own),
        ]);
        assert_eq!(problems, []);
        let languages = [None, Some(vec!["fr".into()])];
        let posts = languages
            .into_iter()
            .flat_map(|languages| snapshot.select(&Selection { languages, ..Selection::default() }, 100));
        let mut urls: Vec<String> = posts
            .map(|post| {
                assert_eq!(post.id, post.address);
                post.address.to_string()
            })
            .collect();
        urls.sort();
        urls
    };
    let en = "[languages.en]\nbaseURL = 'https://en.example.com/docs'\n";
    let fr = "[languages.fr]\nbaseURL = 'https://fr.example.com/'\n";
    assert_eq!(
        read(&format!("{en}{fr}")),
        [
            "https://en.example.com/docs/posts/a/",
            "https://fr.example.com/own/u/",
            "https://fr.example.com/posts/a/"
        ]
    );
    // One without its own has that of the site.
    assert_eq!(
        read(&format!("{en}[languages.fr]\n")),
        [
            "https://en.example.com/docs/posts/a/",
            "https://example.org/own/u/",
            "https://example.org/posts/a/"
        ]
    );
    assert_eq!(
        read("[languages.en]\n[languages.fr]\n"),
        ["https://example.org/en/posts/a/", "https://example.org/fr/posts/a/", "https://example.org/own/u/"]
    );
}

#[test]
fn the_feed_of_a_language_leads_to_its_own_site() {
    let site = TestSite::new();
    let own = "[languages.en]\nbaseURL = 'https://en.example.com/'\n[languages.fr]\nbaseURL = 'https://fr.example.com/'\n";
    site.write("site/hugo.toml", &format!("title = 'T'\n{own}"));
    site.write("site/content/a.md", POST);
    site.write("site/content/a.fr.md", POST);
    for (path, home) in [("/atom.xml", "https://en"), ("/languages/fr/atom.xml", "https://fr")] {
        let (_, shown, _) = site.run(&["render", path, "--site", "site"]);
        assert!(shown.contains(&format!("<link href=\"{home}.example.com/\" rel=\"alternate\"")), "{shown}");
    }
}

#[test]
fn a_cascade_of_the_site_reaches_the_folders_of_languages() {
    let cascade = "[[cascade]]\ndraft = true\n[cascade.target]\npath = '/posts/**'\n";
    let folders = "[languages.en]\ncontentDir = 'content/en'\n[languages.fr]\ncontentDir = 'content/fr'\n";
    let paths = ["content/en/posts/a.md", "content/fr/posts/b.md", "content/en/c.md"];
    assert_eq!(urls(&format!("{cascade}{folders}"), &paths), ["c/"]);
}
