//! The index is a cache: damaged, deleted, of another version, in use, or without space, it changes no result.

use std::fs;
use std::path::PathBuf;

use super::{QUERIES, find, site, wait_for_index};
use crate::common::{Server, TestSite};
use crate::faults::run_within;

fn assert_whole(server: &Server) {
    wait_for_index(server);
    for (query, found) in QUERIES {
        assert_eq!(find(server, &format!("/atom.xml?q={query}")), found, "{query}");
    }
}

/// A site with an index that a server wrote.
fn indexed() -> TestSite {
    let site = site("");
    let server = site.serve();
    wait_for_index(&server);
    server.stop("-TERM");
    site
}

fn find_file(site: &TestSite, extension: &str) -> PathBuf {
    let folder = fs::read_dir(site.path(".feedmill/search")).expect("the index has a folder");
    let mut files = folder.map(|file| file.expect("it can be read").path());
    files
        .find(|file| file.extension().is_some_and(|own| own == extension))
        .expect("the index has such a file")
}

/// The number of lines of the log with a text.
fn count(server: &Server, mark: &str) -> usize {
    server.log().lines().filter(|line| line.contains(mark)).count()
}

#[test]
fn a_damaged_index_is_reported_once_and_built_again() {
    let flip = |file: PathBuf| {
        let mut bytes = fs::read(&file).expect("it can be read");
        let middle = bytes.len() / 2;
        bytes[middle] ^= 0x55;
        fs::write(&file, bytes).expect("it can be written");
    };
    let cut = |file: PathBuf| {
        let bytes = fs::read(&file).expect("it can be read");
        fs::write(&file, &bytes[..bytes.len() / 2]).expect("it can be written");
    };
    let remove = |file: PathBuf| fs::remove_file(file).expect("it can be removed");
    let damages: [(&str, &dyn Fn(PathBuf)); 6] = [
        ("term", &flip),
        ("pos", &flip),
        ("idx", &cut),
        ("fast", &remove),
        ("term", &remove),
        ("json", &cut),
    ];
    for (extension, damage) in damages {
        let site = indexed();
        damage(find_file(&site, extension));
        let server = site.serve();
        assert_whole(&server);
        assert_eq!(count(&server, "is damaged"), 1, "{extension}: {}", server.log());
        drop(server);
        let server = site.serve();
        assert_whole(&server);
        assert_eq!(count(&server, "search index"), 0, "{}", server.log());
    }
}

#[test]
fn an_index_of_another_version_or_configuration_or_a_deleted_one_is_built_again() {
    let site = indexed();
    site.write(".feedmill/search/version", "feedmill 0.0.0, search index 0\n");
    let server = site.serve();
    assert_whole(&server);
    assert_eq!(count(&server, "another version of feedmill wrote it"), 1, "{}", server.log());
    server.stop("-TERM");
    // An include of the site's own is a part of the texts.
    site.edit("feedmill.toml", |text| {
        text.replace("dialect = \"plain\"", "dialect = \"plain\"\nshortcodes = { x = \"y\" }")
    });
    let server = site.serve();
    assert_whole(&server);
    assert_eq!(count(&server, "is of another configuration"), 1, "{}", server.log());
    server.stop("-TERM");
    fs::remove_dir_all(site.path(".feedmill/search")).expect("it can be removed");
    let server = site.serve();
    assert_whole(&server);
    // While it is used, too: what is open stays open, and the next change makes it again.
    fs::remove_dir_all(site.path(".feedmill/search")).expect("it can be removed");
    site.edit("posts/0.md", |text| text.replace("footnote", "endnote"));
    server
        .wait_for("/atom.xml?q=endnote", |response| response.status == 200 && response.titles() == ["Alpha"]);
    server.wait_for_status(|_| site.path(".feedmill/search/meta.json").exists());
    wait_for_index(&server);
    server
        .wait_for("/atom.xml?q=endnote", |response| response.status == 200 && response.titles() == ["Alpha"]);
}

#[test]
fn a_server_that_is_killed_while_it_writes_leaves_an_index_that_can_be_used() {
    let site = site("");
    for number in 0..40 {
        site.post(&format!("k{number}.md"), "Killed", "2022-01-01", &[]);
        if number % 8 == 0 {
            let mut server = site.serve();
            server.wait_for_status(|status| status["search"]["state"] != "off");
            server.kill();
        }
    }
    let server = site.serve();
    assert_whole(&server);
    assert_eq!(count(&server, "is damaged"), 0, "{}", server.log());
    assert_eq!(server.get("/feed.json?limit=500&q=killed").titles().len(), 40);
}

#[test]
fn a_second_server_on_the_same_index_keeps_its_own_in_memory() {
    let site = site("");
    let first = site.serve();
    wait_for_index(&first);
    let second = site.serve();
    assert_whole(&second);
    assert_eq!(count(&second, "another process uses it"), 1, "{}", second.log());
    assert_whole(&first);
}

#[test]
fn without_a_state_the_index_is_in_memory() {
    let site = site("[state]\npath = false\n");
    let server = site.serve();
    assert_whole(&server);
    assert!(!site.path(".feedmill").exists());
}

#[test]
#[ignore = "needs namespaces (unshare -rm)"]
fn while_the_disk_is_full_searches_are_503_and_everything_else_works() {
    let site = site("");
    site.create_folder(".feedmill");
    let script = "mount -t tmpfs -o size=1m none .feedmill && (cat /dev/zero > .feedmill/fill 2>/dev/null || true) \
                  && exec \"$0\" \"$@\"";
    let server = site.serve_in(&["unshare", "-rm", "sh", "-c", script]);
    server.wait_for_log("cannot be written");
    server.wait_for_status(|status| status["search"]["state"] == "failed");
    let response = server.get("/atom.xml?q=harbour");
    assert_eq!(response.status, 503, "{}", response.text());
    assert_eq!(response.required("retry-after"), "5");
    assert_eq!(server.get("/feeds/sea/atom.xml").status, 503);
    for path in ["/atom.xml", "/", "/tags/tag-1/rss.xml", "/opml.xml", "/feeds/"] {
        assert_eq!(server.get(path).status, 200, "{path}");
    }
    site.post("new.md", "New", "2024-02-01", &[]);
    server.wait_for("/atom.xml", |response| response.titles().contains(&"New".to_owned()));
    assert_eq!(count(&server, "cannot be written"), 1, "{}", server.log());
    run_within(&server, &site, "rm .feedmill/fill");
    wait_for_index(&server);
    assert_eq!(find(&server, "/atom.xml?q=harbour"), "6410");
    assert_eq!(count(&server, "can be written again"), 1, "{}", server.log());
}
