//! The state on disk: damaged, locked, read-only or full, and a server that is killed while it writes.

use super::run_within;
use crate::common::TestSite;

fn site() -> TestSite {
    let site = TestSite::observed("");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["t"]);
    site
}

#[test]
fn a_damaged_state_is_renamed_and_created_again() {
    let site = site();
    site.write(".feedmill/state.redb", &"no database at all ".repeat(1000));
    let server = site.serve();
    server.wait_for_log("is damaged");
    assert!(site.path(".feedmill/state.damaged-1.redb").exists());
    server.wait_for_titles("/atom.xml", &["One"]);
    server.wait_for_state();
    assert!(site.path(".feedmill/state.redb").exists());
}

#[test]
fn a_state_cut_short_or_scribbled_over_is_no_obstacle() {
    let site = site();
    let server = site.serve();
    server.get("/atom.xml");
    server.wait_for_state();
    assert_eq!(server.stop("-TERM"), Some(0));
    let whole = std::fs::read(site.path(".feedmill/state.redb")).expect("the state is on disk");
    for (number, length) in [0, 1, 100, 4096, whole.len() / 2, whole.len() - 1].into_iter().enumerate() {
        site.write_bytes(".feedmill/state.redb", &whole[..length]);
        site.serve().wait_for_titles("/atom.xml", &["One"]);
        let mut scribbled = whole.clone();
        for byte in scribbled.iter_mut().skip(number * 613).step_by(97) {
            *byte ^= 0x55;
        }
        site.write_bytes(".feedmill/state.redb", &scribbled);
        site.serve().wait_for_titles("/atom.xml", &["One"]);
    }
}

#[test]
fn a_state_locked_by_another_server_is_left_alone() {
    let site = site();
    let first = site.serve();
    let second = site.serve();
    second.wait_for_log("another feedmill process uses this folder already");
    second.wait_for_titles("/atom.xml", &["One"]);
    first.wait_for_titles("/atom.xml", &["One"]);
}

#[test]
#[ignore = "needs namespaces (unshare -rm)"]
fn a_disk_that_is_read_only_or_full_stops_nothing() {
    let site = site();
    site.create_folder(".feedmill");
    for options in ["size=4k", "size=1m,ro"] {
        let script = format!("mount -t tmpfs -o {options} none .feedmill && exec \"$0\" \"$@\"");
        let server = site.serve_in(&["unshare", "-rm", "sh", "-c", &script]);
        server.wait_for_log("are not kept across restarts");
        server.wait_for_titles("/atom.xml", &["One"]);
        site.post("2024-01-02-two.md", "Two", "2024-01-02", &["t"]);
        server.wait_for_titles("/atom.xml", &["Two", "One"]);
        site.remove("posts/2024-01-02-two.md");
    }
}

#[test]
#[ignore = "needs namespaces (unshare -rm)"]
fn a_disk_that_fills_up_while_the_server_runs_stops_nothing() {
    let site = site();
    site.create_folder(".feedmill");
    let script = "mount -t tmpfs -o size=8m none .feedmill && exec \"$0\" \"$@\"";
    let server = site.serve_in(&["unshare", "-rm", "sh", "-c", script]);
    server.wait_for_titles("/atom.xml", &["One"]);
    run_within(&server, &site, "cat /dev/zero > .feedmill/fill 2>/dev/null || true");
    // So many feeds change that the store has to grow.
    for number in 0..60 {
        let tags: Vec<String> =
            (0..50).map(|tag| format!("tag-{number}-{tag}-{}", "x".repeat(150))).collect();
        let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
        site.post(&format!("{number}.md"), "Many", "2024-01-02", &tags);
        for tag in &tags {
            server.wait_for(&format!("/tags/{tag}/atom.xml"), |response| response.status == 200);
        }
        if server.log().contains("are not kept across restarts") {
            server.wait_for_titles(&format!("/tags/{}/rss.xml", tags[0]), &["Many"]);
            return;
        }
    }
    server.wait_for_log("are not kept across restarts");
}

#[test]
fn the_state_is_whole_after_a_kill_at_any_moment() {
    let site = site();
    let mut known = None;
    for round in 0..12_u64 {
        // What readers see is the same at every port.
        let mut server = site
            .start(&["serve", "--listen", "127.0.0.1:0", "--public-url", "https://feeds.example.org"])
            .ready();
        let modified = server.get("/atom.xml").header("last-modified").map(str::to_owned);
        assert!(known.is_none() || known == modified, "round {round}: a time went back or forth");
        assert!(!server.log().contains("damaged"), "{}", server.log());
        known = modified;
        server.wait_for_state();
        for number in 0..round {
            let title = format!("T{round}-{number}");
            site.post("other.md", &title, "2024-01-02", &["other"]);
            server.wait_for_titles("/tags/other/atom.xml", &[&title]);
        }
        site.path("posts/other.md").exists().then(|| site.remove("posts/other.md"));
        server.kill();
        // The main feed changed with each edit: what it says is remembered from here on.
        known = if round == 0 { known } else { None };
    }
}

#[test]
fn who_holds_an_id_is_remembered_over_a_restart() {
    let site = TestSite::observed("");
    let post = |name: &str, date: &str| {
        site.write(
            &format!("posts/{name}.md"),
            &format!("---\ntitle: {name}\ndate: {date}\nid: same\n---\n"),
        );
    };
    let ids = |server: &crate::common::Server| -> Vec<(String, String)> {
        let feed = server.get("/atom.xml").feed();
        feed.entries.into_iter().map(|e| (e.title.expect("a title").content, e.id)).collect()
    };
    post("young", "2024-01-02");
    let server = site.serve();
    post("old", "2020-01-01");
    server.wait_for_titles("/atom.xml", &["young", "old"]);
    let before = ids(&server);
    assert_eq!(before[0], ("young".to_owned(), "same".to_owned()), "it was there first");
    server.wait_for_state();
    drop(server);
    let server = site.serve();
    assert_eq!(ids(&server), before, "its subscribers know it by that");
    server.wait_for_state();
    drop(server);
    site.remove("posts/young.md");
    let server = site.serve();
    assert_eq!(ids(&server), [("old".to_owned(), "same".to_owned())]);
    post("young", "2024-01-02");
    server.wait_for_titles("/atom.xml", &["young", "old"]);
    assert_eq!(ids(&server)[1].1, "same", "it is held by who is there");
}

#[test]
fn who_holds_an_id_keeps_it_while_its_source_is_waited_for() {
    let site = TestSite::observed("[[source]]\nname = \"q\"\npath = \"q\"\n");
    let post = |path: &str, date: &str| {
        site.write(path, &format!("---\ntitle: {path}\ndate: {date}\nid: same\n---\n"));
    };
    post("posts/a.md", "2024-01-01");
    post("q/c.md", "2024-01-02");
    let id = |server: &crate::common::Server| {
        let feed = server.wait_for("/sources/q/atom.xml", |response| response.status == 200).feed();
        feed.entries[0].id.clone()
    };
    let server = site.serve();
    assert_eq!(id(&server), "same#c.md");
    server.wait_for_state();
    drop(server);
    site.rename("posts", "away");
    let server = site.start(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(id(&server), "same#c.md", "{}", server.log());
    site.rename("away", "posts");
    server.wait_for("/atom.xml", |response| response.status == 200 && response.titles().len() == 2);
    assert_eq!(id(&server), "same#c.md");
    site.remove("posts/a.md");
    site.write("posts/other.md", "---\ntitle: O\ndate: 2024-01-03\n---\n");
    server.wait_for("/sources/q/atom.xml", |response| response.feed().entries[0].id == "same");
}

#[test]
fn a_stop_signal_finishes_what_is_being_answered_within_ten_seconds() {
    let site = site();
    let server = site.serve();
    // One who never finishes its request, and one who is answered all the time.
    let mut slow = server.connect();
    assert_eq!(slow.ask(b"GET /atom.xml HTTP/1.1\r\nHost: x\r\n\r\n").status, 200);
    let started = std::time::Instant::now();
    assert_eq!(server.stop("-TERM"), Some(0));
    assert!(started.elapsed().as_secs() < 12, "{:?}", started.elapsed());
}
