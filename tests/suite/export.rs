//! `feedmill export`: the same bytes as are served, and nothing outside of its folder.

use std::fs;

use crate::common::{TestSite, parse_json};

#[test]
fn files_are_what_is_served_and_a_second_run_touches_what_changed() {
    let site = TestSite::plain("[server]\npublic_url = \"https://feeds.example.org\"\n");
    site.post("one.md", "One", "2024-01-01", &["C++", "a/b", "..", "c#"]);
    site.post("two.md", "Two", "2024-01-02", &["Rust"]);
    let (status, shown, errors) = site.run(&["export", "out", "--gzip", "--br"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    assert_eq!(shown, "99 files written, 0 unchanged, 0 removed.\n");
    let server = site.serve();
    for (file, address) in [
        ("atom.xml", "/atom.xml"),
        ("opml.xml", "/opml.xml"),
        ("tags/c++/rss.xml", "/tags/c++/rss.xml"),
        ("tags/c#/feed.json", "/tags/c%23/feed.json"),
        ("tags/a/b/atom.xml", "/tags/a/b/atom.xml"),
        ("tags/~../atom.xml", "/tags/~../atom.xml"),
        ("index.html", "/"),
        ("tags/index.html", "/tags/"),
        ("tags/c#/index.html", "/tags/c%23/"),
        ("entries/posts/one/index.html", "/entries/posts/one/"),
    ] {
        let file = site.path("out").join(file);
        assert_eq!(fs::read(&file).ok(), Some(server.get(address).body), "{address}");
        for (ending, coding) in [(".gz", "gzip"), (".br", "br")] {
            let twin = fs::read(file.with_extension(format!(
                "{}{ending}",
                file.extension().expect("an exported file has an extension").display()
            )));
            let served = server.ask("GET", address, &[("Accept-Encoding", coding)]);
            assert_eq!(twin.ok(), Some(served.body), "{address} {coding}");
        }
    }
    let stamp = |file: &str| fs::metadata(site.path("out").join(file)).and_then(|file| file.modified()).ok();
    let (rust, main) = (stamp("tags/rust/atom.xml"), stamp("atom.xml"));
    site.write("out/own.txt", "the owner's");
    site.post("one.md", "Uno", "2024-01-01", &["C++"]);
    let (status, shown, _) = site.run(&["export", "out"]);
    assert_eq!((status, shown.as_str()), (0, "11 files written, 10 unchanged, 78 removed.\n"));
    assert!(stamp("tags/rust/atom.xml") == rust && stamp("atom.xml") != main);
    assert!(site.path("out/own.txt").exists() && !site.path("out/tags/a").exists());
}

/// Each alias and each path of `compat` is a file with the bytes that the server sends there.
#[test]
fn old_feed_urls_are_files_too() {
    let site = TestSite::plain(
        "[paths]\ncompat = [\"wordpress\", \"hugo\", \"jekyll-feed\"]\n\
         aliases = { \"/old-feed.xml\" = \"/atom.xml\", \"/?feed=rust\" = \"/tags/rust/rss.xml\" }\n",
    );
    site.post("one.md", "One", "2024-01-01", &["Rust", "C++"]);
    let (status, shown, errors) =
        site.run(&["export", "out", "--public-url", "https://feeds.example.org", "--gzip"]);
    let left_out = "the alias \"/?feed=rust\" is not exported: it has a query, or does not lead to a feed";
    assert!(status == 0 && errors.lines().count() == 1 && errors.contains(left_out), "{shown}{errors}");
    let server = site.serve();
    for (file, path) in [
        ("old-feed.xml", "/old-feed.xml"),
        ("feed/index.html", "/feed/"),
        ("tag/rust/feed/atom/index.html", "/tag/rust/feed/atom/"),
        ("index.xml", "/index.xml"),
        ("tags/rust/index.xml", "/tags/rust/index.xml"),
        ("feed/by_tag/rust.xml", "/feed/by_tag/rust.xml"),
    ] {
        let served = server.get(path).text().replace(&server.base(), "https://feeds.example.org");
        let written = fs::read_to_string(site.path("out").join(file));
        assert_eq!(written.ok(), Some(served), "{path}");
    }
    assert!(site.path("out/old-feed.xml.gz").exists());
    assert!(!shown.contains('?'), "{shown}");
}

/// As on the server, an alias takes precedence over the feed or page at its path. A path that cannot be a file next to
/// another one is a warning.
#[test]
fn an_alias_takes_precedence_over_the_feed_at_its_path() {
    let site = TestSite::plain(
        "[paths]\ncompat = [\"wordpress\"]\n\
         aliases = { \"/atom.xml\" = \"/rss.xml\", \"/tags/\" = \"/atom.xml\", \"/feed\" = \"/rss.xml\" }\n",
    );
    site.post("one.md", "One", "2024-01-01", &["Rust"]);
    let (status, shown, errors) =
        site.run(&["export", "out", "--public-url", "https://feeds.example.org", "--gzip"]);
    assert_eq!(status, 0, "{shown}{errors}");
    assert!(errors.contains("/feed/index.html is not exported"), "{errors}");
    let text = |file: &str| fs::read_to_string(site.path("out").join(file)).unwrap_or_default();
    assert!(text("atom.xml").contains("<rss") && text("tags/index.html").contains("<feed"), "{shown}");
    let (_, again, _) = site.run(&["export", "out", "--public-url", "https://feeds.example.org", "--gzip"]);
    assert!(again.starts_with("0 files written"), "{again}");
}

#[test]
fn a_list_of_what_was_written_removes_nothing_outside() {
    let site = TestSite::of_two();
    site.write("precious", "text");
    site.write("out/.feedmill-export", "../precious\n/etc/hostname\ntags/../../precious\n");
    assert_eq!(site.run(&["export", "out"]).0, 0);
    assert!(site.path("precious").exists());
    // What feedmill did not write it does not replace either, nor does it go where a link leads.
    site.remove_folder("out");
    site.write("out/index.html", "the owner's");
    let (status, shown, errors) = site.run(&["export", "out"]);
    assert!(
        status == 1 && errors.contains("out/index.html was left alone: feedmill did not write it."),
        "{errors}"
    );
    assert!(shown.contains("files written"), "{shown}");
    assert_eq!(fs::read_to_string(site.path("out/index.html")).ok().as_deref(), Some("the owner's"));
    assert!(site.path("out/atom.xml").exists());
    site.remove_folder("out");
    site.create_folder("elsewhere");
    site.create_folder("out");
    site.link("out/tags", site.path("elsewhere"));
    let (status, _, errors) = site.run(&["export", "out"]);
    assert!(status == 1 && errors.contains("out/tags is a symbolic link"), "{errors}");
    assert_eq!(fs::read_dir(site.path("elsewhere")).expect("the folder is readable").count(), 0);
    // A file where a folder has to be keeps nothing from the rest.
    site.remove_folder("out");
    site.write("out/tags", "a file");
    let (status, _, errors) = site.run(&["export", "out"]);
    assert!(status == 1 && errors.contains("out/tags/rust/atom.xml was left alone"), "{errors}");
    assert!(site.path("out/opml.xml").exists());
}

#[test]
fn a_run_that_was_stopped_is_gone_on_with() {
    let site = TestSite::of_two();
    assert_eq!(site.run(&["export", "out"]).0, 0);
    // As a run that was killed leaves it: files are written, their paths noted, and one lies aside.
    site.write("out/.feedmill-export", "atom.xml\nold/rss.xml\n");
    site.write("out/old/rss.xml", "of a feed that is none any more");
    site.write("out/.feedmill-export.tmp", "half of some");
    site.post("2024-01-02-two.md", "Dos", "2024-01-02", &["Rust"]);
    site.write("out/atom.xml", "half of it");
    let (status, shown, errors) = site.run(&["export", "out"]);
    assert_eq!(status, 1, "what it does not know of it leaves alone: {shown}{errors}");
    assert!(!errors.contains("out/atom.xml was") && errors.contains("out/rss.xml was"), "{errors}");
    assert!(fs::read_to_string(site.path("out/atom.xml")).is_ok_and(|text| text.contains("Dos")));
    assert!(!site.path("out/old").exists() && !site.path("out/.feedmill-export.tmp").exists());
    // One that cannot go on leaves a list of what it has written.
    site.remove_folder("out");
    site.write("out/.feedmill-export.tmp/x", "a folder where a file is made");
    assert_eq!(site.run(&["export", "out"]).0, 2);
    site.remove_folder("out/.feedmill-export.tmp");
    assert_eq!(site.run(&["export", "out"]).0, 0);
}

#[test]
fn a_term_that_is_named_like_a_file_keeps_nothing_from_the_rest() {
    let site = TestSite::plain("");
    site.post("one.md", "One", "2024-01-01", &["x", "x/rss.xml", "y"]);
    let (status, shown, errors) = site.run(&["export", "out", "--gzip"]);
    assert!(status == 1 && errors.contains("exclude that term with `except`"), "{shown}{errors}");
    assert!(site.path("out/tags/y/rss.xml.gz").exists() && site.path("out/opml.xml").exists());
}

#[test]
fn terms_that_share_a_slug_have_files_of_their_own() {
    let site = TestSite::plain("[server]\npublic_url = \"https://feeds.example.org\"\n");
    site.write(
        "posts/one.md",
        "---\ntitle: One\ndate: 2024-01-01\ntags: ['..', 'a//b', \"\\0\", 'a/b', rust]\n---\n",
    );
    site.write(
        "posts/two.md",
        "---\ntitle: Two\ndate: 2024-01-02\ntags: ['~..', 'a/~/b', '~', 'a/b']\n---\n",
    );
    let (status, shown, errors) = site.run(&["export", "out"]);
    // Terms that share a slug are warnings.
    assert!(status == 0 && !errors.contains("ERROR"), "{shown}{errors}");
    let (_, list, _) = site.run(&["list", "--format", "json"]);
    let feeds: Vec<serde_json::Value> = serde_json::from_str(&list).expect("valid JSON");
    let paths: Vec<&str> = feeds.iter().filter_map(|feed| feed["address"].as_str()).collect();
    let tags: Vec<&&str> = paths.iter().filter(|path| path.starts_with("/tags/")).collect();
    assert_eq!(tags.len(), 8, "{tags:?}");
    let server = site.serve();
    for path in tags {
        assert!(!path.contains("//") && !path.contains("/./") && !path.contains("/../"), "{path}");
        let file = fs::read(site.path("out").join(&path[1..])).unwrap_or_else(|why| panic!("{path}: {why}"));
        assert_eq!(file, server.get(path).body, "{path}");
    }
    assert!(fs::read_to_string(site.path("out/tags/a/b/atom.xml")).is_ok_and(|text| text.contains("Two")));
}

#[test]
fn a_post_that_never_is_twice_the_same_keeps_nothing_from_the_rest() {
    let site = TestSite::of_two();
    // Each read of it gives another text.
    site.link("posts/never.md", "/proc/sys/kernel/random/uuid");
    for _ in 0..2 {
        let (status, shown, errors) = site.run(&["export", "out"]);
        assert_eq!(status, 1, "{shown}{errors}");
        assert!(errors.contains("posts/never.md changed while it was exported"), "{errors}");
        for file in ["atom.xml", "tags/rust/feed.json", "opml.xml"] {
            assert!(site.path("out").join(file).exists(), "{file}: {shown}{errors}");
        }
        let main = site.read("out/atom.xml");
        assert!(main.contains("Body of Two."), "{main}");
    }
}

#[test]
fn what_was_exported_is_no_post() {
    let site = TestSite::new();
    site.write("one.md", "---\ntitle: One\ndate: 2024-01-01\ntags: [x]\n---\n");
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \".\"\ndialect = \"plain\"\n");
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    assert_eq!(site.run(&["export", "_site/feeds"]).0, 0);
    site.write("two.md", "---\ntitle: Two\ndate: 2024-01-02\n---\n");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    assert_eq!(site.run(&["export", "_site/feeds"]).0, 0);
    let (_, shown, _) = site.run(&["list", "--format", "json"]);
    let feeds = parse_json(&shown);
    assert_eq!(feeds[0]["posts"], 2);
    // Where posts are it may be exported to as well, even to the root: they stay posts, and pages become none.
    site.write("blog/three.md", "---\ntitle: Three\ndate: 2024-01-03\n---\n");
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    for folder in ["blog", "."] {
        assert_eq!(site.run(&["export", folder]).0, 0);
        site.write("two.md", &format!("---\ntitle: Two of {folder}\ndate: 2024-01-02\n---\n"));
        server.wait_for_titles("/atom.xml", &["Three", &format!("Two of {folder}"), "One"]);
        let (_, shown, _) = site.run(&["list", "--format", "json"]);
        let feeds = parse_json(&shown);
        assert_eq!(feeds[0]["posts"], 3, "{folder}");
    }
}

#[test]
fn the_folder_of_an_exported_page_is_no_problem_of_its_source() {
    let site = TestSite::new();
    site.write(
        "notes/page.html",
        "<title>Page</title><meta name=\"date\" content=\"2024-01-01\"><p>Text.</p>",
    );
    assert_eq!(site.run(&["export", "notes/out", "--site", "notes"]).0, 0);
    assert!(site.path("notes/out/entries/notes/page.html/index.html").is_file());
    let (status, shown, errors) = site.run(&["check", "notes"]);
    assert_eq!(status, 0, "{shown}{errors}");
    assert!(shown.starts_with("0 errors, 0 warnings in 0 files; 1 post can be served"), "{shown}");
}

#[test]
fn a_name_that_becomes_a_folder_or_a_file_takes_one_run() {
    let site = TestSite::plain("");
    for tags in [&["x/rss.xml"][..], &["x"], &["x/rss.xml"]] {
        site.post("one.md", "One", "2024-01-01", tags);
        let (status, shown, errors) = site.run(&["export", "out", "--gzip"]);
        assert_eq!(status, 0, "{tags:?}: {shown}{errors}");
        let path = site.path(&format!("out/tags/{}/rss.xml.gz", tags[0]));
        assert!(path.is_file(), "{tags:?}: {shown}");
    }
}

#[test]
fn a_second_run_touches_nothing_and_no_link_leads_out() {
    let site = TestSite::of_two();
    assert_eq!(site.run(&["export", "out"]).0, 0);
    let stamp = || fs::metadata(site.path("out/.feedmill-export")).and_then(|list| list.modified()).ok();
    let before = stamp();
    assert_eq!(site.run(&["export", "out"]).0, 0);
    assert_eq!(stamp(), before);
    site.write("victim", "precious\n");
    site.remove("out/.feedmill-export");
    site.link("out/.feedmill-export", site.path("victim"));
    let (status, _, errors) = site.run(&["export", "out"]);
    assert!(status == 2 && errors.contains("is not the list that feedmill keeps there"), "{errors}");
    assert_eq!(fs::read_to_string(site.path("victim")).ok().as_deref(), Some("precious\n"));
}
