//! Jekyll 4.4 and jekyll-feed 0.17: posts in `_posts`, dates from file names, categories from folders.

mod address;
mod csv;
mod data;
mod normal;
mod site;
mod slug;
mod template;

use chrono::{DateTime, NaiveDate, Utc};

pub use self::site::{Collection, JekyllSettings};
use self::slug::{Mode, slugify};
use super::{
    FILE_NAME, Permalink, Reading, Rules, TaxonomyKey, Undated, is_lower_word, read_text, term_root,
};
use crate::body::strip_markup;
use crate::body::{FootnoteIds, KRAMDOWN_EXTENSIONS, Pass, Syntax, Templates};
use crate::config::{Dialect, Future};
use crate::post::Listed;
use crate::post::date::{Moment, ruby};
use crate::post::defaults::Defaults;
use crate::post::front_matter::{Fences, Format, FrontMatter};
use crate::post::site::SiteSettings;
use crate::post::source::{Source, below, has_extension, is_html};
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

/// The rules of Jekyll.
pub static RULES: Rules = Rules {
    dialect: Dialect::Jekyll,
    syntax: |site| Syntax { has_emoji: site.emoji, ..SYNTAX },
    what: "a file in `_posts` named YYYY-MM-DD-slug.md",
    fences: Fences::Lines { formats: &[Format::Yaml], after_blanks: false },
    date_keys: &["date", FILE_NAME],
    updated_keys: &["last_modified_at"],
    author_keys: &["author", "authors"],
    expiry_keys: &[],
    in_machine_zone: false,
    id_keys: &["guid"],
    undated: Undated::Skip,
    future: Future::Hold,
    permalink: "date",
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
    is_placeholder: |_| false,
    is_word: is_lower_word,
    expand_permalink: address::expand,
    extensions: &[],
    is_post,
    enters: |site, name| {
        matches!(name, "_posts" | "_drafts") || !is_special(name) || find_collection(site, name).is_some()
    },
    is_hidden,
    is_leaf: |_, _| false,
    leaf_names: |_| Vec::new(),
    complete: |_, _| (),
    assets: |_, _| None,
    file_date: |_, path| split_name(path).map(|name| Moment::Day(name.date)),
    read_date,
    title,
    terms,
    address: address::of,
    id: address::id,
    id_parts: address::id_parts,
    templates: Some(template::TEMPLATES),
    term_root,
    term_slug: |_, _, _, term| slugify(term, Mode::Default, false),
    validate: |reading| {
        let own = reading.front.get("permalink").and_then(Value::to_text)?;
        Permalink::parse(&RULES, &own).err().map(|why| ("permalink", why))
    },
    is_markdown: |path| has_extension(path, MARKDOWN),
    language: |_, _| None,
    section: |source, path, _| collection_of(source, path).map(|collection| collection.name.clone()),
    listed: |source, path, _| match collection_of(source, path) {
        Some(_) => Listed::InSection,
        None => Listed::Everywhere,
    },
    config_files: &["_config.yml", "_config.yaml"],
    config_extras: site::EXTRAS,
    config_folders: &[data::FOLDER],
    content: "",
    post_folders: list_post_folders,
    merge,
    data: None,
    read_site: site::read,
};

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

/// The folders of posts, of drafts and of the collections.
fn list_post_folders(site: &SiteSettings) -> Vec<String> {
    let collections = site.jekyll.collections.iter().map(|collection| format!("_{}", collection.name));
    ["_posts", "_drafts"].map(str::to_owned).into_iter().chain(collections).collect()
}

/// The folders above the `_posts` or `_drafts` of a post, and true if the post is a draft.
fn find_place<'p>(source: &Source, path: &'p str) -> Option<(Vec<&'p str>, bool)> {
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
fn below_collections<'p>(source: &Source, path: &'p str) -> Option<&'p str> {
    let path = source.below_content(path)?;
    below(path, &source.site.jekyll.collections_dir)
}

/// `jekyll 4.4 Document#relative_path`, which templates use as `page.path`.
pub fn relative_path<'p>(source: &Source, path: &'p str) -> Option<&'p str> {
    below_collections(source, path)
}

/// `jekyll 4.4 EntryFilter`: names that begin with `.`, `_`, `#` or `~`, or end in `~`, are ignored.
fn is_special(name: &str) -> bool {
    name.starts_with(['.', '_', '#', '~']) || name.ends_with('~')
}

/// The collection whose documents are in a folder.
fn find_collection<'s>(site: &'s SiteSettings, folder: &str) -> Option<&'s Collection> {
    let name = folder.strip_prefix('_')?;
    site.jekyll.collections.iter().find(|collection| collection.name == name)
}

/// The collection of a document, unless it is a post.
fn collection_of<'s>(source: &'s Source, path: &str) -> Option<&'s Collection> {
    find_collection(&source.site, below_collections(source, path)?.split('/').next()?)
}

/// `jekyll 4.4 Document::DATELESS_FILENAME_MATCHER`: a name with an extension, in the folder of drafts.
fn is_dateless(path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    file != "_drafts" && file.rsplit_once('.').is_some_and(|(_, extension)| !extension.is_empty())
}

fn is_post(source: &Source, path: &str) -> bool {
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
fn is_hidden(source: &Source, path: &str, front: &FrontMatter<'_>) -> bool {
    let is_set = |key: &str, yaml_bool: bool, words: [&str; 2]| match front.get(key) {
        Some(Value::Bool(value)) => *value == yaml_bool,
        // YAML 1.1, which Ruby uses, has more booleans.
        Some(Value::Text(word)) => front.is_plain(key) && words.iter().any(|w| word.eq_ignore_ascii_case(w)),
        _ => false,
    };
    (is_set("published", false, ["no", "off"]) && !source.site.jekyll.unpublished)
        || (is_set("draft", true, ["yes", "on"]) && !source.drafts)
        || (!front.exists && collection_of(source, path).is_some())
}

/// Every form that Ruby parses, as Ruby parses it; else any documented form.
fn read_date(
    source: &Source,
    front: &FrontMatter<'_>,
    key: &str,
    value: &Value,
) -> Result<Option<DateTime<Utc>>, String> {
    let plain = front.is_plain(key);
    let read = |text: &str| ruby::read(text, plain, source.time_zone);
    read_text(key, value, read).map(|moment| Some(moment.in_zone(source.time_zone)))
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
    let mut each = Vec::new();
    for category in found {
        if !each.contains(&category) {
            each.push(category);
        }
    }
    each
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
