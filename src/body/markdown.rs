//! Markdown → HTML. The only file that knows the Markdown library.

use comrak::{Arena, Options, format_html, parse_document};

use super::dialect_syntax::Syntax;
use super::plain_text::strip_markup;
use crate::limits::{DEFINITIONS, FOOTNOTES};

/// The maximum number of definitions of a body times its length in bytes. The library (`comrak 0.55`) walks over a
/// whole list of definitions again for each definition that it adds.
const DEFINITIONS_WALK: usize = 128 << 20;

/// Options for GitHub's Markdown with footnotes. Raw HTML is kept and cleaned later.
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

/// Renders a body, or the content of a tag or a filter.
pub(super) fn render(body: &str, syntax: &Syntax<'_>) -> String {
    let arena = Arena::new();
    let mut options = options();
    options.extension.shortcodes = syntax.has_emoji;
    if let Some(kramdown) = syntax.kramdown {
        options.extension.strikethrough = kramdown.is_gfm;
        options.extension.tasklist = kramdown.is_gfm;
        options.render.hardbreaks = kramdown.is_gfm && kramdown.hard_wrap;
    }
    options.extension.description_lists = syntax.has_definitions && has_few_definitions(body);
    // The library writes a link back to each reference after the note.
    options.extension.footnotes = body.matches("[^").take(FOOTNOTES + 1).count() <= FOOTNOTES;
    let root = parse_document(&arena, body, &options);
    let mut html = String::with_capacity(body.len() + body.len() / 4);
    // Writing into a String cannot fail.
    let _ = format_html(root, &options, &mut html);
    html
}

/// Returns true if few lines of a body begin with `: ` or `~ `, inside any quotes and lists.
fn has_few_definitions(body: &str) -> bool {
    let is_around = |b: &u8| b" \t>-*+.)".contains(b) || b.is_ascii_digit();
    let defines = |line: &&str| {
        let mut rest = line.bytes().skip_while(is_around);
        matches!(rest.next(), Some(b':' | b'~')) && matches!(rest.next(), Some(b' ' | b'\t'))
    };
    let count = body.split(['\n', '\r']).filter(defines).take(DEFINITIONS + 1).count();
    count <= DEFINITIONS && count * body.len() <= DEFINITIONS_WALK
}

/// Returns the text of one line of Markdown, without markup.
pub fn strip_markdown(line: &str) -> String {
    let arena = Arena::new();
    let root = parse_document(&arena, line, &options());
    let mut html = String::new();
    let _ = format_html(root, &options(), &mut html);
    strip_markup(&html)
}
