//! The ledger: what files do not say travels with them.

use std::path::Path;
use std::process::Command;

use crate::common::{Server, TestSite, copy_folder, parse_json, wait_until};

const LEDGER: &str = "feedmill.ledger";
const BY_ARRIVAL: &str = "/feeds/arrivals/atom.xml";
const SETTINGS: &str = "[[feed]]\nname = \"arrivals\"\norder = \"arrival\"\n[ledger]\npath = \"feedmill.ledger\"\n\
                        [server]\npublic_url = \"https://feeds.example.org\"\nadmin_listen = \"127.0.0.1:0\"\n";

fn site() -> TestSite {
    let site = TestSite::plain(SETTINGS);
    site.post("one.md", "One", "2024-01-01", &["t"]);
    site.post("two.md", "Two", "2024-01-02", &["t"]);
    site
}

fn write_undated(site: &TestSite, title: &str) {
    site.write(&format!("posts/{title}.md"), &format!("---\ntitle: {title}\n---\nText.\n"));
}

/// The facts of a ledger, when it has this many.
fn wait_for_facts(site: &TestSite, count: usize) -> String {
    let read = || std::fs::read_to_string(site.path(LEDGER)).unwrap_or_default();
    wait_until(
        || Some(read()).filter(|text| text.lines().count() == count),
        || format!("not {count}:\n{}", read()),
    )
}

fn wait_for_order(server: &Server, titles: &[&str]) {
    server.wait_for_titles(BY_ARRIVAL, titles);
}

/// Another machine with copies of the same files, which are newer there.
fn clone(site: &TestSite) -> TestSite {
    let other = TestSite::new();
    copy_folder(&site.path("posts"), &other.path("posts"));
    for name in ["feedmill.toml", LEDGER] {
        other.write(name, &site.read(name));
    }
    other
}

fn assert_equal(one: &Server, other: &Server) {
    for path in [BY_ARRIVAL, "/atom.xml", "/rss.xml", "/feed.json", "/tags/t/feed.json?order=arrival&limit=2"]
    {
        let answers = [one, other].map(|server| server.get(path));
        assert_eq!(answers[0].text(), answers[1].text(), "{path}");
        assert_eq!(answers[0].required("etag"), answers[1].required("etag"), "{path}");
    }
}

#[test]
fn servers_with_one_ledger_give_equal_documents() {
    let site = site();
    write_undated(&site, "Early");
    let server = site.serve();
    server.wait_for(BY_ARRIVAL, |response| response.titles().len() == 3);
    site.post("old.md", "Old", "2015-01-01", &["t"]);
    server.wait_for(BY_ARRIVAL, |response| response.titles()[0] == "Old");
    write_undated(&site, "Late");
    server.wait_for(BY_ARRIVAL, |response| response.titles()[0] == "Late");
    let text = wait_for_facts(&site, 5);
    let facts: Vec<_> = text.lines().map(parse_json).collect();
    let keys: Vec<&str> = facts[0].as_object().expect("it is an object").keys().map(String::as_str).collect();
    assert_eq!(keys, ["source", "path", "seen", "id", "hash"]);
    let paths: Vec<_> = facts.iter().map(|fact| fact["path"].as_str().expect("it has a path")).collect();
    assert_eq!(paths, ["Early.md", "Late.md", "old.md", "one.md", "two.md"]);
    assert_eq!(facts[3]["seen"], "2024-01-01T00:00:00.000000Z");
    let other = clone(&site);
    let replica = other.serve();
    replica.wait_for(BY_ARRIVAL, |response| response.titles().len() == 5);
    assert_equal(&server, &replica);
    assert_eq!(other.read(LEDGER), text, "nothing is new");
    // A static copy has the same order. It remembers nothing of its own.
    assert_eq!(other.run(&["export", "public"]).0, 0);
    let exported = other.read("public/feeds/arrivals/atom.xml");
    let served = crate::common::parse_feed(&replica.get(BY_ARRIVAL).text());
    let ids = |feed: feed_rs::model::Feed| {
        feed.entries.into_iter().map(|entry| (entry.id, entry.published)).collect::<Vec<_>>()
    };
    assert_eq!(ids(crate::common::parse_feed(&exported)), ids(served));
    assert!(!other.path("public/.feedmill-arrivals").exists());
}

#[test]
fn the_ledger_replaces_a_lost_state_and_knows_posts_that_arrived_while_nothing_ran() {
    let site = site();
    let server = site.serve();
    wait_for_order(&server, &["Two", "One"]);
    site.post("old.md", "Old", "2015-01-01", &["t"]);
    wait_for_order(&server, &["Old", "Two", "One"]);
    wait_for_facts(&site, 3);
    assert_eq!(server.stop("-KILL"), None);
    site.remove_folder(".feedmill");
    // It is new, a rename is not, and neither is a post that is written again.
    site.post("older.md", "Older", "2014-01-01", &["t"]);
    site.rename("posts/two.md", "posts/renamed.md");
    site.post("old.md", "Old", "2011-01-01", &["t"]);
    let server = site.serve();
    wait_for_order(&server, &["Older", "Old", "Two", "One"]);
    assert!(
        wait_for_facts(&site, 5).contains("\"path\":\"renamed.md\",\"seen\":\"2024-01-02T00:00:00.000000Z\"")
    );
}

#[test]
fn an_earlier_fact_from_elsewhere_takes_effect_while_the_server_runs() {
    let site = site();
    let server = site.serve();
    site.post("a.md", "A", "2015-01-01", &["t"]);
    wait_for_order(&server, &["A", "Two", "One"]);
    site.post("b.md", "B", "2015-01-01", &["t"]);
    wait_for_order(&server, &["B", "A", "Two", "One"]);
    let text = wait_for_facts(&site, 4);
    // Another machine saw it on the day before.
    let later =
        parse_json(text.lines().nth(1).expect("it is b.md"))["seen"].as_str().expect("a time").to_owned();
    site.write(LEDGER, &text.replace(&later, "2024-01-01T12:00:00.000000Z"));
    wait_for_order(&server, &["A", "Two", "B", "One"]);
    assert!(site.read(LEDGER).contains("2024-01-01T12:00:00.000000Z"));
}

#[test]
fn a_ledger_that_cannot_be_used_is_reported_and_written_when_it_can() {
    let site = site();
    site.create_folder(LEDGER);
    let server = site.serve();
    wait_for_order(&server, &["Two", "One"]);
    server.wait_for_problem("the ledger cannot be read: it is not a regular file.");
    site.post("old.md", "Old", "2015-01-01", &["t"]);
    wait_for_order(&server, &["Old", "Two", "One"]);
    site.remove_folder(LEDGER);
    wait_for_facts(&site, 3);
    server.wait_for_no_problem();
    // A damaged line is kept, and named.
    let text = site.read(LEDGER);
    site.write(LEDGER, &format!("<<<<<<< HEAD\n{text}"));
    server.wait_for_problem("feedmill.ledger");
    site.post("older.md", "Older", "2014-01-01", &["t"]);
    assert!(wait_for_facts(&site, 5).ends_with("<<<<<<< HEAD\n"));
    let (_, problems, _) = site.run(&["check"]);
    let expected = "feedmill.ledger:5:1: warning: this line of the ledger is not used";
    assert!(problems.contains(expected), "{problems}");
}

fn git(folder: &Path, args: &[&str]) {
    let identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"];
    let output =
        Command::new("git").args(identity).args(args).current_dir(folder).output().expect("git is installed");
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn git_merges_the_ledgers_of_two_branches_as_feedmill_does() {
    let site = TestSite::new();
    let folder = site.path("");
    let line = |path: &str, seen: u32, id: &str| {
        format!(
            "{{\"source\":\"posts\",\"path\":\"{path}\",\"seen\":\"2024-01-{seen:02}T00:00:00.000000Z\",\"id\":\"{id}\",\
             \"hash\":\"{seen:032x}\"}}\n"
        )
    };
    let commit = |text: &str| {
        site.write(LEDGER, text);
        git(&folder, &["add", "-A"]);
        git(&folder, &["commit", "-qm", "Posts"]);
    };
    git(&folder, &["init", "-q"]);
    site.write(".gitattributes", "feedmill.ledger merge=union\n");
    commit(&line("a.md", 1, "a"));
    git(&folder, &["checkout", "-qb", "other"]);
    let other = [line("a.md", 1, "a"), line("b.md", 5, "b"), line("d.md", 9, "d")].concat();
    commit(&other);
    git(&folder, &["checkout", "-q", "main"]);
    let own =
        [line("a.md", 1, "a"), line("b.md", 3, "b"), line("c.md", 4, "c"), line("d.md", 9, "c")].concat();
    commit(&own);
    git(&folder, &["merge", "-q", "other", "-m", "Merge"]);
    let merged = site.read(LEDGER);
    assert!(merged.lines().count() > 4, "both lines of b.md are there: {merged}");
    // feedmill reads the merged file as the union, and writes it so.
    site.write("feedmill.toml", "[site]\ntitle = \"T\"\n[[source]]\npath = \"posts\"\ndialect = \"plain\"\n[ledger]\npath = \"feedmill.ledger\"\n");
    site.write("posts/b.md", "---\ntitle: B\ndate: 2024-01-20\n---\n");
    assert_eq!(site.run(&["export", "public"]).0, 0);
    let expected =
        [line("a.md", 1, "a"), line("b.md", 3, "b"), line("c.md", 4, "c"), line("d.md", 9, "c")].concat();
    let without_hashes = |text: &str| {
        text.lines()
            .map(|line| line.split(",\"hash\"").next().unwrap_or_default().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(without_hashes(&site.read(LEDGER)), without_hashes(&expected));
}
