//! The order of arrival: each post keeps the time at which it first became visible.

use crate::common::{Server, TestSite};

const BY_ARRIVAL: &str = "/feeds/arrivals/atom.xml";

fn site() -> TestSite {
    let site = TestSite::plain("[[feed]]\nname = \"arrivals\"\norder = \"arrival\"\n");
    site.post("one.md", "One", "2024-01-01", &["t"]);
    site.post("two.md", "Two", "2024-01-02", &["t"]);
    site
}

fn wait_for_order(server: &Server, titles: &[&str]) {
    server.wait_for_titles(BY_ARRIVAL, titles);
    server.wait_for_titles("/tags/t/rss.xml?order=arrival", titles);
}

#[test]
fn posts_are_in_the_order_in_which_they_appear_whatever_their_dates() {
    let site = site();
    let server = site.serve();
    wait_for_order(&server, &["Two", "One"]);
    site.post("old.md", "Old", "2015-01-01", &["t"]);
    wait_for_order(&server, &["Old", "Two", "One"]);
    assert_eq!(server.get("/atom.xml").titles(), ["Two", "One", "Old"]);
    let etag = server.get(BY_ARRIVAL).required("etag").to_owned();
    // A draft arrives when it is published, a renamed file keeps its place, and so does an edited one.
    site.write("posts/draft.md", "---\ntitle: Draft\ndate: 2014-01-01\ntags: [t]\ndraft: true\n---\n");
    site.post("last.md", "Last", "2013-01-01", &["t"]);
    wait_for_order(&server, &["Last", "Old", "Two", "One"]);
    assert_ne!(server.get(BY_ARRIVAL).required("etag"), etag);
    site.write("posts/draft.md", "---\ntitle: Draft\ndate: 2014-01-01\ntags: [t]\n---\n");
    wait_for_order(&server, &["Draft", "Last", "Old", "Two", "One"]);
    site.rename("posts/old.md", "posts/renamed.md");
    site.post("two.md", "Zwei", "2012-01-02", &["t"]);
    wait_for_order(&server, &["Draft", "Last", "Old", "Zwei", "One"]);
}

#[test]
fn arrivals_survive_a_kill_and_what_happens_while_nothing_runs() {
    let site = site();
    let server = site.serve();
    server.wait_for_titles(BY_ARRIVAL, &["Two", "One"]);
    site.post("old.md", "Old", "2015-01-01", &["t"]);
    server.wait_for_titles(BY_ARRIVAL, &["Old", "Two", "One"]);
    assert_eq!(server.stop("-KILL"), None);
    site.post("older.md", "Older", "2014-01-01", &["t"]);
    site.rename("posts/one.md", "posts/renamed.md");
    let server = site.serve();
    wait_for_order(&server, &["Older", "Old", "Two", "One"]);
    assert_eq!(server.stop("-KILL"), None);
    // Without the stored catalog, everything is read again.
    site.remove(".feedmill/catalog");
    wait_for_order(&site.serve(), &["Older", "Old", "Two", "One"]);
}

#[test]
fn a_post_that_moves_to_another_source_keeps_its_arrival() {
    let site = site();
    site.write(
        "feedmill.toml",
        &(site.read("feedmill.toml") + "[[source]]\nname = \"more\"\npath = \"more\"\n"),
    );
    site.write("more/three.md", "---\ntitle: Three\ndate: 2024-01-03\n---\n");
    let server = site.serve();
    server.wait_for_titles(BY_ARRIVAL, &["Three", "Two", "One"]);
    site.post("old.md", "Old", "2015-01-01", &["t"]);
    server.wait_for_titles(BY_ARRIVAL, &["Old", "Three", "Two", "One"]);
    site.rename("posts/one.md", "more/one.md");
    server.wait_for_titles("/sources/more/atom.xml", &["Three", "One"]);
    server.wait_for_titles(BY_ARRIVAL, &["Old", "Three", "Two", "One"]);
    // As some programs move a file: a copy, then the original is deleted.
    site.write("more/two.md", &site.read("posts/two.md"));
    server.wait_for_titles("/sources/more/atom.xml", &["Three", "Two", "One"]);
    site.remove("posts/two.md");
    server.wait_for_titles("/sources/posts/atom.xml", &["Old"]);
    server.wait_for_titles(BY_ARRIVAL, &["Old", "Three", "Two", "One"]);
}
