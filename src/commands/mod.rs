//! The commands of the program: one file each. The only place that wires layers together.

mod check;
mod compare;
mod completions;
mod export;
mod init;
mod list;
mod log;
mod outlet;
mod progress;
mod render;
mod schema;
mod serve;
#[cfg(target_os = "linux")]
mod supervisor;
mod toml;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use chrono::Utc;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::catalog::Snapshot;
use crate::config::{self, Config, Problem, escape_controls};
use crate::watch;

/// What most people begin with.
const EXAMPLES: &str = "\
Examples:
  feedmill serve ~/blog                         any folder of posts, without a configuration
  feedmill init ~/blog --output feedmill.toml   a configuration from what the site says of itself
  feedmill check                                what is wrong with it and with the posts
  feedmill                                      run the server by it";

/// What else there is to know of the program as a whole.
const MORE: &str = "\
Environment:
  FEEDMILL_CONFIG   the configuration, if --config does not name it
  FEEDMILL_LOG      what is logged: debug, or feedmill=debug,warn
  NO_COLOR          no colours, whatever it is set to
  STATE_DIRECTORY   the folder of the state, if state.path does not name it
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY
                    the proxy for requests to WebSub hubs

Signals:
  SIGHUP            reads the configuration again and looks at every file
  SIGTERM, SIGINT   finish what is being answered, ten seconds at most, and end

Exit status:
  0  well
  1  problems in posts (check), files that could not be written as they should be (export), or entries that
     would reappear (compare)
  2  a call or a configuration that can't be used, or a result that can't be written";

/// RSS, Atom and JSON Feed from folders of posts, current within milliseconds of a save.
#[derive(Debug, Parser)]
#[command(name = "feedmill", version, about, max_term_width = 100, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{MORE}"))]
struct Cli {
    /// The configuration [default: $FEEDMILL_CONFIG, ./feedmill.toml or ./config/feedmill.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (what is done without a command too)
    ///
    /// Examples:
    ///   feedmill serve                    with the configuration found
    ///   feedmill serve ~/blog             any folder of posts, without a configuration
    #[command(verbatim_doc_comment)]
    Serve(serve::Serve),
    /// Write a commented configuration from what a site says of itself
    ///
    /// Examples:
    ///   feedmill init ~/blog
    ///   feedmill init ~/blog --output feedmill.toml
    ///   feedmill init ~/blog --feed ~/blog/_site/atom.xml
    #[command(verbatim_doc_comment)]
    Init {
        /// The site's folder
        #[arg(value_name = "SITE", default_value = ".")]
        site: PathBuf,
        /// An existing feed of the site, whose ids are kept
        #[arg(long, value_name = "OLD")]
        feed: Option<PathBuf>,
        /// Where to write it, if not to stdout; a file that is there is never overwritten
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Check the configuration and every post: what is wrong, where, and what to do
    ///
    /// Exit status: 0 if all is well, 1 if there is an error (with --strict also if there is a warning), 2 if
    /// the configuration can't be used.
    ///
    /// Examples:
    ///   feedmill check
    ///   feedmill check --strict --format github
    #[command(verbatim_doc_comment)]
    Check(check::Check),
    /// Print what lets a shell complete commands and options
    ///
    /// Examples:
    ///   feedmill completions bash > /usr/share/bash-completion/completions/feedmill
    ///   feedmill completions fish > ~/.config/fish/completions/feedmill.fish
    #[command(verbatim_doc_comment)]
    Completions {
        /// Which shell
        #[arg(value_name = "SHELL", value_enum)]
        shell: Shell,
    },
    /// Write every feed and page as a static file, for hosts that run no program
    ///
    /// A second run writes only what changed, and removes what it wrote before and is no feed any more. Files
    /// that it did not write are left alone, and told.
    ///
    /// Examples:
    ///   feedmill export public/feeds
    ///   feedmill export public/feeds --gzip --br
    #[command(verbatim_doc_comment)]
    Export(export::Export),
    /// List every feed: address, number of posts, newest date, title
    ///
    /// Examples:
    ///   feedmill list
    ///   feedmill list --format json
    #[command(verbatim_doc_comment)]
    List {
        /// How to write the list
        #[arg(long, value_enum, default_value_t = Output::Text)]
        format: Output,
    },
    /// Print what the server would answer for an address
    ///
    /// Examples:
    ///   feedmill render /tags/rust/atom.xml
    ///   feedmill render '/atom.xml?tags=rust&limit=5'
    ///   feedmill render /tags/rust/
    #[command(verbatim_doc_comment)]
    Render {
        /// Path and query of a feed, a page or the OPML list
        #[arg(value_name = "ADDRESS")]
        address: String,
    },
    /// Print the JSON Schema of the configuration, for editors that complete and check TOML
    ///
    /// Example:
    ///   feedmill schema > feedmill.schema.json
    /// and in the first line of feedmill.toml:
    ///   #:schema ./feedmill.schema.json
    #[command(verbatim_doc_comment)]
    Schema,
    /// Compare an existing feed with what feedmill serves: what would subscribers see again?
    ///
    /// Examples:
    ///   feedmill compare old/feed.xml
    ///   feedmill compare old/tags/rust.xml --with /tags/rust/atom.xml
    ///   curl https://example.org/feed.xml | feedmill compare -
    #[command(verbatim_doc_comment)]
    Compare {
        /// The old feed: a file of RSS, Atom or JSON Feed; - reads stdin
        #[arg(value_name = "OLD")]
        old: PathBuf,
        /// The feed to compare it with, if not the main one
        #[arg(long, value_name = "ADDRESS")]
        with: Option<String>,
        /// How to write the result
        #[arg(long, value_enum, default_value_t = Output::Text)]
        format: Output,
    },
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Output {
    /// For people
    Text,
    /// For programs
    Json,
}

/// The commands with their options and help.
pub fn describe() -> clap::Command {
    Cli::command()
}

/// Exit status of a configuration or a call that can't be used.
const UNUSABLE: u8 = 2;

/// Runs the program. Results go to stdout, errors to stderr; exit status 0, 1 or 2.
pub fn main() -> ExitCode {
    let cli = Cli::try_parse().unwrap_or_else(|error| {
        // Who names a folder alone means to serve it.
        let folder = std::env::args().skip(1).find(|arg| std::path::Path::new(arg).is_dir());
        if let Some(folder) = folder.filter(|_| error.kind() == clap::error::ErrorKind::InvalidSubcommand) {
            let _ = writeln!(std::io::stderr(), "to serve a folder: feedmill serve {folder}\n");
        }
        error.exit()
    });
    let command = cli.command.unwrap_or_else(|| Command::Serve(serve::Serve::default()));
    // The server's log depends on its configuration.
    let started = if matches!(command, Command::Serve(_)) { Ok(()) } else { log::start() };
    let done = started.and_then(|()| match command {
        Command::Serve(serve) => serve::run(serve, cli.config),
        Command::Init { site, feed, output } => init::run(&site, feed.as_deref(), output.as_deref()),
        Command::Check(check) => check::run(cli.config, &check),
        Command::Completions { shell } => completions::run(shell),
        Command::Schema => schema::run(),
        Command::Export(export) => export::run(cli.config, &export),
        Command::List { format } => list::run(cli.config, format),
        Command::Compare { old, with, format } => compare::run(cli.config, &old, with.as_deref(), format),
        Command::Render { address } => render::run(cli.config, &address),
    });
    match done {
        Ok(code) => code,
        Err(error) => {
            // Nobody may be there to read it.
            let _ = writeln!(std::io::stderr(), "{}", defuse(&format!("{error:#}")));
            ExitCode::from(UNUSABLE)
        }
    }
}

/// Whether colours are welcome on a terminal: <https://no-color.org>.
fn wants_colour() -> bool {
    let is_dumb = std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb");
    !is_dumb && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Writes a command's result to stdout. A reader that closed its end, as `head` does, has seen enough: that is
/// no error.
///
/// # Errors
/// If it can't be written for another reason.
fn print(result: &[u8]) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(result).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(error).context("the result can't be written to stdout")
        }
        _ => Ok(()),
    }
}

/// A text of several lines as a terminal may be given it: line by line as [`escape_controls`] has it.
fn defuse(text: &str) -> String {
    let mut lines = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        // Tabs indent what is shown of a file.
        let parts: Vec<_> = line.split('\t').map(escape_controls).collect();
        lines.push_str(&parts.join("\t"));
        lines.push_str(end);
    }
    lines
}

/// Finds and reads the configuration, and tells its warnings.
fn load(named: Option<PathBuf>) -> anyhow::Result<Config> {
    let config = config::load(&config::find(named.as_deref())?)?;
    config.warnings.iter().for_each(log::warn);
    Ok(config)
}

/// Reads every source once, and logs how many problems there are.
fn read(config: &Config) -> anyhow::Result<Arc<Snapshot>> {
    let (snapshot, discovery) =
        watch::read_once(config, Utc::now()).map_err(|problems| unusable(config, problems))?;
    log::count_problems(&discovery.problems, &snapshot);
    Ok(snapshot)
}

/// Problems of the configuration that show only when folders are looked at, as one error.
fn unusable(config: &Config, problems: Vec<Problem>) -> anyhow::Error {
    config::Error::Invalid(config::Faulty::of(config, problems)).into()
}
