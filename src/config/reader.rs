//! A walk over a spanned TOML tree that reads typed values and collects every fault on its way.

use std::cell::RefCell;
use std::ops::Range;

use serde_json::Value;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::advice::{advise, find_nearest};
use super::problem::{Problem, position};
use super::schema;

/// The faults that one walk over one file finds.
pub(super) struct Faults<'a> {
    file: &'a str,
    text: &'a str,
    found: RefCell<Vec<Problem>>,
    /// The JSON Schema of the table read last, on a walk that only describes.
    described: RefCell<Option<Value>>,
    describes: bool,
}

impl<'a> Faults<'a> {
    pub(super) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, found: RefCell::default(), described: RefCell::default(), describes: false }
    }

    /// For a walk that only describes which keys there can be.
    pub(super) fn describing() -> Self {
        Self { describes: true, ..Self::new("", "") }
    }

    /// The JSON Schema of the table read last.
    pub(super) fn into_description(self) -> Value {
        self.described.into_inner().unwrap_or_default()
    }

    /// Reports an error at a byte range of the file.
    pub(super) fn error(&self, span: Range<usize>, message: impl Into<String>) {
        let place = position(self.text, span.start);
        self.found.borrow_mut().push(Problem::error(self.file, message).at(place));
    }

    /// Line and column of a byte range of the file.
    pub(super) fn place(&self, span: Range<usize>) -> (u32, u32) {
        position(self.text, span.start)
    }

    /// Reports a warning at a byte range of the file.
    pub(super) fn warn(&self, span: Range<usize>, message: impl Into<String>) {
        let place = position(self.text, span.start);
        self.found.borrow_mut().push(Problem::warning(self.file, message).at(place));
    }

    /// All reported problems, in the order of the file.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        let mut problems = self.found.into_inner();
        problems.sort_by_key(|p| (p.line, p.column));
        problems
    }
}

/// One value at its place in the file.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) value: &'a Spanned<DeValue<'a>>,
    /// The key's full name, for messages: `server.listen`.
    pub(super) name: &'a str,
    pub(super) faults: &'a Faults<'a>,
}

impl<'a> At<'a> {
    /// Reports an error at this value, after its name.
    pub(super) fn error<T>(&self, message: impl AsRef<str>) -> Option<T> {
        self.faults.error(self.value.span(), format!("{} {}", self.name, message.as_ref()));
        None
    }

    /// Reports a warning at this value, after its name.
    pub(super) fn warn(&self, message: impl AsRef<str>) {
        self.faults.warn(self.value.span(), format!("{} {}", self.name, message.as_ref()));
    }

    /// Returns true if the value is a table.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.value.get_ref(), DeValue::Table(_))
    }

    /// Line and column of this value.
    pub(super) fn place(&self) -> (u32, u32) {
        position(self.faults.text, self.value.span().start)
    }

    /// Reports that the value has the wrong type.
    pub(super) fn expected<T>(&self, what: &str) -> Option<T> {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        };
        self.error(format!("is {found}. Write {what}."))
    }

    pub(super) fn table(&self) -> Option<Table<'a>> {
        match self.value.get_ref() {
            DeValue::Table(items) => Some(Table::new(self.name, items, self.faults)),
            _ => self.expected("a table"),
        }
    }

    pub(super) fn items(&self) -> Option<impl Iterator<Item = At<'a>>> {
        let (name, faults) = (self.name, self.faults);
        match self.value.get_ref() {
            DeValue::Array(items) => Some(items.iter().map(move |value| At { value, name, faults })),
            DeValue::String(text) => self.expected(&format!("an array: [{text:?}]")),
            _ => self.expected("an array in [ ]"),
        }
    }
}

/// A value that can be read from TOML. A fault is reported at its place, and results in `None`.
pub(super) trait FromToml: Sized {
    fn read(at: At<'_>) -> Option<Self>;

    /// The JSON Schema of the possible values.
    fn describe() -> Value;
}

impl FromToml for String {
    fn read(at: At<'_>) -> Option<Self> {
        at.value.get_ref().as_str().map(str::to_owned).or_else(|| at.expected("a string in quotes"))
    }

    fn describe() -> Value {
        schema::text()
    }
}

impl FromToml for bool {
    fn read(at: At<'_>) -> Option<Self> {
        at.value.get_ref().as_bool().or_else(|| at.expected("true or false"))
    }

    fn describe() -> Value {
        schema::truth()
    }
}

impl<T: FromToml> FromToml for Vec<T> {
    fn read(at: At<'_>) -> Option<Self> {
        // Every item is read, so that every fault is reported, before one of them fails the list.
        let items: Vec<Option<T>> = at.items()?.map(T::read).collect();
        items.into_iter().collect()
    }

    fn describe() -> Value {
        schema::list(T::describe())
    }
}

/// An integer within `MIN..=MAX`.
pub(super) struct Within<const MIN: u64, const MAX: u64>(pub(super) u64);

impl<const MIN: u64, const MAX: u64> FromToml for Within<MIN, MAX> {
    fn read(at: At<'_>) -> Option<Self> {
        let whole = format!("a whole number from {MIN} to {MAX}");
        let DeValue::Integer(number) = at.value.get_ref() else {
            return at.expected(&whole);
        };
        let digits: String = number.as_str().chars().filter(|c| *c != '_').collect();
        match u64::from_str_radix(digits.trim_start_matches('+'), number.radix()) {
            Ok(number) if (MIN..=MAX).contains(&number) => Some(Self(number)),
            _ => at.error(format!("is out of range. Write {whole}.")),
        }
    }

    fn describe() -> Value {
        schema::whole_number(MIN, MAX)
    }
}

/// Reads one of a closed set of words.
pub(super) fn read_word<T: Copy>(at: At<'_>, words: &[(&str, T)]) -> Option<T> {
    let written = String::read(at)?;
    if let Some((_, value)) = words.iter().find(|(word, _)| *word == written) {
        return Some(*value);
    }
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    at.error(format!("cannot be {written:?}. {}", advise(&written, &known)))
}

/// The JSON Schema of a table with this name, made by the function that reads it.
pub(super) fn describe_table<T>(name: &str, read: impl Fn(At<'_>) -> Option<T>) -> Value {
    let faults = Faults::describing();
    let empty = Spanned::new(0..0, DeValue::Table(DeTable::new()));
    let _ = read(At { value: &empty, name, faults: &faults });
    faults.into_description()
}

/// One table, read key by key. A key that was not read by the end is unknown.
pub(super) struct Table<'a> {
    name: String,
    items: &'a DeTable<'a>,
    faults: &'a Faults<'a>,
    known: Vec<&'static str>,
    /// The JSON Schema of each key, on a walk that only describes.
    keys: Vec<(&'static str, Value)>,
    required: Vec<&'static str>,
}

impl<'a> Table<'a> {
    pub(super) fn new(name: &str, items: &'a DeTable<'a>, faults: &'a Faults<'a>) -> Self {
        Self {
            name: name.to_owned(),
            items,
            faults,
            known: Vec::new(),
            keys: Vec::new(),
            required: Vec::new(),
        }
    }

    fn full_name(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// Reads `key` if it exists, with a function that gets its place; `describe` returns its JSON Schema.
    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        describe: impl FnOnce() -> Value,
        read: impl FnOnce(At<'_>) -> Option<T>,
    ) -> Option<T> {
        // A key may be read twice: for its value and for its place.
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        if self.faults.describes {
            self.keys.push((key, describe()));
        }
        let value = self.items.get(key)?;
        read(At { value, name: &self.full_name(key), faults: self.faults })
    }

    /// Reads `key` if it exists.
    pub(super) fn get<T: FromToml>(&mut self, key: &'static str) -> Option<T> {
        self.read(key, T::describe, T::read)
    }

    /// Reads `key`, one of a closed set of words, if it exists.
    pub(super) fn word<T: Copy>(&mut self, key: &'static str, words: &[(&str, T)]) -> Option<T> {
        self.read(key, || schema::words(words), |at| read_word(at, words))
    }

    /// Reads `key`, a table of its own, if it exists.
    pub(super) fn table<T>(&mut self, key: &'static str, read: impl Fn(At<'_>) -> Option<T>) -> Option<T> {
        let name = self.full_name(key);
        self.read(key, || describe_table(&name, &read), &read)
    }

    /// Marks `key` as required. Returns true if it exists, valid or not, or if an unknown key probably means it.
    pub(super) fn requires(&mut self, key: &'static str) -> bool {
        self.required.push(key);
        let is_meant = |own: &str| !self.known.contains(&own) && find_nearest(own, &[key]).is_some();
        self.items.contains_key(key) || self.items.keys().any(|own| is_meant(own.get_ref()))
    }

    /// Every entry in the order of the file, for tables whose keys are names: key, its span, value.
    pub(super) fn entries(&self) -> Vec<(&'a str, Range<usize>, &'a Spanned<DeValue<'a>>)> {
        let mut entries: Vec<_> =
            self.items.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value)).collect();
        entries.sort_by_key(|(_, span, _)| span.start);
        entries
    }

    /// Reports every key that was not read.
    pub(super) fn refuse_unknown(self) {
        if self.faults.describes {
            *self.faults.described.borrow_mut() = Some(schema::keys(&self.name, self.keys, &self.required));
            return;
        }
        for (key, span, _) in self.entries() {
            if !self.known.contains(&key) {
                let message =
                    format!("there is no key `{}`. {}", self.full_name(key), advise(key, &self.known));
                self.faults.error(span, message);
            }
        }
    }
}
