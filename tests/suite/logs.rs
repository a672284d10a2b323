//! What is logged, where and in which form.

use std::fs;
use std::path::Path;

use crate::common::{TestSite, wait_until};

/// Waits until a file contains a text, and returns all of it.
fn wait_for_text(path: &Path, wanted: &str) -> String {
    let read = || fs::read_to_string(path).ok().filter(|text| text.contains(wanted));
    wait_until(read, || format!("no {wanted} in {}", path.display()))
}

#[test]
fn requests_are_logged_in_the_combined_format_and_the_file_is_opened_again_after_a_rotation() {
    let site = TestSite::plain("[log]\naccess = \"access.log\"\n");
    site.post("one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    let path = site.path("access.log");
    server.ask("GET", "/atom.xml?q=one", &[("User-Agent", "a \"reader\""), ("Referer", "https://x.org/")]);
    let text = wait_for_text(&path, "q=one");
    let line = text.lines().find(|line| line.contains("q=one")).expect("the line is in the log");
    assert!(line.starts_with("127.0.0.1 - - ["), "{line}");
    assert!(line.contains("] \"GET /atom.xml?q=one HTTP/1.1\" 200 "), "{line}");
    assert!(line.ends_with(" \"https://x.org/\" \"a \\\"reader\\\"\""), "{line}");
    site.rename("access.log", "access.log.1");
    server.signal("-HUP");
    let is_opened = || {
        server.get("/atom.xml?q=again");
        path.exists().then_some(())
    };
    wait_until(is_opened, || "the log is not opened again".to_owned());
    server.get("/atom.xml?q=last");
    assert!(!wait_for_text(&path, "q=last").contains("q=one"));
}

#[test]
fn a_log_that_can_not_be_written_stops_nothing() {
    let site = TestSite::plain("[log]\naccess = \"/dev/full\"\n");
    site.post("one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    for _ in 0..50 {
        assert_eq!(server.get("/atom.xml").status, 200);
    }
    server.wait_for_log("the access log /dev/full cannot be written: No space left on device");
    let lines = server.log().matches("cannot be written").count();
    assert_eq!(lines, 1, "it is reported once");
    site.edit("feedmill.toml", |text| text.replace("/dev/full", "access.log"));
    // The new file is opened at the first request after the configuration is in effect.
    let is_written = || {
        server.get("/atom.xml?q=there");
        let log = std::fs::read_to_string(site.path("access.log")).unwrap_or_default();
        log.contains("q=there").then_some(())
    };
    wait_until(is_written, || format!("no request is in access.log: {}", server.log()));
}

#[test]
fn both_logs_can_be_json() {
    let site = TestSite::plain("[log]\naccess = \"stderr\"\nformat = \"json\"\n");
    site.post("one.md", "One", "2024-01-01", &[]);
    let server = site.serve();
    server.get("/atom.xml?q=one");
    server.wait_for_log("q=one");
    let log = server.log();
    let lines: Vec<serde_json::Value> = log
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect();
    let requested =
        lines.iter().find(|line| line["target"] == "/atom.xml?q=one").expect("the line is in the log");
    assert_eq!((&requested["status"], &requested["method"]), (&200.into(), &"GET".into()));
    assert!(lines.iter().any(|line| {
        line["level"] == "info"
            && line["message"].as_str().is_some_and(|text| text.starts_with("listening on"))
    }));
}

#[test]
fn an_unknown_level_is_a_usage_error_and_an_empty_one_the_default() {
    let site = TestSite::of_two();
    for command in [&["list"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let (status, errors) = site.run_with("FEEDMILL_LOG", "verbose", command);
        assert_eq!(status, 2, "{command:?}: {errors}");
        assert!(
            errors.contains("unknown level: \"verbose\"") && errors.contains("debug or trace"),
            "{errors}"
        );
    }
    site.write("posts/bad.md", "---\ntitle: [\n---\n");
    let (status, errors) = site.run_with("FEEDMILL_LOG", "", &["list"]);
    assert!(status == 0 && errors.contains("1 problem (1 error): run feedmill check"), "{errors}");
}

#[test]
fn a_line_of_the_log_has_one_severity() {
    let site = TestSite::of_two();
    site.write("posts/bad.md", "---\ntitle: [\n---\n");
    let server = site.serve();
    server.wait_for_log("posts/bad.md:3:1: the front matter is not YAML");
    let log = server.log();
    let line = log.lines().find(|line| line.contains("posts/bad.md")).expect("the line is in the log");
    assert!(line.contains(" ERROR posts/bad.md:3:1: ") && !line.contains("error:"), "{line}");
}

#[test]
fn many_changes_at_once_are_a_count() {
    let site = TestSite::plain("");
    site.post("kept.md", "Kept", "2024-01-01", &[]);
    for number in 0..500 {
        site.post(&format!("{number}.md"), "Many", "2023-01-01", &[]);
    }
    let server = site.serve();
    for number in 0..500 {
        site.remove(&format!("posts/{number}.md"));
    }
    server.wait_for_titles("/atom.xml", &["Kept"]);
    server.wait_for_log(" removed");
    let log = server.log();
    assert!(log.matches("gone ").count() <= 20, "{log}");
}

#[test]
fn a_port_that_is_in_use_is_all_that_is_said() {
    let site = TestSite::of_two();
    let other = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = other.local_addr().expect("a bound socket has an address").to_string();
    let (status, _, errors) = site.run(&["serve", "--listen", &address]);
    assert_eq!(status, 2);
    assert!(errors.starts_with(&format!("error: cannot listen on {address}: ")), "{errors}");
    assert!(!site.path(".feedmill").exists(), "the state is not opened before");
}

#[test]
fn an_export_with_a_broken_post_fails() {
    let site = TestSite::of_two();
    assert_eq!(site.run(&["export", "out"]).0, 0);
    site.write("posts/bad.md", "---\ntitle: [\n---\n");
    let (status, shown, errors) = site.run(&["export", "out"]);
    assert_eq!(status, 1, "{shown}");
    assert!(errors.contains("1 problem (1 error): run feedmill check"), "{errors}");
}
