//! Files that are no posts: each is one clear line, the others are served, nothing panics.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::site::TestSite;

#[test]
fn each_bad_file_is_one_problem_and_the_others_are_served() {
    let site = TestSite::plain("");
    site.post("2024-01-01-good.md", "Good", "2024-01-01", &[]);
    site.write("posts/broken-yaml.md", "---\ntitle: \"a\ntags: [x\n---\nx\n");
    site.write("posts/bad-date.md", "---\ntitle: x\ndate: 2024-13-02\n---\nx\n");
    site.write("posts/unclosed.md", "---\ntitle: x\n\nText.\n");
    site.write("posts/empty.md", "");
    site.write_bytes("posts/binary.md", b"\x7FELF\x02\x01\x01\0\0\0\0\0");
    site.write_bytes("posts/latin-1.md", b"---\ntitle: caf\xE9\n---\n");
    site.write("posts/nested.md", &format!("---\na: {}\n---\n", "[".repeat(5000)));
    File::create(site.path("posts/huge.md")).and_then(|file| file.set_len(50 << 20)).expect("there is room");
    fs::create_dir(site.path("posts/folder.md")).expect("it can be made");
    site.write("posts/folder.md/inside.md", "---\ntitle: Inside\ndate: 2023-01-01\n---\nx\n");
    fs::create_dir(site.path("posts/loop")).expect("it can be made");
    symlink("..", site.path("posts/loop/up")).expect("it can be linked");
    symlink("self.md", site.path("posts/self.md")).expect("it can be linked");
    let expected = [
        "posts/bad-date.md:3:7: error: the date \"2024-13-02\" has no such month. Write it as YYYY-MM-DD",
        "posts/binary.md:1:8: error: this is a binary file.",
        "posts/broken-yaml.md:",
        "posts/empty.md:1:1: error: the file is empty.",
        "posts/folder.md:1:1: error: this is a folder with the name of a post. Rename it.",
        "posts/huge.md:1:1: error: the file is larger than 32 MiB.",
        "posts/latin-1.md:2:11: error: this is not UTF-8 from here on. Save the file as UTF-8.",
        "posts/loop/up:1:1: error: this link leads back to a folder above it.",
        "posts/nested.md:2:1: error: the front matter is not YAML: values are nested more than 32 deep",
        "posts/self.md:1:1: error: can't be looked at",
        "posts/unclosed.md:1:1: error: the front matter is never closed.",
    ];
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["Good", "Inside"]);
    server.wait_for_log("11 problems");
    let log = server.log();
    for line in expected {
        assert_eq!(log.matches(line).count(), 1, "{line} in\n{log}");
    }
    assert_eq!(log.matches(": error: ").count(), expected.len(), "{log}");
}

#[test]
fn an_unreadable_file_is_told_and_read_once_it_can_be() {
    let site = TestSite::plain("");
    site.post("2024-01-01-good.md", "Good", "2024-01-01", &[]);
    site.post("2024-01-02-secret.md", "Secret", "2024-01-02", &[]);
    let secret = site.path("posts/2024-01-02-secret.md");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o000)).expect("it is ours");
    if File::open(&secret).is_ok() {
        // Nothing is unreadable for root.
        return;
    }
    let server = site.serve();
    server.wait_for_titles("/atom.xml", &["Good"]);
    server.wait_for_log("2024-01-02-secret.md:1:1: error: the file can't be read");
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).expect("it is ours");
    server.wait_for_titles("/atom.xml", &["Secret", "Good"]);
}

#[test]
fn two_posts_with_one_id_are_both_served_and_told() {
    let site = TestSite::plain("");
    site.write("posts/b.md", "---\ntitle: B\ndate: 2024-01-02\nguid: same\n---\nx\n");
    site.write("posts/a.md", "---\ntitle: A\ndate: 2024-01-01\nguid: same\n---\nx\n");
    let server = site.serve();
    let response = server.wait_for_titles("/feed.json", &["B", "A"]);
    assert!(
        response.text().contains("\"id\": \"same#b.md\"") && response.text().contains("\"id\": \"same\"")
    );
    server.wait_for_log("posts/b.md:1:1: warning: the id same is that of posts/a.md too.");
}

#[test]
fn odd_dates_stop_nothing() {
    let site = TestSite::plain("time_zone = \"Asia/Shanghai\"\n");
    site.post("2024-01-01-good.md", "Good", "2024-01-01", &[]);
    let server = site.serve();
    for (number, date) in
        ["İİİİİİ 5pm", "January 1 -262143", "January 1 -0044", "99999999999999", "9999-12-31"]
            .iter()
            .enumerate()
    {
        site.write(&format!("posts/odd-{number}.md"), &format!("---\ntitle: x\ndate: {date}\n---\nx\n"));
        server.wait_for_log(&format!("broken posts/odd-{number}.md"));
    }
    site.post("2024-01-02-more.md", "More", "2024-01-02", &[]);
    server.wait_for_titles("/atom.xml", &["More", "Good"]);
}
