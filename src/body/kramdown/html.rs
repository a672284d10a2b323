//! Blocks of HTML: in kramdown they end with their closing tag, in CommonMark with a blank line.

use std::borrow::Cow;

use super::super::budget::Budget;
use super::super::syntax::Scan;

/// The elements in whose blocks HTML continues after a blank line.
const BLOCKS: [&str; 19] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "header",
    "nav",
    "ol",
    "p",
    "section",
    "table",
    "ul",
];

/// Takes the place of a blank line.
const NOT_BLANK: &str = "<!---->";

/// The maximum indentation of text that a blank line is filled for, in bytes.
const MAX_INDENT: usize = 64;

/// Columns by which code is indented.
const CODE: usize = 4;

/// Fills blank lines within blocks of HTML if a tag or indented text follows: Markdown would be code there
/// (`kramdown 2.4 parse_raw_html`). Other text after a blank line is Markdown as on GitHub.
pub(super) fn join_blocks<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    if !text.contains("\n\n") || !text.contains('<') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut scan = Scan::new(text, true, budget);
    let mut elements = Elements::default();
    // The end of the element around the position, and the next text that is not blank.
    let (mut element, mut next, mut indent, mut copied) = (Element::default(), 0, "", 0);
    while scan.at < text.len() {
        let rest = scan.rest();
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        if !budget.spend(line.len()) {
            break;
        }
        if scan.at < element.end && !element.has_markdown && line.trim().is_empty() {
            if next < scan.at {
                next = text.len() - rest.trim_start().len();
                indent = &text[text[..next].rfind('\n').map_or(0, |newline| newline + 1)..next];
            }
            let is_filled = text[next..].starts_with('<') || indent.len() >= CODE;
            if next < element.end && is_filled && indent.len() <= MAX_INDENT && budget.spend(indent.len()) {
                out.extend([&text[copied..scan.at], indent, NOT_BLANK, "\n"]);
                copied = scan.at + line.len();
                scan.at = copied;
                continue;
            }
        }
        if let Some(length) = scan.begin_line() {
            scan.at += length;
            continue;
        }
        let bare = line.trim_start_matches(' ');
        let indent = line.len() - bare.len();
        if scan.at >= element.end && bare.starts_with('<') && (indent < CODE || scan.in_list) {
            element = elements.measure(text, scan.at + indent, budget).unwrap_or(element);
        }
        scan.at += line.len();
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// An element of the text.
#[derive(Default)]
struct Element {
    /// The place of its closing tag.
    end: usize,
    has_markdown: bool,
}

/// Measures elements.
#[derive(Default)]
struct Elements {
    /// The names of elements without an end in the rest of the text, which is searched only once for each.
    unclosed: Vec<&'static str>,
}

impl Elements {
    /// Measures the element that begins at a place of a text. `None`: it is not closed.
    fn measure(&mut self, text: &str, from: usize, budget: &Budget) -> Option<Element> {
        let text = &text[from..];
        let name = BLOCKS.into_iter().find(|name| opens(&text[1..], name))?;
        if self.unclosed.contains(&name) {
            return None;
        }
        let mut depth = 0_usize;
        for (at, _) in text.match_indices('<') {
            let inner = &text[at + 1..];
            if opens(inner, name) {
                depth += 1;
            } else if inner.strip_prefix('/').is_some_and(|inner| opens(inner, name)) {
                depth -= 1;
            }
            if depth == 0 {
                budget.spend(at);
                return Some(Element { end: from + at, has_markdown: text[..at].contains(" markdown=") });
            }
        }
        budget.spend(text.len());
        self.unclosed.push(name);
        None
    }
}

/// Returns true if a tag of this name continues after its `<`.
fn opens(text: &str, name: &str) -> bool {
    let own = text.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name));
    own && text[name.len()..].starts_with([' ', '>', '\n', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_continues_after_a_blank_line() {
        for (text, expected) in [
            ("<ul>\n\n    <li>a</li>\n</ul>\n", "<ul>\n    <!---->\n    <li>a</li>\n</ul>\n"),
            ("<div>\n\n     a\n</div>\n", "<div>\n     <!---->\n     a\n</div>\n"),
            ("<div>\n<div>\n</div>\n\n<p>\n</div>", "<div>\n<div>\n</div>\n<!---->\n<p>\n</div>"),
            ("* a\n\n  <p>\n\n  <b>\n  </p>", "* a\n\n  <p>\n  <!---->\n  <b>\n  </p>"),
            // Text after a blank line, elements with Markdown or without an end, code, and text after an element.
            ("<div>\n\n*a*\n</div>\n", "<div>\n\n*a*\n</div>\n"),
            ("<div markdown=\"1\">\n\n<p>\n</div>\n", "<div markdown=\"1\">\n\n<p>\n</div>\n"),
            ("<div>\n\n    a\n", "<div>\n\n    a\n"),
            ("```\n<div>\n\n<p>\n</div>\n```\n", "```\n<div>\n\n<p>\n</div>\n```\n"),
            ("<div>\n</div>\n\n    a\n", "<div>\n</div>\n\n    a\n"),
            (
                "<details>\n\n```\n<p>\n\n<p>\n```\n</details>",
                "<details>\n\n```\n<p>\n\n<p>\n```\n</details>",
            ),
        ] {
            assert_eq!(join_blocks(text, &Budget::new(text.len())), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "(<(/?(div|p|ul)( markdown=1)?>)?|[\n xé]){0,60}") {
            let _ = join_blocks(&text, &Budget::new(text.len()));
        }
    }
}
