//! What a generator's own configuration says of a site. What feedmill.toml says beats it.

use chrono_tz::Tz;

use super::dialect::eleventy::EleventySettings;
use super::dialect::hexo::HexoSettings;
use super::dialect::hugo::HugoSettings;
use super::dialect::{Permalink, Rules};
use super::value::{Fields, Value};
use super::yaml;
use crate::config::{Author, BaseUrl, Format, Future, Language, Problem, position};

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
    /// What divides a post's summary from the rest.
    pub excerpt_separator: Option<String>,
    /// Entries in its feed.
    pub limit: Option<usize>,
    /// Files and folders that are no part of the site, relative to its root.
    pub exclude: Vec<String>,
    /// Kinds of terms that its posts hold besides tags, categories and authors.
    pub taxonomies: Vec<String>,
    /// Its sections, where the dialect has them.
    pub sections: Vec<Section>,
    /// Names of the files that its feeds are in, where they are not the generator's own.
    pub feed_names: FeedNames,
    /// Codes of its languages, the default first; empty: it declares no more than one.
    pub languages: Vec<String>,
    /// What else is known of each of its languages.
    pub language_info: Vec<LanguageInfo>,
    /// How paths become addresses (Zola).
    pub slugify: Slugify,
    /// Whether dates at the start of file names stay in addresses (Zola).
    pub keep_dates: bool,
    /// The folder below the root that holds all posts, where it is not the dialect's own.
    pub content: Option<String>,
    /// Whether its configuration could not be read at all.
    pub is_unreadable: bool,
    /// Keys of the date of publication, where they are not the dialect's own.
    pub date_keys: Option<Vec<String>>,
    /// Keys of the date of the last update, where they are not the dialect's own.
    pub updated_keys: Option<Vec<String>>,
    /// Whether posts stay when they have expired.
    pub keeps_expired: bool,
    /// What only Hexo's sites say.
    pub hexo: HexoSettings,
    /// What only Hugo's sites say.
    pub hugo: HugoSettings,
    /// What only Eleventy's sites say.
    pub eleventy: EleventySettings,
    /// The folder that holds its collections, below the folder of all posts (Jekyll).
    pub collections_dir: String,
    /// Whether posts that say `published: false` are posts all the same.
    pub unpublished: bool,
    /// Front matter of files that say nothing themselves; the later beat the earlier.
    pub defaults: Vec<Defaults>,
}

/// A file of a site's own configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigFile {
    /// Its name for people.
    pub name: String,
    /// Its path, relative to the site's root.
    pub path: String,
    /// What it says.
    pub text: String,
}

/// What a site says of one of its languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LanguageInfo {
    /// Title of its feed.
    pub title: Option<String>,
    /// Its BCP 47 tag, where the code is none.
    pub tag: Option<String>,
}

/// Where a site's generator writes its feeds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedNames {
    /// Paths of the main feed below the site's address, without a `/` before them, each in its format.
    pub main: Vec<(String, Format)>,
    /// What stands before the feeds of tags (jekyll-feed).
    pub tags: Option<String>,
    /// Name of the file of every feed, without its extension (Hugo).
    pub base: Option<String>,
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
    /// Whether they beat what the files themselves say.
    pub beats: bool,
    /// Whether the path is only the beginning of those it is for (Jekyll).
    pub is_prefix: bool,
}

/// A folder that its generator knows as a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// The folder, relative to the root.
    pub path: String,
    /// Whether its pages are listed by the section above it.
    pub transparent: bool,
}

/// What a file that speaks for others says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Data {
    /// Front matter that other files have by it.
    pub defaults: Vec<Defaults>,
    /// The section that its folder is.
    pub section: Option<Section>,
    /// What of it could not be used.
    pub problem: Option<Problem>,
}

/// A folder relative to the root: without `./`, and `a/../b` as `b`.
pub(super) fn tidy(folder: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

impl Defaults {
    /// Whether a file at a path, relative to the root, has them.
    pub fn apply_to(&self, path: &str) -> bool {
        let rest = path.strip_prefix(self.path.trim_matches('/'));
        rest.is_some_and(|rest| {
            self.path.is_empty() || self.is_prefix || rest.is_empty() || rest.starts_with('/')
        })
    }
}

/// What the value of a key should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A text, or what can be written as one.
    Text,
    /// `true` or `false`.
    Flag,
    /// A table of keys and values.
    Table,
    /// A list, or one item.
    List,
    /// A list, or a table.
    Tables,
    /// `true` or `false`, or a table.
    FlagOrTable,
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        let is_table = matches!(value, Value::Map(_));
        let is_list = matches!(value, Value::List(_));
        match self {
            Self::Text => !is_table && !is_list,
            Self::Flag => matches!(value, Value::Bool(_)),
            Self::Table => is_table,
            Self::List => !is_table,
            Self::Tables => is_table || is_list,
            Self::FlagOrTable => is_table || matches!(value, Value::Bool(_)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Flag => "`true` or `false`",
            Self::Table => "table of keys and values",
            Self::List => "list",
            Self::Tables => "table or list of tables",
            Self::FlagOrTable => "`true`, `false` or table",
        }
    }
}

/// Reads settings and notes what can't be used, at its place in the site's configuration.
pub(super) struct SettingsReader<'a> {
    files: &'a [ConfigFile],
    fields: &'a Fields,
    problems: Vec<Problem>,
}

impl ConfigFile {
    /// What is said in YAML, TOML or JSON, by the name's extension.
    pub(super) fn read(&self) -> Result<Fields, Problem> {
        let refuse = |format: &str, reason: &str, place: (u32, u32)| {
            let message = format!("the site's configuration is not {format}: {reason}. Mend it there.");
            Problem::error(&self.name, message).at(place)
        };
        let value = match self.path.rsplit('.').next() {
            Some("toml") => toml::from_str(&self.text).map_err(|error| {
                let place = position(&self.text, error.span().map_or(0, |span| span.start));
                refuse("TOML", error.message().lines().next().unwrap_or_default(), place)
            })?,
            Some("json") => serde_json::from_str(&self.text).map_err(|error| {
                let place = (error.line().max(1) as u32, error.column().max(1) as u32);
                let message = error.to_string();
                refuse("JSON", &message[..message.find(" at line ").unwrap_or(message.len())], place)
            })?,
            _ => {
                let read = yaml::parse(&self.text);
                Value::Map(read.map_err(|e| refuse("YAML", &e.message, e.place.unwrap_or((1, 1))))?)
            }
        };
        match value {
            Value::Map(fields) => Ok(fields),
            _ => Err(refuse("a table", "there must be keys and values", (1, 1))),
        }
    }

    /// Byte offset of the line that says a key.
    fn find(&self, key: &str) -> Option<usize> {
        let mut at = 0;
        self.text.split_inclusive('\n').find_map(|line| {
            at += line.len();
            let bare = line.trim_start().trim_start_matches('"');
            let rest = bare
                .get(..key.len())
                .filter(|head| head.eq_ignore_ascii_case(key))
                .map(|_| &bare[key.len()..])?;
            let says = rest.trim_start_matches('"').trim_start().starts_with([':', '=']);
            says.then_some(at - line.trim_start().len())
        })
    }
}

impl SiteSettings {
    /// What a configuration says that can't be read.
    pub(super) fn unreadable() -> Self {
        Self { is_unreadable: true, ..Self::default() }
    }
}

impl<'a> SettingsReader<'a> {
    pub(super) fn new(files: &'a [ConfigFile], fields: &'a Fields) -> Self {
        Self { files, fields, problems: Vec::new() }
    }

    pub(super) fn refuse(&mut self, key: &str, message: String) {
        let said = self.files.iter().find_map(|file| Some((file, file.find(key)?)));
        let (name, place) = match (said, self.files.first()) {
            (Some((file, at)), _) => (file.name.as_str(), position(&file.text, at)),
            (None, first) => (first.map_or("", |file| &file.name), (1, 1)),
        };
        self.problems.push(Problem::error(name, message).at(place));
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
        self.check_language(key, tag)
    }

    pub(super) fn check_language(&mut self, key: &str, tag: String) -> Option<String> {
        // `zh_CN` is how systems name it.
        let tag = tag.replace('_', "-");
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

    /// Tells of keys that are not what they should be; what they say is left out.
    pub(super) fn check_kinds(&mut self, kinds: &[(&str, Kind)]) {
        for (key, kind) in kinds {
            let Some(value) = self.fields.get(key).filter(|value| **value != Value::Null) else { continue };
            if !kind.fits(value) {
                self.refuse(key, format!("the site's `{key}` is no {}. It is left out.", kind.name()));
            }
        }
    }

    /// A pattern of addresses; words in it that nobody knows are told, and it is used all the same.
    pub(super) fn check_permalink(&mut self, rules: &Rules, key: &str, pattern: &str) {
        if let Err(why) = Permalink::parse(rules, pattern) {
            self.refuse(key, why);
        }
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}
