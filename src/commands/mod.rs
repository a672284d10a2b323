//! The commands of the program, one file each. Only this module wires the layers together.

mod check;
mod cli;
mod compare;
mod completions;
mod explain;
mod export;
mod export_folder;
mod init;
mod input;
mod list;
mod log;
mod progress;
mod render;
mod schema;
mod serve;
#[cfg(target_os = "linux")]
mod service_manager;
mod suggestions;
mod toml;

use std::ffi::OsString;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, OnceLock};

use anyhow::Context;
use chrono::Utc;
use clap::error::ErrorKind;
use clap::{ColorChoice, CommandFactory, Parser};

use self::cli::{Cli, Command, Global, Output};
use self::input::Input;
use crate::catalog::Snapshot;
use crate::config::{self, Config, Problem, escape_controls};
use crate::site::{self, ResolvedSite};
use crate::watch;

/// The command line interface: commands with their options and help.
pub fn describe() -> clap::Command {
    Cli::command()
}

/// The value of `--color`.
static COLOR: OnceLock<ColorChoice> = OnceLock::new();

/// Exit status for an unusable configuration or command line.
const UNUSABLE: u8 = 2;

/// Runs the program. Results go to stdout, errors to stderr; exit status 0, 1 or 2.
pub fn main() -> ExitCode {
    let cli = parse(std::env::args_os().collect()).unwrap_or_else(|error| {
        // A folder without a command probably means to serve it.
        let folder = std::env::args_os().skip(1).map(PathBuf::from).find(|arg| arg.is_dir());
        if let Some(folder) = folder.filter(|_| error.kind() == ErrorKind::InvalidSubcommand) {
            let _ = writeln!(std::io::stderr(), "to serve a folder: feedmill serve {}\n", folder.display());
        }
        suggestions::suggest(error).exit()
    });
    let Global { config, quiet, verbose, color } = cli.global;
    let _ = COLOR.set(color);
    let verbosity = log::Verbosity::new(quiet, verbose);
    let command = cli.command.unwrap_or_else(|| Command::Serve(serve::Serve::default()));
    // The server's log depends on its configuration.
    let started = if matches!(command, Command::Serve(_)) { Ok(()) } else { log::start(verbosity) };
    let done = started.and_then(|()| match command {
        Command::Serve(serve) => serve::run(serve, config, verbosity),
        Command::Init { site, feed, output } => init::run(&site, feed.as_deref(), output.as_deref()),
        Command::Check(check) => check::run(config, check),
        Command::Completions { shell } => completions::run(shell),
        Command::Schema => schema::run(),
        Command::Export(export) => export::run(config, export),
        Command::Explain { file, site } => explain::run(site.with_config(config), &file),
        Command::List { site, format } => list::run(&site.with_config(config), format),
        Command::Compare { old, with, format, site } => {
            compare::run(&site.with_config(config), &old, with.as_deref(), format)
        }
        Command::Render { address, site } => render::run(&site.with_config(config), &address),
    });
    match done {
        Ok(code) => code,
        Err(error) => {
            // Problems of a configuration already contain their severity.
            let is_list = matches!(
                error.downcast_ref(),
                Some(config::Error::Invalid(_) | config::Error::Unreadable { .. })
            );
            let severity = if is_list { "" } else { "error: " };
            // stderr may be closed.
            let _ = writeln!(std::io::stderr(), "{}", escape_terminal(&format!("{severity}{error:#}")));
            ExitCode::from(UNUSABLE)
        }
    }
}

/// Parses the command line. Options without a command are options of `serve`: `feedmill -p 9000`.
fn parse(mut args: Vec<OsString>) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(&args).or_else(|error| {
        let cli = Cli::command();
        // The value of an option may be named like a command.
        let takes_value = |arg: &OsString| {
            let text = arg.to_string_lossy();
            text.starts_with('-') && !["-q", "--quiet", "-v", "--verbose"].contains(&&*text)
        };
        let mut pairs = args.windows(2);
        let names_command =
            pairs.any(|pair| cli.find_subcommand(&pair[1]).is_some() && !takes_value(&pair[0]));
        if error.kind() != ErrorKind::UnknownArgument || names_command || args.is_empty() {
            return Err(error);
        }
        args.insert(1, "serve".into());
        let is_better = |other: &clap::Error| other.kind() != ErrorKind::UnknownArgument;
        Cli::try_parse_from(&args).map_err(|other| if is_better(&other) { other } else { error })
    })
}

/// Returns true if output to `stream` is coloured: as `--color` says, else on terminals (<https://no-color.org>).
fn wants_color(stream: &impl IsTerminal) -> bool {
    match COLOR.get() {
        Some(ColorChoice::Always) => true,
        Some(ColorChoice::Never) => false,
        Some(ColorChoice::Auto) | None => {
            let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
            let is_refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
            stream.is_terminal() && !is_dumb && !is_refused
        }
    }
}

/// Writes a command's result to stdout. A reader that closed its end, as `head` does, is not an error.
///
/// # Errors
/// If writing fails for another reason.
fn print(result: &[u8]) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(result).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("the result cannot be written to stdout")
        }
        _ => Ok(()),
    }
}

/// Escapes a text of several lines for a terminal: each line by [`escape_controls`].
fn escape_terminal(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        // Tabs are kept: they indent excerpts of files.
        let parts: Vec<_> = line.split('\t').map(escape_controls).collect();
        lines.push_str(&parts.join("\t"));
        lines.push_str(end);
    }
    lines
}

/// Loads the configuration and logs its warnings.
fn load(input: &Input) -> anyhow::Result<Config> {
    let config = input.load()?;
    input.log_choice(&config);
    config.warnings.iter().for_each(Problem::log);
    Ok(config)
}

/// Reads every source once, and logs the number of problems.
fn read(config: &Config) -> anyhow::Result<Arc<Snapshot>> {
    let read = watch::read_once(config, Utc::now());
    Ok(report(read.map_err(|problems| describe_invalid(config, problems))?))
}

/// Logs the number of problems of what was read.
fn report((snapshot, discovery): (Arc<Snapshot>, ResolvedSite)) -> Arc<Snapshot> {
    log::count_problems(&discovery.problems, &snapshot);
    warn_of_empty(&snapshot);
    snapshot
}

/// Logs a warning for each source without posts.
fn warn_of_empty(snapshot: &Snapshot) {
    for (source, number) in snapshot.site.sources.iter().zip(snapshot.site.source_ids()) {
        if snapshot.posts_of(number).next().is_none() {
            tracing::warn!("{}", site::describe_empty(source));
        }
    }
}

/// Combines the problems that only a scan of the folders shows into one error.
fn describe_invalid(config: &Config, problems: Vec<Problem>) -> anyhow::Error {
    config::Error::Invalid(config::Faulty::of(config, problems)).into()
}
