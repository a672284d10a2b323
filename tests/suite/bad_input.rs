//! Files that are no posts: each is one clear line, the others are served, nothing panics.

use std::fs::{self, File};
use std::os::unix::fs::PermissionsExt;

use crate::common::TestSite;

#[test]
fn each_bad_file_is_one_problem_and_the_others_are_served() {
    let site = TestSite::plain("");
    site.post("2024-01-01-good.md", "Good", "2024-01-01", &[]);
    site.write("posts/broken-yaml.md", "---\ntitle: \"a\ntags: [x\n---\nx\n");
    site.write("posts/bad-date.md", "---\ntitle: x\ndate: 2024-13-02\n---\nx\n");
    site.write("posts/unclosed.md", "---\ntitle: x\n\nText.\n");
    site.write("posts/empty.md", "");
    site.write_bytes("posts/binary.md", b"\x7FELF\x02\x01\x01\0\0\0\0\0");
    site.write_bytes("posts/latin-1.md", b"---\ntitle: caf\xE9\n---\n");
    site.write("posts/nested.md", &format!("---\na: {}\n---\n", "[".repeat(5000)));
    File::create(site.path("posts/huge.md"))
        .and_then(|file| file.set_len(50 << 20))
        .expect("the file can be written");
    site.create_folder("posts/folder.md");
    site.write("posts/folder.md/inside.md", "---\ntitle: Inside\ndate: 2023-01-01\n---\nx\n");
    site.create_folder("posts/loop");
    site.link("posts/loop/up", "..");
    site.link("posts/self.md", "self.md");
    let expected = [
        "posts/bad-date.md:3:7: the date \"2024-13-02\" has no such month. Write it as YYYY-MM-DD",
        "posts/binary.md:1:8: this is a binary file.",
        "posts/broken-yaml.md:",
        "posts/empty.md:1:1: the file is empty.",
        "posts/folder.md:1:1: this is a folder with the name of a post. Rename it.",
        "posts/huge.md:1:1: the file cannot be read: it is larger than 2 MiB.",
        "posts/latin-1.md:2:11: this is not UTF-8 from here on. Save the file as UTF-8.",
        "posts/loop/up:1:1: this link leads back to a folder above it.",
        "posts/nested.md:2:1: the front matter is not YAML: values are nested more than 32 deep",
        "posts/self.md:1:1: this path cannot be read",
        "posts/unclosed.md:1:1: the front matter is never closed.",
    ];
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["Good", "Inside"]);
    server.wait_for_log("11 problems");
    let log = server.log();
    for line in expected {
        assert_eq!(log.matches(line).count(), 1, "{line} in\n{log}");
    }
    assert_eq!(log.matches("ERROR posts/").count(), expected.len(), "{log}");
}

#[test]
#[ignore = "needs namespaces, or a user other than root"]
fn an_unreadable_file_is_reported_and_read_once_it_can_be() {
    let site = TestSite::plain("");
    site.post("2024-01-01-good.md", "Good", "2024-01-01", &[]);
    site.post("2024-01-02-secret.md", "Secret", "2024-01-02", &[]);
    let secret = site.path("posts/2024-01-02-secret.md");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).expect("a URL of this server");
    // For root nothing is unreadable, except where root is another user.
    let is_root = File::open(&secret).is_ok();
    let server = if is_root { site.serve_in(&["unshare", "--map-user=1000"]) } else { site.serve() };
    server.wait_for_titles("/atom.xml", &["Good"]);
    server.wait_for_log("2024-01-02-secret.md:1:1: the file cannot be read");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).expect("a URL of this server");
    server.wait_for_titles("/atom.xml", &["Secret", "Good"]);
}

#[test]
fn two_posts_with_one_id_are_both_served_and_reported() {
    let site = TestSite::plain("");
    site.write("posts/b.md", "---\ntitle: B\ndate: 2024-01-02\nguid: same\n---\nx\n");
    site.write("posts/a.md", "---\ntitle: A\ndate: 2024-01-01\nguid: same\n---\nx\n");
    let server = site.serve();
    let response = server.wait_for_titles("/feed.json", &["B", "A"]);
    assert!(
        response.text().contains("\"id\": \"same#b.md\"") && response.text().contains("\"id\": \"same\"")
    );
    server.wait_for_log("posts/b.md:1:1: the id same is also used by posts/a.md.");
}

#[test]
fn odd_dates_stop_nothing() {
    let site = TestSite::plain("time_zone = \"Asia/Shanghai\"\n");
    site.post("2024-01-01-good.md", "Good", "2024-01-01", &[]);
    let server = site.serve();
    for (number, date) in
        ["İİİİİİ 5pm", "January 1 -262143", "January 1 -0044", "99999999999999", "9999-12-31"]
            .iter()
            .enumerate()
    {
        site.write(&format!("posts/odd-{number}.md"), &format!("---\ntitle: x\ndate: {date}\n---\nx\n"));
        server.wait_for_log(&format!("posts/odd-{number}.md:3:7:"));
    }
    site.post("2024-01-02-more.md", "More", "2024-01-02", &[]);
    server.wait_for_titles("/atom.xml", &["More", "Good"]);
}

#[test]
fn two_posts_with_one_url_are_reported_with_both_files() {
    let site = TestSite::plain("");
    site.write("posts/a.md", "---\ntitle: A\ndate: 2024-01-01\nslug: same\n---\n");
    site.write("posts/b.md", "---\ntitle: B\ndate: 2024-01-02\nslug: same\n---\n");
    let server = site.serve();
    let problem = "the URL https://example.org/blog/same/ is also used by posts/a.md.";
    server.wait_for_log(&format!("posts/b.md:1:1: {problem} Give one of them another URL."));
    server.wait_for_titles("/atom.xml", &["B", "A"]);
}

#[test]
fn an_unknown_placeholder_is_named_and_the_known_ones_are_listed() {
    let site = TestSite::new();
    site.write("site/_config.yml", "url: https://example.org\npermalink: /:year/:slog/\n");
    site.write("site/_posts/2024-01-01-a.md", "---\ntitle: A\n---\n");
    site.write(
        "hugo/hugo.toml",
        "baseURL = \"https://example.org/\"\n[permalinks]\nposts = \"/:yeer/:slug/\"\n",
    );
    site.write("hugo/content/posts/b.md", "---\ntitle: B\ndate: 2024-01-02\nurl: /x/:slog/\n---\n");
    let sources = "[[source]]\npath = \"site\"\n[[source]]\npath = \"hugo\"\n";
    site.write("feedmill.toml", &format!("[site]\ntitle = \"T\"\n{sources}"));
    let server = site.serve();
    for (place, word) in [
        ("site/_config.yml:2:1: the permalink \"/:year/:slog/\"", ":slog"),
        ("hugo/hugo.toml:3:1: the permalink \"/:yeer/:slug/\"", ":yeer"),
        ("hugo/content/posts/b.md:4:6: the permalink \"/x/:slog/\"", ":slog"),
    ] {
        server.wait_for_log(place);
        let log = server.log();
        let line = log.lines().find(|line| line.contains(place)).expect("the file is reported");
        assert!(line.contains(&format!("an unknown placeholder `{word}`. Did you mean `:")), "{line}");
    }
    // What can be used is used all the same.
    server.wait_for_titles("/atom.xml", &["B", "A"]);
}

#[test]
fn a_word_of_hexos_may_be_a_key_of_the_post() {
    let site = TestSite::new();
    site.write("site/_config.yml", "url: https://example.org\npermalink: posts/:abbrlink.html\n");
    site.write("site/source/_posts/a.md", "---\ntitle: A\ndate: 2024-01-01\nabbrlink: 4a17b156\n---\n");
    site.write("site/source/_posts/b.md", "---\ntitle: B\ndate: 2024-01-02\n---\n");
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    server.wait_for_titles("/atom.xml", &["B", "A"]);
    assert!(server.get("/atom.xml").text().contains("https://example.org/posts/4a17b156.html"));
    server.wait_for_log(
        "site/source/_posts/b.md:1:1: the permalink \"posts/:abbrlink.html\" has an unknown placeholder",
    );
    assert!(!server.log().contains("a.md:"), "{}", server.log());
}

#[test]
fn an_invalid_site_configuration_is_reported_with_its_position_and_the_rest_is_used() {
    let site = TestSite::new();
    site.write(
        "site/_config.yml",
        "title: Kept\nurl: not an address\ntimezone: Mars/Phobos\nlang: no language at all\npermalink: /x/:title/\n",
    );
    site.write("site/_posts/2024-01-01-a.md", "---\ntitle: A\n---\n");
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    server.wait_for_titles("/atom.xml", &["A"]);
    for line in [2, 3, 4] {
        server.wait_for_log(&format!("site/_config.yml:{line}:1: the site's"));
    }
    let text = server.get("/atom.xml").text();
    assert!(text.contains("<title>Kept</title>") && text.contains("/x/a"), "{text}");
}

#[test]
fn invalid_keys_of_a_site_are_reported_and_ignored() {
    let site = TestSite::new();
    let config = "baseURL = \"https://example.org/\"\npermalinks = 3\nlanguages = []\ncontentDir = \"/../content\"\nrssLimit = \"many\"\n";
    site.write("site/hugo.toml", config);
    site.write("site/content/posts/a.md", "---\ntitle: A\ndate: 2024-01-01\n---\n");
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    server.wait_for_titles("/atom.xml", &["A"]);
    server.wait_for_log(
        "site/hugo.toml:2:1: the site's `permalinks` is 3 and is ignored. Write a table, or a list of tables.",
    );
    server.wait_for_log(
        "site/hugo.toml:3:1: the site's `languages` is a list and is ignored. Write a table of keys and values.",
    );
    server.wait_for_log(
        "site/hugo.toml:5:1: the site's `rssLimit` is \"many\" and is ignored. Write a whole number.",
    );
    assert!(server.get("/atom.xml").text().contains("https://example.org/posts/a/"));
}

#[test]
fn keys_in_tables_are_reported_too_and_a_broken_file_is_read_up_to_its_fault() {
    let site = TestSite::new();
    let config = "url: https://example.org\npermalink: 3\nfeed:\n  posts_limit: many\n";
    site.write("site/_config.yml", config);
    site.write("site/_posts/2024-01-01-a.md", "---\ntitle: A\n---\n");
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    server.wait_for_titles("/atom.xml", &["A"]);
    server.wait_for_log(
        "site/_config.yml:2:1: the site's `permalink` is 3 and is ignored. Write a pattern of URL paths.",
    );
    server.wait_for_log(
        "site/_config.yml:4:3: the site's `feed.posts_limit` is \"many\" and is ignored. Write a whole number.",
    );
    assert!(server.get("/atom.xml").text().contains("https://example.org/2024/01/01/a.html"));

    let site = TestSite::new();
    let config = "title: Whole\nurl: https://example.org/b\nnav: [one,\npermalink: pretty\n";
    site.write("site/_config.yml", config);
    site.write("site/_posts/2024-01-01-a.md", "---\ntitle: A\n---\n");
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    let text = server.wait_for_titles("/atom.xml", &["A"]).text();
    server.wait_for_log("site/_config.yml:");
    assert!(text.contains("<title>Whole</title>"), "{text}");
    assert!(text.contains("https://example.org/b/2024/01/01/a/"), "{text}");
}

#[test]
fn a_template_that_cannot_be_filled_is_reported_and_the_post_is_served() {
    let site = TestSite::new();
    site.write("site/eleventy.config.js", "export default () => {};\n");
    site.write(
        "site/posts/a.md",
        "---\ntitle: A\ndate: 2024-01-01\ntags: posts\npermalink: \"/x/{{ title | shout }}/\"\n---\n",
    );
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    server.wait_for_titles("/atom.xml", &["A"]);
    server.wait_for_log("site/posts/a.md:5:12: the permalink");
    server.wait_for_log("unknown filter `shout`");
    assert!(server.get("/atom.xml").text().contains("/posts/a/"));
}

/// A parser takes much memory for each character that can begin an element: with too many, only the summary is made.
#[test]
fn a_body_of_markup_only_becomes_its_summary_and_a_problem() {
    let site = TestSite::plain("");
    for (name, unit) in [("a", "*["), ("b", "*a_ "), ("c", "<b><p>"), ("d", "www.a ")] {
        let body = format!("First words.\n\n{}", unit.repeat((2 << 20) / unit.len() - 100));
        site.write(
            &format!("posts/{name}.md"),
            &format!("---\ntitle: {name}\ndate: 2024-01-01\n---\n{body}"),
        );
    }
    let (status, out, _) = site.run(&["check"]);
    let said =
        "the entry carries only the summary of the post, not its body: it has too many characters of markup.";
    assert_eq!((status, out.matches(said).count()), (0, 4), "{out}");
    let (_, feed, _) = site.run(&["render", "/feed.json"]);
    assert_eq!(feed.matches("<p>First words.").count(), 4, "{feed:.2000}");
}

#[test]
fn a_body_that_costs_too_much_becomes_its_summary_and_a_problem() {
    let site = TestSite::new();
    site.write("site/_config.yml", "url: https://example.org\n");
    site.write("site/_posts/2024-01-01-good.md", "---\ntitle: Good\n---\n");
    let long = "p/".repeat(900);
    let front = format!("---\ntitle: Long\npermalink: /{long}\n---\n");
    let body = format!("First *words*.\n\n{}", "[a](b) ".repeat(5000));
    site.write("site/_posts/2024-01-02-long.md", &(front + &body));
    let (status, out, _) = site.run(&["check", "site"]);
    let said = "_posts/2024-01-02-long.md:5:1: warning: the entry carries only the summary of the post, not its body: \
                absolute URLs make it more than 8 times longer. Shorten or divide it.";
    assert!(status == 0 && out.contains(said), "{out}");
    let server = site.start(&["serve", "site", "--listen", "127.0.0.1:0"]);
    let feed = server.wait_for_titles("/feed.json", &["Long", "Good"]).text();
    assert!(feed.contains("\"content_html\": \"<p>First words.</p>\""), "{feed:.2000}");
    server.wait_for_log("1 problem");
}
