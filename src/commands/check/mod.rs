//! `feedmill check`: reports every problem of the configuration and of the posts, each with a fix.

mod github;
mod idle;
mod text;
mod uncached;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;
use clap::{Args, ValueEnum};

use super::input::SiteArgument;
use crate::bodies::DiskBodies;
use crate::catalog::Snapshot;
use crate::config::{Problem, Severity};
use crate::feed::Entries;
use crate::post::{Source, UNDATED};
use crate::{lint, site, watch};

/// Exit status when something has to be fixed.
const PROBLEMS: u8 = 1;

/// The number of problems of one kind that are shown.
const FIRST: usize = 5;

/// The arguments of `check`.
#[derive(Debug, Args)]
pub(super) struct Check {
    #[command(flatten)]
    site: SiteArgument,
    /// How to write the problems
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with 1 if there is a warning; files without a date don't count: sites have pages like that
    #[arg(long)]
    strict: bool,
    /// Show every problem, not only the first five of equal ones
    #[arg(long)]
    all: bool,
}

/// How problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
    /// For GitHub Actions: annotations at the files and lines of a change
    Github,
}

pub(super) fn run(config: Option<PathBuf>, check: Check) -> anyhow::Result<ExitCode> {
    let input = check.site.with_config(config);
    let config = input.load()?;
    input.log_choice(&config);
    let now = Utc::now();
    let (snapshot, discovery, unreadable) =
        watch::read_all(&config, now).map_err(|problems| super::describe_invalid(&config, problems))?;
    let entries = Entries::new(1 << 20, Arc::new(DiskBodies::default()));
    let mut problems: BTreeSet<Problem> = snapshot.problems.iter().cloned().collect();
    problems.extend(config.warnings.iter().cloned().chain(discovery.problems).chain(unreadable));
    problems.extend(lint::audit(&snapshot, &entries));
    problems.extend(idle::list(&config, &snapshot, &entries));
    problems.extend(uncached::list(&config, &snapshot, &entries.texts(&snapshot.site)));
    problems.extend(list_empty(&snapshot, &problems));
    problems.extend(lint::list_repeated(&snapshot));
    let counts = |problem: &Problem| {
        let is_warning = problem.severity == Severity::Warning && problem.message != UNDATED;
        problem.severity == Severity::Error || (check.strict && is_warning)
    };
    let fails = problems.iter().any(counts);
    lint::combine_undated(&snapshot, &mut problems);
    lint::locate_conflicts(&snapshot, &mut problems);
    let most = if check.all { usize::MAX } else { FIRST };
    let summary = || text::summarise(&problems, &snapshot, &lint::count_unpublished(&snapshot, now));
    let text = match check.format {
        Format::Json => serde_json::to_string_pretty(&problems)? + "\n",
        Format::Text => text::describe(&problems, most) + &summary(),
        Format::Github => github::annotate(&problems, most) + &summary(),
    };
    super::print(text.as_bytes())?;
    Ok(if fails { ExitCode::from(PROBLEMS) } else { ExitCode::SUCCESS })
}

/// A warning for each source without posts and without problems, with the reason.
fn list_empty(snapshot: &Snapshot, problems: &BTreeSet<Problem>) -> Vec<Problem> {
    let numbered = snapshot.site.sources.iter().zip(snapshot.site.source_ids());
    // A problem in one of its files is the reason.
    let has_problem = |source: &Source| {
        let root = source.name_file("");
        problems.iter().any(|problem| root == "." || problem.file.starts_with(&root))
    };
    let empty = numbered
        .filter(|(source, number)| snapshot.posts_of(*number).next().is_none() && !has_problem(source))
        // A missing folder is a problem of the configuration.
        .filter(|(source, _)| source.folder.is_dir());
    empty
        .map(|(source, _)| {
            Problem::warning(source.name_file(""), site::describe_empty(source)).without_place()
        })
        .collect()
}

/// Problems of one kind.
struct Kind<'p> {
    /// Their common text.
    name: String,
    severity: Severity,
    problems: Vec<&'p Problem>,
}

/// Groups problems by kind, in the order of the first of each.
fn group(problems: &BTreeSet<Problem>) -> Vec<Kind<'_>> {
    let mut kinds: Vec<Kind<'_>> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for problem in problems {
        let name = name_kind(&problem.message);
        let place = *places.entry((problem.severity, name.clone())).or_insert(kinds.len());
        match kinds.get_mut(place) {
            Some(kind) => kind.problems.push(problem),
            None => kinds.push(Kind { name, severity: problem.severity, problems: vec![problem] }),
        }
    }
    kinds
}

/// Removes from a message the parts that differ between problems of one kind: names, URLs, numbers, and the fix.
fn name_kind(message: &str) -> String {
    let sentence = message.split(". ").next().unwrap_or(message).trim_end_matches('.');
    let mut kind = String::new();
    for (place, part) in sentence.split('"').enumerate() {
        // Every other part was quoted.
        if place % 2 == 1 {
            kind.push('…');
            continue;
        }
        let is_name = |word: &str| word.contains('/') || word.chars().any(|c| c.is_ascii_digit());
        let words = part.split(' ').map(|word| if is_name(word) { "…" } else { word });
        kind.push_str(&words.collect::<Vec<_>>().join(" "));
    }
    kind
}
