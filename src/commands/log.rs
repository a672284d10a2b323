//! The log: lines on stderr, which never stop the program whatever happens to stderr.

use std::io::{self, IsTerminal};

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

/// Lines that wait for a server's stderr at most; further ones are dropped.
const WAITING_LINES: usize = 4096;

/// Logs to stderr, from `info` up or as `$FEEDMILL_LOG` says, without the requests that actix cannot parse.
pub(super) fn start() {
    start_with(BoxMakeWriter::new(io::stderr));
}

/// Logs like [`start`], from a thread of its own: a stderr that blocks, as a pipe does that is not read, delays
/// only the log. Panics are logged too. The log ends with the value that is returned.
pub(super) fn start_for_server() -> WorkerGuard {
    let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_LINES);
    let (writer, guard) = builder.finish(io::stderr());
    start_with(BoxMakeWriter::new(writer));
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!("{}", panic.to_string().replace('\n', " "));
    }));
    guard
}

fn start_with(writer: BoxMakeWriter) {
    let filter = EnvFilter::try_from_env("FEEDMILL_LOG")
        .unwrap_or_else(|_| EnvFilter::new("feedmill=info,warn,actix_http=off"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal() && super::wants_colour())
        .with_target(false)
        .with_writer(writer)
        // By default an error of stderr is printed to stderr, and that panics.
        .log_internal_errors(false)
        .init();
}
