//! The tags in a text of HTML: their names, lengths and attributes.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memmem};

use crate::limits::ATTRIBUTES;

/// Void elements, which have no content.
pub(super) const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements whose content is raw text to a parser.
pub(super) const RAW: [&str; 8] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

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

/// A tag in a text.
pub(super) struct Tag<'h> {
    /// The offset of the tag in the text, in bytes.
    pub(super) start: usize,
    /// The tag as written, from `<` to `>`.
    pub(super) text: &'h str,
    /// The name in lower case.
    pub(super) name: String,
    /// True for a closing tag.
    pub(super) closes: bool,
}

/// The tags of a text in order, except those in comments and in raw text.
pub(super) struct Tags<'h> {
    html: &'h str,
    at: usize,
    /// The ends that do not occur in the rest of the text, which is searched only once for each.
    unclosed: Vec<&'static str>,
    /// True if comments and raw text are read like other text.
    reads_all: bool,
}

impl<'h> Tags<'h> {
    pub(super) fn new(html: &'h str) -> Self {
        Self { html, at: 0, unclosed: Vec::new(), reads_all: false }
    }

    /// The tags of a text, and all that would be tags outside comments and raw text.
    fn everywhere(html: &'h str) -> Self {
        Self { reads_all: true, ..Self::new(html) }
    }

    /// Returns the length of a comment, or of a `<` that does not begin a tag.
    fn skip_comment(&mut self, text: &str) -> usize {
        if !text.starts_with("<!--") || self.unclosed.contains(&"!--") {
            return 1;
        }
        text.find("-->").map_or_else(
            || {
                self.unclosed.push("!--");
                1
            },
            |end| end + 3,
        )
    }

    /// Returns the length of the raw text after an opening tag: to its closing tag, or none if it is never closed.
    fn skip_raw(&mut self, name: &str, text: &str) -> usize {
        let Some(raw) = RAW.iter().find(|raw| **raw == name && !self.unclosed.contains(*raw)) else {
            return 0;
        };
        let end = text.match_indices("</").map(|(at, _)| at).find(|at| {
            let own = text.get(at + 2..at + 2 + name.len());
            own.is_some_and(|own| own.eq_ignore_ascii_case(name))
        });
        end.unwrap_or_else(|| {
            self.unclosed.push(raw);
            0
        })
    }
}

impl<'h> Iterator for Tags<'h> {
    type Item = Tag<'h>;

    fn next(&mut self) -> Option<Tag<'h>> {
        loop {
            let html = self.html;
            let start = self.at + memchr(b'<', &html.as_bytes()[self.at..])?;
            let Some((name, closes, length)) = read_tag(&html[start..]) else {
                self.at = start + if self.reads_all { 1 } else { self.skip_comment(&html[start..]) };
                continue;
            };
            self.at = start + length;
            if !closes && !self.reads_all {
                self.at += self.skip_raw(&name, &html[self.at..]);
            }
            return Some(Tag { start, text: &html[start..start + length], name, closes });
        }
    }
}

/// Divides texts with many escaped characters by `<wbr>`: `html5ever 0.40` searches all of the rest of a text for each
/// escaped character that it writes.
pub(super) fn divide_texts(html: Cow<'_, str>) -> Cow<'_, str> {
    // Bytes that may be searched in vain.
    const SEARCHED: usize = 10_000_000;
    if memchr_iter(b'&', html.as_bytes()).count() * html.len() < SEARCHED {
        return html;
    }
    let mut out = String::with_capacity(html.len() + html.len() / 1024);
    let mut at = 0;
    for tag in Tags::new(&html) {
        push_divided(&html[at..tag.start], &mut out);
        out.push_str(tag.text);
        at = tag.start + tag.text.len();
    }
    push_divided(&html[at..], &mut out);
    Cow::Owned(out)
}

fn push_divided(text: &str, out: &mut String) {
    const PIECE: usize = 16 << 10;
    const FEW: usize = 32;
    let mut rest = text;
    while rest.len() > PIECE && memchr_iter(b'&', rest.as_bytes()).nth(FEW).is_some() {
        // An entity is never divided: only its first character is a `&`.
        let near = (PIECE..rest.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let cut = rest[..near].rfind('&').filter(|at| *at > 0).unwrap_or(near);
        out.extend([&rest[..cut], "<wbr>"]);
        rest = &rest[cut..];
    }
    out.push_str(rest);
}

/// Removes the attributes of each tag beyond [`ATTRIBUTES`]: parsers compare each attribute with all before it.
pub(super) fn limit_attributes(html: &str) -> Cow<'_, str> {
    let html = limit_attributes_of(html, Tags::new(html));
    // Raw text of HTML is not raw in SVG and MathML, and some comments end early.
    let bytes = html.as_bytes();
    let is_ambiguous = |at: usize| {
        let begins = |syntax: &str| {
            bytes.get(at..at + syntax.len()).is_some_and(|own| own.eq_ignore_ascii_case(syntax.as_bytes()))
        };
        ["<svg", "<math", "<!-->", "<!--->"].into_iter().any(begins)
    };
    if (memchr_iter(b'<', bytes).any(is_ambiguous) || memmem::find(bytes, b"--!>").is_some())
        && let Cow::Owned(limited) = limit_attributes_of(&html, Tags::everywhere(&html))
    {
        return Cow::Owned(limited);
    }
    html
}

fn limit_attributes_of<'h>(html: &'h str, tags: Tags<'h>) -> Cow<'h, str> {
    let (mut out, mut kept) = (String::new(), 0);
    for tag in tags {
        if let Cow::Owned(shorter) = drop_attributes(tag.text) {
            out.extend([&html[kept..tag.start], &shorter]);
            kept = tag.start + tag.text.len();
        }
    }
    if kept == 0 {
        return Cow::Borrowed(html);
    }
    out.push_str(&html[kept..]);
    Cow::Owned(out)
}

/// Removes the attributes of a tag beyond [`ATTRIBUTES`].
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_texts_with_many_entities_are_divided() {
        let tag = format!("<a title=\"{}\">", "&amp;".repeat(10_000));
        let html = format!("{tag}{}{tag}b", "&lt;é".repeat(10_000));
        let divided = divide_texts(Cow::Borrowed(&html)).into_owned();
        assert!(divided.matches("<wbr>").count() == 3 && divided.matches(&tag).count() == 2);
        assert_eq!(divided.replace("<wbr>", ""), html);
        let few = "é & ".repeat(500);
        assert_eq!(divide_texts(Cow::Borrowed(&few)), few);
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
}
