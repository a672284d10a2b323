//! Permalink templates: only values and the filters that permalinks use.

use std::cell::Cell;
use std::sync::LazyLock;

use chrono::format::{Item, StrftimeItems};
use regex::Regex;

use super::metadata::print;
use super::slug::slugify;
use super::{EXTENSIONS, Reading};
use crate::body::{apply_text_filter, split_outside_quotes};
use crate::limits::EXPANSION_BYTES;
use crate::post::date;
use crate::post::dialect::pattern::{Expansion, ExpansionTooLong};
use crate::post::value::Value;

/// The reason that a template is not expanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unfilled {
    /// The template contains something other than values and known filters: a sentence without a full stop.
    Unknown(String),
    /// The expansion exceeds [`EXPANSION_BYTES`].
    ExpansionTooLong,
}

impl From<ExpansionTooLong> for Unfilled {
    fn from(_: ExpansionTooLong) -> Self {
        Self::ExpansionTooLong
    }
}

impl From<String> for Unfilled {
    fn from(why: String) -> Self {
        Self::Unknown(why)
    }
}

/// Expands every `{{ value | filter: 'argument' | … }}` in a text.
///
/// # Errors
/// [`Unfilled`] if the template contains a tag or an unknown filter, or grows too large.
pub(super) fn fill(reading: &Reading<'_>, template: &str) -> Result<String, Unfilled> {
    if template.contains("{%") {
        return Err("it contains a tag".to_owned().into());
    }
    let mut budget = Budget(EXPANSION_BYTES);
    let mut parts = template.split("{{");
    let mut filled = Expansion::default();
    filled.push(parts.next().unwrap_or_default())?;
    for part in parts {
        let (expression, text) = part.split_once("}}").ok_or_else(|| "`{{` is never closed".to_owned())?;
        filled.push(&evaluate(reading, expression, &mut budget)?)?;
        filled.push(text)?;
    }
    Ok(filled.into_text())
}

/// The remaining total bytes of all values of one template, including those between filters. This limits the
/// time and the memory of an expansion.
struct Budget(usize);

impl Budget {
    fn spend(&mut self, bytes: usize) -> Result<(), ExpansionTooLong> {
        self.0 = self.0.checked_sub(bytes).ok_or(ExpansionTooLong)?;
        Ok(())
    }
}

fn evaluate(reading: &Reading<'_>, expression: &str, budget: &mut Budget) -> Result<String, Unfilled> {
    let mut steps = split_outside_quotes(expression, '|').into_iter();
    let first = steps.next().unwrap_or_default();
    let mut value = look_up(reading, first.trim())?;
    budget.spend(value.len())?;
    for step in steps {
        let step = step.trim();
        let end = step.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(step.len());
        let (name, rest) = step.split_at(end);
        let arguments = read_arguments(rest);
        if let ("replace", [old, new, ..]) = (name, &*arguments) {
            // Counted in advance: only this filter can multiply the size of a value.
            budget.spend(value.matches(old.as_str()).count() * new.len())?;
        }
        value = apply(reading, &value, name, &arguments)?;
        budget.spend(value.len())?;
    }
    Ok(value)
}

/// `: 'a', 'b'` of Liquid or `('a', 'b')` of Nunjucks.
fn read_arguments(written: &str) -> Vec<String> {
    let inner = written.trim().trim_start_matches([':', '(']).trim_end_matches(')');
    let arguments = split_outside_quotes(inner, ',').into_iter().map(|argument| unquote(argument.trim()));
    arguments.filter(|argument| !argument.is_empty()).collect()
}

fn unquote(text: &str) -> String {
    let bare = ['"', '\''].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    bare.unwrap_or(text).to_owned()
}

fn look_up(reading: &Reading<'_>, name: &str) -> Result<String, String> {
    if name.starts_with(['"', '\'']) {
        return Ok(unquote(name));
    }
    let below = reading.source.below_content(reading.path).unwrap_or(reading.path);
    let stem = stem(below);
    match name {
        "page.fileSlug" => return Ok(file_slug(stem)),
        "page.filePathStem" => return Ok(format!("/{stem}")),
        "page.inputPath" => return Ok(format!("./{}", reading.path)),
        "page.date" => return Ok(reading.date.to_rfc3339()),
        "page.outputFileExtension" => return Ok("html".to_owned()),
        _ => {}
    }
    let mut names = name.split('.');
    let mut value = names.next().and_then(|name| reading.front.get(name));
    for name in names {
        value = value.and_then(|value| value.as_map()?.get(name));
    }
    match value {
        Some(Value::Null) | None => Err(format!("`{name}` has no value")),
        Some(value) => Ok(print(value)),
    }
}

/// `eleventy 3 TemplateFileSlug#getSlug`: the name without its date; for an `index` file, the folder's name.
fn file_slug(stem: &str) -> String {
    static DATED: LazyLock<Regex> =
        LazyLock::new(|| Regex::new("^[0-9]{4}-[0-9]{2}-[0-9]{2}-(.+)$").expect("it is well-formed"));
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let undated =
        |name: &str| DATED.captures(name).map_or_else(|| name.to_owned(), |found| found[1].to_owned());
    let slug = undated(name);
    if slug == "index" { undated(folder.rsplit('/').next().unwrap_or(folder)) } else { slug }
}

fn apply(reading: &Reading<'_>, value: &str, filter: &str, arguments: &[String]) -> Result<String, String> {
    let needs_argument = Cell::new(false);
    let argument = |place: usize| {
        needs_argument.set(place >= arguments.len());
        arguments.get(place).cloned()
    };
    let filtered = match filter {
        "slugify" | "slug" => Some(slugify(value)),
        "default" if value.is_empty() => argument(0),
        "default" | "string" => Some(value.to_owned()),
        "date" => argument(0).map(|format| print_date(reading, value, &format)).transpose()?,
        _ => apply_text_filter(value, filter, &argument),
    };
    filtered.ok_or_else(|| {
        if needs_argument.get() {
            format!("`{filter}` needs an argument")
        } else {
            format!("unknown filter `{filter}`")
        }
    })
}

fn print_date(reading: &Reading<'_>, value: &str, format: &str) -> Result<String, String> {
    let moment = date::read(value).map_err(|why| format!("the date {value:?} {why}"))?;
    let zone = reading.source.machine_zone;
    let items: Vec<_> = StrftimeItems::new(format).collect();
    if items.contains(&Item::Error) {
        return Err(format!("{format:?} is not a date format"));
    }
    Ok(moment.in_zone(zone).with_timezone(&zone).format_with_items(items.iter()).to_string())
}

/// `eleventy 3 TemplateFileSlug`: a path without its extension, which must be in lower case.
pub(super) fn stem(path: &str) -> &str {
    let known = EXTENSIONS.iter().find_map(|extension| path.strip_suffix(extension)?.strip_suffix('.'));
    known.unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_slugs_have_no_date() {
        for (stem, slug) in [
            ("posts/2024-01-02-x", "x"),
            ("posts/2024-01-02", "2024-01-02"),
            ("posts/2024-01-02-x/index", "x"),
            ("index", ""),
            ("a/b", "b"),
        ] {
            assert_eq!(file_slug(stem), slug, "{stem}");
        }
    }

    #[test]
    fn arguments_are_parsed_in_both_languages() {
        assert_eq!(read_arguments(": '%Y/%m', \"a,b\""), ["%Y/%m", "a,b"]);
        assert_eq!(read_arguments("('x')"), ["x"]);
        assert!(read_arguments("").is_empty());
    }
}
