//! Which generator's site a folder is, and what the starters of the generators are served as.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use feedmill::catalog::Selection;
use feedmill::config::{Config, Source};
use feedmill::watch::read_once;

use crate::common::{TestSite, copy_folder, fixture};

/// A site as it is found, and the ids of its posts, newest first.
struct Site {
    dialect: &'static str,
    why: String,
    ids: Vec<String>,
}

fn find(path: PathBuf) -> Site {
    let config = Config { sources: vec![Source { path, ..Source::default() }], ..Config::default() };
    let now: DateTime<Utc> = "2030-01-01T00:00:00Z".parse().expect("a time");
    let (snapshot, discovery) = read_once(&config, now).expect("the sources can be read");
    let posts = snapshot.select(&Selection::default(), 100);
    let found = discovery.sources()[0];
    Site {
        dialect: found.dialect.name(),
        why: found.why.clone(),
        ids: posts.iter().map(|post| post.id.to_string()).collect(),
    }
}

#[test]
fn the_starter_of_every_generator_is_served_and_checked_without_a_problem() {
    for (name, dialect, ids) in [
        ("jekyll", "jekyll", &["http://localhost/jekyll/update/2024/01/02/welcome"][..]),
        ("hugo", "hugo", &["https://blog.example/posts/my-first-post/"]),
        ("zola", "zola", &["https://blog.example/blog/first/"]),
        ("hexo", "hexo", &["https://blog.example/2024/05/06/hello/"]),
        ("eleventy", "eleventy", &["https://blog.example/blog/second/", "https://blog.example/blog/first/"]),
        ("obsidian", "obsidian", &["urn:uuid:", "urn:uuid:"]),
    ] {
        let site = TestSite::new();
        copy_folder(&fixture(&format!("starters/{name}")), &site.path("site"));
        if dialect == "hexo" {
            // Its post has no date: that of the file counts.
            let file = std::fs::File::options().append(true).open(site.path("site/source/_posts/hello.md"));
            let time: DateTime<Utc> = "2024-05-06T07:08:09Z".parse().expect("a time");
            file.and_then(|file| file.set_modified(time.into())).expect("the file exists");
        }
        let found = find(site.path("site"));
        assert_eq!(found.dialect, dialect, "{name}: {}", found.why);
        assert_eq!(found.ids.len(), ids.len(), "{name}: {:?}", found.ids);
        assert!(found.ids.iter().zip(ids).all(|(ours, id)| ours.starts_with(id)), "{name}: {:?}", found.ids);
        site.write("feedmill.toml", "[site]\ntitle = \"x\"\n[[source]]\npath = \"site\"\n");
        let (status, shown, errors) = site.run(&["check", "--strict"]);
        assert_eq!((status, errors.as_str()), (0, ""), "{name}: {shown}");
        assert!(shown.starts_with("0 errors, 0 warnings"), "{name}: {shown}");
    }
}

#[test]
fn a_generators_configuration_is_a_stronger_sign_than_the_name_of_a_folder() {
    let site = TestSite::new();
    let post = "---\ntitle: x\ntags: posts\n---\nText.\n";
    site.write("_posts/2024-01-02-x.md", post);
    assert_eq!(find(site.path("")).dialect, "jekyll");
    site.write(".eleventy.js", "module.exports = function () {};\n");
    assert_eq!(find(site.path("")).dialect, "eleventy");
    assert_eq!(find(site.path("_posts")).dialect, "eleventy");
    site.remove(".eleventy.js");
    site.write(".obsidian/app.json", "{}");
    assert_eq!(find(site.path("_posts")).dialect, "obsidian");
    site.write("_config.yml", "title: x\n");
    assert_eq!(find(site.path("_posts")).dialect, "jekyll");
}

#[test]
fn drafts_alone_make_no_plain_folder_of_a_jekyll_site() {
    let site = TestSite::new();
    site.write("_drafts/x.md", "---\ntitle: x\n---\nText.\n");
    site.write("index.html", "---\n---\nText.\n");
    assert_eq!(find(site.path("")).dialect, "plain");
    site.write("_config.yml", "title: x\n");
    let found = find(site.path(""));
    assert_eq!((found.dialect, found.ids), ("jekyll", Vec::new()));
    assert_eq!(found.why, "there are _config.yml and _drafts");
}

#[test]
fn the_site_of_a_folder_without_posts_of_its_own_is_found_one_level_below() {
    let site = TestSite::new();
    site.write("README.md", "# A project\n");
    site.write("LOCAL_MEMO.md", "How to build it\n");
    site.write("templates/page.html", "{{ page.content }}\n");
    site.write("blog/config.toml", "base_url = \"https://blog.example\"\n");
    site.write("blog/content/a.md", "+++\ntitle = \"A\"\ndate = 2024-01-02\n+++\nText.\n");
    let found = find(site.path(""));
    assert_eq!((found.dialect, found.ids), ("zola", vec!["https://blog.example/a/".to_owned()]));
    assert!(found.why.starts_with("in its folder blog, "), "{}", found.why);
    // With several, the others are named.
    site.write("www/hugo.toml", "baseURL = \"https://www.example/\"\n");
    site.write("www/content/b.md", "---\ntitle: B\ndate: 2024-01-02\n---\nText.\n");
    assert!(find(site.path("")).why.ends_with("(not taken: www)"));
    // A folder of notes stays one, whatever lies below it.
    site.write("note.md", "# A note\n");
    assert_eq!(find(site.path("")).dialect, "plain");
}

#[test]
fn a_theme_is_no_site_where_its_example_is_one() {
    let site = TestSite::new();
    site.write("hugo.toml", "[module]\n");
    site.write("exampleSite/hugo.toml", "baseURL = \"https://blog.example/\"\n");
    site.write("exampleSite/content/a.md", "---\ntitle: A\ndate: 2024-01-02\n---\nText.\n");
    assert_eq!(find(site.path("")).ids, ["https://blog.example/a/"]);
}

#[test]
fn a_jekyll_site_without_a_url_is_at_the_domain_of_its_cname() {
    let site = TestSite::new();
    site.write("_posts/2024-01-02-x.md", "---\ntitle: x\n---\nText.\n");
    site.write("CNAME", "blog.example\n");
    for (config, id) in [
        ("title: x\n", "https://blog.example/2024/01/02/x"),
        ("url: \"\"\nbaseurl: /b\n", "https://blog.example/b/2024/01/02/x"),
        ("url: http://other.example\n", "http://other.example/2024/01/02/x"),
    ] {
        site.write("_config.yml", config);
        assert_eq!(find(site.path("")).ids, [id], "{config}");
    }
    site.write("CNAME", "not a domain\n");
    site.write("_config.yml", "title: x\n");
    assert_eq!(find(site.path("")).ids, ["http://localhost/2024/01/02/x"]);
}

#[test]
fn the_log_names_the_folders_of_a_vault_that_hold_no_posts() {
    let found = find(fixture("starters/obsidian"));
    assert_eq!(found.why, "there is .obsidian; not posts, by its own settings: Templates, Daily");
}

/// GitHub publishes the repository `ada.github.io` at that domain; `jekyll-github-metadata` fills in the URL.
#[test]
fn a_site_without_a_url_has_that_of_the_repository_it_is_named_after() {
    for (config, url) in [
        ("url: \"\"\n", "https://ada.github.io/2024/01/01/one.html"),
        ("baseurl: /blog\n", "https://ada.github.io/blog/2024/01/01/one.html"),
        ("url: https://x.example\n", "https://x.example/2024/01/01/one.html"),
    ] {
        let site = TestSite::new();
        site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"ada.github.io\"\n");
        site.write("ada.github.io/_config.yml", config);
        site.write("ada.github.io/_posts/2024-01-01-one.md", "---\ntitle: One\n---\nText.\n");
        let (_, atom, errors) = site.run(&["render", "/atom.xml"]);
        assert!(atom.contains(&format!("\"{url}\"")), "{config}: {atom}{errors}");
    }
}
