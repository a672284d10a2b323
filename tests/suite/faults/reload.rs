//! feedmill.toml, changed while the server runs: whole or not at all, without a dropped connection.

use crate::common::{TestSite, wait_until};

fn site() -> TestSite {
    let site = TestSite::observed("");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["rust"]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &["go"]);
    site
}

#[test]
fn a_good_configuration_takes_effect_whole_without_a_dropped_connection() {
    let site = site();
    let server = site.serve();
    let mut kept = server.connect();
    assert_eq!(kept.get("/feeds/r/atom.xml").status, 404);
    site.edit("feedmill.toml", |text| {
        text.replace("Tests & more", "Renamed")
            + "[feeds]\nlimit = 1\n[[feed]]\nname = \"r\"\nselect = { tags = [\"rust\"] }\n[paths]\ngone = [\"/old.xml\"]\n"
    });
    server.wait_for("/atom.xml", |response| response.text().contains("<title>Renamed</title>"));
    let named = kept.get("/feeds/r/atom.xml");
    assert_eq!((named.status, named.titles()), (200, vec!["One".to_owned()]));
    assert_eq!(server.get("/atom.xml").titles(), ["Two"], "limit");
    assert_eq!(server.get("/old.xml").status, 410);
}

#[test]
fn an_invalid_configuration_changes_nothing_and_is_reported_with_its_position() {
    let site = site();
    let server = site.serve();
    let before = server.get("/atom.xml");
    let good = site.read("feedmill.toml");
    site.edit("feedmill.toml", |text| text.replace("Tests & more", "Renamed").replace("[server]", "[servr]"));
    let problem = server.wait_for_problem("servr");
    assert!(problem["line"].as_u64() > Some(1) && problem["file"] == "feedmill.toml", "{problem}");
    assert_eq!(server.get("/atom.xml").header("etag"), before.header("etag"));
    // What can be seen only with the sources is refused alike.
    site.write(
        "feedmill.toml",
        &(good.clone() + "[[feed]]\nname = \"x\"\nselect = { sources = [\"unknown\"] }\n"),
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
    site.write("feedmill.toml", &good.replace("Tests & more", "Fixed"));
    server.wait_for_no_problem();
    server.wait_for("/atom.xml", |response| response.text().contains("<title>Fixed</title>"));
}

#[test]
fn what_needs_a_restart_says_so_and_all_else_takes_effect() {
    let site = site();
    let server = site.serve();
    site.edit("feedmill.toml", |text| {
        text.replace("Tests & more", "Renamed").replace("127.0.0.1:0", "127.0.0.1:1")
            + "workers = 3\n[state]\npath = false\n"
    });
    server.wait_for("/atom.xml", |response| response.text().contains("<title>Renamed</title>"));
    for key in ["server.admin_listen", "server.workers", "state.path"] {
        server.wait_for_problem(key);
    }
    site.edit("feedmill.toml", |text| {
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
    site.edit("feedmill.toml", |text| {
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
    site.rename("posts", "away");
    server.wait_for_problem("there is no such folder");
    site.edit("feedmill.toml", |text| {
        text.replace("name = \"more\"\npath = \"more\"", "name = \"other\"\npath = \"more\"")
    });
    server.wait_for_titles("/sources/other/atom.xml", &["Followed"]);
    assert_eq!(server.get("/atom.xml").titles(), ["Followed", "Two", "One"]);
    assert!(server.get("/atom.xml").text().contains("Body of Two"));
    assert_eq!(server.get("/sources/more/atom.xml").status, 404);
    site.rename("away", "posts");
    server.wait_for_status(|status| status["problems"].as_array().is_some_and(|list| list.len() == 1));
    site.edit("feedmill.toml", |text| text.replace("[[source]]\nname = \"other\"\npath = \"more\"\n", ""));
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    site.write("more/x.md", "---\ntitle: Not watched\ndate: 2024-02-01\n---\n");
    site.write("posts/2024-01-01-one.md", "---\ntitle: Uno\ndate: 2024-01-01\n---\n");
    server.wait_for_titles("/atom.xml", &["Two", "Uno"]);
}

#[test]
fn a_source_that_can_not_be_read_is_refused_and_takes_no_feed_away() {
    let site = site();
    let server = site.serve();
    let config = site.read("feedmill.toml");
    let with = |path: &str| {
        let source = format!("[[source]]\nname = \"more\"\npath = \"{path}\"\n");
        site.write("feedmill.toml", &(config.clone() + &source));
    };
    site.write("a-file", "text");
    site.create_folder("hugo");
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
    site.edit("feedmill.toml", |text| text.replace("Tests & more", "Renamed"));
    server.signal("-CONT");
    server.signal("-HUP");
    server.wait_for("/atom.xml", |response| response.text().contains("<title>Renamed</title>"));
}

#[test]
fn a_configuration_behind_a_link_is_followed_when_the_link_is_led_elsewhere() {
    let site = site();
    let text = site.read("feedmill.toml");
    for (version, title) in [("v1", "First"), ("v2", "Second")] {
        let text = text.replace("Tests & more", title).replace("path = \"posts\"", "path = \"../posts\"");
        site.write(&format!("{version}/feedmill.toml"), &text);
    }
    site.link("conf", "v1");
    let server = site.start(&["serve", "--config", "conf/feedmill.toml", "--listen", "127.0.0.1:0"]);
    server.wait_for("/atom.xml", |response| response.status == 200 && response.text().contains("First"));
    site.relink("conf", "v2");
    server.wait_for("/atom.xml", |response| response.text().contains("Second"));
}

#[test]
fn a_smaller_cache_takes_effect_at_once() {
    let site = site();
    let server = site.serve();
    for number in 0..300 {
        server.get(&format!("/atom.xml?not_tags=x{number}"));
    }
    let weight = || server.metrics("feedmill_cache_bytes{").iter().sum::<u64>();
    assert!(weight() > 100_000);
    site.edit("feedmill.toml", |text| text.replace("[server]", "[server]\ncache = \"64 KiB\""));
    wait_until(|| (weight() <= 64 << 10).then_some(()), || format!("the weight stays {}", weight()));
}
