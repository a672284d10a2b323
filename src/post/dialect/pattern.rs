//! Patterns of permalinks, and the texts that templates of URLs are expanded to.

use std::collections::HashMap;

use super::Rules;
use crate::config::find_nearest;
use crate::limits::EXPANSION_BYTES;

/// A template of URLs grew beyond [`EXPANSION_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

/// Unknown placeholders that a message names at most.
const SHOWN: usize = 5;

/// A text that a template is expanded to, of at most [`EXPANSION_BYTES`].
#[derive(Debug, Default)]
pub(super) struct Expansion(String);

impl Expansion {
    pub(super) fn push(&mut self, text: &str) -> Result<(), TooLong> {
        if self.0.len() + text.len() > EXPANSION_BYTES {
            return Err(TooLong);
        }
        self.0.push_str(text);
        Ok(())
    }

    /// The text.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// A pattern of addresses, checked against the placeholders of its dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permalink(String);

impl Permalink {
    /// Checks a pattern, or the name of one, as written in a configuration.
    ///
    /// # Errors
    /// Sentences that name the unknown placeholders, and those that were probably meant or all that are known.
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

    /// A pattern of a site's own, as its generator takes it.
    pub fn trust(rules: &Rules, written: &str) -> Self {
        Self((rules.expand_permalink)(written).to_owned())
    }

    /// The pattern a dialect uses by itself.
    pub fn default_of(rules: &Rules) -> Self {
        Self::trust(rules, rules.permalink)
    }

    /// The pattern.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The words after `:` in a pattern; `\:` (Hugo) is a character.
pub(super) fn find_placeholders(pattern: &str, is_word: fn(char) -> bool) -> impl Iterator<Item = &str> {
    pattern.match_indices(':').filter_map(move |(at, _)| {
        let rest = &pattern[at + 1..];
        let end = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        (end > 0 && !pattern[..at].ends_with('\\')).then(|| &rest[..end])
    })
}

/// Puts values into a pattern; a placeholder `fill` does not know stays as it is. Each is asked for once,
/// however often it is written: some are costly to make.
///
/// `:year_:month` is read as Jekyll reads it: a name may end in a `_` that belongs to the text.
///
/// # Errors
/// [`TooLong`] if the text grows beyond any URL.
pub(super) fn fill_pattern(
    pattern: &str,
    is_word: fn(char) -> bool,
    fill: impl Fn(&str) -> Option<String>,
) -> Result<String, TooLong> {
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
    fn a_pattern_does_not_grow_without_end() {
        let long = "x".repeat(1 << 10);
        let fill = |pattern: &str| fill_pattern(pattern, is_lower_word, |_| Some(long.clone()));
        assert_eq!(fill(&":a".repeat(64)).map(|filled| filled.len()), Ok(EXPANSION_BYTES));
        assert_eq!(fill(&":a".repeat(65)), Err(TooLong));
        assert_eq!(fill(&"x".repeat(EXPANSION_BYTES + 1)), Err(TooLong));
    }

    #[test]
    fn each_value_is_made_once() {
        let made = std::cell::Cell::new(0);
        let fill = |_: &str| {
            made.set(made.get() + 1);
            Some(String::new())
        };
        assert_eq!(fill_pattern(&":title".repeat(5000), is_lower_word, fill).as_deref(), Ok(""));
        assert_eq!(made.get(), 1);
    }
}
