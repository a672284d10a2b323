//! Parsing of queries as sent: known and unknown parameters, their values, and what is wrong with them.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use percent_encoding::{percent_decode_str, utf8_percent_encode};

use super::bad_query::{BadQuery, shorten};
use super::near::is_near;
use super::query::{CONTENT, Query, VALUE, find_code, find_key};
use crate::catalog::{Selection, Snapshot};
use crate::config::{DateOrTime, Language, Order, Window};
use crate::words::{BadWords, Words};

/// The maximum number of entries per page.
const MAX_LIMIT: usize = 500;

/// The parameters in addition to those of taxonomies.
const FIXED: [&str; 11] =
    ["q", "limit", "content", "order", "page", "view", "sources", "languages", "since", "until", "window"];

/// The kinds of conditions on terms.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    All,
    Any,
    Not,
}

/// Parses a query as sent. Unknown parameters are ignored.
///
/// # Errors
/// [`BadQuery`]: the first reason why it cannot be answered.
pub(super) fn parse_query(snapshot: &Snapshot, text: &str) -> Result<Query, BadQuery> {
    let mut parser = Parser { snapshot, query: Query::default(), seen: Vec::new() };
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (parameter, value) = pair.split_once('=').unwrap_or((pair, ""));
        parser.add(&decode(parameter)?, value)?;
    }
    let Query { conditions, alternatives, .. } = &mut parser.query;
    let any = conditions.any.iter().map(|group| group[0].taxonomy);
    alternatives.extend(any.filter(|taxonomy| conditions.all.iter().all(|key| key.taxonomy != *taxonomy)));
    conditions.normalise();
    alternatives.retain(|taxonomy| conditions.all.iter().any(|key| key.taxonomy == *taxonomy));
    if conditions.period.is_reversed() {
        return Err(BadQuery::Period);
    }
    Ok(parser.query)
}

/// Returns true if every parameter of a query, as sent, is known.
pub fn knows_all_parameters(snapshot: &Snapshot, text: &str) -> bool {
    let parameters = text.split('&').filter_map(|pair| pair.split('=').next());
    parameters.filter(|parameter| !parameter.is_empty()).all(|parameter| {
        let name =
            parameter.strip_prefix("any_").or_else(|| parameter.strip_prefix("not_")).unwrap_or(parameter);
        FIXED.contains(&parameter) || snapshot.site.taxonomies.iter().any(|taxonomy| taxonomy.name == name)
    })
}

/// Returns true if a query, as sent, requests the feed itself also in a browser.
pub fn asks_for_source(text: &str) -> bool {
    text.split('&')
        .filter_map(|pair| pair.split('=').next())
        .any(|parameter| decode(parameter).is_ok_and(|parameter| parameter == "view"))
}

fn decode(text: &str) -> Result<String, BadQuery> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(Into::into).map_err(|_| BadQuery::Encoding)
}

/// A query that is being parsed.
struct Parser<'s> {
    snapshot: &'s Snapshot,
    query: Query,
    /// Parameters that take one value and already have it.
    seen: Vec<&'static str>,
}

impl Parser<'_> {
    fn add(&mut self, parameter: &str, value: &str) -> Result<(), BadQuery> {
        match parameter {
            "q" => {
                let value = decode(&value.replace('+', " "))?;
                self.once("q")?;
                let words = Words::parse(&value).map_err(|error| match error {
                    BadWords::None => empty(parameter),
                    BadWords::TooLong => BadQuery::LongSearch,
                    BadWords::OnlyExclusions => BadQuery::OnlyExclusions,
                })?;
                self.query.conditions.words = Some(words);
            }
            "limit" => {
                self.once("limit")?;
                self.query.limit = Some(read_number(parameter, value, Some(MAX_LIMIT))?);
            }
            "window" => {
                self.once("window")?;
                self.query.window = Some(read_form(parameter, value, Window::EXAMPLES)?);
            }
            "page" => {
                self.once("page")?;
                self.query.page = read_number(parameter, value, None)?;
            }
            "content" => {
                self.once("content")?;
                self.query.content = Some(read_keyword(parameter, value, CONTENT)?);
            }
            "order" => {
                self.once("order")?;
                self.query.order = Some(read_keyword(parameter, value, Order::WORDS)?);
            }
            "view" => {
                self.once("view")?;
                read_keyword(parameter, value, &[("source", ())])?;
            }
            "since" => {
                self.once("since")?;
                self.query.conditions.period.since = Some(self.read_date(parameter, value)?);
            }
            "until" => {
                self.once("until")?;
                self.query.conditions.period.until = Some(self.read_date(parameter, value)?);
            }
            "sources" => {
                let value = read_text(parameter, value)?;
                let place = self.snapshot.site.find_source(&value);
                refuse_list(parameter, &value, |name| self.snapshot.site.find_source(name).is_some())?;
                let place = place.ok_or_else(|| BadQuery::UnknownSource(shorten(&value)))?;
                self.query.conditions.sources.get_or_insert_default().push(place);
            }
            "languages" => {
                let value = read_text(parameter, value)?;
                refuse_list(parameter, &value, Language::is_tag)?;
                if !Language::is_tag(&value) {
                    return Err(BadQuery::NoLanguage(shorten(&value)));
                }
                let code = find_code(self.snapshot, &value);
                self.query.conditions.languages.get_or_insert_default().push(code);
            }
            _ => self.add_term(parameter, value)?,
        }
        Ok(())
    }

    fn add_term(&mut self, parameter: &str, value: &str) -> Result<(), BadQuery> {
        let (group, name) = match (parameter.strip_prefix("any_"), parameter.strip_prefix("not_")) {
            (Some(name), _) => (Group::Any, name),
            (_, Some(name)) => (Group::Not, name),
            _ => (Group::All, parameter),
        };
        let taxonomies = &self.snapshot.site.taxonomies;
        let Some(taxonomy) = taxonomies.iter().position(|taxonomy| taxonomy.name == name) else {
            if let Some(known) = self.find_near(parameter) {
                return Err(BadQuery::UnknownParameter { parameter: shorten(parameter), known });
            }
            return decode(value).map(drop);
        };
        let value = read_text(parameter, value)?;
        let is_used = |term: &str| {
            self.snapshot.resolve_term(taxonomy, term).is_some_and(|(_, entry)| !entry.posts.is_empty())
        };
        refuse_list(parameter, &value, is_used)?;
        let key = find_key(self.snapshot, taxonomy, &value);
        let Selection { all, any, not, .. } = &mut self.query.conditions;
        match group {
            Group::All => all.push(key),
            Group::Not => not.push(key),
            Group::Any => match any.iter_mut().find(|group| group[0].taxonomy == key.taxonomy) {
                Some(group) => group.push(key),
                None => any.push(vec![key]),
            },
        }
        Ok(())
    }

    fn read_date(&self, parameter: &str, value: &str) -> Result<DateTime<Utc>, BadQuery> {
        let date: DateOrTime = read_form(parameter, value, DateOrTime::EXAMPLES)?;
        Ok(date.resolve(self.snapshot.site.time_zone))
    }

    /// The known parameter that is near to an unknown one.
    fn find_near(&self, parameter: &str) -> Option<String> {
        if ["search", "query"].iter().any(|known| parameter.eq_ignore_ascii_case(known)) {
            return Some("q".to_owned());
        }
        let names = self.snapshot.site.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str());
        let of_terms = names.flat_map(|name| ["", "any_", "not_"].map(|prefix| format!("{prefix}{name}")));
        let mut known = FIXED.iter().map(|parameter| (*parameter).to_owned()).chain(of_terms);
        known.find(|known| is_near(parameter, known))
    }

    fn once(&mut self, parameter: &'static str) -> Result<(), BadQuery> {
        if self.seen.contains(&parameter) {
            return Err(BadQuery::Twice { parameter });
        }
        self.seen.push(parameter);
        Ok(())
    }
}

/// Rejects an unused value that splits into used values: its feed would be empty.
fn refuse_list(parameter: &str, value: &str, is_used: impl Fn(&str) -> bool) -> Result<(), BadQuery> {
    const MAX_PARTS: usize = 32;
    if !value.contains([',', '|']) || is_used(value) {
        return Ok(());
    }
    let parts = value.split([',', '|']).map(str::trim).filter(|part| !part.is_empty());
    let parts: Vec<&str> = parts.take(MAX_PARTS).collect();
    if parts.len() < 2 || !parts.iter().all(|part| is_used(part)) {
        return Ok(());
    }
    let repeat = |parameter: &str| {
        let pairs = parts.iter().map(|part| format!("{parameter}={}", utf8_percent_encode(part, VALUE)));
        pairs.collect::<Vec<_>>().join("&")
    };
    let is_plain = !parameter.starts_with("any_") && !parameter.starts_with("not_");
    let has_any = is_plain && !matches!(parameter, "sources" | "languages");
    Err(BadQuery::List {
        parameter: parameter.to_owned(),
        value: shorten(value),
        all: repeat(parameter),
        any: has_any.then(|| repeat(&format!("any_{parameter}"))),
    })
}

fn empty(parameter: &str) -> BadQuery {
    BadQuery::NoValue { parameter: shorten(parameter) }
}

fn read_text(parameter: &str, value: &str) -> Result<String, BadQuery> {
    let value = decode(value)?;
    if value.trim().is_empty() { Err(empty(parameter)) } else { Ok(value) }
}

fn read_number(parameter: &str, value: &str, most: Option<usize>) -> Result<usize, BadQuery> {
    let value = read_text(parameter, value)?;
    let number = value.parse().ok().filter(|_| value.bytes().all(|b| b.is_ascii_digit()));
    let is_known = |number: &usize| (1..=most.unwrap_or(u32::MAX as usize)).contains(number);
    number.filter(is_known).ok_or_else(|| BadQuery::Number {
        parameter: parameter.to_owned(),
        value: shorten(&value),
        most,
    })
}

/// Reads a value that has a form of its own, as `examples` have it.
fn read_form<T: FromStr>(parameter: &str, value: &str, examples: &'static str) -> Result<T, BadQuery> {
    let value = read_text(parameter, value)?;
    value.parse().map_err(|_| BadQuery::Form {
        parameter: parameter.to_owned(),
        value: shorten(&value),
        examples,
    })
}

fn read_keyword<T: Copy>(
    parameter: &str,
    value: &str,
    keywords: &[(&'static str, T)],
) -> Result<T, BadQuery> {
    let value = read_text(parameter, value)?;
    keywords.iter().find(|(known, _)| *known == value).map(|(_, value)| *value).ok_or_else(|| {
        BadQuery::Keyword {
            parameter: parameter.to_owned(),
            value: shorten(&value),
            known: keywords.iter().map(|(keyword, _)| *keyword).collect(),
        }
    })
}
