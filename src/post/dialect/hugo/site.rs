//! Hugo's configuration, from one file or from folders, and the front matter of its sections.

use std::collections::BTreeSet;

use super::cascade::read_cascade;
use super::content::{find_root, read_folders};
use super::ignored::IgnoredFiles;
use super::markup;
use super::permalinks::PermalinkRule;
use super::site_languages::{has_no_pages, list_languages, read_disabled, read_languages, read_url};
use super::url_rules::UrlRules;
use crate::config::{Future, Problem};
use crate::post::authors::read_author;
use crate::post::config_file::{ConfigFile, overlay};
use crate::post::defaults::Defaults;
use crate::post::dialect::{Configured, ContentFolder, FILE_NAME, Permalink};
use crate::post::file_path::tidy;
use crate::post::settings_reader::SettingsReader;
use crate::post::site::{FeedNames, SiteSettings};
use crate::post::value::{Fields, Value};

/// Hugo, with the settings that only it has.
#[derive(Debug, Clone, PartialEq)]
pub struct Hugo {
    /// The URL settings of the site.
    pub(super) urls: UrlRules,
    /// The URL settings of languages, by code.
    pub(super) language_urls: Vec<(String, UrlRules)>,
    /// Keys of `.Date`, in order of precedence.
    pub(super) date_keys: Vec<String>,
    /// Sections whose pages are files, not folders; an empty name stands for all sections.
    pub(super) ugly: Vec<String>,
    /// The default language, if its pages are in a folder of their own.
    pub(super) default_prefix: Option<String>,
    /// The folders of pages, innermost first; empty if there is one for all languages.
    pub(super) content_folders: Vec<ContentFolder>,
    /// True if languages have URLs of their own: then none has a folder in URL paths.
    pub(super) has_language_urls: bool,
    /// The default language, even if it is the only one.
    pub(super) default_language: String,
    /// Files that the site ignores.
    pub(super) ignored: IgnoredFiles,
    /// Languages whose pages are not built, each with its folder, if any.
    pub(super) disabled: Vec<(String, Option<String>)>,
    /// True if the site has no pages.
    pub(super) no_pages: bool,
    /// True if the title of a section without an `_index.md` is the plural of its folder's name.
    pub(super) plural_titles: bool,
    /// True if `:tada:` is an emoji.
    pub(super) emoji: bool,
    /// True if `$$` is text, not a formula.
    pub(super) plain_dollars: bool,
}

impl Default for Hugo {
    fn default() -> Self {
        Self {
            urls: UrlRules::default(),
            language_urls: Vec::new(),
            date_keys: DATE.iter().map(|key| (*key).to_owned()).collect(),
            ugly: Vec::new(),
            default_prefix: None,
            content_folders: Vec::new(),
            has_language_urls: false,
            ignored: IgnoredFiles::default(),
            default_language: "en".to_owned(),
            disabled: Vec::new(),
            no_pages: false,
            plural_titles: true,
            emoji: false,
            plain_dollars: false,
        }
    }
}

impl Hugo {
    /// Returns true if the pages of a section are files.
    pub(super) fn is_ugly(&self, section: &str) -> bool {
        self.ugly.iter().any(|name| name.is_empty() || name == section)
    }

    /// The URL settings of a language.
    pub(super) fn urls_of(&self, language: &str) -> &UrlRules {
        let own = self.language_urls.iter().find(|(code, _)| code == language);
        own.map_or(&self.urls, |(_, rules)| rules)
    }
}

/// `hugo 0.168 pagemeta: defaults of [frontmatter]`
const DATE: [&str; 6] = ["date", "publishdate", "pubdate", "published", "lastmod", "modified"];
const PUBLISHED: [&str; 4] = ["publishdate", "pubdate", "published", "date"];
const UPDATED: [&str; 2] = ["lastmod", "modified"];

/// The keys of one kind of date; `:default` is expanded and `:filename` kept.
fn read_keys(reader: &mut SettingsReader<'_>, path: &str, usual: &[&str]) -> Vec<String> {
    let usual: Vec<String> = usual.iter().map(|key| (*key).to_owned()).collect();
    if reader.value(path).is_none() {
        return usual;
    }
    let mut keys = Vec::new();
    for key in reader.texts(path).into_iter().map(|key| key.to_lowercase()) {
        match key.as_str() {
            ":default" => keys.extend(usual.iter().cloned()),
            // Times of files and of the repository are not used.
            ":filemodtime" | ":git" => {}
            _ => keys.push(key),
        }
    }
    keys
}

/// Merges all files: a file named after a table contains that table; later files take precedence.
fn read_all(files: &[ConfigFile], problems: &mut Vec<Problem>) -> Fields {
    let mut all = Fields::default();
    for file in files {
        let (mut fields, problem) = file.read_partly();
        problems.extend(problem);
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let parts: Vec<&str> = name.split('.').collect();
        // `hugo 0.168 configLoader`: `params.toml` is a table, `languages.en.toml` the table of a language.
        let mut keys: Vec<&str> = match parts[..] {
            ["hugo" | "config", _] => Vec::new(),
            [table, _] => vec![table],
            ["params", code, _] => vec!["languages", code, "params"],
            ["menu" | "menus", ..] => continue,
            [_, code, _] => vec!["languages", code],
            _ => continue,
        };
        // A file may contain its table below its own name.
        if let [table, ..] = parts[..]
            && !keys.is_empty()
            && fields.iter().count() == 1
            && let Some(inner) = fields.get(table)
        {
            fields = Fields::of(table, inner.clone());
            keys.pop();
        }
        let nested = keys.into_iter().rev().fold(fields, |fields, key| Fields::of(key, Value::Map(fields)));
        overlay(&mut all, &nested);
    }
    all
}

/// Reads the parts of the configuration that posts and feeds depend on.
pub(super) fn read(files: &[ConfigFile]) -> Configured {
    let mut faults = Vec::new();
    let fields = read_all(files, &mut faults);
    let mut reader = SettingsReader::new(files, &fields, faults);
    let own_default = reader.text("defaultContentLanguage");
    let default = own_default.clone().unwrap_or_else(|| "en".to_owned());
    let codes = reader.names_of_tables("languages");
    let off = read_disabled(&mut reader, &codes);
    let languages = list_languages(&codes, &default, &off);
    let all = if languages.is_empty() { std::slice::from_ref(&default) } else { &languages };
    let own_folder = read_folder(&mut reader, "");
    let usual = own_folder.clone().unwrap_or_else(|| "content".to_owned());
    let mut with_folder =
        |code: &String| (code.clone(), read_folder(&mut reader, &format!("languages.{code}.")));
    let own_folders: Vec<_> = all.iter().map(&mut with_folder).collect();
    let disabled = off.iter().map(with_folder).collect();
    let content_folders = read_folders(&mut reader, &own_folders, &usual);
    let urls = UrlRules::read(&mut reader, "", &UrlRules::default());
    let language_urls: Vec<(String, UrlRules)> = all
        .iter()
        .map(|code| (code.clone(), UrlRules::read(&mut reader, &format!("languages.{code}."), &urls)))
        .collect();
    let all_rules = [&urls].into_iter().chain(language_urls.iter().map(|(_, rules)| rules));
    check_permalinks(&mut reader, all_rules.flat_map(|rules| &rules.permalinks));
    let (ugly, no_pages) = (read_ugly(&mut reader), has_no_pages(&mut reader, ""));
    let (language_info, has_language_urls) = read_languages(&mut reader, &languages, &default);

    // The settings of a language take precedence over those of the site.
    let mut fields = fields.clone();
    if let Some(own) = reader.table(&format!("languages.{default}")) {
        overlay(&mut fields, own);
    }
    let mut reader = reader.with_fields(&fields);
    let top = content_folders.iter().filter(|folder| folder.mount.is_empty());
    let contents: Vec<&str> = top.map(|folder| folder.path.as_str()).chain([usual.as_str()]).collect();
    // Themes decide on the types of these values.
    let param = |key: &str| fields.get("params")?.as_map()?.get(key);
    let limit: Option<i64> = reader.number("services.rss.limit").or_else(|| reader.number("rssLimit"));
    let date_keys = read_keys(&mut reader, "frontmatter.date", &DATE);
    let published = read_keys(&mut reader, "frontmatter.publishDate", &PUBLISHED);
    let usual_updated: Vec<&str> = UPDATED.into_iter().chain(PUBLISHED).collect();
    let updated = read_keys(&mut reader, "frontmatter.lastmod", &usual_updated);
    let is_update = |key: &String| key != FILE_NAME && !PUBLISHED.contains(&key.as_str());
    let locale = ["locale", "languageCode"].iter().find_map(|key| Some((*key, reader.text(key)?)));
    // `hugo 0.168 applyConfigAliases`: `indexes` is the former name of `taxonomies`.
    let taxonomies = ["taxonomies", "indexes"].map(|key| reader.pairs(key)).into_iter().flatten();
    let settings = SiteSettings {
        title: reader.text("title"),
        description: param("description").and_then(Value::to_text).or_else(|| reader.text("description")),
        url: read_url(&mut reader, ""),
        language: match locale {
            Some((key, code)) => reader.check_language(key, code),
            None => own_default,
        },
        time_zone: reader.time_zone("timeZone"),
        author: reader.author("author").or_else(|| read_author(param("author")?)),
        drafts: reader.is_on("buildDrafts").then_some(true),
        future: reader.is_on("buildFuture").then_some(Future::Show),
        keeps_expired: reader.is_on("buildExpired"),
        limit: limit.filter(|limit| *limit != 0).map(|limit| usize::try_from(limit).unwrap_or(usize::MAX)),
        content: find_root(&content_folders).or(own_folder),
        taxonomies: taxonomies
            .map(|(_, name)| name)
            .filter(|name| name != "tags" && name != "categories")
            .collect(),
        feed_names: FeedNames { base: reader.text("outputFormats.rss.baseName"), ..FeedNames::default() },
        date_keys: Some(published.into_iter().chain(date_keys.clone()).collect()),
        updated_keys: Some(updated.into_iter().filter(is_update).collect()),
        defaults: read_cascades(&mut reader, &contents),
        languages,
        language_info,
        values: fields.clone(),
        ..SiteSettings::default()
    };
    let hugo = Hugo {
        urls,
        language_urls,
        date_keys,
        ugly,
        default_prefix: (!has_language_urls && reader.is_on("defaultContentLanguageInSubdir"))
            .then(|| default.clone()),
        content_folders,
        has_language_urls,
        ignored: IgnoredFiles::read(&mut reader),
        default_language: default,
        disabled,
        no_pages,
        emoji: reader.is_on("enableEmoji"),
        plain_dollars: !markup::passes_dollars(&mut reader),
        plural_titles: reader.flag("pluralizeListTitles") != Some(false),
    };
    Configured::new(settings, hugo, reader)
}

fn read_folder(reader: &mut SettingsReader<'_>, table: &str) -> Option<String> {
    reader.text(&format!("{table}contentDir")).map(|folder| tidy(&folder))
}

fn read_cascades(reader: &mut SettingsReader<'_>, contents: &[&str]) -> Vec<Defaults> {
    let tables = reader.tables("cascade").into_iter();
    let read = tables.filter_map(|table| {
        read_cascade(table, "", contents, None).unwrap_or_else(|why| {
            reader.report("cascade", why);
            None
        })
    });
    read.collect()
}

/// Reports unknown placeholders in URL patterns, once per pattern.
fn check_permalinks<'r>(reader: &mut SettingsReader<'_>, rules: impl Iterator<Item = &'r PermalinkRule>) {
    let patterns: BTreeSet<(&str, &str)> = rules.map(|rule| (&*rule.target, &*rule.pattern)).collect();
    let hugo = Hugo::default();
    for (name, pattern) in patterns {
        Permalink::check(&hugo, reader, name, pattern);
    }
}

/// `uglyURLs`: for all sections, or for some. A language cannot set it (`hugo 0.168`).
fn read_ugly(reader: &mut SettingsReader<'_>) -> Vec<String> {
    let expected = "`true`, `false`, or a table of sections with these";
    let ugly = reader.read("uglyURLs", expected, |value| match value {
        Value::Bool(true) => Some(vec![String::new()]),
        Value::Bool(false) => Some(Vec::new()),
        Value::Map(sections) => Some(sections.iter().map(|(name, _)| name.to_owned()).collect()),
        _ => None,
    });
    let is_on = |name: &String| name.is_empty() || reader.is_on(&format!("uglyURLs.{name}"));
    ugly.unwrap_or_default().into_iter().filter(is_on).collect()
}
