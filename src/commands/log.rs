//! The log: lines on stderr, which never stop the program whatever happens to stderr.

use std::fmt::{self, Debug};
use std::io;

use tracing::field::Field;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::format;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use crate::config::escape_controls;

/// Lines that wait for a server's stderr at most; further ones are dropped.
const WAITING_LINES: usize = 4096;

/// How much is logged, where `$FEEDMILL_LOG` says nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

impl Verbosity {
    /// That of `-q` and `-v`.
    pub(super) fn new(is_quiet: bool, is_verbose: bool) -> Self {
        match (is_quiet, is_verbose) {
            (true, _) => Self::Quiet,
            (_, true) => Self::Verbose,
            _ => Self::Normal,
        }
    }

    /// Without the requests that actix cannot parse.
    fn directives(self) -> &'static str {
        match self {
            Self::Quiet => "warn,actix_http=off",
            Self::Normal => "feedmill=info,warn,actix_http=off",
            Self::Verbose => "feedmill=debug,warn,actix_http=off",
        }
    }
}

/// Logs to stderr.
pub(super) fn start(verbosity: Verbosity) {
    start_with(BoxMakeWriter::new(io::stderr), verbosity);
}

/// Logs like [`start`], from a thread of its own: a stderr that blocks, as a pipe does that is not read, delays
/// only the log. Panics are logged too. The log ends with the value that is returned.
pub(super) fn start_for_server(verbosity: Verbosity) -> WorkerGuard {
    let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_LINES);
    let (writer, guard) = builder.finish(io::stderr());
    start_with(BoxMakeWriter::new(writer), verbosity);
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!("{}", panic.to_string().replace('\n', " "));
    }));
    guard
}

fn start_with(writer: BoxMakeWriter, verbosity: Verbosity) {
    let filter =
        EnvFilter::try_from_env("FEEDMILL_LOG").unwrap_or_else(|_| EnvFilter::new(verbosity.directives()));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(super::wants_color(&io::stderr()))
        .with_target(false)
        .fmt_fields(format::debug_fn(write_field).delimited(" "))
        .with_writer(writer)
        // By default an error of stderr is printed to stderr, and that panics.
        .log_internal_errors(false)
        .init();
}

/// A message or another field, on one line: a file's name can't forge another line, nor control a terminal.
fn write_field(writer: &mut format::Writer<'_>, field: &Field, value: &dyn Debug) -> fmt::Result {
    let value = format!("{value:?}");
    match field.name() {
        "message" => writer.write_str(&escape_controls(&value)),
        name => write!(writer, "{name}={}", escape_controls(&value)),
    }
}
