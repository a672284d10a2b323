//! What is remembered over restarts, and that no change is missed by its date.

use crate::common::{Server, TestSite};

#[test]
fn times_of_changes_outlive_a_restart_and_never_go_back() {
    let site = TestSite::of_two();
    let public = ["serve", "--listen", "127.0.0.1:0", "--public-url", "https://feeds.example.org"];
    let serve = || site.start(&public).ready();
    let modified = |server: &Server, path: &str| {
        let response = server.get(path);
        httpdate::parse_http_date(response.required("last-modified")).expect("a date")
    };
    let paths = ["/tags/rust/atom.xml", "/atom.xml", "/atom.xml?limit=1"];
    let server = serve();
    let before = paths.map(|path| modified(&server, path));
    server.wait_for_state();
    assert_eq!(server.stop("-KILL"), None);
    // Long enough for a clock in seconds to show another time.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    let server = serve();
    assert_eq!(paths.map(|path| modified(&server, path)), before, "a restart changes nothing");
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &["new"]);
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    let after = paths.map(|path| modified(&server, path));
    assert_eq!(after[0], before[0], "another feed's posts change nothing");
    assert!(after[1] > before[1] && after[2] > before[2]);
    // Deleting what came does not bring the time back.
    site.remove("posts/2024-01-03-three.md");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    let last = modified(&server, "/atom.xml");
    assert!(last >= after[1]);
    // What was not written yet is written at a stop.
    assert_eq!(server.stop("-TERM"), Some(0));
    // The term is gone, and its feed still answers after a restart: its subscribers see an empty feed.
    let server = serve();
    assert_eq!(server.get("/tags/new/atom.xml").status, 404, "it has no subscriber");
    site.remove("posts/2024-01-02-two.md");
    let lost = server.wait_for_titles("/tags/rust/atom.xml", &[]);
    server.wait_for_state();
    drop(server);
    let server = serve();
    let again = server.get("/tags/rust/atom.xml");
    assert_eq!((again.titles().len(), again.header("etag")), (0, lost.header("etag")));
    assert_eq!(server.get("/tags/never/atom.xml").status, 404);
}

#[test]
fn other_settings_are_a_change_of_every_query() {
    let site = TestSite::plain("[server]\npublic_url = \"https://f.example\"\n[feeds]\nlimit = 3\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["t"]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &["t"]);
    let ask = |server: &Server, since: Option<&str>| {
        let headers: Vec<(&str, &str)> =
            since.map(|since| ("If-Modified-Since", since)).into_iter().collect();
        server.ask("GET", "/atom.xml?tags=t", &headers)
    };
    let server = site.serve();
    let before = ask(&server, None);
    let since = before.required("last-modified").to_owned();
    assert_eq!(ask(&server, Some(&since)).status, 304);
    assert_eq!(server.stop("-TERM"), Some(0));
    site.edit("feedmill.toml", |text| text.replace("limit = 3", "limit = 1"));
    assert_eq!(ask(&site.serve(), Some(&since)).status, 200, "no change is missed");
}

#[test]
fn two_changes_within_a_second_have_two_dates() {
    let site = TestSite::of_two();
    let server = site.serve();
    let mut dates = std::collections::BTreeSet::new();
    for number in 0..4 {
        let title = format!("T{number}");
        site.post("2024-01-02-two.md", &title, "2024-01-02", &["rust"]);
        let response = server.wait_for_titles("/atom.xml", &[&title, "One"]);
        // What is sent is capped at the date of the answer; what is compared is not.
        let since = response.required("last-modified").to_owned();
        let etag = response.required("etag").to_owned();
        dates.insert(etag);
        site.post("2024-01-02-two.md", "Other", "2024-01-02", &["rust"]);
        server.wait_for_titles("/atom.xml", &["Other", "One"]);
        let response = server.ask("GET", "/atom.xml", &[("If-Modified-Since", &since)]);
        assert_eq!(response.status, 200, "no change is missed");
    }
    assert_eq!(dates.len(), 4);
}

#[test]
fn an_unusable_state_is_reported_and_the_server_runs_without_it() {
    let site = TestSite::of_two();
    site.write(".feedmill/state.redb", &"no database".repeat(1000));
    let server = site.serve();
    server.wait_for_log("is damaged");
    assert!(site.path(".feedmill/state.damaged-1.redb").exists());
    // A second server over the same state leaves it alone.
    let second = site.serve();
    second.wait_for_log("another feedmill process uses this folder already");
    assert_eq!((server.get("/atom.xml").status, second.get("/atom.xml").status), (200, 200));
    drop((server, second));
    site.remove_folder(".feedmill");
    site.write(".feedmill", "a file where a folder should be");
    let server = site.serve();
    server.wait_for_log("cannot be created");
    assert_eq!(server.get("/atom.xml").status, 200);
    // Other commands never open it. The server may make the folder for its search index.
    site.remove(".feedmill");
    assert_eq!(site.run(&["render", "/atom.xml"]).0, 0);
    assert!(!site.path(".feedmill/state.redb").exists());
}
