//! Problems as workflow commands of GitHub Actions.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::group;
use crate::config::{Problem, Severity, escape_controls};

/// Writes one command per problem: the first `most` of each kind.
pub(super) fn annotate(problems: &BTreeSet<Problem>, most: usize) -> String {
    let mut text = String::new();
    for kind in group(problems) {
        for problem in kind.problems.iter().take(most) {
            let command = match problem.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let Problem { file, line, column, message, .. } = problem;
            let file = escape_property(file);
            let place = if *line == 0 { String::new() } else { format!(",line={line},col={column}") };
            let _ = writeln!(text, "::{command} file={file}{place},title=feedmill::{}", escape_data(message));
        }
        if let more @ 1.. = kind.problems.len().saturating_sub(most) {
            let _ = writeln!(text, "… {more} more like it (--all shows them)");
        }
    }
    text
}

/// `@actions/core command.ts escapeData`; other control characters are escaped as everywhere.
fn escape_data(text: &str) -> String {
    escape_controls(&text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")).into_owned()
}

/// `@actions/core command.ts escapeProperty`
fn escape_property(text: &str) -> String {
    escape_data(text).replace(':', "%3A").replace(',', "%2C")
}
