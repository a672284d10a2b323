//! The text between fences in each format → fields, or a fault with its place.

use std::borrow::Cow;

use super::Fault;
use crate::post::parse_value::find_too_large;
use crate::post::value::{Fields, Value};
use crate::post::yaml;

/// Replaces each unpaired surrogate escape in JSON with U+FFFD: no text can contain it.
pub(super) fn fix_surrogates(json: &str) -> Cow<'_, str> {
    if !json.contains("\\u") {
        return Cow::Borrowed(json);
    }
    let unit = |at: usize| {
        let digits = json.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut fixed = String::with_capacity(json.len());
    let mut at = 0;
    while let Some(escape) = json[at..].find('\\').map(|found| at + found) {
        fixed.push_str(&json[at..escape]);
        let length = match (unit(escape), unit(escape + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
            (Some(0xD800..=0xDFFF), _) => {
                fixed.push_str("\\uFFFD");
                at = escape + 6;
                continue;
            }
            // The character after a `\` is part of the escape.
            _ => 1 + json[escape + 1..].chars().next().map_or(0, char::len_utf8),
        };
        fixed.push_str(&json[escape..escape + length]);
        at = escape + length;
    }
    Cow::Owned(fixed + &json[at..])
}

pub(super) fn into_fields(value: Value) -> Fields {
    match value {
        Value::Map(fields) => fields,
        _ => Fields::default(),
    }
}

pub(super) fn read_yaml(text: &str, written: &str, above: impl Fn() -> u32) -> Result<Fields, Fault> {
    yaml::parse(written).map_err(|error| {
        let (line, column) = error.place.map_or((1, 1), |(line, column)| (line + above(), column));
        let message = describe("YAML", &error.message, advise(text, line));
        Fault::new((line, column), message)
    })
}

/// `#+title: …`; the value of a key that ends in `[]` is a list, divided at white space.
pub(super) fn read_org(written: &str) -> Fields {
    let mut fields = Fields::default();
    for (key, value) in written.lines().filter_map(|line| line.strip_prefix("#+")?.split_once(':')) {
        let value = value.trim();
        let item = |text: &str| Value::Text(text.to_owned());
        match key.strip_suffix("[]") {
            Some(key) => {
                fields.insert(key.to_owned(), Value::List(value.split_whitespace().map(item).collect()));
            }
            None => fields.insert(key.to_owned(), item(value)),
        }
    }
    fields
}

pub(super) fn json_fault(error: &serde_json::Error) -> Fault {
    let message = error.to_string();
    let end = message.find(" at line ").unwrap_or(message.len());
    let place = (error.line().max(1) as u32, error.column().max(1) as u32);
    Fault::new(place, describe("JSON", &message[..end], "Fix it there."))
}

/// The message for front matter that its parser rejects, with advice.
pub(super) fn describe(language: &str, reason: &str, advice: &str) -> String {
    match find_too_large(reason) {
        Some(reason) => format!("the front matter is {reason}. Shorten it."),
        None => format!("the front matter is not {language}: {reason}. {advice}"),
    }
}

/// The usual fix for YAML that is invalid at a line.
fn advise(text: &str, line: u32) -> &'static str {
    let written = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default();
    if written.contains('\t') {
        "Indent with spaces: YAML allows no tabs."
    } else {
        "Put a value that holds `: `, `#`, `[`, `@` or quotes between quotes."
    }
}
