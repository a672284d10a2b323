//! `feedmill check`: every problem of the configuration and of every post, each with what to do about it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use chrono::Utc;

use super::Output;
use crate::catalog::Snapshot;
use crate::config::{self, Config, Problem, Severity, position};
use crate::feed::{Address, Entries, Found, Place, find, plan};
use crate::file;
use crate::limits::POST_BYTES;
use crate::watch::{self, DiskBodies, Doubts};

/// Exit status when something has to be mended.
const PROBLEMS: u8 = 1;

pub(super) fn run(named: Option<PathBuf>, format: Output, is_strict: bool) -> anyhow::Result<ExitCode> {
    let config = config::load(&config::find(named.as_deref())?)?;
    let (snapshot, discovery, lost) =
        watch::read_all(&config, Utc::now()).map_err(|problems| super::unusable(&config, problems))?;
    let entries = Entries::new(1 << 20, Arc::new(DiskBodies::new(Doubts::default())));
    let mut problems: BTreeSet<Problem> = snapshot.problems.iter().cloned().collect();
    problems.extend(config.warnings.iter().cloned().chain(discovery.problems).chain(lost));
    watch::combine_undated(&snapshot, &mut problems);
    problems.extend(watch::audit(&snapshot, &entries));
    problems.extend(list_idle(&config, &snapshot, &entries));
    let text = match format {
        Output::Json => serde_json::to_string_pretty(&problems)? + "\n",
        Output::Text => describe(&problems, snapshot.count()),
    };
    super::print(text.as_bytes())?;
    let is_bad = |problem: &Problem| is_strict || problem.severity == Severity::Error;
    Ok(if problems.iter().any(is_bad) { ExitCode::from(PROBLEMS) } else { ExitCode::SUCCESS })
}

/// What the configuration asks for and nothing comes of: feeds that hold no post, old addresses that lead
/// nowhere.
fn list_idle(config: &Config, snapshot: &Snapshot, entries: &Entries) -> Vec<Problem> {
    // What a source holds that could not be read is not known.
    if !snapshot.awaited.is_empty() || snapshot.count() == 0 {
        return Vec::new();
    }
    let text = config.read_text();
    let warn = |name: &str, message: String| {
        let at = text.find(&format!("{name:?}")).map_or((1, 1), |at| position(&text, at));
        Problem::warning(config.name(), message).at(at)
    };
    let summaries = entries.summaries(&snapshot.site);
    let is_empty = |number: usize| {
        let address = Address::of(snapshot, Place::Named(number as u16));
        address.and_then(|address| plan(snapshot, address, &summaries)).is_some_and(|feed| feed.total == 0)
    };
    let idle = config.named.iter().enumerate().filter(|(number, _)| is_empty(*number)).map(|(_, feed)| {
        let name = &feed.name;
        warn(
            name,
            format!("the feed {name:?} holds no post. Mend what it selects: are its terms spelled so?"),
        )
    });
    let leads_nowhere = |target: &str| {
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        !matches!(
            find(snapshot, path, query),
            Ok(Some(Found::Feed(_) | Found::Page(_) | Found::Moved(_) | Found::Opml))
        )
    };
    let lost =
        config.paths.aliases.iter().filter(|(_, target)| leads_nowhere(&target.0)).map(|(old, target)| {
            let message =
                format!("the address {:?} leads to {:?}, where there is no feed. Mend it.", old.0, target.0);
            warn(&old.0, message)
        });
    idle.chain(lost).collect()
}

/// The text of a file that a problem names, as far as it is text.
fn read_lossy(path: &str) -> String {
    let bytes = file::read(Path::new(path), POST_BYTES).unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Each problem with its line and a caret under its place, and how many there are.
fn describe(problems: &BTreeSet<Problem>, posts: usize) -> String {
    let is_coloured = std::io::stdout().is_terminal() && super::wants_colour();
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut described = String::new();
    for problem in problems {
        let text = texts.entry(&problem.file).or_insert_with(|| read_lossy(&problem.file));
        let shown = super::defuse(&problem.show_in(text));
        described.push_str(&if is_coloured { paint(problem, &shown) } else { shown });
        described.push_str("\n\n");
    }
    let count = |severity: Severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let files = texts.len();
    let counts = format!(
        "{}, {} in {}; {} can be served.\n",
        name_count(errors, "error"),
        name_count(warnings, "warning"),
        name_count(files, "file"),
        name_count(posts, "post")
    );
    described + &counts + &count_kinds(problems)
}

/// How often there is each kind of problem, the most frequent first; nothing where all are of one kind.
fn count_kinds(problems: &BTreeSet<Problem>) -> String {
    let mut kinds: BTreeMap<(Severity, String), usize> = BTreeMap::new();
    for problem in problems {
        *kinds.entry((problem.severity, name_kind(&problem.message))).or_default() += 1;
    }
    let mut kinds: Vec<_> = kinds.into_iter().filter(|_| problems.len() > 1).collect();
    kinds.sort_by_key(|(_, count)| Reverse(*count));
    let widest = kinds.first().map_or(0, |(_, count)| count.to_string().len());
    kinds.into_iter().map(|((_, kind), count)| format!("{count:>widest$} × {kind}\n")).collect()
}

/// A message without what tells one problem from another of its kind: names, addresses, and what to do.
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

fn name_count(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The severity in red or yellow.
fn paint(problem: &Problem, shown: &str) -> String {
    let (word, colour) = match problem.severity {
        Severity::Error => (": error: ", "31"),
        Severity::Warning => (": warning: ", "33"),
    };
    shown.replacen(word, &format!(": \u{1b}[1;{colour}m{}\u{1b}[0m: ", word.trim_matches([':', ' '])), 1)
}
