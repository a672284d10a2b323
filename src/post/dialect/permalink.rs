//! Permalink patterns, checked against the syntax of their dialect.

use super::interface::Dialect;
use super::pattern::find_placeholders;
use crate::config::find_nearest;
use crate::post::settings_reader::SettingsReader;

/// The maximum number of unknown placeholders that a message names.
const SHOWN: usize = 5;

/// A permalink pattern, checked against the placeholders of its dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permalink(String);

impl Permalink {
    /// Parses a pattern, or the name of one, as written in a configuration.
    ///
    /// # Errors
    /// Sentences that name the unknown placeholders, and the nearest known placeholders or all of them.
    pub fn parse(dialect: &dyn Dialect, written: &str) -> Result<Self, String> {
        let syntax = dialect.spec().permalinks;
        let pattern = (syntax.expand)(written);
        let is_unknown = |name: &&str| {
            let known = |word: &&str| word == name || name.trim_end_matches('_') == *word;
            !syntax.placeholders.iter().any(known) && !(syntax.is_placeholder)(name)
        };
        let mut unknown: Vec<&str> = find_placeholders(pattern, syntax.is_word).filter(is_unknown).collect();
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
        let meant = unknown.iter().take(SHOWN).map(|name| find_nearest(name, syntax.placeholders));
        let advice = match meant.collect::<Option<Vec<&str>>>() {
            Some(meant) => format!("Did you mean {}?", list(&meant)),
            None => {
                let known: Vec<String> = syntax.placeholders.iter().map(|word| format!(":{word}")).collect();
                format!("Known in {}: {}.", dialect.name(), known.join(", "))
            }
        };
        Err(format!("the permalink {written:?} has {what} {}. {advice}", list(&unknown)))
    }

    /// Accepts a pattern of a site's own configuration unchecked, as its generator does.
    pub fn trust(dialect: &dyn Dialect, written: &str) -> Self {
        Self((dialect.spec().permalinks.expand)(written).to_owned())
    }

    /// The dialect's default pattern.
    pub fn default_of(dialect: &dyn Dialect) -> Self {
        Self::trust(dialect, dialect.spec().permalinks.default)
    }

    /// Reports unknown placeholders in a pattern of a site's own configuration, which is used all the same.
    pub(super) fn check(dialect: &dyn Dialect, reader: &mut SettingsReader<'_>, key: &str, pattern: &str) {
        if let Err(why) = Self::parse(dialect, pattern) {
            reader.report(key, why);
        }
    }

    /// The pattern as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
