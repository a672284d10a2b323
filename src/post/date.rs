//! Dates as people write them: one reader for every dialect.

use std::sync::LazyLock;

use chrono::{
    DateTime, Datelike, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta,
    TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;
use regex::Regex;

use super::zone::{find_abbreviation, read_offset};

/// A moment, or a local time whose zone is still to be decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Its offset or zone was written.
    Fixed(DateTime<FixedOffset>),
    /// A date and time without a zone.
    Local(NaiveDateTime),
    /// A date alone.
    Day(NaiveDate),
}

impl Moment {
    /// The instant, with what has no zone read in `zone`; a day begins at midnight.
    ///
    /// A local time that does not exist moves forward by the gap; one that exists twice is the earlier.
    pub fn in_zone(self, zone: Tz) -> DateTime<Utc> {
        match self {
            Self::Fixed(instant) => instant.with_timezone(&Utc),
            Self::Local(local) => resolve(local, zone),
            Self::Day(day) => resolve(day.and_time(NaiveTime::MIN), zone),
        }
    }

    /// The date and time of day as written, whatever the zone.
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
            // The offset in force before the gap carries the time over it.
            let before = zone.offset_from_utc_datetime(&(local - TimeDelta::days(1))).fix();
            Utc.from_utc_datetime(&(local - TimeDelta::seconds(i64::from(before.local_minus_utc()))))
        }
    }
}

/// Forms written in words, tried one by one after the numeric ones. Ruby's `Time.parse` reads these too.
const IN_WORDS: [&str; 13] = [
    "%B %d %Y %I:%M:%S%p",
    "%B %d %Y %I:%M%p",
    "%B %d %Y %H:%M:%S",
    "%B %d %Y %H:%M",
    "%d %B %Y %H:%M:%S",
    "%d %B %Y %H:%M",
    "%A %B %d %H:%M:%S %Y",
    "%A %d %B %Y %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y%m%dT%H%M%S",
];
const DAYS_IN_WORDS: [&str; 5] = ["%B %d %Y", "%d %B %Y", "%Y/%m/%d", "%Y.%m.%d", "%A %d %B %Y"];

/// `js-yaml 4 YAML_DATE_REGEXP, YAML_TIMESTAMP_REGEXP`
static YAML_STAMP: LazyLock<Regex> = LazyLock::new(|| {
    let time = r"([Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?";
    let zone = r"([ \t]*(Z|[-+][0-9]{1,2}(:[0-9]{2})?))?";
    let forms =
        format!("^([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}|[0-9]{{4}}-[0-9]{{1,2}}-[0-9]{{1,2}}{time}{zone})$");
    Regex::new(&forms).expect("it is well-formed")
});

/// Whether YAML, as JavaScript reads it, knows a plain scalar as a date.
pub fn is_yaml_stamp(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && YAML_STAMP.is_match(text)
}

/// Reads a date in any of the forms of the contract. Years go from 1 to 9999, as in every format of
/// feeds.
///
/// # Errors
/// What is wrong with it and how to write it, without the date itself: `has no such month. Write …`.
pub fn read(text: &str) -> Result<Moment, String> {
    let moment = read_any(text.trim())?;
    let year = match moment {
        Moment::Fixed(instant) => instant.year(),
        Moment::Local(local) => local.year(),
        Moment::Day(day) => day.year(),
    };
    // A day less at either end: no zone can carry the year over it.
    if (2..=9998).contains(&year) { Ok(moment) } else { Err(format!("has no such year. {WRITE}")) }
}

fn read_any(text: &str) -> Result<Moment, String> {
    let first = Cursor(text.as_bytes()).take_number(1, 14);
    match first {
        Some((_, 4)) if text.as_bytes().get(4) == Some(&b'-') => return read_iso(text),
        Some((_, 8)) if text.len() == 8 => {
            return read_iso(&format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]));
        }
        Some((number, digits)) if digits == text.len() => return read_unix(number, digits),
        _ => {}
    }
    if let Ok(instant) = DateTime::parse_from_rfc2822(text) {
        return Ok(Moment::Fixed(instant));
    }
    let spaced = text.replace(',', " ");
    let mut words: Vec<&str> = spaced.split_whitespace().collect();
    let zone = take_zone(&mut words);
    for word in &mut words {
        // `12th`
        let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        if matches!(&word[digits.len()..], "st" | "nd" | "rd" | "th")
            && digits.bytes().all(|b| b.is_ascii_digit())
        {
            *word = digits;
        }
    }
    let plain = words.join(" ");
    // chrono wants minutes beside an hour of twelve: "5pm" is written out for it.
    let spelled = spell_hour(&plain);
    let local = IN_WORDS.iter().find_map(|form| NaiveDateTime::parse_from_str(&spelled, form).ok());
    let day = || DAYS_IN_WORDS.iter().find_map(|form| NaiveDate::parse_from_str(&plain, form).ok());
    let at = |local: NaiveDateTime| match zone.and_then(|zone| zone.from_local_datetime(&local).single()) {
        Some(instant) => Moment::Fixed(instant),
        None => Moment::Local(local),
    };
    local.map(at).or_else(|| day().map(Moment::Day)).ok_or_else(|| format!("is in no known form. {WRITE}"))
}

const WRITE: &str = "Write it as YYYY-MM-DD or YYYY-MM-DD HH:MM:SS +HH:MM.";

/// Takes an offset or the abbreviation of a zone out of a date in words that has a time.
fn take_zone(words: &mut Vec<&str>) -> Option<FixedOffset> {
    let time = words.iter().position(|word| word.contains(':'))?;
    let read = |word: &str| read_offset(word).or_else(|| find_abbreviation(word));
    let at = (time + 1..words.len()).find(|at| read(words[*at]).is_some())?;
    read(words.remove(at))
}

/// `Jan 12 2024 5pm` → `Jan 12 2024 5:00pm`.
fn spell_hour(text: &str) -> String {
    // ASCII alone keeps the length of the text, which is cut below.
    let lower = text.to_ascii_lowercase();
    for half in ["am", "pm"] {
        if let Some(head) = lower.strip_suffix(half).map(str::trim_end)
            && let Some((rest, hour)) = head.rsplit_once(' ')
        {
            let minutes = if hour.contains(':') { "" } else { ":00" };
            return format!("{} {hour}{minutes}{half}", &text[..rest.len()]);
        }
    }
    text.to_owned()
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

/// `YYYY-M-D`, then perhaps `T` or blanks, a time, and an offset or a zone.
fn read_iso(text: &str) -> Result<Moment, String> {
    let mut cursor = Cursor(text.as_bytes());
    let odd = || format!("is in no known form. {WRITE}");
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
    let mut local = date.and_time(time);
    let mut zone = cursor.rest();
    let half = zone.split(' ').next().unwrap_or_default();
    if (half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm")) && (1..=12).contains(&time.hour())
    {
        let hour = time.hour() % 12 + if half.eq_ignore_ascii_case("pm") { 12 } else { 0 };
        local = local.with_hour(hour).unwrap_or(local);
        zone = zone[half.len()..].trim_start();
    }
    // Go prints the name of the zone behind its offset.
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

/// The date a path holds at segment boundaries: `/2024/01/02/`.
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

/// Reads ASCII from the left.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    fn take(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    /// A number of at least `least` digits, at most `most` of which are taken, and how many it has.
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
    fn what_is_no_date_says_why() {
        for (text, why) in [
            ("2024-13-02", "no such month"),
            ("2024-02-30", "no such day"),
            ("2024-01-02 25:00", "no such time"),
            ("2024-01-02 10:00 Mars/Phobos", "no such time zone"),
            ("2024-01-02x", "no known form"),
            ("İİİİİİ 5pm", "no known form"),
            ("January 1 -0044", "no such year"),
            ("0000-01-01", "no such year"),
            ("2024-01", "no known form"),
            ("soon", "no known form"),
            ("", "no known form"),
            ("12", "neither a date nor Unix time"),
        ] {
            assert!(instant(text, Tz::UTC).contains(why), "{text}: {}", instant(text, Tz::UTC));
        }
    }

    #[test]
    fn a_time_in_the_gap_moves_forward_and_a_time_told_twice_is_the_earlier() {
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
        fn no_text_breaks_the_reader(text in "\\PC{0,40}") {
            let _ = read(&text).map(|moment| moment.in_zone(Tz::America__New_York));
        }

        #[test]
        fn what_is_written_in_rfc_3339_reads_back(seconds in 0i64..4_000_000_000, offset in -14i32..=14) {
            let offset = FixedOffset::east_opt(offset * 3600).expect("it is within a day");
            let instant = DateTime::from_timestamp(seconds, 0).expect("it is in range");
            let text = instant.with_timezone(&offset).to_rfc3339();
            proptest::prop_assert_eq!(read(&text), Ok(Moment::Fixed(instant.fixed_offset())));
        }
    }
}
