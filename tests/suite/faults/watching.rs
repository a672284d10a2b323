//! Faults that keep events from arriving: each is handled without a restart, reported and counted.

use super::run_within;
use crate::common::TestSite;

#[test]
fn lost_events_lose_no_change() {
    let site = TestSite::observed("sweep = 0\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    // While it is stopped, more happens than the system keeps.
    server.signal("-STOP");
    let most = std::fs::read_to_string("/proc/sys/fs/inotify/max_queued_events");
    let most: usize = most.ok().and_then(|most| most.trim().parse().ok()).unwrap_or(16_384);
    for number in 0..most / 2 {
        // Names differ: equal events in a row are kept as one.
        site.write(&format!("posts/x{}.tmp", number % 7), "x");
    }
    site.write("posts/new/2024-01-02-two.md", "---\ntitle: Two\ndate: 2024-01-02\n---\n");
    server.signal("-CONT");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    assert!(server.count_faults("overflow") >= 1, "{}", server.log());
    site.write("posts/new/2024-01-03-three.md", "---\ntitle: Three\ndate: 2024-01-03\n---\n");
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
}

#[test]
#[ignore = "needs namespaces (unshare -rm)"]
fn a_source_beyond_the_limit_of_watches_is_polled() {
    let site = TestSite::observed("sweep = 0\npoll = 1\n");
    for folder in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        site.write(
            &format!("posts/{folder}/x.md"),
            &format!("---\ntitle: {folder}\ndate: 2024-01-01\n---\n"),
        );
    }
    let limit = "echo 6 > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"";
    let server = site.serve_in(&["unshare", "-r", "sh", "-c", limit]);
    server.wait_for_log("it is polled instead");
    let status = server.wait_for_status(|status| status["sources"][0]["watch"] == "poll");
    assert_eq!(status["sources"][0]["posts"], 8);
    site.write("posts/h/x.md", "---\ntitle: Edited\ndate: 2024-01-02\n---\n");
    server.wait_for("/atom.xml", |response| response.titles()[0] == "Edited");
    assert_eq!(server.count_faults("limit"), 1);
}

#[test]
#[ignore = "needs namespaces (unshare -rm)"]
fn a_folder_that_comes_when_the_watches_are_used_up_makes_the_source_polled() {
    let site = TestSite::observed("sweep = 0\npoll = 1\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    let limit = "echo 8 > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"";
    let server = site.serve_in(&["unshare", "-r", "sh", "-c", limit]);
    server.wait_for_status(|status| status["sources"][0]["watch"] == "native");
    for number in 0..10 {
        site.write(&format!("posts/{number}/x.md"), "---\ntitle: More\ndate: 2024-01-02\n---\n");
    }
    server.wait_for("/atom.xml", |response| response.titles().len() == 11);
    server.wait_for_status(|status| status["sources"][0]["watch"] == "poll");
    site.write("posts/9/x.md", "---\ntitle: Edited\ndate: 2024-01-03\n---\n");
    server.wait_for("/atom.xml", |response| response.titles()[0] == "Edited");
}

#[test]
fn each_source_is_watched_by_itself() {
    let site = TestSite::observed(
        "[[source]]\nname = \"polled\"\npath = \"polled\"\nwatch = \"poll\"\npoll = 1\n\
         [[source]]\nname = \"off\"\npath = \"off\"\nwatch = \"off\"\n",
    );
    let post = |title: &str| format!("---\ntitle: {title}\ndate: 2024-01-01\n---\n");
    for folder in ["posts", "polled", "off"] {
        site.write(&format!("{folder}/a.md"), &post("Before"));
    }
    let server = site.serve();
    let status = server.status();
    let how: Vec<&str> = (0..3).filter_map(|place| status["sources"][place]["watch"].as_str()).collect();
    assert_eq!(how, ["native", "poll", "off"]);
    for folder in ["off", "posts", "polled"] {
        site.write(&format!("{folder}/a.md"), &post("After"));
    }
    server.wait_for_titles("/sources/posts/atom.xml", &["After"]);
    server.wait_for_titles("/sources/polled/atom.xml", &["After"]);
    // A rescan on request is the only one.
    server.signal("-HUP");
    server.wait_for_titles("/sources/off/atom.xml", &["After"]);
}

#[test]
#[ignore = "needs namespaces (unshare -rm)"]
fn a_rescan_finds_changes_without_events() {
    let site = TestSite::observed("sweep = 1\n");
    site.write("store/a.md", "---\ntitle: Under\ndate: 2024-01-01\n---\n");
    site.post("2024-01-02-one.md", "One", "2024-01-02", &[]);
    site.create_folder("posts/mounted");
    let server = site.serve_in(&["unshare", "-rm"]);
    server.wait_for_titles("/atom.xml", &["One"]);
    // A mount sends no event.
    run_within(&server, &site, "mount --bind store posts/mounted");
    server.wait_for_titles("/atom.xml", &["One", "Under"]);
}
