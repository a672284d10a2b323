//! The length of a window of time: `24h`.

use std::fmt;
use std::str::FromStr;

use chrono::TimeDelta;
use serde_json::Value;

use super::reader::{At, FromToml};
use super::schema;

/// A length of time in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window(u32);

/// Each unit with its minutes, the largest first.
const UNITS: [(&str, u32); 4] = [("w", 7 * 24 * 60), ("d", 24 * 60), ("h", 60), ("m", 1)];

/// The longest window: it fits into the calendar.
const LONGEST: u32 = 5200 * 7 * 24 * 60;

/// The error when a text is not a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Write a whole number of minutes, hours, days or weeks: {}.", Window::EXAMPLES)]
pub struct NotAWindow;

impl Window {
    /// Some windows.
    pub const EXAMPLES: &str = "30m, 24h, 7d, 2w";

    /// Its length.
    pub fn length(self) -> TimeDelta {
        TimeDelta::minutes(self.0.into())
    }
}

impl FromStr for Window {
    type Err = NotAWindow;

    fn from_str(text: &str) -> Result<Self, NotAWindow> {
        let split = |(unit, minutes): &(&str, u32)| Some((text.strip_suffix(unit)?, *minutes));
        let (number, minutes) = UNITS.iter().find_map(split).ok_or(NotAWindow)?;
        let number = number.parse::<u32>().ok().filter(|_| number.bytes().all(|b| b.is_ascii_digit()));
        let length = number.and_then(|number| number.checked_mul(minutes));
        length.filter(|length| (1..=LONGEST).contains(length)).map(Self).ok_or(NotAWindow)
    }
}

/// In the largest unit of which it is a whole number.
impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().find(|(_, minutes)| self.0.is_multiple_of(*minutes));
        unit.map_or(Ok(()), |(unit, minutes)| write!(f, "{}{unit}", self.0 / minutes))
    }
}

impl FromToml for Window {
    fn read(at: At<'_>) -> Option<Self> {
        let written = String::read(at)?;
        written.parse().ok().or_else(|| at.error(format!("cannot be {written:?}. {NotAWindow}")))
    }

    fn describe() -> Value {
        schema::text_like("^[0-9]+[mhdw]$", "24h")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_written_in_its_largest_unit() {
        for (written, canonical) in
            [("30m", "30m"), ("60m", "1h"), ("36h", "36h"), ("24h", "1d"), ("14d", "2w")]
        {
            assert_eq!(written.parse::<Window>().map(|window| window.to_string()), Ok(canonical.to_owned()));
        }
        for text in ["", "h", "24", "0h", "-1d", "+1d", "1.5h", "1 h", "24H", "99999999999w", "9999999w"] {
            assert_eq!(text.parse::<Window>(), Err(NotAWindow), "{text}");
        }
    }
}
