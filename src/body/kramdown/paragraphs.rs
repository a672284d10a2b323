//! Where a paragraph ends and which of its lines make a heading in kramdown → the same in GitHub's Markdown.

use std::borrow::Cow;

use super::super::budget::Budget;
use super::super::markdown_extensions::push_plain;
use super::super::syntax::Scan;
use super::KramdownOptions;

/// The maximum number of marks of a fence that is searched for its end. Each shorter fence may be searched once more.
const LONGEST_FENCE: usize = 16;

/// The block that the lines above belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    /// None: a block may begin.
    None,
    /// A paragraph of one line, or of more.
    Line,
    Lines,
    /// A quote, and the lines of text directly below it, which belong to it.
    Quote,
    Lazy,
    /// Any other block, which ends with a blank line.
    Other,
}

/// Escapes lines that are no heading in kramdown, and separates numbered lists from the text above them.
pub(super) fn separate<'t>(text: &'t str, options: &KramdownOptions, budget: &Budget) -> Cow<'t, str> {
    let mut out = String::new();
    let mut scan = Scan::new(text, true, budget);
    let (mut block, mut copied) = (Block::None, 0);
    let mut unclosed = UnclosedFences::default();
    while scan.at < text.len() {
        let rest = scan.rest();
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        if !budget.spend(line.len()) {
            break;
        }
        let was_in_list = scan.in_list;
        if let Some(length) = unclosed.measure(rest, was_in_list, budget) {
            out.push_str(&text[copied..scan.at]);
            push_plain(&rest[..length], &mut out);
            copied = scan.at + length;
            block = next_block(block, "a", false, true);
            scan.at += line.len();
            continue;
        }
        if let Some(length) = scan.begin_line() {
            block = Block::None;
            scan.at += length;
            continue;
        }
        let inner = line.trim_start_matches(' ');
        let indent = line.len() - inner.len();
        if inner.starts_with('<')
            && let Some(opaque) = scan.measure_opaque(&rest[indent..])
        {
            let end = indent + opaque;
            scan.at += rest[end..].find('\n').map_or(rest.len(), |newline| end + newline + 1);
            block = Block::Other;
            continue;
        }
        let bare = inner.trim_end();
        let added = match block {
            Block::None if !options.is_gfm && !scan.in_list && indent <= 3 && is_unspaced_heading(bare) => {
                Some((" ", line.len() - inner.trim_start_matches('#').len()))
            }
            _ if was_in_list || indent > 3 => None,
            Block::Line | Block::Lines if begins_numbered_list(bare) => Some(("\n", 0)),
            Block::Lines | Block::Lazy if is_underline(bare) => Some(("\\", indent)),
            Block::Other => None,
            _ => is_bare_mark(bare).then_some(("\\", indent)),
        };
        if let Some((added, offset)) = added {
            out.extend([&text[copied..scan.at + offset], added]);
            copied = scan.at + offset;
        }
        block = next_block(block, bare, scan.in_list, added.is_some_and(|(added, _)| added != " "));
        scan.at += line.len();
    }
    if copied == 0 && out.is_empty() {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Fences of code that are never closed: kramdown shows them as text, GitHub as code up to the end.
#[derive(Default)]
struct UnclosedFences {
    /// By mark: the length from which a fence is not closed in the rest of the text.
    from: [Option<usize>; 2],
    /// By mark: the last line that was found to close a fence, as the length of the text from there on, and the number
    /// of its marks.
    closed: [(usize, usize); 2],
}

impl UnclosedFences {
    /// Returns the length of the marks of an unclosed fence at the start of a text.
    fn measure(&mut self, text: &str, in_list: bool, budget: &Budget) -> Option<usize> {
        let place = ["```", "~~~"].iter().position(|mark| text.starts_with(mark)).filter(|_| !in_list)?;
        let mark = if place == 0 { '`' } else { '~' };
        let length = text.len() - text.trim_start_matches(mark).len();
        let line = text.split('\n').next().unwrap_or(text);
        if length > LONGEST_FENCE || line[length..].contains('`') {
            return None;
        }
        let (left, marks) = self.closed[place];
        if left < text.len() && marks >= length {
            return None;
        }
        if self.from[place].is_none_or(|from| length < from) {
            let mut left = text.len() - line.len();
            let below = text.split('\n').skip(1).take_while(|line| budget.spend(line.len() + 1));
            for line in below {
                left = left.saturating_sub(1);
                let marks = line.trim();
                if marks.len() >= length && marks.trim_start_matches(mark).is_empty() {
                    self.closed[place] = (left, marks.len());
                    return None;
                }
                left -= line.len();
            }
            self.from[place] = Some(length);
        }
        Some(length)
    }
}

/// Returns the block that a line belongs to, from the one above it.
fn next_block(above: Block, line: &str, in_list: bool, is_escaped: bool) -> Block {
    let is_rule = line.bytes().all(|b| matches!(b, b'*' | b'-' | b'_' | b' '));
    let begins_other = line.starts_with(['<', '{', ':', '$']) || line.contains('|') || line.contains("]:");
    match above {
        _ if line.is_empty() => Block::None,
        Block::Other => Block::Other,
        _ if in_list => Block::Other,
        _ if is_escaped => Block::Lines,
        _ if line.starts_with('>') => Block::Quote,
        Block::Quote | Block::Lazy => {
            if is_rule {
                Block::None
            } else {
                Block::Lazy
            }
        }
        _ if begins_other => Block::Other,
        _ if line.starts_with('#') || is_rule || (above == Block::Line && is_underline(line)) => Block::None,
        Block::None => Block::Line,
        Block::Line | Block::Lines => Block::Lines,
    }
}

/// Returns true for the line that makes a heading of the line above it (`kramdown 2.4 SETEXT_HEADER_START`).
fn is_underline(line: &str) -> bool {
    ["-", "="].iter().any(|mark| !line.is_empty() && line.trim_start_matches(mark).is_empty())
}

/// Returns true for a heading without a space between its mark and its text (`kramdown 2.4 ATX_HEADER_START`).
fn is_unspaced_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    matches!(line.len() - text.len(), 1..=6) && !text.is_empty() && !text.starts_with([' ', '\t'])
}

/// Returns true for the mark of a heading without text.
fn is_bare_mark(line: &str) -> bool {
    matches!(line.len(), 1..=6) && line.bytes().all(|b| b == b'#')
}

/// Returns true for a list that does not begin with 1: GitHub reads it as text below a line of text
/// (`CommonMark 0.31 §5.3`, `kramdown-parser-gfm 1.1 PARAGRAPH_END_GFM`).
fn begins_numbered_list(line: &str) -> bool {
    let item = line.split_once(". ").filter(|(number, _)| matches!(number.len(), 1..=9) && *number != "1");
    item.is_some_and(|(number, text)| !text.trim().is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_heading_in_kramdown_are_text() {
        for (text, expected) in [
            ("a\nb\n---\n", "a\nb\n\\---\n"),
            ("a\nb\n===\nc\n", "a\nb\n\\===\nc\n"),
            ("> a\nb\n-\n", "> a\nb\n\\-\n"),
            ("a\n\n#\n", "a\n\n\\#\n"),
            ("a\n2. b\n", "a\n\n2. b\n"),
            ("~~~ x\na\nb\n---\n", "&#126;&#126;&#126; x\na\nb\n\\---\n"),
            // Headings, rules, lists, tables, and anything in code, HTML and lists.
            ("a\n---\nb\n", "a\n---\nb\n"),
            ("# a\nb\n---\n", "# a\nb\n---\n"),
            ("a\nb\n\n---\n", "a\nb\n\n---\n"),
            ("a\nb\n- c\n", "a\nb\n- c\n"),
            ("a\n1. b\n", "a\n1. b\n"),
            ("- a\n2. b\n", "- a\n2. b\n"),
            ("- a\n  b\n  ---\n", "- a\n  b\n  ---\n"),
            ("a|b\n-|-\nc|d\n---\n", "a|b\n-|-\nc|d\n---\n"),
            ("```\na\nb\n---\n```\n", "```\na\nb\n---\n```\n"),
            ("<pre>\n\na\nb\n---\n</pre>\n", "<pre>\n\na\nb\n---\n</pre>\n"),
            ("<div>\na\nb\n---\n</div>\n", "<div>\na\nb\n---\n</div>\n"),
        ] {
            assert_eq!(
                separate(text, &KramdownOptions::JEKYLL, &Budget::new(text.len())),
                expected,
                "{text:?}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "[a2.#>=<pre/*| \n`é-]{0,60}") {
            let _ = separate(&text, &KramdownOptions::JEKYLL, &Budget::new(text.len()));
        }
    }
}
