//! `/status.json`: the state of sources and the current problems, for programs.

use chrono::SecondsFormat;
use serde::Serialize;

use crate::catalog::{Indexing, Live};
use crate::post::SourceId;

#[derive(Serialize)]
struct Status<'a> {
    revision: u64,
    ready: bool,
    search: SearchStatus,
    sources: Vec<SourceStatus<'a>>,
    problems: Vec<ProblemStatus<'a>>,
}

#[derive(Serialize)]
struct SearchStatus {
    state: &'static str,
    indexed: usize,
    posts: usize,
}

impl From<Indexing> for SearchStatus {
    fn from(Indexing { state, indexed, posts }: Indexing) -> Self {
        Self { state: state.name(), indexed, posts }
    }
}

#[derive(Serialize)]
struct SourceStatus<'a> {
    name: &'a str,
    path: String,
    dialect: &'static str,
    watch: &'static str,
    posts: usize,
    last_change: Option<String>,
}

#[derive(Serialize)]
struct ProblemStatus<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    severity: &'static str,
    message: &'a str,
    since: String,
}

/// Writes the state of the server as JSON.
pub(super) fn write_status(live: &Live) -> String {
    let search = SearchStatus::from(live.indexing());
    let Some(snapshot) = live.load() else {
        let (sources, problems) = (Vec::new(), Vec::new());
        return to_json(&Status { revision: 0, ready: false, search, sources, problems });
    };
    let watching = live.watching();
    let sources = snapshot.site.sources.iter().enumerate().map(|(place, source)| {
        let watched = watching.sources.get(place).copied().unwrap_or_default();
        SourceStatus {
            name: &source.name,
            path: source.folder.display().to_string(),
            dialect: source.dialect.name(),
            watch: watched.mode,
            posts: snapshot.count_source(SourceId::new(place)),
            last_change: watched.last_change.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        }
    });
    let problems = snapshot.problems.iter().zip(&*snapshot.since).map(|(problem, since)| ProblemStatus {
        file: &problem.file,
        line: problem.line,
        column: problem.column,
        severity: problem.severity.name(),
        message: &problem.message,
        since: since.to_rfc3339_opts(SecondsFormat::Secs, true),
    });
    let (revision, ready) = (snapshot.revision, snapshot.awaited.is_empty());
    to_json(&Status { revision, ready, search, sources: sources.collect(), problems: problems.collect() })
}

fn to_json(status: &Status<'_>) -> String {
    // Strings, numbers and lists can always be serialized.
    serde_json::to_string_pretty(status).unwrap_or_default() + "\n"
}
