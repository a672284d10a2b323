//! HTML of any depth → HTML that a parser takes in bounded time: what is nested too deep is laid flat.

use std::borrow::Cow;

/// How deep elements may stand in one another.
const DEEPEST: usize = 128;

/// How many bytes of tags may be opened again because blocks cut them apart (`HTML Living Standard
/// §13.2.4.3`, reconstructing the active formatting elements).
const AGAIN: usize = 64 << 10;

/// Below this length nothing can take long.
const SHORT: usize = 2048;

/// Elements that hold nothing.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements that are opened again where a block cuts them apart.
const FORMATTING: [&str; 14] =
    ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];

/// Elements whose inside is text to a parser.
const RAW: [&str; 8] = ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// An element that is open.
struct Open {
    name: String,
    /// Bytes of its tag.
    length: usize,
    /// Whether its tag was kept.
    kept: bool,
}

/// Lays flat what is nested too deep, and closes formatting that would be opened again too often.
pub(super) fn bound(html: &str) -> Cow<'_, str> {
    if html.len() < SHORT {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut open: Vec<Open> = Vec::new();
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
        let tag = &html[here..here + length];
        at = here + length;
        if closes {
            let place = open.iter().rposition(|element| element.name == name);
            if place.is_none_or(|place| open[place].kept) {
                out.push_str(tag);
            }
            if let Some(place) = place {
                close(&mut open, place);
            }
            continue;
        }
        if VOID.contains(&&*name) || tag.ends_with("/>") && is_foreign(&name) {
            out.push_str(tag);
            continue;
        }
        let is_formatting = FORMATTING.contains(&&*name);
        if !is_formatting {
            again += open
                .iter()
                .filter(|element| FORMATTING.contains(&&*element.name))
                .map(|e| e.length)
                .sum::<usize>();
            if again > AGAIN {
                for element in open.iter().rev().filter(|e| e.kept && FORMATTING.contains(&&*e.name)) {
                    out.extend(["</", &element.name, ">"]);
                }
                open.retain(|element| !FORMATTING.contains(&&*element.name));
                again = 0;
            }
        }
        let kept = open.iter().filter(|element| element.kept).count() < DEEPEST;
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
        // What was left away needs a place only to find what closes it.
        if kept || open.len() < DEEPEST * 4 {
            open.push(Open { name, length, kept });
        }
    }
    push_text(&html[at..], &mut out);
    Cow::Owned(out)
}

/// Text with so many signs to escape that writing it would take long (`html5ever 0.39` looks for the next
/// one through all of it) is divided where a line may break.
fn push_text(text: &str, out: &mut String) {
    const PIECE: usize = 16 << 10;
    if text.len() <= PIECE || text.bytes().filter(|b| *b == b'&').count() * text.len() < 10_000_000 {
        out.push_str(text);
        return;
    }
    let mut rest = text;
    while rest.len() > PIECE {
        // An entity stays whole: it holds no `&` but its first letter.
        let near = (PIECE..rest.len()).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
        let cut = rest[..near].rfind('&').filter(|at| *at > 0).unwrap_or(near);
        out.extend([&rest[..cut], "<wbr>"]);
        rest = &rest[cut..];
    }
    out.push_str(rest);
}

/// Closes an element and what is open within it; formatting stays open beyond its block.
fn close(open: &mut Vec<Open>, place: usize) {
    if FORMATTING.contains(&&*open[place].name) {
        open.remove(place);
        return;
    }
    let within = open.split_off(place);
    open.extend(within.into_iter().skip(1).filter(|element| FORMATTING.contains(&&*element.name)));
}

fn is_foreign(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_uppercase()) && (name.contains('-') || name.starts_with('m'))
}

/// The name of a tag in lower case, whether it closes, and its length.
fn read_tag(text: &str) -> Option<(String, bool, usize)> {
    let closes = text.starts_with("</");
    let name = &text[1 + usize::from(closes)..];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = name.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/')).unwrap_or(name.len());
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return Some((name[..end].to_ascii_lowercase(), closes, at + 1)),
            (None, b'"' | b'\'') if text.as_bytes()[..at].trim_ascii_end().ends_with(b"=") => {
                quote = Some(byte);
            }
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    // A tag that never ends takes the rest along.
    Some((name[..end].to_ascii_lowercase(), closes, text.len()))
}

/// The length of a comment, or of a `<` that begins nothing.
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

/// The place of the tag that closes an element.
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
    fn what_is_nested_too_deep_is_laid_flat() {
        let deep = format!("{}x{}", "<div>".repeat(1000), "</div>".repeat(1000));
        let flat = bound(&deep);
        assert_eq!(flat.matches("<div>").count(), DEEPEST);
        assert!(flat.matches("</div>").count() >= DEEPEST);
        let usual = format!("<p>{}</p>", "word <b>b</b> ".repeat(1000));
        assert_eq!(bound(&usual), usual);
    }

    #[test]
    fn formatting_that_nothing_closes_is_not_opened_again_for_ever() {
        let open = format!("<a href=\"{}\">{}", "x".repeat(1000), "<p>y".repeat(2000));
        let bounded = bound(&open);
        assert!(bounded.contains("</a>"), "it is closed once it was opened again often");
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "(<[/!]?[abdiv p=\"'-]{0,6}>?|[xé]){0,60}") {
            let long = text.repeat(60);
            let _ = bound(&long);
        }
    }
}
