//! A date, or a date and time (RFC 3339 §5.6), that limits a period of publication.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde_json::Value;
use toml::de::DeValue;

use super::reader::{At, FromToml};
use super::schema;

/// A date or a time as written: a date means midnight in a zone that is known later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrTime {
    /// The start of a day.
    Day(NaiveDate),
    /// An exact time.
    Time(DateTime<Utc>),
}

/// The error when a text is neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Write a date like 2024-01-31, or a date and time with an offset like 2024-01-31T08:00:00Z.")]
pub struct NotADate;

impl DateOrTime {
    /// One of each kind.
    pub const EXAMPLES: &str = "2024-01-31, 2024-01-31T08:00:00Z";

    /// The exact time, if days start at midnight in `zone`. A day whose midnight the zone skips starts at its first
    /// minute.
    pub fn resolve(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Day(day) => start_of_day(day, zone),
            Self::Time(time) => time,
        }
    }

    /// Returns true if it is after another one or equal to it in every time zone.
    pub(super) fn is_not_before(self, other: Self) -> bool {
        match (self, other) {
            (Self::Day(own), Self::Day(other)) => own >= other,
            (Self::Time(own), Self::Time(other)) => own >= other,
            // Offsets of zones are less than a day.
            (own, other) => own.resolve(Tz::UTC) >= other.resolve(Tz::UTC) + TimeDelta::days(1),
        }
    }

    /// The shortest form of a time: the day that starts then in `zone`, if one does.
    pub fn shorten(time: DateTime<Utc>, zone: Tz) -> Self {
        let day = time.with_timezone(&zone).date_naive();
        if start_of_day(day, zone) == time { Self::Day(day) } else { Self::Time(time) }
    }
}

/// The first moment of a day in a time zone.
pub fn start_of_day(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    // Zones skip minutes at midnight, or, at the date line, a whole day.
    let quarters = (0..=4 * 24).map(|quarter| TimeDelta::minutes(15 * quarter));
    let local = day.and_time(chrono::NaiveTime::MIN);
    let mut starts = quarters.filter_map(|later| {
        let local = local.checked_add_signed(later)?;
        zone.from_local_datetime(&local).earliest()
    });
    starts.next().map_or(local.and_utc(), |start| start.with_timezone(&Utc))
}

impl FromStr for DateOrTime {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        // Years with a sign or with more digits are not in RFC 3339.
        let has_four_digits = text.get(..4).is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit()));
        if text.len() == 10 && has_four_digits {
            return NaiveDate::parse_from_str(text, "%Y-%m-%d").map(Self::Day).map_err(|_| NotADate);
        }
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| NotADate)?;
        if has_four_digits { Ok(Self::Time(time.with_timezone(&Utc))) } else { Err(NotADate) }
    }
}

impl fmt::Display for DateOrTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => write!(f, "{day}"),
            Self::Time(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
    }
}

/// A string, or a date of TOML.
impl FromToml for DateOrTime {
    fn read(at: At<'_>) -> Option<Self> {
        let written = match at.value.get_ref() {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) => date.to_string(),
            _ => return at.expected("a date like \"2024-01-31\""),
        };
        written.parse().ok().or_else(|| at.error(format!("is not a date: {written:?}. {NotADate}")))
    }

    fn describe() -> Value {
        schema::text_like("^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?$", "2024-01-31")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str, zone: &str) -> String {
        let zone: Tz = zone.parse().expect("an IANA zone");
        let time = text.parse::<DateOrTime>().expect(text).resolve(zone);
        let again = DateOrTime::shorten(time, zone);
        assert_eq!(again.to_string().parse::<DateOrTime>().map(|date| date.resolve(zone)), Ok(time));
        format!("{} = {again}", time.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }

    #[test]
    fn a_day_starts_at_midnight_in_its_zone() {
        assert_eq!(resolve("2024-01-31", "UTC"), "2024-01-31T00:00:00Z = 2024-01-31");
        assert_eq!(resolve("2024-01-31", "Asia/Shanghai"), "2024-01-30T16:00:00Z = 2024-01-31");
        assert_eq!(resolve("2024-01-30T16:00:00Z", "Asia/Shanghai"), "2024-01-30T16:00:00Z = 2024-01-31");
        assert_eq!(
            resolve("2024-01-31T08:00:00.5+08:00", "UTC"),
            "2024-01-31T00:00:00.500Z = 2024-01-31T00:00:00.500Z"
        );
    }

    #[test]
    fn a_day_without_midnight_starts_at_its_first_minute() {
        // Clocks went from 23:59 to 01:00.
        assert_eq!(resolve("2018-11-04", "America/Sao_Paulo"), "2018-11-04T03:00:00Z = 2018-11-04");
        // Samoa skipped the whole day.
        assert_eq!(resolve("2011-12-30", "Pacific/Apia"), "2011-12-30T10:00:00Z = 2011-12-31");
    }

    #[test]
    fn other_forms_are_invalid() {
        for text in
            ["", "2024", "2024-13-01", "2024-02-30", "2024-1-1", "+2024-01-1", "2024-01-01T00:00:00", "now"]
        {
            assert_eq!(text.parse::<DateOrTime>(), Err(NotADate), "{text}");
        }
    }
}
