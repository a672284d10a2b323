//! Problems as text for people, and the summary below them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use super::group;
use crate::catalog::Snapshot;
use crate::config::{Problem, Severity};
use crate::file;
use crate::limits::POST_BYTES;
use crate::post::text::name_count;
use crate::post::{UnpublishedReason, text};

/// Writes each problem with its line and a caret under its place: the first `most` of each kind, and the number of
/// further ones.
pub(super) fn describe(problems: &BTreeSet<Problem>, most: usize) -> String {
    let is_coloured = super::super::wants_color(&std::io::stdout());
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut described = String::new();
    for kind in group(problems) {
        for problem in kind.problems.iter().take(most) {
            let text = texts.entry(&problem.file).or_insert_with(|| read_text(&problem.file));
            let shown = super::super::escape_terminal(&problem.show_in(text));
            described.push_str(&if is_coloured { paint(problem, &shown) } else { shown });
            described.push_str("\n\n");
        }
        if let more @ 1.. = kind.problems.len().saturating_sub(most) {
            let _ = write!(described, "… {more} more like it (--all shows them)\n\n");
        }
    }
    described
}

/// Reads the text of a file that a problem names; empty if it is not text.
fn read_text(path: &str) -> String {
    let bytes = file::read(Path::new(path), POST_BYTES).unwrap_or_default();
    match text::decode(&bytes, None) {
        Ok(text) => text.into_owned(),
        // As in git: text contains no NUL.
        Err(_) if bytes.contains(&0) => String::new(),
        // In another encoding, most of it is still readable.
        Err(_) => String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// Writes the number of problems by kind, the number of published posts, and the number of unpublished ones by
/// reason.
pub(super) fn summarise(
    problems: &BTreeSet<Problem>,
    snapshot: &Snapshot,
    unpublished: &BTreeMap<UnpublishedReason, usize>,
) -> String {
    let count = |severity: Severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let faults = problems.iter().filter(|problem| problem.severity != Severity::Note);
    let files: BTreeSet<&str> = faults.map(|problem| problem.file.as_str()).collect();
    let mut summary = format!(
        "{}, {} in {}; {} can be served",
        name_count(count(Severity::Error), "error"),
        name_count(count(Severity::Warning), "warning"),
        name_count(files.len(), "file"),
        snapshot.describe_posts()
    );
    if snapshot.duplicates > 0 {
        let _ = write!(
            summary,
            "; {} of them had the id of another post and got one of their own",
            snapshot.duplicates
        );
    }
    summary.push_str(".\n");
    let reasons: Vec<String> = unpublished.iter().map(|(why, count)| name_why(*why, *count)).collect();
    if !reasons.is_empty() {
        let _ = writeln!(summary, "Not published: {}.", reasons.join(", "));
    }
    summary + &count_kinds(problems)
}

fn name_why(why: UnpublishedReason, count: usize) -> String {
    match why {
        UnpublishedReason::Future => {
            format!("{count} until {} date", if count == 1 { "its" } else { "their" })
        }
        UnpublishedReason::Expired => format!("{count} expired"),
        UnpublishedReason::Draft => name_count(count, "draft"),
        UnpublishedReason::Unpublished => format!("{count} with `published: false`"),
        UnpublishedReason::Excluded => format!("{count} excluded by a key of the front matter"),
        UnpublishedReason::Bare => format!("{count} without front matter"),
        UnpublishedReason::Repeated => name_count(count, "duplicate"),
        UnpublishedReason::Undated => format!("{count} without a date"),
        UnpublishedReason::Misnamed => format!("{count} not named like a post"),
        UnpublishedReason::Broken => format!("{count} with errors"),
    }
}

/// Writes the number of problems of each kind, the most frequent first; nothing for a single problem.
fn count_kinds(problems: &BTreeSet<Problem>) -> String {
    let mut kinds = group(problems);
    kinds.retain(|_| problems.len() > 1);
    kinds.sort_by(|one, other| {
        let key = |kind: &super::Kind<'_>| (Reverse(kind.problems.len()), kind.severity);
        key(one).cmp(&key(other)).then_with(|| one.name.cmp(&other.name))
    });
    let widest = kinds.first().map_or(0, |kind| kind.problems.len().to_string().len());
    let lines = kinds.iter().map(|kind| format!("{:>widest$} × {}\n", kind.problems.len(), kind.name));
    // At most one screen: the rarest kinds are listed in full above.
    lines.take(KINDS).collect()
}

/// The maximum number of kinds of problems in a summary.
const KINDS: usize = 20;

/// Colours the severity red, yellow or cyan.
fn paint(problem: &Problem, shown: &str) -> String {
    let colour = match problem.severity {
        Severity::Error => "31",
        Severity::Warning => "33",
        Severity::Note => "36",
    };
    let name = problem.severity.name();
    shown.replacen(&format!(": {name}: "), &format!(": \u{1b}[1;{colour}m{name}\u{1b}[0m: "), 1)
}
