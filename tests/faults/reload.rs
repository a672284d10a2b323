//! feedmill.toml, changed while the server runs: whole or not at all, without a dropped connection.

use std::fs;

use crate::site::TestSite;

fn site() -> TestSite {
    let site = TestSite::observed("");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["rust"]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &["go"]);
    site
}

/// Edits the configuration.
fn edit(site: &TestSite, change: impl Fn(&str) -> String) {
    let text = fs::read_to_string(site.path("feedmill.toml")).expect("it is there");
    site.write("feedmill.toml", &change(&text));
}

#[test]
fn a_good_configuration_takes_effect_whole_without_a_dropped_connection() {
    let site = site();
    let server = site.serve();
    let mut kept = server.connect();
    let request = b"GET /feeds/r/atom.xml HTTP/1.1\r\nHost: x\r\n\r\n";
    assert_eq!(kept.ask(request).status, 404);
    edit(&site, |text| {
        text.replace("Tests & more", "Renamed")
            + "[feeds]\nlimit = 1\n[[feed]]\nname = \"r\"\nselect = { tags = [\"rust\"] }\n[paths]\ngone = [\"/old.xml\"]\n"
    });
    server.wait_for("/atom.xml", |response| response.text().contains("<title>Renamed</title>"));
    let named = kept.ask(request);
    assert_eq!((named.status, named.titles()), (200, vec!["One".to_owned()]));
    assert_eq!(server.get("/atom.xml").titles(), ["Two"], "limit");
    assert_eq!(server.get("/old.xml").status, 410);
}

#[test]
fn an_invalid_configuration_changes_nothing_and_is_reported_with_its_position() {
    let site = site();
    let server = site.serve();
    let before = server.get("/atom.xml");
    let good = fs::read_to_string(site.path("feedmill.toml")).expect("it is there");
    edit(&site, |text| text.replace("Tests & more", "Renamed").replace("[server]", "[servr]"));
    let problem = server.wait_for_problem("servr");
    assert!(problem["line"].as_u64() > Some(1) && problem["file"] == "feedmill.toml", "{problem}");
    assert_eq!(server.get("/atom.xml").header("etag"), before.header("etag"));
    // What can be seen only with the sources is refused alike.
    site.write(
        "feedmill.toml",
        &(good.clone() + "[[feed]]\nname = \"x\"\nselect = { sources = [\"nobody\"] }\n"),
    );
    server.wait_for_problem("names no source");
    site.post("2024-01-04-four.md", "Four", "2024-01-04", &[]);
    server.wait_for_titles("/atom.xml", &["Four", "Two", "One"]);
    site.remove("posts/2024-01-04-four.md");
    assert_eq!(server.count_faults("config"), 2);
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &[]);
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    site.remove("feedmill.toml");
    server.wait_for_problem("cannot be read");
    site.write("feedmill.toml", &good.replace("Tests & more", "Mended"));
    server.wait_for_no_problem();
    server.wait_for("/atom.xml", |response| response.text().contains("<title>Mended</title>"));
}

#[test]
fn what_needs_a_restart_says_so_and_all_else_takes_effect() {
    let site = site();
    let server = site.serve();
    edit(&site, |text| {
        text.replace("Tests & more", "Renamed").replace("127.0.0.1:0", "127.0.0.1:1")
            + "workers = 3\n[state]\npath = false\n"
    });
    server.wait_for("/atom.xml", |response| response.text().contains("<title>Renamed</title>"));
    for key in ["server.admin_listen", "server.workers", "state.path"] {
        server.wait_for_problem(key);
    }
    edit(&site, |text| {
        text.replace("127.0.0.1:1", "127.0.0.1:0").replace("workers = 3\n[state]\npath = false\n", "")
    });
    server.wait_for_no_problem();
}

#[test]
fn sources_come_and_go_with_their_watches_and_keep_what_can_not_be_read() {
    let site = site();
    let server = site.serve();
    site.write("posts/2024-01-01-one.md", "---\ntitle: [\n---\n");
    server.wait_for_problem("front matter");
    let broken = server.get("/tags/rust/atom.xml");
    site.write("more/x.md", "---\ntitle: More\ndate: 2024-02-01\ntags: [zig]\n---\n");
    edit(&site, |text| {
        format!(
            "{text}[[source]]\nname = \"more\"\npath = \"more\"\n[taxonomies]\nseries = {{ keys = [\"series\"] }}\n"
        )
    });
    server.wait_for_titles("/atom.xml", &["More", "Two", "One"]);
    assert_eq!(
        server.get("/tags/rust/atom.xml").body,
        broken.body,
        "its last good version outlives a reload"
    );
    site.write("more/x.md", "---\ntitle: Followed\ndate: 2024-02-01\ntags: [zig]\n---\n");
    server.wait_for_titles("/sources/more/atom.xml", &["Followed"]);
    // A root that is gone while the configuration changes keeps its posts.
    fs::rename(site.path("posts"), site.path("away")).expect("it is there");
    server.wait_for_problem("there is no such folder");
    edit(&site, |text| text.replace("name = \"more\"\npath = \"more\"", "name = \"other\"\npath = \"more\""));
    server.wait_for_titles("/sources/other/atom.xml", &["Followed"]);
    assert_eq!(server.get("/atom.xml").titles(), ["Followed", "Two", "One"]);
    assert!(server.get("/atom.xml").text().contains("Body of Two"));
    assert_eq!(server.get("/sources/more/atom.xml").status, 404);
    fs::rename(site.path("away"), site.path("posts")).expect("it is there");
    server.wait_for_status(|status| status["problems"].as_array().is_some_and(|list| list.len() == 1));
    edit(&site, |text| text.replace("[[source]]\nname = \"other\"\npath = \"more\"\n", ""));
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    site.write("more/x.md", "---\ntitle: Nobody looks\ndate: 2024-02-01\n---\n");
    site.write("posts/2024-01-01-one.md", "---\ntitle: Uno\ndate: 2024-01-01\n---\n");
    server.wait_for_titles("/atom.xml", &["Two", "Uno"]);
}

#[test]
fn a_source_that_can_not_be_read_is_refused_and_takes_no_feed_away() {
    let site = site();
    let server = site.serve();
    let config = fs::read_to_string(site.path("feedmill.toml")).expect("it is there");
    let with = |path: &str| {
        let source = format!("[[source]]\nname = \"more\"\npath = \"{path}\"\n");
        site.write("feedmill.toml", &(config.clone() + &source));
    };
    site.write("a-file", "text");
    fs::create_dir(site.path("hugo")).expect("it can be made");
    site.write("hugo/hugo.toml", "title = \"No content\"\n");
    for path in ["nowhere", "a-file", "hugo"] {
        with(path);
        server.wait_for_problem("there is no such folder");
        assert_eq!((server.get("/atom.xml").status, server.get("/readyz").status), (200, 200), "{path}");
        site.write("feedmill.toml", &config);
        server.wait_for_no_problem();
    }
    // It is taken as soon as it is there.
    with("nowhere");
    server.wait_for_problem("there is no such folder");
    site.write("nowhere/x.md", "---\ntitle: More\ndate: 2024-02-01\n---\n");
    server.wait_for_titles("/atom.xml", &["More", "Two", "One"]);
    // An empty folder that is configured is accepted as empty, though it had posts once.
    site.write("feedmill.toml", &config);
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    site.remove("nowhere/x.md");
    with("nowhere");
    server.wait_for_titles("/sources/more/atom.xml", &[]);
    assert_eq!(server.get("/atom.xml").titles(), ["Two", "One"]);
}

#[test]
fn sighup_reads_a_configuration_whose_change_sent_no_event() {
    let site = site();
    let server = site.serve();
    site.write("elsewhere/feedmill.toml", "");
    server.signal("-STOP");
    edit(&site, |text| text.replace("Tests & more", "Renamed"));
    server.signal("-CONT");
    server.signal("-HUP");
    server.wait_for("/atom.xml", |response| response.text().contains("<title>Renamed</title>"));
}

#[test]
fn a_configuration_behind_a_link_is_followed_when_the_link_is_led_elsewhere() {
    let site = site();
    let text = fs::read_to_string(site.path("feedmill.toml")).expect("it is there");
    for (version, title) in [("v1", "First"), ("v2", "Second")] {
        let text = text.replace("Tests & more", title).replace("path = \"posts\"", "path = \"../posts\"");
        site.write(&format!("{version}/feedmill.toml"), &text);
    }
    std::os::unix::fs::symlink("v1", site.path("conf")).expect("it can be made");
    let server = site.start(&["serve", "--config", "conf/feedmill.toml", "--listen", "127.0.0.1:0"]);
    server.wait_for("/atom.xml", |response| response.status == 200 && response.text().contains("First"));
    std::os::unix::fs::symlink("v2", site.path("next")).expect("it can be made");
    fs::rename(site.path("next"), site.path("conf")).expect("it can be replaced");
    server.wait_for("/atom.xml", |response| response.text().contains("Second"));
}

#[test]
fn a_smaller_cache_takes_effect_at_once() {
    let site = site();
    let server = site.serve();
    for number in 0..300 {
        server.get(&format!("/atom.xml?not_tags=x{number}"));
    }
    let weigh = || -> u64 {
        let metrics = server.admin("/metrics");
        let weights = metrics.lines().filter(|line| line.starts_with("feedmill_cache_bytes{"));
        weights.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
    };
    assert!(weigh() > 100_000);
    edit(&site, |text| text.replace("[server]", "[server]\ncache = \"64 KiB\""));
    let started = std::time::Instant::now();
    while weigh() > 64 << 10 {
        assert!(started.elapsed().as_secs() < 20, "{}", weigh());
    }
}
