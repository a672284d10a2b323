//! Dates as people write them in a language, by CLDR.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate};
use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter as Formatter;
use icu_datetime::fieldsets::{YM, YMD};
use icu_locale_core::Locale;

/// The forms of dates in one language.
#[derive(Debug)]
pub struct Dates {
    day: Option<Formatter<Gregorian, YMD>>,
    month: Option<Formatter<Gregorian, YM>>,
}

impl Dates {
    /// The forms in the language of a BCP 47 tag.
    pub fn new(tag: &str) -> Self {
        let locale = Locale::try_from_str(tag).unwrap_or(Locale::UNKNOWN);
        Self {
            day: Formatter::try_new((&locale).into(), YMD::long()).ok(),
            month: Formatter::try_new((&locale).into(), YM::long()).ok(),
        }
    }

    /// The day of a time, in its time zone: `24 November 2026`.
    pub fn day(&self, time: DateTime<FixedOffset>) -> String {
        self.date(time.date_naive())
    }

    /// A day: `24 November 2026`.
    pub fn date(&self, day: NaiveDate) -> String {
        let date = Date::try_new_gregorian(day.year(), day.month() as u8, day.day() as u8).ok();
        let formatted =
            date.zip(self.day.as_ref()).map(|(date, formatter)| formatter.format(&date).to_string());
        formatted.unwrap_or_else(|| day.to_string())
    }

    /// The month of a day: `November 2026`.
    pub fn month(&self, day: NaiveDate) -> String {
        let date = Date::try_new_gregorian(day.year(), day.month() as u8, 1).ok();
        let formatted =
            date.zip(self.month.as_ref()).map(|(date, formatter)| formatter.format(&date).to_string());
        formatted.unwrap_or_else(|| day.format("%Y-%m").to_string())
    }
}
