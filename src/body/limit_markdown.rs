//! Markdown → Markdown that a parser handles in bounded time and memory: no line is nested in too many quotes or
//! lists, and no table consists mostly of missing cells.

use std::borrow::Cow;

/// The maximum number of quote and list marks before a line.
const MAX_DEPTH: usize = 24;

/// The maximum number of columns of a table.
const MAX_COLUMNS: usize = 256;

/// The maximum number of missing cells of one table.
const MAX_MISSING_CELLS: usize = 20_000;

/// The length below which any text is cheap, in bytes.
const SHORT: usize = 2048;

/// Removes quote and list marks where there are too many, and ends tables that are too wide or too empty. Code is
/// kept.
pub(super) fn flatten(text: &str) -> Cow<'_, str> {
    if text.len() < SHORT {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut kept = 0;
    let mut fence: Option<&str> = None;
    let mut table: Option<Table> = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim();
        if let Some(open) = fence {
            fence = if bare.starts_with(open) { None } else { fence };
            continue;
        }
        fence = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        let marks = measure_marks(line);
        if let Some(from) = marks {
            out.push_str(&text[kept..start + from.start]);
            kept = start + from.end;
        }
        let columns = count_columns(bare);
        let ends = match &mut table {
            Some(open) if !bare.is_empty() => {
                open.empty += open.columns.saturating_sub(columns);
                open.empty > MAX_MISSING_CELLS
            }
            _ => is_delimiter(bare) && columns > MAX_COLUMNS,
        };
        if ends {
            // A blank line ends a table, or keeps one from beginning.
            out.push_str(&text[kept..start]);
            out.push('\n');
            kept = start;
        }
        if ends || bare.is_empty() {
            table = None;
        } else if table.is_none() && is_delimiter(bare) {
            table = Some(Table { columns, empty: 0 });
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[kept..]);
    Cow::Owned(out)
}

/// A table that lines may belong to.
struct Table {
    columns: usize,
    empty: usize,
}

/// Returns the range of the excess marks before a line.
fn measure_marks(line: &str) -> Option<std::ops::Range<usize>> {
    let is_mark = |byte: u8| matches!(byte, b'>' | b'-' | b'*' | b'+');
    let head = line
        .bytes()
        .take_while(|b| is_mark(*b) || matches!(b, b' ' | b'\t' | b'.' | b')') || b.is_ascii_digit());
    let end = head.count();
    if end <= MAX_DEPTH {
        return None;
    }
    // A list mark has a space after it; a line of marks alone may be a thematic break.
    let bytes = line.as_bytes();
    let counts = |at: usize| {
        let next = bytes.get(at + 1);
        let ends_number = matches!(bytes[at], b'.' | b')');
        bytes[at] == b'>'
            || ((is_mark(bytes[at]) || ends_number) && next.is_some_and(|b| matches!(b, b' ' | b'\t')))
    };
    let from = (0..end).filter(|at| counts(*at)).nth(MAX_DEPTH)?;
    Some(from..end)
}

fn count_columns(line: &str) -> usize {
    line.bytes().filter(|b| *b == b'|').count()
}

/// Returns true for the line below the head of a table.
fn is_delimiter(line: &str) -> bool {
    line.contains('|')
        && line.contains('-')
        && line.bytes().all(|b| matches!(b, b'|' | b'-' | b':' | b' ' | b'\t' | b'>'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_markdown_stays_as_it_is() {
        let text =
            "# A\n\n> - quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\n>>>>>\n```\n- - - -\n".repeat(60);
        assert!(matches!(flatten(&text), Cow::Borrowed(_)));
    }

    #[test]
    fn markdown_too_deep_or_too_wide_is_reduced() {
        let deep = format!("{} x\n", ">".repeat(100_000));
        assert_eq!(flatten(&deep), format!("{}x\n", ">".repeat(MAX_DEPTH)));
        let lists = format!("{}x\n", "- ".repeat(50_000));
        assert!(flatten(&lists).len() < 300);
        let code = format!("```\n{deep}```\n");
        assert_eq!(flatten(&code), code);
        let wide = format!("{}|\n{}|\n{}", "|a".repeat(1000), "|-".repeat(1000), "|x|\n".repeat(1000));
        assert!(flatten(&wide).contains("a|\n\n|-"));
        let empty = format!("{}|\n{}|\n{}", "|a".repeat(200), "|-".repeat(200), "|x|\n".repeat(1000));
        assert_eq!(flatten(&empty).matches("\n\n").count(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "[>\\-*| \n`a1.é]{0,40}") {
            let _ = flatten(&text.repeat(100));
        }
    }
}
