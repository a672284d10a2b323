//! Files half written, emptied, replaced, out of reach: what was served last stays.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;

use crate::common::{Server, TestSite};

const GOOD: &str = "---\ntitle: One\ndate: 2024-01-01\ntags: [t]\n---\nThe *first* text.\n";

/// A site of one post, and its main feed as it is while all is well.
fn serve() -> (TestSite, Server, Vec<u8>) {
    let site = TestSite::observed("");
    site.write("posts/one.md", GOOD);
    let server = site.serve();
    let body = server.wait_for_titles("/atom.xml", &["One"]).body;
    (site, server, body)
}

#[test]
fn a_file_half_written_for_a_while_keeps_its_last_version_until_it_is_whole() {
    let (site, server, before) = serve();
    let mut file = fs::File::create(site.path("posts/one.md")).expect("the file can be created");
    file.write_all(b"---\ntitle: Uno\ndate: 20").expect("the file can be written");
    let problem = server.wait_for_problem("front matter");
    assert!(problem["file"].as_str().is_some_and(|file| file.ends_with("posts/one.md")), "{problem}");
    assert_eq!(server.get("/atom.xml").body, before, "the same bytes");
    file.write_all(b"24-01-01\n---\nThe second text.\n").expect("the file can be written");
    drop(file);
    server.wait_for_titles("/atom.xml", &["Uno"]);
    server.wait_for_no_problem();
}

#[test]
fn a_file_emptied_then_filled_keeps_its_last_version_with_its_validators() {
    let (site, server, before) = serve();
    let etag = server.get("/tags/t/rss.xml").header("etag").map(str::to_owned);
    site.write("posts/one.md", "");
    server.wait_for_problem("empty");
    assert_eq!(server.get("/atom.xml").body, before);
    assert_eq!(server.get("/tags/t/rss.xml").header("etag").map(str::to_owned), etag);
    // What was never rendered before has the text too: it is held.
    assert!(server.get("/tags/t/feed.json").text().contains("<em>first</em>"));
    site.write("posts/one.md", GOOD);
    server.wait_for_no_problem();
    assert_eq!(server.get("/atom.xml").body, before);
}

#[test]
fn a_file_replaced_by_a_folder_keeps_its_last_version() {
    let (site, server, before) = serve();
    site.remove("posts/one.md");
    site.create_folder("posts/one.md");
    server.wait_for_problem("folder with the name of a post");
    assert_eq!(server.get("/atom.xml").body, before);
    site.remove_folder("posts/one.md");
    site.write("posts/one.md", &GOOD.replace("One", "Uno"));
    server.wait_for_titles("/atom.xml", &["Uno"]);
    server.wait_for_no_problem();
}

#[test]
fn permissions_taken_away_and_given_back_lose_nothing() {
    let site = TestSite::observed("");
    site.write("posts/one.md", GOOD);
    site.write("posts/sub/two.md", &GOOD.replace("One", "Two"));
    let open = |path: &str, mode: u32| {
        fs::set_permissions(site.path(path), fs::Permissions::from_mode(mode)).expect("the file exists");
    };
    open("", 0o777);
    // Root may read everything.
    let server = site.serve_in(&["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]);
    let before = server.wait_for_titles("/atom.xml", &["One", "Two"]).body;
    open("posts/one.md", 0o000);
    server.wait_for_problem("Permission denied");
    assert_eq!(server.get("/atom.xml").body, before);
    open("posts/one.md", 0o644);
    server.wait_for_no_problem();
    open("posts/sub", 0o000);
    server.wait_for_problem("Permission denied");
    // It was never rendered: the text is held.
    assert!(server.get("/rss.xml").text().matches("<em>first</em>").count() == 2);
    assert_eq!(server.get("/atom.xml").body, before);
    open("posts/sub", 0o755);
    server.wait_for_no_problem();
    // A folder that shows its files' names and not the files.
    open("posts/sub", 0o444);
    server.wait_for_problem("cannot be read");
    assert_eq!(server.get("/atom.xml").body, before);
    open("posts/sub", 0o755);
    server.wait_for_no_problem();
    open("posts", 0o000);
    server.wait_for_problem("cannot be read");
    assert_eq!(server.get("/atom.xml").body, before);
    open("posts", 0o755);
    server.wait_for_no_problem();
    site.write("posts/three.md", &GOOD.replace("One", "Three"));
    server.wait_for("/atom.xml", |response| response.titles().len() == 3);
}

#[test]
fn an_older_post_that_breaks_keeps_the_entry_that_was_made_of_it_or_says_so_by_its_etag() {
    let site = TestSite::observed("");
    for number in 0..1005 {
        let day = format!("2024-{:02}-{:02}", 1 + number / 28 % 12, 1 + number % 28);
        let tag = if number < 2 { format!("old{number}") } else { "new".to_owned() };
        site.post(&format!("{number}.md"), &format!("Post {number}"), &day, &[&tag]);
    }
    // These two are the oldest: their bodies are not held.
    site.post("0.md", "Post 0", "2001-01-01", &["old0"]);
    site.post("1.md", "Post 1", "2001-01-02", &["old1"]);
    let server = site.serve();
    let rendered = server.wait_for_titles("/tags/old0/atom.xml", &["Post 0"]);
    let head = server.ask("HEAD", "/tags/old1/atom.xml", &[]);
    for name in ["posts/0.md", "posts/1.md"] {
        let revision = server.revision();
        site.write(name, "---\ntitle: [\n---\n");
        server.wait_past(revision);
    }
    assert_eq!(server.get("/tags/old0/atom.xml").body, rendered.body, "its entry was made before");
    assert_eq!(server.get("/tags/old0/rss.xml").status, 200);
    let bare = server.get("/tags/old1/atom.xml");
    // A HEAD renders nothing: of what this server never made it has the title alone.
    assert!(bare.titles() == ["Post 1"] && head.status == 200);
    drop(server);
    let server = site.serve();
    assert_eq!(server.get("/atom.xml").status, 200);
}

#[test]
fn a_save_by_rename_is_one_change_and_leaves_no_trace() {
    let (site, server, _) = serve();
    let revision = server.revision();
    // As vim does it: the old file aside, a new one in place, the old one away.
    site.rename("posts/one.md", "posts/one.md~");
    site.write("posts/4913", "");
    site.remove("posts/4913");
    site.write("posts/one.md", &GOOD.replace("One", "Uno"));
    site.remove("posts/one.md~");
    server.wait_for_titles("/atom.xml", &["Uno"]);
    assert!(server.revision() <= revision + 2, "{}", server.log());
}

#[test]
fn folders_made_filled_and_moved_at_once_are_read_whole() {
    let (site, server, _) = serve();
    for round in 0..20 {
        site.write(&format!("posts/a{round}/b/c/d/deep.md"), &GOOD.replace("One", &format!("Deep {round}")));
    }
    server.wait_for("/feed.json?limit=500", |response| response.titles().len() == 21);
    // A tree that comes by one rename, and one that goes by one.
    site.write("outside/x/y/z.md", &GOOD.replace("One", "Moved"));
    site.rename("outside/x", "posts/x");
    server.wait_for("/feed.json?limit=500", |response| response.titles().contains(&"Moved".to_owned()));
    site.rename("posts/x", "posts/w");
    site.write("posts/w/y/z.md", &GOOD.replace("One", "Moved on"));
    server.wait_for("/feed.json?limit=500", |response| response.titles().contains(&"Moved on".to_owned()));
    site.rename("posts/w", "outside/w");
    server.wait_for("/feed.json?limit=500", |response| response.titles().len() == 21);
}

#[test]
fn thousands_of_folders_are_watched_each() {
    let site = TestSite::observed("");
    for number in 0..3000 {
        site.write(&format!("posts/{number:04}/index.md"), &GOOD.replace("One", &format!("T{number:04}")));
    }
    let server = site.serve();
    assert_eq!(server.status()["sources"][0]["posts"], 3000);
    for number in [0, 1500, 2999] {
        site.write(
            &format!("posts/{number:04}/index.md"),
            &GOOD.replace("One", "Edited").replace("2024", "2025"),
        );
        let wanted = format!("T{number:04}");
        server.wait_for("/feed.json?limit=500&q=Edited", |response| {
            response.text().contains(&format!("/{number:04}/"))
        });
        assert!(!server.get("/feed.json?limit=500").titles().contains(&wanted));
    }
}

#[test]
fn a_post_of_any_generator_that_is_half_written_keeps_its_last_version() {
    // Hexo itself takes front matter that is never closed for text.
    let yaml = "---\ntitle: One\ndate: 2024-01-02\ntags: post\n---\nThe text.\n";
    let toml = "+++\ntitle = \"One\"\ndate = 2024-01-02\n+++\nThe text.\n";
    for (dialect, config, path, text) in [
        ("jekyll", "_config.yml", "_posts/2024-01-02-a.md", yaml),
        ("hugo", "hugo.toml", "content/posts/a.md", yaml),
        ("zola", "config.toml", "content/a.md", toml),
        ("eleventy", "eleventy.config.js", "posts/a.md", yaml),
        ("obsidian", "none", "a.md", yaml),
        ("plain", "none", "a.md", yaml),
    ] {
        let site = TestSite::observed("");
        let settings = format!(
            "[site]\ntitle = \"T\"\nurl = \"https://example.org\"\n[server]\nadmin_listen = \"127.0.0.1:0\"\n\
             [[source]]\npath = \"site\"\ndialect = \"{dialect}\"\n"
        );
        site.write("feedmill.toml", &settings);
        site.write(&format!("site/{config}"), "");
        let file = format!("site/{path}");
        site.write(&file, text);
        let server = site.serve();
        let before = server.wait_for_titles("/atom.xml", &["One"]).body;
        for cut in [4, 9, 20] {
            site.write(&file, &text[..cut]);
            let is_reported = |status: &serde_json::Value| {
                let problems = status["problems"].as_array().expect("a JSON array");
                problems.iter().any(|p| p["file"].as_str().is_some_and(|file| file.ends_with(path)))
            };
            server.wait_for_status(is_reported);
            assert_eq!(server.get("/atom.xml").body, before, "{dialect}, {cut} bytes of it");
            site.write(&file, text);
            server.wait_for_status(|status| !is_reported(status));
            assert_eq!(server.get("/atom.xml").body, before, "{dialect}");
        }
    }
}
