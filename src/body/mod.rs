//! Bodies of posts → HTML that a feed reader can show by itself, and summaries in plain text.

mod budget;
mod captions;
mod chunks;
mod clean;
mod containers;
mod embeds;
mod footnotes;
mod html_document;
mod kramdown;
mod limit_markdown;
mod limit_nesting;
mod markdown;
mod markdown_extensions;
mod placeholder;
mod plain_text;
mod queries;
mod references;
mod rewrite;
mod self_closing;
mod summary;
mod syntax;
mod title;
mod urls;

pub use budget::Excess;
pub use html_document::HtmlDocument;
pub use markdown::strip_markdown;
pub use plain_text::{collapse_white_space, shorten, strip_markup};
pub use summary::SUMMARY;
pub use syntax::{Data, NoResolver, Reference, Resolve, Target, Unclosed, WrittenDate};

use std::borrow::Cow;

use url::Url;

use self::budget::{Budget, measure_html, measure_urls};

use crate::config::{Dialect, Embeds};

/// HTML of a site's owner, balanced and by the allow-list of posts.
pub fn sanitise(html: &str) -> String {
    clean::clean(html, Embeds::Link)
}

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
    /// Whether `:tada:` is a picture.
    pub emoji: bool,
    /// Whether `$$` is text, not a formula.
    pub plain_dollars: bool,
}

/// A body as entries hold it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Converted {
    /// Balanced HTML from an allow-list, every URL absolute. Empty if there is an excess.
    pub html: String,
    /// What stands before the marker, else the first paragraph: plain text, at most [`SUMMARY`]
    /// characters.
    pub summary: String,
    /// Names of unknown tags and shortcodes, which were taken out.
    pub unknown: Vec<String>,
    /// Why there is only a summary, if so.
    pub excess: Option<Excess>,
}

/// What a body says that its post must know before an entry is made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// Names of unknown tags and shortcodes.
    pub unknown: Vec<String>,
    /// The first tag that nothing closes.
    pub unclosed: Option<Unclosed>,
    /// Why its entry will carry only a summary, if so.
    pub excess: Option<Excess>,
}

/// The beginnings of a body that a summary is made from where the whole costs too much, in bytes: the longest that
/// does not.
const BEGINNINGS: [usize; 3] = [4096, 1024, 256];

/// Converts a body. One that costs too much becomes its summary.
pub fn convert(body: &str, context: &Context<'_>) -> Converted {
    let budget = Budget::new(body.len());
    let converted = convert_within(body, context, &budget);
    let Some(excess) = budget.excess() else { return converted };
    let mut summaries = BEGINNINGS.into_iter().filter_map(|length| {
        let end = (0..=body.len().min(length)).rev().find(|end| body.is_char_boundary(*end))?;
        let budget = Budget::for_summary();
        let beginning = convert_within(&body[..end], context, &budget);
        budget.excess().is_none().then_some(beginning.summary)
    });
    let summary = summaries.next().unwrap_or_default();
    Converted { html: String::new(), summary, unknown: converted.unknown, excess: Some(excess) }
}

/// Converts a body as far as its budget allows.
fn convert_within(body: &str, context: &Context<'_>, budget: &Budget) -> Converted {
    let mut translated = syntax::translate(body, context.dialect, context.markdown, context.resolve, budget);
    let marker = summary::find_marker(&translated.text, context.markdown, context.marker, budget);
    // What stands before the marker is converted by itself; its parts are needed again for the whole.
    let before = marker.map(|at| {
        let (mut parts, budget) = (translated.parts.clone(), Budget::new(at));
        let html = make_html(&translated.text[..at], &mut parts, context, &budget);
        strip_markup(&summary::drop_notes(&html))
    });
    let html = make_html(&translated.text, &mut translated.parts, context, budget);
    let summary = before.filter(|text| !text.is_empty());
    let summary = summary.map_or_else(|| summary::summarise(&html), |text| shorten(&text, SUMMARY));
    Converted { html, summary, unknown: translated.unknown, excess: None }
}

/// Asks for everything that a body refers to. Costs one look at a body without template syntax; only one with
/// so many URLs that they may add too much is converted.
pub fn scan(body: &str, context: &Context<'_>) -> Scanned {
    let budget = Budget::new(body.len());
    let translated = syntax::translate(body, context.dialect, context.markdown, context.resolve, &budget);
    let excess = budget.excess().or_else(|| {
        // Every URL that can be relative has one of these around it; each adds the page's own at most, or twice
        // that where an embedded page becomes a link.
        let text = &*translated.text;
        let has_sets = text.contains("srcset");
        let most = count_bytes(text, |byte| matches!(byte, b']' | b'=') || (has_sets && byte == b','));
        let may_exceed = 2 * most * context.page.as_str().len() > measure_urls(body.len())
            || (context.markdown && may_exceed_html(text, body.len()));
        let may_refer = || context.resolve.relocates() && references::may_refer(&translated, context.page);
        if may_exceed || may_refer() { convert(body, context).excess } else { None }
    });
    Scanned { unknown: translated.unknown, unclosed: translated.unclosed, excess }
}

/// Whether Markdown may be converted to more HTML than a body of this length is allowed: about its text, the
/// tags of each line and each mark, and what is escaped.
fn may_exceed_html(text: &str, length: usize) -> bool {
    const LINE: usize = 32;
    const MARK: usize = 12;
    const ESCAPED: usize = 5;
    let most = measure_html(length);
    let estimate = || {
        let lines = count_bytes(text, |byte| byte == b'\n');
        let marks = count_bytes(text, |byte| matches!(byte, b'|' | b'*' | b'_' | b'~' | b'`' | b'[' | b'^'));
        let escaped = count_bytes(text, |byte| matches!(byte, b'<' | b'>' | b'&' | b'"'));
        text.len() + LINE * lines + MARK * marks + ESCAPED * escaped
    };
    text.len() * (1 + LINE) > most && estimate() > most
}

/// Counts bytes, in sums of one byte each so that the compiler uses vectors.
fn count_bytes(text: &str, is: impl Fn(u8) -> bool) -> usize {
    let count = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(is(*byte))).sum::<u8>();
    text.as_bytes().chunks(usize::from(u8::MAX)).map(|chunk| usize::from(count(chunk))).sum()
}

/// Markdown → Markdown that is closer to GitHub's.
type Pass = for<'t> fn(&'t str, &Budget) -> Cow<'t, str>;

/// What each dialect writes in its own way, besides [`additions`].
fn passes(dialect: Dialect) -> &'static [Pass] {
    match dialect {
        Dialect::Jekyll => &[kramdown::prepare, urls::unescape],
        Dialect::Hugo | Dialect::Zola => &[footnotes::join_labels, urls::unescape],
        Dialect::Hexo => &[containers::open, captions::show],
        Dialect::Eleventy => &[containers::open],
        Dialect::Obsidian => &[queries::remove],
        Dialect::Plain => &[],
    }
}

fn adapt<'t>(text: Cow<'t, str>, dialect: Dialect, budget: &Budget) -> Cow<'t, str> {
    passes(dialect).iter().fold(text, |text, pass| {
        let changed =
            Some(pass(&text, budget)).filter(|text| matches!(text, Cow::Owned(_))).map(Cow::into_owned);
        changed.map_or(text, Cow::Owned)
    })
}

/// Text without template syntax, and the HTML that its marks stand for → HTML that is fit for a reader.
fn make_html(text: &str, parts: &mut syntax::Parts, context: &Context<'_>, budget: &Budget) -> String {
    if budget.excess().is_some() {
        return String::new();
    }
    let html = if context.markdown {
        let (pieces, shared) = chunks::divide(text);
        let mut render = |piece: &&str| {
            let piece =
                if shared.is_empty() { Cow::Borrowed(*piece) } else { format!("{piece}\n\n{shared}").into() };
            let piece = adapt(piece, context.dialect, budget);
            let prepared =
                markdown_extensions::prepare(&piece, context.dialect, context.plain_dollars, budget);
            let rendered =
                markdown::render_with(&limit_markdown::flatten(&prepared), context.dialect, context.emoji);
            let is_kramdown = context.dialect == Dialect::Jekyll;
            let rendered = if is_kramdown { kramdown::drop_empty_heads(rendered) } else { rendered };
            let html = parts.fill(rendered);
            if budget.add_html(html.len()) { clean_up(&html, context, budget) } else { String::new() }
        };
        pieces.iter().map(&mut render).collect::<Vec<_>>().join("\n")
    } else {
        clean_up(text, context, budget)
    };
    title::drop_repeated(html, context.title)
}

/// Any HTML → HTML that is fit for a reader.
fn clean_up(html: &str, context: &Context<'_>, budget: &Budget) -> String {
    let rewritten = rewrite::rewrite(&limit_nesting::bound(&self_closing::close(html)), context, budget);
    if budget.excess().is_some() { String::new() } else { clean::clean(&rewritten, context.embeds) }
}

#[cfg(test)]
mod cost_tests;
#[cfg(test)]
mod tests;
