//! What a generator's own configuration says of a site. What feedmill.toml says beats it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::config_file::ConfigFile;
use super::defaults::Defaults;
use super::dialect::eleventy::EleventySettings;
use super::dialect::hexo::HexoSettings;
use super::dialect::hugo::HugoSettings;
use super::dialect::jekyll::JekyllSettings;
use super::dialect::zola::ZolaSettings;
use super::dialect::{Permalink, Rules};
use super::value::{Fields, Value};
use crate::config::{Author, BaseUrl, Content, Format, Future, Ids, Language, Problem, position};

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
    /// All that its configuration says.
    pub values: Fields,
    /// What its data files say, as templates see it.
    pub data: Option<crate::body::Data>,
    /// Whether `:tada:` is a picture in its posts.
    pub emoji: bool,
    /// Whether `$$` is text in its posts, not a formula.
    pub plain_dollars: bool,
    /// People whom posts may name by a key.
    pub authors: Vec<(String, Author)>,
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
    /// How much of a post an entry of its feed holds.
    pub entry_content: Option<Content>,
    /// When its generator builds it, where that is a fixed time: posts dated after it are in the future.
    pub build_time: Option<DateTime<Utc>>,
    /// Files and folders that are no part of the site, relative to its root.
    pub exclude: Vec<String>,
    /// Folders that hold no posts because the site says what else they hold; the log names them.
    pub set_aside: Vec<String>,
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
    /// The folder below the root that holds all posts, where it is not the dialect's own.
    pub content: Option<String>,
    /// Whether `content` holds the posts themselves, in no folder with a name of the generator's (`_posts`).
    pub is_content_bare: bool,
    /// Its URL and its base path as its templates print them.
    pub printed_url: Option<(String, String)>,
    /// The template of its own feed.
    pub feed_template: Option<FeedTemplate>,
    /// Whether its configuration could not be read at all.
    pub is_unreadable: bool,
    /// Keys of the date of publication, where they are not the dialect's own.
    pub date_keys: Option<Vec<String>>,
    /// Keys of the date of the last update, where they are not the dialect's own.
    pub updated_keys: Option<Vec<String>>,
    /// Whether posts stay when they have expired.
    pub keeps_expired: bool,
    /// What only Zola's sites say.
    pub zola: ZolaSettings,
    /// What only Jekyll's sites say.
    pub jekyll: JekyllSettings,
    /// What only Hexo's sites say.
    pub hexo: HexoSettings,
    /// What only Hugo's sites say.
    pub hugo: HugoSettings,
    /// What only Eleventy's sites say.
    pub eleventy: EleventySettings,
    /// Front matter of files that say nothing themselves; the later beat the earlier.
    pub defaults: Vec<Defaults>,
}

/// What a site says of one of its languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LanguageInfo {
    /// Title of its feed.
    pub title: Option<String>,
    /// Its BCP 47 tag, where the code is none.
    pub tag: Option<String>,
    /// Names of the files that its feeds are in, each in its format (Zola).
    pub feed_names: Vec<(String, Format)>,
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

/// A feed template of a site's own, by how it makes ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedTemplate {
    /// Its path, relative to the site's root.
    pub path: String,
    /// Its expression of ids, as written.
    pub expression: String,
    /// The same as a value of the key `id`; `None` if it is not understood.
    pub ids: Option<Ids>,
}

/// A folder that its generator knows as a section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// The folder, relative to the root.
    pub path: String,
    /// Its address below that of the site or its language, as its generator writes it.
    pub name: String,
    /// The language that it is the section of, where that is not the default.
    pub language: Option<String>,
    /// Whether its pages are listed by the section above it.
    pub transparent: bool,
    /// Its title.
    pub title: Option<String>,
    /// The last part of its address, where that is not its folder's name (Hugo).
    pub slug: Option<String>,
    /// Its whole address, where it is given (Hugo).
    pub url: Option<String>,
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
pub(crate) fn tidy(folder: &str) -> String {
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
    /// A text that is neither number nor truth.
    Pattern,
    /// A whole number.
    Number,
    /// A whole number, or `false` for none.
    Limit,
    /// One of some words or numbers.
    OneOf(&'static [&'static str]),
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
            Self::Pattern => matches!(value, Value::Text(_)),
            Self::Number => value.to_text().is_some_and(|text| text.parse::<i64>().is_ok()),
            Self::Limit => *value == Value::Bool(false) || Self::Number.fits(value),
            Self::OneOf(words) => value.to_text().is_some_and(|text| words.contains(&text.as_str())),
        }
    }

    fn name(self) -> String {
        let name = match self {
            Self::Text => "text",
            Self::Flag => "`true` or `false`",
            Self::Table => "table of keys and values",
            Self::List => "list",
            Self::Tables => "table or list of tables",
            Self::FlagOrTable => "`true`, `false` or table",
            Self::Pattern => "pattern of addresses",
            Self::Number | Self::Limit => "whole number",
            Self::OneOf(words) => return format!("word that is known here: {}", words.join(", ")),
        };
        name.to_owned()
    }
}

/// Reads settings and notes what can't be used, at its place in the site's configuration.
pub(super) struct SettingsReader<'a> {
    files: &'a [ConfigFile],
    fields: &'a Fields,
    problems: Vec<Problem>,
}

impl SiteSettings {
    /// The section that a folder, relative to the root, is in a language, known by its place.
    pub(super) fn find_section(&self, folder: &str, language: usize) -> Option<&Section> {
        let code = self.languages.get(language).filter(|_| language > 0);
        self.sections.iter().find(|section| section.path == folder && section.language.as_ref() == code)
    }

    /// The code in a name like `_index.zh.md`, if it is that of a language other than the default.
    pub(super) fn name_language(&self, path: &str) -> Option<String> {
        let file = path.rsplit('/').next().unwrap_or(path);
        let code = file.rsplit_once('.')?.0.rsplit_once('.')?.1;
        self.languages.iter().skip(1).find(|known| known.eq_ignore_ascii_case(code)).cloned()
    }
}

/// What the first of a site's files says, and what is wrong with it.
pub(super) fn read_first(files: &[ConfigFile]) -> (Fields, Vec<Problem>) {
    let (fields, problem) = files.first().map(ConfigFile::read_partly).unwrap_or_default();
    (fields, problem.into_iter().collect())
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
                format!("the site's `{key}` is not a language tag: {tag:?}. {}", Language::advise(&tag)),
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
            self.refuse(key, format!("the site's time zone is none: {name:?}. {advice}"));
        }
        zone
    }

    /// Tells of keys, `table.key` for those in tables, that are not what they should be; what they say
    /// is left out.
    pub(super) fn check_kinds(&mut self, kinds: &[(&str, Kind)]) {
        for (path, kind) in kinds {
            let (tables, key) = path.rsplit_once('.').map_or((None, *path), |(t, key)| (Some(t), key));
            let mut tables = tables.into_iter().flat_map(|tables| tables.split('.'));
            let table = tables.try_fold(self.fields, |table, name| table.get(name)?.as_map());
            let value = table.and_then(|table| table.get(key)).filter(|value| **value != Value::Null);
            let Some(value) = value else { continue };
            if !kind.fits(value) {
                self.refuse(key, format!("the site's `{path}` is no {}. It is left out.", kind.name()));
            }
        }
    }

    /// A pattern of URLs. Unknown placeholders in it are reported, and it is used all the same.
    pub(super) fn check_permalink(&mut self, rules: &Rules, key: &str, pattern: &str) {
        if let Err(why) = Permalink::parse(rules, pattern) {
            self.refuse(key, why);
        }
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}
