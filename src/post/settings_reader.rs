//! Reads a site's own configuration. A key is declared where it is read, with the values that it may have: any other
//! value is a problem at its place, and is ignored.

use std::str::FromStr;

use chrono_tz::Tz;

use super::authors::read_author;
use super::config_file::ConfigFile;
use super::value::{Fields, Value};
use crate::config::{Author, BaseUrl, Language, Problem, position};

/// A configuration, and the problems in it. A key in a table is called `table.key`.
pub(super) struct SettingsReader<'a> {
    files: &'a [ConfigFile],
    fields: &'a Fields,
    is_unreadable: bool,
    problems: Vec<Problem>,
}

/// The maximum number of characters of a wrong value that a message shows.
const SHOWN: usize = 40;

impl<'a> SettingsReader<'a> {
    /// A reader of the fields of files. `faults` are the errors of those that could not be parsed.
    pub(super) fn new(files: &'a [ConfigFile], fields: &'a Fields, faults: Vec<Problem>) -> Self {
        Self { files, fields, is_unreadable: !faults.is_empty(), problems: faults }
    }

    /// Goes on with other fields of the same files.
    pub(super) fn with_fields(self, fields: &'a Fields) -> Self {
        Self { fields, ..self }
    }

    /// Returns true if a file could not be parsed, and all problems.
    pub(super) fn finish(self) -> (bool, Vec<Problem>) {
        (self.is_unreadable, self.problems)
    }

    /// Reports a problem at the place of a key.
    pub(super) fn report(&mut self, path: &str, message: String) {
        let found = self.files.iter().find_map(|file| Some((file, file.find(path)?)));
        let (name, place) = match (found, self.files.first()) {
            (Some((file, at)), _) => (file.name.as_str(), position(&file.text, at)),
            (None, first) => (first.map_or("", |file| &file.name), (1, 1)),
        };
        let problem = Problem::error(name, message).at(place);
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// The value of a key. Null counts as unspecified. A value in place of a table is reported.
    pub(super) fn value(&mut self, path: &str) -> Option<&'a Value> {
        let (table, key) = match path.rsplit_once('.') {
            Some((table, key)) => (self.table(table)?, key),
            None => (self.fields, path),
        };
        table.get(key).filter(|value| !matches!(value, Value::Null))
    }

    /// The value of a key, as `read` understands it; `expected` says what to write in place of a value that it does not
    /// understand.
    pub(super) fn read<T>(
        &mut self,
        path: &str,
        expected: &str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(path)?;
        let result = read(value);
        if result.is_none() {
            let shown = show(value);
            self.report(path, format!("the site's `{path}` is {shown} and is ignored. Write {expected}."));
        }
        result
    }

    /// The items of a list, or one item, as `read` understands them; `None` in place of one that it does not
    /// understand.
    pub(super) fn items<T>(
        &mut self,
        path: &str,
        expected: &str,
        read: impl Fn(&'a Value) -> Option<T>,
    ) -> Vec<Option<T>> {
        let items = self.value(path).map(Value::items).unwrap_or_default();
        let items = items.iter().filter(|item| !matches!(item, Value::Null));
        let read = items.map(|item| {
            let result = read(item);
            if result.is_none() {
                let shown = show(item);
                let message =
                    format!("the site's `{path}` contains {shown}, which is ignored. Write {expected}.");
                self.report(path, message);
            }
            result
        });
        read.collect()
    }

    /// A text, or a value that can be written as one. An empty text counts as unspecified.
    pub(super) fn text(&mut self, path: &str) -> Option<String> {
        self.read(path, "a string", Value::to_text).filter(|text| !text.is_empty())
    }

    /// A text that is not a number, `true` or `false`.
    pub(super) fn pattern(&mut self, path: &str) -> Option<String> {
        self.read(path, "a pattern of URL paths", Value::as_str).map(str::to_owned)
    }

    /// A list of texts, or one text.
    pub(super) fn texts(&mut self, path: &str) -> Vec<String> {
        self.items(path, "a list of strings", Value::to_text).into_iter().flatten().collect()
    }

    /// `true` or `false`.
    pub(super) fn flag(&mut self, path: &str) -> Option<bool> {
        self.read(path, "`true` or `false`", Value::as_bool)
    }

    /// Returns true if a key is `true`.
    pub(super) fn is_on(&mut self, path: &str) -> bool {
        self.flag(path) == Some(true)
    }

    /// A whole number.
    pub(super) fn number<N: FromStr>(&mut self, path: &str) -> Option<N> {
        self.read(path, "a whole number", |value| value.to_text()?.parse().ok())
    }

    /// One of some words or numbers.
    pub(super) fn word<T: Copy>(&mut self, path: &str, words: &[(&str, T)]) -> Option<T> {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        self.read(path, &format!("one of these: {}", names.join(", ")), |value| {
            let written = value.to_text()?;
            words.iter().find(|(name, _)| *name == written).map(|(_, word)| *word)
        })
    }

    /// A table of keys and values.
    pub(super) fn table(&mut self, path: &str) -> Option<&'a Fields> {
        self.read(path, "a table of keys and values", Value::as_map)
    }

    /// A list of tables, or one table.
    pub(super) fn tables(&mut self, path: &str) -> Vec<&'a Fields> {
        self.items(path, "a list of tables", Value::as_map).into_iter().flatten().collect()
    }

    /// The keys of a table whose values are tables.
    pub(super) fn names_of_tables(&mut self, path: &str) -> Vec<&'a str> {
        let keys = self.table(path).into_iter().flat_map(Fields::iter).map(|(key, _)| key);
        keys.filter(|key| self.table(&format!("{path}.{key}")).is_some()).collect()
    }

    /// The keys of a table whose values are texts, with these.
    pub(super) fn pairs(&mut self, path: &str) -> Vec<(String, String)> {
        let keys = self.table(path).into_iter().flat_map(Fields::iter).map(|(key, _)| key);
        keys.filter_map(|key| Some((key.to_owned(), self.text(&format!("{path}.{key}"))?))).collect()
    }

    /// An author: a name, or a table.
    pub(super) fn author(&mut self, path: &str) -> Option<Author> {
        let is_author = |value: &'a Value| (!matches!(value, Value::List(_))).then(|| read_author(value));
        self.read(path, "a name, or a table with a `name`", is_author).flatten()
    }

    /// The URL of the site, written at a key.
    pub(super) fn base_url(&mut self, path: &str, url: &str) -> Option<BaseUrl> {
        let url = BaseUrl::parse(url).map_err(|why| self.report(path, format!("the site's `{path}` {why}")));
        url.ok()
    }

    /// A language tag.
    pub(super) fn language(&mut self, path: &str) -> Option<String> {
        let tag = self.text(path)?;
        self.check_language(path, tag)
    }

    /// The language tag of a text that is written at a key.
    pub(super) fn check_language(&mut self, path: &str, tag: String) -> Option<String> {
        let parsed = Language::parse_tag(&tag);
        if parsed.is_none() {
            let advice = Language::advise(&tag);
            self.report(path, format!("the site's `{path}` is not a language tag: {tag:?}. {advice}"));
        }
        parsed
    }

    /// The name of a time zone.
    pub(super) fn time_zone(&mut self, path: &str) -> Option<Tz> {
        let name = self.text(path)?;
        let zone = name.parse().ok();
        if zone.is_none() {
            let advice = "Write an IANA name like \"Europe/Berlin\".";
            self.report(path, format!("the site's time zone is unknown: {name:?}. {advice}"));
        }
        zone
    }
}

/// A wrong value, for messages.
fn show(value: &Value) -> String {
    match value {
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "a table".to_owned(),
        Value::Text(text) => format!("{:?}", text.chars().take(SHOWN).collect::<String>()),
        other => other.to_text().unwrap_or_default(),
    }
}
