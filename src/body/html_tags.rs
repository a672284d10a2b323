//! The tags in a text of HTML: their names, lengths and attributes.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

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
}

impl<'h> Tags<'h> {
    pub(super) fn new(html: &'h str) -> Self {
        Self { html, at: 0, unclosed: Vec::new() }
    }

    /// Returns the length of a comment, or of a `<` that does not begin a tag.
    fn skip_comment(&mut self, text: &str) -> usize {
        if !text.starts_with("<!--") || self.unclosed.contains(&"!--") {
            return 1;
        }
        // HTML Living Standard §13.2.5.43 to .52
        let ends = |at: &usize| text[..*at].ends_with("--") || (*at > 6 && text[..*at].ends_with("--!"));
        memchr_iter(b'>', text.as_bytes()).find(ends).map_or_else(
            || {
                self.unclosed.push("!--");
                1
            },
            |at| at + 1,
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
                self.at = start + self.skip_comment(&html[start..]);
                continue;
            };
            self.at = start + length;
            if !closes {
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
    let bytes = html.as_bytes();
    let is_foreign = |at: usize| {
        let begins = |name: &str| {
            bytes.get(at..at + name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()))
        };
        begins("<svg") || begins("<math")
    };
    // Raw text of HTML may contain comments and tags in SVG and MathML. Only a parser knows where these end.
    if memchr_iter(b'<', bytes).any(is_foreign) {
        return limit_attributes_anywhere(html);
    }
    let tags = Tags::new(html).map(|tag| (tag.start, tag.text));
    drop_attributes_of(html, tags)
}

/// Removes the attributes of everything that is a tag, or may be one in a comment, raw text or the value of an attribute.
fn limit_attributes_anywhere(html: &str) -> Cow<'_, str> {
    /// Tags have this many bytes for each byte of the text only if very many begin within others.
    const BYTES_OF_TAGS: usize = 32;
    let mut left = BYTES_OF_TAGS * html.len();
    let mut tags = Vec::new();
    let mut end = 0;
    for start in memchr_iter(b'<', html.as_bytes()) {
        if start < end {
            continue;
        }
        let Some((.., length)) = read_tag(&html[start..]) else { continue };
        let Some(rest) = left.checked_sub(length) else {
            return Cow::Owned(html.replace('<', "&lt;"));
        };
        left = rest;
        let tag = &html[start..start + length];
        if matches!(drop_attributes(tag), Cow::Owned(_)) {
            tags.push((start, tag));
            end = start + length;
        }
    }
    drop_attributes_of(html, tags.into_iter())
}

fn drop_attributes_of<'h>(html: &'h str, tags: impl Iterator<Item = (usize, &'h str)>) -> Cow<'h, str> {
    let (mut out, mut kept) = (String::new(), 0);
    for (start, tag) in tags {
        if let Cow::Owned(shorter) = drop_attributes(tag) {
            out.extend([&html[kept..start], &shorter]);
            kept = start + tag.len();
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
    fn tags_behind_comments_raw_text_and_quotes_are_limited_too() {
        let attributes = " a".repeat(1000);
        for before in [
            "<!--><p",
            "<!---><p",
            "<!-- <a b=\" --!><p",
            "<svg><style><!-- <a b=\" --><p",
            "<style><!--</style><svg><style> <a b=\"</style>--><p",
            "<math><title><a b='</title><p",
        ] {
            let html = format!("{before}{attributes}>x");
            let limited = limit_attributes(&html);
            assert!(limited.starts_with(before) && limited.ends_with(">x"), "{limited}");
            assert!(limited.len() < 300, "{limited}");
        }
        let many = format!("<svg>{}", "<a".repeat(1000));
        assert!(!limit_attributes(&many).contains('<'), "each of them may be a tag");
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
