//! The forms of nearly every date, read without a regular expression.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use crate::post::date::Moment;

/// Reads the forms of nearly every post: `YYYY-MM-DD` and `YYYY-MM-DD HH:MM:SS +HHMM`.
pub(super) fn read_common_form(text: &str) -> Option<Moment> {
    if has_form(text, b"0000-00-00") {
        NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Moment::Day)
    } else if has_form(text, b"0000-00-00 00:00:00 +0000") && text.as_bytes()[17] < b'6' {
        DateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S %z").ok().map(Moment::Fixed)
    } else {
        None
    }
}

/// Reads the form of nearly every archive: `YYYY-MM-DDTHH:MM:SSZ`, with any fraction.
pub(super) fn read_utc_stamp(text: &str) -> Option<NaiveDateTime> {
    let (time, zone) = text.split_at_checked(19)?;
    let is_fraction = |(at, byte): (usize, u8)| if at == 0 { byte == b'.' } else { byte.is_ascii_digit() };
    let fraction = zone.strip_suffix('Z')?;
    if !has_form(time, b"0000-00-00T00:00:00") || !fraction.bytes().enumerate().all(is_fraction) {
        return None;
    }
    let number = |from: usize, to: usize| time[from..to].parse::<u32>().ok();
    let day = NaiveDate::from_ymd_opt(number(0, 4)? as i32, number(5, 7)?, number(8, 10)?)?;
    day.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)
}

/// Compares a text with a form, in which `0` is any digit and `+` any sign.
fn has_form(text: &str, form: &[u8]) -> bool {
    let fits = |(byte, form): (u8, &u8)| match form {
        b'0' => byte.is_ascii_digit(),
        b'+' => matches!(byte, b'+' | b'-'),
        _ => byte == *form,
    };
    text.len() == form.len() && text.bytes().zip(form).all(fits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{match_stamp, read_any_form};
    use super::*;

    proptest! {
        #[test]
        fn common_forms_are_read_as_all_others(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9]( [0-2][0-9]:[0-6][0-9]:[0-6][0-9] [-+][0-2][0-9][0-6][0-9])?"
        ) {
            let zone = chrono_tz::Asia::Shanghai;
            let parts = |moment: Moment| (moment.in_zone(zone), moment.face());
            if let Some(moment) = read_common_form(&text) {
                prop_assert_eq!(read_any_form(&text, false, zone).map(parts), Some(parts(moment)));
            }
        }

        #[test]
        fn stamps_in_utc_are_read_as_all_others(
            text in "[0-9]{4}-[01][0-9]-[0-3][0-9][T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,4})?[Zz ]"
        ) {
            if let Some(stamp) = read_utc_stamp(&text) {
                prop_assert_eq!(match_stamp(&text), Some(stamp));
            }
        }
    }
}
