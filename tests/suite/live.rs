//! Saves, renames, moves and deletions are served without a restart.

use std::fs;

use crate::common::TestSite;

fn site() -> TestSite {
    let site = TestSite::plain("");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &["rust"]);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &["news"]);
    site
}

#[test]
fn a_new_post_appears() {
    let site = site();
    let server = site.serve();
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &["rust"]);
    server.wait_for_titles("/atom.xml", &["Three", "Two", "One"]);
    server.wait_for_titles("/tags/rust/atom.xml", &["Three", "One"]);
}

#[test]
fn an_edit_changes_title_terms_and_text() {
    let site = site();
    let server = site.serve();
    let before = server.get("/atom.xml");
    site.post("2024-01-01-one.md", "Uno", "2024-01-01", &["news"]);
    server.wait_for_titles("/atom.xml", &["Two", "Uno"]);
    server.wait_for_titles("/tags/news/atom.xml", &["Two", "Uno"]);
    let after = server.get("/atom.xml");
    assert_ne!(after.header("etag"), before.header("etag"));
    assert!(after.text().contains("Body of Uno."));
    // The term that lost its last post is an empty feed, not a missing one.
    server.wait_for_titles("/tags/rust/atom.xml", &[]);
}

#[test]
fn other_feeds_keep_their_validators() {
    let site = site();
    let server = site.serve();
    let news = server.get("/tags/news/atom.xml");
    site.post("2024-01-01-one.md", "Uno", "2024-01-01", &["rust"]);
    server.wait_for_titles("/tags/rust/atom.xml", &["Uno"]);
    let again = server.get("/tags/news/atom.xml");
    for name in ["etag", "last-modified"] {
        assert_eq!(again.header(name), news.header(name), "{name}");
    }
    let etag = news.required("etag");
    assert_eq!(server.ask("GET", "/tags/news/atom.xml", &[("If-None-Match", etag)]).status, 304);
}

#[test]
fn a_save_by_rename_is_one_change() {
    let site = site();
    let server = site.serve();
    site.write("posts/.one.swp", "not a post");
    let text = site.read("posts/2024-01-01-one.md");
    site.write("posts/4913", &text.replace("title: \"One\"", "title: \"Uno\""));
    site.rename("posts/4913", "posts/2024-01-01-one.md");
    server.wait_for_titles("/atom.xml", &["Two", "Uno"]);
    // The line comes after the change is served.
    server.wait_for_log("changed ");
    assert_eq!(server.log().matches("changed ").count(), 1, "{}", server.log());
}

#[test]
fn a_renamed_post_is_at_its_new_address_only() {
    let site = site();
    let server = site.serve();
    site.rename("posts/2024-01-01-one.md", "posts/2024-01-01-uno.md");
    let response = server.wait_for("/feed.json", |response| response.text().contains("/2024-01-01-uno/"));
    assert!(!response.text().contains("/2024-01-01-one/"));
    assert_eq!(response.titles().len(), 2);
}

#[test]
fn a_deleted_post_goes() {
    let site = site();
    let server = site.serve();
    site.remove("posts/2024-01-02-two.md");
    server.wait_for_titles("/atom.xml", &["One"]);
}

#[test]
fn whole_folders_come_and_go() {
    let site = site();
    let server = site.serve();
    for number in 0..50 {
        let title = format!("P{number}");
        site.write(
            &format!("outside/a/b/{number}.md"),
            &format!("---\ntitle: {title}\ndate: 2023-01-01\n---\nx\n"),
        );
    }
    site.rename("outside", "posts/moved-in");
    server.wait_for("/sources/posts/feed.json", |response| response.text().contains("moved-in/a/b/"));
    server.wait_for_log("many files at once: 50 changed");
    // Files that come later, into folders that came, are seen too.
    site.write("posts/moved-in/a/b/c/late.md", "---\ntitle: Late\ndate: 2025-01-01\n---\nx\n");
    server.wait_for("/atom.xml", |response| response.text().contains("<title>Late</title>"));
    site.rename("posts/moved-in", "moved-out");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
    site.create_folder("posts/x/y/z");
    site.write("posts/x/y/z/deep.md", "---\ntitle: Deep\ndate: 2022-01-01\n---\nx\n");
    server.wait_for_titles("/atom.xml", &["Two", "One", "Deep"]);
    site.remove_folder("posts/x");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
}

#[test]
fn a_scheduled_post_appears_by_itself() {
    let site = site();
    let soon = chrono::Utc::now() + chrono::TimeDelta::milliseconds(1500);
    site.post("later.md", "Later", &soon.to_rfc3339(), &[]);
    let server = site.serve();
    assert_eq!(server.get("/atom.xml").titles(), ["Two", "One"]);
    server.wait_for_titles("/atom.xml", &["Later", "Two", "One"]);
    assert!(chrono::Utc::now() >= soon);
}

#[test]
fn a_post_that_breaks_keeps_its_place_until_it_is_fixed() {
    let site = site();
    let server = site.serve();
    let ids = |response: &crate::common::Response| {
        response.feed().entries.iter().map(|entry| entry.id.clone()).collect::<Vec<_>>()
    };
    let before = ids(&server.get("/atom.xml"));
    site.write("posts/2024-01-01-one.md", "---\ntitle: [broken\n---\n");
    server.wait_for_log("posts/2024-01-01-one.md:2:8:");
    let broken = server.wait_for_titles("/atom.xml", &["Two", "One"]);
    assert_eq!(ids(&broken), before);
    site.post("2024-01-01-one.md", "Fixed", "2024-01-01", &["rust"]);
    let fixed = server.wait_for_titles("/atom.xml", &["Two", "Fixed"]);
    assert!(fixed.text().contains("Body of Fixed."));
    site.write("posts/2024-01-01-one.md", "");
    server.wait_for_log("the file is empty");
    server.wait_for_titles("/atom.xml", &["Two", "Fixed"]);
}

#[test]
fn an_undated_post_keeps_the_date_it_was_first_seen_with() {
    let site = TestSite::plain("");
    site.write("posts/undated.md", "# Undated\n\nText.\n");
    let server = site.serve();
    let date = |response: &crate::common::Response| response.feed().entries[0].published;
    let before = date(&server.get("/atom.xml"));
    site.write("posts/undated.md", "# Undated, edited\n\nText.\n");
    assert_eq!(date(&server.wait_for_titles("/atom.xml", &["Undated, edited"])), before);
}

#[test]
fn a_source_that_is_polled_is_current_too() {
    let site = TestSite::plain("watch = \"poll\"\npoll = 1\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &[]);
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
}

#[test]
fn a_root_that_vanishes_and_comes_back_loses_nothing() {
    let site = TestSite::plain("sweep = 1\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    site.rename("posts", "away");
    server.wait_for_log("its posts stay as they were");
    assert_eq!(server.get("/atom.xml").titles(), ["One"]);
    site.write("away/2024-01-02-two.md", "---\ntitle: Two\ndate: 2024-01-02\n---\nx\n");
    site.rename("away", "posts");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
}

#[test]
fn what_is_excluded_hidden_or_ignored_is_no_post() {
    let site = TestSite::plain("exclude = [\"drafts/**\"]\n");
    site.write("posts/.feedmillignore", "# not these\nprivate/\n*.secret.md\n");
    let post = "---\ntitle: T\ndate: 2024-01-01\n---\nx\n";
    for name in ["drafts/a/b.md", "private/c.md", "d.secret.md", ".hidden/e.md", ".f.md", "g.txt", "h.md~"] {
        site.write(&format!("posts/{name}"), post);
    }
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["One"]);
    site.write("posts/private/late.md", post);
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &[]);
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
}

#[test]
fn what_an_entry_shows_changes_its_etag_wherever_it_comes_from() {
    let site = TestSite::new();
    let post = "---\ntitle: T\ndate: 2024-01-01\n---\nx\n";
    site.write("blog/news/_posts/2024-01-01-t.md", post);
    site.write("blog/_config.yml", "url: https://example.org\npermalink: /:title/\n");
    let server = site.start(&["serve", "blog", "--listen", "127.0.0.1:0"]);
    let before = server.wait_for("/atom.xml", |response| response.text().contains("term=\"news\""));
    // The category is the folder's name: the same bytes at the same address are another entry.
    site.rename("blog/news", "blog/tech");
    let after = server.wait_for("/atom.xml", |response| response.text().contains("term=\"tech\""));
    assert_ne!(after.header("etag"), before.header("etag"));
}

#[test]
fn events_bring_no_post_that_a_scan_leaves_out() {
    let site = TestSite::plain("exclude = [\"drafts\"]\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    site.create_folder("posts/node_modules/pkg");
    site.create_folder("posts/drafts");
    site.create_folder("posts/.git");
    let server = site.serve();
    let post = "---\ntitle: No\ndate: 2024-01-02\n---\nx\n";
    for name in ["node_modules/pkg/README.md", "drafts/d.md", ".git/x.md"] {
        site.write(&format!("posts/{name}"), post);
    }
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &[]);
    server.wait_for_titles("/atom.xml", &["Three", "One"]);
}

#[test]
fn a_file_that_grows_all_the_time_is_read_while_it_grows() {
    use std::io::Write;
    let site = site();
    let server = site.serve();
    let file = fs::File::create(site.path("posts/log.md")).expect("the file can be created");
    writeln!(&file, "---\ntitle: Log\ndate: 2025-01-01\n---").expect("the file can be written");
    server.wait_for("/atom.xml", |feed| {
        writeln!(&file, "another line").expect("the file can be written");
        feed.titles()[0] == "Log"
    });
}

#[test]
fn a_file_of_two_sources_changes_both() {
    let site = TestSite::plain("[[source]]\nname = \"sub\"\npath = \"posts/sub\"\n");
    site.post("sub/s.md", "Before", "2024-01-01", &[]);
    let server = site.serve();
    site.post("sub/s.md", "After", "2024-01-01", &[]);
    server.wait_for_titles("/sources/posts/atom.xml", &["After"]);
    server.wait_for_titles("/sources/sub/atom.xml", &["After"]);
}

#[test]
fn a_touched_file_changes_nothing() {
    let site = site();
    let server = site.serve();
    let before = server.get("/atom.xml");
    let text = site.read("posts/2024-01-01-one.md");
    site.write("posts/2024-01-01-one.md", &text);
    site.post("2024-01-03-three.md", "Three", "2024-01-03", &["rust"]);
    server.wait_for_titles("/tags/rust/atom.xml", &["Three", "One"]);
    server.wait_for_log("changed posts/2024-01-03-three.md");
    assert!(!server.log().contains("changed posts/2024-01-01-one.md"), "{}", server.log());
    site.remove("posts/2024-01-03-three.md");
    let after = server.wait_for_titles("/atom.xml", &["Two", "One"]);
    assert_eq!(after.header("etag"), before.header("etag"));
    assert_ne!(after.header("last-modified"), None);
}

#[test]
fn a_post_without_a_date_keeps_that_of_its_first_sight() {
    let site = TestSite::plain("");
    let write = |name: &str, year: u64, text: &str| {
        site.write(&format!("posts/{name}.md"), &format!("# {name}\n\n{text}\n"));
        let file = fs::File::options()
            .write(true)
            .open(site.path(&format!("posts/{name}.md")))
            .expect("the file exists");
        let modified = std::time::UNIX_EPOCH + std::time::Duration::from_secs((year - 1970) * 31_557_600);
        file.set_modified(modified).expect("a file has a time");
    };
    let years = |server: &crate::common::Server| -> Vec<String> {
        let feed = server.get("/atom.xml").feed();
        let year = |entry: feed_rs::model::Entry| {
            let date = entry.published.expect("a date").to_rfc3339();
            format!("{} {}", entry.title.expect("a title").content, &date[..4])
        };
        feed.entries.into_iter().map(year).collect()
    };
    write("old", 2015, "As it was.");
    let server = site.serve();
    // Nothing is remembered yet: the modification time of the file counts.
    assert_eq!(years(&server), ["old 2015"]);
    assert_eq!(server.stop("-TERM"), Some(0));
    write("old", 2018, "Edited while the server was down.");
    write("copied", 2012, "A file older than its arrival.");
    let server = site.serve();
    let now = chrono::Utc::now().format("%Y");
    assert_eq!(years(&server), [format!("copied {now}"), "old 2015".to_owned()]);
    drop(server);
    site.remove_folder(".feedmill");
    assert_eq!(years(&site.serve()), ["old 2018", "copied 2012"], "without a state the files decide");
}

#[test]
fn a_hangup_signal_causes_a_rescan() {
    let site = TestSite::plain("watch = \"off\"\n");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    site.post("2024-01-02-two.md", "Two", "2024-01-02", &[]);
    server.signal("-HUP");
    server.wait_for_titles("/atom.xml", &["Two", "One"]);
}
