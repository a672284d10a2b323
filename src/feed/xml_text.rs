//! Text that is valid in any XML document. All text of feeds has this type.

use std::fmt;
use std::ops::Deref;

use crate::post::text::is_printable;

/// Text without the characters that XML 1.0 §2.2 forbids; line ends are `\n`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct XmlText(String);

impl XmlText {
    /// Converts a text; forbidden characters are dropped.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.chars().all(|c| is_printable(c) && c != '\r') {
            return Self(text);
        }
        Self(text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(|c| is_printable(*c)).collect())
    }

    /// The capacity in bytes.
    pub(super) fn capacity(&self) -> usize {
        self.0.capacity()
    }

    /// Frees unused capacity.
    pub(super) fn shrink(&mut self) {
        self.0.shrink_to_fit();
    }

    /// The text as a `String`.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl Deref for XmlText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for XmlText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for XmlText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for XmlText {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_are_dropped_and_line_ends_are_normalised() {
        assert_eq!(&*XmlText::new("a\0b\u{B}c\u{FFFE}d\u{1F680}\u{202E}"), "abcd\u{1F680}\u{202E}");
        assert_eq!(&*XmlText::new("a\r\nb\rc\n\td"), "a\nb\nc\n\td");
    }

    proptest::proptest! {
        #[test]
        fn a_strict_parser_reads_back_the_same_text(text in proptest::prelude::any::<String>()) {
            let text = XmlText::new(text);
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            let xml = format!("<x>{escaped}</x>");
            let parsed = roxmltree::Document::parse(&xml).expect("well-formed XML");
            proptest::prop_assert_eq!(parsed.root_element().text().unwrap_or_default(), &*text);
        }
    }
}
