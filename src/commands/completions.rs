//! `feedmill completions`: writes a script with which a shell completes commands and options.

use std::process::ExitCode;

use clap_complete::{Shell, generate};

pub(super) fn run(shell: Shell) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    generate(shell, &mut super::describe(), "feedmill", &mut script);
    super::print(&script)?;
    Ok(ExitCode::SUCCESS)
}
