//! Addresses: percent-encoding done once, and paths put on a base.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands for itself in a path segment: RFC 3986 §3.3 `pchar`.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// What stands for itself in a query or a fragment: RFC 3986 §3.4, §3.5.
const QUERY: &AsciiSet = &SEGMENT.remove(b'/').remove(b'?');

/// The two again, for texts whose own escapes stay as they are.
const ENCODED_SEGMENT: &AsciiSet = &SEGMENT.remove(b'%');
const ENCODED_QUERY: &AsciiSet = &QUERY.remove(b'%');

/// Percent-encodes text as one path segment.
pub fn encode_segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Percent-encodes text as a path: each `/` stays.
pub fn encode_path(text: &str) -> String {
    text.split('/').map(encode_segment).collect::<Vec<_>>().join("/")
}

/// Brings an address into its normal form, encoded once: what was encoded needlessly is decoded,
/// what needs it is encoded, whatever of the two was written, and white space around the path goes
/// (`addressable 2.8 URI#normalize`).
pub fn normalise(address: &str) -> String {
    let (rest, fragment) = split_at_mark(address, '#');
    let (path, query) = split_at_mark(rest, '?');
    let path = path.trim_matches(|c: char| c.is_ascii_whitespace());
    let mut normal =
        path.split('/').map(|s| recode(s, SEGMENT, ENCODED_SEGMENT)).collect::<Vec<_>>().join("/");
    if let Some(query) = query {
        normal.push('?');
        // A query's own escapes may be syntax (`%26`): they stay as they are.
        normal.push_str(&utf8_percent_encode(query, ENCODED_QUERY).to_string());
    }
    if let Some(fragment) = fragment {
        normal.push('#');
        normal.push_str(&recode(fragment, QUERY, ENCODED_QUERY));
    }
    normal
}

/// Brings an absolute address into its normal form: scheme and host stay, the rest is [`normalise`]d.
pub fn normalise_url(url: &str) -> String {
    let host = url.find("://").map_or(0, |at| at + 3);
    let path = url[host..].find('/').map_or(url.len(), |at| host + at);
    format!("{}{}", &url[..path], normalise(&url[path..]))
}

fn split_at_mark(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn recode(text: &str, set: &'static AsciiSet, encoded: &'static AsciiSet) -> String {
    if text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b)) {
        return text.to_owned();
    }
    match percent_decode_str(text).decode_utf8() {
        Ok(decoded) => utf8_percent_encode(&decoded, set).to_string(),
        // Escapes that are not UTF-8 can only be kept as they are.
        Err(_) => utf8_percent_encode(text, encoded).to_string(),
    }
}

/// Whether a text is an absolute http or https address.
pub fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_encoded_once() {
        for (written, normal) in [
            ("/文章/第 一/", "/%E6%96%87%E7%AB%A0/%E7%AC%AC%20%E4%B8%80/"),
            ("/a%20b/%41", "/a%20b/A"),
            (" /a/Will That ", "/a/Will%20That"),
            ("/percent%20#hash?", "/percent%20#hash?"),
            ("/c++/c%23/[x]", "/c++/c%23/%5Bx%5D"),
            ("/it's-(odd)~!$+,;=@.html", "/it's-(odd)~!$+,;=@.html"),
            ("/x?a=1&b=%26 c", "/x?a=1&b=%26%20c"),
            ("/100%/%zz", "/100%25/%25zz"),
        ] {
            assert_eq!(normalise(written), normal);
            assert_eq!(normalise(normal), normal);
        }
    }

    proptest::proptest! {
        #[test]
        fn the_normal_form_is_ascii_and_stable(text in "[^?#]{0,30}") {
            let normal = normalise(&text);
            proptest::prop_assert!(normal.is_ascii());
            proptest::prop_assert_eq!(normalise(&normal), normal);
        }
    }
}
