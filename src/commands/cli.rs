//! The command line: commands, options, and their help.

use std::path::PathBuf;

use clap::{Args, ColorChoice, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::input::{SiteArgument, SiteOption};

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
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(super) struct Global {
    /// The configuration file [default: $FEEDMILL_CONFIG, ./feedmill.toml or ./config/feedmill.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Log only warnings and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Log more (level debug)
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = ColorChoice::Auto)]
    pub(super) color: ColorChoice,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run the server (default)
    ///
    /// Examples:
    ///   feedmill serve                    with the configuration found, or the current folder
    ///   feedmill serve ~/blog             any folder of posts, without a configuration
    ///   feedmill serve ~/blog -p 9000     on another port
    #[command(verbatim_doc_comment)]
    Serve(super::serve::Serve),
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
    Check(super::check::Check),
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
    Export(super::export::Export),
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
pub(super) enum Output {
    /// For people
    Text,
    /// For programs
    Json,
}
