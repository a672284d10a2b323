//! What a generator's own configuration says of a site. What feedmill.toml says beats it.

use chrono_tz::Tz;

use super::value::{Fields, Value};
use crate::config::{Author, BaseUrl, Future, Language, Problem, position};

/// A site by its own configuration; `None`: it does not say.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SiteSettings {
    /// Title of the main feed.
    pub title: Option<String>,
    /// Subtitle of the main feed.
    pub description: Option<String>,
    /// Where the site's pages live, base path included.
    pub url: Option<BaseUrl>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Zone for dates without an offset.
    pub time_zone: Option<Tz>,
    /// Author of what names no author.
    pub author: Option<Author>,
    /// Pattern of addresses, or the name of one.
    pub permalink: Option<String>,
    /// Whether drafts are posts.
    pub drafts: Option<bool>,
    /// What becomes of posts dated in the future.
    pub future: Option<Future>,
    /// Entries in its feed.
    pub limit: Option<usize>,
    /// Files and folders that are no part of the site, relative to its root.
    pub exclude: Vec<String>,
    /// Kinds of terms that its posts hold besides tags, categories and authors.
    pub taxonomies: Vec<String>,
    /// Codes of its languages, the default first; empty: it declares no more than one.
    pub languages: Vec<String>,
    /// How paths become addresses (Zola).
    pub slugify: Slugify,
    /// Whether dates at the start of file names stay in addresses (Zola).
    pub keep_dates: bool,
    /// Folders, relative to the root, whose posts are drafts.
    pub draft_folders: Vec<String>,
    /// Whether posts that say `published: false` are posts all the same.
    pub unpublished: bool,
    /// Front matter of files that say nothing themselves; the later beat the earlier.
    pub defaults: Vec<Defaults>,
}

/// How much of a path an address keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Slugify {
    /// ASCII letters, digits and `-`.
    #[default]
    On,
    /// What file systems allow.
    Safe,
    /// All.
    Off,
}

/// Front matter that files have by themselves where they say nothing: `defaults` of Jekyll.
#[derive(Debug, Clone, PartialEq)]
pub struct Defaults {
    /// The folder or file they are for, relative to the root; empty: all.
    pub path: String,
    /// The keys and values.
    pub values: Fields,
}

impl Defaults {
    /// Whether a file at a path, relative to the root, has them.
    pub fn apply_to(&self, path: &str) -> bool {
        let rest = path.strip_prefix(self.path.trim_matches('/'));
        rest.is_some_and(|rest| self.path.is_empty() || rest.is_empty() || rest.starts_with('/'))
    }
}

/// Reads settings and notes what can't be used, at its place in the site's configuration.
pub(super) struct SettingsReader<'a> {
    file: &'a str,
    text: &'a str,
    fields: &'a Fields,
    problems: Vec<Problem>,
}

impl<'a> SettingsReader<'a> {
    pub(super) fn new(file: &'a str, text: &'a str, fields: &'a Fields) -> Self {
        Self { file, text, fields, problems: Vec::new() }
    }

    fn refuse(&mut self, key: &str, message: String) {
        let lines = self.text.split_inclusive('\n').scan(0, |at, line| {
            *at += line.len();
            Some((*at - line.len(), line))
        });
        let written = lines
            .into_iter()
            .find(|(_, line)| line.strip_prefix(key).is_some_and(|l| l.starts_with([':', ' '])));
        let place = written.map_or((1, 1), |(at, _)| position(self.text, at));
        self.problems.push(Problem::error(self.file, message).at(place));
    }

    pub(super) fn text(&self, key: &str) -> Option<String> {
        self.fields.get(key).and_then(Value::to_text).filter(|text| !text.is_empty())
    }

    pub(super) fn list(&self, key: &str) -> Vec<String> {
        self.fields
            .get(key)
            .map(|value| value.items().iter().filter_map(Value::to_text).collect())
            .unwrap_or_default()
    }

    pub(super) fn base_url(&mut self, key: &str, url: &str) -> Option<BaseUrl> {
        match BaseUrl::parse(url) {
            Ok(url) => Some(url),
            Err(why) => {
                self.refuse(key, format!("the site's `{key}` {why}"));
                None
            }
        }
    }

    pub(super) fn language(&mut self, key: &str) -> Option<String> {
        let tag = self.text(key)?;
        if !Language::is_tag(&tag) {
            self.refuse(
                key,
                format!(
                    "the site's `{key}` is no language tag: {tag:?}. Write one like \"en\" or \"zh-CN\"."
                ),
            );
            return None;
        }
        Some(tag)
    }

    pub(super) fn time_zone(&mut self, key: &str) -> Option<Tz> {
        let name = self.text(key)?;
        let zone = name.parse().ok();
        if zone.is_none() {
            let advice = "Write an IANA name like \"Europe/Berlin\".";
            self.refuse(key, format!("the site's `{key}` is no time zone: {name:?}. {advice}"));
        }
        zone
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}
