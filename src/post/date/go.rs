//! Dates in words as Go reads them for Hugo (`cast 1.10 TimeFormats`). The forms of the contract include the others.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::Moment;

/// Forms with an offset.
const FIXED: [&str; 3] = ["%a, %d %b %Y %H:%M:%S %z", "%d %b %y %H:%M %z", "%a %b %d %H:%M:%S %z %Y"];
/// Forms without a zone; its abbreviation is removed first, since Go does not know its offset.
const LOCAL: [&str; 4] =
    ["%a, %d %b %Y %H:%M:%S", "%d %b %y %H:%M", "%A, %d-%b-%y %H:%M:%S", "%a %b %d %H:%M:%S %Y"];

/// The moment that a text in words denotes.
pub fn read(text: &str) -> Option<Moment> {
    if let Some(instant) = FIXED.iter().find_map(|form| DateTime::parse_from_str(text, form).ok()) {
        return Some(Moment::Fixed(instant));
    }
    if let Ok(day) = NaiveDate::parse_from_str(text, "%d %b %Y") {
        return Some(Moment::Day(day));
    }
    let is_zone = |word: &&str| (3..=5).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase());
    let words: Vec<&str> = text.split_whitespace().filter(|word| !is_zone(word)).collect();
    let plain = words.join(" ");
    LOCAL.iter().find_map(|form| NaiveDateTime::parse_from_str(&plain, form).ok()).map(Moment::Local)
}
