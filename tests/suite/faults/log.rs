//! A log that cannot be written: lines are dropped, and everything else goes on.

use crate::common::{Server, TestSite};

fn site() -> TestSite {
    let site = TestSite::plain("");
    site.post("2024-01-01-one.md", "One", "2024-01-01", &[]);
    site
}

/// A server whose stderr is read by a script of bash, up to the line that names its port.
fn serve_logging_to(site: &TestSite, after: &str) -> Server {
    let reader = format!(
        "while read -r line; do echo \"$line\" >&2; case \"$line\" in *'listening on'*) {after};; esac; done"
    );
    let script = format!("FEEDMILL_LOG=trace exec \"$0\" \"$@\" 2> >({reader})");
    site.serve_in(&["bash", "-c", &script])
}

#[test]
fn edits_are_served_after_stderr_is_closed() {
    let site = site();
    let server = serve_logging_to(&site, "exit");
    for number in 2..6 {
        let title = format!("Edit {number}");
        site.post("2024-01-01-one.md", &title, "2024-01-01", &[]);
        server.wait_for_titles("/atom.xml", &[&title]);
    }
    assert_eq!(server.get("/readyz").status, 200);
    assert_eq!(server.stop("-TERM"), Some(0));
}

#[test]
fn edits_are_served_while_stderr_is_a_full_pipe_that_is_not_read() {
    let site = site();
    let server = serve_logging_to(&site, "exec sleep 60");
    // Each request logs some lines: together they are more than a pipe holds (64 KiB on Linux).
    for _ in 0..300 {
        assert_eq!(server.get("/atom.xml").status, 200);
    }
    site.post("2024-01-01-one.md", "Edited", "2024-01-01", &[]);
    server.wait_for_titles("/atom.xml", &["Edited"]);
    assert_eq!(server.stop("-TERM"), Some(0));
}
