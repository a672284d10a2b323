//! Permalink patterns, and the texts to which URL templates are expanded.

use std::collections::HashMap;

use super::Rules;
use crate::config::find_nearest;
use crate::limits::EXPANSION_BYTES;

/// The error of a URL template that expands to more than [`EXPANSION_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpansionTooLong;

/// The maximum number of unknown placeholders that a message names.
const SHOWN: usize = 5;

/// The expansion of a template, of at most [`EXPANSION_BYTES`].
#[derive(Debug, Default)]
pub(super) struct Expansion(String);

impl Expansion {
    pub(super) fn push(&mut self, text: &str) -> Result<(), ExpansionTooLong> {
        if self.0.len() + text.len() > EXPANSION_BYTES {
            return Err(ExpansionTooLong);
        }
        self.0.push_str(text);
        Ok(())
    }

    /// The expanded text.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// A permalink pattern, checked against the placeholders of its dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permalink(String);

impl Permalink {
    /// Parses a pattern, or the name of one, as written in a configuration.
    ///
    /// # Errors
    /// Sentences that name the unknown placeholders, and the nearest known placeholders or all of them.
    pub fn parse(rules: &Rules, written: &str) -> Result<Self, String> {
        let pattern = (rules.expand_permalink)(written);
        let is_unknown = |name: &&str| {
            let known = |word: &&str| word == name || name.trim_end_matches('_') == *word;
            !rules.placeholders.iter().any(known) && !(rules.is_placeholder)(name)
        };
        let mut unknown: Vec<&str> = find_placeholders(pattern, rules.is_word).filter(is_unknown).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if unknown.is_empty() {
            return Ok(Self(pattern.to_owned()));
        }
        let list = |names: &[&str]| {
            let names = names.iter().take(SHOWN).map(|name| format!("`:{name}`"));
            names.collect::<Vec<_>>().join(", ")
        };
        let what = if unknown.len() == 1 { "an unknown placeholder" } else { "unknown placeholders" };
        let meant = unknown.iter().take(SHOWN).map(|name| find_nearest(name, rules.placeholders));
        let advice = match meant.collect::<Option<Vec<&str>>>() {
            Some(meant) => format!("Did you mean {}?", list(&meant)),
            None => {
                let known: Vec<String> = rules.placeholders.iter().map(|word| format!(":{word}")).collect();
                format!("Known in {}: {}.", rules.dialect.name(), known.join(", "))
            }
        };
        Err(format!("the permalink {written:?} has {what} {}. {advice}", list(&unknown)))
    }

    /// Accepts a pattern of a site's own configuration unchecked, as its generator does.
    pub fn trust(rules: &Rules, written: &str) -> Self {
        Self((rules.expand_permalink)(written).to_owned())
    }

    /// The dialect's default pattern.
    pub fn default_of(rules: &Rules) -> Self {
        Self::trust(rules, rules.permalink)
    }

    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The placeholder names after `:` in a pattern; `\:` (Hugo) is a literal `:`.
pub(super) fn find_placeholders(pattern: &str, is_word: fn(char) -> bool) -> impl Iterator<Item = &str> {
    pattern.match_indices(':').filter_map(move |(at, _)| {
        let rest = &pattern[at + 1..];
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        (end > 0 && !pattern[..at].ends_with('\\')).then(|| &rest[..end])
    })
}

/// Expands a pattern; a placeholder that `fill` does not know is kept as written. `fill` is called once per
/// placeholder, however often it occurs: some values are costly.
///
/// `:year_:month` is parsed as in Jekyll: a `_` at the end of a name may belong to the literal text.
///
/// # Errors
/// [`ExpansionTooLong`] if the result exceeds [`EXPANSION_BYTES`].
pub(super) fn fill_pattern(
    pattern: &str,
    is_word: fn(char) -> bool,
    fill: impl Fn(&str) -> Option<String>,
) -> Result<String, ExpansionTooLong> {
    let mut values: HashMap<&str, Option<String>> = HashMap::new();
    let mut parts = pattern.split(':');
    let mut filled = Expansion::default();
    filled.push(parts.next().unwrap_or_default())?;
    for rest in parts {
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let bare = name.trim_end_matches('_');
        let known =
            [name, bare].into_iter().find(|name| values.entry(name).or_insert_with(|| fill(name)).is_some());
        match known.and_then(|known| Some((values.get(known)?.as_deref()?, &name[known.len()..]))) {
            Some((value, tail)) => [value, tail, after].into_iter().try_for_each(|text| filled.push(text))?,
            None => [":", rest].into_iter().try_for_each(|text| filled.push(text))?,
        }
    }
    Ok(filled.into_text())
}

#[cfg(test)]
mod tests {
    use super::super::is_lower_word;
    use super::*;

    #[test]
    fn the_expansion_of_a_pattern_is_limited() {
        let long = "x".repeat(1 << 10);
        let fill = |pattern: &str| fill_pattern(pattern, is_lower_word, |_| Some(long.clone()));
        assert_eq!(fill(&":a".repeat(64)).map(|filled| filled.len()), Ok(EXPANSION_BYTES));
        assert_eq!(fill(&":a".repeat(65)), Err(ExpansionTooLong));
        assert_eq!(fill(&"x".repeat(EXPANSION_BYTES + 1)), Err(ExpansionTooLong));
    }

    #[test]
    fn each_value_is_computed_once() {
        let made = std::cell::Cell::new(0);
        let fill = |_: &str| {
            made.set(made.get() + 1);
            Some(String::new())
        };
        assert_eq!(fill_pattern(&":title".repeat(5000), is_lower_word, fill).as_deref(), Ok(""));
        assert_eq!(made.get(), 1);
    }
}
