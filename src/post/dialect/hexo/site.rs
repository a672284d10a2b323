//! Hexo's `_config.yml`: the settings of Hexo and hexo-generator-feed.

use chrono::NaiveDate;
use regex::Regex;

use super::slug::{LetterCase, slugise};
use crate::config::{Author, Format, Future};
use crate::post::config_file::ConfigFile;
use crate::post::date::Moment;
use crate::post::dialect::Configured;
use crate::post::file_path::tidy;
use crate::post::settings_reader::SettingsReader;
use crate::post::site::{FeedNames, SiteSettings};
use crate::post::value::Value;

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

/// Reads the parts of `_config.yml` that posts and feeds depend on.
pub(super) fn read(files: &[ConfigFile]) -> Configured {
    let (fields, faults) = ConfigFile::read_first(files);
    let mut reader = SettingsReader::new(files, &fields, faults);
    let email = reader.text("email");
    let languages = reader.texts("language");
    let language = languages.first().filter(|code| *code != "default").cloned();
    let folder = reader.text("source_dir");
    let source = folder.as_deref().unwrap_or("source");
    let prefix = format!("{source}/");
    // Patterns are relative to the source folder; those of `ignore` contain it.
    let exclude = ["skip_render", "exclude", "ignore"].map(|key| reader.texts(key)).concat();
    let exclude = exclude.iter().map(|glob| format!("{source}/{}", glob.trim_start_matches(&prefix)));
    let file_name = reader.text("new_post_name");
    let cases = [("0", LetterCase::AsWritten), ("1", LetterCase::Lower), ("2", LetterCase::Upper)];
    let hexo = Hexo {
        permalink_defaults: reader.pairs("permalink_defaults"),
        file_name: file_name.as_deref().and_then(FileName::new),
        category_map: reader.pairs("category_map"),
        tag_map: reader.pairs("tag_map"),
        default_category: reader.text("default_category").unwrap_or_else(|| "uncategorized".to_owned()),
        filename_case: reader.word("filename_case", &cases).unwrap_or(LetterCase::AsWritten),
        trailing_index: reader.flag("pretty_urls.trailing_index") != Some(false),
        trailing_html: reader.flag("pretty_urls.trailing_html") != Some(false),
        slug_as_title: reader.is_on("use_slug_as_post_title"),
        render_drafts: reader.is_on("render_drafts"),
        only_extension: reader.is_on("post_asset_folder").then(|| {
            let name = file_name.as_deref().unwrap_or_default();
            name.rsplit_once('.').map_or("md", |(_, extension)| extension).to_owned()
        }),
    };
    let settings = SiteSettings {
        title: reader.text("title"),
        description: reader.text("subtitle").or_else(|| reader.text("description")),
        url: reader.text("url").and_then(|url| reader.base_url("url", &url)),
        language: language.and_then(|language| reader.check_language("language", language)),
        time_zone: reader.time_zone("timezone"),
        author: reader.text("author").map(|name| Author { name, email, url: None }),
        permalink: reader.pattern("permalink"),
        future: (reader.flag("future") == Some(false)).then_some(Future::Hold),
        limit: read_limit(&mut reader),
        feed_names: FeedNames { main: read_feed_names(&mut reader), ..FeedNames::default() },
        exclude: exclude.collect(),
        content: folder.as_deref().map(tidy),
        values: fields.clone(),
        ..SiteSettings::default()
    };
    Configured::new(settings, hexo, reader)
}

/// `hexo-generator-feed 3`: 0, `false` and null mean all.
fn read_limit(reader: &mut SettingsReader<'_>) -> Option<usize> {
    let is_null = reader.table("feed").and_then(|feed| feed.get("limit")) == Some(&Value::Null);
    let limit = reader.read("feed.limit", "a whole number, or `false` for all", |limit| match limit {
        Value::Bool(false) => Some(0),
        limit => limit.to_text()?.parse().ok(),
    });
    limit.or(is_null.then_some(0)).map(|limit| if limit == 0 { usize::MAX } else { limit })
}

/// `hexo-generator-feed 3`: the paths of feeds with their formats.
fn read_feed_names(reader: &mut SettingsReader<'_>) -> Vec<(String, Format)> {
    let formats = reader.items("feed.type", "`atom` or `rss2`", |kind| match kind.as_str()? {
        "atom" => Some(Format::Atom),
        "rss2" => Some(Format::Rss),
        _ => None,
    });
    let named = reader.texts("feed.path").into_iter().enumerate().map(|(place, path)| {
        let format = formats.get(place).copied().flatten().unwrap_or(Format::Atom);
        (path.trim_start_matches('/').to_owned(), format)
    });
    named.collect()
}
