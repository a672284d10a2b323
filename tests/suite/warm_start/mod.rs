//! A restart: the last published catalog is served at once, and the files are compared with it afterwards.

mod faults;
mod missing_folders;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use crate::common::{Response, Server, TestHub, TestSite, parse_json, wait_until};

const SERVE: [&str; 6] =
    ["serve", "-v", "--listen", "127.0.0.1:0", "--public-url", "https://feeds.example.org"];

/// The catalog on disk.
const CATALOG: &str = ".feedmill/catalog";

/// The line that reports that every file was compared.
const COMPARED: &str = "read in ";

fn site(more: &str) -> TestSite {
    let site = TestSite::observed(more);
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["C++", "a/b"]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &["Rust"]);
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &["Rust"]);
    // A file that is read in the moment in which it is written is read again at the next start.
    let written = Instant::now();
    wait_until(|| (written.elapsed() > Duration::from_millis(50)).then_some(()), || "time passes".to_owned());
    site
}

fn serve(site: &TestSite) -> Server {
    site.start(&SERVE).ready()
}

/// Starts a server and waits until every file was compared.
fn serve_compared(site: &TestSite) -> Server {
    let server = serve(site);
    server.wait_for_log(COMPARED);
    server
}

/// Lets a server read the site and write its catalog.
fn store(site: &TestSite) -> BTreeMap<String, Response> {
    let server = serve_compared(site);
    let documents = read_documents(site, &server);
    assert_eq!(server.stop("-TERM"), Some(0));
    assert!(site.path(CATALOG).exists());
    documents
}

/// Every document by its path: the feeds in each format, pages and lists.
fn read_documents(site: &TestSite, server: &Server) -> BTreeMap<String, Response> {
    let (_, listed, _) = site.run(&["list", "--format", "json"]);
    let listed = parse_json(&listed);
    let feeds = listed.as_array().expect("a list").iter().filter_map(|feed| feed["address"].as_str());
    let formats = |path: &str| {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        ["rss.xml", "atom.xml", "feed.json", ""].map(|file| format!("{folder}/{file}"))
    };
    let others =
        ["/opml.xml", "/tags/", "/atom.xml?q=body", "/atom.xml?tags=rust&limit=1"].map(str::to_owned);
    let paths = feeds.flat_map(formats).chain(others);
    paths.map(|path| (path.clone(), server.get(&path))).collect()
}

fn check_equal(one: &BTreeMap<String, Response>, other: &BTreeMap<String, Response>) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, response) in one {
        let parts = |response: &Response| {
            (response.status, response.header("etag").map(str::to_owned), response.text())
        };
        assert_eq!(parts(response), parts(&other[path]), "{path}");
    }
}

/// Ends a server, and compares its documents with those of one that reads every file.
fn check_as_cold(site: &TestSite, server: Server) {
    let warm = read_documents(site, &server);
    assert_eq!(server.stop("-TERM"), Some(0));
    site.remove(CATALOG);
    let cold = serve_compared(site);
    assert!(!cold.log().contains("served as of"), "{}", cold.log());
    check_equal(&warm, &read_documents(site, &cold));
}

#[test]
fn the_last_state_is_served_at_once_and_unchanged_files_are_not_read() {
    let site = site("");
    let before = store(&site);
    let mode = fs::metadata(site.path(CATALOG)).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let server = serve(&site);
    server.wait_for_log("3 posts served as of ");
    check_equal(&before, &read_documents(&site, &server));
    server.wait_for_log("3 files found");
    server.wait_for_log(" 0 of them read");
    server.wait_for_log(COMPARED);
    check_equal(&before, &read_documents(&site, &server));
    assert_eq!(server.status()["sources"][0]["posts"], 3);
    check_as_cold(&site, server);
}

#[test]
fn what_changed_meanwhile_is_served_as_by_a_server_that_reads_everything() {
    let site = site("");
    site.write("posts/draft.md", "---\ntitle: Draft\ndate: 2024-01-01\ndraft: true\n---\n");
    site.write("posts/sub/moved.md", "---\ntitle: Moved\ndate: 2024-01-04\ntags: [gone]\n---\n");
    store(&site);
    site.post("2024-01-01-one.md", "Edited", "2024-02-01", &["new"]);
    site.remove("posts/2024-01-02-two.md");
    site.post("added.md", "Added", "2024-01-05", &["Rust", "C++"]);
    site.rename("posts/sub", "posts/other");
    site.write("posts/draft.md", "---\ntitle: Draft\ndate: 2024-01-01\n---\n");
    site.write("posts/warned.md", "---\ntitle: Warned\ndate: 2024-01-01\nid: no iri\n---\n");
    let server = serve_compared(&site);
    server.wait_for_titles("/atom.xml", &["Edited", "Added", "Moved", "Three", "Warned", "Draft"]);
    assert_eq!(server.get("/tags/gone/atom.xml").titles(), ["Moved"]);
    server.wait_for_problem("is not an IRI");
    check_as_cold(&site, server);
}

#[test]
fn two_posts_with_one_id_keep_their_ids_and_the_rules_for_them() {
    let site = site("");
    let post = |name: &str, date: &str| {
        site.write(
            &format!("posts/{name}.md"),
            &format!("---\ntitle: {name}\ndate: {date}\nid: urn:x\n---\n"),
        );
    };
    post("old", "2020-01-01");
    post("young", "2020-01-02");
    let before = store(&site);
    let server = serve_compared(&site);
    check_equal(&before, &read_documents(&site, &server));
    server.wait_for_problem("the id urn:x is also used by posts/old.md");
    assert_eq!(server.stop("-TERM"), Some(0));
    site.remove("posts/old.md");
    let server = serve_compared(&site);
    server.wait_for_no_problem();
    let ids: Vec<String> = server.get("/atom.xml").feed().entries.into_iter().map(|entry| entry.id).collect();
    assert_eq!(ids.last().map(String::as_str), Some("urn:x"));
    check_as_cold(&site, server);
}

#[test]
fn other_settings_of_one_source_let_only_that_one_be_scanned() {
    let site = site("[[source]]\nname = \"other\"\npath = \"other\"\n");
    site.write("other/x.md", "---\ntitle: X\ndate: 2023-01-01\n---\n");
    store(&site);
    site.edit("feedmill.toml", |text| {
        text.replace("dialect = \"plain\"\n", "dialect = \"plain\"\nid = \"{slug}\"\n")
    });
    let server = serve_compared(&site);
    server.wait_for_log("1 post served as of ");
    let log = server.log();
    assert!(
        log.contains("source posts: it is scanned") && !log.contains("source other: it is scanned"),
        "{log}"
    );
    server.wait_for_log("other: 1 files found");
    server.wait_for_log(" 0 of them read");
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One", "X"]);
    check_as_cold(&site, server);
}

#[test]
fn settings_that_do_not_affect_reading_take_effect_at_once() {
    let site = site("");
    store(&site);
    site.edit("feedmill.toml", |text| text.replace("Tests & more", "Another title"));
    let server = serve(&site);
    assert!(server.get("/atom.xml").text().contains("Another title"));
    server.wait_for_log("served as of");
    server.wait_for_log(COMPARED);
    check_as_cold(&site, server);
}

#[test]
fn a_site_whose_own_configuration_changed_is_scanned() {
    let site = TestSite::new();
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[server]\nadmin_listen = \"127.0.0.1:0\"\n[[source]]\nname = \"s\"\npath = \"site\"\n");
    site.write("site/_config.yml", "title: T\nurl: https://example.org\npermalink: /:title/\n");
    site.write("site/_posts/2024-01-01-one.md", "---\ntitle: One\n---\nText.\n");
    store(&site);
    let link = |server: &Server| server.get("/atom.xml").feed().entries[0].links[0].href.clone();
    let server = serve_compared(&site);
    server.wait_for_log("served as of");
    assert_eq!(link(&server), "https://example.org/one/");
    assert_eq!(server.stop("-TERM"), Some(0));
    site.edit("site/_config.yml", |text| text.replace("/:title/", "/:year/:title/"));
    let server = serve_compared(&site);
    server.wait_for_log("source s: it is scanned");
    assert_eq!(link(&server), "https://example.org/2024/one/");
    check_as_cold(&site, server);
}

#[test]
fn posts_that_became_due_or_expired_while_it_was_down_appear_and_go() {
    let site = site("");
    let stamp = |seconds: i64| {
        (chrono::Utc::now() + chrono::TimeDelta::seconds(seconds)).format("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    site.write("posts/late.md", &format!("---\ntitle: Late\ndate: {}\n---\n", stamp(6)));
    site.write(
        "posts/short.md",
        &format!("---\ntitle: Short\ndate: 2024-01-09\nexpires: {}\n---\n", stamp(6)),
    );
    site.write("posts/far.md", "---\ntitle: Far\ndate: 2999-01-01\n---\n");
    let server = serve_compared(&site);
    server.wait_for_titles("/atom.xml", &["Short", "Three", "Two", "One"]);
    assert_eq!(server.stop("-TERM"), Some(0));
    let due = chrono::Utc::now() + chrono::TimeDelta::seconds(6);
    wait_until(|| (chrono::Utc::now() > due).then_some(()), || "time passes".to_owned());
    let server = serve(&site);
    assert!(!server.get("/atom.xml").titles().contains(&"Short".to_owned()), "it has expired");
    server.wait_for_titles("/atom.xml", &["Late", "Three", "Two", "One"]);
    server.wait_for_log(COMPARED);
    check_as_cold(&site, server);
}

#[test]
fn a_post_that_is_invalid_keeps_its_last_good_version_over_a_restart() {
    let site = site("");
    let server = serve_compared(&site);
    site.write("posts/2024-01-02-two.md", "---\ntitle: [broken\n");
    server.wait_for_problem("front matter");
    assert_eq!(server.stop("-TERM"), Some(0));
    let server = serve_compared(&site);
    server.wait_for_problem("front matter");
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    site.post("2024-01-02-two.md", "Fixed", "2024-01-02", &["Rust"]);
    server.wait_for_titles("/atom.xml", &["Three", "Fixed", "One"]);
    server.wait_for_no_problem();
    check_as_cold(&site, server);
}

#[test]
fn a_problem_keeps_the_time_since_which_it_is_reported() {
    let site = site("");
    site.write("posts/broken.md", "---\ntitle: [broken\n");
    let server = serve_compared(&site);
    let since = server.wait_for_problem("front matter")["since"].clone();
    assert_eq!(server.stop("-TERM"), Some(0));
    let server = serve(&site);
    assert_eq!(server.wait_for_problem("front matter")["since"], since);
    server.wait_for_log(COMPARED);
    assert_eq!(server.wait_for_problem("front matter")["since"], since);
    server.wait_for_log("broken.md:");
}

#[test]
fn times_of_changes_and_first_dates_outlive_it() {
    let site = TestSite::observed("");
    site.write("posts/undated.md", "# Undated\n\nText.\n");
    let modified = |server: &Server| server.get("/atom.xml").required("last-modified").to_owned();
    let date = |server: &Server| server.get("/atom.xml").feed().entries[0].published;
    let server = serve_compared(&site);
    let before = (modified(&server), date(&server));
    assert_eq!(server.stop("-TERM"), Some(0));
    std::thread::sleep(Duration::from_millis(1100));
    let server = serve_compared(&site);
    assert_eq!((modified(&server), date(&server)), before);
    site.write("posts/undated.md", "# Undated, edited\n\nText.\n");
    server.wait_for_titles("/atom.xml", &["Undated, edited"]);
    assert_eq!(date(&server), before.1, "it was first seen then");
    check_as_cold(&site, server);
}

#[test]
fn a_hub_is_notified_of_what_changed_meanwhile() {
    let hub = TestHub::start(&[]);
    let site = site(&format!("[feeds]\nformats = [\"atom\"]\n[websub]\nhubs = [\"{}\"]\n", hub.url));
    let server = serve_compared(&site);
    server.wait_for_log("of every change from now on");
    server.wait_for_state();
    assert_eq!(server.stop("-TERM"), Some(0));
    site.post("2024-01-02-two.md", "Edited", "2024-01-02", &["Rust"]);
    let server = serve(&site);
    let urls = hub.wait();
    assert!(urls.contains(&"https://feeds.example.org/atom.xml".to_owned()), "{urls:?}");
    assert!(urls.contains(&"https://feeds.example.org/tags/rust/atom.xml".to_owned()), "{urls:?}");
    assert!(!urls.iter().any(|url| url.contains("/tags/c++/")), "{urls:?}");
    assert_eq!(server.get("/atom.xml").titles(), ["Three", "Edited", "One"], "it is served already");
    assert!(hub.has_no_more_notifications());
}

#[test]
fn a_vault_with_links_and_media_is_the_same_after_a_restart() {
    let site = TestSite::new();
    site.write(
        "feedmill.toml",
        "[site]\ntitle = \"T\"\n[server]\nadmin_listen = \"127.0.0.1:0\"\n[[source]]\nname = \"v\"\npath = \"vault\"\ndialect = \"obsidian\"\n",
    );
    site.write("vault/a.md", "---\ndate: 2024-01-01\n---\nSee [[b]] and ![[p.png]].\n");
    site.write("vault/b.md", "---\ndate: 2024-01-02\n---\nSee [[a|the first]].\n");
    site.write("vault/media/p.png", "a picture");
    let before = store(&site);
    let server = serve_compared(&site);
    server.wait_for_log("served as of");
    check_equal(&before, &read_documents(&site, &server));
    assert_eq!(server.stop("-TERM"), Some(0));
    site.write("vault/b.md", "---\ntitle: Better\ndate: 2024-01-02\n---\nSee [[a|the first]].\n");
    site.create_folder("vault/m");
    site.rename("vault/media/p.png", "vault/m/p.png");
    check_as_cold(&site, serve_compared(&site));
}
