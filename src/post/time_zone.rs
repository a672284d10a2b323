//! Offsets and abbreviations of time zones, as people write them after a time.

use chrono::FixedOffset;

/// Reads `Z`, `UTC`, `GMT`, `+8`, `+08`, `+0800`, `+08:00`.
pub(super) fn read_offset(text: &str) -> Option<FixedOffset> {
    if ["z", "utc", "gmt"].iter().any(|name| text.eq_ignore_ascii_case(name)) {
        return FixedOffset::east_opt(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = &text[1..];
    let (hours, minutes) = match (digits.split_once(':'), digits.len()) {
        (Some(parts), _) => parts,
        (None, 1 | 2) => (digits, "00"),
        (None, 3 | 4) if digits.is_ascii() => digits.split_at(digits.len() - 2),
        _ => return None,
    };
    let number = |text: &str, least: usize| {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        (digits && (least..=2).contains(&text.len())).then(|| text.parse::<i32>().ok())?
    };
    let minutes = number(minutes, 2).filter(|minutes| *minutes < 60)?;
    FixedOffset::east_opt(sign * (number(hours, 1)? * 3600 + minutes * 60))
}

/// The offset of an abbreviation, in any case: `PST`, `CEST` (`ruby 3.1 date zonetab`).
pub(super) fn find_abbreviation(name: &str) -> Option<FixedOffset> {
    let (_, minutes) = ABBREVIATIONS.iter().find(|(known, _)| name.eq_ignore_ascii_case(known))?;
    FixedOffset::east_opt(minutes * 60)
}

/// Minutes east of UTC.
const ABBREVIATIONS: [(&str, i32); 33] = [
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("AST", -240),
    ("ADT", -180),
    ("BRT", -180),
    ("ART", -180),
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("MEZ", 60),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("SAST", 120),
    ("MSK", 180),
    ("IST", 330),
    ("SGT", 480),
    ("JST", 540),
    ("KST", 540),
    ("EAST", 600),
    ("NZST", 720),
    ("NZDT", 780),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_read_in_every_length() {
        for (text, minutes) in
            [("+8", 480), ("+08", 480), ("+800", 480), ("+0800", 480), ("-08:30", -510), ("z", 0)]
        {
            assert_eq!(read_offset(text), FixedOffset::east_opt(minutes * 60), "{text}");
        }
        for text in ["", "+", "8", "+08:6", "+0860", "+080000", "+é1", "+2500"] {
            assert_eq!(read_offset(text), None, "{text}");
        }
    }
}
