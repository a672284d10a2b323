//! Dates as people write them. Every dialect reads the forms of the contract; the language in which a generator is
//! written reads further forms, and some forms differently.

mod contract;
pub mod go;
pub mod iso8601;
pub mod javascript;
pub mod ruby;
mod words;

use chrono::{
    DateTime, Datelike, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Utc,
};
use chrono_tz::Tz;

/// A moment, or a local time whose zone is not yet known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A date and time with an offset or a zone.
    Fixed(DateTime<FixedOffset>),
    /// A date and time without a zone.
    Local(NaiveDateTime),
    /// A date alone.
    Day(NaiveDate),
}

impl Moment {
    /// The instant. A moment without a zone is in `zone`, and a day begins at midnight.
    ///
    /// A local time that does not exist moves forward by the gap; of one that exists twice, the earlier counts.
    pub fn in_zone(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Fixed(instant) => instant.with_timezone(&Utc),
            Self::Local(local) => resolve(local, zone),
            Self::Day(day) => resolve(day.and_time(NaiveTime::MIN), zone),
        }
    }

    /// The date and time of day as written, regardless of the zone.
    pub fn face(self) -> NaiveDateTime {
        match self {
            Self::Fixed(instant) => instant.naive_local(),
            Self::Local(local) => local,
            Self::Day(day) => day.and_time(NaiveTime::MIN),
        }
    }
}

fn resolve(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(instant) => instant.with_timezone(&Utc),
        LocalResult::Ambiguous(one, other) => one.min(other).with_timezone(&Utc),
        LocalResult::None => {
            // The offset in force before the gap moves the time past it.
            let before = zone.offset_from_utc_datetime(&(local - TimeDelta::days(1))).fix();
            Utc.from_utc_datetime(&(local - TimeDelta::seconds(i64::from(before.local_minus_utc()))))
        }
    }
}

const WRITE: &str = "Write it as YYYY-MM-DD or YYYY-MM-DD HH:MM:SS +HH:MM.";

/// Reads a date in any of the forms of the contract, or in words.
///
/// # Errors
/// A message that says what is wrong and how to write the date, without the date: `has no such month. Write …`.
pub fn read(text: &str) -> Result<Moment, String> {
    let text = text.trim();
    let moment = contract::read(text).or_else(|why| words::read(text).ok_or(why))?;
    check_year(moment)
}

/// Reads a date as a generator does, or else in any of the forms of the contract.
///
/// # Errors
/// The errors of [`read`].
pub fn read_as(text: &str, generator: impl FnOnce(&str) -> Option<Moment>) -> Result<Moment, String> {
    let text = text.trim();
    check_year(generator(text).map_or_else(|| contract::read(text), Ok)?)
}

/// Rejects years that are not from 1 to 9999, as in every feed format.
fn check_year(moment: Moment) -> Result<Moment, String> {
    // One year less at either end: no zone can move the date past the limit.
    if (2..=9998).contains(&moment.face().year()) {
        Ok(moment)
    } else {
        Err(format!("has no such year. {WRITE}"))
    }
}

/// The date in a path, at segment boundaries: `/2024/01/02/`.
pub fn find_in_path(path: &str) -> Option<NaiveDate> {
    let segments: Vec<&str> = path.split('/').collect();
    segments.windows(3).find_map(|window| {
        let &[year, month, day] = window else { return None };
        let digits =
            |text: &str, length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_digit());
        if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
            return None;
        }
        NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str, zone: Tz) -> String {
        match read(text) {
            Ok(moment) => moment.in_zone(zone).to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true),
            Err(message) => message,
        }
    }

    #[test]
    fn every_form_of_the_contract() {
        for (text, expected) in [
            ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z"),
            ("2022-09-16T00:26:00.000Z", "2022-09-16T00:26:00Z"),
            ("2024-01-02T03:04:05.25+08:00", "2024-01-01T19:04:05.250Z"),
            ("2024-01-02 03:04:05 +0800", "2024-01-01T19:04:05Z"),
            ("2024-01-02 03:04:05 -05", "2024-01-02T08:04:05Z"),
            ("2024-01-02 03:04", "2024-01-01T19:04:00Z"),
            ("2024-01-02T03:04", "2024-01-01T19:04:00Z"),
            ("2024-01-02", "2024-01-01T16:00:00Z"),
            ("2024-1-2", "2024-01-01T16:00:00Z"),
            ("2024-07-02 10:00 Europe/Berlin", "2024-07-02T08:00:00Z"),
            ("2024-01-02 03:04:05 UTC", "2024-01-02T03:04:05Z"),
            ("2024-01-02 03:04:05 -0500 EST", "2024-01-02T08:04:05Z"),
            ("Tue, 02 Jan 2024 03:04:05 +0000", "2024-01-02T03:04:05Z"),
            ("Tue, 02 Jan 2024 03:04:05 GMT", "2024-01-02T03:04:05Z"),
            ("1704164645", "2024-01-02T03:04:05Z"),
            ("1704164645000", "2024-01-02T03:04:05Z"),
            ("2024-01-12 10:00:00 PST", "2024-01-12T18:00:00Z"),
            ("Fri Jan 12 10:00:00 UTC 2024", "2024-01-12T10:00:00Z"),
            ("Fri Jan 12 10:00:00 2024", "2024-01-12T02:00:00Z"),
            ("2024/01/12 10:00:00 +0100", "2024-01-12T09:00:00Z"),
            ("2024-01-12 10:00 pm", "2024-01-12T14:00:00Z"),
            ("2024-01-12 12:30:00 AM +0000", "2024-01-12T00:30:00Z"),
            ("Jan 12th, 2024", "2024-01-11T16:00:00Z"),
            ("20240112", "2024-01-11T16:00:00Z"),
            ("Jan 12 2024 5pm", "2024-01-12T09:00:00Z"),
            ("January 2, 2024", "2024-01-01T16:00:00Z"),
            ("2 Jan 2024", "2024-01-01T16:00:00Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ] {
            assert_eq!(instant(text, Tz::Asia__Shanghai), expected, "{text}");
        }
    }

    #[test]
    fn date_errors_give_a_reason() {
        for (text, why) in [
            ("2024-13-02", "no such month"),
            ("2024-02-30", "no such day"),
            ("2024-01-02 25:00", "no such time"),
            ("2024-01-02 10:00 Mars/Phobos", "no such time zone"),
            ("2024-01-02x", "unknown form"),
            ("İİİİİİ 5pm", "unknown form"),
            ("January 1 -0044", "no such year"),
            ("0000-01-01", "no such year"),
            ("2024-01", "unknown form"),
            ("soon", "unknown form"),
            ("", "unknown form"),
            ("12", "neither a date nor Unix time"),
        ] {
            assert!(instant(text, Tz::UTC).contains(why), "{text}: {}", instant(text, Tz::UTC));
        }
    }

    #[test]
    fn a_time_in_the_gap_moves_forward_and_of_one_that_exists_twice_the_earlier_counts() {
        assert_eq!(instant("2024-03-31 02:30", Tz::Europe__Berlin), "2024-03-31T01:30:00Z");
        assert_eq!(instant("2024-10-27 02:30", Tz::Europe__Berlin), "2024-10-27T00:30:00Z");
    }

    #[test]
    fn a_path_holds_a_date_at_segment_boundaries_only() {
        let day = NaiveDate::from_ymd_opt(2024, 1, 2);
        assert_eq!(find_in_path("/2024/01/02/x/"), day);
        assert_eq!(find_in_path("/blog/2024/01/02.html"), None);
        assert_eq!(find_in_path("/a2024/01/02/x/"), None);
        assert_eq!(find_in_path("/2024/13/02/x/"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_a_reader(text in "\\PC{0,40}|[-+:./,0-9TZWapm ']{1,40}") {
            let moments = [
                read(&text).ok(),
                ruby::read(&text, true, Tz::America__New_York),
                javascript::read(&text),
                javascript::read_yaml_stamp(&text).map(Moment::Local),
                iso8601::read(&text),
                go::read(&text),
            ];
            for moment in moments.into_iter().flatten() {
                let _ = read_as(&text, |_| Some(moment)).map(|moment| moment.in_zone(Tz::America__New_York));
            }
        }

        #[test]
        fn dates_in_rfc_3339_read_back(seconds in 0i64..4_000_000_000, offset in -14i32..=14) {
            let offset = FixedOffset::east_opt(offset * 3600).expect("it is within a day");
            let instant = DateTime::from_timestamp(seconds, 0).expect("it is in range");
            let text = instant.with_timezone(&offset).to_rfc3339();
            proptest::prop_assert_eq!(read(&text), Ok(Moment::Fixed(instant.fixed_offset())));
        }
    }
}
