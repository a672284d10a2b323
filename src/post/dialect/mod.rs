//! Dialects: what each generator takes for a post and what it makes of one. Data and small functions.

pub mod eleventy;
pub mod hexo;
pub mod hugo;
pub mod jekyll;
pub mod obsidian;
pub mod plain;
pub mod zola;

mod pattern;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use percent_encoding::percent_decode_str;

use self::pattern::{Expansion, fill_pattern, find_placeholders};
pub use self::pattern::{Permalink, TooLong};
use super::Listed;
use super::config_file::ConfigFile;
use super::date::{self, Moment};
use super::defaults::Defaults;
use super::front_matter::{Fences, FrontMatter};
use super::ids::IdParts;
use super::site::{Data, FeedTemplate, SiteSettings};
use super::source::Source;
use super::value::{Fields, Value};
use crate::config::{Dialect, Future, Problem};

/// What makes a dialect.
#[derive(Debug)]
pub struct Rules {
    /// Whose rules these are.
    pub dialect: Dialect,
    /// What a post is, in words.
    pub what: &'static str,
    /// How front matter may be written.
    pub fences: Fences,
    /// Keys of the date of publication, the first that has a value counts; [`FILE_NAME`] among them is
    /// the date of the file's name.
    pub date_keys: &'static [&'static str],
    /// Keys of the date of the last update.
    pub updated_keys: &'static [&'static str],
    /// Keys of its authors.
    pub author_keys: &'static [&'static str],
    /// Keys of the date after which a post is gone.
    pub expiry_keys: &'static [&'static str],
    /// Whether dates without a zone are in that of the generator's machine where the site names none.
    pub in_machine_zone: bool,
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
    /// Whether a word that is not among them may stand there all the same.
    pub is_placeholder: fn(&str) -> bool,
    /// Which characters make up such a word.
    pub is_word: fn(char) -> bool,
    /// Brings the names of patterns (`pretty`) to the patterns themselves.
    pub expand_permalink: fn(&str) -> &str,
    /// Extensions of posts in lower case, any if empty; `include` of the configuration replaces them.
    pub extensions: &'static [&'static str],
    /// Whether the file at a path is a post by its name and place.
    pub is_post: fn(&Source, &str) -> bool,
    /// Whether a folder, by its name, can hold posts.
    pub enters: fn(&SiteSettings, &str) -> bool,
    /// Whether a post is kept out of feeds by the dialect's own keys.
    pub is_hidden: fn(&Source, &str, &FrontMatter<'_>) -> bool,
    /// Whether a file, by its name, makes one post of its folder: all else there belongs to it.
    pub is_leaf: fn(&Source, &str) -> bool,
    /// Every name such a file may have.
    pub leaf_names: fn(&Source) -> Vec<String>,
    /// Completes the front matter of a file at a path from what its body says of itself, such as the head of an HTML
    /// document.
    pub complete: fn(&str, &mut FrontMatter<'_>),
    /// The folder whose files the generator publishes below the page of the post at a path, if there is one. Both
    /// are relative to the site's root.
    pub assets: for<'p> fn(&Source, &'p str) -> Option<&'p str>,
    /// The date a file name holds.
    pub file_date: fn(&Source, &str) -> Option<Moment>,
    /// The instant that is written under a key, if it is meant for one; else a sentence that says what
    /// is wrong with it.
    pub read_date: ReadDate,
    /// The title; may hold markup.
    pub title: fn(&Reading<'_>) -> String,
    /// The terms of `tags`, `categories` or another taxonomy under its keys.
    pub terms: fn(&Reading<'_>, TaxonomyKey<'_>) -> Vec<String>,
    /// The URL below the source's: a path that begins with `/`, percent-encoded.
    pub address: fn(&Reading<'_>) -> Result<String, TooLong>,
    /// What of a post can't be used, if anything: the key and a sentence.
    pub validate: fn(&Reading<'_>) -> Option<(&'static str, String)>,
    /// What identifies the post, where the front matter says nothing.
    pub id: fn(&Reading<'_>, &str) -> Id,
    /// What of an id its templates print.
    pub id_parts: fn(&Reading<'_>, &str) -> IdParts,
    /// The site's own feed templates, if they are read.
    pub templates: Option<FeedTemplates>,
    /// The folder, below the site's address, in which the generator puts the terms of a taxonomy, known
    /// by its place: those of a language, known by its place too.
    pub term_root: fn(&Source, usize, usize) -> String,
    /// The slug the generator itself gives a term of a taxonomy in a language, both known by their places.
    pub term_slug: fn(&Source, usize, usize, &str) -> String,
    /// Whether the file at a path is written in Markdown, not HTML.
    pub is_markdown: fn(&str) -> bool,
    /// The language of a post by its path, where the site declares several.
    pub language: for<'s> fn(&'s Source, &str) -> Option<&'s str>,
    /// The section that lists a post, as its address writes it; none for the main one.
    pub section: fn(&Source, &str, &FrontMatter<'_>) -> Option<String>,
    /// Which feeds hold a post.
    pub listed: fn(&Source, &str, &FrontMatter<'_>) -> Listed,
    /// Names of the file in the site's root that holds its own configuration; the first there is counts.
    pub config_files: &'static [&'static str],
    /// More such files: all there are count.
    pub config_extras: &'static [&'static str],
    /// Folders in the site's root whose files are its configuration too.
    pub config_folders: &'static [&'static str],
    /// The folder below the root that holds all posts; empty: they may be anywhere.
    pub content: &'static str,
    /// Names of the folders that hold posts, wherever they are; none: all of `content` does.
    pub post_folders: fn(&SiteSettings) -> Vec<String>,
    /// Files among the posts that speak for others, if there are such.
    pub data: Option<DataFiles>,
    /// Lays front matter that a file has by its place under its own.
    pub merge: fn(&mut Fields, &Defaults),
    /// The site's own configuration, by its files → what it says and its problems.
    pub read_site: fn(&[ConfigFile]) -> (SiteSettings, Vec<Problem>),
}

/// Files among the posts that speak for others.
#[derive(Debug, Clone, Copy)]
pub struct DataFiles {
    /// Whether a file, by its path, is one.
    pub is_data: fn(&str) -> bool,
    /// What such a file says; else why it can't be read.
    pub read: fn(&SiteSettings, &ConfigFile) -> Result<Data, Problem>,
}

/// Feed templates of a site's own.
#[derive(Debug, Clone, Copy)]
pub struct FeedTemplates {
    /// Paths where they usually are, relative to the site's root, the more likely first.
    pub paths: &'static [&'static str],
    /// A folder of layouts, of which those with a feed's name are read.
    pub layouts: &'static str,
    /// Whether a layout, by its name, is one of a feed.
    pub is_layout: fn(&str) -> bool,
    /// The template that decides how ids are made, of all that are there.
    pub read: fn(&[ConfigFile], &SiteSettings) -> Option<FeedTemplate>,
}

impl FeedTemplates {
    /// Whether the file at a path, relative to the site's root, is one of them.
    pub fn contains(&self, path: &str) -> bool {
        let layout = path.strip_prefix(self.layouts).and_then(|rest| rest.strip_prefix('/'));
        self.paths.contains(&path) || layout.is_some_and(self.is_layout)
    }
}

/// Stands among the keys of dates for the name of the file.
pub const FILE_NAME: &str = ":filename";

/// How a dialect reads the value of a key as a date.
pub type ReadDate = fn(&Source, &FrontMatter<'_>, &str, &Value) -> Result<Option<DateTime<Utc>>, String>;

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
pub enum TaxonomyKey<'a> {
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

/// The folder of a post that is one by itself, such as `x/index.md`.
fn leaf_folder<'p>(source: &Source, path: &'p str) -> Option<&'p str> {
    let (folder, file) = path.rsplit_once('/')?;
    (source.rules.is_leaf)(source, file).then_some(folder)
}

/// Whether a path, relative to a folder, is one by which a generator's site is known.
pub fn is_sign(path: &str) -> bool {
    let all = [&jekyll::RULES, &hugo::RULES, &zola::RULES, &hexo::RULES, &eleventy::RULES];
    matches!(path, ".obsidian" | "_posts" | "config/_default" | "source/_posts")
        || all.iter().any(|rules| rules.config_files.contains(&path))
}

/// The rules of a dialect.
pub fn find_rules(dialect: Dialect) -> &'static Rules {
    match dialect {
        Dialect::Jekyll => &jekyll::RULES,
        Dialect::Hugo => &hugo::RULES,
        Dialect::Zola => &zola::RULES,
        Dialect::Hexo => &hexo::RULES,
        Dialect::Eleventy => &eleventy::RULES,
        Dialect::Obsidian => &obsidian::RULES,
        Dialect::Plain => &plain::RULES,
    }
}

/// A date in any of the forms of the contract or in words, as it is written.
fn read_moment(key: &str, value: &Value) -> Result<Moment, String> {
    read_written(key, value, date::read)
}

/// A date as a generator reads a text, else in any of the forms of the contract.
fn read_text(
    key: &str,
    value: &Value,
    generator: impl FnOnce(&str) -> Option<Moment>,
) -> Result<Moment, String> {
    read_written(key, value, |text| date::read_as(text, generator))
}

fn read_written(
    key: &str,
    value: &Value,
    read: impl FnOnce(&str) -> Result<Moment, String>,
) -> Result<Moment, String> {
    let written = value
        .to_text()
        .ok_or_else(|| format!("`{key}` is not a date. Write it as YYYY-MM-DD HH:MM:SS +HH:MM."))?;
    read(&written).map_err(|why| format!("the date {written:?} {why}"))
}

/// A date that is read in the source's zone if it has none of its own.
fn read_date(
    source: &Source,
    _: &FrontMatter<'_>,
    key: &str,
    value: &Value,
) -> Result<Option<DateTime<Utc>>, String> {
    read_moment(key, value).map(|moment| Some(moment.in_zone(source.time_zone)))
}

/// Path and id are those of the page; the slug is the last part of its path, without its extension.
fn id_parts(reading: &Reading<'_>, path: &str) -> IdParts {
    let id = match (reading.source.rules.id)(reading, path) {
        Id::Path(id) | Id::Whole(id) => id,
    };
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = last.strip_suffix(".html").unwrap_or(last);
    let slug = percent_decode_str(stem).decode_utf8_lossy().into_owned();
    IdParts { path: path.to_owned(), id, slug }
}

/// What a file says itself counts, unless what its place says beats it.
fn merge_whole(fields: &mut Fields, defaults: &Defaults) {
    if defaults.beats {
        fields.overwrite(&defaults.values);
    } else {
        fields.fill(&defaults.values);
    }
}

/// Terms lie in a folder of their taxonomy's name.
fn term_root(source: &Source, taxonomy: usize, _: usize) -> String {
    source.taxonomies[taxonomy].name.clone()
}

/// Words of lower-case letters and `_`.
fn is_lower_word(c: char) -> bool {
    c.is_ascii_lowercase() || c == '_'
}

/// Words as `\w` of regular expressions has them.
fn is_any_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
