//! The forms of dates that every dialect reads: ISO 8601 as people write it, RFC 2822 and Unix time.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone};
use chrono_tz::Tz;

use super::{Moment, WRITE, resolve};
use crate::post::time_zone::{find_abbreviation, read_offset};

/// The moment that a text denotes.
///
/// # Errors
/// A message that says what is wrong and how to write the date.
pub(super) fn read(text: &str) -> Result<Moment, String> {
    match Cursor(text.as_bytes()).take_number(1, 14) {
        Some((_, 4)) if text.as_bytes().get(4) == Some(&b'-') => return read_iso(text),
        Some((number, digits)) if digits == text.len() => return read_unix(number, digits),
        _ => {}
    }
    DateTime::parse_from_rfc2822(text).map(Moment::Fixed).map_err(|_| format!("has an unknown form. {WRITE}"))
}

/// Unix time: up to 11 digits are seconds, 12 and 13 are milliseconds.
fn read_unix(number: i64, digits: usize) -> Result<Moment, String> {
    let instant = match digits {
        9..=11 => DateTime::from_timestamp(number, 0),
        12 | 13 => DateTime::from_timestamp_millis(number),
        _ => None,
    };
    instant
        .map(|at| Moment::Fixed(at.fixed_offset()))
        .ok_or_else(|| format!("is neither a date nor Unix time. {WRITE}"))
}

/// Reads `YYYY-M-D`, optionally followed by `T` or blanks, a time, and an offset or a zone.
fn read_iso(text: &str) -> Result<Moment, String> {
    let mut cursor = Cursor(text.as_bytes());
    let odd = || format!("has an unknown form. {WRITE}");
    let (year, _) = cursor.take_number(4, 4).ok_or_else(odd)?;
    let month = cursor.take(b'-').and_then(|()| cursor.take_number(1, 2)).ok_or_else(odd)?.0;
    let day = cursor.take(b'-').and_then(|()| cursor.take_number(1, 2)).ok_or_else(odd)?.0;
    if !(1..=12).contains(&month) {
        return Err(format!("has no such month. {WRITE}"));
    }
    let date = NaiveDate::from_ymd_opt(year as i32, month as u32, day as u32)
        .ok_or_else(|| format!("has no such day. {WRITE}"))?;
    let blanks = cursor.skip_blanks();
    let after_t = cursor.take(b'T').or_else(|| cursor.take(b't')).is_some();
    if cursor.0.is_empty() && !after_t {
        return Ok(Moment::Day(date));
    }
    if !after_t && blanks == 0 {
        return Err(odd());
    }
    let time = read_time(&mut cursor).ok_or_else(|| format!("has no such time of day. {WRITE}"))?;
    cursor.skip_blanks();
    let local = date.and_time(time);
    let zone = cursor.rest();
    // Go prints the name of the zone after its offset.
    let zone = match zone.split_once(' ') {
        Some((offset, name))
            if name.bytes().all(|b| b.is_ascii_alphabetic()) && read_offset(offset).is_some() =>
        {
            offset
        }
        _ => zone,
    };
    if zone.is_empty() {
        return Ok(Moment::Local(local));
    }
    if let Some(offset) = read_offset(zone).or_else(|| find_abbreviation(zone)) {
        let instant = offset.from_local_datetime(&local).single().ok_or_else(odd)?;
        return Ok(Moment::Fixed(instant));
    }
    let zone: Tz = zone.parse().map_err(|_| {
        format!("has no such time zone: {zone:?}. Write an offset like +08:00 or a name like Europe/Berlin.")
    })?;
    let instant = resolve(local, zone).with_timezone(&zone);
    Ok(Moment::Fixed(instant.fixed_offset()))
}

/// `HH:MM[:SS[.fff]]`; a leap second counts as the second before it.
fn read_time(cursor: &mut Cursor<'_>) -> Option<NaiveTime> {
    let (hour, _) = cursor.take_number(1, 2)?;
    cursor.take(b':')?;
    let (minute, _) = cursor.take_number(2, 2)?;
    let mut second = 0;
    let mut nanos = 0;
    if cursor.take(b':').is_some() {
        second = cursor.take_number(2, 2)?.0;
        if cursor.take(b'.').or_else(|| cursor.take(b',')).is_some() {
            let (fraction, digits) = cursor.take_number(1, 18)?;
            nanos = if digits <= 9 {
                fraction * 10_i64.pow(9 - digits as u32)
            } else {
                fraction / 10_i64.pow(digits as u32 - 9)
            };
        }
    }
    NaiveTime::from_hms_nano_opt(hour as u32, minute as u32, second.min(59) as u32, nanos as u32)
        .filter(|_| second <= 60)
}

/// A cursor that reads ASCII from the left.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    /// Takes a number of at least `least` and at most `most` digits. Also returns the number of its digits.
    fn take_number(&mut self, least: usize, most: usize) -> Option<(i64, usize)> {
        let digits = self.0.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
        if digits < least {
            return None;
        }
        let number = std::str::from_utf8(&self.0[..digits]).ok()?.parse().ok()?;
        self.0 = &self.0[digits..];
        Some((number, digits))
    }

    fn skip_blanks(&mut self) -> usize {
        let blanks = self.0.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        self.0 = &self.0[blanks..];
        blanks
    }

    fn rest(&self) -> &'a str {
        std::str::from_utf8(self.0).unwrap_or_default()
    }
}
