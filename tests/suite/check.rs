//! `feedmill check`: every problem with its place, and an exit status that a job can go by.

use crate::common::{TestSite, parse_json};

fn site() -> TestSite {
    let site = TestSite::plain("");
    site.write("posts/bad-date.md", "---\ntitle: Bad\ndate: 2024-13-02\n---\nText.\n");
    site.write("posts/broken.md", "---\ntitle: [\n---\n");
    let text = "---\ntitle: Pictures\ndate: 2024-01-02\n---\n\
                ![there](there.png) ![gone](img/gone%20one.png)\n\
                [a page](other/) [elsewhere](https://example.com/x.zip) [a file](files/gone.zip)\n";
    site.write("posts/pictures.md", text);
    site.write("posts/there.png", "PNG");
    site.write("posts/twice.md", "---\ntitle: Pictures\nslug: pictures\ndate: 2024-01-03\n---\nText.\n");
    site.write("posts/untitled.md", "---\ntitle: ''\ndate: 2024-01-03\nenclosure: /gone.mp3\n---\nText.\n");
    site
}

#[test]
fn every_problem_is_reported_with_its_line_and_how_to_fix_it() {
    let (status, shown, errors) = site().run(&["check"]);
    assert_eq!((status, errors.as_str()), (1, ""));
    insta::assert_snapshot!(shown);
    let again = site().run(&["check"]).1;
    assert_eq!(again, shown, "the order is always the same");
}

#[test]
fn programs_get_the_same_as_json() {
    let (status, shown, _) = site().run(&["check", "--format", "json"]);
    let problems = parse_json(&shown);
    let problems = problems.as_array().expect("a JSON array");
    assert_eq!(status, 1);
    let date =
        problems.iter().find(|p| p["file"] == "posts/bad-date.md").expect("a problem of posts/bad-date.md");
    assert_eq!((&date["line"], &date["column"], &date["severity"]), (&3.into(), &7.into(), &"error".into()));
    assert!(date["message"].as_str().is_some_and(|message| message.contains("no such month")));
}

#[test]
fn a_warning_is_an_error_only_where_that_is_asked_for() {
    let site = TestSite::of_two();
    let (status, shown, _) = site.run(&["check", "--strict"]);
    assert_eq!((status, shown.as_str()), (0, "0 errors, 0 warnings in 0 files; 2 posts can be served.\n"));
    site.write("posts/x.md", "---\ntitle: X\ndate: 2024-01-01\n---\n![gone](gone.png)\n");
    assert_eq!((site.run(&["check"]).0, site.run(&["check", "--strict"]).0), (0, 1));
}

#[test]
fn a_folder_that_is_missing_is_a_problem_and_the_others_are_checked() {
    let site = TestSite::plain("[[source]]\nname = \"later\"\npath = \"later\"\n");
    site.write("posts/broken.md", "---\ntitle: [\n---\n");
    let (status, shown, errors) = site.run(&["check"]);
    assert_eq!((status, errors.as_str()), (1, ""));
    assert!(shown.contains("there is no folder later") && shown.contains("posts/broken.md:3:1"), "{shown}");
    assert!(!shown.contains("there is no post in"), "that it is missing is said once: {shown}");
    site.write("feedmill.toml", "[site]\ntitel = \"x\"\n");
    let (status, shown, errors) = site.run(&["check"]);
    assert!(status == 2 && shown.is_empty() && errors.contains("Did you mean `title`?"), "{errors}");
}

#[test]
fn terms_that_differ_only_in_spelling_are_reported_once_each() {
    let site = TestSite::plain("");
    let post = |name: &str, tags: &str| {
        site.write(
            &format!("posts/{name}.md"),
            &format!("---\ntitle: Of tags\ndate: 2024-01-01\ntags: {tags}\n---\n"),
        );
    };
    post("a", "[Rust, self-hosted, c++, tags]");
    post("b", "[rust, selfhosted, 'c#']");
    post("c", "[Rust, 'Self Hosted', c]");
    post("d", "[rust, café]");
    post("e", "[Rust, cafe]");
    let (status, shown, _) = site.run(&["check"]);
    let lines: Vec<&str> = shown.lines().filter(|line| line.starts_with("posts/")).collect();
    assert_eq!(
        lines,
        [
            "posts/b.md:4:8: warning: under tags \"rust\" is written here and in 1 more, and \"Rust\" in 3 posts: \
             one feed holds both. Write one of the two everywhere.",
            "posts/b.md:4:14: warning: under tags \"selfhosted\" is written, and \"Self Hosted\" in another post: \
             each has a feed of its own. Write one of the two everywhere.",
            "posts/d.md:4:14: warning: under tags \"café\" is written, and \"cafe\" in another post: \
             each has a feed of its own. Write one of the two everywhere.",
        ]
    );
    assert_eq!(status, 0);
}

#[test]
fn nothing_in_a_post_steers_the_terminal() {
    let site = TestSite::plain("");
    site.write(
        "posts/x.md",
        "---\ntitle: X\ndate: 2024-01-01\ntags: [\"t\\u001b[2Jz\\u202ex\"]\n---\n![\x1b pwn\x07](gone.png)\n",
    );
    for args in [&["check"][..], &["check", "--format", "github"], &["list"]] {
        let (_, shown, errors) = site.run(args);
        assert!(!shown.contains(['\x1b', '\x07', '\u{202e}']), "{args:?}: {shown:?}");
        assert!(!errors.contains('\x1b'), "{args:?}: {errors:?}");
        assert!(shown.contains("\\u{1b}") || args.len() > 1, "{args:?}: {shown:?}");
    }
}

#[test]
fn settings_without_effect_are_reported() {
    let site = TestSite::plain(
        "[[feed]]\nname = \"rust\"\nselect = { tags = [\"rust\"] }\n[[feed]]\nname = \"rots\"\n\
         select = { tags = [\"rots\"] }\n[paths]\naliases = { \"/a.xml\" = \"/atom.xml\", \"/b.xml\" = \"/nope.xml\", \
         \"/c\" = \"/tags/rust/\" }\n[taxonomies]\ntags = { title = \"{site}: {trm}\" }\n",
    );
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    let (status, shown, _) = site.run(&["check"]);
    let reported: Vec<&str> = shown.lines().filter(|line| line.starts_with("feedmill.toml:")).collect();
    assert_eq!(
        reported,
        [
            "feedmill.toml:12:8: warning: the feed \"rots\" has no post. No post has \"rots\" among its tags. Did you mean \"rust\"?",
            "feedmill.toml:15:37: warning: the alias \"/b.xml\" leads to \"/nope.xml\", where there is no feed. Write a path that `feedmill list` shows.",
            "feedmill.toml:17:18: warning: taxonomies.tags.title contains an unknown placeholder {trm}. Known here: {site}, {term}.",
        ]
    );
    assert_eq!(status, 0);
}

#[test]
fn a_problem_is_where_the_post_says_it() {
    let site = TestSite::plain("");
    site.post("a.md", "A", "2024-01-01", &[]);
    site.write(
        "posts/b.md",
        "---\ntitle: Tech talk\ndate: 2024-01-01\ncategory: Tech\ntagline: my Rust thing\ntags: [Rust]\n---\n\n\
         gone.png is nice, see [this](gone.png).\n",
    );
    site.write("posts/c.md", "---\ntitle: C\ndate: 2024-01-01\ncategories: [tech]\ntags: [rust]\n---\n");
    site.write("posts/d.md", "---\ntitle: D\ndate: 2024-01-01\ncategories: [tech]\ntags: [rust]\n---\n");
    let (_, shown, _) = site.run(&["check"]);
    let places: Vec<&str> =
        shown.lines().filter_map(|line| line.split_once(": warning").map(|(place, _)| place)).collect();
    assert_eq!(places, ["posts/b.md:4:11", "posts/b.md:6:8", "posts/b.md:9:30"], "{shown}");
}

/// A site below a base path publishes its files there: a path from the root of the host leads to nothing.
#[test]
fn a_file_that_is_not_below_the_base_path_is_reported() {
    let site = TestSite::new();
    site.write("site/_config.yml", "title: T\nurl: https://example.org\nbaseurl: /blog\n");
    site.write("site/assets/a.png", "");
    site.write("site/_posts/logo.png", "");
    site.write(
        "site/_posts/2024-01-01-a.md",
        "---\ntitle: A\n---\n![a](/assets/a.png) ![b](/blog/assets/a.png) ![c]({{ \"/assets/a.png\" | relative_url }}) [x](/other/)\n\
         ![e](/othersite/logo.png)\n",
    );
    let (_, shown, _) = site.run(&["check", "site"]);
    assert!(
        shown.starts_with("site/_posts/2024-01-01-a.md:4:7: warning: /assets/a.png is not below"),
        "{shown}"
    );
    assert!(shown.contains("Write /blog/assets/a.png, or") && !shown.contains("othersite"), "{shown}");
}

#[test]
fn posts_in_other_languages_are_counted_without_those_in_the_default_language() {
    let site = TestSite::new();
    site.write(
        "site/hugo.toml",
        "baseURL = 'https://e.org/'\n[languages.en]\nweight = 1\n[languages.fr]\nweight = 2\n",
    );
    for name in ["a.md", "b.md", "a.fr.md"] {
        site.write(&format!("site/content/{name}"), "---\ntitle: A\ndate: 2024-01-01\n---\n");
    }
    let (_, shown, _) = site.run(&["check", "site"]);
    assert!(shown.contains("; 3 posts (2 in the main feed, 1 in /languages/fr/) can be served."), "{shown}");
}

#[test]
fn feeds_that_are_too_large_for_the_cache_are_reported() {
    let site = TestSite::plain("[server]\ncache = \"1 MiB\"\n");
    for name in ["a", "b"] {
        let body = "A sentence of prose.\n".repeat(15_000);
        site.write(
            &format!("posts/{name}.md"),
            &format!("---\ntitle: {name}\ndate: 2024-01-01\n---\n{body}"),
        );
    }
    let (_, shown, _) = site.run(&["check"]);
    let said = "warning: the feed /atom.xml has about 1 MiB and is not cached: server.cache keeps documents of up to half";
    assert!(shown.contains(said), "{shown}");
    site.post("a.md", "A", "2024-01-01", &[]);
    let (_, shown, _) = site.run(&["check"]);
    assert!(!shown.contains("is not cached"), "{shown}");
}

/// Without a website, a reference to a file that does not exist is removed from the entry.
#[test]
fn a_removed_link_of_a_folder_without_a_website_is_reported() {
    let site = TestSite::new();
    site.write("notes/sub/there.md", "There\n");
    site.write(
        "notes/a.md",
        "---\ndate: 2024-01-01\nimage: /abs.png\n---\n[gone](missing.md) [b](sub/there.md) [c](sub/) [d](nodir/) [e](#x)\n",
    );
    let (_, shown, _) = site.run(&["check", "notes"]);
    let problems: Vec<&str> =
        shown.lines().filter(|line| line.contains("is linked to and does not exist")).collect();
    assert_eq!(problems.len(), 4, "three, and their summary: {shown}");
    for start in [
        "notes/a.md:3:9: warning: \"abs.png\"",
        "notes/a.md:5:8: warning: \"missing.md\"",
        "notes/a.md:5:52: warning: \"nodir\"",
    ] {
        assert!(problems.iter().any(|line| line.starts_with(start)), "{start}: {shown}");
    }
}

#[test]
fn a_link_to_a_missing_page_is_reported() {
    let site = TestSite::plain("");
    site.write("posts/about.html", "---\ntitle: About\ndate: 2024-01-01\npublish: false\n---\n");
    site.write(
        "posts/a.md",
        "---\ntitle: A\ndate: 2024-01-01\nslug: a.html\n---\n[gone](nope.html) [there](about.html) [itself](a.html/)\n\
         [elsewhere](https://example.org/blog/other/app.html)\n",
    );
    let (_, shown, _) = site.run(&["check"]);
    let reported: Vec<&str> = shown.lines().filter(|line| line.contains("is linked to")).collect();
    assert_eq!(reported.len(), 1, "{shown}");
    assert!(
        reported[0].starts_with("posts/a.md:6:8: warning: ") && reported[0].contains("nope.html"),
        "{shown}"
    );
}

#[test]
fn a_shared_id_or_url_is_reported_at_the_key_that_makes_it() {
    let site = TestSite::new();
    let post = |title: &str, day: u8, key: &str| {
        format!("---\ntitle: {title}\ndate: 2024-01-0{day}\n{key}\n---\nText.\n")
    };
    site.write("hugo/hugo.toml", "baseURL = 'https://example.org/'\n[permalinks]\nz = '/:filename/'\n");
    site.write("hugo/content/a.md", &post("A", 1, ""));
    site.write("hugo/content/b.md", &post("B", 2, "slug: a"));
    site.write("hugo/content/c.md", &post("C", 3, "url: /a/"));
    // The name of the file makes it.
    site.write("hugo/content/z/a.md", &post("D", 4, "weight: 1"));
    site.write("plain/e.md", &post("E", 1, "guid: same"));
    site.write("plain/f.md", &post("F", 2, "guid: same"));
    for (folder, places) in [("hugo", &["b.md:4:7", "c.md:4:6", "z/a.md:1:1"][..]), ("plain", &["f.md:4:7"])]
    {
        let (_, shown, _) = site.run(&["check", folder]);
        let found = shown.lines().filter(|line| line.contains("is also used by"));
        let found: Vec<&str> = found.filter(|line| line.contains(".md:")).collect();
        assert_eq!(found.len(), places.len(), "{shown}");
        for (line, place) in found.into_iter().zip(places) {
            assert!(line.contains(&format!("{place}: warning: the id ")), "{shown}");
        }
    }
}
