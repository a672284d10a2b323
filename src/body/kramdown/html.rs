//! Blocks of HTML: in kramdown they end with their closing tag, in CommonMark with a blank line, and an option makes their
//! content Markdown.

use std::borrow::Cow;

use super::super::budget::Budget;
use super::super::html_tags::read_tag;
use super::super::syntax::Scan;
use super::KramdownOptions;
use super::options::read_parse_block_html;

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

/// The elements whose content can be Markdown (`kramdown 2.4 HTML_CONTENT_MODEL`, without those within text). The content
/// of all others is HTML.
const WITH_MARKDOWN: &str = " address applet article aside blockquote body caption dd details div dl dt fieldset \
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup iframe legend li main map menu nav noscript object \
    optgroup p section summary td th ";

/// Takes the place of a blank line.
const NOT_BLANK: &str = "<!---->";

/// The maximum indentation of text that a blank line is filled for, in bytes.
const MAX_INDENT: usize = 64;

/// The maximum length of a tag of XML, in bytes.
const LONGEST_TAG: usize = 1024;

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

/// Removes the tags of elements with the name of an XML namespace (`<o:p>`), which GitHub shows as text: an unknown
/// element is replaced by its content (`kramdown 2.4 HTML_TAG_RE`).
pub(super) fn drop_xml_tags<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    if !text.match_indices('<').any(|(at, _)| measure_xml_tag(&text[at..]).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut scan = Scan::new(text, true, budget);
    while scan.find(&["<"], &mut out, str::to_owned).is_some() {
        let length = measure_xml_tag(scan.rest()).filter(|length| budget.spend(*length));
        if length.is_none() {
            out.push('<');
        }
        scan.at += length.unwrap_or(1);
    }
    Cow::Owned(out)
}

/// Returns the length of the tag at the start of a text if its name has a namespace.
fn measure_xml_tag(text: &str) -> Option<usize> {
    const SCHEMES: [&str; 5] = ["mailto", "http", "https", "ftp", "ftps"];
    let inner = text[1..].strip_prefix('/').unwrap_or(&text[1..]);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let (space, rest) = inner.split_at(inner.find(|c| !is_part(c))?);
    let name = rest.strip_prefix(':')?;
    let behind = name.trim_start_matches(is_part);
    let is_name = space.starts_with(|c: char| c.is_ascii_alphabetic()) && behind.len() < name.len();
    let is_tag = is_name && behind.starts_with([' ', '\n', '\t', '/', '>']) && !SCHEMES.contains(&space);
    if !is_tag {
        return None;
    }
    let end = (0..=text.len().min(LONGEST_TAG)).rev().find(|end| text.is_char_boundary(*end))?;
    let near = &text[..end];
    let (.., length) = read_tag(near)?;
    near[..length].ends_with('>').then_some(length)
}

/// Adds `markdown="1"` to the tags that begin blocks of HTML (`kramdown 2.4 parse_block_html`).
pub(super) fn mark_markdown<'t>(text: &'t str, options: &KramdownOptions, budget: &Budget) -> Cow<'t, str> {
    let mut parses = options.parse_block_html;
    if !text.contains('<') || !(parses || text.contains("parse_block_html")) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut scan = Scan::new(text, true, budget);
    let mut elements = Elements::default();
    let mut copied = 0;
    while scan.at < text.len() {
        let rest = scan.rest();
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        if !budget.spend(line.len()) {
            break;
        }
        if let Some(length) = scan.begin_line() {
            scan.at += length;
            continue;
        }
        parses = read_parse_block_html(line).unwrap_or(parses);
        let indent = line.len() - line.trim_start_matches([' ', '>']).len();
        let (mut at, end) = (scan.at + indent, scan.at + line.len());
        while parses
            && at < end
            && text[at..].starts_with('<')
            && let Some((name, closes, length)) = read_tag(&text[at..])
        {
            let tag = &text[at..at + length];
            if closes || tag.contains(" markdown=") {
            } else if WITH_MARKDOWN.contains(&format!(" {name} ")) {
                let behind = at + 1 + name.len();
                out.extend([&text[copied..behind], " markdown=\"1\""]);
                copied = behind;
            } else {
                let opaque = scan.measure_opaque(&text[at..]).map(|length| at + length);
                at = opaque.or_else(|| Some(elements.measure(text, at, budget)?.end)).unwrap_or(end);
                break;
            }
            at += length;
        }
        scan.at = at.max(end);
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

    #[test]
    fn tags_of_xml_are_removed() {
        for (text, expected) in [
            ("a <o:p>b</o:p> <w:c d='>' />e", "a b e"),
            ("<http://x.org> <a> `<o:p>` <o:p", "<http://x.org> <a> `<o:p>` <o:p"),
            ("<o:p>\n\n    <o:p>\n", "\n\n    <o:p>\n"),
        ] {
            assert_eq!(drop_xml_tags(text, &Budget::new(text.len())), expected, "{text:?}");
        }
    }

    #[test]
    fn the_content_of_html_may_be_markdown() {
        let options = KramdownOptions { parse_block_html: true, ..KramdownOptions::JEKYLL };
        for (text, expected) in [
            ("<div>\n*a*\n</div>\n", "<div markdown=\"1\">\n*a*\n</div>\n"),
            ("<div class=\"b\"><p>*a*</p>\n", "<div markdown=\"1\" class=\"b\"><p markdown=\"1\">*a*</p>\n"),
            ("> <div>\n> *a*\n", "> <div markdown=\"1\">\n> *a*\n"),
            // Elements without Markdown, text, code, and elements that have the attribute.
            ("<ul>\n<li>*a*</li>\n</ul>\n", "<ul>\n<li>*a*</li>\n</ul>\n"),
            ("<pre>\n<div>\n</pre>\n", "<pre>\n<div>\n</pre>\n"),
            ("*a* <div>\n", "*a* <div>\n"),
            ("é\n<é\n", "é\n<é\n"),
            ("```\n<div>\n```\n", "```\n<div>\n```\n"),
            ("<div markdown=\"0\">\n", "<div markdown=\"0\">\n"),
            (
                "{::options parse_block_html=\"false\" /}\n<p>\n",
                "{::options parse_block_html=\"false\" /}\n<p>\n",
            ),
        ] {
            assert_eq!(mark_markdown(text, &options, &Budget::new(text.len())), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "(<(/?(div|p|ul|o:p)( markdown=1)?>)?|[\n xé:]){0,60}") {
            let _ = drop_xml_tags(&text, &Budget::new(text.len()));
            let _ = join_blocks(&text, &Budget::new(text.len()));
            let options = KramdownOptions { parse_block_html: true, ..KramdownOptions::JEKYLL };
            let _ = mark_markdown(&text, &options, &Budget::new(text.len()));
        }
    }
}
