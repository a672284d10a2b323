//! Hexo's `_config.yml`: the settings of Hexo and hexo-generator-feed.

use std::sync::Arc;

use chrono::NaiveDate;
use regex::Regex;

use super::slug::{LetterCase, slugise};
use crate::config::{Author, Format, Future};
use crate::post::config_file::ConfigFile;
use crate::post::date::Moment;
use crate::post::dialect::Configured;
use crate::post::file_path::tidy;
use crate::post::site::{FeedNames, Kind, SettingsReader, SiteSettings, read_first};
use crate::post::value::{Fields, Value};

/// Hexo, with the settings that only it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Hexo {
    /// Default values of permalink placeholders, for posts without a value of their own.
    pub(super) permalink_defaults: Vec<(String, String)>,
    /// The pattern by which file names are parsed, if any.
    pub(super) file_name: Option<FileName>,
    /// Replacements of categories in URL paths.
    pub(super) category_map: Vec<(String, String)>,
    /// Replacements of tags in URL paths.
    pub(super) tag_map: Vec<(String, String)>,
    /// The category in URL paths of posts without one.
    pub(super) default_category: String,
    /// The letter case of slugs.
    pub(super) filename_case: LetterCase,
    /// True if `index.html` is kept at the end of URL paths.
    pub(super) trailing_index: bool,
    /// True if `.html` is kept at the end of URL paths.
    pub(super) trailing_html: bool,
    /// True if a post without a title has its slug as its title.
    pub(super) slug_as_title: bool,
    /// True if drafts are shown.
    pub(super) render_drafts: bool,
    /// The only extension of posts, if each post has a folder of assets.
    pub(super) only_extension: Option<String>,
}

/// `new_post_name`, compiled to a regular expression that parses file names.
#[derive(Debug, Clone)]
pub(super) struct FileName {
    pattern: String,
    regex: Regex,
    words: Vec<String>,
}

impl PartialEq for FileName {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

/// `hexo 8.1 preservedKeys`: placeholders in file names that are not keys of posts.
const PRESERVED: [&str; 7] = ["title", "year", "month", "day", "i_month", "i_day", "hash"];

/// The values in a file name.
pub(super) struct Name {
    pub(super) slug: String,
    pub(super) date: Option<Moment>,
    /// The other values by placeholder; they take precedence over the keys of the post.
    pub(super) words: Vec<(String, String)>,
}

impl Default for Hexo {
    fn default() -> Self {
        Self {
            permalink_defaults: Vec::new(),
            file_name: None,
            category_map: Vec::new(),
            tag_map: Vec::new(),
            default_category: "uncategorized".to_owned(),
            filename_case: LetterCase::AsWritten,
            trailing_index: true,
            trailing_html: true,
            slug_as_title: false,
            render_drafts: false,
            only_extension: None,
        }
    }
}

impl Hexo {
    /// The slug of a term, after its replacement in `map`.
    pub(super) fn slug_of(&self, term: &str, map: &[(String, String)]) -> String {
        let mapped = map.iter().find(|(known, _)| known == term).map(|(_, other)| other.as_str());
        slugise(mapped.unwrap_or(term), self.filename_case)
    }

    /// `hexo 8.1 parseFilename`: the values in a path relative to `_posts`.
    pub(super) fn read_name(&self, below: &str) -> Name {
        let file = below.rfind('/').map_or(0, |slash| slash + 1);
        // A name whose only dot is at its start has no extension.
        let stem = below[file..].rfind('.').filter(|at| *at > 0).map_or(below, |at| &below[..file + at]);
        match &self.file_name {
            None => Name { slug: stem.to_owned(), date: None, words: Vec::new() },
            Some(pattern) => pattern.read(stem),
        }
    }
}

impl FileName {
    /// Compiles a pattern; `None` for the plain `:title.md`, which keeps names as written.
    fn new(written: &str) -> Option<Self> {
        let stem = written.rsplit_once('.').map_or(written, |(stem, _)| stem);
        if stem == ":title" {
            return None;
        }
        let mut words = Vec::new();
        let mut regex = String::from("^");
        let mut parts = stem.split(':');
        regex.push_str(&regex::escape(parts.next().unwrap_or_default()));
        for part in parts {
            let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(part.len());
            // A `_` at the end of a placeholder belongs to the literal text.
            let word = part[..end].trim_end_matches('_');
            if word.is_empty() {
                regex.push_str(&regex::escape(&format!(":{part}")));
                continue;
            }
            regex.push_str(match word {
                "year" => "([0-9]{4})",
                "month" | "day" => "([0-9]{2})",
                "i_month" | "i_day" => "([0-9]{1,2})",
                "hash" => "([0-9a-f]{12})",
                _ => "(.+?)",
            });
            regex.push_str(&regex::escape(&part[word.len()..]));
            words.push(word.to_owned());
        }
        regex.push('$');
        let regex = Regex::new(&regex).ok()?;
        Some(Self { pattern: stem.to_owned(), regex, words })
    }

    fn read(&self, stem: &str) -> Name {
        let captures = self.regex.captures(stem);
        let word = |name: &str| {
            let place = self.words.iter().position(|word| word == name)?;
            captures.as_ref()?.get(place + 1).map(|found| found.as_str())
        };
        let number = |names: [&str; 2]| names.iter().find_map(|name| word(name)?.parse().ok());
        let day = || {
            let year: i32 = word("year")?.parse().ok()?;
            NaiveDate::from_ymd_opt(year, number(["month", "i_month"])?, number(["day", "i_day"])?)
        };
        let slug = word("title").map_or_else(|| slugise(stem, LetterCase::AsWritten), str::to_owned);
        let others = self.words.iter().filter(|name| !PRESERVED.contains(&name.as_str()));
        let words = others.filter_map(|name| Some((name.clone(), word(name)?.to_owned()))).collect();
        Name { slug, date: day().map(Moment::Day), words }
    }
}

/// The expected type of each key.
const KINDS: &[(&str, Kind)] = &[
    ("title", Kind::Text),
    ("url", Kind::Text),
    ("permalink", Kind::Pattern),
    ("filename_case", Kind::OneOf(&["0", "1", "2"])),
    ("feed.limit", Kind::Limit),
    ("feed.path", Kind::List),
    ("feed.type", Kind::List),
    ("new_post_name", Kind::Text),
    ("feed", Kind::Table),
    ("pretty_urls", Kind::Table),
    ("category_map", Kind::Table),
    ("tag_map", Kind::Table),
    ("permalink_defaults", Kind::Table),
    ("future", Kind::Flag),
    ("render_drafts", Kind::Flag),
    ("post_asset_folder", Kind::Flag),
    ("language", Kind::List),
    ("source_dir", Kind::Text),
];

/// Reads the parts of `_config.yml` that posts and feeds depend on.
pub(super) fn read(files: &[ConfigFile]) -> Configured {
    let (fields, mut problems) = read_first(files);
    let mut reader = SettingsReader::new(files, &fields);
    reader.check_kinds(KINDS);
    let feed = fields.get("feed").and_then(Value::as_map);
    let pretty = fields.get("pretty_urls").and_then(Value::as_map);
    let is_on =
        |fields: Option<&Fields>, key: &str| fields.and_then(|f| f.get(key)) == Some(&Value::Bool(true));
    let is_off =
        |fields: Option<&Fields>, key: &str| fields.and_then(|f| f.get(key)) == Some(&Value::Bool(false));
    let all = Some(&fields);
    let limit = match feed.and_then(|feed| feed.get("limit")) {
        Some(Value::Null | Value::Bool(false)) => Some(0),
        Some(limit) => limit.to_text().and_then(|limit| limit.parse().ok()),
        None => None,
    };
    let author = reader.text("author").map(|name| Author { name, email: reader.text("email"), url: None });
    let languages = reader.list("language");
    let language = languages.first().filter(|code| *code != "default").cloned();
    let source = reader.text("source_dir").unwrap_or_else(|| "source".to_owned());
    let prefix = format!("{source}/");
    // Patterns are relative to the source folder; those of `ignore` contain it.
    let exclude = ["skip_render", "exclude", "ignore"].map(|key| reader.list(key)).concat();
    let hexo = Hexo {
        permalink_defaults: read_map(&fields, "permalink_defaults"),
        file_name: reader.text("new_post_name").and_then(|written| FileName::new(&written)),
        category_map: read_map(&fields, "category_map"),
        tag_map: read_map(&fields, "tag_map"),
        default_category: reader.text("default_category").unwrap_or_else(|| "uncategorized".to_owned()),
        filename_case: match fields.get("filename_case") {
            Some(Value::Int(1)) => LetterCase::Lower,
            Some(Value::Int(2)) => LetterCase::Upper,
            _ => LetterCase::AsWritten,
        },
        trailing_index: !is_off(pretty, "trailing_index"),
        trailing_html: !is_off(pretty, "trailing_html"),
        slug_as_title: is_on(all, "use_slug_as_post_title"),
        render_drafts: is_on(all, "render_drafts"),
        only_extension: is_on(all, "post_asset_folder").then(|| {
            let name = reader.text("new_post_name").unwrap_or_default();
            name.rsplit_once('.').map_or("md", |(_, extension)| extension).to_owned()
        }),
    };
    let settings = SiteSettings {
        title: reader.text("title"),
        description: reader.text("subtitle").or_else(|| reader.text("description")),
        url: reader.text("url").and_then(|url| reader.base_url("url", &url)),
        language: language.and_then(|language| reader.check_language("language", language)),
        time_zone: reader.time_zone("timezone"),
        author,
        permalink: fields.get("permalink").and_then(Value::as_str).map(str::to_owned),
        future: is_off(all, "future").then_some(Future::Hold),
        // 0 means all.
        limit: limit.map(|limit| if limit == 0 { usize::MAX } else { limit }),
        content: reader.text("source_dir").map(|folder| tidy(&folder)),
        feed_names: FeedNames { main: read_feed_names(feed), ..FeedNames::default() },
        exclude: exclude
            .iter()
            .map(|glob| format!("{source}/{}", glob.trim_start_matches(&prefix)))
            .collect(),
        is_unreadable: !problems.is_empty(),
        values: fields.clone(),
        ..SiteSettings::default()
    };
    problems.extend(reader.into_problems());
    Configured { settings, dialect: Some(Arc::new(hexo)), problems }
}

/// `hexo-generator-feed 3`: the paths of feeds with their formats.
fn read_feed_names(feed: Option<&Fields>) -> Vec<(String, Format)> {
    let list = |key: &str| -> Vec<String> {
        let items = feed.and_then(|feed| feed.get(key)).map(Value::items).unwrap_or_default();
        items.iter().filter_map(Value::to_text).collect()
    };
    let kinds = list("type");
    let named = list("path").into_iter().enumerate().map(|(place, path)| {
        let kind = kinds.get(place).map_or("atom", String::as_str);
        let format = if kind == "rss2" { Format::Rss } else { Format::Atom };
        (path.trim_start_matches('/').to_owned(), format)
    });
    named.collect()
}

fn read_map(fields: &Fields, key: &str) -> Vec<(String, String)> {
    let map = fields.get(key).and_then(Value::as_map);
    let pairs = map.into_iter().flat_map(Fields::iter);
    pairs.filter_map(|(key, value)| Some((key.to_owned(), value.to_text()?))).collect()
}
