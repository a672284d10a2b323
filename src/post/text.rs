//! Bytes of a file → text, or the reason why they are not text; character classes; counts with nouns.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Returns true if documents can contain a character: XML 1.0 §2.2 `Char` without discouraged characters (controls
/// and non-characters) and without U+FFFD, which replaces bytes that could not be decoded.
pub fn is_printable(c: char) -> bool {
    let allowed = matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{7E}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FDCF}'
        | '\u{FDF0}'..='\u{FFFC}' | '\u{10000}'..);
    allowed && u32::from(c) & 0xFFFE != 0xFFFE
}

/// The reason why bytes are not text, and the position of the first invalid byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotText {
    /// Line and column of the first invalid byte, both from 1.
    pub place: (u32, u32),
    /// The message: what is wrong and how to fix it.
    pub message: &'static str,
}

/// A count with its noun: `1 post`, `2 posts`.
pub fn name_count(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

/// The number of bytes at the start of a file that decide whether it is text.
const HEAD: usize = 1024;

/// One NUL per this number of bytes is accepted as a mistake in a text.
const BYTES_PER_NUL: usize = 50;

fn count_nuls(bytes: &[u8]) -> usize {
    memchr::memchr_iter(0, &bytes[..bytes.len().min(HEAD)]).count()
}

/// Decodes UTF-8, UTF-16 with a byte order mark, which is dropped, or else a fallback.
///
/// # Errors
/// [`NotText`] for other encodings and for binary files.
pub fn decode<'b>(bytes: &'b [u8], fallback: Option<&'static Encoding>) -> Result<Cow<'b, str>, NotText> {
    // The byte order mark of UTF-32 begins with that of UTF-16.
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err(NotText { place: (1, 1), message: "this is UTF-32. Save the file as UTF-8." });
    }
    for (mark, encoding) in [(&[0xFF, 0xFE], UTF_16LE), (&[0xFE, 0xFF], UTF_16BE)] {
        let Some(rest) = bytes.strip_prefix(mark) else { continue };
        let (text, malformed) = encoding.decode_without_bom_handling(rest);
        if malformed {
            let message = "this is not well-formed UTF-16. Save it as UTF-8.";
            return Err(NotText { place: (1, 1), message });
        }
        return Ok(text);
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // The fast validation does not return the position of an error.
    match simdutf8::basic::from_utf8(bytes).or_else(|_| std::str::from_utf8(bytes)) {
        // A single NUL can be a mistake in a text; many near the start indicate a binary file.
        Ok(text) if count_nuls(bytes) * BYTES_PER_NUL > bytes.len().min(HEAD) => {
            let at = text.find('\0').unwrap_or_default();
            let message = "this is a binary file. Move it out of the posts, or exclude it.";
            Err(NotText { place: crate::config::position(text, at), message })
        }
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            let other = fallback.filter(|_| !bytes.contains(&0));
            let text = |encoding: &'static Encoding| {
                encoding.decode_without_bom_handling_and_without_replacement(bytes)
            };
            if let Some(text) = other.and_then(text) {
                return Ok(text);
            }
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
            let message = if bytes.contains(&0) {
                "this is a binary file. Move it out of the posts, or exclude it."
            } else {
                "this is not UTF-8 from here on. Save the file as UTF-8."
            };
            Err(NotText { place: crate::config::position(&valid, valid.len()), message })
        }
    }
}

/// The composed form of a text (Unicode NFC).
pub fn compose(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        _ => Cow::Owned(text.nfc().collect()),
    }
}

/// Returns true for letters, marks and decimal digits of every script, which slugs of several generators keep.
pub fn is_word_character(c: char) -> bool {
    use GeneralCategory as G;
    matches!(
        c.general_category(),
        G::UppercaseLetter
            | G::LowercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
            | G::NonspacingMark
            | G::SpacingMark
            | G::EnclosingMark
            | G::DecimalNumber
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_are_followed_and_dropped() {
        assert_eq!(decode(b"\xEF\xBB\xBFa", None).as_deref(), Ok("a"));
        assert_eq!(decode(b"\xFF\xFEa\0", None).as_deref(), Ok("a"));
        assert_eq!(decode(b"\xFE\xFF\0a", None).as_deref(), Ok("a"));
    }

    #[test]
    fn decoding_errors_have_a_position() {
        assert_eq!(decode(b"ab\nc\xFF", None).expect_err("it is not text").place, (2, 2));
        assert!(decode(b"\x7FELF\0\0", None).expect_err("it is not text").message.contains("binary"));
        for text in [&b"\xFF\xFE\0\0a\0\0\0"[..], b"\0\0\xFE\xFF\0\0\0a"] {
            assert!(decode(text, None).expect_err("it is not text").message.contains("UTF-32"));
        }
        assert!(decode(b"\xFF\xFE\0\xD8", None).expect_err("it is not text").message.contains("UTF-16"));
    }

    #[test]
    fn text_that_is_not_utf_8_is_in_the_encoding_of_the_site() {
        let gbk = Encoding::for_label(b"GB2312");
        assert_eq!(decode(b"\xD6\xD0\xCE\xC4", gbk).as_deref(), Ok("中文"));
        assert_eq!(decode("中文".as_bytes(), gbk).as_deref(), Ok("中文"));
        assert_eq!(decode(b"\xFF\xFEa\0", gbk).as_deref(), Ok("a"));
        assert_eq!(decode(b"a\nb\xD6", gbk).expect_err("it is not GBK").place, (2, 2));
        assert!(decode(b"\xD6\xD0\0", gbk).expect_err("it is not text").message.contains("binary"));
    }
}
