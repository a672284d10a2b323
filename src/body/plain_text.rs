//! HTML → plain text: for titles and summaries.

use super::budget::Budget;
use super::syntax::NextMatch;

/// Returns the text of a piece of HTML: without tags, with entities decoded, and white space collapsed and trimmed.
/// A `<` that does not open a tag is kept, as in `a < b` written by hand.
pub fn strip_markup(html: &str) -> String {
    if memchr::memchr2(b'<', b'&', html.as_bytes()).is_none() {
        return collapse_white_space(html);
    }
    let mut text = String::with_capacity(html.len());
    let budget = Budget::new(html.len());
    let closers = [NextMatch::new(html, ">", &budget), NextMatch::new(html, "-->", &budget)];
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        match tag_length(html, html.len() - rest.len(), &closers) {
            Some(length) => {
                if separates_words(&rest[..length]) {
                    text.push(' ');
                }
                rest = &rest[length..];
            }
            None => {
                text.push('<');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    collapse_white_space(&html_escape::decode_html_entities(&text))
}

/// Collapses each run of ASCII white space to one space and trims all white space at the ends. Other spaces, as
/// between Chinese words or around a dash, are part of the text.
pub fn collapse_white_space(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    for word in text.trim().split_ascii_whitespace() {
        if !collapsed.is_empty() {
            collapsed.push(' ');
        }
        collapsed.push_str(word);
    }
    collapsed
}

/// The maximum length of a tag, in bytes. Without it, a text that repeats `<a` would be read to its end for each one.
const LONGEST_TAG: usize = 4096;

/// Returns the length of the tag or comment at `at`, including its `>`. `closers` find the ends of tags and comments.
fn tag_length(html: &str, at: usize, [tags, comments]: &[NextMatch<'_>; 2]) -> Option<usize> {
    let text = &html[at..];
    let after = text.as_bytes().get(1)?;
    if text.starts_with("<!--") {
        return comments.find(at, LONGEST_TAG).map(|end| end + 3 - at);
    }
    tags.find(at, LONGEST_TAG)?;
    if !matches!(after, b'!' | b'?') && !is_element(name_of(text)) {
        return None;
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// Returns the name of the tag at the start of `text`.
fn name_of(text: &str) -> &str {
    let name = &text[1..];
    let name = name.strip_prefix('/').unwrap_or(name);
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).unwrap_or(name.len());
    &name[..end]
}

/// Elements of HTML and MathML, sorted: `Option<T>` in a title is not markup.
const ELEMENTS: &str = " a abbr acronym address annotation area article aside audio b base bdi bdo big blockquote \
    body br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div \
    dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup \
    hr html i iframe img input ins kbd label legend li link main map mark marquee math menu meta meter mfrac mi mn \
    mo mover mpadded mphantom mroot mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder \
    munderover nav nobr noscript object ol optgroup option output p param picture pre progress q rb rp rt rtc ruby \
    s samp script search section select semantics slot small source span strike strong style sub summary sup svg \
    table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr ";

/// Returns true if a name is an element of HTML or MathML, or a custom element.
fn is_element(name: &str) -> bool {
    let custom = name.contains('-') && name.starts_with(|c: char| c.is_ascii_alphabetic());
    custom || (!name.is_empty() && ELEMENTS.contains(&format!(" {} ", name.to_ascii_lowercase())))
}

/// Returns true if a tag separates words, as the end of a paragraph does.
fn separates_words(tag: &str) -> bool {
    let name = name_of(tag);
    let inline =
        ["a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "i", "kbd", "mark", "q", "s", "small"];
    let more = ["span", "strong", "sub", "sup", "u", "var", "wbr", "del", "ins", "ruby", "rt", "rb", "rp"];
    !inline.iter().chain(&more).any(|known| known.eq_ignore_ascii_case(name))
}

/// Shortens a text to at most `limit` characters. It is cut between words, or at any character in scripts without
/// spaces.
pub fn shorten(text: &str, limit: usize) -> String {
    let Some((cut, _)) = text.char_indices().nth(limit) else {
        return text.to_owned();
    };
    // One character is reserved for the ellipsis.
    let last = text.char_indices().nth(limit - 1).map_or(cut, |(at, _)| at);
    let head = &text[..last];
    let whole_words = text[last..].starts_with(char::is_whitespace);
    let end = match head.rfind(char::is_whitespace) {
        // A word boundary far back means a script without spaces, or one endless word.
        Some(space) if !whole_words && last - space <= 40 => space,
        _ => last,
    };
    format!("{}…", head[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_removed_and_text_is_kept() {
        for (html, text) in [
            ("Tom &amp; Jerry < Q&A <b>bold</b> &lt;i&gt;", "Tom & Jerry < Q&A bold <i>"),
            ("  春天来了，  花开了  ", "春天来了， 花开了"),
            ("<p>One</p><p>Two</p>", "One Two"),
            ("x<sup>2</sup> a <a title='>'>link</a>", "x2 a link"),
            ("a <!-- <b> --> b", "a b"),
            ("a\u{200a}-\u{200a}b\u{3000}\u{3000}c", "a\u{200a}-\u{200a}b\u{3000}\u{3000}c"),
            ("1 < 2 <3", "1 < 2 <3"),
            ("open <b", "open <b"),
            ("Option<T> and Vec<u8>, <<fine>>", "Option<T> and Vec<u8>, <<fine>>"),
            ("<my-mark>x</my-mark> <BR/>y", "x y"),
            ("", ""),
        ] {
            assert_eq!(strip_markup(html), text, "{html}");
        }
    }

    #[test]
    fn texts_are_cut_at_words_or_characters() {
        assert_eq!(shorten("one two three", 13), "one two three");
        assert_eq!(shorten("one two three", 9), "one two…");
        assert_eq!(shorten(&"观".repeat(50), 10), format!("{}…", "观".repeat(9)));
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC*", limit in 1usize..50) {
            let plain = strip_markup(&text);
            proptest::prop_assert!(shorten(&plain, limit).chars().count() <= limit);
        }
    }
}
