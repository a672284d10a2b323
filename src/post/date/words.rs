//! Dates in words, for folders without a generator.

use chrono::{FixedOffset, NaiveDate, NaiveDateTime, TimeZone};

use super::Moment;
use crate::post::time_zone::{find_abbreviation, read_offset};

/// Forms in words, tried in order after the numeric ones.
const IN_WORDS: [&str; 15] = [
    "%Y-%m-%d %I:%M:%S%p",
    "%Y-%m-%d %I:%M%p",
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

/// The moment that a text in words denotes.
pub(super) fn read(text: &str) -> Option<Moment> {
    if text.len() == 8
        && let Ok(day) = NaiveDate::parse_from_str(text, "%Y%m%d")
    {
        return Some(Moment::Day(day));
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
    // chrono requires minutes on a twelve-hour clock: "5pm" is completed for it.
    let spelled = spell_hour(&plain);
    let local = IN_WORDS.iter().find_map(|form| NaiveDateTime::parse_from_str(&spelled, form).ok());
    let day = || DAYS_IN_WORDS.iter().find_map(|form| NaiveDate::parse_from_str(&plain, form).ok());
    let at = |local: NaiveDateTime| match zone.and_then(|zone| zone.from_local_datetime(&local).single()) {
        Some(instant) => Moment::Fixed(instant),
        None => Moment::Local(local),
    };
    local.map(at).or_else(|| day().map(Moment::Day))
}

/// Removes the offset or the abbreviation of a zone from a date in words that has a time, and returns it.
fn take_zone(words: &mut Vec<&str>) -> Option<FixedOffset> {
    let time = words.iter().position(|word| word.contains(':'))?;
    let read = |word: &str| read_offset(word).or_else(|| find_abbreviation(word));
    let at = (time + 1..words.len()).find(|at| read(words[*at]).is_some())?;
    read(words.remove(at))
}

/// `Jan 12 2024 5pm` → `Jan 12 2024 5:00pm`.
fn spell_hour(text: &str) -> String {
    // Lowercasing only ASCII keeps the length of the text, which is sliced below.
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
