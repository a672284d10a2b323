//! The syntax of permalink patterns, and the texts to which URL templates are expanded.

use rustc_hash::FxHashMap;

use crate::limits::EXPANSION_BYTES;

/// The error of a URL template that expands to more than [`EXPANSION_BYTES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpansionTooLong;

/// The syntax of a dialect's permalink patterns.
#[derive(Debug, Clone, Copy)]
pub struct PermalinkSyntax {
    /// The default pattern.
    pub default: &'static str,
    /// A pattern as an example for people.
    pub example: &'static str,
    /// Placeholder names that a pattern may contain after a `:`.
    pub placeholders: &'static [&'static str],
    /// Returns true if a name that is not in `placeholders` is allowed too.
    pub is_placeholder: fn(&str) -> bool,
    /// Returns true if a placeholder name may contain the character.
    pub is_word: fn(char) -> bool,
    /// Replaces the name of a pattern (`pretty`) with the pattern.
    pub expand: fn(&str) -> &str,
}

impl PermalinkSyntax {
    /// The syntax of plain folders.
    pub const PLAIN: Self = Self {
        default: "/:path/",
        example: "/:path/",
        placeholders: &["path", "title", "year", "month", "day"],
        is_placeholder: |_| false,
        is_word: is_lower_word,
        expand: |pattern| pattern,
    };
}

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
    let mut values: FxHashMap<&str, Option<String>> = FxHashMap::default();
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

/// Placeholder names of lower-case letters and `_`.
pub(super) fn is_lower_word(c: char) -> bool {
    c.is_ascii_lowercase() || c == '_'
}

/// Placeholder names of the characters that `\w` matches.
pub(super) fn is_any_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
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
