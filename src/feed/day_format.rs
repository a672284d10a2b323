//! Days as people write them in a language, by CLDR.

use chrono::{DateTime, Datelike, FixedOffset};
use icu_calendar::{Date, Gregorian};
use icu_datetime::FixedCalendarDateTimeFormatter as Formatter;
use icu_datetime::fieldsets::YMD;
use icu_locale_core::Locale;

/// The form of days in one language.
#[derive(Debug)]
pub struct DayFormat(Option<Formatter<Gregorian, YMD>>);

impl DayFormat {
    /// The form in the language of a BCP 47 tag.
    pub fn new(tag: &str) -> Self {
        let locale = Locale::try_from_str(tag).unwrap_or(Locale::UNKNOWN);
        Self(Formatter::try_new((&locale).into(), YMD::long()).ok())
    }

    /// A formatted day: `24 November 2026`.
    pub fn format(&self, time: DateTime<FixedOffset>) -> String {
        let date = Date::try_new_gregorian(time.year(), time.month() as u8, time.day() as u8).ok();
        let formatted =
            date.zip(self.0.as_ref()).map(|(date, formatter)| formatter.format(&date).to_string());
        formatted.unwrap_or_else(|| time.format("%Y-%m-%d").to_string())
    }
}
