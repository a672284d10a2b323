//! Dates as front matter writes them.

use crate::post::date::{self, Moment};
use crate::post::value::Value;

/// Parses a date in any documented form, without resolving its time zone.
pub(super) fn read_moment(key: &str, value: &Value) -> Result<Moment, String> {
    read_written(key, value, date::read)
}

/// Parses a date as a generator parses the text, else in any documented form.
pub(super) fn read_text(
    key: &str,
    value: &Value,
    generator: impl FnOnce(&str) -> Option<Moment>,
) -> Result<Moment, String> {
    read_written(key, value, |text| date::read_as(text, generator))
}

fn read_written(
    key: &str,
    value: &Value,
    read: impl FnOnce(&str) -> Result<Moment, String>,
) -> Result<Moment, String> {
    let written = value
        .to_text()
        .ok_or_else(|| format!("`{key}` is not a date. Write it as YYYY-MM-DD HH:MM:SS +HH:MM."))?;
    read(&written).map_err(|why| format!("the date {written:?} {why}"))
}
