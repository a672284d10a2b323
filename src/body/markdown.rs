//! Markdown → HTML. The only file that knows the Markdown library.

use comrak::{Arena, Options, format_html, parse_document};

use super::plain_text::strip_markup;
use crate::config::Dialect;

/// Footnotes, and places that lead to them, in one body; with more of them there are none.
const MOST_NOTES: usize = 4000;

/// GitHub's Markdown with footnotes; raw HTML stays, it is cleaned later.
fn options() -> Options<'static> {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.extension.tasklist = true;
    options.extension.footnotes = true;
    options.extension.alerts = true;
    options.extension.cjk_friendly_emphasis = true;
    options.render.r#unsafe = true;
    options
}

/// Renders a body.
pub(super) fn render(body: &str, dialect: Dialect) -> String {
    let arena = Arena::new();
    let mut options = options();
    // Definitions are Markdown to these alone.
    options.extension.description_lists =
        matches!(dialect, Dialect::Jekyll | Dialect::Hugo | Dialect::Eleventy);
    // Each place that leads to a note is named again behind it.
    options.extension.footnotes = body.matches("[^").take(MOST_NOTES + 1).count() <= MOST_NOTES;
    let root = parse_document(&arena, body, &options);
    let mut html = String::with_capacity(body.len() + body.len() / 4);
    // Writing into a String can't fail.
    let _ = format_html(root, &options, &mut html);
    html
}

/// The text of one line of Markdown, without its marks.
pub fn strip_markdown(line: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, line, &options());
    let mut html = String::new();
    let _ = format_html(root, &options(), &mut html);
    strip_markup(&html)
}
