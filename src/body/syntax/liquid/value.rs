//! Expressions: values, their filters, and conditions.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::data::Data;
use super::filters;
use crate::body::syntax::Output;
use crate::limits::{BODY_EXPANSION_BYTES, EXPANSION_BYTES};

/// The maximum number of variables of one body.
const MAX_VARIABLES: usize = 256;

/// The maximum length of a text that a body assigns, in bytes.
const LONGEST: usize = 4096;

/// The steps that are charged for each lookup of a value.
const STEPS: usize = 16;

/// The values of names in expressions.
#[derive(Default)]
pub(super) struct Values {
    /// The variables that the body assigned; `None`: the value cannot be known.
    locals: BTreeMap<String, Option<Data>>,
    /// The values that were looked up outside the body, by name.
    looked_up: RefCell<BTreeMap<String, Option<Data>>>,
}

impl Values {
    /// Assigns a value to a name. A value that is too long is unknown, a name beyond the maximum number is ignored.
    pub(super) fn assign(&mut self, name: &str, value: Option<Data>) {
        let name = name.trim();
        let held = self.locals.values().flatten().map(Data::weigh).sum::<usize>();
        let is_long = |value: &Data| {
            matches!(value, Data::Text(text) if text.len() > LONGEST)
                || held + value.weigh() > BODY_EXPANSION_BYTES
        };
        if self.locals.len() < MAX_VARIABLES || self.locals.contains_key(name) {
            self.locals.insert(name.to_owned(), value.filter(|value| !is_long(value)));
        }
    }

    /// Evaluates an expression; `None`: the value cannot be known, or one of the filters is unknown.
    pub(super) fn evaluate(&self, written: &str, out: &Output<'_>) -> Option<Data> {
        let mut parts = split_outside_quotes(written, '|').into_iter();
        let first = parts.next()?;
        let filters: Vec<&str> = parts.collect();
        // A default replaces a value that cannot be known.
        let has_default = filters.iter().any(|filter| filter.trim().starts_with("default"));
        let value = self.read(first, out).or_else(|| has_default.then_some(Data::Nil))?;
        filters.into_iter().try_fold(value, |value, filter| {
            let value = match filter.trim().split_once(':') {
                Some((name, args)) if matches!(name.trim(), "where_exp" | "find_exp") => {
                    self.select(&value, name.trim(), args, out)?
                }
                _ => filters::apply(&value, filter.trim(), &|text| self.read(text, out), out)?,
            };
            Some(value).filter(|value| !matches!(value, Data::Text(text) if text.len() > EXPANSION_BYTES))
        })
    }

    /// Reads a quoted text, a number, another literal, or a variable.
    pub(super) fn read(&self, text: &str, out: &Output<'_>) -> Option<Data> {
        let text = text.trim();
        if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            let inner = text[1..].strip_suffix(quote).filter(|inner| !inner.contains(quote));
            return inner.map(Data::from);
        }
        match text {
            "true" => return Some(Data::Bool(true)),
            "false" => return Some(Data::Bool(false)),
            "nil" | "null" | "none" => return Some(Data::Nil),
            "empty" | "blank" => return Some(Data::from("")),
            _ => {}
        }
        if let Ok(number) = text.parse() {
            return Some(Data::Int(number));
        }
        if text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '.')) {
            return text.parse().ok().map(Data::Float);
        }
        let value = self.find(text, out)?;
        out.budget.spend(STEPS + if let Data::Text(text) = &value { text.len() } else { 0 }).then_some(value)
    }

    /// Returns the value of a variable: `page.list[0].name`.
    fn find(&self, path: &str, out: &Output<'_>) -> Option<Data> {
        let (root, mut rest) = split_name(path);
        let mut value = match self.locals.get(root) {
            Some(local) => local.clone()?,
            None => {
                let belongs = matches!(root, "site" | "page" | "config") && rest.starts_with('.');
                let (key, behind) = if belongs { split_name(&rest[1..]) } else { ("", rest) };
                let name = if belongs { &path[..root.len() + 1 + key.len()] } else { root };
                rest = behind;
                match self.look_up(name, out) {
                    Some(value) => value,
                    None => return out.value(path).map(Data::from),
                }
            }
        };
        while !rest.is_empty() {
            if !out.budget.spend(value.weigh() / STEPS) {
                return None;
            }
            if let Some(inner) = rest.strip_prefix('[') {
                let end = inner.find(']')?;
                let key = inner[..end].trim();
                let nested = !key.contains('[');
                value = value.get(&self.read(key, out).filter(|_| nested)?.to_text()?);
                rest = &inner[end + 1..];
            } else {
                let (key, behind) = split_name(rest.strip_prefix('.')?);
                value = value.get(key);
                rest = behind;
            }
        }
        Some(value)
    }

    fn look_up(&self, name: &str, out: &Output<'_>) -> Option<Data> {
        if let Some(known) = self.looked_up.borrow().get(name) {
            return known.clone();
        }
        let value = out.resolve.data(name);
        let mut looked_up = self.looked_up.borrow_mut();
        if looked_up.len() < MAX_VARIABLES {
            looked_up.insert(name.to_owned(), value.clone());
        }
        value
    }

    /// Selects the items of a list, or the values of a map, for which a condition on a variable holds, or the first
    /// of them (`jekyll 4.4 where_exp`, `find_exp`).
    fn select(&self, list: &Data, filter: &str, args: &str, out: &Output<'_>) -> Option<Data> {
        let args = split_outside_quotes(args, ',').into_iter().map(|arg| self.read(arg, out)?.to_text());
        let [variable, condition] = <[String; 2]>::try_from(args.collect::<Option<Vec<_>>>()?).ok()?;
        let items: Arc<[Data]> = match list {
            Data::List(items) => Arc::clone(items),
            Data::Map(entries) => entries.iter().map(|(_, value)| value.clone()).collect(),
            other => return Some(other.clone()),
        };
        if !out.budget.spend(list.weigh() + self.locals.len() * filters::ITEM_STEPS) {
            return None;
        }
        let mut within = Self { locals: self.locals.clone(), looked_up: self.looked_up.clone() };
        let mut selected = Vec::new();
        for item in &*items {
            if !out.budget.spend(filters::ITEM_STEPS + condition.len() * filters::STEPS) {
                return None;
            }
            within.locals.insert(variable.clone(), Some(item.clone()));
            if within.holds(&condition, out)? {
                selected.push(item.clone());
                if filter == "find_exp" {
                    break;
                }
            }
        }
        Some(match filter {
            "find_exp" => selected.pop().unwrap_or(Data::Nil),
            _ => Data::list(selected),
        })
    }

    /// Returns true if a condition holds; `None`: it cannot be known.
    pub(super) fn holds(&self, written: &str, out: &Output<'_>) -> Option<bool> {
        let mut parts = vec![("", written.len(), written.len())];
        let mut at = 0;
        for word in split_outside_quotes(written, ' ') {
            if matches!(word, "and" | "or") {
                let behind = at + word.len();
                if let Some(last) = parts.last_mut() {
                    last.1 = at;
                }
                parts.push((word, written.len(), behind));
            }
            at += word.len() + 1;
        }
        // `liquid 4.0 If`: conditions are evaluated from the right.
        let mut rest: Option<Option<bool>> = None;
        for place in (0..parts.len()).rev() {
            let (_, end, start) = parts[place];
            let own = self.compare(&written[if place == 0 { 0 } else { start }..end], out);
            rest = Some(match (rest, parts.get(place + 1).map(|next| next.0)) {
                (None, _) | (_, None) => own,
                (Some(rest), Some("and")) => match (own, rest) {
                    (Some(false), _) | (_, Some(false)) => Some(false),
                    (Some(true), Some(true)) => Some(true),
                    _ => None,
                },
                (Some(rest), Some(_)) => match (own, rest) {
                    (Some(true), _) | (_, Some(true)) => Some(true),
                    (Some(false), Some(false)) => Some(false),
                    _ => None,
                },
            });
        }
        rest.flatten()
    }

    fn compare(&self, written: &str, out: &Output<'_>) -> Option<bool> {
        let words = split_outside_quotes(written, ' ');
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let [one, operator, other] = words[..] else {
            let [value] = words[..] else { return None };
            return self.read(value, out).map(|value| value.is_true());
        };
        let asks_empty = matches!(other, "empty" | "blank");
        let (one, other) = (self.read(one, out)?, self.read(other, out)?);
        if !out.budget.spend(one.weigh()) {
            return None;
        }
        let is_equal = || match (&one, &other) {
            _ if asks_empty => one.is_empty(),
            (Data::Int(_) | Data::Float(_), Data::Int(_) | Data::Float(_)) => {
                one.to_number() == other.to_number()
            }
            _ => one.equals(&other),
        };
        let order = || match (&one, &other) {
            (Data::Nil, _) | (_, Data::Nil) => None,
            _ => Some(one.compare(&other)),
        };
        Some(match operator {
            "==" | "===" => is_equal(),
            "!=" | "<>" | "!==" => !is_equal(),
            "<" => order() == Some(Ordering::Less),
            ">" => order() == Some(Ordering::Greater),
            "<=" => matches!(order(), Some(Ordering::Less | Ordering::Equal)),
            ">=" => matches!(order(), Some(Ordering::Greater | Ordering::Equal)),
            "contains" => match &one {
                Data::Text(text) => text.contains(&*other.to_text()?),
                Data::List(items) => items.iter().any(|item| item.equals(&other)),
                Data::Map(entries) => {
                    other.to_text().is_some_and(|key| entries.iter().any(|(own, _)| **own == *key))
                }
                _ => false,
            },
            _ => return None,
        })
    }
}

/// Splits a text into the name at its start and the rest.
fn split_name(text: &str) -> (&str, &str) {
    text.split_at(text.find(['.', '[']).unwrap_or(text.len()))
}

/// Splits a text at each separator outside quotes.
pub fn split_outside_quotes(text: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == separator => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            None => {}
        }
    }
    parts.push(&text[start..]);
    parts
}
