//! Titles, slugs and terms as Jekyll reads them.

use super::Reading;
use super::files::{find_place, split_name};
use crate::body::strip_markup;
use crate::post::dialect::TaxonomyKey;
use crate::post::file_path::drop_repeated;
use crate::post::value::Value;

/// The slug as written: `slug` of the front matter, else the slug in the file name.
pub(super) fn slug(reading: &Reading<'_>) -> String {
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
pub(super) fn title(reading: &Reading<'_>) -> String {
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

pub(super) fn terms(reading: &Reading<'_>, taxon: TaxonomyKey<'_>) -> Vec<String> {
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
pub(super) fn categories(reading: &Reading<'_>) -> Vec<String> {
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
