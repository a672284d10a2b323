//! The names of zones that Ruby's `Time.parse` knows.

use chrono::{NaiveDate, Offset, TimeZone};
use chrono_tz::{OffsetName, Tz};

/// `ruby 3.1 Time.zone_offset`: seconds of an offset, of the abbreviations of RFC 822, or of those that the
/// site's own zone has in that year; any other name is ignored.
pub(super) fn zone_offset(name: &str, year: i32, zone: Tz) -> Option<i64> {
    const HOURS: [(&str, i64); 12] = [
        ("UTC", 0),
        ("UT", 0),
        ("GMT", 0),
        ("EST", -5),
        ("EDT", -4),
        ("CST", -6),
        ("CDT", -5),
        ("MST", -7),
        ("MDT", -6),
        ("PST", -8),
        ("PDT", -7),
        ("Z", 0),
    ];
    let name = name.to_uppercase();
    let digits = name.strip_prefix(['+', '-']);
    if let Some(digits) = digits {
        let parts: Vec<&str> = digits.split(':').collect();
        let is_pair = |part: &&str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        let colons = parts.len() <= 3 && parts.iter().all(is_pair);
        let plain = matches!(digits.len(), 4 | 6) && digits.bytes().all(|b| b.is_ascii_digit());
        if !(colons || plain) {
            return None;
        }
        let joined = digits.replace(':', "");
        let part = |at: usize| joined.get(at..at + 2).map_or(Some(0), |part| part.parse::<i64>().ok());
        let seconds = part(0)? * 3600 + part(2)? * 60 + part(4)?;
        return Some(if name.starts_with('-') { -seconds } else { seconds });
    }
    if let Some((_, hours)) = HOURS.iter().find(|(known, _)| *known == name) {
        return Some(hours * 3600);
    }
    if let [letter @ b'A'..=b'Y'] = name.as_bytes()
        && *letter != b'J'
    {
        let place = i64::from(letter - b'A');
        // RFC 822 §5.1: A to M east, without J; N to Y west.
        let hours = match letter {
            b'A'..=b'I' => place + 1,
            b'K'..=b'M' => place,
            _ => 12 - place,
        };
        return Some(hours * 3600);
    }
    [1, 7].into_iter().find_map(|month| {
        let day = NaiveDate::from_ymd_opt(year, month, 1)?.and_hms_opt(0, 0, 0)?;
        let offset = *zone.from_local_datetime(&day).earliest()?.offset();
        let is_own = offset.abbreviation().is_some_and(|own| own.eq_ignore_ascii_case(&name));
        is_own.then(|| i64::from(offset.fix().local_minus_utc()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_names_of_rfc_822_and_of_the_sites_own_zone_count() {
        for (name, zone, hours) in [
            ("PDT", Tz::UTC, Some(-7)),
            ("utc", Tz::UTC, Some(0)),
            ("z", Tz::UTC, Some(0)),
            ("A", Tz::UTC, Some(1)),
            ("I", Tz::UTC, Some(9)),
            ("K", Tz::UTC, Some(10)),
            ("M", Tz::UTC, Some(12)),
            ("N", Tz::UTC, Some(-1)),
            ("Y", Tz::UTC, Some(-12)),
            ("J", Tz::UTC, None),
            ("CEST", Tz::UTC, None),
            ("CEST", Tz::Europe__Berlin, Some(2)),
            ("CET", Tz::Europe__Berlin, Some(1)),
            ("CST", Tz::Asia__Shanghai, Some(-6)),
            ("+08", Tz::UTC, Some(8)),
            ("-0800", Tz::UTC, Some(-8)),
            ("+08:00:00", Tz::UTC, Some(8)),
            ("+8", Tz::UTC, None),
            ("GMT+8", Tz::UTC, None),
        ] {
            assert_eq!(zone_offset(name, 2024, zone), hours.map(|hours| hours * 3600), "{name} in {zone}");
        }
    }
}
