//! URLs that are written as text.

use std::borrow::Cow;

use super::budget::Budget;
use super::syntax::Scan;

/// `https://example.org/a\_b` → `https://example.org/a_b`. Generators that do not link such URLs remove the `\`; in a
/// link it would become part of the URL.
pub(super) fn unescape<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    if !text.contains("\\_") || !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut scan = Scan::new(text, true, budget);
    while scan.find(&["://"], &mut out, str::to_owned).is_some() {
        let url = scan.rest();
        let url =
            &url[..url.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>')).unwrap_or(url.len())];
        let before = scan.line_before(16).trim_end_matches(|c: char| c.is_ascii_alphanumeric());
        // In a tag a `\` is an ordinary character.
        let is_in_tag = before.ends_with(['<', '=']) || before.ends_with("=\"") || before.ends_with("='");
        if is_in_tag {
            out.push_str(url);
        } else {
            out.push_str(&url.replace("\\_", "_"));
        }
        scan.at += url.len();
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_in_text_hold_no_backslashes() {
        for (text, expected) in [
            ("http://x.org/a\\_b\\_c d\\_e", "http://x.org/a_b_c d\\_e"),
            ("[a](http://x.org/a\\_b)", "[a](http://x.org/a_b)"),
            ("`http://x.org/a\\_b`", "`http://x.org/a\\_b`"),
            ("<http://x.org/a\\_b>", "<http://x.org/a\\_b>"),
            ("<a href=\"http://x.org/a\\_b\">", "<a href=\"http://x.org/a\\_b\">"),
        ] {
            assert_eq!(unescape(text, &Budget::new(text.len())), expected, "{text}");
        }
    }
}
