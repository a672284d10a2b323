//! Bodies of posts → HTML that a feed reader can show by itself, and summaries in plain text.

mod additions;
mod bound;
mod clean;
mod embeds;
mod flatten;
mod footnotes;
mod markdown;
mod pairs;
mod pieces;
mod plain_text;
mod rewrite;
mod summary;
mod syntax;
mod title;

pub use markdown::strip_markdown;
pub use plain_text::{collapse_white_space, shorten, strip_markup};
pub use summary::SUMMARY;
pub use syntax::{Alone, Reference, Resolve, Target};

use std::borrow::Cow;

use url::Url;

use crate::config::{Dialect, Embeds};

/// What a body's conversion depends on besides the body.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// Absolute address of the post's page: what relative references are resolved against.
    pub page: &'a Url,
    /// Title of the post: a heading that only repeats it goes.
    pub title: &'a str,
    /// Whose syntax it is written in.
    pub dialect: Dialect,
    /// Whether the body is Markdown; else it is HTML.
    pub markdown: bool,
    /// What divides the summary from the rest, beside `<!-- more -->`.
    pub marker: Option<&'a str>,
    /// What becomes of embedded pages.
    pub embeds: Embeds,
    /// What stands before the ids of elements, so that those of two entries differ.
    pub prefix: &'a str,
    /// What the body refers to.
    pub resolve: &'a dyn Resolve,
}

/// A body as entries hold it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Converted {
    /// Balanced HTML from an allow-list, every address absolute.
    pub html: String,
    /// What stands before the marker, else the first paragraph: plain text, at most [`SUMMARY`]
    /// characters.
    pub summary: String,
    /// Names of tags and shortcodes that were taken out because nobody knows what they mean.
    pub unknown: Vec<String>,
}

/// Converts a body.
pub fn convert(body: &str, context: &Context<'_>) -> Converted {
    let mut translated = syntax::translate(body, context.dialect, context.markdown, context.resolve);
    // What stands before the marker is converted by itself; its parts are needed again for the whole.
    let before = summary::find_marker(&translated.text, context.markdown, context.marker).map(|at| {
        let mut parts = translated.parts.clone();
        strip_markup(&summary::drop_notes(&make_html(&translated.text[..at], &mut parts, context)))
    });
    let html = make_html(&translated.text, &mut translated.parts, context);
    let summary = before.filter(|text| !text.is_empty());
    let summary = summary.map_or_else(|| summary::summarise(&html), |text| shorten(&text, SUMMARY));
    Converted { html, summary, unknown: translated.unknown }
}

/// Asks for everything that a body refers to; gives the names of tags and shortcodes that nobody knows.
/// Costs one look at a body without any.
pub fn read_syntax(body: &str, dialect: Dialect, markdown: bool, resolve: &dyn Resolve) -> Vec<String> {
    syntax::translate(body, dialect, markdown, resolve).unknown
}

/// Text without template syntax, and the HTML that its marks stand for → HTML that is fit for a reader.
fn make_html(text: &str, parts: &mut syntax::Parts, context: &Context<'_>) -> String {
    let html = if context.markdown {
        let (pieces, shared) = pieces::divide(text);
        let mut render = |piece: &&str| {
            let piece =
                if shared.is_empty() { Cow::Borrowed(*piece) } else { format!("{piece}\n\n{shared}").into() };
            let prepared = additions::prepare(&piece, context.dialect);
            let rendered = markdown::render(&flatten::flatten(&prepared), context.dialect);
            clean_up(&parts.fill(rendered), context)
        };
        pieces.iter().map(&mut render).collect::<Vec<_>>().join("\n")
    } else {
        clean_up(text, context)
    };
    title::drop_repeated(html, context.title)
}

/// Any HTML → HTML that is fit for a reader.
fn clean_up(html: &str, context: &Context<'_>) -> String {
    clean::clean(&rewrite::rewrite(&bound::bound(&pairs::close(html)), context), context.embeds)
}

#[cfg(test)]
mod tests;
