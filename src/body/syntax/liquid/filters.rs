//! Filters of Liquid (`liquid 4.0 StandardFilters`, `jekyll 4.4 Filters`) and Nunjucks.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::data::{Data, join};
use super::value::split;
use crate::body::markdown;
use crate::body::syntax::Output;
use crate::config::Dialect;
use crate::limits::EXPANSION_BYTES;

/// Steps that a filter takes for each byte or item, and those of one that reads Markdown.
const STEPS: usize = 4;
const MARKDOWN_STEPS: usize = 32;
const ITEM_STEPS: usize = 64;

/// No key of a filter is longer, in bytes.
const LONGEST_KEY: usize = 64;

/// The value that a filter makes; `None`: it is unknown.
pub(super) fn apply(
    value: &Data,
    filter: &str,
    read: &dyn Fn(&str) -> Option<Data>,
    out: &Output<'_>,
) -> Option<Data> {
    let end = filter.find([':', '(', ' ']).unwrap_or(filter.len());
    let (name, args) = filter.split_at(end);
    let args = args.trim_start_matches([':', '(', ' ']).trim_end_matches(')');
    let args: Vec<Option<Data>> = split(args, ',').into_iter().map(read).collect();
    let arg = |place: usize| args.get(place).cloned().flatten();
    if let Data::List(_) | Data::Map(_) | Data::Nil = value
        && let Some(result) = apply_to_list(value, name, &arg, out)
    {
        return result;
    }
    match name {
        "default" if value.is_empty() => return arg(0),
        "default" => return Some(value.clone()),
        "size" | "length" => return Some(value.size()),
        "plus" | "minus" | "times" | "divided_by" | "modulo" | "at_least" | "at_most" => {
            return calculate(name, value, &arg(0)?);
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
        let mark = arg(0)?.to_text()?;
        out.budget.spend(text.len() * ITEM_STEPS);
        let is_item = |item: &&str| !item.is_empty();
        // `Ruby String#split`: empty ones at the end are dropped, and with a blank all of them.
        let mut items: Vec<Data> = match mark.as_str() {
            " " => text.split_whitespace().map(Data::from).collect(),
            "" => text.split("").filter(is_item).map(Data::from).collect(),
            mark => text.split(mark).map(Data::from).collect(),
        };
        while items.pop_if(|item| item.is_empty()).is_some() {}
        return Some(Data::list(items));
    }
    apply_to_text(&text, name, &|place| arg(place)?.to_text(), out).map(Data::from)
}

/// What filters of lists make; outer `None`: it is no such filter.
fn apply_to_list(
    value: &Data,
    name: &str,
    arg: &dyn Fn(usize) -> Option<Data>,
    out: &Output<'_>,
) -> Option<Option<Data>> {
    let known = [
        "first",
        "last",
        "size",
        "length",
        "reverse",
        "compact",
        "uniq",
        "join",
        "sort",
        "sort_natural",
        "map",
        "where",
        "find",
        "concat",
        "slice",
        "group_by",
        "array_to_sentence_string",
        "push",
    ];
    if !known.contains(&name) {
        return None;
    }
    // A key is a few names.
    let key = || arg(0).and_then(|key| key.to_text()).filter(|key| key.len() <= LONGEST_KEY);
    if !out.budget.spend(value.weigh()) {
        return Some(None);
    }
    let items: Arc<[Data]> = match value {
        // `jekyll 4.4 where`: of a map its values.
        Data::Map(entries) if matches!(name, "where" | "find" | "sort" | "group_by") => {
            entries.iter().map(|(_, value)| value.clone()).collect()
        }
        _ => value.items(),
    };
    let sort_steps = if name.starts_with("sort") { items.len().max(1).ilog2() as usize } else { 0 };
    let held = items.iter().map(Data::weigh).sum::<usize>();
    if !out.budget.spend(held + items.len() * (ITEM_STEPS + 128 * sort_steps)) {
        return Some(None);
    }
    // `liquid 4.0 InputIterator`: lists within the list count as its own items.
    let is_nested = items.iter().any(|item| matches!(item, Data::List(_)));
    let flattens = matches!(name, "reverse" | "compact" | "uniq" | "join" | "map" | "concat");
    let list = if is_nested && flattens {
        items
            .iter()
            .flat_map(|item| {
                if let Data::List(_) = item { item.items() } else { [item.clone()].into() }.to_vec()
            })
            .collect()
    } else {
        items
    };
    let items = || list.iter().cloned();
    // What is printed of an item is charged like everything that is copied.
    let print = |item: &Data| item.to_text().filter(|text| out.budget.spend(text.len() * STEPS));
    let made = || {
        Some(match name {
            "size" | "length" => value.size(),
            "first" => items().next().unwrap_or(Data::Nil),
            "last" => items().next_back().unwrap_or(Data::Nil),
            "reverse" => Data::list(items().rev()),
            "compact" => Data::list(items().filter(|item| !matches!(item, Data::Nil))),
            "uniq" => {
                let texts = list.iter().map(print).collect::<Option<Vec<_>>>()?;
                let mut seen = HashSet::new();
                Data::list(items().zip(&texts).filter(|(_, text)| seen.insert(*text)).map(|(item, _)| item))
            }
            "join" => {
                let between = arg(0).map_or(Some(" ".to_owned()), |between| between.to_text())?;
                Data::from(join(&list, &between)?)
            }
            "array_to_sentence_string" => {
                let word = arg(0).map_or(Some("and".to_owned()), |word| word.to_text())?;
                Data::from(match &list[..] {
                    [one, other] => format!("{} {word} {}", print(one)?, print(other)?),
                    [first @ .., last] if !first.is_empty() => {
                        format!("{}, {word} {}", join(first, ", ")?, print(last)?)
                    }
                    all => join(all, "")?,
                })
            }
            "sort" | "sort_natural" => {
                let key = key();
                let read = |item: &Data| key.as_ref().map_or_else(|| item.clone(), |key| item.get_path(key));
                let fold = |item: Data| match (name, &item) {
                    ("sort_natural", Data::Text(_)) => {
                        print(&item).map_or(item, |text| text.to_lowercase().into())
                    }
                    _ => item,
                };
                let mut keyed: Vec<(Data, Data)> = items().map(|item| (fold(read(&item)), item)).collect();
                keyed.sort_by(|(one, _), (other, _)| one.compare(other));
                Data::list(keyed.into_iter().map(|(_, item)| item))
            }
            "map" => Data::list(items().map(|item| key().map_or(Data::Nil, |key| item.get_path(&key)))),
            "where" | "find" => {
                let (key, wanted) = (key()?, arg(1));
                let text = wanted.as_ref().and_then(Data::to_text).unwrap_or_default();
                let is_wanted = |item: &Data| {
                    let own = item.get_path(&key);
                    wanted.as_ref().map_or_else(|| own.is_true(), |wanted| own.matches(wanted, &text))
                };
                let mut found = items().filter(is_wanted);
                if name == "find" { found.next().unwrap_or(Data::Nil) } else { Data::list(found) }
            }
            "concat" => Data::list(items().chain(arg(0)?.items().iter().cloned())),
            "push" => Data::list(items().chain([arg(0)?])),
            "slice" => {
                let count = items().count() as i64;
                let Data::Int(from) = arg(0)? else { return None };
                let from = if from < 0 { count + from } else { from };
                let length = if let Some(Data::Int(length)) = arg(1) { length } else { 1 };
                let [from, length] = [from, length].map(|n| usize::try_from(n).unwrap_or_default());
                Data::list(items().skip(from).take(length))
            }
            "group_by" => {
                let key = key()?;
                let mut groups: Vec<(String, Vec<Data>)> = Vec::new();
                let mut places = HashMap::new();
                for item in items() {
                    let name = print(&item.get_path(&key))?;
                    let place = *places.entry(name.clone()).or_insert(groups.len());
                    match groups.get_mut(place) {
                        Some((_, items)) => items.push(item),
                        None => groups.push((name, vec![item])),
                    }
                }
                Data::list(groups.into_iter().map(|(name, items)| {
                    let size = Data::Int(items.len() as i64);
                    let entries = [("name", Data::from(name)), ("items", Data::list(items)), ("size", size)];
                    Data::Map(entries.map(|(key, value)| (key.into(), value)).into())
                }))
            }
            _ => return None,
        })
    };
    // To nothing most of them are nothing.
    Some(if matches!(value, Data::Nil) && !matches!(name, "size" | "join" | "concat" | "push") {
        Some(Data::Nil)
    } else {
        made()
    })
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
        "remove_first" => value.replacen(&arg(0)?, "", 1),
        "escape" | "xml_escape" | "e" | "escape_once" => {
            html_escape::encode_quoted_attribute(value).into_owned()
        }
        "strip" | "trim" => value.trim().to_owned(),
        "lstrip" => value.trim_start().to_owned(),
        "rstrip" => value.trim_end().to_owned(),
        "strip_newlines" => value.replace(['\r', '\n'], ""),
        "newline_to_br" => value.replace('\n', "<br />\n"),
        "upcase" | "upper" => value.to_uppercase(),
        "downcase" | "lower" => value.to_lowercase(),
        "capitalize" => {
            let mut letters = value.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            first + &letters.as_str().to_lowercase()
        }
        "truncate" => {
            truncate(value, &arg(0).unwrap_or("50".to_owned()), &arg(1).unwrap_or("...".to_owned()))?
        }
        "slice" => {
            let from: i64 = arg(0)?.parse().ok()?;
            let from = if from < 0 { value.chars().count() as i64 + from } else { from };
            let length = arg(1).map_or(Ok(1), |length| length.parse()).ok()?;
            value.chars().skip(usize::try_from(from).ok()?).take(length).collect()
        }
        "url_encode" | "cgi_escape" => {
            percent_encoding::utf8_percent_encode(value, URL).to_string().replace("%20", "+")
        }
        "strip_html" | "striptags" => crate::body::strip_markup(value),
        "markdownify" => markdown::render(value, Dialect::Jekyll),
        "first" => value.chars().next().map(String::from)?,
        "last" => value.chars().next_back().map(String::from)?,
        "safe" | "raw" | "smartify" | "to_string" | "join" => value.to_owned(),
        _ => return None,
    })
}

/// `Ruby CGI.escape`
const URL: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'*');

/// `liquid 4.0 truncate`: so many characters with the mark behind them.
fn truncate(value: &str, length: &str, mark: &str) -> Option<String> {
    let length: usize = length.parse().ok()?;
    if value.chars().count() <= length {
        return Some(value.to_owned());
    }
    let kept = length.saturating_sub(mark.chars().count());
    Some(value.chars().take(kept).collect::<String>() + mark)
}
