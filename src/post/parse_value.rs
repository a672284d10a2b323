//! Text → [`Value`] with a budget: the size to which a small file can expand is bounded.

use std::cell::Cell;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::value::{Fields, Value};
use crate::limits::{NESTING, VALUES, VALUES_BYTES};

/// Parses one value with the deserializer of any format.
///
/// # Errors
/// The errors of the format, and one if the value exceeds [`VALUES`], [`VALUES_BYTES`] or [`NESTING`].
pub(super) fn parse_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let budget = Budget { values: Cell::new(VALUES), bytes: Cell::new(VALUES_BYTES) };
    Seed { budget: &budget, depth: 0 }.deserialize(deserializer)
}

/// Parses a JSON document.
///
/// # Errors
/// The errors of [`parse_value`], and one for text after the value.
pub(super) fn parse_json(text: &str) -> serde_json::Result<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = parse_value(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Parses a TOML document.
///
/// # Errors
/// The errors of [`parse_value`].
pub(super) fn parse_toml(text: &str) -> Result<Value, toml::de::Error> {
    parse_value(toml::Deserializer::parse(text)?)
}

/// The start of the message for a value that is too large; parsers put the path of the value before it.
const TOO_LARGE: &str = "too large: ";

/// The part of a parser's error that describes a value that is too large; `None` for every other error.
pub(super) fn find_too_large(message: &str) -> Option<&str> {
    message.find(TOO_LARGE).map(|at| message[at..].lines().next().unwrap_or_default())
}

/// The values and bytes that may still be parsed. Each YAML alias costs as much as its target.
struct Budget {
    values: Cell<usize>,
    bytes: Cell<usize>,
}

impl Budget {
    fn spend<E: Error>(&self, bytes: usize) -> Result<(), E> {
        let rest = (self.values.get().checked_sub(1), self.bytes.get().checked_sub(bytes));
        match rest {
            (Some(values), Some(rest)) => {
                self.values.set(values);
                self.bytes.set(rest);
                Ok(())
            }
            (None, _) => Err(E::custom(format_args!("{TOO_LARGE}it has more than {VALUES} values"))),
            (_, None) => Err(E::custom(format_args!(
                "{TOO_LARGE}its values have more than {} MiB",
                VALUES_BYTES >> 20
            ))),
        }
    }
}

/// The key under which the `toml` crate passes a date through serde.
const TOML_DATE: &str = "$__toml_private_datetime";

/// One value at a depth of lists and maps.
#[derive(Clone, Copy)]
struct Seed<'b> {
    budget: &'b Budget,
    depth: usize,
}

impl Seed<'_> {
    fn text<E: Error>(self, text: String) -> Result<Value, E> {
        self.budget.spend(text.len())?;
        Ok(Value::Text(text))
    }

    fn scalar<E: Error>(self, value: Value) -> Result<Value, E> {
        self.budget.spend(0)?;
        Ok(value)
    }

    /// The seed of the items of a list or map.
    fn descend<E: Error>(self) -> Result<Self, E> {
        self.budget.spend::<E>(0)?;
        if self.depth == NESTING {
            return Err(E::custom(format_args!("{TOO_LARGE}its values are nested more than {NESTING} deep")));
        }
        Ok(Self { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.scalar(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.scalar(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.scalar(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.scalar(Value::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.scalar(i64::try_from(value).map_or_else(|_| Value::Text(value.to_string()), Value::Int))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.text(value.to_string())
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.text(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.scalar(Value::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.text(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.text(value)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let seed = self.descend()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(seed)? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let seed = self.descend()?;
        let mut entries = Vec::new();
        while let Some(key) = map.next_key_seed(seed)? {
            let value = map.next_value_seed(seed)?;
            let key = key.to_text().unwrap_or_default();
            if key == TOML_DATE {
                return Ok(value);
            }
            entries.push((key, value));
        }
        Ok(Value::Map(Fields::collect(entries)))
    }

    /// The content of a YAML tag such as `!date`; the tag itself is ignored.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (_, content) = data.variant_seed(self)?;
        content.newtype_variant_seed(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(text: &str) -> String {
        parse_json(text).expect_err("it is larger than the budget").to_string()
    }

    #[test]
    fn values_their_bytes_and_their_nesting_are_bounded() {
        let list = |count: usize| format!("[{}]", vec!["1"; count].join(","));
        assert!(parse_json(&list(VALUES - 1)).is_ok());
        assert!(refuse(&list(VALUES)).contains("more than 20000 values"));
        let text = format!("[\"{}\"]", "x".repeat(VALUES_BYTES + 1));
        assert!(refuse(&text).contains("more than 1 MiB"));
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse_json(&nested(NESTING)).is_ok());
        assert!(refuse(&nested(NESTING + 1)).contains("nested"));
    }

    #[test]
    fn of_equal_keys_the_last_is_kept_and_reported() {
        let Ok(Value::Map(fields)) = parse_json(r#"{"a": 1, "b": 2, "a": 3}"#) else { panic!("it is a map") };
        let written: Vec<_> = fields.iter().map(|(key, value)| (key, value.to_text())).collect();
        assert_eq!(written, [("b", Some("2".to_owned())), ("a", Some("3".to_owned()))]);
        assert_eq!(fields.repeated(), Some("a"));
    }
}
