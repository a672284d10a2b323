//! Tables of kramdown → tables of GitHub's Markdown: with a head, as wide as the widest row, and with `\|` for each
//! `|` in code.

use std::ops::Range;

/// A table in GitHub's Markdown.
pub(super) struct Table {
    pub(super) markdown: String,
    /// The length of the table as it was written, in bytes.
    pub(super) length: usize,
}

/// Reads the table at the start of a text, whose first line begins with `prefix` (`kramdown 2.4 parse_table`).
pub(super) fn read(text: &str, prefix: &str, is_in_list: bool) -> Option<Table> {
    let quotes = prefix.matches('>').count();
    let (mut lines, mut length, mut ends_block) = (Vec::new(), 0, true);
    for line in text.split_inclusive('\n') {
        let inner = strip_quotes(line, quotes).unwrap_or(line).trim();
        if !has_bar(inner) || strip_quotes(line, quotes).is_none() {
            let is_item =
                is_in_list && inner.starts_with(['*', '-', '+', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
            ends_block = inner.is_empty() || inner == "^" || super::is_attribute_list(inner) || is_item;
            break;
        }
        lines.push(inner);
        length += line.len();
    }
    let is_table = ends_block && has_bars_outside_code(&lines.join("\n"));
    let rows = Rows::read(&lines).filter(|_| is_table)?;
    Some(Table { markdown: rows.write(prefix), length })
}

/// The rows of a table, and the alignments of its columns.
#[derive(Default)]
struct Rows {
    head: Vec<Vec<String>>,
    body: Vec<Vec<String>>,
    alignments: Vec<&'static str>,
}

impl Rows {
    /// Reads the rows. `None`: the table has no body.
    fn read(lines: &[&str]) -> Option<Self> {
        let mut rows = Self::default();
        let begins_with_bar = lines.first().is_some_and(|line| line.starts_with('|'));
        let (mut has_body, mut has_footer) = (false, false);
        for line in lines {
            if is_separator(line, '-') {
                if rows.alignments.is_empty() && !has_footer && !rows.body.is_empty() {
                    rows.head = std::mem::take(&mut rows.body);
                    rows.alignments = read_alignments(line);
                }
            } else if is_separator(line, '=') {
                has_body |= !rows.body.is_empty();
                has_footer = true;
            } else {
                rows.body.push(split_row(line, begins_with_bar));
            }
        }
        (has_body || (!rows.body.is_empty() && !has_footer)).then_some(rows)
    }

    /// Writes the table. The first row of the head becomes the head, because GitHub's Markdown allows only one.
    fn write(&self, prefix: &str) -> String {
        let all = self.head.iter().chain(&self.body);
        let columns = all.clone().map(Vec::len).max().unwrap_or_default().max(1);
        let mut out = String::new();
        let mut put = |cells: &mut dyn Iterator<Item = &str>| {
            out.push_str(prefix);
            for cell in cells {
                out.extend(["| ", cell, if cell.is_empty() { "" } else { " " }]);
            }
            out.push_str("|\n");
        };
        let empty = Vec::new();
        let head = self.head.first().unwrap_or(&empty).iter().map(String::as_str);
        put(&mut head.chain(std::iter::repeat("")).take(columns));
        put(&mut self.alignments.iter().copied().chain(std::iter::repeat("---")).take(columns));
        for row in all.skip(usize::from(!self.head.is_empty())) {
            put(&mut row.iter().map(String::as_str));
        }
        out
    }
}

/// Removes a number of quote marks from the start of a line.
fn strip_quotes(line: &str, quotes: usize) -> Option<&str> {
    (0..quotes).try_fold(line, |line, _| line.trim_start_matches([' ', '\t']).strip_prefix('>'))
}

/// Returns true if a line has a `|` without a `\` before it.
fn has_bar(line: &str) -> bool {
    line.match_indices('|').any(|(at, _)| !line[..at].ends_with('\\'))
}

/// Returns true if each line has a `|` outside code. Code may span lines.
fn has_bars_outside_code(text: &str) -> bool {
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for Range { start, end } in find_code(text) {
        masked.push_str(&text[from..start]);
        masked.extend(text[start..end].chars().map(|c| if c == '\n' { c } else { ' ' }));
        from = end;
    }
    masked.push_str(&text[from..]);
    masked.split('\n').all(has_bar)
}

/// `kramdown 2.4 TABLE_SEP_LINE`, and with `=` `TABLE_FSEP_LINE`.
pub(super) fn is_separator(line: &str, mark: char) -> bool {
    line.contains(mark) && line.chars().all(|c| c == mark || matches!(c, '+' | '|' | ':' | ' ' | '\t'))
}

fn read_alignments(line: &str) -> Vec<&'static str> {
    let columns = line.split(['|', '+']).map(str::trim).filter(|column| column.contains('-'));
    let align = |column: &str| match (column.starts_with(':'), column.ends_with(':')) {
        (true, true) => ":-:",
        (true, false) => ":--",
        (false, true) => "--:",
        (false, false) => "---",
    };
    columns.map(align).collect()
}

fn split_row(line: &str, begins_with_bar: bool) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut from = 0;
    let put_text = |text: &str, cells: &mut Vec<String>| {
        let mut start = 0;
        for (at, _) in text.match_indices('|').filter(|(at, _)| !text[..*at].ends_with('\\')) {
            push(&text[start..at], cells);
            cells.push(String::new());
            start = at + 1;
        }
        push(&text[start..], cells);
    };
    for Range { start, end } in find_code(line) {
        put_text(&line[from..start], &mut cells);
        push(&write_code(&line[start..end]), &mut cells);
        from = end;
    }
    put_text(&line[from..], &mut cells);
    let mut cells: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
    if begins_with_bar && cells.first().is_some_and(String::is_empty) {
        cells.remove(0);
    }
    if cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    cells
}

fn push(text: &str, cells: &mut [String]) {
    if let Some(cell) = cells.last_mut() {
        cell.push_str(text);
    }
}

/// Writes a code span as GitHub reads it in a cell.
fn write_code(code: &str) -> String {
    let run = code.len() - code.trim_start_matches('`').len();
    if run == 0 {
        return code.replace('|', "\\|");
    }
    let inner = &code[run..code.len() - run];
    let longest = inner.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let mark = "`".repeat(longest + 1);
    let (inner, blank) = if longest > 0 || run > 1 {
        let inner = inner.strip_prefix(' ').unwrap_or(inner);
        (inner.strip_suffix(' ').unwrap_or(inner), if longest > 0 { " " } else { "" })
    } else {
        (inner, "")
    };
    [&mark, blank, &inner.replace('|', "\\|"), blank, &mark].concat()
}

/// Returns the ranges of code spans and `code` elements (`kramdown 2.4 parse_codespan`).
fn find_code(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    // Backtick runs of length `unclosed` or more are never closed, nor are elements unless `has_elements`.
    let (mut unclosed, mut has_elements) = (usize::MAX, true);
    while let Some(start) = text[at..].find(['`', '<']).map(|next| at + next) {
        let rest = &text[start..];
        let run = rest.len() - rest.trim_start_matches('`').len();
        at = start + run.max(1);
        let end = if run == 0 {
            let opens =
                rest.strip_prefix("<code").is_some_and(|rest| rest.starts_with(['>', ' '])) && has_elements;
            let end =
                if opens { text[at..].find("</code>").map(|end| at + end + "</code>".len()) } else { None };
            has_elements &= !opens || end.is_some();
            end
        } else {
            let is_alone = run == 1
                && text[..start].chars().next_back().is_none_or(char::is_whitespace)
                && text[at..].starts_with(char::is_whitespace);
            let looks = !is_alone && run < unclosed;
            let end = if looks { text[at..].find(&rest[..run]).map(|end| at + end + run) } else { None };
            if looks && end.is_none() {
                unclosed = run;
            }
            end
        };
        if let Some(end) = end {
            found.push(start..end);
            at = end;
        }
    }
    found
}

/// Removes empty table heads from HTML: GitHub's Markdown requires a head, kramdown does not.
pub(in crate::body) fn drop_empty_heads(html: String) -> String {
    const HEAD: (&str, &str) = ("<thead>\n<tr>\n", "</tr>\n</thead>\n");
    if !html.contains(HEAD.0) {
        return html;
    }
    let mut out = String::with_capacity(html.len());
    let mut rest = &html[..];
    while let Some((before, after)) = rest.split_once(HEAD.0) {
        out.push_str(before);
        let cells = after
            .split_inclusive('\n')
            .take_while(|line| line.starts_with("<th") && line.ends_with("></th>\n"));
        let length: usize = cells.map(str::len).sum();
        match after[length..].strip_prefix(HEAD.1) {
            Some(behind) => rest = behind,
            None => {
                out.push_str(HEAD.0);
                rest = after;
            }
        }
    }
    out + rest
}
