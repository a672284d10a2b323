//! Faults, injected into the real program on a real file system: none loses a save or empties a feed.
//!
//! Each test waits for what the server reports of itself, never for time.

mod files;
mod hung_disk;
mod links;
mod log;
mod reload;
mod roots;
mod scale;
mod sites;
mod small_files;
mod soak;
mod soak_pollers;
mod soak_restarts;
mod state;
mod time;
mod watching;

use std::process::Command;

use crate::common::{Server, TestSite};

/// Runs git in the folder of posts.
fn git(site: &TestSite, args: &[&str]) {
    let done = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
        .args(["-c", "commit.gpgsign=false", "-c", "gc.auto=0"])
        .args(args)
        .current_dir(site.path("posts"))
        .output()
        .expect("git is installed");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// Runs a script in a site's folder as the server sees it: in its namespaces.
pub(crate) fn run_within(server: &Server, site: &TestSite, script: &str) {
    let script = format!("cd {} && {script}", site.path("").display());
    let pid = server.pid().to_string();
    let entered = ["-t", &pid, "-U", "-m", "--preserve-credentials", "sh", "-c", &script];
    let done = Command::new("nsenter").args(entered).status().expect("nsenter is installed");
    assert!(done.success(), "{script}");
}
