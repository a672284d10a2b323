//! `feedmill schema`: lets an editor complete and check the configuration.

use std::process::ExitCode;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    super::print(write().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The schema as it is shipped.
fn write() -> String {
    format!("{:#}\n", crate::config::describe())
}
