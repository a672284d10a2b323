//! Dates of pages.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime};

use super::Reading;
use super::path::{self, PagePlace};
use crate::post::date::{Moment, go};
use crate::post::dialect::FILE_NAME;
use crate::post::dialect::dates::DateField;
use crate::post::value::Value;

/// A number is Unix time in seconds (`cast 1.10 ToTimeInDefaultLocationE`); an empty text is not a date.
pub(super) fn read_written(date: DateField<'_>) -> Result<Option<Moment>, String> {
    let seconds = match date.value {
        Value::Text(text) if text.is_empty() => return Ok(None),
        Value::Int(seconds) => DateTime::from_timestamp(*seconds, 0).filter(|at| at.year() < 9999),
        _ => None,
    };
    match seconds {
        Some(instant) => Ok(Some(Moment::Fixed(instant.fixed_offset()))),
        None => date.read(go::read).map(Some),
    }
}

/// The wall-clock time of `.Date`, and true if it is from the file name.
pub(super) fn find_face(reading: &Reading<'_>) -> (NaiveDateTime, bool) {
    for key in &reading.source.own.date_keys {
        if key == FILE_NAME {
            let named = path::split_name(PagePlace::find(reading.source, reading.path).name);
            if let Some((date, _)) = named {
                return (date, true);
            }
        } else if let Some(value) = reading.front.get(key).filter(|value| **value != Value::Null)
            && let Ok(Some(moment)) = read_written(DateField { front: reading.front, key, value })
        {
            return (moment.face(), false);
        }
    }
    (reading.date.naive_local(), false)
}

/// A calendar day; `None` if it does not exist.
pub(super) fn make_day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}
