//! Dialects: the rules by which each generator recognises and reads posts. Data and small functions.

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
pub use self::pattern::{ExpansionTooLong, Permalink};
use super::Listed;
use super::config_file::ConfigFile;
use super::date::{self, Moment};
use super::defaults::Defaults;
use super::front_matter::{Fences, FrontMatter};
use super::ids::IdParts;
use super::site::{Data, FeedTemplate, SiteSettings};
use super::source::Source;
use super::value::{Fields, Value};
use crate::body::Syntax;
use crate::config::{Dialect, Future, Problem};

/// The rules of one dialect.
#[derive(Debug)]
pub struct Rules {
    /// The dialect.
    pub dialect: Dialect,
    /// The syntax of bodies.
    pub syntax: fn(&SiteSettings) -> Syntax,
    /// A description of a post, for messages.
    pub what: &'static str,
    /// The forms of front matter that the dialect accepts.
    pub fences: Fences,
    /// Keys of the publication date; the first that has a value is used. [`FILE_NAME`] stands for the date in
    /// the file name.
    pub date_keys: &'static [&'static str],
    /// Keys of the date of the last update.
    pub updated_keys: &'static [&'static str],
    /// Keys of the authors.
    pub author_keys: &'static [&'static str],
    /// Keys of the date after which a post is no longer published.
    pub expiry_keys: &'static [&'static str],
    /// True if a date without an offset is in the time zone of the generator's machine, unless the site sets one.
    pub in_machine_zone: bool,
    /// Keys of an id that the front matter sets.
    pub id_keys: &'static [&'static str],
    /// The handling of a post without a date.
    pub undated: Undated,
    /// The default handling of posts dated in the future.
    pub future: Future,
    /// The default permalink pattern.
    pub permalink: &'static str,
    /// Placeholder names that a pattern may contain after a `:`.
    pub placeholders: &'static [&'static str],
    /// Returns true if a name that is not in `placeholders` is allowed too.
    pub is_placeholder: fn(&str) -> bool,
    /// Returns true if a placeholder name may contain the character.
    pub is_word: fn(char) -> bool,
    /// Replaces the name of a pattern (`pretty`) with the pattern.
    pub expand_permalink: fn(&str) -> &str,
    /// Extensions of posts in lower case; empty: any. `include` of the configuration replaces them.
    pub extensions: &'static [&'static str],
    /// Returns true if the file at a path is a post by its name and folder.
    pub is_post: fn(&Source, &str) -> bool,
    /// Returns true if a folder of this name can contain posts.
    pub enters: fn(&SiteSettings, &str) -> bool,
    /// Returns true if the dialect's own keys exclude a post from feeds.
    pub is_hidden: fn(&Source, &str, &FrontMatter<'_>) -> bool,
    /// Returns true if a file of this name makes its folder one post: the other files there belong to it.
    pub is_leaf: fn(&Source, &str) -> bool,
    /// Every name that such a file may have.
    pub leaf_names: fn(&Source) -> Vec<String>,
    /// Completes the front matter of the file at a path from its body, for example from the head of an HTML
    /// document.
    pub complete: fn(&str, &mut FrontMatter<'_>),
    /// The folder whose files the generator publishes below the page of the post at a path, if there is one. Both
    /// are relative to the site's root.
    pub assets: for<'p> fn(&Source, &'p str) -> Option<&'p str>,
    /// The date in a file name.
    pub file_date: fn(&Source, &str) -> Option<Moment>,
    /// The instant that a key's value specifies; `None` if the value does not specify one. The error is a
    /// sentence that says what is wrong with the value.
    pub read_date: ReadDate,
    /// The title; it may contain markup.
    pub title: fn(&Reading<'_>) -> String,
    /// The terms of `tags`, `categories` or another taxonomy, by its keys.
    pub terms: fn(&Reading<'_>, TaxonomyKey<'_>) -> Vec<String>,
    /// The post's URL path relative to the source's URL: begins with `/`, percent-encoded.
    pub address: fn(&Reading<'_>) -> Result<String, ExpansionTooLong>,
    /// The first key of a post with an invalid value, and a sentence that says what is wrong.
    pub validate: fn(&Reading<'_>) -> Option<(&'static str, String)>,
    /// The post's id, if the front matter sets none.
    pub id: fn(&Reading<'_>, &str) -> Id,
    /// The values of a post from which templates build ids.
    pub id_parts: fn(&Reading<'_>, &str) -> IdParts,
    /// The feed templates of the site, if the dialect reads them.
    pub templates: Option<FeedTemplates>,
    /// The URL path, relative to the site's URL, below which the generator puts the terms of a taxonomy in a
    /// language, both given by index.
    pub term_root: fn(&Source, usize, usize) -> String,
    /// The slug that the generator gives a term of a taxonomy in a language, both given by index.
    pub term_slug: fn(&Source, usize, usize, &str) -> String,
    /// Returns true if the file at a path is Markdown, not HTML.
    pub is_markdown: fn(&str) -> bool,
    /// The language of a post by its path, if the site declares several.
    pub language: for<'s> fn(&'s Source, &str) -> Option<&'s str>,
    /// The section that lists a post, as its URL path spells it; none for the main section.
    pub section: fn(&Source, &str, &FrontMatter<'_>) -> Option<String>,
    /// The feeds that contain a post.
    pub listed: fn(&Source, &str, &FrontMatter<'_>) -> Listed,
    /// Names of the generator's configuration file in the site's root; the first that exists is read.
    pub config_files: &'static [&'static str],
    /// More configuration files: every one that exists is read.
    pub config_extras: &'static [&'static str],
    /// Folders in the site's root whose files are configuration files too.
    pub config_folders: &'static [&'static str],
    /// The folder below the root that contains all posts; empty: posts may be anywhere.
    pub content: &'static str,
    /// Names of the folders that contain posts, at any depth; empty: every folder in `content` may.
    pub post_folders: fn(&SiteSettings) -> Vec<String>,
    /// Files among the posts that set values for other posts, if the dialect has such files.
    pub data: Option<DataFiles>,
    /// Merges a file's defaults into its front matter.
    pub merge: fn(&mut Fields, &Defaults),
    /// Reads the generator's configuration files: the settings and their problems.
    pub read_site: fn(&[ConfigFile]) -> (SiteSettings, Vec<Problem>),
}

/// Files among the posts that set values for other posts.
#[derive(Debug, Clone, Copy)]
pub struct DataFiles {
    /// Returns true if the file at a path is a data file.
    pub is_data: fn(&str) -> bool,
    /// Reads a data file; the error says why it cannot be read.
    pub read: fn(&SiteSettings, &ConfigFile) -> Result<Data, Problem>,
}

/// The feed templates of a site.
#[derive(Debug, Clone, Copy)]
pub struct FeedTemplates {
    /// Their usual paths, relative to the site's root, most likely first.
    pub paths: &'static [&'static str],
    /// The folder of layouts, of which those with a feed's name are read.
    pub layouts: &'static str,
    /// Returns true if a layout of this name belongs to a feed.
    pub is_layout: fn(&str) -> bool,
    /// Selects, among all templates, the one that determines the ids.
    pub read: fn(&[ConfigFile], &SiteSettings) -> Option<FeedTemplate>,
}

impl FeedTemplates {
    /// Returns true if the file at a path, relative to the site's root, is a feed template.
    pub fn contains(&self, path: &str) -> bool {
        let layout = path.strip_prefix(self.layouts).and_then(|rest| rest.strip_prefix('/'));
        self.paths.contains(&path) || layout.is_some_and(self.is_layout)
    }
}

/// The entry in a list of date keys that stands for the file name.
pub const FILE_NAME: &str = ":filename";

/// A function that reads the value of a key as a date.
pub type ReadDate = fn(&Source, &FrontMatter<'_>, &str, &Value) -> Result<Option<DateTime<Utc>>, String>;

/// The handling of a post without a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undated {
    /// The post is not an entry; a warning is reported.
    Skip,
    /// The date is the time at which the post was first seen, else its modification time.
    FirstSeen,
}

/// The taxonomy whose terms are read.
#[derive(Debug, Clone, Copy)]
pub enum TaxonomyKey<'a> {
    /// `tags`, by the dialect's own keys.
    Tags,
    /// `categories`, by the dialect's own keys.
    Categories,
    /// `authors`, in addition to those under the author keys.
    Authors,
    /// Any taxonomy, by these keys in lower case.
    Keys(&'a [String]),
}

/// An id as a dialect makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id {
    /// A path in normal form, to append to the id base.
    Path(String),
    /// A complete id.
    Whole(String),
}

/// A post while it is being read.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The source that contains the post.
    pub source: &'a Source,
    /// The file path, relative to the source's root.
    pub path: &'a str,
    /// The front matter and body.
    pub front: &'a FrontMatter<'a>,
    /// The publication date, in the source's time zone.
    pub date: DateTime<Tz>,
}

/// The folder of a post that consists of a whole folder, such as `x/index.md`.
fn leaf_folder<'p>(source: &Source, path: &'p str) -> Option<&'p str> {
    let (folder, file) = path.rsplit_once('/')?;
    (source.rules.is_leaf)(source, file).then_some(folder)
}

/// Returns true if a path, relative to a folder, marks that folder as the root of a generator's site.
pub fn is_site_marker(path: &str) -> bool {
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

/// Parses a date in any documented form, without resolving its time zone.
fn read_moment(key: &str, value: &Value) -> Result<Moment, String> {
    read_written(key, value, date::read)
}

/// Parses a date as a generator parses the text, else in any documented form.
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

/// Parses a date; one without an offset is in the source's time zone.
fn read_date(
    source: &Source,
    _: &FrontMatter<'_>,
    key: &str,
    value: &Value,
) -> Result<Option<DateTime<Utc>>, String> {
    read_moment(key, value).map(|moment| Some(moment.in_zone(source.time_zone)))
}

/// The path and id of the post's page; the slug is the last segment of the path, without its extension.
fn id_parts(reading: &Reading<'_>, path: &str) -> IdParts {
    let id = match (reading.source.rules.id)(reading, path) {
        Id::Path(id) | Id::Whole(id) => id,
    };
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = last.strip_suffix(".html").unwrap_or(last);
    let slug = percent_decode_str(stem).decode_utf8_lossy().into_owned();
    IdParts { path: path.to_owned(), id, slug }
}

/// The file's own values take precedence over its defaults, unless the defaults are marked otherwise.
fn merge_whole(fields: &mut Fields, defaults: &Defaults) {
    if defaults.beats {
        fields.overwrite(&defaults.values);
    } else {
        fields.fill(&defaults.values);
    }
}

/// Terms are in a folder with the name of their taxonomy.
fn term_root(source: &Source, taxonomy: usize, _: usize) -> String {
    source.taxonomies[taxonomy].name.clone()
}

/// Placeholder names of lower-case letters and `_`.
fn is_lower_word(c: char) -> bool {
    c.is_ascii_lowercase() || c == '_'
}

/// Placeholder names of the characters that `\w` matches.
fn is_any_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
