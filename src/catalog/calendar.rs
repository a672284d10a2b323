//! Calendar periods: days, weeks and months in a time zone.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use chrono_tz::Tz;

use super::period::Period;
use crate::config::{DigestPeriod, start_of_day};

/// A day, a week from Monday to Sunday, or a month. Its hours depend on the time zone: it begins with the first moment of
/// its first day, and ends with the first moment of the day after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarPeriod {
    length: DigestPeriod,
    first: NaiveDate,
}

impl CalendarPeriod {
    /// The period that contains a time.
    pub fn at(time: DateTime<Utc>, length: DigestPeriod, zone: Tz) -> Self {
        let day = time.with_timezone(&zone).date_naive();
        let first = match length {
            DigestPeriod::Day => Some(day),
            DigestPeriod::Week => {
                day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into()))
            }
            DigestPeriod::Month => day.with_day(1),
        };
        let period = Self { length, first: first.unwrap_or(day) };
        // Clocks that are set back at midnight show the end of a day a second time, when the next day has begun.
        if period.end(zone) <= time { Self { first: period.day_after(), ..period } } else { period }
    }

    /// The first day.
    pub fn first(self) -> NaiveDate {
        self.first
    }

    /// The last day.
    pub fn last(self) -> NaiveDate {
        self.day_after().pred_opt().unwrap_or(self.first)
    }

    /// The length.
    pub fn length(self) -> DigestPeriod {
        self.length
    }

    /// The time at which it ends in a time zone.
    pub fn end(self, zone: Tz) -> DateTime<Utc> {
        start_of_day(self.day_after(), zone)
    }

    /// Its times in a time zone.
    pub fn times(self, zone: Tz) -> Period {
        Period { since: Some(start_of_day(self.first, zone)), until: Some(self.end(zone)) }
    }

    fn day_after(self) -> NaiveDate {
        let after = match self.length {
            DigestPeriod::Day => self.first.succ_opt(),
            DigestPeriod::Week => self.first.checked_add_days(Days::new(7)),
            DigestPeriod::Month => self.first.checked_add_months(Months::new(1)),
        };
        after.unwrap_or(NaiveDate::MAX)
    }
}

/// In the form of ISO 8601: `2026-11-24`, `2026-W48`, `2026-11`.
impl fmt::Display for CalendarPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.length {
            DigestPeriod::Day => write!(f, "{}", self.first),
            DigestPeriod::Week => write!(f, "{}", self.first.format("%G-W%V")),
            DigestPeriod::Month => write!(f, "{}", self.first.format("%Y-%m")),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::DigestPeriod::{Day, Month, Week};
    use super::*;

    fn time(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    /// The period that contains a time, and its start and end in UTC.
    fn describe(text: &str, length: DigestPeriod, zone: Tz) -> String {
        let period = CalendarPeriod::at(time(text), length, zone);
        let Period { since: Some(since), until: Some(until) } = period.times(zone) else {
            panic!("it has both ends")
        };
        assert!(period.times(zone).contains(time(text)), "{text}");
        assert_eq!(CalendarPeriod::at(since, length, zone), period);
        assert_eq!(CalendarPeriod::at(until - TimeDelta::milliseconds(1), length, zone), period);
        assert_ne!(CalendarPeriod::at(until, length, zone), period, "it ends exactly then");
        format!("{period} {} {}", since.format("%m-%dT%H:%M"), until.format("%m-%dT%H:%M"))
    }

    #[test]
    fn weeks_begin_on_monday_and_belong_to_the_year_of_their_thursday() {
        let week = |text| describe(text, DigestPeriod::Week, Tz::UTC);
        assert_eq!(week("2026-11-29T23:59:59Z"), "2026-W48 11-23T00:00 11-30T00:00");
        assert_eq!(week("2027-01-03T12:00:00Z"), "2026-W53 12-28T00:00 01-04T00:00");
        assert_eq!(week("2024-12-31T00:00:00Z"), "2025-W01 12-30T00:00 01-06T00:00");
    }

    #[test]
    fn periods_begin_and_end_at_midnight_of_the_zone_when_clocks_change_too() {
        let at = |text, length, zone| describe(text, length, zone);
        assert_eq!(at("2026-11-30T16:00:00Z", Day, Tz::Asia__Shanghai), "2026-12-01 11-30T16:00 12-01T16:00");
        // A day of 23 hours, and a week and a month with it.
        let berlin = Tz::Europe__Berlin;
        assert_eq!(at("2026-03-29T10:00:00Z", Day, berlin), "2026-03-29 03-28T23:00 03-29T22:00");
        assert_eq!(at("2026-03-29T10:00:00Z", Week, berlin), "2026-W13 03-22T23:00 03-29T22:00");
        assert_eq!(at("2026-03-29T10:00:00Z", Month, berlin), "2026-03 02-28T23:00 03-31T22:00");
        assert_eq!(at("2026-10-25T10:00:00Z", Day, berlin), "2026-10-25 10-24T22:00 10-25T23:00");
        // A day that begins at 01:00.
        let sao_paulo = Tz::America__Sao_Paulo;
        assert_eq!(at("2018-11-04T12:00:00Z", Day, sao_paulo), "2018-11-04 11-04T03:00 11-05T02:00");
        // Clocks went from 00:01 back to 23:01 of the day before.
        let st_johns = Tz::America__St_Johns;
        assert_eq!(at("2010-11-07T02:45:00Z", Day, st_johns), "2010-11-07 11-07T02:30 11-08T03:30");
        // Samoa skipped a day.
        let apia = Tz::Pacific__Apia;
        assert_eq!(at("2011-12-30T09:59:00Z", Day, apia), "2011-12-29 12-29T10:00 12-30T10:00");
        assert_eq!(at("2011-12-30T10:00:00Z", Day, apia), "2011-12-31 12-30T10:00 12-31T10:00");
    }
}
