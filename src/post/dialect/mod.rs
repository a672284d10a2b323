//! Dialects: what each generator takes for a post and what it makes of one. Data and small functions.

pub mod jekyll;
pub mod obsidian;
pub mod plain;
pub mod zola;

use chrono::DateTime;
use chrono_tz::Tz;

use super::date::Moment;
use super::front_matter::{Fences, FrontMatter};
use super::site::SiteSettings;
use super::source::Source;
use crate::config::{Dialect, Future, Problem};

/// What makes a dialect.
#[derive(Debug)]
pub struct Rules {
    /// Whose rules these are.
    pub dialect: Dialect,
    /// How front matter may be written.
    pub fences: Fences,
    /// Keys of the date of publication, the first that has a value counts.
    pub date_keys: &'static [&'static str],
    /// Keys of the date of the last update.
    pub updated_keys: &'static [&'static str],
    /// Keys of its authors.
    pub author_keys: &'static [&'static str],
    /// Keys of the date after which a post is gone.
    pub expiry_keys: &'static [&'static str],
    /// Keys of an id given by hand.
    pub id_keys: &'static [&'static str],
    /// What becomes of a post without any date.
    pub undated: Undated,
    /// What becomes of posts dated in the future, if nothing else is said.
    pub future: Future,
    /// Pattern of addresses, if nothing else is said.
    pub permalink: &'static str,
    /// Words a pattern may hold after a `:`.
    pub placeholders: &'static [&'static str],
    /// Brings the names of patterns (`pretty`) to the patterns themselves.
    pub expand_permalink: fn(&str) -> &str,
    /// Extensions of posts in lower case, any if empty; `include` of the configuration replaces them.
    pub extensions: &'static [&'static str],
    /// Whether the file at a path is a post by its name and place.
    pub is_post: fn(&Source, &str) -> bool,
    /// Whether a folder, by its name, can hold posts.
    pub enters: fn(&str) -> bool,
    /// Whether a post is kept out of feeds by the dialect's own keys.
    pub is_hidden: fn(&Source, &str, &FrontMatter<'_>) -> bool,
    /// The date a file name holds.
    pub file_date: fn(&str) -> Option<Moment>,
    /// The zone of a date that is written under a key without one, where it is not the source's.
    pub date_zone: fn(&FrontMatter<'_>, &str) -> Option<Tz>,
    /// The title; may hold markup.
    pub title: fn(&Reading<'_>) -> String,
    /// The terms of `tags`, `categories` or another taxonomy under its keys.
    pub terms: fn(&Reading<'_>, Taxon<'_>) -> Vec<String>,
    /// The address below the source's: a path that begins with `/`, in normal form.
    pub address: fn(&Reading<'_>) -> String,
    /// What identifies the post, where the front matter says nothing.
    pub id: fn(&Reading<'_>, &str) -> Id,
    /// The slug the generator itself gives a term.
    pub term_slug: fn(&str) -> String,
    /// Whether the file at a path is written in Markdown, not HTML.
    pub is_markdown: fn(&str) -> bool,
    /// The language of a post by its path, where the site declares several.
    pub language: for<'s> fn(&'s Source, &str) -> Option<&'s str>,
    /// Names of the file in the site's root that holds its own configuration.
    pub config_files: &'static [&'static str],
    /// The folder below the root that holds all posts; empty: they may be anywhere.
    pub content: &'static str,
    /// Name of a file that speaks for its folder: one that is a draft makes drafts of all posts there.
    pub section_file: Option<&'static str>,
    /// The site's own configuration: the name of its file and its text → what it says and its problems.
    pub read_site: fn(&str, &str) -> (SiteSettings, Vec<Problem>),
}

/// What becomes of a post without any date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undated {
    /// It is no entry, and a warning says so.
    Skip,
    /// It is dated when it was first seen, else by its modification.
    FirstSeen,
}

/// Which taxonomy's terms are asked for.
#[derive(Debug, Clone, Copy)]
pub enum Taxon<'a> {
    /// `tags` by the dialect's own keys.
    Tags,
    /// `categories` by the dialect's own keys.
    Categories,
    /// `authors`, beside those that the front matter names as such.
    Authors,
    /// Any, by these keys in lower case.
    Keys(&'a [String]),
}

/// An id as a dialect makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id {
    /// A path in normal form, to be put on the id base.
    Path(String),
    /// Complete in itself.
    Whole(String),
}

/// A post while it is read.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The source it belongs to.
    pub source: &'a Source,
    /// Its path, relative to the source's root.
    pub path: &'a str,
    /// What it says of itself.
    pub front: &'a FrontMatter<'a>,
    /// When it was published, in the source's zone.
    pub date: DateTime<Tz>,
}

/// The rules of a dialect; `None` for one that is not known yet.
pub fn find_rules(dialect: Dialect) -> Option<&'static Rules> {
    match dialect {
        Dialect::Jekyll => Some(&jekyll::RULES),
        Dialect::Plain => Some(&plain::RULES),
        Dialect::Obsidian => Some(&obsidian::RULES),
        Dialect::Zola => Some(&zola::RULES),
        _ => None,
    }
}

/// A pattern of addresses, checked against the placeholders of its dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permalink(String);

impl Permalink {
    /// Checks a pattern, or the name of one, as written in a configuration.
    ///
    /// # Errors
    /// A sentence that names the first unknown placeholder and lists the known ones.
    pub fn parse(rules: &Rules, written: &str) -> Result<Self, String> {
        let pattern = (rules.expand_permalink)(written);
        for name in find_placeholders(pattern) {
            let known = |word: &&str| *word == name || name.strip_suffix('_') == Some(word);
            if !rules.placeholders.iter().any(known) {
                let list: Vec<String> = rules.placeholders.iter().map(|word| format!(":{word}")).collect();
                return Err(format!(
                    "the permalink {written:?} has an unknown placeholder `:{name}`. Known in {}: {}.",
                    rules.dialect.name(),
                    list.join(", ")
                ));
            }
        }
        Ok(Self(pattern.to_owned()))
    }

    /// The pattern a dialect uses by itself.
    pub fn default_of(rules: &Rules) -> Self {
        Self((rules.expand_permalink)(rules.permalink).to_owned())
    }

    /// The pattern.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The words after `:` in a pattern, as `:([a-z_]+)` finds them.
fn find_placeholders(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split(':').skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(rest.len());
        (end > 0).then(|| &rest[..end])
    })
}

/// Puts values into a pattern; a placeholder `fill` does not know stays as it is.
///
/// `:year_:month` is read as Jekyll reads it: a name may end in a `_` that belongs to the text.
pub(super) fn fill_pattern(pattern: &str, fill: impl Fn(&str) -> Option<String>) -> String {
    let mut parts = pattern.split(':');
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for rest in parts {
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let bare = name.trim_end_matches('_');
        match fill(name).map(|value| (value, "")).or_else(|| Some((fill(bare)?, &name[bare.len()..]))) {
            Some((value, tail)) => filled.extend([value.as_str(), tail, after]),
            None => filled.extend([":", rest]),
        }
    }
    filled
}
