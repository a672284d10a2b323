//! Bodies of posts → HTML that a feed reader can show by itself, and summaries in plain text.

mod attribute_lists;
mod budget;
mod captions;
mod chunks;
mod clean;
mod containers;
mod dialect_syntax;
mod embeds;
mod flat_html;
mod footnotes;
mod html_document;
mod html_tags;
mod html_writer;
mod kramdown;
mod limit_markdown;
mod limit_nesting;
mod markdown;
mod markdown_extensions;
mod markdown_in_html;
mod noscript;
mod open_elements;
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
pub use dialect_syntax::{FootnoteIds, KRAMDOWN_EXTENSIONS, Pass, Syntax, Templates};
pub use html_document::HtmlDocument;
pub use kramdown::KramdownOptions;
pub use markdown::strip_markdown;
pub use plain_text::{collapse_white_space, shorten, strip_markup};
pub use summary::{SUMMARY, read_text};
pub use syntax::{
    Data, NoResolver, Reference, Resolve, Target, Unclosed, WrittenDate, apply_text_filter,
    split_outside_quotes,
};

use std::borrow::Cow;

use memchr::memmem;

use url::Url;

use self::budget::{Budget, measure_html, measure_urls};
use self::syntax::contains_any;

use crate::config::Embeds;
use crate::limits::FEW_MARKS;

/// Sanitises HTML that the site's owner wrote: the result is balanced and within the allow-list of posts.
pub fn sanitise(html: &str) -> String {
    clean::clean(html, Embeds::Link)
}

/// The inputs of a body's conversion, in addition to the body itself.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The absolute URL of the post's page: the base of relative references.
    pub page: &'a Url,
    /// The title of the post. A heading that only repeats it is removed.
    pub title: &'a str,
    /// The syntax of the body.
    pub syntax: Syntax<'a>,
    /// True if the body is Markdown, false if it is HTML.
    pub markdown: bool,
    /// A marker that ends the summary, in addition to `<!-- more -->`.
    pub marker: Option<&'a str>,
    /// How embedded pages are handled.
    pub embeds: Embeds,
    /// The prefix of element ids, so that the ids of two entries differ.
    pub prefix: &'a str,
    /// Resolves the references of the body.
    pub resolve: &'a dyn Resolve,
}

/// A converted body, as an entry holds it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Converted {
    /// Balanced HTML within the allow-list, with absolute URLs. Empty if the body exceeds a limit.
    pub html: String,
    /// The text before the marker, else the first paragraph: plain text of at most [`SUMMARY`] characters.
    pub summary: String,
    /// The names of unknown tags and shortcodes, which were removed.
    pub unknown: Vec<String>,
    /// The limit that the body exceeds, if any. Then there is only a summary.
    pub excess: Option<Excess>,
}

/// The problems of a body, which are reported before its entry is made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scanned {
    /// The names of unknown tags and shortcodes.
    pub unknown: Vec<String>,
    /// The first tag without its closing tag.
    pub unclosed: Option<Unclosed>,
    /// The limit that the body exceeds, if any. Then its entry has only a summary.
    pub excess: Option<Excess>,
}

/// The prefixes of a body from which a summary is made if the whole body exceeds a limit, in bytes. The longest one
/// within the limits is used.
const BEGINNINGS: [usize; 3] = [4096, 1024, 256];

/// Converts a body. A body that exceeds a limit is reduced to its summary.
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
    let mut translated = translate(body, context, budget);
    let own = read_options(&translated.text, context, budget);
    let context = &with_options(context, own.as_ref());
    budget.add_marks(count_marks(&translated.text, context.markdown));
    let marker = summary::find_marker(&translated.text, context.markdown, context.marker, budget);
    // The text before the marker is converted separately. The whole body needs the same parts again.
    let before = marker.map(|at| {
        let (mut parts, budget) = (translated.parts.clone(), Budget::new(at));
        let clean = |html: &str| clean_up(html, context, &budget);
        let html = make_html(&translated.text[..at], &mut parts, context, &budget, clean);
        strip_markup(&summary::drop_notes(&html))
    });
    let clean = |html: &str| clean_up(html, context, budget);
    let html = make_html(&translated.text, &mut translated.parts, context, budget, clean);
    let summary = before.filter(|text| !text.is_empty());
    let summary = summary.map_or_else(|| summary::summarise(&html), |text| shorten(&text, SUMMARY));
    Converted { html, summary, unknown: translated.unknown, excess: None }
}

/// Returns true if [`scan`] finds nothing in a body, as in most: it has no template syntax, no references that are
/// relocated and no images that are measured, and is within the limits even if the URL of its page, given as `page`, must be percent-encoded.
pub fn is_plain(body: &str, page: &str, syntax: &Syntax<'_>, markdown: bool, resolve: &dyn Resolve) -> bool {
    let has_templates = resolve.is_template() && contains_any(body, syntax.templates.triggers());
    let shows_measured = resolve.measures() && references::may_show(body);
    !has_templates
        && !resolve.relocates()
        && !shows_measured
        && count_marks(body, markdown) <= FEW_MARKS
        && !may_exceed(body, body.len(), 3 * page.len(), syntax, markdown)
}

/// Resolves everything that a body refers to. A body without template syntax is scanned once. It is converted only if
/// its URLs or its HTML may exceed a limit, or if it may hold references that are relocated or images that are measured.
pub fn scan(body: &str, context: &Context<'_>) -> Scanned {
    let budget = Budget::new(body.len());
    let mut translated = translate(body, context, &budget);
    let own = read_options(&translated.text, context, &budget);
    let context = &with_options(context, own.as_ref());
    budget.add_marks(count_marks(&translated.text, context.markdown));
    let excess = budget.excess().or_else(|| {
        let text = &*translated.text;
        let page = context.page.as_str().len();
        let may_exceed = may_exceed(text, body.len(), page, &context.syntax, context.markdown);
        let may_refer = || context.resolve.relocates() && references::may_refer(&translated, context.page);
        let may_show =
            || context.resolve.measures() && (!translated.parts.is_empty() || references::may_show(text));
        if !may_exceed && !may_refer() && !may_show() {
            return None;
        }
        summary::find_marker(text, context.markdown, context.marker, &budget);
        // To sanitise takes most of the time, and resolves nothing.
        let resolve = |html: &str| {
            rewrite_html(html, context, &budget);
            String::new()
        };
        make_html(text, &mut translated.parts, context, &budget, resolve);
        budget.excess()
    });
    Scanned { unknown: translated.unknown, unclosed: translated.unclosed, excess }
}

/// Translates the template syntax of a body, and adds the definitions of links that every body can use.
fn translate<'b>(body: &'b str, context: &Context<'_>, budget: &Budget) -> syntax::Translated<'b> {
    let mut translated = syntax::translate(body, context, budget);
    let definitions = context.syntax.kramdown.map_or("", |options| &options.link_definitions);
    if context.markdown && !definitions.is_empty() && translated.text.contains('[') {
        translated.text = Cow::Owned(format!("{}\n\n{definitions}", translated.text));
    }
    translated
}

/// Reads the options that a body sets for itself, if it sets any.
fn read_options(text: &str, context: &Context<'_>, budget: &Budget) -> Option<KramdownOptions> {
    context.syntax.kramdown.filter(|_| context.markdown)?.set_in(text, budget)
}

/// The context with the options of a body.
fn with_options<'a>(context: &Context<'a>, options: Option<&'a KramdownOptions>) -> Context<'a> {
    let syntax = Syntax { kramdown: options.or(context.syntax.kramdown), ..context.syntax };
    Context { syntax, ..*context }
}

/// Returns true if the URLs or the HTML of a text may exceed the limits of a body of this length, on a page whose URL
/// has `page` bytes.
fn may_exceed(text: &str, length: usize, page: usize, syntax: &Syntax<'_>, markdown: bool) -> bool {
    let has_contents = may_have_contents(text, syntax);
    count_urls(text, has_contents) * page > measure_urls(length)
        || (markdown && may_exceed_html(text, length, has_contents))
}

/// Returns true if Markdown may have a table of contents in the place of a list.
fn may_have_contents(text: &str, syntax: &Syntax<'_>) -> bool {
    syntax.kramdown.is_some() && ["{:", "toc"].iter().all(|mark| contains(text, mark))
}

fn contains(text: &str, mark: &str) -> bool {
    memmem::find(text.as_bytes(), mark.as_bytes()).is_some()
}

/// Returns the maximum number of times that the page's URL is added to the URLs of a text: twice if an embedded page
/// becomes a link.
fn count_urls(text: &str, has_contents: bool) -> usize {
    // Every URL that can be relative has one of these characters next to it.
    let urls = memchr::memchr2_iter(b']', b'=', text.as_bytes()).count();
    let sets = if contains(text, "srcset") { count_bytes(text, |byte| byte == b',') } else { 0 };
    // A table of contents has a link for each heading.
    let headings = if has_contents { count_bytes(text, |byte| byte == b'\n') } else { 0 };
    2 * (urls + sets + headings)
}

/// Returns true if the HTML of this Markdown may exceed the limit for a body of this length. The estimate adds up the
/// text, the tags of each line and each mark, and the escaped characters.
fn may_exceed_html(text: &str, length: usize, has_contents: bool) -> bool {
    const LINE: usize = 32;
    const MARK: usize = 12;
    const ESCAPED: usize = 5;
    let most = measure_html(length);
    // A table of contents repeats each heading, in an item and with an id.
    let times = if has_contents { 3 } else { 1 };
    let lines = || times * (text.len() + LINE * count_bytes(text, |byte| byte == b'\n'));
    let marks = || {
        let marks = count_bytes(text, |byte| matches!(byte, b'|' | b'*' | b'_' | b'~' | b'`' | b'[' | b'^'));
        let escaped = count_bytes(text, |byte| matches!(byte, b'<' | b'>' | b'&' | b'"'));
        MARK * marks + ESCAPED * escaped
    };
    // Most texts are within the limit even if every byte is a line or a mark.
    times * text.len() * (1 + LINE) > most && lines() + MARK * text.len() > most && lines() + marks() > most
}

/// Returns the number of characters and words that can begin a node of the document; of a text so short that every
/// number is allowed, the highest possible.
fn count_marks(text: &str, is_markdown: bool) -> usize {
    const MOST_PER_BYTE: usize = 4;
    if MOST_PER_BYTE * text.len() <= FEW_MARKS {
        return MOST_PER_BYTE * text.len();
    }
    // An element has a start and an end; a line may begin several blocks, such as an item with a paragraph.
    let twice = count_bytes(text, |byte| byte == b'<' || (is_markdown && byte == b'\n'));
    if !is_markdown {
        return 2 * twice;
    }
    let is_mark = |byte| {
        matches!(
            byte,
            b'$' | b'*' | b'_' | b'[' | b']' | b'!' | b'~' | b'`' | b'|' | b'&' | b'\\' | b'@' | b'^' | b'='
        )
    };
    let autolinks = memmem::find_iter(text.as_bytes(), "://").count()
        + memmem::find_iter(text.as_bytes(), "www.").count();
    2 * twice + count_bytes(text, is_mark) + autolinks
}

/// Counts bytes, in sums of one byte each so that the compiler vectorises the loop.
fn count_bytes(text: &str, is: impl Fn(u8) -> bool) -> usize {
    let count = |chunk: &[u8]| chunk.iter().map(|byte| u8::from(is(*byte))).sum::<u8>();
    text.as_bytes().chunks(usize::from(u8::MAX)).map(|chunk| usize::from(count(chunk))).sum()
}

/// Text without template syntax, and the HTML of its placeholders → HTML. `finish` converts the HTML of each chunk to
/// HTML for a feed reader.
fn make_html(
    text: &str,
    parts: &mut syntax::Parts,
    context: &Context<'_>,
    budget: &Budget,
    finish: impl Fn(&str) -> String,
) -> String {
    if budget.excess().is_some() {
        return String::new();
    }
    let syntax = &context.syntax;
    let html = if context.markdown {
        let (pieces, shared) = chunks::divide(text);
        let mut render = |piece: &&str| {
            let piece =
                if shared.is_empty() { Cow::Borrowed(*piece) } else { format!("{piece}\n\n{shared}").into() };
            let piece = Pass::apply_all(syntax, piece, budget);
            let prepared = markdown_extensions::prepare(&piece, syntax, budget);
            let rendered = markdown::render(&limit_markdown::flatten(&prepared), syntax);
            let html = match syntax.kramdown {
                None => parts.fill(rendered),
                Some(options) => kramdown::finish(rendered, options, |html| parts.fill(html)),
            };
            if budget.add_html(html.len()) { finish(&html) } else { String::new() }
        };
        pieces.iter().map(&mut render).collect::<Vec<_>>().join("\n")
    } else {
        finish(text)
    };
    title::drop_repeated(html, context.title)
}

/// Any HTML → HTML with absolute URLs, bounded in depth.
fn rewrite_html(html: &str, context: &Context<'_>, budget: &Budget) -> String {
    let bounded = limit_nesting::bound(&self_closing::close(html)).into_owned();
    rewrite::rewrite(&noscript::open(&bounded), context, budget)
}

/// Any HTML → HTML for a feed reader.
fn clean_up(html: &str, context: &Context<'_>, budget: &Budget) -> String {
    let rewritten = rewrite_html(html, context, budget);
    if budget.excess().is_some() {
        return String::new();
    }
    // Elements that were replaced by their content may have hidden tags.
    clean::clean(&limit_nesting::bound(&rewritten), context.embeds)
}

#[cfg(test)]
mod bound_tests;
#[cfg(test)]
mod cost_tests;
#[cfg(test)]
pub(crate) mod test_syntax;
#[cfg(test)]
mod tests;
