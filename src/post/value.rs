//! A front-matter value, whatever format it was written in.

use rustc_hash::{FxBuildHasher, FxHashSet};

use crate::body::Data;

/// A value of YAML, TOML or JSON.
#[derive(Debug, Clone)]
pub enum Value {
    /// Nothing: `null`, `~` or an empty value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text; dates are texts too.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// A map; of equal keys only the last is kept.
    Map(Fields),
}

/// Values that are written alike are equal, NaN included.
impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Int(one), Self::Int(other)) => one == other,
            (Self::Float(one), Self::Float(other)) => one.to_bits() == other.to_bits(),
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::List(one), Self::List(other)) => one == other,
            (Self::Map(one), Self::Map(other)) => one == other,
            _ => false,
        }
    }
}

/// Keys and values in the order written; ASCII case is ignored in lookups.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fields {
    entries: Vec<(String, Value)>,
    /// A key that was written more than once.
    repeated: Option<String>,
}

impl Fields {
    /// One key with its value.
    pub fn of(key: &str, value: Value) -> Self {
        Self { entries: vec![(key.to_owned(), value)], repeated: None }
    }

    /// The value of `key`; of several that differ only in case, the last.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)
    }

    /// Every key as written, with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// A key that was written more than once.
    pub fn repeated(&self) -> Option<&str> {
        self.repeated.as_deref()
    }

    /// Adds the keys of `defaults` that are not present.
    pub fn fill(&mut self, defaults: &Fields) {
        for (key, value) in defaults.iter().filter(|(key, _)| self.get(key).is_none()).collect::<Vec<_>>() {
            self.entries.push((key.to_owned(), value.clone()));
        }
    }

    /// Adds all keys of `others`; their values replace those of present keys.
    pub fn overwrite(&mut self, others: &Fields) {
        for (key, value) in others.iter() {
            self.entries.retain(|(name, _)| !name.eq_ignore_ascii_case(key));
            self.entries.push((key.to_owned(), value.clone()));
        }
    }

    /// Collects keys and values in the order written; of equal keys only the last is kept.
    pub(super) fn collect(mut written: Vec<(String, Value)>) -> Self {
        let mut repeated = None;
        let mut seen = FxHashSet::with_capacity_and_hasher(written.len(), FxBuildHasher);
        let is_last: Vec<bool> = written.iter().rev().map(|(key, _)| seen.insert(key.as_str())).collect();
        if seen.len() < written.len() {
            let mut is_last = is_last.into_iter().rev();
            written.retain(|(key, _)| {
                let keeps = is_last.next().unwrap_or(true);
                if !keeps {
                    repeated = Some(key.clone());
                }
                keeps
            });
        }
        Self { entries: written, repeated }
    }

    /// Removes a key; ASCII case is ignored.
    pub fn remove(&mut self, key: &str) {
        self.entries.retain(|(name, _)| !name.eq_ignore_ascii_case(key));
    }

    /// Appends a key with its value. An equal key is removed and recorded as repeated.
    pub fn insert(&mut self, key: String, value: Value) {
        if let Some(place) = self.entries.iter().position(|(name, _)| *name == key) {
            self.entries.remove(place);
            self.repeated = Some(key.clone());
        }
        self.entries.push((key, value));
    }
}

impl Value {
    /// The text of a scalar as a person would write it; `None` for null, lists and maps.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Bool(value) => Some(value.to_string()),
            Self::Int(value) => Some(value.to_string()),
            Self::Float(value) => Some(value.to_string()),
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// The text, if the value is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// `true` or `false`, if the value is one of them.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// Returns true if JavaScript treats the value as true.
    pub(super) fn is_truthy(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) | Self::Int(0) => false,
            Self::Text(text) => !text.is_empty(),
            _ => true,
        }
    }

    /// The map, if the value is one.
    pub fn as_map(&self) -> Option<&Fields> {
        match self {
            Self::Map(fields) => Some(fields),
            _ => None,
        }
    }

    /// The items of a list, or the value as the only item; empty for null.
    pub fn items(&self) -> &[Value] {
        match self {
            Self::Null => &[],
            Self::List(items) => items,
            other => std::slice::from_ref(other),
        }
    }
}

impl From<&Value> for Data {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nil,
            Value::Bool(value) => Self::Bool(*value),
            Value::Int(value) => Self::Int(*value),
            Value::Float(value) => Self::Float(*value),
            Value::Text(text) => Self::from(text.as_str()),
            Value::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Map(fields) => Self::from(fields),
        }
    }
}

impl From<&Fields> for Data {
    fn from(fields: &Fields) -> Self {
        Self::Map(fields.iter().map(|(key, value)| (key.into(), Self::from(value))).collect())
    }
}
