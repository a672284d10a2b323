//! Indented text that kramdown reads in another way than GitHub: below definitions, and behind the marks of lists.

use super::super::syntax::measure_columns;

/// The maximum number of columns between the mark of an item and its text: behind more, GitHub reads code.
const WIDEST: usize = 4;

/// The lengths of the mark of a list item and of the white space behind it, if GitHub would read the text behind them as
/// code (`kramdown 2.4 parse_first_list_line`).
pub(super) fn measure_wide_mark(line: &str) -> Option<(usize, usize)> {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let mark = match line.as_bytes().get(digits)? {
        b'*' | b'+' | b'-' if digits == 0 => 1,
        b'.' if (1..=9).contains(&digits) => digits + 1,
        _ => return None,
    };
    let text = line[mark..].trim_start_matches([' ', '\t']);
    let is_rule = text.bytes().all(|b| matches!(b, b'*' | b'-' | b' ' | b'\t'));
    let columns = measure_columns(&line[mark..], mark);
    (columns > WIDEST && !is_rule).then(|| (mark, line.len() - mark - text.len()))
}

/// Returns true for a line that defines the URL of a link or an abbreviation (`kramdown 2.4 LINK_DEFINITION_START`,
/// `ABBREV_DEFINITION_START`).
pub(super) fn is_definition(line: &str) -> bool {
    let name = line.strip_prefix('*').unwrap_or(line).strip_prefix('[');
    name.is_some_and(|name| {
        !name.starts_with('^') && name.split_once("]:").is_some_and(|(name, _)| !name.contains([']', '[']))
    })
}

/// Returns true if a text begins with a line of code, and not with the title of a link.
pub(super) fn begins_code(text: &str) -> bool {
    let line = text.split('\n').next().unwrap_or(text);
    let bare = line.trim_start_matches([' ', '\t']);
    let is_title = bare.starts_with(['"', '\'', '(']);
    measure_columns(line, 0) >= WIDEST && !bare.trim().is_empty() && !is_title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_with_much_space_behind_them_are_measured() {
        for (line, lengths) in [
            ("*     a", Some((1, 5))),
            ("12.      a", Some((3, 6))),
            ("* \t  \ta", Some((1, 5))),
            ("-\t\ta", Some((1, 2))),
            ("*    a", None),
            ("-\ta", None),
            ("-     -     -", None),
            ("1.", None),
            ("*a", None),
            ("", None),
        ] {
            assert_eq!(measure_wide_mark(line), lengths, "{line:?}");
        }
    }

    #[test]
    fn code_may_follow_a_definition() {
        assert!(["[a]: b", "*[A]: b"].iter().all(|line| is_definition(line)));
        assert!(!["[^a]: b", "[a] b", "a [b]: c", "[a][b]: c"].iter().any(|line| is_definition(line)));
        assert!(["    a", "\ta", "  \ta\nb"].iter().all(|line| begins_code(line)));
        assert!(!["   a", "    ", "    \"title\"", "a"].iter().any(|line| begins_code(line)));
    }
}
