//! Folders that vanish, are emptied, come back, or were never there.

use std::fs;

use super::run_within;
use crate::common::{Server, TestSite};

const TWO: [&str; 2] = ["Two", "One"];

fn site() -> TestSite {
    let site = TestSite::observed("");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["t"]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &["t"]);
    site
}

fn serve(site: &TestSite) -> (Server, Vec<u8>) {
    let server = site.serve();
    let body = server.wait_for_titles("/atom.xml", &TWO).body;
    (server, body)
}

#[test]
fn a_root_moved_away_and_back_loses_nothing_and_needs_no_restart() {
    let site = site();
    let (server, before) = serve(&site);
    site.rename("posts", "away");
    server.wait_for_problem("there is no such folder");
    assert_eq!(server.get("/atom.xml").body, before);
    assert!(server.get("/tags/t/feed.json").text().contains("Body of Two"), "it was never rendered");
    assert_eq!(server.get("/readyz").status, 200);
    site.rename("away", "posts");
    server.wait_for_no_problem();
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &[]);
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    assert_eq!(server.count_faults("root"), 1);
}

#[test]
fn a_root_that_is_deleted_and_created_again_is_followed_again() {
    let site = site();
    let (server, before) = serve(&site);
    for round in 0..5 {
        site.rename("posts", "old");
        site.remove_folder("old");
        server.wait_for_problem("there is no such folder");
        assert_eq!(server.get("/atom.xml").body, before);
        site.post("2024-01-01-one.md", "One", "2024-01-01", &["t"]);
        site.post("2024-01-02-two.md", "Two", "2024-01-02", &["t"]);
        server.wait_for_no_problem();
        let title = format!("New {round}");
        site.post("2024-01-03-three.md", &title, "2024-01-03", &["t"]);
        server.wait_for_titles("/atom.xml", &[&title, "Two", "One"]);
        site.remove("posts/2024-01-03-three.md");
        server.wait_for_titles("/atom.xml", &TWO);
    }
}

#[test]
fn a_root_without_posts_is_accepted_only_after_sighup() {
    let site = site();
    let (server, before) = serve(&site);
    for file in ["posts/2024-01-01-one.md", "posts/2024-01-02-two.md"] {
        site.rename(file, &file.replace("posts/", "x"));
    }
    server.wait_for_problem("shows no post at all");
    let shown = server.get("/atom.xml");
    // Both went at once, or one before the other; the last one stays in any case.
    assert!(shown.body == before || shown.titles().len() == 1, "{}", server.log());
    server.signal("-HUP");
    server.wait_for_titles("/atom.xml", &[]);
    server.wait_for_no_problem();
    site.rename("x2024-01-01-one.md", "posts/2024-01-01-one.md");
    server.wait_for_titles("/atom.xml", &["One"]);
}

#[test]
fn a_signal_while_a_root_is_missing_says_nothing_of_what_comes_later() {
    let site = site();
    let (server, before) = serve(&site);
    site.rename("posts", "away");
    server.wait_for_problem("there is no such folder");
    let looks = server.metric("feedmill_reconciles_total");
    server.signal("-HUP");
    server.wait_for_status(|_| {
        server.metric("feedmill_reconciles_total") > looks && server.log().contains("as requested")
    });
    site.create_folder("posts");
    server.wait_for_problem("shows no post at all");
    assert_eq!(server.get("/atom.xml").body, before);
    // Its source gets another name meanwhile, and its posts stay.
    site.edit("feedmill.toml", |text| text.replace("name = \"posts\"", "name = \"renamed\""));
    server.wait_for_titles("/sources/renamed/atom.xml", &TWO);
    assert_eq!(server.get("/readyz").status, 200);
}

#[test]
fn an_emptied_root_is_not_believed_at_a_start_either() {
    let site = site();
    let (server, _) = serve(&site);
    server.wait_for_state();
    assert_eq!(server.stop("-TERM"), Some(0));
    site.rename("posts", "away");
    site.create_folder("posts");
    // The posts that are known from the last run are served.
    let server = site.start(&["serve", "--listen", "127.0.0.1:0"]);
    server.wait_for_problem("shows no post at all: its posts stay as they were");
    assert_eq!(server.get("/readyz").status, 200);
    server.wait_for_titles("/atom.xml", &TWO);
    assert_eq!(server.stop("-TERM"), Some(0));
    // Without them there is nothing to serve.
    site.remove(".feedmill/catalog");
    let server = site.start(&["serve", "--listen", "127.0.0.1:0"]);
    server.wait_for_problem("shows no post at all");
    assert_eq!((server.get("/readyz").status, server.get("/atom.xml").status), (503, 503));
    site.remove_folder("posts");
    site.rename("away", "posts");
    let server = server.ready();
    server.wait_for_titles("/atom.xml", &TWO);
    assert_eq!(server.stop("-TERM"), Some(0));
    // The owner confirms it.
    site.remove_folder("posts");
    site.create_folder("posts");
    let server = site.start(&["serve", "--listen", "127.0.0.1:0"]);
    server.wait_for_problem("shows no post at all");
    server.signal("-HUP");
    server.wait_for_titles("/atom.xml", &[]);
    server.wait_for_state();
    assert_eq!(server.stop("-TERM"), Some(0));
    site.serve().wait_for_titles("/atom.xml", &[]);
}

#[test]
fn a_root_on_another_file_system_counts_as_gone_until_the_posts_are_there() {
    let other = tempfile::tempdir_in("/dev/shm").expect("Linux has a file system in memory");
    let site = TestSite::observed("");
    site.rename("posts", "real");
    site.link("posts", "real");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["t"]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &["t"]);
    let (server, before) = serve(&site);
    fs::write(other.path().join("README.md"), "# What lies below a mount\n")
        .expect("the file can be written");
    site.relink("posts", other.path());
    server.wait_for_problem("another file system");
    assert_eq!(server.get("/atom.xml").body, before);
    // The posts are there: it is believed by itself.
    for file in ["2024-01-01-one.md", "2024-01-02-two.md"] {
        fs::copy(site.path("real").join(file), other.path().join(file)).expect("the file can be written");
    }
    server.wait_for_no_problem();
    server.wait_for("/atom.xml", |response| response.titles().len() == 3);
    // The way back is one too, and believed at once, since the posts are there.
    site.relink("posts", "real");
    server.wait_for_titles("/atom.xml", &TWO);
    site.relink("posts", "/dev/shm/nothing");
    server.wait_for_problem("there is no such folder");
    fs::write(other.path().join("2024-01-01-one.md"), "").expect("the file can be written");
    for file in ["2024-01-01-one.md", "2024-01-02-two.md"] {
        fs::remove_file(other.path().join(file)).expect("the file exists");
    }
    site.relink("posts", other.path());
    server.wait_for_problem("another file system");
    server.signal("-HUP");
    server.wait_for("/atom.xml", |response| {
        response.titles().len() == 1 && !response.titles()[0].contains("One")
    });
}

#[test]
#[ignore = "needs namespaces (unshare -rm)"]
fn a_root_that_is_unmounted_and_mounted_again_loses_nothing() {
    let site = TestSite::observed("sweep = 1\n");
    site.write("store/2024-01-01-one.md", "---\ntitle: One\ndate: 2024-01-01\n---\nText.\n");
    let mount = "mount --bind store posts && exec \"$0\" \"$@\"";
    let server = site.serve_in(&["unshare", "-rm", "sh", "-c", mount]);
    let before = server.wait_for_titles("/atom.xml", &["One"]).body;
    let within = |script: &str| run_within(&server, &site, script);
    within("umount posts");
    server.wait_for_problem("shows no post at all");
    assert_eq!(server.get("/atom.xml").body, before);
    within("mount --bind store posts");
    server.wait_for_no_problem();
    site.write("store/2024-01-02-two.md", "---\ntitle: Two\ndate: 2024-01-02\n---\nText.\n");
    server.wait_for_titles("/atom.xml", &TWO);
}

#[test]
fn a_source_that_is_missing_at_the_start_keeps_only_its_own_feeds_waiting() {
    let site = TestSite::observed(
        "[[source]]\nname = \"later\"\npath = \"later\"\n\
         [[feed]]\nname = \"here\"\nselect = { sources = [\"posts\"] }\n\
         [[feed]]\nname = \"there\"\nselect = { sources = [\"later\"] }\n",
    );
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["t"]);
    let server = site.start(&["serve", "--listen", "127.0.0.1:0"]);
    let problem = server.wait_for_problem("there is no such folder");
    assert!(problem["file"].as_str().is_some_and(|file| file.ends_with("later")), "{problem}");
    for path in ["/sources/posts/atom.xml", "/feeds/here/rss.xml", "/atom.xml?sources=posts"] {
        assert_eq!(server.get(path).titles(), ["One"], "{path}");
    }
    for path in ["/readyz", "/atom.xml", "/tags/t/atom.xml", "/tags/u/atom.xml", "/sources/later/atom.xml"] {
        let response = server.get(path);
        assert_eq!((response.status, response.header("cache-control")), (503, Some("no-store")), "{path}");
    }
    assert_eq!((server.get("/healthz").status, server.get("/feeds/there/atom.xml").status), (200, 503));
    assert_eq!(server.status()["ready"], false);
    // A folder that is still empty is not all that will come.
    site.create_folder("later");
    server.wait_for_problem("shows no post at all");
    assert_eq!(server.get("/atom.xml").status, 503);
    site.write("later/b/2024-01-02-two.md", "---\ntitle: Two\ndate: 2024-01-02\ntags: [u]\n---\n");
    server.wait_for_titles("/atom.xml", &TWO);
    server.wait_for_titles("/feeds/there/atom.xml", &["Two"]);
    assert_eq!(server.get("/readyz").status, 200);
    server.wait_for_status(|status| status["ready"] == true);
}

#[test]
fn a_folder_above_the_root_that_comes_and_goes_is_seen() {
    let site = TestSite::observed("[[source]]\nname = \"deep\"\npath = \"a/b/c\"\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    site.write("a/b/c/2024-01-02-two.md", "---\ntitle: Two\ndate: 2024-01-02\n---\n");
    let (server, before) = serve(&site);
    site.rename("a/b", "a/x");
    server.wait_for_problem("there is no such folder");
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &[]);
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    site.remove("posts/2024-01-03-three.md");
    site.rename("a/x", "a/b");
    server.wait_for_no_problem();
    server.wait_for("/atom.xml", |response| response.body == before);
}
