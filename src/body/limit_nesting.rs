//! HTML of any depth → HTML that a parser handles in bounded time: elements nested too deeply are flattened, and no
//! element has too many attributes.

use std::borrow::Cow;

use crate::limits::ATTRIBUTES;

/// The maximum nesting depth of elements.
const MAX_DEPTH: usize = 128;

/// The maximum length of all tags that are opened again because blocks interrupt them, in bytes
/// (`HTML Living Standard §13.2.4.3`, reconstructing the active formatting elements).
const MAX_REOPENED: usize = 64 << 10;

/// The length below which any HTML is cheap, in bytes.
const SHORT: usize = 2048;

/// Void elements, which have no content.
pub(super) const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements that are opened again where a block interrupts them.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements whose content is raw text to a parser.
pub(super) const RAW: [&str; 8] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// The tags of the first list close open elements of the second list, unless an element of the third list is between
/// them (`HTML Living Standard §13.1.2.4`, optional tags).
const IMPLIED: [(&[&str], &[&str], &[&str]); 6] = [
    (&["li"], &["li"], &["ul", "ol", "menu"]),
    (&["dt", "dd"], &["dt", "dd"], &["dl"]),
    (&["td", "th"], &["td", "th"], &["table", "tr"]),
    (&["tr"], &["tr", "td", "th"], &["table"]),
    (&["tbody", "thead", "tfoot"], &["tbody", "thead", "tfoot", "tr", "td", "th"], &["table"]),
    (&["rt", "rp", "rb", "rtc"], &["rt", "rp", "rb"], &["ruby"]),
];

/// Elements that end an open paragraph (`HTML Living Standard §13.2.6.4.7`).
pub(super) const BLOCKS: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "ul",
];

/// An element that is open.
struct Open {
    name: String,
    /// The length of its tag, in bytes.
    length: usize,
    /// True if its tag was kept.
    kept: bool,
    is_formatting: bool,
}

/// The open elements, the outermost first.
#[derive(Default)]
struct Stack {
    elements: Vec<Open>,
    /// The number of elements whose tags were kept.
    kept: usize,
    /// The length of the tags of all formatting elements, in bytes.
    formatting: usize,
}

impl Stack {
    fn push(&mut self, element: Open) {
        self.kept += usize::from(element.kept);
        self.formatting += if element.is_formatting { element.length } else { 0 };
        self.elements.push(element);
    }

    fn count(&mut self) {
        self.kept = self.elements.iter().filter(|element| element.kept).count();
        let formatting = self.elements.iter().filter(|element| element.is_formatting);
        self.formatting = formatting.map(|element| element.length).sum();
    }

    /// Closes the nearest element of a name, and the elements open in it except formatting elements. Returns true if
    /// its closing tag is kept.
    fn close(&mut self, name: &str) -> bool {
        let Some(place) = self.elements.iter().rposition(|element| element.name == name) else { return true };
        let is_last = place + 1 == self.elements.len();
        if self.elements[place].is_formatting || is_last {
            let element = self.elements.remove(place);
            self.kept -= usize::from(element.kept);
            self.formatting -= if element.is_formatting { element.length } else { 0 };
            return element.kept;
        }
        let within = self.elements.split_off(place);
        let kept = within[0].kept;
        self.elements.extend(within.into_iter().skip(1).filter(|element| element.is_formatting));
        self.count();
        kept
    }

    /// Closes the elements that an opening tag closes implicitly.
    fn imply(&mut self, name: &str) {
        if BLOCKS.contains(&name) {
            self.close_within("p", &["td", "th", "button", "object", "table", "caption"]);
        }
        for (opens, closed, bounds) in IMPLIED {
            if opens.contains(&name) {
                for closed in closed {
                    self.close_within(closed, bounds);
                }
            }
        }
    }

    /// Closes the nearest element of a name that is inside `bounds`.
    fn close_within(&mut self, name: &str, bounds: &[&str]) {
        let near = self.elements.iter().rev().take_while(|open| !bounds.contains(&&*open.name));
        if near.take(MAX_DEPTH).any(|open| open.name == name) {
            self.close(name);
        }
    }

    /// Closes all formatting elements, the innermost first.
    fn end_formatting(&mut self, out: &mut String) {
        for element in self.elements.iter().rev().filter(|element| element.kept && element.is_formatting) {
            out.extend(["</", &element.name, ">"]);
        }
        self.elements.retain(|element| !element.is_formatting);
        self.count();
    }
}

/// Flattens elements nested too deeply, and closes formatting elements that would be opened again too often.
pub(super) fn bound(html: &str) -> Cow<'_, str> {
    if html.len() < SHORT {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut open = Stack::default();
    let (mut again, mut at) = (0, 0);
    let mut unclosed: Vec<&str> = Vec::new();
    while let Some(here) = html[at..].find('<').map(|found| at + found) {
        push_text(&html[at..here], &mut out);
        let Some((name, closes, length)) = read_tag(&html[here..]) else {
            let length = skip_comment(&html[here..], &mut unclosed);
            out.push_str(&html[here..here + length]);
            at = here + length;
            continue;
        };
        let tag = &*drop_attributes(&html[here..here + length]);
        at = here + length;
        if closes {
            if open.close(&name) {
                out.push_str(tag);
            }
            continue;
        }
        if VOID.contains(&&*name) || tag.ends_with("/>") && is_foreign(&name) {
            out.push_str(tag);
            continue;
        }
        open.imply(&name);
        let is_formatting = FORMATTING.contains(&&*name);
        if !is_formatting {
            again += open.formatting;
            if again > MAX_REOPENED {
                open.end_formatting(&mut out);
                again = 0;
            }
        }
        let kept = open.kept < MAX_DEPTH;
        if kept {
            out.push_str(tag);
        }
        if RAW.contains(&&*name) {
            let length = if unclosed.contains(&&*name) { None } else { find_end(&html[at..], &name) };
            match length {
                Some(length) => {
                    if kept {
                        out.push_str(&html[at..at + length]);
                    }
                    at += length;
                }
                None => unclosed.extend(RAW.iter().find(|raw| **raw == name)),
            }
        }
        // A dropped tag needs an entry only to match its closing tag.
        if kept || open.elements.len() < MAX_DEPTH * 4 {
            open.push(Open { name, length, kept, is_formatting });
        }
    }
    push_text(&html[at..], &mut out);
    Cow::Owned(out)
}

/// Divides a text with many characters to escape by `<wbr>`. Writing it as a whole would be slow: `html5ever 0.39`
/// searches all of it for the next such character.
fn push_text(text: &str, out: &mut String) {
    const PIECE: usize = 16 << 10;
    if text.len() <= PIECE || text.bytes().filter(|b| *b == b'&').count() * text.len() < 10_000_000 {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while rest.len() > PIECE {
        // An entity is never split: only its first character is a `&`.
        let near = (PIECE..rest.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let cut = rest[..near].rfind('&').filter(|at| *at > 0).unwrap_or(near);
        out.extend([&rest[..cut], "<wbr>"]);
        rest = &rest[cut..];
    }
    out.push_str(rest);
}

/// Removes the attributes of a tag beyond [`ATTRIBUTES`]: parsers compare each attribute with all before it.
fn drop_attributes(tag: &str) -> Cow<'_, str> {
    let (mut count, mut cut) = (0, None);
    measure_tag(tag, |at| {
        count += 1;
        if count > ATTRIBUTES {
            cut = cut.or(Some(at));
        }
    });
    let end = if tag.ends_with("/>") { "/>" } else { ">" };
    cut.map_or(Cow::Borrowed(tag), |cut| Cow::Owned(format!("{} {end}", &tag[..cut])))
}

/// The state of the parser within a tag.
enum Within {
    Name,
    Between,
    AttributeName,
    AfterAttributeName,
    BeforeValue,
    Value,
    Quotes(u8),
}

/// Returns the length of the tag at the start of a text. Calls `attribute` with the offset of each attribute
/// (`HTML Living Standard §13.2.5.8` and `.32` to `.40`).
fn measure_tag(text: &str, mut attribute: impl FnMut(usize)) -> usize {
    let mut within = Within::Name;
    for (at, byte) in text.bytes().enumerate().skip(if text.starts_with("</") { 2 } else { 1 }) {
        let is_space = matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c);
        within = match (within, byte) {
            (Within::Quotes(open), _) if byte == open => Within::Between,
            (Within::Quotes(open), _) => Within::Quotes(open),
            (_, b'>') => return at + 1,
            (Within::BeforeValue, b'"' | b'\'') => Within::Quotes(byte),
            (Within::BeforeValue, _) if is_space => Within::BeforeValue,
            (Within::Value, _) if is_space => Within::Between,
            (Within::BeforeValue | Within::Value, _) => Within::Value,
            (_, b'/') => Within::Between,
            (Within::Name, _) if !is_space => Within::Name,
            (Within::Name | Within::Between, _) if is_space => Within::Between,
            (Within::AttributeName | Within::AfterAttributeName, b'=') => Within::BeforeValue,
            (Within::AttributeName | Within::AfterAttributeName, _) if is_space => Within::AfterAttributeName,
            (Within::AttributeName, _) => Within::AttributeName,
            _ => {
                attribute(at);
                Within::AttributeName
            }
        };
    }
    // A tag that never ends includes the rest of the text.
    text.len()
}

fn is_foreign(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_uppercase()) && (name.contains('-') || name.starts_with('m'))
}

/// Returns the name of a tag in lower case, true if it is a closing tag, and its length.
pub(super) fn read_tag(text: &str) -> Option<(String, bool, usize)> {
    let closes = text.starts_with("</");
    let name = &text[1 + usize::from(closes)..];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = name.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
    Some((name[..end].to_ascii_lowercase(), closes, measure_tag(text, |_| {})))
}

/// Returns the length of a comment, or of a `<` that does not begin a tag.
fn skip_comment(text: &str, unclosed: &mut Vec<&str>) -> usize {
    if !text.starts_with("<!--") || unclosed.contains(&"!--") {
        return 1;
    }
    match text.find("-->") {
        Some(end) => end + 3,
        None => {
            unclosed.push("!--");
            1
        }
    }
}

/// Returns the offset of the closing tag of an element.
fn find_end(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").map(|(at, _)| at).find(|at| {
        let own = text.get(at + 2..at + 2 + name.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_nested_too_deeply_are_flattened() {
        let deep = format!("{}x{}", "<div>".repeat(1000), "</div>".repeat(1000));
        let flat = bound(&deep);
        assert_eq!(flat.matches("<div>").count(), MAX_DEPTH);
        assert!(flat.matches("</div>").count() >= MAX_DEPTH);
        let open = format!("<ul>{}</ul>", "<li><p>a <a href=x>b</a>".repeat(1000));
        assert_eq!(bound(&open), open, "elements that are closed implicitly are not deep");
        let usual = format!("<p>{}</p>", "word <b>b</b> ".repeat(1000));
        assert_eq!(bound(&usual), usual);
    }

    #[test]
    fn formatting_that_is_never_closed_is_not_reopened_for_ever() {
        let open = format!("<a href=\"{}\">{}", "x".repeat(1000), "<p>y".repeat(2000));
        let bounded = bound(&open);
        assert!(bounded.contains("</a>"), "it is closed once it was opened again often");
    }

    #[test]
    fn an_element_has_no_more_attributes_than_a_parser_takes_in_bounded_time() {
        let few = format!("<p{}>", " a=\"b c\"".repeat(ATTRIBUTES / 2));
        assert_eq!(drop_attributes(&few), few);
        for unit in
            [" a=b", " a=\"b c\"", " a", "/a", " a='>'", " a=\"b\"c", " a = b", " a==\"b", " \" a", " ="]
        {
            let tag = format!("<p title=x {}>", unit.repeat(1000));
            let dropped = drop_attributes(&tag);
            assert!(dropped.starts_with("<p title=x") && dropped.len() < 1200, "{unit}: {}", dropped.len());
            assert!(read_tag(&dropped).is_some_and(|(.., length)| length == dropped.len()), "{dropped}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "(<[/!]?[abdiv p=\"'-]{0,6}>?|[xé]){0,60}") {
            let long = text.repeat(60);
            let _ = bound(&long);
        }
    }
}
