//! Divides long Markdown between paragraphs, so that its conversion needs memory for one piece at a time.

/// The length up to which a body is one piece, in bytes.
const LONG: usize = 512 << 10;

/// The maximum length of all references that pieces share, in bytes.
const SHARED: usize = 32 << 10;

/// Returns the pieces of a text, and the link references that all of them may use.
pub(super) fn divide(text: &str) -> (Vec<&str>, String) {
    if text.len() <= LONG {
        return (vec![text], String::new());
    }
    let mut pieces = Vec::new();
    let mut shared = String::new();
    let (mut start, mut at, mut fence) = (0, 0, None);
    // The closing tag of the open HTML element, in which nothing is Markdown and the text is not divided.
    let mut raw: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if let Some(end) = raw {
            raw = raw.filter(|_| !holds(bare, end));
            at += line.len();
            continue;
        }
        let is_long = at - start >= LONG;
        // A piece without a blank line to end at is cut at twice the length.
        if (is_long && fence.is_none() && bare.is_empty()) || at - start >= 2 * LONG {
            pieces.push(&text[start..at]);
            start = at;
        }
        if fence.is_none() {
            raw = RAW.iter().find(|(open, close)| opens(bare, open, close)).map(|(_, close)| *close);
        }
        match fence {
            Some(mark) if bare.starts_with(mark) => fence = None,
            Some(_) => {}
            None => fence = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark)),
        }
        if fence.is_none() && is_reference(bare) && shared.len() + line.len() < SHARED {
            shared.push_str(line);
        }
        at += line.len();
        // A single line may be longer still.
        while at - start > 4 * LONG {
            let cut = (start + 2 * LONG..at).find(|cut| text.is_char_boundary(*cut)).unwrap_or(at);
            let cut =
                text[start..cut].rfind(' ').filter(|space| *space > LONG).map_or(cut, |space| start + space);
            pieces.push(&text[start..cut]);
            start = cut;
        }
    }
    pieces.push(&text[start..]);
    (pieces, shared)
}

/// Returns true for `[name]: URL` and `[^name]: note`.
fn is_reference(line: &str) -> bool {
    line.starts_with('[') && line.contains("]: ")
}

/// The beginning and end of HTML in which nothing is Markdown (`CommonMark 0.31 §4.6`).
const RAW: [(&str, &str); 5] = [
    ("<!--", "-->"),
    ("<script", "</script"),
    ("<style", "</style"),
    ("<pre", "</pre"),
    ("<textarea", "</textarea"),
];

/// Returns true if a line begins such HTML and does not end it.
fn opens(line: &str, open: &str, close: &str) -> bool {
    let begins = line.get(..open.len()).is_some_and(|own| own.eq_ignore_ascii_case(open));
    begins && !holds(&line[open.len()..], close)
}

fn holds(line: &str, needle: &str) -> bool {
    line.as_bytes().windows(needle.len()).any(|own| own.eq_ignore_ascii_case(needle.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_texts_are_one_piece_and_long_ones_are_divided_between_paragraphs() {
        assert_eq!(divide("a\n\nb").0, ["a\n\nb"]);
        let text = format!("[r]: /x\n\n{}", "A paragraph of some words.\n\n".repeat(60_000));
        let (pieces, shared) = divide(&text);
        assert!(pieces.len() > 2 && pieces.iter().all(|piece| piece.len() < 2 * LONG));
        assert_eq!((pieces.concat(), shared.as_str()), (text.clone(), "[r]: /x\n"));
        assert!(pieces[1].starts_with('\n'), "it is divided at a blank line");
    }

    #[test]
    fn html_without_markdown_is_not_divided() {
        let raw = format!("<script>\n{}</script>\n\nb", "a;\n\n".repeat(400_000));
        assert_eq!(divide(&raw).0.len(), 2, "{:?}", divide(&raw).0.len());
        let comment = format!("<!-- {} -->", "a\n\n".repeat(400_000));
        assert_eq!(divide(&comment).0.len(), 1);
    }

    #[test]
    fn one_endless_line_is_divided_at_a_space() {
        let text = "wörd ".repeat(1_000_000);
        let (pieces, _) = divide(&text);
        assert!(pieces.iter().all(|piece| piece.len() <= 4 * LONG));
        assert_eq!(pieces.concat(), text);
    }
}
