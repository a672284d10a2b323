//! Go's date layouts: the layout is the reference date 2006-01-02 15:04:05 in the desired form.

use chrono::NaiveDateTime;

/// The elements of a layout with the format specifiers of chrono; longer ones come first.
const ELEMENTS: &[(&str, &str)] = &[
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

/// Formats a date by a layout; `None` if the layout contains no element of a date.
pub(super) fn format(date: NaiveDateTime, layout: &str) -> Option<String> {
    let (mut written, mut rest, mut found) = (String::new(), layout, false);
    while let Some(c) = rest.chars().next() {
        match ELEMENTS.iter().find(|(element, _)| rest.starts_with(element)) {
            Some((element, specifier)) => {
                written.push_str(&date.format(specifier).to_string());
                rest = &rest[element.len()..];
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

/// Returns true if a placeholder name is a layout: `:06`, `:Jan_2`.
pub(super) fn is_layout(word: &str) -> bool {
    let day = super::dates::make_day(2000, 11, 22).and_then(|day| day.and_hms_opt(13, 14, 16));
    day.and_then(|day| format(day, word)).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_gos() {
        let date = super::super::dates::make_day(2024, 1, 9)
            .and_then(|day| day.and_hms_opt(8, 7, 6))
            .expect("it is one");
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
