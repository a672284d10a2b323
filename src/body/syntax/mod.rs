//! The template syntax of generators: translated where its meaning is known, else removed. Code is kept.

mod args;
mod html;
mod hugo;
mod liquid;
mod markdown_lines;
mod obsidian;
mod placeholders;
mod scanner;
mod shortcodes;
mod tags;
mod zola;

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};
use memchr::memmem;

#[cfg(test)]
pub(super) use liquid::tests::find_data as find_test_data;
pub use liquid::{Data, apply_text_filter, split_outside_quotes};
pub(super) use markdown_lines::measure_columns;
pub(super) use placeholders::Parts;
use scanner::Place;
pub(super) use scanner::{NextMatch, Scan};

use crate::body::Context;
use crate::body::budget::Budget;
use crate::body::dialect_syntax::Templates;

/// Resolves what a body refers to. Implemented by callers that know the site.
pub trait Resolve {
    /// Returns the page that a reference of the dialect names.
    fn page(&self, reference: Reference<'_>) -> Option<Target>;

    /// Returns the value of a variable as text: `site.baseurl`, `page.title`.
    fn value(&self, name: &str) -> Option<String>;

    /// Returns the value of a variable that may be a list or a map: `page.title`, `site.data`. `None`: it cannot be
    /// known.
    fn data(&self, name: &str) -> Option<Data> {
        self.value(name).map(Data::from)
    }

    /// Returns true if [`Resolve::relocate`] may change a URL.
    fn relocates(&self) -> bool {
        false
    }

    /// Returns the URL to use in place of an absolute URL; `None`: its target does not exist.
    fn relocate(&self, url: String) -> Option<String> {
        Some(url)
    }

    /// Returns true if [`Resolve::measure`] may know the size of an image.
    fn measures(&self) -> bool {
        false
    }

    /// Returns the width and height in pixels of the image at an absolute URL, before it is replaced.
    fn measure(&self, url: &str) -> Option<(u32, u32)> {
        let _ = url;
        None
    }

    /// Returns the date that a text holds.
    fn date(&self, text: &str) -> Option<WrittenDate> {
        let _ = text;
        None
    }

    /// Returns true if the body may hold template tags.
    fn is_template(&self) -> bool {
        true
    }

    /// Returns the template of a site's own shortcode, with `{name}` for its arguments.
    fn shortcode(&self, name: &str) -> Option<&str>;
}

/// A resolver that knows no site and resolves nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoResolver;

impl Resolve for NoResolver {
    fn page(&self, _: Reference<'_>) -> Option<Target> {
        None
    }

    fn value(&self, _: &str) -> Option<String> {
        None
    }

    fn shortcode(&self, _: &str) -> Option<&str> {
        None
    }
}

/// A reference to another page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reference<'a> {
    /// By its file, relative to the site's root or to the folder of its posts.
    File(&'a str),
    /// By what the dialect calls a post: Jekyll's `2024-01-02-slug`, Hexo's slug.
    Post(&'a str),
    /// By its name alone, as wikilinks do.
    Name(&'a str),
}

/// A date in a text.
#[derive(Debug, Clone, Copy)]
pub struct WrittenDate {
    /// The date in the time zone that is written with it, else in the site's time zone.
    pub written: DateTime<FixedOffset>,
    /// The date in the site's time zone.
    pub local: DateTime<FixedOffset>,
}

/// The page that a reference names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The absolute URL.
    pub address: String,
    /// The title.
    pub title: String,
}

/// A body without template syntax.
#[derive(Debug)]
pub(super) struct Translated<'a> {
    pub(super) text: Cow<'a, str>,
    /// The HTML of the placeholders in the text.
    pub(super) parts: Parts,
    /// The names of unknown tags and shortcodes, which were removed.
    pub(super) unknown: Vec<String>,
    pub(super) unclosed: Option<Unclosed>,
}

/// A tag without the closing tag that it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclosed {
    /// The tag as it is written, without arguments.
    pub tag: String,
    /// The closing tag that is missing.
    pub close: String,
    /// The byte offset in the body; `None` if the tag is inside another one.
    pub at: Option<usize>,
}

/// The output of a translation.
pub(super) struct Output<'r> {
    text: String,
    parts: Parts,
    unknown: BTreeSet<String>,
    /// The first tag without its closing tag.
    unclosed: Option<Unclosed>,
    resolve: &'r dyn Resolve,
    markdown: bool,
    budget: &'r Budget,
}

/// The URL of an unknown reference: the cleaner removes it from its link.
const UNKNOWN: &str = "unknown:";

/// The maximum nesting depth of tags.
const DEEPEST: usize = 16;

/// Returns true if a text holds one of `marks`, which are not empty. Searches for their first bytes first, which is
/// cheapest.
pub(super) fn contains_any(text: &str, marks: &[&str]) -> bool {
    marks.iter().any(|mark| {
        let first = memchr::memchr(mark.as_bytes()[0], text.as_bytes());
        first.is_some_and(|first| memmem::find(&text.as_bytes()[first..], mark.as_bytes()).is_some())
    })
}

/// Translates a body. A body without template syntax is only searched for it.
pub(super) fn translate<'b>(body: &'b str, context: &Context<'_>, budget: &Budget) -> Translated<'b> {
    let Context { markdown, resolve, .. } = *context;
    let templates = context.syntax.templates;
    if !resolve.is_template() || !contains_any(body, templates.triggers()) {
        return Translated {
            text: Cow::Borrowed(body),
            parts: Parts::default(),
            unknown: Vec::new(),
            unclosed: None,
        };
    }
    let mut out = Output {
        text: String::with_capacity(body.len()),
        parts: Parts::new(body),
        unknown: BTreeSet::new(),
        unclosed: None,
        resolve,
        markdown,
        budget,
    };
    match templates {
        Templates::Liquid | Templates::Nunjucks | Templates::TagPlugins => {
            liquid::translate(body, templates, &mut out);
        }
        Templates::HugoShortcodes => shortcodes::translate::<hugo::Hugo>(body, &mut out, DEEPEST),
        Templates::Tera => shortcodes::translate::<zola::Zola>(body, &mut out, DEEPEST),
        Templates::Wikilinks => obsidian::translate(body, &mut out),
        Templates::None => out.text.push_str(body),
    }
    let unknown = out.unknown.into_iter().collect();
    Translated { text: Cow::Owned(out.text), parts: out.parts, unknown, unclosed: out.unclosed }
}

/// The content of an unknown shortcode, and the end of a comment or processing instruction that it leaves open, which
/// would hide the text after it. These begin in a line of their own, outside fenced code (`CommonMark 0.31 §4.6`).
fn close_content(inner: &str) -> Cow<'_, str> {
    const BLOCKS: [(&str, &str); 3] = [("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")];
    let (mut open, mut fence): (Option<&str>, Option<&str>) = (None, None);
    for line in inner.lines() {
        let text = line.trim_start();
        let marker = ["```", "~~~"].into_iter().find(|marker| text.starts_with(marker));
        match (open, fence) {
            (Some(close), _) => open = open.filter(|_| !line.contains(close)),
            (None, Some(own)) => fence = fence.filter(|_| marker != Some(own)),
            (None, None) if marker.is_some() => fence = marker,
            (None, None) => {
                let block = BLOCKS.into_iter().find(|(start, _)| text.starts_with(start));
                open = block.map(|(_, close)| close).filter(|close| !text.contains(close));
            }
        }
    }
    open.map_or(Cow::Borrowed(inner), |close| Cow::Owned(format!("{inner}\n{close}\n")))
}

impl<'r> Output<'r> {
    /// Creates a scan of a body, or of the content of a tag in it.
    fn scan<'t>(&self, text: &'t str, depth: usize) -> Scan<'t>
    where
        'r: 't,
    {
        let scan = if depth == DEEPEST { Scan::new } else { Scan::within };
        scan(text, self.markdown, self.budget)
    }

    /// Replaces a tag with HTML. Markdown sees a word there, so that the text around it keeps its meaning. A tag that
    /// is alone on its line becomes a paragraph of its own.
    fn push_html(&mut self, html: String, place: Place) {
        if !self.markdown || !html.contains('<') {
            self.text.push_str(&html);
            return;
        }
        let blank = if place.is_alone && placeholders::is_block(&html) { "\n\n" } else { "" };
        let mark = self.parts.keep(html);
        self.text.extend([blank, &mark, blank]);
    }

    /// Returns the page that a reference names, if the budget allows its URL and title.
    fn page(&self, reference: Reference<'_>) -> Option<Target> {
        let target = self.resolve.page(reference)?;
        self.budget.add_urls(target.address.len() + target.title.len()).then_some(target)
    }

    /// Returns the value of a variable. Copying it takes one step per byte.
    fn value(&self, name: &str) -> Option<String> {
        let value = self.resolve.value(name)?;
        self.budget.spend(value.len()).then_some(value)
    }

    /// Records a tag without its closing tag. `at` is an offset in the body, unless the text is `within` another tag.
    fn record_unclosed(&mut self, tag: String, close: String, at: usize, within: bool) {
        self.unclosed.get_or_insert(Unclosed { tag, close, at: (!within).then_some(at) });
    }

    fn record_unknown(&mut self, name: &str) {
        // Messages show the name, so it is shortened and holds no control characters.
        let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
        self.unknown.insert(name);
    }

    /// Returns the text before and after the content of a site's own shortcode; `None`: it does not exist.
    fn fill_surroundings(&self, name: &str, args: &args::Args) -> Option<(String, String)> {
        let template = self.resolve.shortcode(name)?;
        let (before, after) = template.split_once("{inner}").unwrap_or((template, ""));
        Some((fill_shortcode(before, args, ""), fill_shortcode(after, args, "")))
    }

    /// Writes Markdown between opening and closing HTML. `places` are the places of the two tags. Writes nothing if
    /// the budget does not allow it.
    fn push_around(
        &mut self,
        open: String,
        close: String,
        places: (Place, Place),
        inner: impl FnOnce(&mut Self),
    ) {
        if !self.budget.expand(open.len() + close.len()) {
            return;
        }
        self.push_html(open, places.0);
        inner(self);
        self.push_html(close, places.1);
    }
}

/// Fills the template of a site's own shortcode: arguments by name or position, escaped; `{inner}` as it is.
fn fill_shortcode(template: &str, args: &args::Args, inner: &str) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let name = after.split('}').next().filter(|name| name.len() < after.len());
        match name.filter(|name| name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))) {
            Some("inner") => filled.push_str(inner),
            Some(name) => {
                let by_place = || args.word(name.parse::<usize>().ok()?);
                let value = args.get(&[name]).or_else(by_place).unwrap_or_default();
                filled.push_str(&html_escape::encode_quoted_attribute(value));
            }
            None => {
                filled.push('{');
                rest = after;
                continue;
            }
        }
        rest = name.map_or("", |name| &after[name.len() + 1..]);
    }
    filled + rest
}

#[cfg(test)]
mod tests;
