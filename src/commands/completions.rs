//! `feedmill completions`: lets a shell complete commands and options.

use std::io::Write;
use std::process::ExitCode;

use clap_complete::{Shell, generate};

pub(super) fn run(shell: Shell) -> ExitCode {
    let mut script = Vec::new();
    generate(shell, &mut super::describe(), "feedmill", &mut script);
    // A reader that closed its end has seen enough.
    let _ = std::io::stdout().write_all(&script);
    ExitCode::SUCCESS
}
