//! Footnotes that are defined twice: in kramdown the last definition counts, the Markdown library shows them all.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::super::budget::Budget;
use super::super::syntax::Scan;

/// Removes each definition of a footnote that is defined again below (`kramdown 2.4 parse_footnote_definition`).
pub(super) fn drop_overwritten<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    let definitions = if text.contains("[^") { find_definitions(text, budget) } else { Vec::new() };
    let last: HashMap<&str, usize> = definitions.iter().map(|(name, lines)| (*name, lines.start)).collect();
    if last.len() == definitions.len() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for (_, lines) in definitions.iter().filter(|(name, lines)| last[name] != lines.start) {
        out.push_str(&text[copied..lines.start]);
        copied = lines.end;
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Finds the definitions of footnotes outside code: their names and lines.
fn find_definitions<'t>(text: &'t str, budget: &'t Budget) -> Vec<(&'t str, Range<usize>)> {
    let mut found: Vec<(&str, Range<usize>)> = Vec::new();
    let mut scan = Scan::new(text, true, budget);
    let mut is_within = false;
    while scan.at < text.len() {
        let line = scan.rest().split_inclusive('\n').next().unwrap_or_default();
        if !budget.spend(line.len()) {
            break;
        }
        let end = scan.at + line.len();
        let continues = line.starts_with("    ") || line.starts_with('\t');
        if let Some((_, lines)) = found.last_mut().filter(|_| is_within && continues) {
            lines.end = end;
        } else if let Some(code) = scan.begin_line() {
            is_within = false;
            scan.at += code;
            continue;
        } else if let Some(name) = read_name(line) {
            is_within = true;
            found.push((name, scan.at..end));
        } else {
            is_within = is_within && line.trim().is_empty();
        }
        scan.at = end;
    }
    found
}

/// Returns the name of the footnote that a line defines.
fn read_name(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start_matches(' ').strip_prefix("[^")?.split_once("]:")?;
    let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '-'));
    (is_name && line.len() - line.trim_start_matches(' ').len() < 4).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_definition_of_a_footnote_counts() {
        for (text, expected) in [
            ("a[^x]\n\n[^x]: b\n[^x]: c\n", "a[^x]\n\n[^x]: c\n"),
            ("[^x]: b\n    c\n\n    d\n\ne\n\n[^x]: f\n", "\ne\n\n[^x]: f\n"),
            ("[^x]: b\n[^y]: c\n", "[^x]: b\n[^y]: c\n"),
            ("[^x] a [n]: b\n[^x] a [n]: c\n", "[^x] a [n]: b\n[^x] a [n]: c\n"),
            ("```\n[^x]: a\n```\n[^x]: b\n", "```\n[^x]: a\n```\n[^x]: b\n"),
        ] {
            assert_eq!(drop_overwritten(text, &Budget::new(text.len())), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "(\\[\\^x\\]:|[x\\n `]|    ){0,60}") {
            let _ = drop_overwritten(&text, &Budget::new(text.len()));
        }
    }
}
