//! What stands between `{{` and `}}`: a value and its filters.

use std::collections::BTreeMap;

use crate::body::markdown;
use crate::body::syntax::Output;
use crate::config::Dialect;
use crate::limits::EXPANSION_BYTES;

/// Steps that a filter takes for each byte, and those of one that reads Markdown.
const STEPS: usize = 4;
const MARKDOWN_STEPS: usize = 32;

/// The value of an expression; `None`: nobody knows it, or one of its filters.
pub(super) fn evaluate(written: &str, locals: &BTreeMap<String, String>, out: &Output<'_>) -> Option<String> {
    let mut parts = split(written, '|').into_iter();
    let look = |text: &str| read(text.trim(), locals, out);
    let first = parts.next()?;
    let filters: Vec<&str> = parts.collect();
    // A default stands for what nobody knows.
    let has_default = filters.iter().any(|filter| filter.trim().starts_with("default"));
    let value = look(first).or_else(|| has_default.then(String::new))?;
    let apply = |value: String, filter: &str| {
        Some(apply(&value, filter.trim(), &look, out)?).filter(|value| value.len() <= EXPANSION_BYTES)
    };
    filters.into_iter().try_fold(value, apply)
}

/// A quoted text, a number, or a variable.
fn read(text: &str, locals: &BTreeMap<String, String>, out: &Output<'_>) -> Option<String> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        let inner = text[1..].strip_suffix(quote).filter(|inner| !inner.contains(quote));
        return inner.map(str::to_owned);
    }
    if text.parse::<f64>().is_ok() {
        return Some(text.to_owned());
    }
    match locals.get(text) {
        Some(value) => out.budget.spend(value.len()).then(|| value.clone()),
        None => out.value(text),
    }
}

/// Parts of a text between signs that do not stand within quotes.
fn split(text: &str, sign: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote) = (0, None);
    for (at, c) in text.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == sign => {
                parts.push(&text[start..at]);
                start = at + c.len_utf8();
            }
            None => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

fn apply(
    value: &str,
    filter: &str,
    look: &dyn Fn(&str) -> Option<String>,
    out: &Output<'_>,
) -> Option<String> {
    let end = filter.find([':', '(', ' ']).unwrap_or(filter.len());
    let (name, args) = filter.split_at(end);
    let steps = if name == "markdownify" { MARKDOWN_STEPS } else { STEPS };
    if !out.budget.spend(value.len() * steps) {
        return None;
    }
    let args = args.trim_start_matches([':', '(', ' ']).trim_end_matches(')');
    let args: Vec<Option<String>> = split(args, ',').into_iter().map(look).collect();
    let arg = |place: usize| args.get(place).cloned().flatten();
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
        "prepend" => format!("{}{value}", arg(0)?),
        "append" => format!("{value}{}", arg(0)?),
        "replace" => {
            let (old, new) = (arg(0)?, arg(1)?);
            // Filters in a row must not grow a value without end.
            let grown = value.len() + value.matches(&old).count() * new.len();
            if grown > EXPANSION_BYTES {
                return None;
            }
            value.replace(&old, &new)
        }
        "replace_first" => value.replacen(&arg(0)?, &arg(1)?, 1),
        "remove" => value.replace(&arg(0)?, ""),
        "default" => {
            if value.is_empty() {
                arg(0)?
            } else {
                value.to_owned()
            }
        }
        "escape" | "xml_escape" | "e" | "escape_once" => {
            html_escape::encode_quoted_attribute(value).into_owned()
        }
        "strip" | "trim" => value.trim().to_owned(),
        "upcase" | "upper" => value.to_uppercase(),
        "downcase" | "lower" => value.to_lowercase(),
        "strip_html" | "striptags" => crate::body::strip_markup(value),
        "markdownify" => markdown::render(value, Dialect::Jekyll),
        "safe" | "raw" | "smartify" => value.to_owned(),
        _ => return None,
    })
}
