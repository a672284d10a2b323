//! Detects references to the post's own site without converting the body.

use memchr::memmem;
use url::Url;

use super::syntax::Translated;

/// Returns true if a body may hold a URL that is relative or on the host of its page. Most bodies hold none, and are
/// not converted to find out.
pub(super) fn may_refer(translated: &Translated<'_>, page: &Url) -> bool {
    // The HTML that replaces tags is not in the text.
    !translated.parts.is_empty() || text_may_refer(&translated.text, page)
}

/// Returns true if a text may show an image.
pub(super) fn may_show(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_element =
        |at: usize| bytes[at + 1..].get(..3).is_some_and(|name| name.eq_ignore_ascii_case(b"img"));
    memmem::find(bytes, b"![").is_some() || memchr::memchr_iter(b'<', bytes).any(is_element)
}

fn text_may_refer(text: &str, page: &Url) -> bool {
    let origin = page.origin().ascii_serialization();
    let is_local = |written: &str| {
        let written =
            written.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '"' | '\''));
        let is_elsewhere = ["http:", "https:", "mailto:", "tel:", "data:", "#"]
            .iter()
            .any(|start| written.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start)));
        !is_elsewhere && !written.starts_with(['>', ')'])
    };
    let bytes = text.as_bytes();
    let mut marks = memchr::memchr2_iter(b']', b'=', bytes);
    let is_link = |at: usize| match bytes[at] {
        b']' => matches!(bytes.get(at + 1), Some(b'(' | b':')) && is_local(&text[at + 2..]),
        _ => names_url(&text[..at]) && is_local(&text[at + 1..]),
    };
    marks.any(is_link) || memmem::find(bytes, origin.as_bytes()).is_some()
}

/// Returns true if a text ends in the name of an attribute that holds URLs: `src`, `href`, `poster`, `data-original`.
fn names_url(text: &str) -> bool {
    let text = text.trim_end();
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'-';
    let length = text.bytes().rev().take(20).take_while(is_name).count();
    let name = text[text.len() - length..].to_ascii_lowercase();
    ["src", "href", "poster", "data", "longdesc"].iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_the_own_site_are_found_in_every_place() {
        let page = Url::parse("http://localhost/notes/a.md").expect("it is a URL");
        for text in [
            "![x](a.png)",
            "[x](<a b.png>)",
            "[x]: /a.png",
            "[x]:\n  a.png",
            "<img alt='' src=a.png>",
            "<img data-lazy-src = \"../a.png\">",
            "<a HREF='//example.com/x'>x</a>",
            "<video poster='x.jpg'>",
            "<http://localhost/a/>",
            "[x](http://localhost/a/)",
        ] {
            assert!(text_may_refer(text, &page), "{text}");
        }
        for text in [
            "Text, `a = b` and [brackets] (in it).",
            "[x](https://example.com/a.png) <https://example.com/b.png>",
            "[x](HTTP://example.com) [y](#part) [z](mailto:a@example.com)",
            "<img alt=\"x\" src=\"https://example.com/a.png\" class=a>",
            "",
        ] {
            assert!(!text_may_refer(text, &page), "{text}");
        }
    }
}
