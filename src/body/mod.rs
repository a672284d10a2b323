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
    /// What divides the summary from the rest, beside `<!-- more -->`.
    pub marker: Option<&'a str>,
}

/// A body as entries hold it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Converted {
    /// Balanced HTML from an allow-list, every address absolute.
    pub html: String,
    /// What stands before the marker, else the first paragraph: plain text, at most [`SUMMARY`]
    /// characters.
    pub summary: String,
}

/// Converts a body.
pub fn convert(body: &str, context: Context<'_>) -> Converted {
    let html = make_html(body, context);
    let before = find_marker(body, context.marker).map(|at| strip_markup(&make_html(&body[..at], context)));
    let summary = before.filter(|text| !text.is_empty());
    let summary = summary.map_or_else(|| summarise(&html), |text| shorten(&text, SUMMARY));
    Converted { html, summary }
}

fn make_html(body: &str, context: Context<'_>) -> String {
    let html = if context.markdown { markdown::render(body, context.title) } else { body.to_owned() };
    clean::clean(&rewrite::rewrite(&html, context.page))
}

/// Where the marker stands that divides the summary from the rest: `<!-- more -->` in any of its
/// spellings, or the site's own.
fn find_marker(body: &str, own: Option<&str>) -> Option<usize> {
    let comment = body.match_indices("<!--").find(|(at, open)| {
        let rest = body[at + open.len()..].trim_start();
        let word = rest.get(.."more".len()).is_some_and(|word| word.eq_ignore_ascii_case("more"));
        word && rest["more".len()..].trim_start().starts_with("-->")
    });
    let own = own.and_then(|own| body.find(own));
    [comment.map(|(at, _)| at), own].into_iter().flatten().min()
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
