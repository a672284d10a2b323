//! Blocks that kramdown has and GitHub's Markdown does not → GitHub's Markdown that shows the same text.

mod extension;
mod html;
mod indents;
mod line_breaks;
mod links;
mod notes;
mod options;
mod paragraphs;
mod places;
mod table;

use std::borrow::Cow;

use super::budget::Budget;
use super::dialect_syntax::Change;
use super::html_tags::read_tag;
use super::syntax::{Scan, contains_any};

pub(super) use extension::Extensions;
pub(super) use links::{enclose_destination, link_mail_address};
pub use options::KramdownOptions;
pub(super) use places::{mark_id, mark_place, mark_unlisted};

/// `kramdown 2.4 HTML_SPAN_ELEMENTS`: these elements never begin a block.
const INLINE: &str = " a abbr acronym b big bdo br button cite code del dfn em i img input ins kbd label mark option q \
    rb rbc rp rt rtc ruby samp select small span strong sub sup time tt u var ";

/// Ends a block as `^` does, and is not shown.
const END_OF_BLOCK: &str = "<!-- -->";

/// Text after an inline tag, so that the tag does not begin a block of HTML (`CommonMark 0.31 §4.6`, condition 7).
const BEHIND_TAG: &str = "<!---->";

/// The changes to blocks, references and footnotes, in order.
pub(super) const BLOCKS: &[Change] = &[
    |text, _, budget| html::drop_xml_tags(text, budget),
    |text, _, budget| notes::drop_overwritten(text, budget),
    |text, syntax, budget| {
        syntax.kramdown.map_or(Cow::Borrowed(text), |options| html::mark_markdown(text, options, budget))
    },
    |text, _, budget| html::join_blocks(text, budget),
    |text, syntax, budget| {
        syntax.kramdown.map_or(Cow::Borrowed(text), |options| paragraphs::separate(text, options, budget))
    },
    |text, _, budget| prepare(text, budget),
    |text, _, budget| links::join_references(text, budget),
];

/// Rewrites the HTML that the Markdown library made. `fill` fills its placeholders.
pub(super) fn finish(html: String, options: &KramdownOptions, fill: impl FnOnce(String) -> String) -> String {
    let html = table::drop_empty_heads(html);
    let html = if options.joins_cjk { line_breaks::join(&html) } else { html };
    places::fill_places(fill(html), options)
}

/// Rewrites tables, ends of blocks, lines of one inline tag, line breaks written as `\\`, and marks of items with much
/// space behind them; separates code from definitions above it. Code is kept.
fn prepare<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    if !contains_any(text, &["|", "^", "<", "\\\\\n", "]:", "     ", " \t", "\t\t"]) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 64);
    let mut scan = Scan::new(text, true, budget);
    let mut copied = 0;
    // `kramdown 2.4 after_block_boundary?`
    let mut begins_block = true;
    // Nothing is Markdown in a formula, which ends with its paragraph at the latest.
    let mut is_formula = false;
    while scan.at < text.len() {
        let rest = scan.rest();
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        if !budget.spend(line.len()) {
            break;
        }
        if let Some(length) = scan.begin_line() {
            scan.at += length;
            begins_block = false;
            continue;
        }
        let inner = line.trim_start_matches([' ', '\t', '>']);
        let prefix = &line[..line.len() - inner.len()];
        let bare = inner.trim_end();
        let (mut length, mut replaced) = (line.len(), None);
        let was_formula = is_formula;
        let bounds = bare.matches("$$").count();
        is_formula = !bare.is_empty() && was_formula != (bounds % 2 == 1);
        if was_formula || bare.starts_with("$$") {
            begins_block = bare.is_empty();
        } else if bare.starts_with('<')
            && let Some(opaque) = scan.measure_opaque(&rest[prefix.len()..])
        {
            let end = prefix.len() + opaque;
            length = rest[end..].find('\n').map_or(rest.len(), |newline| end + newline + 1);
            begins_block = false;
        } else if bare == "^" && (prefix.is_empty() || prefix.trim_end().ends_with('>') || scan.in_list) {
            replaced = Some(format!("{prefix}{END_OF_BLOCK}\n"));
            begins_block = true;
        } else if is_inline_tag(bare) {
            replaced = Some(format!("{prefix}{bare}{BEHIND_TAG}\n"));
            begins_block = false;
        } else if begins_block
            && bare.contains('|')
            && !begins_html(bare)
            && let Some(table) = table::read(rest, prefix, scan.in_list)
        {
            length = table.length;
            replaced = Some(table.markdown);
            begins_block = false;
        } else if begins_block && table::is_separator(bare, '-') && bare.contains('|') {
            // Of two such lines, GitHub would read a table.
            let lines =
                rest.split_inclusive('\n').map(|line| (line, line.trim_start_matches([' ', '\t', '>'])));
            let lines = lines
                .take_while(|(_, inner)| inner.contains('|') && table::is_separator(inner.trim_end(), '-'));
            let lines: Vec<_> = lines.collect();
            length = lines.iter().map(|(line, _)| line.len()).sum();
            replaced = Some(lines.iter().map(|(_, inner)| format!("{prefix}\\{inner}")).collect());
            begins_block = false;
        } else if let Some(before) =
            inner.strip_suffix("\\\\\n").filter(|before| !before.ends_with('\\') && bounds == 0)
            && !rest[line.len()..].split('\n').next().unwrap_or_default().trim().is_empty()
        {
            replaced = Some(format!("{prefix}{before}\\\n"));
            begins_block = false;
        } else if let Some((mark, space)) = indents::measure_wide_mark(bare) {
            replaced = Some([prefix, &inner[..mark], "    ", &inner[mark + space..]].concat());
            begins_block = false;
        } else if let Some(definition) = links::enclose_definition(bare) {
            replaced = Some(format!("{prefix}{definition}\n"));
            begins_block = false;
        } else if !scan.in_list && indents::is_definition(bare) && indents::begins_code(&rest[line.len()..]) {
            replaced = Some(format!("{line}\n"));
            begins_block = true;
        } else {
            begins_block =
                bare.is_empty() || (begins_block && is_attribute_list(bare)) || is_label_of_note(bare);
        }
        if let Some(replaced) = replaced {
            out.extend([&text[copied..scan.at], &replaced]);
            copied = scan.at + length;
        }
        scan.at += length;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Returns true if a line is one tag of an inline element and nothing else.
fn is_inline_tag(line: &str) -> bool {
    let tag = Some(line).filter(|line| line.starts_with('<') && line.ends_with('>')).and_then(read_tag);
    tag.is_some_and(|(name, _, length)| length == line.len() && INLINE.contains(&format!(" {name} ")))
}

/// Returns true if a line begins with a tag that begins a block.
fn begins_html(line: &str) -> bool {
    let name =
        line.strip_prefix('<').and_then(|inner| inner.split([' ', '>', '/']).next()).unwrap_or_default();
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && !INLINE.contains(&format!(" {name} "))
}

/// Returns true for `[^name]:` alone on its line.
fn is_label_of_note(line: &str) -> bool {
    line.starts_with("[^") && line.ends_with("]:")
}

/// Returns true for `{: .class}` alone on its line.
fn is_attribute_list(line: &str) -> bool {
    line.starts_with("{:") && line.ends_with('}')
}

#[cfg(test)]
mod visible_text_tests;

#[cfg(test)]
mod tests {
    use super::*;

    fn prepare(text: &str) -> String {
        super::prepare(text, &Budget::new(text.len())).into_owned()
    }

    #[test]
    fn blocks_of_kramdown_become_plain_markdown() {
        for (text, expected) in [
            ("* a\n^\n* b", "* a\n<!-- -->\n* b"),
            ("> a\n> ^\n> b", "> a\n> <!-- -->\n> b"),
            ("    a\n    ^\n", "    a\n    ^\n"),
            ("2 ^ 3\n", "2 ^ 3\n"),
            ("<br>\n*a*", "<br><!---->\n*a*"),
            ("<img src=\"a>b\">\n*a*", "<img src=\"a>b\"><!---->\n*a*"),
            ("</span>\n*a*", "</span><!---->\n*a*"),
            ("<div>\n*a*", "<div>\n*a*"),
            ("<br> a\n", "<br> a\n"),
            ("<pre>\n<br>\n^\n</pre>\n<br>\n", "<pre>\n<br>\n^\n</pre>\n<br><!---->\n"),
            ("```\n<br>\n```\n", "```\n<br>\n```\n"),
            ("a\\\\\nb", "a\\\nb"),
            ("a\\\\\n\nb", "a\\\\\n\nb"),
            ("$$\na\\\\\n|b|\n$$\n", "$$\na\\\\\n|b|\n$$\n"),
            ("[a]: b c.html\n", "[a]: <b c.html>\n"),
            ("[a]: b\n    c\n", "[a]: b\n\n    c\n"),
            ("*[A]: b\n\tc\n", "*[A]: b\n\n\tc\n"),
            ("[a]: b\n    'c'\n", "[a]: b\n    'c'\n"),
            ("*      a\n", "*    a\n"),
            ("1. a\n   -\t\tb\n", "1. a\n   -    b\n"),
            ("*     *     *\n", "*     *     *\n"),
            ("|-|-|\n|-|-|\n", "\\|-|-|\n\\|-|-|\n"),
        ] {
            assert_eq!(prepare(text), expected, "{text:?}");
        }
    }

    #[test]
    fn tables_become_tables_of_github() {
        for (text, expected) in [
            ("a|b\nc|d\n", "| | |\n| --- | --- |\n| a | b |\n| c | d |\n"),
            ("| a | b\n|---|:-:\n| c\n", "| a | b |\n| --- | :-: |\n| c |\n"),
            ("|a|b|\n|-|-|\n|c|d|e|\n", "| a | b | |\n| --- | --- | --- |\n| c | d | e |\n"),
            ("|`a | b`|`` c`d ``|\n", "| | |\n| --- | --- |\n| `a \\| b` | `` c`d `` |\n"),
            ("|<code>a|b</code>|c\\|d|\n", "| | |\n| --- | --- |\n| <code>a\\|b</code> | c\\|d |\n"),
            ("|a|\n|-|\n|b|\n|=|\n|c|\n", "| a |\n| --- |\n| b |\n| c |\n"),
            ("[^x]:\n    a|b\n", "[^x]:\n    | | |\n    | --- | --- |\n    | a | b |\n"),
            ("> a|b\n", "> | | |\n> | --- | --- |\n> | a | b |\n"),
            ("* x\n\n  a|b\n* y\n", "* x\n\n  | | |\n  | --- | --- |\n  | a | b |\n* y\n"),
            // Not tables: no block begins there, text follows, no `|` is outside code, or there is no body.
            ("x\na|b\n", "x\na|b\n"),
            ("a|b\nx\n", "a|b\nx\n"),
            ("`a|b` c\n", "`a|b` c\n"),
            ("a \\| b\n", "a \\| b\n"),
            ("a|b\n-|-\n", "a|b\n-|-\n"),
            ("\ta|b\n", "\ta|b\n"),
            ("<p>a|b</p>\n", "<p>a|b</p>\n"),
        ] {
            assert_eq!(prepare(text), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_them(text in "[|^<>brpe/`\\\\ \n=:xé*-]{0,60}") {
            let _ = prepare(&text);
        }
    }
}
