//! `feedmill schema`: lets an editor complete and check the configuration.

use std::io::Write;
use std::process::ExitCode;

pub(super) fn run() -> ExitCode {
    // A reader that closed its end has seen enough.
    let _ = std::io::stdout().write_all(write().as_bytes());
    ExitCode::SUCCESS
}

/// The schema as it is shipped.
fn write() -> String {
    format!("{:#}\n", crate::config::describe())
}
