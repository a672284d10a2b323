//! The commands of the program, one file each. Only this module wires the layers together.

mod check;
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
use clap::{Args, ColorChoice, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use self::input::{Input, SiteArgument, SiteOption};
use crate::catalog::Snapshot;
use crate::config::{self, Config, Problem, escape_controls};
use crate::site;
use crate::watch;

/// The first commands of a new user.
const EXAMPLES: &str = "\
Examples:
  feedmill serve ~/blog                         serve any folder of posts, without a configuration
  feedmill check ~/blog                         report what is wrong with its posts
  feedmill init ~/blog --output feedmill.toml   write a configuration from the site's own
  feedmill                                      serve with the configuration found, or the current folder";

/// Help on the environment, signals and exit status.
const MORE: &str = "\
Environment:
  FEEDMILL_CONFIG   the configuration file, if --config does not name one
  FEEDMILL_LOG      what is logged: a level (error, warn, info, debug, trace), or feedmill=debug,warn
  NO_COLOR          no colours, whatever its value is
  STATE_DIRECTORY   the folder of the state, if state.path does not name one
  HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY
                    the proxy for requests to WebSub hubs

Signals:
  SIGHUP            reload the configuration and rescan every source
  SIGTERM, SIGINT   finish responses in progress, for at most ten seconds, and stop

Exit status:
  0  success
  1  problems in posts (check, export), a file that is not an entry (explain), files that could not be written
     (export), or entries that would reappear (compare)
  2  usage or configuration error, or a result that cannot be written";

/// RSS, Atom and JSON Feed from folders of posts, current within milliseconds of a save.
#[derive(Debug, Parser)]
#[command(name = "feedmill", version, about, max_term_width = 100, after_help = EXAMPLES, after_long_help = format!("{EXAMPLES}\n\n{MORE}"))]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// The configuration file [default: $FEEDMILL_CONFIG, ./feedmill.toml or ./config/feedmill.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Log only warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    quiet: bool,
    /// Log more (level debug)
    #[arg(short, long, global = true)]
    verbose: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the server (default)
    ///
    /// Examples:
    ///   feedmill serve                    with the configuration found, or the current folder
    ///   feedmill serve ~/blog             any folder of posts, without a configuration
    ///   feedmill serve ~/blog -p 9000     on another port
    #[command(verbatim_doc_comment)]
    Serve(serve::Serve),
    /// Write a commented configuration derived from a site's own configuration
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
        /// Where to write it instead of stdout; an existing file is never overwritten
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Validate the configuration and every post; report each problem and how to fix it
    ///
    /// Exit status: 0 without errors, 1 if there is an error (with --strict also for a warning), 2 if the
    /// configuration cannot be used.
    ///
    /// Examples:
    ///   feedmill check
    ///   feedmill check ~/blog
    ///   feedmill check --strict --format github
    #[command(verbatim_doc_comment)]
    Check(check::Check),
    /// Generate shell completions
    ///
    /// Examples:
    ///   feedmill completions bash > /usr/share/bash-completion/completions/feedmill
    ///   feedmill completions fish > ~/.config/fish/completions/feedmill.fish
    #[command(verbatim_doc_comment)]
    Completions {
        /// The shell
        #[arg(value_name = "SHELL", value_enum)]
        shell: Shell,
    },
    /// Write every feed and page as static files
    ///
    /// A second run writes only what changed, and removes files of an earlier run that are not part of the site any
    /// more. Files that it did not write are left alone and reported.
    ///
    /// Examples:
    ///   feedmill export public/feeds
    ///   feedmill export public/feeds --gzip --br
    ///   feedmill export public/feeds --site ~/blog
    #[command(verbatim_doc_comment)]
    Export(export::Export),
    /// Explain for one file whether and how it becomes an entry
    ///
    /// Prints its id, URL, dates and terms and where each comes from, and the feeds that contain it; or the rule
    /// by which it is not an entry. Exit status: 0 if it is an entry, else 1.
    ///
    /// Examples:
    ///   feedmill explain _posts/2024-01-02-hello.md
    ///   feedmill explain ~/notes/idea.md --site ~/notes
    #[command(verbatim_doc_comment)]
    Explain {
        /// The file of a post
        #[arg(value_name = "FILE")]
        file: PathBuf,
        #[command(flatten)]
        site: SiteOption,
    },
    /// List every feed: URL path, number of posts, newest date, title
    ///
    /// Examples:
    ///   feedmill list
    ///   feedmill list ~/blog --format json
    #[command(verbatim_doc_comment)]
    List {
        #[command(flatten)]
        site: SiteArgument,
        /// How to write the list
        #[arg(long, value_enum, default_value_t = Output::Text)]
        format: Output,
    },
    /// Print what the server would send for a URL
    ///
    /// Examples:
    ///   feedmill render /tags/rust/atom.xml
    ///   feedmill render '/atom.xml?tags=rust&limit=5'
    ///   feedmill render /tags/rust/ --site ~/blog
    #[command(verbatim_doc_comment)]
    Render {
        /// Path and query of a feed, a page or the OPML list
        #[arg(value_name = "ADDRESS")]
        address: String,
        #[command(flatten)]
        site: SiteOption,
    },
    /// Print the JSON Schema of the configuration, for editors that complete and validate TOML
    ///
    /// Example:
    ///   feedmill schema > feedmill.schema.json
    /// and in the first line of feedmill.toml:
    ///   #:schema ./feedmill.schema.json
    #[command(verbatim_doc_comment)]
    Schema,
    /// Compare an existing feed with what feedmill serves: which entries would subscribers see again?
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
        #[command(flatten)]
        site: SiteOption,
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
    let (snapshot, discovery) =
        watch::read_once(config, Utc::now()).map_err(|problems| describe_invalid(config, problems))?;
    log::count_problems(&discovery.problems, &snapshot);
    warn_of_empty(&snapshot);
    Ok(snapshot)
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
