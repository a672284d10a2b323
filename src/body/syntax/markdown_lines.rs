//! The marks at the beginning of a line of Markdown: quotes, lists, indentation and fences.

/// Returns the content of a list item, if `line` begins with a list mark.
pub(super) fn strip_marker(line: &str) -> Option<&str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match digits {
        0 => line.strip_prefix(['-', '*', '+'])?,
        1..=9 => line[digits..].strip_prefix(['.', ')'])?,
        _ => return None,
    };
    rest.starts_with([' ', '\t']).then(|| rest.trim_start_matches([' ', '\t']))
}

/// Removes the quote marks before a line, each with one space.
pub(super) fn strip_quote(line: &str) -> &str {
    let mut inner = line;
    while let Some(rest) = inner.trim_start_matches(' ').strip_prefix('>') {
        inner = rest.strip_prefix(' ').unwrap_or(rest);
    }
    inner
}

/// Returns the number of columns of white space before a line.
pub(super) fn measure_indent(line: &str) -> usize {
    measure_columns(line, 0)
}

/// Returns the number of columns of the white space at the start of `text`, which is at column `start` of its line.
pub(in crate::body) fn measure_columns(text: &str, start: usize) -> usize {
    let blanks = text.bytes().take_while(|b| matches!(b, b' ' | b'\t'));
    blanks.fold(start, |column, byte| if byte == b'\t' { column / 4 * 4 + 4 } else { column + 1 }) - start
}

/// Removes all quote marks and white space before a line.
fn strip_quotes(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>'])
}

/// Returns the length of the fenced code block at the start of `text` (`CommonMark 0.31 §4.5`).
pub(super) fn measure_fence(text: &str) -> Option<usize> {
    let line = text.split_inclusive('\n').next()?;
    let mut bare = strip_quotes(line);
    while let Some(inner) = strip_marker(bare) {
        bare = strip_quotes(inner);
    }
    let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = bare.chars().take_while(|c| *c == mark).count();
    if count < 3 || (mark == '`' && bare[count..].contains('`')) {
        return None;
    }
    let mut length = line.len();
    for line in text[length..].split_inclusive('\n') {
        length += line.len();
        let bare = strip_quotes(line).trim_end();
        if bare.len() >= count && bare.chars().all(|c| c == mark) {
            break;
        }
    }
    Some(length)
}
