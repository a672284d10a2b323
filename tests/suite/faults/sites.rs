//! What sites say of themselves, broken, half written, gone or moved while the server runs.

use std::fs;
use std::io::Write;
use std::time::Duration;

use crate::common::{Server, TestSite};

const OWN: &str = "title = \"H\"\nbaseURL = \"https://h.example/\"\n";

/// A Hugo site of two posts, found by itself.
fn serve() -> (TestSite, Server) {
    let site = TestSite::new();
    site.write("hugo/hugo.toml", OWN);
    for (name, day) in [("a", 1), ("b", 2)] {
        let text = format!("---\ntitle: {name}\ndate: 2024-01-0{day}\n---\nText of {name}.\n");
        site.write(&format!("hugo/content/posts/{name}.md"), &text);
    }
    site.write(
        "feedmill.toml",
        "[site]\ntitle = \"T\"\n[server]\nadmin_listen = \"127.0.0.1:0\"\n[[source]]\nname = \"h\"\npath = \"hugo\"\n",
    );
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["b", "a"]);
    (site, server)
}

fn link(server: &Server) -> String {
    let feed = server.get("/atom.xml").feed();
    feed.entries
        .first()
        .and_then(|entry| entry.links.first())
        .map(|link| link.href.clone())
        .unwrap_or_default()
}

#[test]
fn a_number_that_is_none_does_not_make_the_site_read_for_ever() {
    let (site, server) = serve();
    site.write("hugo/hugo.toml", &format!("{OWN}[params]\nx = nan\n[cascade]\nweight = nan\n"));
    server.wait_for_log("configuration changed");
    site.write("hugo/content/posts/c.md", "---\ntitle: c\ndate: 2024-01-03\n---\n");
    server.wait_for_titles("/atom.xml", &["c", "b", "a"]);
    let revision = server.revision();
    for number in 0..5 {
        site.write("hugo/content/posts/c.md", &format!("---\ntitle: c{number}\ndate: 2024-01-03\n---\n"));
        server.wait_for_titles("/atom.xml", &[&format!("c{number}"), "b", "a"]);
    }
    assert!(server.revision() <= revision + 10, "{}", server.log());
}

#[test]
fn posts_that_move_with_what_the_site_says_are_followed() {
    let (site, server) = serve();
    site.rename("hugo/content", "hugo/inhalt");
    server.wait_for_problem("there is no such folder");
    server.wait_for_titles("/atom.xml", &["b", "a"]);
    site.write("hugo/hugo.toml", &format!("{OWN}contentDir = \"inhalt\"\n"));
    server.wait_for_no_problem();
    site.write("hugo/inhalt/posts/c.md", "---\ntitle: c\ndate: 2024-01-03\n---\n");
    server.wait_for_titles("/atom.xml", &["c", "b", "a"]);
}

#[test]
fn a_folder_that_a_site_names_and_that_is_not_there_takes_no_feed_away() {
    let (site, server) = serve();
    let before = server.get("/atom.xml").body;
    site.write("hugo/hugo.toml", &format!("{OWN}contentDir = \"nowhere\"\n"));
    server.wait_for_problem("is missing or empty");
    assert_eq!(server.get("/atom.xml").body, before);
    site.write("hugo/hugo.toml", OWN);
    server.wait_for_no_problem();
}

#[test]
fn what_a_site_said_outlives_a_reload_while_it_can_not_be_read() {
    let (site, server) = serve();
    let before = link(&server);
    let config = site.read("feedmill.toml");
    site.write("hugo/hugo.toml", "title = \"H\n");
    server.wait_for_problem("TOML");
    site.write("feedmill.toml", &format!("{config}[taxonomies]\nseries = {{ keys = [\"series\"] }}\n"));
    server.wait_for_log("the new configuration is in effect");
    assert_eq!(link(&server), before);
    server.wait_for_problem("TOML");
    site.remove("hugo/hugo.toml");
    server.wait_for_problem("gone or empty");
    site.write("feedmill.toml", &config.replace("title = \"T\"", "title = \"U\""));
    server.wait_for("/atom.xml", |response| response.text().contains("<title>U</title>"));
    assert_eq!(link(&server), before);
    server.wait_for_problem("gone or empty");
    // The whole site is gone, and the configuration is another: its posts stay.
    site.rename("hugo", "away");
    server.wait_for_problem("there is no such folder");
    site.write("feedmill.toml", &format!("{config}[taxonomies]\nother = {{ keys = [\"other\"] }}\n"));
    server.wait_for("/atom.xml", |response| response.text().contains("<title>T</title>"));
    assert_eq!((server.get("/readyz").status, link(&server)), (200, before.clone()));
    site.rename("away", "hugo");
    site.write("hugo/hugo.toml", OWN);
    server.wait_for_no_problem();
    assert_eq!(link(&server), before);
}

#[test]
fn a_configuration_is_read_when_its_writer_is_done() {
    let (site, server) = serve();
    let config = site.read("feedmill.toml");
    let slowly = |name: &str, first: &str, rest: &str| {
        let mut file = fs::File::create(site.path(name)).expect("the file can be created");
        file.write_all(first.as_bytes()).expect("the file can be written");
        file.flush().expect("the file can be written");
        // As long as an editor on a busy machine pauses.
        std::thread::sleep(Duration::from_millis(30));
        file.write_all(rest.as_bytes()).expect("the file can be written");
    };
    let before = link(&server);
    let revision = server.revision();
    slowly("hugo/hugo.toml", "title = \"H\"\n", "baseURL = \"https://h.example/\"\nenableEmoji = true\n");
    server.wait_past(revision);
    assert_eq!(link(&server), before);
    slowly("feedmill.toml", &config, "[[feed]]\nname = \"n\"\n");
    server.wait_for("/feeds/n/atom.xml", |response| response.status == 200);
    assert_eq!(server.log().matches("the new configuration is in effect").count(), 1);
}
