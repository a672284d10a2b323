//! Faults, injected into the real program on a real file system: none loses a save or empties a feed.
//!
//! Each test waits for what the server tells of itself, never for time.

mod files;
mod links;
mod reload;
mod roots;
mod scale;
#[path = "../suite/site.rs"]
#[allow(dead_code, reason = "each of the two suites uses a part of it")]
mod site;
mod sites;
mod soak;
mod state;
mod time;
mod watching;

use std::process::Command;

/// Whether this machine lets a test have namespaces of its own; if it does not, that is said.
fn has_namespaces() -> bool {
    let works = Command::new("unshare").args(["-rm", "true"]).status().is_ok_and(|status| status.success());
    if !works {
        eprintln!("NOT TESTED: this machine gives no namespaces");
    }
    works
}
