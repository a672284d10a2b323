//! Titles, tags and other values as JavaScript reads and prints them.

use super::Reading;
use crate::post::date::javascript;
use crate::post::dialect::TaxonomyKey;
use crate::post::front_matter::FrontMatter;
use crate::post::value::Value;

/// Converts a value to text as JavaScript does.
pub(super) fn print(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::List(items) => items.iter().map(print).collect::<Vec<_>>().join(","),
        Value::Map(_) => "[object Object]".to_owned(),
        other => other.to_text().unwrap_or_default(),
    }
}

/// A title that YAML parses as a date is printed as one.
pub(super) fn title(reading: &Reading<'_>) -> String {
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
pub(super) fn read_list(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Text(text) => text.split(',').map(|item| Value::Text(item.to_owned())).collect(),
        other => other.items().to_vec(),
    }
}

pub(super) fn read_tags(front: &FrontMatter<'_>) -> Vec<String> {
    let value = front.get("override:tags").or_else(|| front.get("tags"));
    value.map(read_list).unwrap_or_default().iter().map(print).collect()
}

pub(super) fn terms(reading: &Reading<'_>, taxon: TaxonomyKey<'_>) -> Vec<String> {
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
