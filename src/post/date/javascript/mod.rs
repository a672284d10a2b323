//! Dates as JavaScript reads them: `js-yaml` for timestamps of YAML, else `new Date(text)`
//! (`v8 dateparser-inl.h`: ISO 8601, or its legacy parser).

mod tokens;

use std::sync::LazyLock;

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use regex::Regex;

use self::tokens::{Token, scan};
use super::Moment;

/// `js-yaml 4 YAML_DATE_REGEXP, YAML_TIMESTAMP_REGEXP`
static YAML_STAMP: LazyLock<Regex> = LazyLock::new(|| {
    let time = r"(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?";
    let zone = r"(?:[ \t]*(?:Z|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?";
    let days = r"([0-9]{4})-([0-9]{2})-([0-9]{2})$|^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})";
    Regex::new(&format!("^{days}{time}{zone}$")).expect("it is well-formed")
});

/// Returns true if `js-yaml` reads a plain scalar as a timestamp.
pub fn is_yaml_stamp(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && YAML_STAMP.is_match(text)
}

/// The UTC time of a plain scalar that `js-yaml` reads as a timestamp; days and months past the last carry over.
pub fn read_yaml_stamp(text: &str) -> Option<NaiveDateTime> {
    let found = YAML_STAMP.captures(text)?;
    let number = |group: usize| found.get(group).map_or(Some(0), |part| part.as_str().parse::<i64>().ok());
    if found.get(1).is_some() {
        return make_time([number(1)?, number(2)?, number(3)?], 0);
    }
    let fraction = found.get(10).map_or("", |part| part.as_str());
    let thousandths: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    let minutes = number(12)? * 60 + number(13)?;
    let offset = if found.get(11).is_some_and(|sign| sign.as_str() == "-") { -minutes } else { minutes };
    let seconds = number(7)? * 3600 + (number(8)? - offset) * 60 + number(9)?;
    make_time([number(4)?, number(5)?, number(6)?], seconds * 1000 + thousandths)
}

/// `ECMA-262 MakeDay, Date.UTC`: months and days outside their range carry over, years below 100 are in the 20th
/// century.
fn make_time([year, month, day]: [i64; 3], milliseconds: i64) -> Option<NaiveDateTime> {
    let year = if (0..=99).contains(&year) { year + 1900 } else { year };
    let months = year * 12 + month - 1;
    let first = NaiveDate::from_ymd_opt(
        i32::try_from(months.div_euclid(12)).ok()?,
        months.rem_euclid(12) as u32 + 1,
        1,
    )?;
    let start = first.checked_add_signed(TimeDelta::try_days(day - 1)?)?.and_hms_opt(0, 0, 0)?;
    start.checked_add_signed(TimeDelta::try_milliseconds(milliseconds)?)
}

/// The moment that `new Date(text)` returns for a text.
pub fn read(text: &str) -> Option<Moment> {
    let mut parser = Parser { tokens: scan(text.trim()), at: 0, ..Parser::default() };
    parser.parse()?;
    parser.finish()
}

/// `v8 dateparser-inl.h DateParser::Parse` and its composers.
#[derive(Debug, Default)]
struct Parser {
    tokens: Vec<Token>,
    at: usize,
    day: Vec<i64>,
    month: Option<i64>,
    is_iso: bool,
    time: Vec<i64>,
    half: Option<i64>,
    sign: Option<i64>,
    zone_hour: Option<i64>,
    zone_minute: Option<i64>,
}

impl Parser {
    fn peek(&self) -> Token {
        self.tokens.get(self.at).copied().unwrap_or(Token::End)
    }

    fn next(&mut self) -> Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    fn skip(&mut self, symbol: u8) -> bool {
        let found = self.peek() == Token::Symbol(symbol);
        self.at += usize::from(found);
        found
    }

    /// Takes a number with the given count of digits within a range.
    fn take(&mut self, digits: usize, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        match self.peek() {
            Token::Number { value, length } if length == digits && range.contains(&value) => {
                self.at += 1;
                Some(value)
            }
            _ => None,
        }
    }

    /// Returns true if a number can be the next part of a time.
    fn expects(&self, value: i64) -> bool {
        match self.time.len() {
            1 | 2 => (0..60).contains(&value),
            3 => (0..1000).contains(&value),
            _ => false,
        }
    }

    fn end_time(&mut self, value: i64) {
        self.time.push(value);
        self.time.resize(4, 0);
    }

    fn set_zone(&mut self, hours: i64) {
        self.sign = Some(if hours < 0 { -1 } else { 1 });
        (self.zone_hour, self.zone_minute) = (Some(hours.abs()), Some(0));
    }

    fn parse(&mut self) -> Option<()> {
        self.parse_iso()?;
        let mut has_number = !self.day.is_empty();
        loop {
            match self.next() {
                Token::End => return Some(()),
                Token::Number { value, .. } => {
                    has_number = true;
                    self.add_number(value)?;
                }
                Token::Half(hours) if !self.time.is_empty() => self.half = Some(hours),
                Token::Month(month) => {
                    self.month = Some(month);
                    self.skip(b'-');
                }
                Token::Zone(hours) if has_number => self.set_zone(hours),
                Token::Half(_) | Token::Zone(_) | Token::Separator | Token::OtherWord => {
                    if has_number || matches!(self.peek(), Token::Number { .. }) {
                        return None;
                    }
                }
                Token::Symbol(symbol @ (b'+' | b'-'))
                    if (self.zone_hour, self.zone_minute) == (Some(0), Some(0)) || !self.time.is_empty() =>
                {
                    has_number = true;
                    self.add_offset(symbol)?;
                }
                Token::Symbol(b'+' | b'-' | b')') if has_number => return None,
                Token::Symbol(_) | Token::Blank | Token::Other => {}
            }
        }
    }

    fn add_number(&mut self, value: i64) -> Option<()> {
        if self.skip(b':') {
            if self.skip(b':') {
                if !self.time.is_empty() {
                    return None;
                }
                self.time.extend([value, 0]);
            } else {
                if self.time.len() == 4 {
                    return None;
                }
                self.time.push(value);
                self.skip(b'.');
            }
        } else if self.peek() == Token::Symbol(b'.') && self.expects(value) {
            self.at += 1;
            self.time.push(value);
            let Token::Number { value, length } = self.next() else { return None };
            self.end_time(thousandths(value, length));
        } else if self.zone_hour.is_some() && self.zone_minute.is_none() && (0..60).contains(&value) {
            self.zone_minute = Some(value);
        } else if self.expects(value) {
            self.end_time(value);
            let ends = matches!(
                self.peek(),
                Token::End | Token::Blank | Token::Zone(0) | Token::Symbol(b'+' | b'-')
            );
            return ends.then_some(());
        } else {
            // V8 ignores the point after a number.
            self.skip(b'.');
            if self.day.len() == 3 {
                return None;
            }
            self.day.push(value);
            self.skip(b'-');
        }
        Some(())
    }

    /// Reads an offset, after UTC or a time.
    fn add_offset(&mut self, symbol: u8) -> Option<()> {
        self.sign = Some(if symbol == b'+' { 1 } else { -1 });
        let (value, length) = match self.peek() {
            Token::Number { value, length } => {
                self.at += 1;
                (value, length)
            }
            _ => (0, 0),
        };
        (self.zone_hour, self.zone_minute) = match length {
            _ if self.peek() == Token::Symbol(b':') => (Some(value), None),
            1 | 2 => (Some(value), Some(0)),
            3 | 4 => (Some(value / 100), Some(value % 100)),
            _ => return None,
        };
        Some(())
    }

    /// `DateParser::ParseES5DateTime`; the rest is left to the legacy parser.
    fn parse_iso(&mut self) -> Option<()> {
        if self.peek() == Token::Symbol(b'-') || self.peek() == Token::Symbol(b'+') {
            // Years with six digits and a sign are beyond those of any feed.
            return Some(());
        }
        let Some(year) = self.take(4, 0..=9999) else { return Some(()) };
        self.day.push(year);
        if self.skip(b'-') {
            let Some(month) = self.take(2, 1..=12) else { return Some(()) };
            self.day.push(month);
            if self.skip(b'-') {
                let Some(day) = self.take(2, 1..=31) else { return Some(()) };
                self.day.push(day);
            }
        }
        if self.peek() != Token::Separator {
            if self.peek() == Token::End {
                self.set_zone(0);
                self.is_iso = true;
            }
            return Some(());
        }
        self.at += 1;
        self.parse_iso_time()?;
        self.is_iso = true;
        Some(())
    }

    fn parse_iso_time(&mut self) -> Option<()> {
        let hour = self.take(2, 0..=24)?;
        let most = if hour == 24 { 0 } else { 59 };
        self.time.push(hour);
        self.skip(b':').then_some(())?;
        let minute = self.take(2, 0..=most)?;
        self.time.push(minute);
        if self.skip(b':') {
            let second = self.take(2, 0..=most)?;
            self.time.push(second);
            if self.skip(b'.') {
                let Token::Number { value, length } = self.next() else { return None };
                self.time.push(thousandths(value, length));
            }
        }
        match self.peek() {
            Token::Zone(0) => {
                self.at += 1;
                self.set_zone(0);
            }
            Token::Symbol(symbol @ (b'+' | b'-')) => {
                self.at += 1;
                self.sign = Some(if symbol == b'+' { 1 } else { -1 });
                let (hour, minute) = match self.take(4, 0..=2359) {
                    Some(both) => (both / 100, both % 100),
                    None => {
                        let hour = self.take(2, 0..=23)?;
                        self.skip(b':').then_some(())?;
                        (hour, self.take(2, 0..=59)?)
                    }
                };
                (self.zone_hour, self.zone_minute) = (Some(hour), Some(minute));
            }
            _ => {}
        }
        (self.next() == Token::End).then_some(())
    }

    /// `DayComposer::Write`, `TimeComposer::Write`, `TimeZoneComposer::Write`
    fn finish(mut self) -> Option<Moment> {
        let &first = self.day.first()?;
        // A missing part is 1, also the year.
        self.day.resize(3, 1);
        let is_day = |part: i64| (1..=31).contains(&part);
        let (mut year, month, day) = match (self.month, &self.day[..]) {
            (None, &[year, month, day]) if self.is_iso || !is_day(first) => (year, month, day),
            (None, &[month, day, year]) => (year, month, day),
            (Some(month), &[year, day, _]) if !is_day(first) => (year, month, day),
            (Some(month), &[day, year, _]) => (year, month, day),
            _ => return None,
        };
        if !self.is_iso {
            year += match year {
                0..=49 => 2000,
                50..=99 => 1900,
                _ => 0,
            };
        }
        if !(1..=12).contains(&month) || !is_day(day) {
            return None;
        }
        self.time.resize(4, 0);
        let &[mut hour, minute, second, thousandths] = &self.time[..] else { return None };
        if let Some(half) = self.half {
            if !(0..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + half;
        }
        let is_midnight = hour == 24 && minute + second + thousandths == 0;
        if !(0..24).contains(&hour) && !is_midnight || minute > 59 || second > 59 {
            return None;
        }
        let local = make_time([year, month, day], ((hour * 60 + minute) * 60 + second) * 1000 + thousandths)?;
        let Some(sign) = self.sign else { return Some(Moment::Local(local)) };
        let minutes = self.zone_hour.unwrap_or(0) * 60 + self.zone_minute.unwrap_or(0);
        let utc = local.checked_sub_signed(TimeDelta::try_minutes(sign * minutes)?)?;
        Some(Moment::Fixed(utc.and_utc().fixed_offset()))
    }
}

/// The first three digits after a point.
fn thousandths(value: i64, length: usize) -> i64 {
    match length {
        0..=3 => value * 10_i64.pow(3 - length as u32),
        _ => value / 10_i64.pow(length.min(9) as u32 - 3),
    }
}
