//! Footnotes that are defined twice: in kramdown the last definition counts, the Markdown library shows them all.

use std::borrow::Cow;
use std::collections::HashMap;

use super::super::budget::Budget;
use super::super::syntax::Scan;

/// Removes each definition of a footnote that is defined again below (`kramdown 2.4 parse_footnote_definition`).
pub(super) fn drop_overwritten<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    if text.contains("[^") {
        text.lines().filter_map(read_name).for_each(|name| *counts.entry(name).or_default() += 1);
    }
    counts.retain(|_, count| *count > 1);
    if counts.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut scan = Scan::new(text, true, budget);
    let (mut copied, mut is_dropped) = (0, false);
    while scan.at < text.len() {
        let line = scan.rest().split_inclusive('\n').next().unwrap_or_default();
        if !budget.spend(line.len()) {
            break;
        }
        let continues = is_dropped && (line.starts_with("    ") || line.starts_with('\t'));
        let length = if continues { None } else { scan.begin_line() };
        let count =
            if length.is_none() { read_name(line).and_then(|name| counts.get_mut(name)) } else { None };
        let is_overwritten = count.is_some_and(|count| {
            *count -= 1;
            *count > 0
        });
        let is_blank = line.trim().is_empty();
        is_dropped = is_overwritten || continues || (is_dropped && is_blank);
        let end = scan.at + length.unwrap_or(line.len());
        if is_overwritten || continues {
            out.push_str(&text[copied..scan.at]);
            copied = end;
        }
        scan.at = end;
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Returns the name of the footnote that a line defines.
fn read_name(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start_matches(' ').strip_prefix("[^")?.split_once("]:")?;
    (line.len() - line.trim_start_matches(' ').len() < 4).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_definition_of_a_footnote_counts() {
        for (text, expected) in [
            ("a[^x]\n\n[^x]: b\n[^x]: c\n", "a[^x]\n\n[^x]: c\n"),
            ("[^x]: b\n    c\n\n    d\n\ne\n\n[^x]: f\n", "\n\ne\n\n[^x]: f\n"),
            ("[^x]: b\n[^y]: c\n", "[^x]: b\n[^y]: c\n"),
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
