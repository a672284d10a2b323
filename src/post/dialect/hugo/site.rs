//! Hugo's configuration, from one file or from folders, and the front matter of its sections.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cascade::read_cascade;
use super::ignored::IgnoredFiles;
use super::markup;
use super::permalinks::PermalinkRule;
use super::site_languages::{
    content_root, has_no_pages, name_content_folders, read_disabled, read_language_info, read_languages,
};
use super::url_rules::UrlRules;
use crate::config::{Author, Problem};
use crate::post::authors::read_author;
use crate::post::config_file::{ConfigFile, overlay};
use crate::post::dialect::{Configured, FILE_NAME, Permalink};
use crate::post::file_path::tidy;
use crate::post::site::{FeedNames, Kind, SettingsReader, SiteSettings};
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
    /// Folders of the languages, relative to the root; empty if no language has its own folder.
    pub(super) content_folders: Vec<(String, String)>,
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
fn read_keys(frontmatter: Option<&Fields>, kind: &str, usual: &[&str]) -> Vec<String> {
    let usual: Vec<String> = usual.iter().map(|key| (*key).to_owned()).collect();
    let Some(written) = frontmatter.and_then(|table| table.get(kind)) else { return usual };
    let mut keys = Vec::new();
    for key in written.items().iter().filter_map(Value::to_text).map(|key| key.to_lowercase()) {
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

/// The expected type of each key.
const KINDS: &[(&str, Kind)] = &[
    ("title", Kind::Text),
    ("baseURL", Kind::Text),
    ("contentDir", Kind::Text),
    ("permalinks", Kind::Tables),
    ("taxonomies", Kind::Table),
    ("indexes", Kind::Table),
    ("languages", Kind::Table),
    ("frontmatter", Kind::Table),
    ("frontmatter.date", Kind::List),
    ("frontmatter.publishDate", Kind::List),
    ("frontmatter.lastmod", Kind::List),
    ("services.rss.limit", Kind::Number),
    ("rssLimit", Kind::Number),
    ("services", Kind::Table),
    ("params", Kind::Table),
    ("outputFormats", Kind::Table),
    ("cascade", Kind::Tables),
    ("buildDrafts", Kind::Flag),
    ("buildFuture", Kind::Flag),
    ("buildExpired", Kind::Flag),
    ("uglyURLs", Kind::FlagOrTable),
];

/// Reads the parts of the configuration that posts and feeds depend on.
pub(super) fn read(files: &[ConfigFile]) -> Configured {
    let mut problems = Vec::new();
    let mut fields = read_all(files, &mut problems);
    let default =
        fields.get("defaultcontentlanguage").and_then(Value::to_text).unwrap_or_else(|| "en".to_owned());
    let off = read_disabled(&fields);
    let languages = read_languages(&fields, &default, &off);
    let of_language =
        |code: &str| fields.get("languages").and_then(|l| l.as_map()?.get(code)?.as_map()).cloned();
    let folder = |table: Option<&Fields>| Some(tidy(&table?.get("contentdir")?.to_text()?));
    let usual = folder(Some(&fields)).unwrap_or_else(|| "content".to_owned());
    let own = |code: &String| folder(of_language(code).as_ref());
    let content_folders = name_content_folders(&languages, &default, &usual, own);
    let disabled = off.iter().map(|code| (code.clone(), folder(of_language(code).as_ref()))).collect();
    let (urls, faults) = UrlRules::read(&fields, &UrlRules::default());
    let all = if languages.is_empty() { std::slice::from_ref(&default) } else { &languages };
    let with_tables = all.iter().filter_map(|code| Some((code, of_language(code)?)));
    let (language_urls, mut faults_of_all): (Vec<_>, Vec<_>) = with_tables
        .map(|(code, table)| (code, UrlRules::read(&table, &urls)))
        .map(|(code, (rules, faults))| ((code.clone(), rules), faults))
        .unzip();
    faults_of_all.push(faults);
    let ugly = read_ugly(&fields);
    let no_pages = has_no_pages(&fields);
    let language_info = languages.iter().map(|code| read_language_info(of_language(code).as_ref())).collect();
    // The settings of a language take precedence over those of the site.
    if let Some(own) = of_language(&default) {
        overlay(&mut fields, &own);
    }
    let mut reader = SettingsReader::new(files, &fields);
    reader.check_kinds(KINDS);
    let is_on = |key: &str| fields.get(key) == Some(&Value::Bool(true));
    let table = |key: &str| fields.get(key).and_then(Value::as_map);
    faults_of_all.into_iter().flatten().for_each(|fault| reader.refuse("permalinks", fault));
    let all_rules = [&urls].into_iter().chain(language_urls.iter().map(|(_, rules)| rules));
    check_permalinks(&mut reader, all_rules.flat_map(|rules| &rules.permalinks));
    let params = table("params");
    let author = fields.get("author").or_else(|| params.and_then(|params| params.get("author")));
    let rss = table("services").and_then(|services| services.get("rss")?.as_map()?.get("limit")?.to_text());
    let limit = rss.or_else(|| reader.text("rsslimit")).and_then(|limit| limit.parse::<i64>().ok());
    let front = table("frontmatter");
    let date_keys = read_keys(front, "date", &DATE);
    let published = read_keys(front, "publishdate", &PUBLISHED);
    let usual_updated: Vec<&str> = UPDATED.into_iter().chain(PUBLISHED).collect();
    let updated = read_keys(front, "lastmod", &usual_updated);
    let is_update = |key: &String| key != FILE_NAME && !PUBLISHED.contains(&key.as_str());
    let locale = ["locale", "languagecode"].iter().find_map(|key| Some((*key, reader.text(key)?)));
    // `hugo 0.168 applyConfigAliases`: `indexes` is the former name of `taxonomies`.
    let taxonomies = ["taxonomies", "indexes"].into_iter().filter_map(table);
    let names = taxonomies.flat_map(Fields::iter).filter_map(|(_, name)| name.to_text());
    let description = params.and_then(|params| params.get("description")).and_then(Value::to_text);
    let settings = SiteSettings {
        title: reader.text("title"),
        description: description.or_else(|| reader.text("description")),
        url: reader.text("baseurl").filter(|url| url != "/").and_then(|url| reader.base_url("baseURL", &url)),
        language: match locale {
            Some((key, code)) => reader.check_language(key, code),
            None => fields.get("defaultcontentlanguage").is_some().then(|| default.clone()),
        },
        time_zone: reader.time_zone("timezone"),
        author: author.and_then(read_author).filter(|author| *author != Author::default()),
        drafts: is_on("builddrafts").then_some(true),
        future: is_on("buildfuture").then_some(crate::config::Future::Show),
        keeps_expired: is_on("buildexpired"),
        limit: limit.and_then(|limit| {
            if limit == 0 { None } else { Some(usize::try_from(limit).unwrap_or(usize::MAX)) }
        }),
        content: content_root(&content_folders).or_else(|| folder(Some(&fields))),
        taxonomies: names.filter(|name| name != "tags" && name != "categories").collect(),
        feed_names: FeedNames { base: feed_base(&fields), ..FeedNames::default() },
        date_keys: Some(published.into_iter().chain(date_keys.clone()).collect()),
        updated_keys: Some(updated.into_iter().filter(is_update).collect()),
        defaults: fields
            .get("cascade")
            .map(|cascade| read_cascade(cascade, "", &usual, None))
            .unwrap_or_default(),
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
        default_prefix: is_on("defaultcontentlanguageinsubdir").then(|| default.clone()),
        content_folders,
        ignored: IgnoredFiles::read(&mut reader),
        default_language: default,
        disabled,
        no_pages,
        emoji: is_on("enableemoji"),
        plain_dollars: !markup::passes_dollars(&fields),
        plural_titles: fields.get("pluralizelisttitles") != Some(&Value::Bool(false)),
    };
    let settings = SiteSettings { is_unreadable: !problems.is_empty(), ..settings };
    problems.extend(reader.into_problems());
    Configured { settings, dialect: Some(Arc::new(hugo)), problems }
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
fn read_ugly(fields: &Fields) -> Vec<String> {
    match fields.get("uglyurls") {
        Some(Value::Bool(true)) => vec![String::new()],
        Some(Value::Map(sections)) => {
            let on = sections.iter().filter(|(_, value)| **value == Value::Bool(true));
            on.map(|(name, _)| name.to_owned()).collect()
        }
        _ => Vec::new(),
    }
}

/// `outputFormats.rss.baseName`
fn feed_base(fields: &Fields) -> Option<String> {
    fields.get("outputformats")?.as_map()?.get("rss")?.as_map()?.get("basename")?.to_text()
}
