//! Go's layouts of dates: a date is written as 2006-01-02 15:04:05 would be.

use chrono::NaiveDateTime;

/// Each piece of a layout and what chrono calls it; longer ones come first.
const PIECES: &[(&str, &str)] = &[
    ("January", "%B"),
    ("Monday", "%A"),
    ("2006", "%Y"),
    ("Jan", "%b"),
    ("Mon", "%a"),
    ("002", "%j"),
    ("__2", "%_j"),
    ("01", "%m"),
    ("02", "%d"),
    ("_2", "%e"),
    ("03", "%I"),
    ("04", "%M"),
    ("05", "%S"),
    ("06", "%y"),
    ("15", "%H"),
    ("PM", "%p"),
    ("pm", "%P"),
    ("1", "%-m"),
    ("2", "%-d"),
    ("3", "%-I"),
    ("4", "%-M"),
    ("5", "%-S"),
];

/// A date written by a layout; `None` if nothing of the layout is a piece of a date.
pub(super) fn format(date: NaiveDateTime, layout: &str) -> Option<String> {
    let (mut written, mut rest, mut found) = (String::new(), layout, false);
    while let Some(c) = rest.chars().next() {
        match PIECES.iter().find(|(piece, _)| rest.starts_with(piece)) {
            Some((piece, form)) => {
                written.push_str(&date.format(form).to_string());
                rest = &rest[piece.len()..];
                found = true;
            }
            None => {
                written.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    found.then_some(written)
}

/// Whether a word of a pattern is a layout: `:06`, `:Jan_2`.
pub(super) fn is_layout(word: &str) -> bool {
    let day = super::make_day(2000, 11, 22).and_then(|day| day.and_hms_opt(13, 14, 16));
    day.and_then(|day| format(day, word)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_gos() {
        let date =
            super::super::make_day(2024, 1, 9).and_then(|day| day.and_hms_opt(8, 7, 6)).expect("it is one");
        for (layout, written) in [
            ("06", "24"),
            ("1", "1"),
            ("_2", " 9"),
            ("2006_01_02", "2024_01_09"),
            ("Jan", "Jan"),
            ("Monday", "Tuesday"),
        ] {
            assert_eq!(format(date, layout).as_deref(), Some(written), "{layout}");
        }
        assert!(!is_layout("slog") && is_layout("15"));
    }
}
