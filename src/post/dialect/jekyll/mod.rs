//! Jekyll 4.4 and jekyll-feed 0.17: posts in `_posts`, dates from file names, categories from folders.

mod address;
mod csv;
mod data;
mod detection;
mod links;
mod normal;
mod site;
mod slug;
mod template;

use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};

use self::site::Collection;
use self::slug::{Mode, slugify};
use super::dates::read_text;
use super::{
    Configured, Dialect, EntryOptions, Evidence, ExpansionTooLong, FILE_NAME, FeedTemplates, Id, IdParts,
    Keys, Listed, Permalink, PermalinkSyntax, SiteFiles, SourceSettings, TaxonomyKey, Undated,
};
use crate::body::{FootnoteIds, KRAMDOWN_EXTENSIONS, Pass, Syntax, Templates, strip_markup};
use crate::config::{BaseUrl, Compat};
use crate::post::config_file::ConfigFile;
use crate::post::date::{Moment, ruby};
use crate::post::defaults::Defaults;
use crate::post::file_path::{below, drop_repeated, has_extension, is_html};
use crate::post::front_matter::{Fences, Format, FrontMatter};
use crate::post::site::SiteSettings;
use crate::post::value::{Fields, Value};

/// Markdown of `kramdown 2.4` with Liquid.
const SYNTAX: Syntax = Syntax {
    templates: Templates::Liquid,
    passes: &[Pass::KramdownBlocks, Pass::UrlEscapes],
    extensions: KRAMDOWN_EXTENSIONS,
    is_kramdown: true,
    has_definitions: true,
    footnotes: FootnoteIds::Kramdown,
    ..Syntax::GITHUB
};

/// Jekyll, with the settings that only it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jekyll {
    /// The folder of the collections, relative to the site's `source`.
    collections_dir: String,
    /// True if posts with `published: false` are published.
    unpublished: bool,
    /// Collections with a feed, other than the posts.
    collections: Vec<Collection>,
    /// True if `:tada:` is an emoji.
    emoji: bool,
}

type Source<'a> = SourceSettings<'a, Jekyll>;
type Reading<'a> = super::Reading<'a, Jekyll>;

/// The keys of the front matter.
const KEYS: Keys = Keys {
    date: &["date", FILE_NAME],
    updated: &["last_modified_at"],
    expiry: &[],
    authors: &["author", "authors"],
    id: &["guid"],
};

/// The files of a site.
const FILES: SiteFiles = SiteFiles {
    config: &["_config.yml", "_config.yaml"],
    extras: site::EXTRAS,
    folders: &[data::FOLDER],
    markers: &["_posts"],
    content: "",
};

/// The syntax of `permalink`.
const PERMALINKS: PermalinkSyntax = PermalinkSyntax {
    default: "date",
    example: "date",
    placeholders: &[
        "categories",
        "collection",
        "day",
        "hour",
        "i_day",
        "i_month",
        "long_day",
        "long_month",
        "minute",
        "month",
        "name",
        "output_ext",
        "path",
        "second",
        "short_day",
        "short_month",
        "short_year",
        "slug",
        "slugified_categories",
        "title",
        "w_day",
        "w_year",
        "week",
        "y_day",
        "year",
    ],
    expand: address::expand,
    ..PermalinkSyntax::PLAIN
};

impl Dialect for Jekyll {
    fn name(&self) -> &'static str {
        "jekyll"
    }

    fn describe_post(&self) -> &'static str {
        "a file in `_posts` named YYYY-MM-DD-slug.md"
    }

    fn detect(&self, root: &Path, folder: &Path) -> Option<Evidence> {
        detection::detect(root, folder)
    }

    fn detect_posts(&self, folder: &Path) -> Option<(PathBuf, &'static str)> {
        detection::detect_posts(folder)
    }

    fn site_files(&self) -> &'static SiteFiles {
        &FILES
    }

    fn configure(&self, files: &[ConfigFile]) -> Configured {
        site::read(files)
    }

    fn guess_url(&self, root: &str, settings: &SiteSettings) -> Option<BaseUrl> {
        site::guess_url(root, settings)
    }

    fn feed_templates(&self) -> Option<&'static FeedTemplates> {
        Some(&template::TEMPLATES)
    }

    fn compat(&self) -> Option<Compat> {
        Some(Compat::JekyllFeed)
    }

    fn extensions(&self) -> &'static [&'static str] {
        &[]
    }

    fn is_post(&self, source: SourceSettings<'_>, path: &str) -> bool {
        is_post(source.with(self), path)
    }

    fn is_markdown(&self, path: &str) -> bool {
        has_extension(path, MARKDOWN)
    }

    fn enters(&self, name: &str) -> bool {
        matches!(name, "_posts" | "_drafts") || !is_special(name) || self.find_collection(name).is_some()
    }

    /// The folders of posts, of drafts and of the collections.
    fn post_folders(&self) -> Vec<String> {
        let collections = self.collections.iter().map(|collection| format!("_{}", collection.name));
        ["_posts", "_drafts"].map(str::to_owned).into_iter().chain(collections).collect()
    }

    fn fences(&self) -> Fences {
        Fences::Lines { formats: &[Format::Yaml], after_blanks: false }
    }

    fn keys(&self) -> &'static Keys {
        &KEYS
    }

    fn merge(&self, fields: &mut Fields, defaults: &Defaults) {
        merge(fields, defaults);
    }

    fn is_hidden(&self, source: SourceSettings<'_>, path: &str, front: &FrontMatter<'_>) -> bool {
        is_hidden(source.with(self), path, front)
    }

    fn undated(&self) -> Undated {
        Undated::Skip
    }

    fn file_date(&self, _: SourceSettings<'_>, path: &str) -> Option<Moment> {
        split_name(path).map(|name| Moment::Day(name.date))
    }

    /// Every form that Ruby parses, as Ruby parses it; else any documented form.
    fn read_date(
        &self,
        source: SourceSettings<'_>,
        front: &FrontMatter<'_>,
        key: &str,
        value: &Value,
    ) -> Result<Option<DateTime<Utc>>, String> {
        let plain = front.is_plain(key);
        let read = |text: &str| ruby::read(text, plain, source.time_zone);
        read_text(key, value, read).map(|moment| Some(moment.in_zone(source.time_zone)))
    }

    fn title(&self, reading: &super::Reading<'_>) -> String {
        title(&reading.with(self))
    }

    fn terms(&self, reading: &super::Reading<'_>, taxonomy: TaxonomyKey<'_>) -> Vec<String> {
        terms(&reading.with(self), taxonomy)
    }

    fn section(&self, source: SourceSettings<'_>, path: &str, _: &FrontMatter<'_>) -> Option<String> {
        collection_of(source.with(self), path).map(|collection| collection.name.clone())
    }

    fn listed(&self, source: SourceSettings<'_>, path: &str, _: &FrontMatter<'_>) -> Listed {
        match collection_of(source.with(self), path) {
            Some(_) => Listed::InSection,
            None => Listed::Everywhere,
        }
    }

    /// `jekyll-feed 0.17 feed.xml`: `category` is printed instead of `categories`; of `feed.excerpt_only`, null and an
    /// empty text count as unset.
    fn entry_options(&self, front: &FrontMatter<'_>) -> EntryOptions {
        let category = front.get("category").filter(|value| **value != Value::Null);
        let feed = front.get("feed").and_then(Value::as_map);
        let excerpt_only = feed.and_then(|feed| feed.get("excerpt_only"));
        EntryOptions {
            category: category.and_then(Value::to_text),
            excerpt_only: excerpt_only.is_some_and(|value| {
                !matches!(value, Value::Null | Value::Bool(false)) && value.as_str() != Some("")
            }),
        }
    }

    fn validate(&self, reading: &super::Reading<'_>) -> Option<(&'static str, String)> {
        let own = reading.front.get("permalink").and_then(Value::to_text)?;
        Permalink::parse(self, &own).err().map(|why| ("permalink", why))
    }

    fn permalinks(&self) -> &'static PermalinkSyntax {
        &PERMALINKS
    }

    fn address(&self, reading: &super::Reading<'_>) -> Result<String, ExpansionTooLong> {
        address::of(&reading.with(self))
    }

    fn id(&self, reading: &super::Reading<'_>, path: &str) -> Id {
        address::id(&reading.with(self), path)
    }

    fn id_parts(&self, reading: &super::Reading<'_>, path: &str) -> IdParts {
        address::id_parts(&reading.with(self), path)
    }

    fn term_slug(&self, _: SourceSettings<'_>, _: usize, _: usize, term: &str) -> String {
        slugify(term, Mode::Default, false)
    }

    fn syntax(&self) -> Syntax {
        Syntax { has_emoji: self.emoji, ..SYNTAX }
    }
}

impl Jekyll {
    /// The collection whose documents are in a folder.
    fn find_collection(&self, folder: &str) -> Option<&Collection> {
        let name = folder.strip_prefix('_')?;
        self.collections.iter().find(|collection| collection.name == name)
    }
}

/// `jekyll 4.4 Configuration: markdown_ext`.
const MARKDOWN: &[&str] = &["markdown", "mkdown", "mkdn", "mkd", "md"];

/// The parts of a file name.
struct Name<'a> {
    date: NaiveDate,
    slug: &'a str,
    extension: &'a str,
}

/// `jekyll 4.4 Document::DATE_FILENAME_MATCHER`: date, slug and extension of a dated file name.
fn split_name(path: &str) -> Option<Name<'_>> {
    let file = path.rsplit('/').next()?;
    let mut parts = file.splitn(4, '-');
    let [year, month, day] = [parts.next()?, parts.next()?, parts.next()?];
    let rest = parts.next()?;
    let number = |text: &str, most: usize| {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        if digits && (1..=most).contains(&text.len()) { text.parse::<i32>().ok() } else { None }
    };
    let mut full_year = number(year, 4).filter(|_| year.len() >= 2)?;
    if year.len() == 2 {
        full_year += if full_year < 69 { 2000 } else { 1900 };
    }
    let date = NaiveDate::from_ymd_opt(full_year, number(month, 2)? as u32, number(day, 2)? as u32)?;
    let (slug, extension) = rest.rsplit_once('.').filter(|(_, extension)| !extension.is_empty())?;
    Some(Name { date, slug: slug.trim_end_matches('.'), extension })
}

/// `jekyll 4.4 Document#merge_categories!`: categories are joined, and an empty key counts as missing. Otherwise
/// the file's own value takes precedence.
fn merge(fields: &mut Fields, defaults: &Defaults) {
    let list = |value: &Value| match value {
        Value::Text(text) => text.split_whitespace().map(|word| Value::Text(word.to_owned())).collect(),
        other => other.items().to_vec(),
    };
    for (key, value) in defaults.values.iter() {
        let merged = match (fields.get(key), value) {
            (None | Some(Value::Null), _) => value.clone(),
            (Some(own), _) if key == "categories" => {
                let mut all: Vec<Value> = list(value);
                all.extend(list(own).into_iter().filter(|item| !list(value).contains(item)));
                Value::List(all)
            }
            // `jekyll 4.4 Utils#deep_merge_hashes`
            (Some(Value::Map(own)), Value::Map(default)) => {
                let mut both = own.clone();
                both.fill(default);
                Value::Map(both)
            }
            _ => continue,
        };
        fields.overwrite(&Fields::of(key, merged));
    }
}

/// The folders above the `_posts` or `_drafts` of a post, and true if the post is a draft.
fn find_place<'p>(source: Source<'_>, path: &'p str) -> Option<(Vec<&'p str>, bool)> {
    let mut above = Vec::new();
    if source.site.is_content_bare {
        return source.below_content(path).map(|_| (above, false));
    }
    for segment in below_collections(source, path)?.split('/') {
        match segment {
            "_posts" => return Some((above, false)),
            "_drafts" => return Some((above, true)),
            _ => above.push(segment),
        }
    }
    None
}

/// A path relative to the site's `source` and `collections_dir`; `None` if it is outside them
/// (`jekyll 4.4 Reader#outside_configured_directory?`).
fn below_collections<'p>(source: Source<'_>, path: &'p str) -> Option<&'p str> {
    let path = source.below_content(path)?;
    below(path, &source.own.collections_dir)
}

/// `jekyll 4.4 EntryFilter`: names that begin with `.`, `_`, `#` or `~`, or end in `~`, are ignored.
fn is_special(name: &str) -> bool {
    name.starts_with(['.', '_', '#', '~']) || name.ends_with('~')
}

/// The collection of a document, unless it is a post.
fn collection_of<'s>(source: Source<'s>, path: &str) -> Option<&'s Collection> {
    source.own.find_collection(below_collections(source, path)?.split('/').next()?)
}

/// `jekyll 4.4 Document::DATELESS_FILENAME_MATCHER`: a name with an extension, in the folder of drafts.
fn is_dateless(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    file != "_drafts" && file.rsplit_once('.').is_some_and(|(_, extension)| !extension.is_empty())
}

fn is_post(source: Source<'_>, path: &str) -> bool {
    if collection_of(source, path).is_some() {
        let mut below = below_collections(source, path).unwrap_or_default().split('/').skip(1);
        return !below.any(is_special) && (has_extension(path, MARKDOWN) || is_html(path));
    }
    let Some((above, draft)) = find_place(source, path) else { return false };
    let own = usize::from(!source.site.is_content_bare);
    let below = below_collections(source, path).unwrap_or_default().split('/').skip(above.len() + own);
    if above.iter().copied().chain(below).any(is_special) {
        return false;
    }
    if draft { source.drafts && is_dateless(path) } else { split_name(path).is_some() }
}

/// `published: false` excludes a page from the site, `draft: true` from jekyll-feed; a collection's file
/// without front matter is copied unchanged.
fn is_hidden(source: Source<'_>, path: &str, front: &FrontMatter<'_>) -> bool {
    let is_set = |key: &str, yaml_bool: bool, words: [&str; 2]| match front.get(key) {
        Some(Value::Bool(value)) => *value == yaml_bool,
        // YAML 1.1, which Ruby uses, has more booleans.
        Some(Value::Text(word)) => front.is_plain(key) && words.iter().any(|w| word.eq_ignore_ascii_case(w)),
        _ => false,
    };
    (is_set("published", false, ["no", "off"]) && !source.own.unpublished)
        || (is_set("draft", true, ["yes", "on"]) && !source.drafts)
        || (!front.exists && collection_of(source, path).is_some())
}

/// The slug as written: `slug` of the front matter, else the slug in the file name.
fn slug(reading: &Reading<'_>) -> String {
    match reading.front.get("slug") {
        Some(Value::Null) | None => file_slug(reading.path).to_owned(),
        Some(value) => value.to_text().unwrap_or_default(),
    }
}

fn file_slug(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    split_name(path).map_or_else(|| file.rsplit_once('.').map_or(file, |(stem, _)| stem), |name| name.slug)
}

/// `jekyll-feed 0.17 feed.xml`: `smartify | strip_html | normalize_whitespace`, as a text.
fn title(reading: &Reading<'_>) -> String {
    let written = match reading.front.get("title") {
        Some(Value::Text(text)) if reading.front.is_plain("title") => {
            match text.to_ascii_lowercase().as_str() {
                "yes" | "on" => "true".to_owned(),
                "no" | "off" => "false".to_owned(),
                _ => text.clone(),
            }
        }
        Some(value) if *value != Value::Null => inspect(value, true),
        _ => file_slug(reading.path).split('-').map(capitalise).collect::<Vec<_>>().join(" "),
    };
    strip_markup(&written)
}

/// `Ruby String#capitalize`.
fn capitalise(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters.as_str().to_lowercase().chars()).collect()
    })
}

/// A value as Ruby prints it: `to_s` on top, `inspect` inside lists.
fn inspect(value: &Value, top: bool) -> String {
    match value {
        Value::Null if top => String::new(),
        Value::Null => "nil".to_owned(),
        Value::Text(text) if !top => format!("{text:?}"),
        Value::Float(number) if number.fract() == 0.0 => format!("{number:.1}"),
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| inspect(item, false)).collect::<Vec<_>>().join(", "))
        }
        Value::Map(fields) => {
            let pairs = fields.iter().map(|(key, value)| format!("{key:?}=>{}", inspect(value, false)));
            format!("{{{}}}", pairs.collect::<Vec<_>>().join(", "))
        }
        other => other.to_text().unwrap_or_default(),
    }
}

fn terms(reading: &Reading<'_>, taxon: TaxonomyKey<'_>) -> Vec<String> {
    match taxon {
        TaxonomyKey::Tags => plural(reading, &["tag"], "tags"),
        TaxonomyKey::Categories => categories(reading),
        TaxonomyKey::Authors => Vec::new(),
        TaxonomyKey::Keys(keys) => {
            let values = keys.iter().filter_map(|key| reading.front.get(key));
            values.flat_map(|value| flatten(value).into_iter().map(|v| inspect(v, true))).collect()
        }
    }
}

/// `jekyll 4.4 Utils.pluralized_array_from_hash`: the singular key takes precedence and is one term; a string
/// under the plural key is split at white space; lists are flattened.
fn plural(reading: &Reading<'_>, singular: &[&str], plural: &str) -> Vec<String> {
    let value = reading.front.first(singular).map(|(_, value)| value);
    match value.or_else(|| reading.front.get(plural)) {
        Some(Value::Text(text)) if value.is_none() => text.split_whitespace().map(str::to_owned).collect(),
        // A map is not a list of terms (`tags-hash` of the golden site has no tags).
        Some(Value::Map(_)) | None => Vec::new(),
        Some(value) => flatten(value).into_iter().map(|value| inspect(value, true)).collect(),
    }
}

fn flatten(value: &Value) -> Vec<&Value> {
    match value {
        Value::Null => Vec::new(),
        Value::List(items) => items.iter().flat_map(flatten).collect(),
        other => vec![other],
    }
}

/// `jekyll 4.4 Document#populate_categories`: the folders above `_posts`, then the items of `categories` as
/// Ruby prints them, then their nested items, each once.
fn categories(reading: &Reading<'_>) -> Vec<String> {
    let (above, _) = find_place(reading.source, reading.path).unwrap_or_default();
    let mut found: Vec<String> = above.into_iter().map(str::to_owned).collect();
    match reading.front.get("categories") {
        Some(Value::List(items)) => found.extend(items.iter().map(|item| inspect(item, true))),
        Some(Value::Text(text)) => found.extend(text.split_whitespace().map(str::to_owned)),
        _ => {}
    }
    found.extend(plural(reading, &["category"], "categories"));
    drop_repeated(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_split_into_date_slug_and_extension() {
        let split = |path| split_name(path).map(|n| (n.date.to_string(), n.slug, n.extension));
        assert_eq!(split("_posts/2024-01-02-x.y.md"), Some(("2024-01-02".to_owned(), "x.y", "md")));
        assert_eq!(split("24-1-5-x...md"), Some(("2024-01-05".to_owned(), "x", "md")));
        assert_eq!(split("2024-01-29-.md").map(|n| n.1), Some(""));
        for path in ["2024-01-29.md", "no-date.md", "2024-13-01-x.md", "1-01-01-x.md", "2024-01-01-x"] {
            assert!(split(path).is_none(), "{path}");
        }
    }
}
