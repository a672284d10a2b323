//! Bodies of posts → HTML that a feed reader can show by itself, and summaries in plain text.

mod clean;
mod markdown;
mod plain_text;
mod rewrite;

pub use markdown::strip_markdown;
pub use plain_text::{collapse_white_space, shorten, strip_markup};

use url::Url;

/// Characters of a summary, at most.
pub const SUMMARY: usize = 400;

/// What a body's conversion depends on besides the body.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Absolute address of the post's page: what relative references are resolved against.
    pub page: &'a Url,
    /// Title of the post: a heading that only repeats it goes.
    pub title: &'a str,
    /// Whether the body is Markdown; else it is HTML.
    pub markdown: bool,
}

/// A body as entries hold it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Converted {
    /// Balanced HTML from an allow-list, every address absolute.
    pub html: String,
    /// The first paragraph as plain text, at most [`SUMMARY`] characters.
    pub summary: String,
}

/// Converts a body.
pub fn convert(body: &str, context: Context<'_>) -> Converted {
    let html = if context.markdown { markdown::render(body, context.title) } else { body.to_owned() };
    let html = clean::clean(&rewrite::rewrite(&html, context.page));
    let summary = summarise(&html);
    Converted { html, summary }
}

/// The first paragraph that says something, else the beginning of everything.
fn summarise(html: &str) -> String {
    let paragraphs = html.match_indices("<p").filter_map(|(at, _)| {
        let rest = &html[at..];
        let open = rest.as_bytes().get(2).filter(|b| matches!(b, b'>' | b' '))?;
        let _ = open;
        Some(&rest[..rest.find("</p>").unwrap_or(rest.len())])
    });
    let first = paragraphs.map(strip_markup).find(|text| !text.is_empty());
    shorten(&first.unwrap_or_else(|| strip_markup(html)), SUMMARY)
}

#[cfg(test)]
mod tests;
