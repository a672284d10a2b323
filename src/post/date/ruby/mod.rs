//! Dates as Jekyll reads them: `safe_yaml 1.0.5` for timestamps of YAML, else Ruby's `Time.parse`
//! (`ruby 3.1 time.rb`, `date_parse.c`).

mod common_forms;
mod patterns;
mod zone;

use std::sync::LazyLock;

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Tz;
use regex::{Captures, Regex};

use self::common_forms::{read_common_form, read_utc_stamp};
use self::patterns::{MONTHS, PATTERNS, compile};
use self::zone::zone_offset;
use super::Moment;

/// `ruby 3.1 Date._parse`: longer texts are rejected.
const MAX_BYTES: usize = 128;

/// The moment that a text denotes, to the second. `zone` is the zone of the site, whose abbreviations are known. A
/// `plain` text has no quotes in YAML. Unlike Ruby, nothing is taken from the clock: a date without a year is `None`.
pub fn read(text: &str, plain: bool, zone: Tz) -> Option<Moment> {
    if text.len() > MAX_BYTES {
        return None;
    }
    read_common_form(text).or_else(|| read_any_form(text, plain, zone))
}

fn read_any_form(text: &str, plain: bool, zone: Tz) -> Option<Moment> {
    if let Some(stamp) = Some(text).filter(|_| plain).and_then(read_stamp) {
        return Some(Moment::Fixed(stamp.and_utc().fixed_offset()));
    }
    // `safe_yaml 1.0.5 ToInteger`: a number may be divided by `_` and `,`.
    let is_number = plain && text.bytes().all(|b| b.is_ascii_digit() || b"_,".contains(&b));
    let fields = if is_number { Fields::parse(&text.replace(['_', ','], "")) } else { Fields::parse(text) };
    fields.into_moment(zone)
}

/// `safe_yaml 1.0.5 TIME_MATCHER`: a full time without quotes is in UTC.
fn read_stamp(text: &str) -> Option<NaiveDateTime> {
    read_utc_stamp(text).or_else(|| match_stamp(text))
}

fn match_stamp(text: &str) -> Option<NaiveDateTime> {
    static STAMP: LazyLock<Regex> = LazyLock::new(|| {
        compile(
            r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:t|\s+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]*)?\s*(z|[-+][0-9]{1,2}(?::?[0-9]{2})?)?$",
        )
    });
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let found = STAMP.captures(text)?;
    let number = |group: usize| found[group].parse::<u32>().ok();
    let day = NaiveDate::from_ymd_opt(number(1)? as i32, number(2)?, number(3)?)?;
    // `ruby 3.1 DateTime.parse`: a leap second counts as the second before it.
    let local =
        add_time(day, number(4)?, number(5)?, number(6)?.min(59)).filter(|_| number(6) <= Some(60))?;
    let offset = found.get(7).map_or(Some(0), |zone| match zone.as_str() {
        "z" | "Z" => Some(0),
        written => read_offset(&written.replace(':', "")),
    })?;
    local.checked_sub_signed(TimeDelta::seconds(offset))
}

/// The seconds of an offset, less than a day: `+8`, `+08`, `+800`, `+0800`, `+080000`.
fn read_offset(text: &str) -> Option<i64> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits = if digits.len() % 2 == 1 { format!("0{digits}") } else { digits.to_owned() };
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), |part| part.parse::<i64>().ok());
    let seconds = part(0)? * 3600 + part(2)? * 60 + part(4)?;
    (seconds < 86_400).then_some(sign * seconds)
}

/// `ruby 3.1 Time.utc`: `24:00:00` and the sixtieth second are the next day's and the next minute's.
fn add_time(day: NaiveDate, hour: u32, minute: u32, second: u32) -> Option<NaiveDateTime> {
    let in_range = minute < 60 && second <= 60 && (hour < 24 || (hour == 24 && minute == 0 && second == 0));
    let seconds = i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    day.and_hms_opt(0, 0, 0).filter(|_| in_range)?.checked_add_signed(TimeDelta::seconds(seconds))
}

/// The parts of a date that `Date._parse` finds in a text.
#[derive(Debug, Default)]
struct Fields {
    year: Option<i32>,
    /// True if a year of two digits is one of this or the last century.
    is_short: bool,
    month: Option<u32>,
    day: Option<u32>,
    day_of_year: Option<u32>,
    hour: Option<u32>,
    minute: Option<u32>,
    second: Option<u32>,
    zone: Option<String>,
}

fn number(text: &str) -> Option<u32> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits = &text[start..];
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

fn month_number(name: &str) -> Option<u32> {
    let place = MONTHS.iter().position(|month| name.eq_ignore_ascii_case(month))?;
    Some(place as u32 + 1)
}

/// Replaces the match of the first group of a pattern with a blank.
fn take<'t>(text: &mut String, pattern: &Regex, copy: &'t str) -> Option<Captures<'t>> {
    let found = pattern.captures(copy)?;
    text.replace_range(found.get(1)?.range(), " ");
    Some(found)
}

impl Fields {
    /// `date_parse.c date__parse`
    fn parse(written: &str) -> Self {
        let patterns = &*PATTERNS;
        let mut text = patterns.noise.replace_all(written, " ").into_owned();
        let mut fields = Self { is_short: true, ..Self::default() };
        let copy = text.clone();
        take(&mut text, &patterns.weekday, &copy);
        let copy = text.clone();
        if let Some(found) = take(&mut text, &patterns.time, &copy) {
            fields.read_clock(&found[2]);
            fields.zone = found.get(3).map(|zone| zone.as_str().to_owned());
        }
        let copy = text.clone();
        fields.read_day(&mut text, &copy);
        if patterns.before_christ.is_match(&text) {
            fields.year = fields.year.map(|year| -year);
        }
        if let Some(number) = patterns.fragment.captures(&text).and_then(|found| found[1].parse().ok()) {
            match (fields.day, fields.hour) {
                (None, Some(_)) if (1..=31).contains(&number) => fields.day = Some(number),
                (Some(_), None) if number <= 24 => fields.hour = Some(number),
                _ => {}
            }
        }
        if fields.is_short {
            let century = |year: i32| match year {
                0..=68 => year + 2000,
                69..=99 => year + 1900,
                other => other,
            };
            fields.year = fields.year.map(century);
        }
        fields
    }

    /// `date_parse.c parse_time_cb`
    fn read_clock(&mut self, clock: &str) {
        let Some(found) = PATTERNS.clock.captures(clock) else { return };
        let part = |group: usize| found.get(group).and_then(|part| part.as_str().parse::<u32>().ok());
        self.hour = match found.get(4).map(|half| half.as_str()) {
            Some("p" | "P") => part(1).map(|hour| hour % 12 + 12),
            Some(_) => part(1).map(|hour| hour % 12),
            None => part(1),
        };
        (self.minute, self.second) = (part(2), part(3));
    }

    fn read_day(&mut self, text: &mut String, copy: &str) {
        let patterns = &*PATTERNS;
        let find = |pattern: &Regex, text: &mut String| take(text, pattern, copy);
        if let Some(found) = find(&patterns.day_first, text) {
            return self.assign([group(&found, 5), group(&found, 3), group(&found, 2)]);
        }
        if let Some(found) = find(&patterns.month_first, text) {
            return self.assign([group(&found, 5), group(&found, 2), group(&found, 3)]);
        }
        if let Some(found) = find(&patterns.iso, text) {
            return self.assign([group(&found, 2), group(&found, 3), group(&found, 4)]);
        }
        if let Some(found) = find(&patterns.era_of_japan, text) {
            let before = match found[2].to_ascii_lowercase().as_str() {
                "m" => 1867,
                "t" => 1911,
                "s" => 1925,
                "h" => 1988,
                _ => 2018,
            };
            self.is_short = false;
            self.year = found[3].parse::<i32>().ok().and_then(|year| year.checked_add(before));
            (self.month, self.day) = (number(&found[4]), number(&found[5]));
            return;
        }
        if let Some(found) = find(&patterns.dashes[0], text) {
            return self.assign([group(&found, 4), group(&found, 3), group(&found, 2)]);
        }
        if let Some(found) = find(&patterns.dashes[1], text) {
            return self.assign([group(&found, 4), group(&found, 2), group(&found, 3)]);
        }
        for pattern in [&patterns.slashes, &patterns.dots] {
            if let Some(found) = find(pattern, text) {
                return self.assign([group(&found, 2), group(&found, 3), group(&found, 4)]);
            }
        }
        if patterns.without_year.iter().any(|pattern| pattern.is_match(copy)) {
            return;
        }
        if let Some(found) = find(&patterns.ordinal, text) {
            (self.year, self.day_of_year) = (found[2].parse().ok(), found[3].parse().ok());
            return;
        }
        if let Some(found) = find(&patterns.year, text) {
            self.year = found[2].parse().ok();
            return;
        }
        if patterns.month_or_day.iter().any(|pattern| pattern.is_match(copy)) {
            return;
        }
        if let Some(found) = find(&patterns.digits, text) {
            self.read_digits(&found);
        }
    }

    /// `date_parse.c s3e`: the length, a `+` or `-`, and an apostrophe show which of three parts is the year.
    fn assign(&mut self, [mut year, mut month, mut day]: [Option<&str>; 3]) {
        let is_year = |part: Option<&str>| part.is_some_and(|part| part.starts_with('\'') || part.len() > 2);
        if day.is_none() {
            (year, month, day) = (None, year, month);
        }
        if year.is_none() && is_year(day) {
            (year, day) = (day, None);
        }
        if let Some(written) = year
            && let Some(start) = written.find(|c: char| c.is_ascii_digit() || "+-".contains(c))
        {
            let digits = start + usize::from(written[start..].starts_with(['+', '-']));
            let length = written[digits..].bytes().take_while(u8::is_ascii_digit).count();
            if digits + length < written.len() {
                (year, day) = (day, Some(&written[start..digits + length]));
            }
        }
        // The name of a month is never a year.
        if is_year(month) && month.and_then(month_number).is_none() {
            (year, month, day) = (month, day, year);
        }
        if is_year(day) {
            (year, day) = (day, year);
        }
        if let Some(written) = year {
            let signed = written.trim_start_matches('\'');
            let digits = signed.trim_start_matches(['+', '-']);
            self.is_short = digits.len() == signed.len() && digits.len() <= 2;
            self.year = number(digits).and_then(|year| i32::try_from(year).ok());
            if signed.starts_with('-') {
                self.year = self.year.map(|year| -year);
            }
        }
        self.month = month.and_then(|month| month_number(month).or_else(|| number(month)));
        self.day = day.and_then(number);
    }

    /// `date_parse.c parse_ddd_cb`: digits without separators.
    fn read_digits(&mut self, found: &Captures<'_>) {
        let whole = &found[1];
        let digits = &whole[..whole.bytes().take_while(u8::is_ascii_digit).count()];
        let at = |start: usize, end: usize| digits.get(start..end).and_then(|part| part.parse::<u32>().ok());
        let year = |end: usize| digits.get(..end).and_then(|part| part.parse::<i32>().ok());
        let has_fraction = found.get(3).is_some() && found.get(2).is_none();
        match digits.len() {
            6 if !has_fraction => {
                (self.year, self.month, self.day) = (year(2), at(2, 4), at(4, 6));
            }
            8 | 10 | 12 | 14 if !has_fraction || digits.len() == 14 => {
                self.is_short = false;
                (self.year, self.month, self.day) = (year(4), at(4, 6), at(6, 8));
                self.hour = at(8, 10).or(self.hour);
                self.minute = at(10, 12).or(self.minute);
                self.second = at(12, 14).or(self.second);
            }
            12 => {
                (self.year, self.month, self.day) = (year(2), at(2, 4), at(4, 6));
                (self.hour, self.minute, self.second) = (at(6, 8), at(8, 10), at(10, 12));
            }
            5 if !has_fraction => (self.year, self.day_of_year) = (year(2), at(2, 5)),
            7 if !has_fraction => (self.year, self.day_of_year) = (year(4), at(4, 7)),
            _ => {}
        }
        if let Some(time) = found.get(2).map(|time| time.as_str()).filter(|time| time.len() % 2 == 0) {
            let part = |start: usize| time.get(start..start + 2).and_then(|part| part.parse().ok());
            (self.hour, self.minute, self.second) = (part(0), part(2), part(4));
        }
        if let Some(zone) = found.get(4) {
            self.zone = Some(zone.as_str().trim_matches(['[', ']']).to_owned());
        }
    }

    /// `ruby 3.1 Time.make_time`
    fn into_moment(self, zone: Tz) -> Option<Moment> {
        let (year, day) = (self.year?, self.day.unwrap_or(1));
        let date = match self.day_of_year {
            Some(day) => NaiveDate::from_yo_opt(year, day)?,
            // `Time.utc` accepts the 31st of every month.
            None if (1..=31).contains(&day) => {
                let first = NaiveDate::from_ymd_opt(year, self.month.unwrap_or(1), 1)?;
                first + TimeDelta::days(i64::from(day) - 1)
            }
            None => return None,
        };
        let part = |part: Option<u32>| part.unwrap_or_default();
        let local = add_time(date, part(self.hour), part(self.minute), part(self.second))?;
        match self.zone.as_deref().and_then(|name| zone_offset(name, year, zone)) {
            Some(offset) if offset.abs() < 86_400 => {
                let utc = local.checked_sub_signed(TimeDelta::seconds(offset))?.and_utc();
                Some(Moment::Fixed(utc.with_timezone(&FixedOffset::east_opt(offset as i32)?)))
            }
            Some(_) => None,
            None => Some(Moment::Local(local)),
        }
    }
}

fn group<'t>(found: &Captures<'t>, at: usize) -> Option<&'t str> {
    found.get(at).map(|part| part.as_str())
}
