//! Values as templates see them.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::limits::EXPANSION_BYTES;

/// A value of a site, a page or a template. A clone is cheap.
#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    /// No value.
    Nil,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(Arc<str>),
    /// A list.
    List(Arc<[Data]>),
    /// Keys and values in the order written.
    Map(Arc<[(Box<str>, Data)]>),
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Data {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl Data {
    /// Returns the printed text; `None` for a map, for lists within lists, and for a text longer than
    /// [`EXPANSION_BYTES`].
    pub fn to_text(&self) -> Option<String> {
        Some(match self {
            Self::Nil => String::new(),
            Self::Bool(value) => value.to_string(),
            Self::Int(value) => value.to_string(),
            Self::Float(value) if value.fract() == 0.0 => format!("{value:.1}"),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => text.to_string(),
            Self::List(items) => join(items, "")?,
            Self::Map(_) => return None,
        })
    }

    /// Returns true if two values are equal. Lists and maps are equal only if they are the same one, or both empty,
    /// so that the comparison is cheap.
    pub(super) fn equals(&self, other: &Data) -> bool {
        match (self, other) {
            (Self::Nil, Self::Nil) => true,
            (Self::Bool(one), Self::Bool(other)) => one == other,
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Int(_) | Self::Float(_), Self::Int(_) | Self::Float(_)) => {
                self.to_number() == other.to_number()
            }
            (Self::List(one), Self::List(other)) => {
                Arc::ptr_eq(one, other) || one.is_empty() && other.is_empty()
            }
            (Self::Map(one), Self::Map(other)) => {
                Arc::ptr_eq(one, other) || one.is_empty() && other.is_empty()
            }
            _ => false,
        }
    }

    /// Returns true for all values except nil and `false`.
    pub(super) fn is_true(&self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    /// Returns true for nil, `false`, and empty texts, lists and maps.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Nil | Self::Bool(false) => true,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(entries) => entries.is_empty(),
            _ => false,
        }
    }

    pub(super) fn list(items: impl IntoIterator<Item = Data>) -> Self {
        Self::List(items.into_iter().collect())
    }

    /// Returns what a loop iterates over: the items of a list, the pairs of a map, any other value, or nothing for
    /// nil.
    pub(super) fn items(&self) -> Arc<[Data]> {
        match self {
            Self::List(items) => Arc::clone(items),
            Self::Map(entries) => {
                entries.iter().map(|(key, value)| Self::list([Self::from(&**key), value.clone()])).collect()
            }
            Self::Nil => Arc::new([]),
            other => Arc::new([other.clone()]),
        }
    }

    /// Returns the value of a key, of an index of a list, or of `first`, `last` and `size`.
    pub(super) fn get(&self, key: &str) -> Data {
        match (self, key) {
            (Self::Map(entries), _) => {
                let own =
                    entries.iter().rev().find(|(name, _)| **name == *key).map(|(_, value)| value.clone());
                own.unwrap_or_else(|| if key == "size" { self.size() } else { Self::Nil })
            }
            (_, "size") => self.size(),
            (Self::List(items), "first") => items.first().cloned().unwrap_or(Self::Nil),
            (Self::List(items), "last") => items.last().cloned().unwrap_or(Self::Nil),
            (Self::List(items), _) => key.parse::<i64>().map_or(Self::Nil, |place| {
                let place = if place < 0 { place + items.len() as i64 } else { place };
                usize::try_from(place).ok().and_then(|place| items.get(place).cloned()).unwrap_or(Self::Nil)
            }),
            _ => Self::Nil,
        }
    }

    /// Returns the value at `a.b`.
    pub(super) fn get_path(&self, path: &str) -> Data {
        path.split('.').fold(self.clone(), |value, key| value.get(key))
    }

    /// Returns the number of items or characters; 0 for other values, nil for nil (`liquid 4.0 size`).
    pub(super) fn size(&self) -> Data {
        Self::Int(match self {
            Self::List(items) => items.len() as i64,
            Self::Map(entries) => entries.len() as i64,
            Self::Text(text) => text.chars().count() as i64,
            _ => return if matches!(self, Self::Nil) { Self::Nil } else { Self::Int(0) },
        })
    }

    pub(super) fn to_number(&self) -> Option<f64> {
        match self {
            // No template prints a number of that size.
            #[allow(clippy::cast_precision_loss)]
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Returns true if this value, or one of its items, is the one that a filter searches for (`jekyll 4.4 where`).
    /// `text` is the printed text of `wanted`.
    pub(super) fn matches(&self, wanted: &Data, text: &str) -> bool {
        match self {
            Self::Text(own) => **own == *text,
            Self::List(items) => {
                items.iter().any(|item| !matches!(item, Self::List(_)) && item.matches(wanted, text))
            }
            Self::Nil | Self::Map(_) => self.equals(wanted),
            _ => self.to_text().is_some_and(|own| own == text),
        }
    }

    /// Orders numbers by value and texts by their characters, with nil first.
    pub(super) fn compare(&self, other: &Data) -> Ordering {
        match (self, other) {
            (Self::Nil, Self::Nil) => Ordering::Equal,
            (Self::Nil, _) => Ordering::Less,
            (_, Self::Nil) => Ordering::Greater,
            _ => match (self.to_number(), other.to_number()) {
                (Some(one), Some(other)) => one.total_cmp(&other),
                _ => match (self, other) {
                    (Self::Text(one), Self::Text(other)) => one.cmp(other),
                    _ => Ordering::Equal,
                },
            },
        }
    }

    /// Returns the approximate number of bytes that the value holds.
    pub(super) fn weigh(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::List(items) => items.len() * size_of::<Data>(),
            Self::Map(entries) => entries.len() * size_of::<(Box<str>, Data)>(),
            _ => 0,
        }
    }
}

/// Joins items to one text; `None` if an item is a list or a map, or if the text is longer than [`EXPANSION_BYTES`].
pub(super) fn join(items: &[Data], between: &str) -> Option<String> {
    let mut joined = String::new();
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            joined.push_str(between);
        }
        match item {
            Data::Text(text) => joined.push_str(text),
            Data::List(_) | Data::Map(_) => return None,
            other => joined.push_str(&other.to_text()?),
        }
        if joined.len() > EXPANSION_BYTES {
            return None;
        }
    }
    Some(joined)
}
