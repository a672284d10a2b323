//! `feedmill schema`: writes a schema with which an editor completes and checks the configuration.

use std::process::ExitCode;

pub(super) fn run() -> anyhow::Result<ExitCode> {
    super::print(write().as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// The schema as text.
fn write() -> String {
    format!("{:#}\n", crate::config::describe())
}
