//! ISO 8601 as Eleventy reads it (`luxon 3 DateTime.fromISO`): dates of a calendar, of a week and of a year.

use std::sync::LazyLock;

use chrono::{NaiveDate, TimeDelta, Weekday};
use chrono_tz::Tz;
use regex::{Captures, Regex};

use super::{Moment, resolve};

static FORMS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    let offset = r"(?:(?P<utc>[Zz])|(?P<hours>[+-][0-9]{2})(?::?(?P<minutes>[0-9]{2}))?)?";
    let time = r"(?P<h>[0-9]{2})(?::?(?P<m>[0-9]{2})(?::?(?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]{1,30}))?)?)?";
    let zone = r"(?:\[(?P<zone>[A-Za-z_+-]+(?::?/[A-Za-z0-9_+-]+)*)\])?";
    [
        r"(?P<year>[0-9]{4})(?:-?(?P<month>[0-9]{2})(?:-?(?P<day>[0-9]{2}))?)?",
        r"(?P<year>[0-9]{4})-?W(?P<week>[0-9]{2})(?:-?(?P<weekday>[1-7]))?",
        r"(?P<year>[0-9]{4})-?(?P<ordinal>[0-9]{3})",
    ]
    .map(|date| Regex::new(&format!("^{date}(?:[Tt]{time}{offset}{zone})?$")).expect("it is well-formed"))
});

/// The moment that a text denotes.
pub fn read(text: &str) -> Option<Moment> {
    FORMS.iter().find_map(|form| form.captures(text)).and_then(|found| assemble(&found))
}

fn assemble(found: &Captures<'_>) -> Option<Moment> {
    let number = |name: &str, missing: i64| {
        found.name(name).map_or(Some(missing), |part| part.as_str().parse::<i64>().ok())
    };
    let small = |name: &str, missing: i64| u32::try_from(number(name, missing)?).ok();
    let year = number("year", 0)? as i32;
    let date = if found.name("week").is_some() {
        const DAYS: [Weekday; 7] = [
            Weekday::Mon,
            Weekday::Tue,
            Weekday::Wed,
            Weekday::Thu,
            Weekday::Fri,
            Weekday::Sat,
            Weekday::Sun,
        ];
        NaiveDate::from_isoywd_opt(year, small("week", 1)?, DAYS[number("weekday", 1)? as usize - 1])
    } else if found.name("ordinal").is_some() {
        NaiveDate::from_yo_opt(year, small("ordinal", 1)?)
    } else {
        NaiveDate::from_ymd_opt(year, small("month", 1)?, small("day", 1)?)
    }?;
    let (hour, minute, second) = (number("h", 0)?, number("m", 0)?, number("s", 0)?);
    let fraction = found.name("f").map_or("", |part| part.as_str());
    let thousandths: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    let is_midnight = hour == 24 && minute + second + thousandths == 0;
    if hour > 23 && !is_midnight || minute > 59 || second > 59 {
        return None;
    }
    let since = TimeDelta::milliseconds(((hour * 60 + minute) * 60 + second) * 1000 + thousandths);
    let local = date.and_hms_opt(0, 0, 0)? + since;
    let hours = number("hours", 0)?;
    let is_west = found.name("hours").is_some_and(|part| part.as_str().starts_with('-'));
    let minutes = hours * 60 + number("minutes", 0)? * if is_west { -1 } else { 1 };
    // A zone in brackets counts only if there is no offset.
    let named = found.name("zone").filter(|_| found.name("hours").is_none() && found.name("utc").is_none());
    let utc = match named {
        Some(zone) => resolve(local, zone.as_str().parse::<Tz>().ok()?).naive_utc(),
        None => local - TimeDelta::minutes(minutes),
    };
    Some(Moment::Fixed(utc.and_utc().fixed_offset()))
}
