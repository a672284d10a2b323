//! `select` of a `[[feed]]`: the conditions on its posts.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use super::advice::advise;
use super::date_or_time::DateOrTime;
use super::language::Language;
use super::reader::{At, FromToml};
use super::schema;
use crate::words::{BadWords, Words};

/// The conditions of a `[[feed]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Select {
    /// Conditions on terms, by the name of their taxonomy.
    pub terms: BTreeMap<String, TermConditions>,
    /// Sources by name; empty: all.
    pub sources: Vec<String>,
    /// Languages by code; empty: each source's default.
    pub languages: Vec<String>,
    /// A query of words.
    pub q: Option<String>,
    /// The start of the period of publication, inclusive.
    pub since: Option<DateOrTime>,
    /// The end of the period of publication, exclusive.
    pub until: Option<DateOrTime>,
}

/// Conditions on the terms of one taxonomy.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermConditions {
    /// Each of these.
    pub all: Vec<String>,
    /// At least one of these.
    pub any: Vec<String>,
    /// None of these.
    pub not: Vec<String>,
}

/// Describes the table in the JSON Schema.
pub(super) fn describe() -> Value {
    let texts = schema::list(schema::filled_text());
    let known = [
        ("sources", texts.clone()),
        ("languages", Vec::<Language>::describe()),
        ("q", schema::filled_text()),
        ("since", DateOrTime::describe()),
        ("until", DateOrTime::describe()),
    ];
    schema::named_like(
        "^(?!(any|not)_(sources|languages|q|since|until|any_.*|not_.*)?$)[^/]+$",
        &known,
        texts,
    )
}

/// Reads the table. `taxonomies` and `sources` are the names that it can contain.
pub(super) fn read(at: At<'_>, taxonomies: &[String], sources: &[String]) -> Option<Select> {
    let mut select = Select::default();
    let table = at.table()?;
    for (key, span, value) in table.entries() {
        let name = format!("{}.{key}", at.name);
        let here = At { value, name: &name, faults: at.faults };
        match key {
            "sources" => select.sources = read_sources(here, sources),
            "languages" => {
                let codes: Vec<Language> = Vec::read(here).unwrap_or_default();
                select.languages = codes.into_iter().map(|code| code.0).collect();
            }
            "q" => select.q = read_query(here),
            "since" => select.since = DateOrTime::read(here),
            "until" => select.until = DateOrTime::read(here),
            _ => read_terms(here, key, span, taxonomies, &mut select),
        }
    }
    let is_empty = |(since, until): (DateOrTime, DateOrTime)| since.is_not_before(until);
    if select.since.zip(select.until).is_some_and(is_empty) {
        return at.error("has a `since` that is not before `until`. Write an earlier `since`.");
    }
    Some(select)
}

fn read_sources(at: At<'_>, known: &[String]) -> Vec<String> {
    let names: Vec<String> = Vec::read(at).unwrap_or_default();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    for name in names.iter().filter(|name| !known.contains(&name.as_str())) {
        at.error::<()>(format!("names no source: {name:?}. {}", advise(name, &known)));
    }
    names
}

/// Reads a query of words.
fn read_query(at: At<'_>) -> Option<String> {
    let text = String::read(at)?;
    match Words::parse(&text) {
        Ok(_) => Some(text),
        Err(BadWords::OnlyExclusions) => at.error("only excludes words. Add a word that posts must have."),
        Err(error) => at.error(format!("is not a search: {error}. Write words, like \"rust -news\".")),
    }
}

/// Returns a text unless it is blank.
fn read_filled(at: At<'_>, text: String) -> Option<String> {
    if text.trim().is_empty() { at.error("is empty. Write something, or leave it out.") } else { Some(text) }
}

fn read_terms(at: At<'_>, key: &str, span: Range<usize>, taxonomies: &[String], select: &mut Select) {
    let (group, taxonomy) = match key.split_once('_') {
        Some(("any", rest)) => ("any", rest),
        Some(("not", rest)) => ("not", rest),
        _ => ("", key),
    };
    if !taxonomies.iter().any(|known| known == taxonomy) {
        let mut known: Vec<String> =
            ["sources", "languages", "q", "since", "until"].map(str::to_owned).to_vec();
        for name in taxonomies {
            known.extend([name.clone(), format!("any_{name}"), format!("not_{name}")]);
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let advice = advise(key, &known);
        let message = format!(
            "there is no condition `{}`. {advice} Declare the site's own taxonomies under [taxonomies] first.",
            at.name
        );
        at.faults.error(span, message);
        return;
    }
    let terms: Vec<String> = Vec::read(at).unwrap_or_default();
    let terms: Vec<String> = terms.into_iter().filter_map(|term| read_filled(at, term)).collect();
    let conditions = select.terms.entry(taxonomy.to_owned()).or_default();
    match group {
        "any" => conditions.any = terms,
        "not" => conditions.not = terms,
        _ => conditions.all = terms,
    }
}
