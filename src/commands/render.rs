//! `feedmill render ADDRESS`: prints the answer of the server.

use std::io::Write;
use std::process::ExitCode;

use super::input::Input;
use crate::feeds::Feeds;

pub(super) fn run(input: &Input, address: &str) -> anyhow::Result<ExitCode> {
    let config = super::load(input)?;
    let feeds = Feeds::new(super::read(&config)?, &config);
    let answer = feeds.answer(&read_address(address));
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
