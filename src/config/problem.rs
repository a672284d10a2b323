//! A problem that a person must act on: its place, its severity, and how to fix it.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

/// The largest number of characters that are shown of an offending line.
const WIDEST: usize = 120;

/// The severity of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something is not used or not served until it is fixed.
    Error,
    /// Something works, but probably not as intended.
    Warning,
    /// Something works as intended, and may be surprising.
    Note,
}

impl Severity {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One problem in a configuration or a post. Problems are data: they never stop the server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Problem {
    /// The file as a person would name it.
    pub file: String,
    /// Line, from 1; 1 where the problem is the file as a whole. 0 where `file` is not a file with lines: a folder,
    /// or no configuration at all. Such a place is not printed, and is 1 in JSON.
    #[serde(serialize_with = "from_one")]
    pub line: u32,
    /// Column in characters, from 1; 0 as for `line`.
    #[serde(serialize_with = "from_one")]
    pub column: u32,
    /// The severity.
    pub severity: Severity,
    /// The text: what is wrong, and how to fix it.
    pub message: String,
}

impl Problem {
    /// An error of a file as a whole, at its start.
    pub fn error(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), line: 1, column: 1, severity: Severity::Error, message: message.into() }
    }

    /// A warning at the start of a file.
    pub fn warning(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(file, message) }
    }

    /// A note at the start of a file.
    pub fn note(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Note, ..Self::error(file, message) }
    }

    /// Moves the problem to another place of the file.
    #[must_use]
    pub fn at(mut self, (line, column): (u32, u32)) -> Self {
        (self.line, self.column) = (line, column);
        self
    }

    /// Removes the place of the problem: its file has no lines.
    #[must_use]
    pub fn without_place(self) -> Self {
        self.at((0, 0))
    }

    /// The problem without its severity, for a log line whose level shows it.
    pub fn without_severity(&self) -> String {
        format!("{}: {}", Place(self), escape_controls(&self.message))
    }

    /// Logs the problem in one line, whose level is its severity.
    pub fn log(&self) {
        match self.severity {
            Severity::Error => tracing::error!("{}", self.without_severity()),
            Severity::Warning => tracing::warn!("{}", self.without_severity()),
            Severity::Note => tracing::info!("{}", self.without_severity()),
        }
    }

    /// The problem, and below it the offending line of `text` with a caret under its column. Of a long line, only the
    /// part around the caret is shown.
    pub fn show_in(&self, text: &str) -> String {
        let found = self.line.checked_sub(1).and_then(|above| text.lines().nth(above as usize));
        let Some(line) = found else {
            return self.to_string();
        };
        let (line, column) = cut_around(line, self.column.saturating_sub(1) as usize);
        // A tab before the caret keeps its width by being repeated.
        let indent: String = line.chars().take(column).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        format!("{self}\n{number} | {line}\n{gutter} | {indent}^")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", Place(self), self.severity.name(), escape_controls(&self.message))
    }
}

/// The place of a problem, as it is printed.
struct Place<'p>(&'p Problem);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { file, line, column, .. } = self.0;
        let file = escape_controls(file);
        if *line == 0 { write!(f, "{file}") } else { write!(f, "{file}:{line}:{column}") }
    }
}

/// Writes 0, which means no line, as 1: for programs it is the file as a whole.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it so")]
fn from_one<S: Serializer>(number: &u32, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u32((*number).max(1))
}

/// A line cut to [`WIDEST`] characters around a column, counted from 0, and the column in the cut line.
fn cut_around(line: &str, column: usize) -> (Cow<'_, str>, usize) {
    // A line of few bytes has few characters.
    if line.len() <= WIDEST || line.chars().nth(WIDEST).is_none() {
        return (Cow::Borrowed(line), column);
    }
    let start = column.saturating_sub(WIDEST / 2);
    let mut rest = line.chars().skip(start);
    let mut cut: String = rest.by_ref().take(WIDEST).collect();
    if rest.next().is_some() {
        cut.pop();
        cut.push('…');
    }
    if start > 0 {
        cut.replace_range(..cut.chars().next().map_or(0, char::len_utf8), "…");
    }
    (Cow::Owned(cut), column - start)
}

/// Escapes a text for one line of a log or a terminal: control characters, and those that change the text direction.
/// The name of a file may contain any of them.
pub fn escape_controls(text: &str) -> Cow<'_, str> {
    let is_control = |c: char| {
        c.is_control()
            || matches!(c, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let escape = |c: char| match c {
        '\t' | '\n' | '\r' => c.escape_default().to_string(),
        c if is_control(c) => c.escape_unicode().to_string(),
        c => c.to_string(),
    };
    Cow::Owned(text.chars().map(escape).collect())
}

/// Line and column (both from 1, the column in characters) of a byte offset in `text`.
pub fn position(text: &str, offset: usize) -> (u32, u32) {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |i| i + 1);
    let line = before.matches('\n').count() + 1;
    let column = before[line_start..].chars().count() + 1;
    (line as u32, column as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_is_under_the_column() {
        let text = "a = 1\n\ttítle = 2\n";
        let problem =
            Problem::error("x.toml", "no such key").at(position(text, text.find("title").unwrap_or(7)));
        assert_eq!(problem.show_in(text), "x.toml:2:2: error: no such key\n2 | \ttítle = 2\n  | \t^");
    }

    #[test]
    fn of_a_long_line_only_the_part_around_the_caret_is_shown() {
        let text = format!("{}é!{}", "a".repeat(5000), "b".repeat(5000));
        for (column, caret) in [(1, 'a'), (61, 'a'), (5001, 'é'), (5002, '!'), (10_002, 'b')] {
            let shown = Problem::error("x", "wide").at((1, column)).show_in(&text);
            let lines: Vec<&str> = shown.lines().collect();
            let [line, marker] = [lines[1], lines[2]].map(|line| &line["1 | ".len()..]);
            assert!(line.chars().count() <= WIDEST, "{column}: {line}");
            assert_eq!(line.chars().nth(marker.chars().count() - 1), Some(caret), "{column}: {shown}");
        }
        let folder = Problem::error("posts", "there is no such folder").without_place();
        assert_eq!(folder.show_in("text"), "posts: error: there is no such folder");
        assert!(
            serde_json::to_string(&folder).expect("a problem is JSON").contains("\"line\":1,\"column\":1")
        );
    }

    #[test]
    fn a_problem_is_one_line_whatever_the_file_is_named() {
        let problem = Problem::error("a\nb\u{1b}[2J\u{202e}.md", "no\tkey\u{7}");
        assert_eq!(problem.to_string(), "a\\nb\\u{1b}[2J\\u{202e}.md:1:1: error: no\\tkey\\u{7}");
    }

    #[test]
    fn positions_count_characters_and_survive_any_offset() {
        assert_eq!(position("观点 x", 7), (1, 4));
        assert_eq!(position("观点", 1), (1, 1));
        assert_eq!(position("a\nb", 99), (2, 2));
    }
}
