//! Summaries of entries.

use std::borrow::Cow;

use super::budget::Budget;
use super::plain_text::{shorten, strip_markup};
use super::syntax::Scan;

/// The maximum number of characters of a summary.
pub const SUMMARY: usize = 400;

/// Returns the offset of the marker that ends the summary: `<!-- more -->` in any of its spellings, or the site's own
/// marker. A marker in code is ignored.
pub(super) fn find_marker(body: &str, markdown: bool, own: Option<&str>, budget: &Budget) -> Option<usize> {
    let own = own.filter(|own| body.contains(own));
    if own.is_none() && !body.contains("<!--") {
        return None;
    }
    let triggers: Vec<&str> = own.into_iter().chain(["<!--"]).collect();
    let mut scan = Scan::new(body, markdown, budget);
    let mut passed = String::new();
    loop {
        passed.clear();
        let trigger = scan.find(&triggers, &mut passed, str::to_owned)?;
        if Some(trigger) == own || is_more(scan.rest()) {
            return Some(scan.at);
        }
        scan.at += trigger.len();
    }
}

fn is_more(comment: &str) -> bool {
    let rest = comment["<!--".len()..].trim_start();
    let word = rest.get(.."more".len()).is_some_and(|word| word.eq_ignore_ascii_case("more"));
    word && rest["more".len()..].trim_start().starts_with("-->")
}

/// Removes the numbers of footnotes from HTML, which would stick to words.
pub(super) fn drop_notes(html: &str) -> Cow<'_, str> {
    const NOTE: &str = "<sup class=\"footnote-ref\">";
    if !html.contains(NOTE) {
        return Cow::Borrowed(html);
    }
    let mut pieces = html.split(NOTE);
    let first = pieces.next().unwrap_or_default().to_owned();
    let behind =
        |piece: &'_ str| piece.split_once("</sup>").map_or(String::new(), |(_, rest)| rest.to_owned());
    Cow::Owned(pieces.fold(first, |text, piece| text + &behind(piece)))
}

/// Returns the text of an entry's HTML: what people read, without the numbers of footnotes.
pub fn read_text(html: &str) -> String {
    strip_markup(&drop_notes(html))
}

/// Returns the first paragraph with text, else the beginning of the whole text.
pub(super) fn summarise(html: &str) -> String {
    let html = &*drop_notes(html);
    let paragraphs = html.match_indices("<p").filter_map(|(at, _)| {
        let rest = &html[at..];
        rest.as_bytes().get(2).filter(|b| matches!(b, b'>' | b' '))?;
        Some(&rest[..rest.find("</p>").unwrap_or(rest.len())])
    });
    let first = paragraphs.map(strip_markup).find(|text| !text.is_empty());
    shorten(&first.unwrap_or_else(|| strip_markup(html)), SUMMARY)
}
