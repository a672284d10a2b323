//! Folders without a configuration file: SITE in every command, any layout of posts, and what is not a site.

use std::os::unix::fs::symlink;

use crate::common::TestSite;

pub(crate) const POST: &str = "---\ntitle: Hello\ndate: 2024-01-02\ntags: [rust]\n---\nText.\n";

fn write_blog() -> TestSite {
    let site = TestSite::new();
    site.write("blog/_config.yml", "title: A blog\nurl: https://blog.example\n");
    site.write("blog/_posts/2024-01-02-hello.md", POST);
    site
}

#[test]
fn every_command_takes_a_site() {
    let site = write_blog();
    site.write(
        "old.xml",
        "<rss version='2.0'><channel><item><guid>x</guid><title>Hello</title></item></channel></rss>",
    );
    for (args, expected) in [
        (&["check", "blog"][..], "0 errors, 0 warnings"),
        (&["list", "blog"], "/tags/rust/atom.xml"),
        (&["render", "/atom.xml", "--site", "blog"], "<title>Hello</title>"),
        (&["export", "out", "--site", "blog"], "files written"),
        (&["explain", "blog/_posts/2024-01-02-hello.md", "--site", "blog"], "is an entry"),
        (&["init", "blog"], "title = \"A blog\""),
    ] {
        let (status, shown, errors) = site.run(args);
        assert_eq!(status, 0, "{args:?}: {errors}");
        assert!(shown.contains(expected), "{args:?}: {shown}");
    }
    let (status, shown, _) = site.run(&["compare", "old.xml", "--site", "blog"]);
    assert_eq!(status, 1, "{shown}");
}

#[test]
fn without_a_site_and_a_configuration_the_current_folder_is_used() {
    let site = TestSite::new();
    site.write("notes.md", POST);
    let (status, shown, errors) = site.run(&["list"]);
    assert_eq!((status, shown.contains("/tags/rust/atom.xml")), (0, true), "{errors}");
    assert!(errors.contains("no configuration file: using the current folder"), "{errors}");
    let server = site.start(&["serve", "-p", "0"]);
    server.wait_for("/tags/rust/atom.xml", |response| response.status == 200);
}

#[test]
fn options_say_what_a_configuration_file_would() {
    let site = write_blog();
    site.write("blog/_drafts/soon.md", "---\ntitle: Soon\ndate: 2024-01-03\n---\nText.\n");
    let options = ["--title", "Mine", "--site-url", "https://mine.example", "--drafts"];
    let args = [&["render", "/atom.xml", "--site", "blog"][..], &options].concat();
    let (status, feed, errors) = site.run(&args);
    assert_eq!(status, 0, "{errors}");
    for expected in
        ["<title>Mine</title>", "https://mine.example/2024/01/02/hello.html", "<title>Soon</title>"]
    {
        assert!(feed.contains(expected), "{expected} in {feed}");
    }
    let (_, shown, _) = site.run(&["list", "blog", "--dialect", "plain", "-q"]);
    assert!(shown.contains("/atom.xml"), "{shown}");
}

#[test]
fn what_cannot_be_used_is_one_error_with_status_2() {
    let site = write_blog();
    site.write("file.md", POST);
    site.write("two/a/hugo.toml", "baseURL = 'https://a.example'\n");
    site.write("two/a/content/x.md", POST);
    site.write("two/deep/b/_config.yml", "title: B\n");
    site.write("two/deep/b/_drafts/secret.md", POST);
    site.write("two/deep/b/_posts/2024-01-02-x.md", POST);
    site.write("feedmill.toml", "[site]\ntitle = \"x\"\n[[source]]\npath = \"blog\"\n");
    site.create_folder("empty");
    for (args, expected) in [
        (
            &["serve", "nope"][..],
            "error: nope cannot be read. Name a folder of posts: No such file or directory",
        ),
        (&["check", "file.md"], "error: file.md is a file, not a folder. Name the folder that contains it."),
        (&["list", "empty"], "error: empty holds no posts"),
        (&["serve", "two"], "error: two contains several sites:\n  two/a (hugo)\n  two/deep/b (jekyll)\n"),
        (&["serve", "blog", "--config", "feedmill.toml"], "error: a folder and --config exclude each other."),
        (&["list", "--title", "x"], "error: --title is for a folder without a configuration file"),
        (&["list", "--config", "nowhere.toml"], "nowhere.toml: error: the configuration cannot be read"),
        (&["list", "--dialect", "gatsby", "blog"], "error: invalid value 'gatsby' for '--dialect <DIALECT>'"),
        (&["serve", "blog", "--listen", "nowhere"], "write host:port, :8080,"),
    ] {
        let (status, shown, errors) = site.run(args);
        assert_eq!((status, shown.as_str()), (2, ""), "{args:?}: {errors}");
        assert!(errors.contains(expected), "{args:?}: {errors}");
    }
}

#[test]
fn a_source_without_posts_is_a_warning_with_the_reason() {
    let site = TestSite::new();
    site.write("blog/hello.md", POST);
    for args in [
        &["list", "blog"][..],
        &["render", "/atom.xml", "--site", "blog"],
        &["export", "out", "--site", "blog"],
    ] {
        let (status, _, errors) = site.run(&[args, &["--dialect", "jekyll"]].concat());
        assert_eq!(status, 0, "{errors}");
        assert!(errors.contains("there is no post in "), "{args:?}: {errors}");
        assert!(
            errors.contains("A post of jekyll is a file in `_posts` named YYYY-MM-DD-slug.md."),
            "{errors}"
        );
    }
    let (_, shown, _) = site.run(&["check", "blog", "--dialect", "jekyll"]);
    assert!(shown.starts_with("blog/: warning: source blog: there is no post in "), "{shown}");
}

#[test]
fn sites_at_any_depth_below_a_plain_folder_are_left_out() {
    let site = TestSite::new();
    site.write("home/note.md", "# Note\n");
    site.write("home/a/b/c/d/blog/_config.yml", "title: B\n");
    site.write("home/a/b/c/d/blog/_posts/2025-01-01-post.md", "---\ntitle: Post\n---\n");
    site.write("home/a/b/c/d/blog/_drafts/draft.md", "---\ntitle: Draft\ndate: 2025-01-01\n---\n");
    let (status, feed, errors) = site.run(&["render", "/feed.json", "--site", "home"]);
    assert_eq!((status, feed.matches("\"title\"").count()), (0, 2), "the feed and the note: {feed}");
    assert!(errors.contains("home/a/b/c/d/blog is a site of its own (jekyll)"), "{errors}");
}

/// A pipe or a device in place of the configuration is a problem, and ids and URLs stay those of the generator.
#[test]
fn a_site_whose_configuration_cannot_be_read_keeps_its_dialect() {
    for (name, dialect) in [("hugo.toml", "hugo"), ("config.toml", "zola"), (".eleventy.js", "eleventy")] {
        let site = TestSite::new();
        site.write("site/content/a.md", POST);
        symlink("/dev/zero", site.path("site").join(name)).expect("the link can be created");
        let (_, shown, _) = site.run(&["check", "site"]);
        assert!(
            shown.contains(&format!("site/{name}:1:1: error: the site's configuration cannot be read")),
            "{shown}"
        );
        let (_, shown, _) = site.run(&["init", "site"]);
        assert!(
            shown.contains(&format!("# {dialect}")) || shown.contains(&format!("\"{dialect}\"")),
            "{shown}"
        );
    }
}

#[test]
fn html_without_front_matter_in_a_site_of_hugo_is_not_a_post() {
    let site = TestSite::new();
    site.write("site/hugo.toml", "baseURL = 'https://e.org/'\n");
    site.write("site/content/a.md", POST);
    site.write("site/content/raw.html", "<p>Raw</p>\n");
    let (_, shown, _) = site.run(&["explain", "site/content/raw.html"]);
    assert!(shown.contains("it is kept out of feeds by the rule that a post has front matter"), "{shown}");
    let (_, shown, _) = site.run(&["check", "site"]);
    assert!(shown.contains("Not published: 1 without front matter."), "{shown}");
}

#[test]
fn explain_uses_the_site_of_the_file() {
    let site = TestSite::new();
    site.write("vault/.obsidian/daily-notes.json", "{\"folder\": \"Daily\"}");
    site.write("vault/Daily/2025-02-02.md", "Diary\n");
    site.write("vault/People/Bob.md", "Bob\n");
    let (status, shown, _) = site.run(&["explain", "vault/Daily/2025-02-02.md"]);
    assert!(status == 1 && shown.contains("the site's own configuration excludes it"), "{shown}");
    let (status, shown, _) = site.run(&["explain", "vault/People/Bob.md"]);
    assert!(status == 0 && shown.contains("/entries/vault/People/Bob/"), "{shown}");
}

#[test]
fn explain_says_where_each_part_of_an_entry_comes_from() {
    let site = write_blog();
    let (status, shown, _) = site.run(&["explain", "blog/_posts/2024-01-02-hello.md"]);
    assert_eq!(status, 0);
    assert_eq!(
        shown,
        "blog/_posts/2024-01-02-hello.md is an entry of the source \"blog\" (jekyll).\n\
         \x20 title      Hello\n\
         \x20              from `title` in line 2\n\
         \x20 link       https://blog.example/2024/01/02/hello.html\n\
         \x20              from `date` in line 3, the file name\n\
         \x20 id         https://blog.example/2024/01/02/hello\n\
         \x20              from `date` in line 3, the file name\n\
         \x20 published  2024-01-02T00:00:00Z\n\
         \x20              from `date` in line 3\n\
         \x20 tags       rust\n\
         \x20              from `tags` in line 4\n\
         In these feeds:\n\
         \x20 /atom.xml  (number 1 of 1)\n\
         \x20 /tags/rust/atom.xml  (number 1 of 1)\n"
    );
}

#[test]
fn explain_knows_a_title_from_a_heading_that_equals_the_file_name() {
    let site = TestSite::new();
    site.write("notes/Ideas/Good idea.md", "# Good idea\n\nText.\n");
    let (status, shown, _) = site.run(&["explain", "notes/Ideas/Good idea.md"]);
    assert_eq!(status, 0, "{shown}");
    assert!(shown.contains("title      Good idea\n               from the body\n"), "{shown}");
}

#[test]
fn explain_names_the_rule_by_which_a_file_is_not_an_entry() {
    let site = write_blog();
    site.write("blog/.feedmillignore", "*ignored*\n");
    for (file, text, expected) in [
        (
            "blog/_posts/2024-01-03-d.md",
            "---\npublished: false\n---\n",
            "kept out of feeds by `published` in line 2",
        ),
        ("blog/_posts/2999-01-03-d.md", "---\ntitle: x\n---\n", "not an entry yet: it appears at 2999-01-03"),
        ("blog/_posts/undated.md", POST, "a post of jekyll is a file in `_posts` named YYYY-MM-DD-slug.md"),
        ("blog/_posts/2024-01-03-ignored.md", POST, "`.feedmillignore` matches it"),
        ("blog/_posts/.hidden.md", POST, "hidden files and temporary files of editors are not posts"),
        (
            "blog/_posts/2024-01-03-bad.md",
            "---\ntitle: [\n---\n",
            "2024-01-03-bad.md:3:1: error: the front matter",
        ),
        ("elsewhere/x.md", POST, "it is in no source. Posts are read from"),
    ] {
        site.write(file, text);
        let (status, shown, errors) = site.run(&["explain", file, "--site", "blog"]);
        assert_eq!(status, 1, "{file}: {shown}{errors}");
        assert!(shown.contains(expected), "{file}: {shown}{errors}");
    }
    let (status, _, errors) = site.run(&["explain", "blog/none.md"]);
    assert_eq!(status, 2);
    assert!(errors.starts_with("error: blog/none.md cannot be read"), "{errors}");
}

#[test]
fn explain_names_the_folders_of_pages_that_the_site_names() {
    let site = TestSite::new();
    let write = |folders: &str| {
        site.write("hugo.toml", &format!("baseURL = \"https://x.example/\"\n{folders}"));
        site.run(&["explain", "content/misc/x.md"]).1
    };
    for file in ["content/en/a.md", "content/fr/a.md", "content/misc/x.md"] {
        site.write(file, POST);
    }
    let shown =
        write("[languages.en]\ncontentDir = \"content/en\"\n[languages.fr]\ncontentDir = \"content/fr\"\n");
    assert!(shown.contains("a page below `content/en` or `content/fr`, with a date"), "{shown}");
    let shown = write("");
    assert!(shown.contains("content/misc/x.md is an entry"), "{shown}");
}

#[test]
fn html_without_front_matter_is_read_as_a_browser_and_a_web_server_do() {
    let site = TestSite::new();
    site.write(
        "pages/sub/page.html",
        "<!doctype html><html lang=fr><head><title>Une page</title><meta name=date content=2024-03-01>\
         <meta name=keywords content='rust, web'></head><body><nav>Menu</nav>\
         <article><p>Texte <img src=a.png></p></article></body></html>",
    );
    site.write("pages/sub/index.html", "<h1>Index</h1><p>x</p>");
    site.write("pages/setext.md", "A heading\n=========\n\nText.\n");
    let (_, feed, errors) =
        site.run(&["render", "/feed.json", "--site", "pages", "--site-url", "https://x.example"]);
    let feed: serde_json::Value = serde_json::from_str(&feed).expect(&errors);
    let items = feed["items"].as_array().expect("the feed has items");
    let find = |title: &str| {
        items.iter().find(|item| item["title"] == title).unwrap_or_else(|| panic!("{title}: {feed}"))
    };
    let page = find("Une page");
    assert_eq!(page["url"], "https://x.example/sub/page.html");
    assert_eq!(page["date_published"], "2024-03-01T00:00:00+00:00");
    assert_eq!((&page["language"], &page["tags"]), (&"fr".into(), &serde_json::json!(["rust", "web"])));
    assert_eq!(page["content_html"], "<p>Texte <img src=\"https://x.example/sub/a.png\"></p>");
    assert_eq!(find("Index")["url"], "https://x.example/sub/");
    find("A heading");
}

#[test]
fn a_relative_reference_in_a_plain_folder_means_the_file_next_to_the_post() {
    let site = TestSite::new();
    site.write("notes/sub/a.md", "# A\n\n![x](img.png) [b](b.md#part) [up](../c.md) [here](#top)\n");
    site.write("notes/sub/b.md", "# B\n");
    site.write("notes/c.md", "---\nslug: third\n---\n# C\n");
    site.write_bytes("notes/sub/img.png", b"\x89PNG");
    let (_, feed, errors) =
        site.run(&["render", "/feed.json", "--site", "notes", "--site-url", "https://x.example"]);
    let feed: serde_json::Value = serde_json::from_str(&feed).expect(&errors);
    let items = feed["items"].as_array().expect("the feed has items");
    let item = items.iter().find(|item| item["title"] == "A").expect("the post is an entry");
    assert_eq!(
        item["content_html"],
        "<p><img src=\"https://x.example/sub/img.png\" alt=\"x\"> \
         <a href=\"https://x.example/sub/b/#part\">b</a> <a href=\"https://x.example/third/\">up</a> \
         <a href=\"https://x.example/sub/a/#top\">here</a></p>"
    );
    let (status, shown, _) = site.run(&["check", "notes", "--site-url", "https://x.example"]);
    assert_eq!(status, 0, "{shown}");
    assert!(shown.starts_with("0 errors, 0 warnings"), "{shown}");
}
