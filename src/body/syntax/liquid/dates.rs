//! Filters of dates (`liquid 4.0 date`, `jekyll 4.4 DateFilters`).

use std::fmt::Write;

use chrono::format::{Item, StrftimeItems};
use chrono::{DateTime, FixedOffset};

use super::data::Data;
use super::filters::STEPS;
use crate::body::syntax::Output;

/// The maximum length of a format, in bytes.
const LONGEST: usize = 256;

/// Directives that chrono does not print as Ruby does.
const OTHERS: [&str; 5] = ["%Z", "%v", "%+", "%.", "%#"];

/// Applies a filter to a date; `None`: the result is unknown, as for the current time.
pub(super) fn apply(value: &Data, name: &str, args: &[Option<Data>], out: &Output<'_>) -> Option<Data> {
    let written = value.to_text()?;
    let text = written.trim();
    if ["now", "today"].iter().any(|word| text.eq_ignore_ascii_case(word))
        || !out.budget.spend(LONGEST * STEPS)
    {
        return None;
    }
    let date = out.resolve.date(text);
    let format = match (name, args) {
        // `liquid 4.0`: a value that is not a date stays as it is, and so does a date without a format.
        ("date", [format, ..]) => match (date, format.as_ref()?.to_text()?) {
            (Some(date), format) if !format.is_empty() => return print(date.written, &format),
            _ => return Some(value.clone()),
        },
        ("date_to_string", [] | [None]) => "%d %b %Y",
        ("date_to_long_string", [] | [None]) => "%d %B %Y",
        ("date_to_xmlschema", _) => "%Y-%m-%dT%H:%M:%S%:z",
        ("date_to_rfc822", _) => "%a, %d %b %Y %H:%M:%S %z",
        _ => return None,
    };
    print(date?.local, format)
}

fn print(date: DateTime<FixedOffset>, format: &str) -> Option<Data> {
    let is_other = OTHERS.iter().any(|other| format.contains(other));
    // Milliseconds
    let format = format.replace("%L", "%3f");
    if format.len() > LONGEST || is_other || StrftimeItems::new(&format).any(|item| item == Item::Error) {
        return None;
    }
    let mut printed = String::new();
    write!(printed, "{}", date.format(&format)).ok()?;
    Some(Data::from(printed))
}
