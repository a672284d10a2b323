//! Filters of Liquid (`liquid 4.0 StandardFilters`, `jekyll 4.4 Filters`) and Nunjucks.

use super::data::Data;
use super::text_filters::apply_text_filter;
use super::value::split_outside_quotes;
use super::{dates, lists};
use crate::body::dialect_syntax::Syntax;
use crate::body::markdown;
use crate::body::syntax::Output;

/// The Markdown of the filter `markdownify`.
const MARKDOWNIFY: Syntax<'static> = Syntax { has_definitions: true, ..Syntax::GITHUB };

/// The steps that a filter takes for each byte, for each byte of Markdown, and for each item.
pub(super) const STEPS: usize = 4;
const MARKDOWN_STEPS: usize = 32;
pub(super) const ITEM_STEPS: usize = 64;

/// Applies a filter to a value; `None`: the result is unknown.
pub(super) fn apply(
    value: &Data,
    filter: &str,
    read: &dyn Fn(&str) -> Option<Data>,
    out: &Output<'_>,
) -> Option<Data> {
    let end = filter.find([':', '(', ' ']).unwrap_or(filter.len());
    let (name, args) = filter.split_at(end);
    let args = args.trim_start_matches([':', '(', ' ']).trim_end_matches(')');
    let args: Vec<Option<Data>> = split_outside_quotes(args, ',').into_iter().map(read).collect();
    let arg = |place: usize| args.get(place).cloned().flatten();
    if matches!(value, Data::List(_) | Data::Map(_) | Data::Nil) && lists::NAMES.contains(&name) {
        return lists::apply(value, name, &args, out);
    }
    match name {
        "default" if value.is_empty() => return arg(0),
        "default" => return Some(value.clone()),
        "size" | "length" => return Some(value.size()),
        "plus" | "minus" | "times" | "divided_by" | "modulo" | "at_least" | "at_most" => {
            return calculate(name, value, &arg(0)?);
        }
        "date" | "date_to_string" | "date_to_long_string" | "date_to_xmlschema" | "date_to_rfc822" => {
            return dates::apply(value, name, &args, out);
        }
        "abs" | "ceil" | "floor" | "round" => return round(name, value.to_number()?, arg(0)),
        _ => {}
    }
    let text = value.to_text()?;
    let steps = if name == "markdownify" { MARKDOWN_STEPS } else { STEPS };
    if !out.budget.spend(text.len() * steps) {
        return None;
    }
    if name == "split" {
        let separator = arg(0)?.to_text()?;
        out.budget.spend(text.len() * ITEM_STEPS);
        let is_item = |item: &&str| !item.is_empty();
        // `Ruby String#split`: empty items at the end are dropped; a split at a space drops all empty items.
        let mut items: Vec<Data> = match separator.as_str() {
            " " => text.split_whitespace().map(Data::from).collect(),
            "" => text.split("").filter(is_item).map(Data::from).collect(),
            separator => text.split(separator).map(Data::from).collect(),
        };
        while items.pop_if(|item| item.is_empty()).is_some() {}
        return Some(Data::list(items));
    }
    apply_to_text(&text, name, &|place| arg(place)?.to_text(), out).map(Data::from)
}

fn calculate(name: &str, value: &Data, other: &Data) -> Option<Data> {
    let whole = |value: &Data| match value {
        Data::Int(number) => Some(*number),
        Data::Text(text) => text.trim().parse().ok(),
        Data::Nil => Some(0),
        _ => None,
    };
    if let (Some(one), Some(other)) = (whole(value), whole(other)) {
        return match name {
            "plus" => one.checked_add(other),
            "minus" => one.checked_sub(other),
            "times" => one.checked_mul(other),
            // Ruby rounds down.
            "divided_by" => one.checked_div_euclid(other).filter(|_| other > 0),
            "modulo" => one.checked_rem_euclid(other).filter(|_| other > 0),
            "at_least" => Some(one.max(other)),
            _ => Some(one.min(other)),
        }
        .map(Data::Int);
    }
    let (one, other) = (value.to_number()?, other.to_number()?);
    let number = match name {
        "plus" => one + other,
        "minus" => one - other,
        "times" => one * other,
        "divided_by" => one / other,
        "modulo" => one.rem_euclid(other),
        "at_least" => one.max(other),
        _ => one.min(other),
    };
    number.is_finite().then_some(Data::Float(number))
}

fn round(name: &str, number: f64, digits: Option<Data>) -> Option<Data> {
    if name == "abs" && number.fract() != 0.0 {
        return Some(Data::Float(number.abs()));
    }
    let number = match (name, digits) {
        ("round", Some(Data::Int(digits @ 1..=12))) => {
            let scale = 10_f64.powi(digits as i32);
            return Some(Data::Float((number * scale).round() / scale));
        }
        ("ceil", _) => number.ceil(),
        ("floor", _) => number.floor(),
        ("abs", _) => number.abs(),
        _ => number.round(),
    };
    (number.abs() < 1e15).then_some(Data::Int(number as i64))
}

fn apply_to_text(
    value: &str,
    name: &str,
    arg: &dyn Fn(usize) -> Option<String>,
    out: &Output<'_>,
) -> Option<String> {
    let site = |name: &str| out.value(&format!("site.{name}")).unwrap_or_default();
    // `jekyll 4.4 URLFilters`
    let relative = || {
        let base = site("baseurl");
        let base = base.trim_end_matches('/');
        let is_whole = value.contains("://") || value.starts_with("//");
        if is_whole { value.to_owned() } else { format!("{base}/{}", value.trim_start_matches('/')) }
    };
    Some(match name {
        "relative_url" | "url" | "url_for" => relative(),
        "absolute_url" | "htmlBaseUrl" | "absoluteUrl" => {
            let relative = relative();
            if relative.contains("://") {
                relative
            } else {
                format!("{}{relative}", site("url").trim_end_matches('/'))
            }
        }
        "markdownify" => markdown::render(value, &MARKDOWNIFY),
        _ => return apply_text_filter(value, name, arg),
    })
}
