//! `feedmill render ADDRESS`: prints the answer of the server.

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use super::input::Input;
use crate::bodies::DiskBodies;
use crate::catalog::Live;
use crate::http::{App, Request};
use crate::state::Store;

pub(super) fn run(input: &Input, address: &str) -> anyhow::Result<ExitCode> {
    let config = super::load(input)?;
    let snapshot = super::read(&config)?;
    let live = Live::default();
    live.publish(snapshot);
    let bodies = Arc::new(DiskBodies::default());
    let app = App::new(live, bodies, &config.server, Store::default());
    let answer = app.answer(&Request::get(&read_address(address)));
    if answer.status.is_success() {
        super::print(&answer.body)?;
        return Ok(ExitCode::SUCCESS);
    }
    let _ = write!(std::io::stderr(), "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    Ok(ExitCode::FAILURE)
}

/// Converts user input to a path and query: it may be an absolute URL, or lack the leading `/`.
fn read_address(written: &str) -> String {
    let written = written.split('#').next().unwrap_or_default();
    let path = match written.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => written,
    };
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}
