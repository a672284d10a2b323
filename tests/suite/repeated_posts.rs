//! `unique`: of the posts with one value under a key, only the first is an entry.

use crate::common::{TestSite, parse_json};

/// A plain site in which only one entry has each original.
fn site() -> TestSite {
    let site = TestSite::plain("unique = \"from\"\n");
    write(&site, "later", "2024-01-05", "http://paper.example/a/?utm_source=x");
    write(&site, "first", "2024-01-02", "https://www.paper.example/a");
    write(&site, "last", "2024-01-09", "https://m.paper.example/a#top");
    write(&site, "other", "2024-01-03", "https://www.paper.example/b");
    site.post("without.md", "without", "2024-01-04", &[]);
    site.post("with-none.md", "with-none", "2024-01-01", &[]);
    site
}

fn write(site: &TestSite, name: &str, date: &str, original: &str) {
    let front = format!("title: {name}\ndate: {date}\ntags: [t]\nfrom: {original}");
    site.write(&format!("posts/{name}.md"), &format!("---\n{front}\n---\nText.\n"));
}

const ONCE: [&str; 4] = ["without", "other", "first", "with-none"];

#[test]
fn of_the_posts_with_one_value_only_the_first_is_an_entry() {
    let site = site();
    let server = site.serve();
    assert_eq!(server.get("/atom.xml").titles(), ONCE);
    assert_eq!(server.get("/tags/t/rss.xml").titles(), ["other", "first"]);
    assert_eq!(server.get("/entries/posts/first/").status, 200);
    assert_eq!(server.get("/entries/posts/later/").status, 404);
}

#[test]
fn check_counts_the_others_and_names_the_one_that_is_published() {
    let site = site();
    let (status, shown, errors) = site.run(&["check", "--strict"]);
    assert_eq!(status, 0, "it is a note, not a warning: {shown}{errors}");
    for file in ["later", "last"] {
        let note = format!(
            "posts/{file}.md:1:1: note: it is not published: \"posts/first.md\" has the same `from`. If they are"
        );
        assert!(shown.contains(&note), "{note}\n{shown}");
    }
    assert!(shown.contains("0 errors, 0 warnings in 0 files; 4 posts can be served"), "{shown}");
    assert!(shown.contains("Not published: 2 duplicates."), "{shown}");
    let (_, json, _) = site.run(&["check", "--format", "json"]);
    let notes = parse_json(&json);
    assert_eq!(notes.as_array().map(Vec::len), Some(2), "{json}");
    assert_eq!(notes[0]["severity"], "note");
    let (_, github, _) = site.run(&["check", "--format", "github"]);
    assert!(github.contains("::notice file=posts/last.md,line=1,col=1,"), "{github}");
}

#[test]
fn explain_names_the_one_that_is_published() {
    let site = site();
    let (status, shown, _) = site.run(&["explain", "posts/later.md"]);
    assert_eq!(status, 1);
    assert!(
        shown.starts_with(
            "posts/later.md is not an entry: posts/first.md has the same `from`, and is the entry."
        ),
        "{shown}"
    );
    assert_eq!(site.run(&["explain", "posts/first.md"]).0, 0);
}

#[test]
fn when_the_first_is_deleted_the_next_takes_its_place() {
    let site = site();
    let server = site.serve();
    site.remove("posts/first.md");
    server.wait_for_titles("/atom.xml", &["later", "without", "other", "with-none"]);
    assert_eq!(server.get("/tags/t/rss.xml").titles(), ["later", "other"]);
    // An edit of another one changes nothing.
    write(&site, "last", "2024-01-10", "https://paper.example/a");
    site.post("new.md", "new", "2024-02-01", &[]);
    server.wait_for_titles("/atom.xml", &["new", "later", "without", "other", "with-none"]);
    // One that gets another value is an entry of its own.
    write(&site, "later", "2024-01-05", "https://paper.example/c");
    server.wait_for_titles("/atom.xml", &["new", "last", "later", "without", "other", "with-none"]);
    site.remove("posts/last.md");
    server.wait_for_titles("/atom.xml", &["new", "later", "without", "other", "with-none"]);
}

#[test]
fn the_first_is_the_one_that_arrived_first_whatever_its_date_is() {
    let site = site();
    let server = site.serve();
    write(&site, "copy", "2015-01-01", "https://paper.example/a");
    site.post("new.md", "new", "2024-02-01", &[]);
    let titles = ["new", "without", "other", "first", "with-none"];
    server.wait_for_titles("/atom.xml", &titles);
    assert_eq!(server.stop("-TERM"), Some(0));
    site.serve().wait_for_titles("/atom.xml", &titles);
    // Also without the stored catalog.
    site.remove(".feedmill/catalog");
    site.serve().wait_for_titles("/atom.xml", &titles);
}

#[test]
fn a_post_that_is_hidden_leaves_its_place_to_the_next() {
    let site = site();
    let server = site.serve();
    site.edit("posts/first.md", |text| text.replace("title:", "expires: 2024-01-03\ntitle:"));
    server.wait_for_titles("/atom.xml", &["later", "without", "other", "with-none"]);
    site.edit("posts/first.md", |text| text.replace("expires: 2024-01-03\n", ""));
    server.wait_for_titles("/atom.xml", &ONCE);
    site.edit("posts/first.md", |text| text.replace("title:", "feedmill: false\ntitle:"));
    server.wait_for_titles("/atom.xml", &["later", "without", "other", "with-none"]);
}

#[test]
fn it_is_the_same_after_a_restart_and_follows_the_configuration() {
    let site = site();
    site.serve().stop("-TERM");
    let server = site.serve();
    assert_eq!(server.get("/atom.xml").titles(), ONCE);
    site.edit("feedmill.toml", |text| text.replace("unique = \"from\"\n", ""));
    server.wait_for_titles("/atom.xml", &["last", "later", "without", "other", "first", "with-none"]);
    site.edit("feedmill.toml", |text| format!("{text}unique = \"tags\"\n"));
    server.wait_for_titles("/atom.xml", &["without", "first", "with-none"]);
}

#[test]
fn posts_of_different_sources_do_not_replace_each_other() {
    let site = TestSite::plain(
        "unique = \"from\"\n[[source]]\nname = \"more\"\npath = \"more\"\nunique = \"from\"\n",
    );
    write(&site, "one", "2024-01-02", "https://paper.example/a");
    let front = "title: two\ndate: 2024-01-03\nfrom: https://paper.example/a";
    site.write("more/two.md", &format!("---\n{front}\n---\nText.\n"));
    assert_eq!(site.serve().get("/atom.xml").titles(), ["two", "one"]);
}
