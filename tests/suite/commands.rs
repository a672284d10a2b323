//! The commands other than the server: their results, their errors, their exit status.

use crate::common::{TestSite, copy_folder, fixture, parse_json};

#[test]
fn list_names_every_feed_in_text_and_json() {
    let site = TestSite::plain("");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["C#"]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &["C#", "Rust"]);
    let (status, text, _) = site.run(&["list"]);
    assert_eq!(status, 0);
    assert!(text.contains("/tags/c%23/atom.xml       2  2024-01-02  Tests & more: C#\n"), "{text}");
    let (status, json, _) = site.run(&["list", "--format", "json"]);
    assert_eq!(status, 0);
    let rows = parse_json(&json);
    assert_eq!(
        rows,
        serde_json::json!([
            {"address": "/atom.xml", "title": "Tests & more", "posts": 2, "newest": "2024-01-02T00:00:00+00:00"},
            {"address": "/tags/c%23/atom.xml", "title": "Tests & more: C#", "posts": 2, "newest": "2024-01-02T00:00:00+00:00"},
            {"address": "/tags/rust/atom.xml", "title": "Tests & more: Rust", "posts": 1, "newest": "2024-01-02T00:00:00+00:00"},
        ])
    );
}

#[test]
fn render_prints_what_the_server_answers() {
    let site = TestSite::plain("[server]\npublic_url = \"https://feeds.example.org\"\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["C#"]);
    let server = site.serve();
    for path in ["/atom.xml", "/rss.xml", "/tags/c%23/feed.json"] {
        let (status, text, _) = site.run(&["render", path]);
        assert_eq!((status, text), (0, server.get(path).text()), "{path}");
    }
    let (status, text, errors) = site.run(&["render", "/tags/unknown/atom.xml"]);
    assert_eq!((status, text.as_str()), (1, ""));
    assert!(errors.contains("404 Not Found"), "{errors}");
}

#[test]
fn a_configuration_with_faults_is_refused_with_all_of_them() {
    let site = TestSite::plain("wach = \"poll\"\n[feeds]\nlimit = 0\n");
    for command in [&["serve"][..], &["list"], &["render", "/atom.xml"], &[]] {
        let (status, output, errors) = site.run(command);
        assert_eq!((status, output.as_str()), (2, ""), "{command:?}");
        assert!(
            errors.contains("feedmill.toml:8:1: error: there is no key `source.wach`. Did you mean `watch`?")
        );
        assert!(errors.contains("feedmill.toml:10:9: error: feeds.limit is out of range."), "{errors}");
    }
}

#[test]
fn a_permalink_with_an_unknown_word_is_refused_with_the_known_ones() {
    let site = TestSite::plain(
        "permalink = \"/:yaer/:title/\"\n[[source]]\nname = \"x\"\npath = \"posts\"\npermalink = \"/:x\"\n",
    );
    let (status, _, errors) = site.run(&["serve"]);
    assert_eq!(status, 2);
    assert!(errors.contains("feedmill.toml:8:13: error: the permalink"), "{errors}");
    assert!(errors.contains("8 | permalink = \"/:yaer/:title/\"\n  |             ^"), "{errors}");
    assert!(errors.contains("feedmill.toml:12:13: error: the permalink \"/:x\""), "{errors}");
    assert!(errors.contains("unknown placeholder `:x`. Known in plain: :path, :title, :year"), "{errors}");
    assert!(errors.contains("unknown placeholder `:yaer`. Did you mean `:year`?"), "{errors}");
}

#[test]
fn a_missing_configuration_says_what_to_do() {
    let site = TestSite::new();
    let (status, _, errors) = site.run(&[]);
    assert_eq!(status, 2);
    assert!(errors.contains("feedmill serve SITE"), "{errors}");
}

#[test]
fn a_missing_folder_is_an_error_of_commands_that_need_it() {
    let site = TestSite::plain("");
    site.remove_folder("posts");
    let (status, _, errors) = site.run(&["list"]);
    assert_eq!(status, 2);
    assert!(errors.contains("there is no folder posts."), "{errors}");
}

#[test]
fn an_address_that_is_taken_is_an_error_not_a_panic() {
    let site = TestSite::plain("");
    let server = site.serve();
    let address = server.base().replace("http://", "");
    let (status, _, errors) = site.run(&["serve", "--listen", &address]);
    assert_eq!(status, 2);
    assert!(errors.contains(&format!("cannot listen on {address}")), "{errors}");
}

#[test]
fn a_folder_is_served_without_a_configuration_by_what_it_shows() {
    let site = TestSite::new();
    copy_folder(&fixture("golden/jekyll/site"), &site.path("blog"));
    let server = site.start(&["serve", "blog", "--listen", "127.0.0.1:0"]);
    let feed = server.wait_for("/atom.xml", |response| response.status == 200).feed();
    assert_eq!(feed.title.expect("a title").content, "Golden \"Jekyll\" -- it's a test");
    assert_eq!(
        feed.links.iter().find(|l| l.rel.as_deref() == Some("alternate")).expect("an alternate link").href,
        "https://blog.example/"
    );
    server.wait_for_log("blog: blog is jekyll: there are _config.yml and _posts");
    // Its posts alone are enough: the site is found above them.
    let server = site.start(&["serve", "blog/_posts", "--listen", "127.0.0.1:0"]);
    server.wait_for("/tags/red/atom.xml", |response| response.status == 200);
    // A folder that shows nothing is plain, named by itself.
    site.write("notes/2024-01-01-x.md", "# A note\n\nText.\n");
    let server = site.start(&["serve", "notes", "--listen", "127.0.0.1:0"]);
    let feed = server.wait_for("/atom.xml", |response| response.status == 200).feed();
    assert_eq!(feed.title.expect("a title").content, "notes");
    server.wait_for_log("no URL of the site is known");
}

#[test]
fn the_default_configuration_serves_its_sample_posts() {
    let site = TestSite::new();
    copy_folder(&fixture("../../config"), &site.path("config"));
    let (status, list, errors) = site.run(&["list"]);
    assert_eq!((status, errors.as_str()), (0, ""));
    for address in ["/tags/c++/atom.xml", "/tags/a/b-testing/atom.xml", "/tags/%E6%B5%B7%E6%B8%AF/atom.xml"] {
        assert!(list.contains(address), "{address} in\n{list}");
    }
}

#[test]
fn a_vault_is_known_by_its_folder_and_its_tags_by_its_text() {
    let site = TestSite::new();
    site.write("vault/.obsidian/app.json", "{}");
    site.write("vault/2024-01-02 A note.md", "---\ntags: \"one, #two\"\n---\nSome #three and `#code`.\n");
    site.write("vault/secret.md", "---\npublish: false\n---\n#one\n");
    let server = site.start(&["serve", "vault", "--listen", "127.0.0.1:0"]);
    for tag in ["one", "two", "three"] {
        let path = format!("/tags/{tag}/feed.json");
        let titles = server.wait_for(&path, |response| response.status == 200).titles();
        assert_eq!(titles, ["2024-01-02 A note"], "{tag}");
    }
    assert_eq!(server.get("/tags/code/feed.json").status, 404);
    server.wait_for_log("vault: vault is obsidian: there is .obsidian");
}

#[test]
fn compare_lists_entries_that_subscribers_would_see_again() {
    let site = TestSite::new();
    copy_folder(&fixture("golden/jekyll/site"), &site.path("blog"));
    site.write("feedmill.toml", "[site]\ntitle = \"G\"\n[[source]]\npath = \"blog\"\n");
    let own = site.run(&["render", "/atom.xml"]).1;
    site.write("own.xml", &own);
    let (status, text, errors) = site.run(&["compare", "own.xml"]);
    assert_eq!(status, 0, "{text}");
    assert!(errors.ends_with("4 problems (2 errors): run feedmill check\n"), "{errors}");
    assert!(text.contains("0 differ, 0 missing, 0 would be seen again as new"), "{text}");
    // Another generator had other ids, another title, and a post that is gone.
    let moved = own
        .replacen("<id>https://blog.example/2024/01/31/image</id>", "<id>urn:old:1</id>", 1)
        .replacen("<title>Image Path</title>", "<title>Image “Path”</title>", 1)
        .replace("the-small-harbour-opens", "gone")
        .replace("The small harbour opens at dawn", "Gone");
    site.write("old.xml", &moved);
    let (status, text, _) = site.run(&["compare", "old.xml"]);
    assert_eq!(status, 1);
    assert!(
        text.contains("reappears  urn:old:1 is now https://blog.example/2024/01/31/image (the same link)"),
        "{text}"
    );
    assert!(text.contains("image-path: title was \"Image “Path”\", is \"Image Path\""), "{text}");
    assert!(text.contains("missing    https://blog.example/news/2024/02/02/gone: Gone"), "{text}");
    assert!(text.contains("1 differ, 1 missing, 1 would be seen again as new"), "{text}");
    // What cannot be compared says why.
    site.write("page.html", "<html></html>");
    let (status, _, errors) = site.run(&["compare", "page.html"]);
    assert_eq!(status, 2);
    assert!(errors.contains("page.html: this is neither RSS, Atom nor JSON Feed"), "{errors}");
    let (status, _, errors) = site.run(&["compare", "own.xml", "--with", "/tags/unknown/atom.xml"]);
    assert_eq!(status, 2);
    assert!(errors.contains("there is no feed at /tags/unknown/atom.xml"), "{errors}");
}

#[test]
fn a_pattern_of_addresses_is_followed_in_every_dialect() {
    let site = TestSite::new();
    let post = "---\ntitle: T\ndate: 2024-01-02\n---\nx\n";
    for (dialect, file, pattern, address) in [
        ("jekyll", "_posts/2024-01-02-t.md", "/x/:title/", "https://example.org/x/t/"),
        ("zola", "content/a/t.md", "/x/:path/", "https://example.org/x/a/t/"),
        ("obsidian", "a/t.md", "/x/:year/:title/", "https://example.org/x/2024/t/"),
        ("plain", "a/t.md", "/x/:path/", "https://example.org/x/a/t/"),
    ] {
        site.write(&format!("{dialect}/{file}"), post);
        site.write(
            "feedmill.toml",
            &format!(
                "[site]\ntitle = \"T\"\nurl = \"https://example.org\"\n[[source]]\npath = \"{dialect}\"\n\
                 dialect = \"{dialect}\"\npermalink = \"{pattern}\"\n"
            ),
        );
        let (_, json, errors) = site.run(&["render", "/feed.json"]);
        assert!(json.contains(&format!("\"url\": \"{address}\"")), "{dialect}: {json}{errors}");
    }
}

#[test]
fn a_shared_id_and_a_broken_site_are_reported() {
    let site = TestSite::new();
    site.write("site/hugo.toml", "baseURL = \"https://example.org/\"\ntimeZone = \"Mars\"\n");
    site.write("site/content/a.md", "---\ntitle: A\ndate: 2024-01-01\nurl: /same/\n---\n");
    site.write("site/content/b.md", "---\ntitle: B\ndate: 2024-01-02\nurl: /same/\n---\n");
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"site\"\n");
    let item = |title: &str| {
        format!(
            "<item><title>{title}</title><link>https://example.org/same/</link><guid>https://example.org/same/</guid></item>"
        )
    };
    let old = format!(
        "<rss version=\"2.0\"><channel><title>T</title><link>x</link><description/>{}{}</channel></rss>",
        item("B"),
        item("A")
    );
    site.write("old.xml", &old);
    let (status, out, _) = site.run(&["compare", "old.xml"]);
    assert_eq!(status, 1, "{out}");
    assert!(
        out.contains("is now https://example.org/same/#b.md") && out.contains("1 would be seen again"),
        "{out}"
    );
    for args in [&["compare", "old.xml"][..], &["render", "/atom.xml"], &["list"], &["export", "out"]] {
        let err = site.run(args).2;
        assert_eq!(err.matches("): run feedmill check").count(), 1, "{args:?}: {err}");
    }
}

#[test]
fn an_argument_that_is_not_utf_8_is_an_error() {
    use std::os::unix::ffi::OsStrExt;
    let site = TestSite::of_two();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_feedmill"))
        .arg(std::ffi::OsStr::from_bytes(b"\xff"))
        .current_dir(site.path(""))
        .output();
    assert_eq!(output.expect("the program runs").status.code(), Some(2));
}

/// Options and commands of other programs get the name that feedmill has for them, and not clap's tip.
#[test]
fn names_of_other_programs_get_a_tip() {
    let site = TestSite::of_two();
    for (args, tip) in [
        (&["check", "--json"][..], "tip: in place of --json write: --format json (check, list, compare)"),
        (&["--host=0.0.0.0"], "tip: in place of --host write: --listen HOST:PORT"),
        (&["validate"], "tip: in place of validate write: feedmill check"),
        (&["serve", "--open"], "unexpected argument '--open' found"),
        // Options of `serve` count without a command only.
        (&["-p", "abc"], "invalid value 'abc' for '--port <N>'"),
        (&["check", "-p", "9000"], "unexpected argument '-p' found"),
        (&["-q", "check", "--public-url", "https://example.org"], "unexpected argument '--public-url' found"),
        (&["compare", "https://example.org/feed"], "curl https://example.org/feed | feedmill compare -"),
    ] {
        let (status, _, errors) = site.run(args);
        assert!(status == 2 && errors.contains(tip) && !errors.contains("as a value"), "{args:?}: {errors}");
    }
}

#[test]
fn a_folder_in_place_of_a_command_gets_a_hint_to_serve() {
    let site = TestSite::of_two();
    let (status, out, errors) = site.run(&["posts"]);
    assert!(
        status == 2 && out.is_empty() && errors.starts_with("to serve a folder: feedmill serve posts\n"),
        "{errors}"
    );
    assert!(!site.run(&["chekc"]).2.contains("to serve a folder"));
}

const WITH_RESULTS: [&[&str]; 7] = [
    &["render", "/atom.xml"],
    &["list"],
    &["check"],
    &["schema"],
    &["completions", "bash"],
    &["init", "posts"],
    &["export", "out"],
];

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_cannot_be_written_is_an_error() {
    let site = TestSite::of_two();
    for args in WITH_RESULTS {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has /dev/full");
        let (status, errors) = site.run_to(full, args);
        let expected = "the result cannot be written to stdout: No space left on device";
        assert!(status == 2 && errors.contains(expected), "{args:?}: {status} {errors}");
    }
}

#[test]
fn a_reader_that_closed_its_end_has_seen_enough() {
    let site = TestSite::of_two();
    for args in WITH_RESULTS {
        let (reader, writer) = std::io::pipe().expect("the system has one");
        drop(reader);
        let (status, errors) = site.run_to(writer, args);
        assert!(status == 0 && !errors.contains("stdout"), "{args:?}: {status} {errors}");
    }
}

#[test]
fn a_file_name_forges_no_line() {
    let site = TestSite::plain("");
    let name = "in\nject\u{1b}[2J\u{7}\u{202e}.md";
    site.write(&format!("posts/{name}"), "---\ntitle: x\ndate: never\n---\n");
    let escaped = "posts/in\\nject\\u{1b}[2J\\u{7}\\u{202e}.md:3:7: ";
    let is_plain = |text: &str| !text.contains("\nject") && !text.contains(['\u{1b}', '\u{7}', '\u{202e}']);
    let (_, shown, _) = site.run(&["check"]);
    assert!(shown.contains(escaped) && is_plain(&shown), "{shown}");
    let server = site.serve();
    server.wait_for_log(escaped);
    site.remove(&format!("posts/{name}"));
    site.post(&name.replace("ject", "ject2"), "Two", "2024-01-02", &[]);
    server.wait_for_titles("/atom.xml", &["Two"]);
    server.wait_for_log("ject2");
    assert!(is_plain(&server.log()), "{}", server.log());
}
