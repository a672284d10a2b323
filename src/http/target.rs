//! URL paths and queries of requests, as sent.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Splits a request target into path and query.
pub(super) fn split(target: &str) -> (&str, Option<&str>) {
    target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)))
}

/// Decodes unreserved characters, which are equivalent to their encoded form (RFC 3986 §6.2.2.2).
pub(super) fn decode_unreserved(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut decoded = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, escaped)) = rest.split_once('%') {
        decoded.push_str(before);
        let byte = escaped.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(|b| b.is_ascii_alphanumeric() || b"-._~".contains(b)) {
            Some(byte) => {
                decoded.push(char::from(byte));
                rest = &escaped[2..];
            }
            None => {
                decoded.push('%');
                rest = escaped;
            }
        }
    }
    Cow::Owned(decoded + rest)
}

/// Removes a leading path; `None` if `path` is not below it.
pub(super) fn strip<'p>(path: &'p str, above: &str) -> Option<&'p str> {
    path.strip_prefix(above).filter(|rest| rest.starts_with('/'))
}

/// Returns true if every `%` begins an escape and the decoded bytes are UTF-8.
pub(super) fn is_encoded_well(target: &str) -> bool {
    // Most have no escape.
    if !target.contains('%') {
        return true;
    }
    let escapes = target
        .split('%')
        .skip(1)
        .all(|rest| rest.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)));
    escapes && percent_decode_str(target).decode_utf8().is_ok()
}
