//! Formatting of TOML values.

use std::fmt::Write as _;

/// Writes a text as a TOML string.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn texts_are_quoted_as_toml_reads_them() {
        for text in ["plain", "a \"b\" \\ c", "tab\tand\nline", "风从海上来", "\u{7f}\u{0}"] {
            let table: toml::Table = toml::from_str(&format!("x = {}", quote(text))).expect(text);
            assert_eq!(table["x"].as_str(), Some(text));
        }
    }
}
