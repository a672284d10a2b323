//! Probable mistakes in the front matter of posts, which generators accept without a warning.

use super::fill::fill_defaults;
use super::front_matter::{self, FrontMatter};
use super::source::Source;
use super::value::Value;
use crate::config::{Language, position};

/// Line and column of a fault, and a message that says how to fix it.
type Fault = ((u32, u32), String);

/// Finds faults in the front matter of a post, given the text of its file.
pub fn lint(source: &Source, path: &str, text: &str) -> Vec<Fault> {
    let Ok(written) = front_matter::read(text, source.dialect.spec().fences) else { return Vec::new() };
    let mut faults = Vec::new();
    faults.extend(find_other_fences(source, &written, text));
    faults.extend(find_repeated(&written));
    faults.extend(find_curly_quotes(&written, text));
    let mut front = written;
    fill_defaults(source, path, &mut front);
    faults.extend(find_maps_of_terms(&front));
    faults.extend(find_language(&front));
    faults
}

/// TOML between `+++` is part of the body in dialects that do not read it.
fn find_other_fences(source: &Source, front: &FrontMatter<'_>, text: &str) -> Option<Fault> {
    let mut lines = text.lines().map(str::trim_end);
    let is_toml = !front.exists && lines.next() == Some("+++") && lines.any(|line| line == "+++");
    is_toml.then(|| {
        let dialect = source.dialect.name();
        let advice = "Write it as YAML between two lines `---`.";
        (
            (1, 1),
            format!(
                "{dialect} does not read TOML between `+++`: this front matter is published as text. {advice}"
            ),
        )
    })
}

fn find_repeated(front: &FrontMatter<'_>) -> Option<Fault> {
    let key = front.fields.repeated()?;
    Some((front.place(key), format!("`{key}` is written twice: only this one counts. Remove one of them.")))
}

/// Typographic quotes around a value are part of it.
fn find_curly_quotes(front: &FrontMatter<'_>, text: &str) -> Option<Fault> {
    const PAIRS: [(char, char); 4] = [('“', '”'), ('‘', '’'), ('„', '“'), ('”', '”')];
    let written = &text[..text.len() - front.body.len()];
    let mut line_start = 0;
    for line in written.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        let from = match line[indent..].strip_prefix("- ") {
            Some(item) => line.len() - item.len(),
            None => line.find([':', '=']).map_or(line.len(), |at| at + 1),
        };
        // The items of a list on one line are checked one by one.
        let mut items = line[from..].split(['[', ',', ']']).map(str::trim);
        let quoted = items.find(|item| {
            PAIRS.iter().any(|(open, close)| {
                let inner = item.strip_prefix(*open).and_then(|rest| rest.strip_suffix(*close));
                inner.is_some_and(|inner| !inner.is_empty())
            })
        });
        if let Some(item) = quoted {
            let at = line_start + from + line[from..].find(item).unwrap_or_default();
            let advice = "Write straight ones, \" or '.";
            return Some((
                position(text, at),
                format!("these typographic quotes are part of the value. {advice}"),
            ));
        }
        line_start += line.len();
    }
    None
}

fn find_maps_of_terms(front: &FrontMatter<'_>) -> Option<Fault> {
    let key = ["tags", "categories"].into_iter().find(|key| matches!(front.get(key), Some(Value::Map(_))))?;
    let message = format!("`{key}` is a map, not a list of terms. Write a list: {key}: [one, two].");
    Some((front.place(key), message))
}

fn find_language(front: &FrontMatter<'_>) -> Option<Fault> {
    let (key, value) = front.first(&["lang", "language"])?;
    let tag = value.to_text().filter(|tag| Language::parse_tag(tag).is_none())?;
    let message = format!("`{key}` is not a language tag: {tag:?}. {}", Language::advise(&tag));
    Some((front.place(key), message))
}
