//! Eleventy 3 and its RSS plugin: templates of a collection, with URL paths from file paths or templates.

mod address;
mod site;
mod slug;
mod template;

use chrono::{DateTime, NaiveDate, Utc};
use regex::Regex;
use std::sync::LazyLock;

pub use self::site::EleventySettings;
use super::{
    DataFiles, FILE_NAME, Id, Reading, Rules, TaxonomyKey, Undated, id_parts, is_any_word, read_text,
    term_root,
};
use crate::body::{FootnoteIds, Pass, Syntax, Templates};
use crate::config::{Dialect, Future};
use crate::post::Listed;
use crate::post::date::{Moment, iso8601, javascript};
use crate::post::defaults::Defaults;
use crate::post::front_matter::{Fences, FrontMatter};
use crate::post::source::{Source, has_extension};
use crate::post::value::{Fields, Value};

/// Markdown of `markdown-it` with Nunjucks.
const SYNTAX: Syntax = Syntax {
    templates: Templates::Nunjucks,
    passes: &[Pass::Containers],
    extensions: &["{", "\n: "],
    has_definitions: true,
    footnotes: FootnoteIds::MarkdownIt,
    ..Syntax::GITHUB
};

/// The rules of Eleventy.
pub static RULES: Rules = Rules {
    dialect: Dialect::Eleventy,
    syntax: |_| SYNTAX,
    what: "a template tagged `posts`, with a date; name the folder of posts as `path` if they are not tagged",
    fences: Fences::GrayMatter,
    date_keys: &["date", FILE_NAME],
    updated_keys: &[],
    author_keys: &["author", "authors"],
    expiry_keys: &[],
    in_machine_zone: false,
    id_keys: &["guid"],
    undated: Undated::Skip,
    future: Future::Show,
    permalink: "",
    placeholders: &[],
    // Permalinks are templates, in which a `:` has no meaning.
    is_placeholder: |_| true,
    is_word: is_any_word,
    expand_permalink: |pattern| pattern,
    extensions: EXTENSIONS,
    is_post: |source, path| address::below_input(source, path).is_some(),
    enters: |_, name| !matches!(name, "_includes" | "_layouts" | "_data" | "_site"),
    is_hidden,
    is_leaf: |_, _| false,
    leaf_names: |_| Vec::new(),
    complete: |_, _| (),
    assets: |_, _| None,
    file_date: |_, path| find_date(path).map(Moment::Day),
    read_date,
    title,
    terms,
    address: address::of,
    id: |reading, path| {
        let printed = address::of(reading);
        Id::Path(escape(printed.as_deref().unwrap_or(path)))
    },
    id_parts,
    templates: None,
    term_root,
    term_slug: |_, _, _, term| slug::slugify(term),
    is_markdown: |path| has_extension(path, &["md"]),
    language: |_, _| None,
    validate: |reading| address::validate(reading).or_else(|| validate_code(reading)),
    section: |_, _, _| None,
    listed: |_, _, _| Listed::Everywhere,
    config_files: &[
        ".eleventy.js",
        "eleventy.config.js",
        "eleventy.config.mjs",
        "eleventy.config.cjs",
        "eleventy.config.ts",
    ],
    config_extras: &[
        ".eleventyignore",
        ".gitignore",
        "_data/metadata.json",
        "_data/metadata.js",
        "_data/site.json",
        "_data/site.js",
        "src/_data/metadata.json",
        "src/_data/metadata.js",
        "src/_data/site.json",
        "src/_data/site.js",
        "content/_data/metadata.json",
        "content/_data/metadata.js",
        "content/_data/site.json",
        "content/_data/site.js",
        "site/_data/metadata.json",
        "site/_data/metadata.js",
        "site/_data/site.json",
        "site/_data/site.js",
        "app/_data/metadata.json",
        "app/_data/metadata.js",
        "app/_data/site.json",
        "app/_data/site.js",
        "source/_data/metadata.json",
        "source/_data/metadata.js",
        "source/_data/site.json",
        "source/_data/site.js",
    ],
    config_folders: &[],
    content: "",
    post_folders: |_| Vec::new(),
    data: Some(DataFiles { is_data: site::is_data, read: site::read_data }),
    merge,
    read_site: site::read,
};

/// Template languages in which posts are written.
const EXTENSIONS: &[&str] = &["md", "html", "njk", "liquid"];

/// `eleventy 3 Template#getMappedDate`: the first date anywhere in the path.
fn find_date(path: &str) -> Option<NaiveDate> {
    static DATE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("[0-9]{4}-[0-9]{2}-[0-9]{2}").expect("it is well-formed"));
    NaiveDate::parse_from_str(DATE.find(path)?.as_str(), "%Y-%m-%d").ok()
}

/// Keywords that select the times of the file or its repository are not dates.
fn read_date(
    source: &Source,
    front: &FrontMatter<'_>,
    key: &str,
    value: &Value,
) -> Result<Option<DateTime<Utc>>, String> {
    const FILE_TIMES: [&str; 4] = ["last modified", "created", "git last modified", "git created"];
    let text = value.as_str().unwrap_or_default().to_lowercase();
    if FILE_TIMES.contains(&text.as_str()) {
        return Ok(None);
    }
    let in_yaml = |text: &str| {
        Some(text).filter(|_| front.is_plain(key)).and_then(javascript::read_yaml_stamp).map(Moment::Local)
    };
    // A number is not an ISO 8601 date.
    let is_text = value.as_str().is_some();
    let read = |text: &str| in_yaml(text).or_else(|| iso8601::read(text).filter(|_| is_text));
    read_text(key, value, read).map(|moment| Some(moment.in_zone(source.time_zone)))
}

/// Posts are the members of the feed's collection: `draft`, `permalink: false` and
/// `eleventyExcludeFromCollections` exclude a template, and so does a missing tag.
fn is_hidden(source: &Source, path: &str, front: &FrontMatter<'_>) -> bool {
    let is_listed = |name: &str| source.site.eleventy.collections.iter().any(|known| known == name);
    let excluded = match front.get("eleventyexcludefromcollections") {
        Some(Value::List(names)) => names.iter().filter_map(Value::as_str).any(is_listed),
        Some(value) => is_truthy(value),
        None => false,
    };
    let drafted = front.get("draft").is_some_and(is_truthy) && !source.drafts;
    let unlisted =
        source.site.eleventy.needs_tag(source, path) && !read_tags(front).iter().any(|tag| is_listed(tag));
    excluded || drafted || unlisted || front.get("permalink") == Some(&Value::Bool(false))
}

/// The first key that determines the post and whose value is code.
fn validate_code(reading: &Reading<'_>) -> Option<(&'static str, String)> {
    const KEYS: [&str; 5] = ["permalink", "title", "date", "tags", "draft"];
    let key = KEYS.into_iter().find(|key| reading.front.code.iter().any(|code| code == key))?;
    let advice = "JavaScript is not executed: write a plain value.";
    Some((key, format!("`{key}` is code here and is ignored. {advice}")))
}

/// Returns true if JavaScript treats a value as true.
fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) | Value::Int(0) => false,
        Value::Text(text) => !text.is_empty(),
        _ => true,
    }
}

/// Converts a value to text as JavaScript does.
fn print(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::List(items) => items.iter().map(print).collect::<Vec<_>>().join(","),
        Value::Map(_) => "[object Object]".to_owned(),
        other => other.to_text().unwrap_or_default(),
    }
}

/// A title that YAML parses as a date is printed as one.
fn title(reading: &Reading<'_>) -> String {
    match reading.front.get("title") {
        None | Some(Value::Null) => String::new(),
        Some(Value::Text(text)) if javascript::is_yaml_stamp(text) && reading.front.is_plain("title") => {
            javascript::read_yaml_stamp(text)
                .map_or_else(|| text.clone(), |at| at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
        }
        Some(value) => print(value),
    }
}

/// `eleventy 3 TemplateData`: a string is split at commas.
fn read_list(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Text(text) => text.split(',').map(|item| Value::Text(item.to_owned())).collect(),
        other => other.items().to_vec(),
    }
}

fn read_tags(front: &FrontMatter<'_>) -> Vec<String> {
    let value = front.get("override:tags").or_else(|| front.get("tags"));
    value.map(read_list).unwrap_or_default().iter().map(print).collect()
}

fn terms(reading: &Reading<'_>, taxon: TaxonomyKey<'_>) -> Vec<String> {
    let read = |key: &str| reading.front.get(key).map(read_list).unwrap_or_default();
    match taxon {
        TaxonomyKey::Tags => read_tags(reading.front),
        TaxonomyKey::Categories => {
            ["categories", "category"].iter().flat_map(|key| read(key)).map(|c| print(&c)).collect()
        }
        TaxonomyKey::Authors => Vec::new(),
        TaxonomyKey::Keys(keys) => keys.iter().flat_map(|key| read(key)).map(|term| print(&term)).collect(),
    }
}

/// `eleventy 3 TemplateData: deepMerge`: lists are joined, maps merged, other values replaced.
fn merge(fields: &mut Fields, defaults: &Defaults) {
    merge_fields(fields, &defaults.values);
}

fn merge_fields(fields: &mut Fields, below: &Fields) {
    for (key, value) in below.iter() {
        if fields.get(&format!("override:{key}")).is_some() {
            continue;
        }
        let merged = match (fields.get(key), value) {
            (None, _) => value.clone(),
            (Some(own), value) if key.eq_ignore_ascii_case("tags") => {
                Value::List([read_list(value), read_list(own)].concat())
            }
            (Some(Value::List(own)), Value::List(value)) => Value::List([value.as_slice(), own].concat()),
            (Some(Value::Map(own)), Value::Map(value)) => {
                let mut own = own.clone();
                merge_fields(&mut own, value);
                Value::Map(own)
            }
            _ => continue,
        };
        let mut one = Fields::default();
        one.insert(key.to_owned(), merged);
        fields.overwrite(&one);
    }
}

/// `nunjucks 3 escape`: the plugin's template escapes everything that it prints, ids too.
fn escape(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '\'' => escaped.push_str("&#39;"),
            '"' => escaped.push_str("&quot;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '`' => escaped.push_str("&#96;"),
            other => escaped.push(other),
        }
    }
    escaped
}
