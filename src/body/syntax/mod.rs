//! The template syntax of generators: translated where its meaning is plain, else taken out. Code stays.

mod args;
mod html;
mod hugo;
mod liquid;
mod obsidian;
mod placeholders;
mod scanner;
mod tags;
mod zola;

use std::borrow::Cow;
use std::collections::BTreeSet;

use chrono::{DateTime, FixedOffset};

pub use liquid::Data;
#[cfg(test)]
pub(super) use liquid::tests::find_data as find_test_data;
pub(super) use placeholders::Parts;
use scanner::Place;
pub(super) use scanner::{Ahead, Scan};

use crate::body::budget::Budget;
use crate::config::Dialect;

/// What a body refers to, known to those who know the site.
pub trait Resolve {
    /// The page that a reference of the dialect means.
    fn page(&self, reference: Reference<'_>) -> Option<Target>;

    /// The value of a variable as text: `site.baseurl`, `page.title`.
    fn value(&self, name: &str) -> Option<String>;

    /// The value of a variable that may be a list or a map: `page.title`, `site.data`. `None`: it cannot be known.
    fn data(&self, name: &str) -> Option<Data> {
        self.value(name).map(Data::from)
    }

    /// Whether [`Resolve::relocate`] changes any URL.
    fn relocates(&self) -> bool {
        false
    }

    /// Where an absolute URL leads; `None`: nowhere.
    fn relocate(&self, url: String) -> Option<String> {
        Some(url)
    }

    /// The date that a text stands for.
    fn date(&self, text: &str) -> Option<WrittenDate> {
        let _ = text;
        None
    }

    /// Whether the body may hold tags of templates.
    fn is_template(&self) -> bool {
        true
    }

    /// What a shortcode of the site's own stands for, with `{name}` for its arguments.
    fn shortcode(&self, name: &str) -> Option<&str>;
}

/// A body that stands alone: nothing around it is known.
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

/// A way to name another page.
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
    /// In the zone that it is written in, if it is; else in the site's.
    pub written: DateTime<FixedOffset>,
    /// In the site's zone.
    pub local: DateTime<FixedOffset>,
}

/// A page that was referred to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Absolute address.
    pub address: String,
    /// Title.
    pub title: String,
}

/// A body without template syntax.
#[derive(Debug)]
pub(super) struct Translated<'a> {
    pub(super) text: Cow<'a, str>,
    /// The HTML that marks in the text stand for.
    pub(super) parts: Parts,
    /// What was taken out because nobody knows what it means: names of tags and shortcodes.
    pub(super) unknown: Vec<String>,
    pub(super) unclosed: Option<Unclosed>,
}

/// A tag that needs another one to close it, and has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclosed {
    /// The tag as it is written, without arguments.
    pub tag: String,
    /// The tag that would close it.
    pub close: String,
    /// Byte offset in the body; `None` where it is within another tag.
    pub at: Option<usize>,
}

/// Where translations are written to.
pub(super) struct Output<'r> {
    text: String,
    parts: Parts,
    unknown: BTreeSet<String>,
    /// The first tag that nothing closes.
    unclosed: Option<Unclosed>,
    resolve: &'r dyn Resolve,
    markdown: bool,
    budget: &'r Budget,
}

/// The address of what a reference means that nobody knows: cleaning takes it off its link.
const UNKNOWN: &str = "unknown:";

/// How deep tags may stand in one another.
const DEEPEST: usize = 16;

/// What a body must hold to be of interest.
fn triggers(dialect: Dialect) -> &'static [&'static str] {
    match dialect {
        Dialect::Jekyll => &["{{", "{%"],
        Dialect::Hexo | Dialect::Eleventy => &["{{", "{%", "{#"],
        Dialect::Hugo => &["{{<", "{{%"],
        Dialect::Zola => &["{{", "{%", "(@/", "(<@/", "]: @/", "]: <@/"],
        Dialect::Obsidian => &["[[", "](", "==", "%%", "[!", "^"],
        Dialect::Plain => &[],
    }
}

/// Whether a text holds one of some signs. Their first letters are looked for first, which costs least.
pub(super) fn holds_any(text: &str, signs: &[&str]) -> bool {
    let begins = |sign: &str| sign.chars().next().is_some_and(|first| first == '\n' || text.contains(first));
    signs.iter().any(|sign| begins(sign) && text.contains(sign))
}

/// Translates a body. Costs one look at it where it holds no template syntax.
pub(super) fn translate<'b>(
    body: &'b str,
    dialect: Dialect,
    markdown: bool,
    resolve: &dyn Resolve,
    budget: &Budget,
) -> Translated<'b> {
    if !resolve.is_template() || !holds_any(body, triggers(dialect)) {
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
    match dialect {
        Dialect::Jekyll | Dialect::Hexo | Dialect::Eleventy => liquid::translate(body, dialect, &mut out),
        Dialect::Hugo => hugo::translate(body, &mut out, DEEPEST),
        Dialect::Zola => zola::translate(body, &mut out, DEEPEST),
        Dialect::Obsidian => obsidian::translate(body, &mut out),
        Dialect::Plain => out.text.push_str(body),
    }
    let unknown = out.unknown.into_iter().collect();
    Translated { text: Cow::Owned(out.text), parts: out.parts, unknown, unclosed: out.unclosed }
}

impl Output<'_> {
    /// Puts HTML in place of a tag. Markdown sees a word there, so that what stands around it stays what
    /// it is; a tag that has its line for itself is a paragraph of its own.
    fn push_html(&mut self, html: String, place: Place) {
        if !self.markdown || !html.contains('<') {
            self.text.push_str(&html);
            return;
        }
        let blank = if place.is_alone && placeholders::is_block(&html) { "\n\n" } else { "" };
        let mark = self.parts.keep(html);
        self.text.extend([blank, &mark, blank]);
    }

    /// The page that a reference means, if its URL and title may still be added.
    fn page(&self, reference: Reference<'_>) -> Option<Target> {
        let target = self.resolve.page(reference)?;
        self.budget.add_urls(target.address.len() + target.title.len()).then_some(target)
    }

    /// The value of a variable. Copying it is a step for each byte.
    fn value(&self, name: &str) -> Option<String> {
        let value = self.resolve.value(name)?;
        self.budget.spend(value.len()).then_some(value)
    }

    /// Notes a tag that nothing closes, at a place of a text that is the body itself if it is not `within` a tag.
    fn record_unclosed(&mut self, tag: String, close: String, at: usize, within: bool) {
        self.unclosed.get_or_insert(Unclosed { tag, close, at: (!within).then_some(at) });
    }

    fn record_unknown(&mut self, name: &str) {
        // A message names it; it must be neither endless nor empty.
        let name: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
        self.unknown.insert(name);
    }

    /// What a shortcode of the site's own puts before and behind its inside; `None`: there is none of the name.
    fn fill_surroundings(&self, name: &str, args: &args::Args) -> Option<(String, String)> {
        let template = self.resolve.shortcode(name)?;
        let (before, after) = template.split_once("{inner}").unwrap_or((template, ""));
        Some((fill_shortcode(before, args, ""), fill_shortcode(after, args, "")))
    }

    /// Puts Markdown between HTML that opens and closes it; `places` are those of the two tags. Nothing, if
    /// the body may not grow by so much.
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

/// A shortcode of the site's own, filled: arguments by name or place, escaped; `{inner}` as it is.
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
