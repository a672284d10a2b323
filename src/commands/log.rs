//! The log: lines on stderr. A closed or blocked stderr never stops the program.

use std::fmt::{self, Debug};
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{SecondsFormat, Utc};
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{self, FormatEvent, FormatFields};
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::registry::LookupSpan;

use crate::catalog::Snapshot;
use crate::config::{LogFormat, Problem, Severity, escape_controls};
use crate::post::text::name_count;

/// The maximum number of lines that wait for a server's stderr; further ones are dropped.
const WAITING_LINES: usize = 4096;

/// How much is logged if `$FEEDMILL_LOG` is not set.
#[derive(Debug, Clone, Copy)]
pub(super) enum Verbosity {
    Quiet,
    Normal,
    Verbose,
}

impl Verbosity {
    /// The verbosity for `-q` and `-v`.
    pub(super) fn new(is_quiet: bool, is_verbose: bool) -> Self {
        match (is_quiet, is_verbose) {
            (true, _) => Self::Quiet,
            (_, true) => Self::Verbose,
            _ => Self::Normal,
        }
    }

    /// The filter, without the errors of actix about requests that it cannot parse.
    fn directives(self) -> &'static str {
        match self {
            Self::Quiet => "warn,actix_http=off",
            Self::Normal => "feedmill=info,warn,actix_http=off",
            Self::Verbose => "feedmill=debug,warn,actix_http=off",
        }
    }
}

/// True if lines are JSON. A reload may change it.
static IS_JSON: AtomicBool = AtomicBool::new(false);

/// Logs to stderr.
///
/// # Errors
/// If `$FEEDMILL_LOG` names an unknown level.
pub(super) fn start(verbosity: Verbosity) -> anyhow::Result<()> {
    start_with(BoxMakeWriter::new(io::stderr), verbosity)
}

/// Logs like [`start`], from a thread of its own: a blocked stderr, such as a pipe that is not read, delays only the
/// log. Panics are logged too. The log ends when the returned guard is dropped.
///
/// # Errors
/// As [`start`].
pub(super) fn start_for_server(format: LogFormat, verbosity: Verbosity) -> anyhow::Result<WorkerGuard> {
    set_format(format);
    let builder = NonBlockingBuilder::default().lossy(true).buffered_lines_limit(WAITING_LINES);
    let (writer, guard) = builder.finish(io::stderr());
    start_with(BoxMakeWriter::new(writer), verbosity)?;
    std::panic::set_hook(Box::new(|panic| {
        tracing::error!("{}", panic.to_string().replace('\n', " "));
    }));
    Ok(guard)
}

/// Sets the format of lines.
pub(super) fn set_format(format: LogFormat) {
    IS_JSON.store(format == LogFormat::Json, Ordering::Relaxed);
}

/// Logs the number of problems in one line; `check` lists them.
pub(super) fn count_problems(sites: &[Problem], snapshot: &Snapshot) {
    let all = || sites.iter().chain(&*snapshot.problems);
    let errors = all().filter(|problem| problem.severity == Severity::Error).count();
    match (all().count(), errors) {
        (0, _) => {}
        (count, 0) => tracing::warn!("{}: run feedmill check", name_count(count, "problem")),
        (count, errors) => {
            tracing::error!(
                "{} ({}): run feedmill check",
                name_count(count, "problem"),
                name_count(errors, "error")
            );
        }
    }
}

fn start_with(writer: BoxMakeWriter, verbosity: Verbosity) -> anyhow::Result<()> {
    let filter = read_filter(&std::env::var("FEEDMILL_LOG").unwrap_or_default(), verbosity)?;
    let is_coloured = super::wants_color(&io::stderr());
    let text = format::format().with_target(false).with_ansi(is_coloured);
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(is_coloured)
        // By default an error of stderr is printed to stderr, which panics.
        .log_internal_errors(false)
        .fmt_fields(format::debug_fn(write_field).delimited(" "))
        .event_format(Either { text })
        .with_writer(writer)
        .init();
    Ok(())
}

/// Parses `$FEEDMILL_LOG`. `EnvFilter` would treat an unknown level as the name of a module, log everything from it
/// and nothing from any other.
fn read_filter(written: &str, verbosity: Verbosity) -> anyhow::Result<EnvFilter> {
    if written.trim().is_empty() {
        return Ok(EnvFilter::new(verbosity.directives()));
    }
    let is_module = |word: &str| word.contains(['=', '[', ':']) || word == "feedmill";
    let unknown = written
        .split(',')
        .map(str::trim)
        .find(|word| !word.is_empty() && !is_module(word) && word.parse::<LevelFilter>().is_err());
    match (unknown, EnvFilter::try_new(written)) {
        (None, Ok(filter)) => Ok(filter),
        (unknown, _) => anyhow::bail!(
            "FEEDMILL_LOG has an unknown level: {:?}. Write off, error, warn, info, debug or trace, or levels by \
             module: feedmill=debug,warn.",
            unknown.unwrap_or(written)
        ),
    }
}

/// Writes a message or another field on one line: a file name can neither forge a line nor control the terminal.
fn write_field(writer: &mut format::Writer<'_>, field: &Field, value: &dyn Debug) -> fmt::Result {
    let value = format!("{value:?}");
    match field.name() {
        "message" => writer.write_str(&escape_controls(&value)),
        name => write!(writer, "{name}={}", escape_controls(&value)),
    }
}

/// Writes lines as text or JSON, in the current format.
struct Either<F> {
    text: F,
}

impl<S, N, F> FormatEvent<S, N> for Either<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: format::Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        if !IS_JSON.load(Ordering::Relaxed) {
            return self.text.format_event(context, writer, event);
        }
        let mut object = Map::new();
        object.insert("time".to_owned(), Utc::now().to_rfc3339_opts(SecondsFormat::Micros, true).into());
        object.insert("level".to_owned(), event.metadata().level().as_str().to_lowercase().into());
        event.record(&mut Object(&mut object));
        writeln!(writer, "{}", Value::Object(object))
    }
}

/// Collects the fields of a line.
struct Object<'o>(&'o mut Map<String, Value>);

impl Visit for Object<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_names_known_levels() {
        for written in
            ["", " ", "debug", "WARN", "feedmill=debug,warn", "feedmill", "off", "feedmill::http=trace"]
        {
            assert!(read_filter(written, Verbosity::Normal).is_ok(), "{written}");
        }
        for written in ["verbose", "feedmill=loud", "debug,chatty"] {
            let error = read_filter(written, Verbosity::Normal).expect_err(written).to_string();
            assert!(error.contains("unknown level") && error.contains("debug or trace"), "{error}");
        }
    }
}
