//! HTML that any parser handles in bounded time, since it is well-formed or has few tags.

use memchr::{memchr_iter, memmem};

use super::html_tags::{RAW, Tags, VOID};

/// The maximum number of open elements and of formatting elements that are opened again.
pub(super) const MAX_DEPTH: usize = 128;

/// The maximum length of all tags that are opened again because blocks interrupt them, in bytes
/// (`HTML Living Standard §13.2.4.3`, reconstructing the active formatting elements).
pub(super) const MAX_REOPENED: usize = 64 << 10;

/// The maximum number of tables, and of pieces of misplaced content that a parser moves in front of a table
/// (`HTML Living Standard §13.2.6.1`, foster parenting): each time it searches all siblings.
pub(super) const MAX_MISPLACED: usize = 1000;

/// Elements that are opened again where a block interrupts them.
pub(super) const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements of a table that hold only other parts of it, and the parts that may be in one of them.
const TABLE: [&str; 5] = ["table", "tbody", "thead", "tfoot", "tr"];
const IN_TABLE: [&str; 9] = ["tbody", "thead", "tfoot", "tr", "td", "th", "caption", "colgroup", "col"];

/// Returns true if HTML is certainly not nested too deeply, and formatting is not opened again too often: it is
/// well-formed, or it has few tags.
pub(super) fn is_flat(html: &str) -> bool {
    let has_few = || html.len() <= MAX_REOPENED && memchr_iter(b'<', html.as_bytes()).count() <= MAX_DEPTH;
    is_well_formed(html) || has_few()
}

/// Returns true if each closing tag closes the element that was opened last, and few elements are open at once.
fn is_well_formed(html: &str) -> bool {
    if is_ambiguous(html) {
        return false;
    }
    let mut open: Vec<(String, usize)> = Vec::new();
    let (mut formatting, mut reopened, mut tables) = (0, 0, 0);
    for tag in Tags::new(html) {
        let is_in_table = open.last().is_some_and(|(parent, _)| TABLE.contains(&&**parent));
        if is_in_table && !tag.closes && !IN_TABLE.contains(&&*tag.name) {
            return false;
        }
        if VOID.contains(&&*tag.name) {
            continue;
        }
        if tag.closes {
            let Some((name, length)) = open.pop() else { return false };
            if name != tag.name {
                return false;
            }
            formatting -= length;
            continue;
        }
        let is_formatting = FORMATTING.contains(&&*tag.name);
        let length = if is_formatting { tag.text.len() } else { 0 };
        // A block may open all formatting elements again.
        reopened += if is_formatting { 0 } else { formatting };
        let needs_parser = RAW.contains(&&*tag.name) || matches!(&*tag.name, "svg" | "math" | "plaintext");
        tables += usize::from(tag.name == "table");
        if needs_parser || open.len() >= MAX_DEPTH || reopened > MAX_REOPENED || tables > MAX_MISPLACED {
            return false;
        }
        formatting += length;
        open.push((tag.name, length));
    }
    open.is_empty()
}

/// Returns true if a tokenizer may read HTML in another way than [`Tags`].
fn is_ambiguous(html: &str) -> bool {
    memmem::find(html.as_bytes(), b"--!>").is_some()
        || memchr_iter(b'<', html.as_bytes()).any(|at| {
            let rest = &html[at + 1..];
            match rest.as_bytes().first() {
                Some(b'?') => true,
                Some(b'!') => {
                    !rest.starts_with("!--") || rest.starts_with("!-->") || rest.starts_with("!--->")
                }
                Some(b'/') => !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic()),
                _ => false,
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_that_only_seems_to_be_well_formed_is_not_flat() {
        let long = |name: &str| format!("<{name} class=\"{}\">", "x".repeat(1000));
        let reopened = format!("<p>{}{}", long("b").repeat(100), "<div>x</div>".repeat(2000));
        let closed = "</b>".repeat(100) + "</p>";
        for html in [
            format!("{reopened}{closed}"),
            "<div></ </div>x".repeat(1000),
            "<div><!x </div>x".repeat(1000),
            format!("<math>{}", "<source>x</y>".repeat(1000)),
            format!("<table>{}</table>", "<b>x</b>".repeat(1000)),
            format!("<table>{}</table>", "<br>".repeat(1000)),
            "<table>x</table>".repeat(MAX_MISPLACED + 1),
        ] {
            assert!(!is_flat(&html), "{}", &html[..40]);
        }
        let table = format!("<table>{}</table>", "<tr><td><a href=\"b\">c</a></td></tr>".repeat(1000));
        assert!(is_flat(&table) && is_flat(&"<p>x".repeat(100)) && !is_flat(&"<p>x".repeat(1000)));
    }
}
