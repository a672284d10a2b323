//! URLs: percent-encoding, normal forms, and paths below a base.

use std::borrow::Cow;
use std::sync::LazyLock;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use regex::Regex;

/// The characters to percent-encode in a path segment: all except RFC 3986 §3.3 `pchar`.
pub const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
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

/// The characters to percent-encode in a query or a fragment: RFC 3986 §3.4, §3.5.
pub const QUERY: &AsciiSet = &SEGMENT.remove(b'/').remove(b'?');

/// The two sets without `%`, for texts whose escapes are kept.
const ENCODED_SEGMENT: &AsciiSet = &SEGMENT.remove(b'%');
const ENCODED_QUERY: &AsciiSet = &QUERY.remove(b'%');

/// Percent-encodes text as one path segment.
pub fn encode_segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// Percent-encodes text as a path: each `/` is kept.
pub fn encode_path(text: &str) -> String {
    text.split('/').map(encode_segment).collect::<Vec<_>>().join("/")
}

/// Brings a URL path, with its query and fragment, into its normal form: characters are percent-encoded once if they
/// need it, needless escapes are decoded, and white space around the path is removed
/// (`addressable 2.8 URI#normalize`).
pub fn normalise(reference: &str) -> String {
    let (rest, fragment) = split_at_mark(reference, '#');
    let (path, query) = split_at_mark(rest, '?');
    let path = path.trim_matches(|c: char| c.is_ascii_whitespace());
    let mut normal =
        path.split('/').map(|s| recode(s, SEGMENT, ENCODED_SEGMENT)).collect::<Vec<_>>().join("/");
    if let Some(query) = query {
        normal.push('?');
        // The escapes of a query may be syntax (`%26`): they are kept.
        normal.push_str(&utf8_percent_encode(query, ENCODED_QUERY).to_string());
    }
    if let Some(fragment) = fragment {
        normal.push('#');
        normal.push_str(&recode(fragment, QUERY, ENCODED_QUERY));
    }
    normal
}

/// Brings an absolute URL into its normal form: scheme and host are kept, the rest is [`normalise`]d, and `.` and
/// `..` segments are resolved (RFC 3986 §6.2.2.3).
pub fn normalise_url(url: &str) -> String {
    let path = find_path(url);
    let normal = normalise(&url[path..]);
    let end = normal.find(['?', '#']).unwrap_or(normal.len());
    format!("{}{}{}", &url[..path], resolve_dots(&normal[..end], |_| false), &normal[end..])
}

/// The published form of a path below a base: percent-encoded, without `.`, `..` and empty segments and without
/// control characters. `..` never leads above the base (RFC 3986 §5.2.4).
pub fn clean(path: &str) -> String {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    let encode = |text| drop_controls(encode_unfit(text, 0, |c| c.is_ascii()));
    resolve_dots(&encode(&path[..end]), str::is_empty) + &encode(&path[end..])
}

/// Resolves dot segments (RFC 3986 §5.2.4) and removes `skipped` segments, except an empty one at the end.
fn resolve_dots(path: &str, skipped: impl Fn(&str) -> bool) -> String {
    let Some(below) = path.strip_prefix('/') else { return path.to_owned() };
    let mut segments: Vec<&str> = Vec::new();
    let mut is_folder = false;
    for segment in below.split('/') {
        let may_be_dots = segment.starts_with(['.', '%']);
        let dots = may_be_dots.then(|| segment.replace("%2E", ".").replace("%2e", "."));
        let dots = dots.as_deref().unwrap_or(segment);
        is_folder = matches!(dots, "" | "." | "..");
        match dots {
            "." => {}
            ".." => drop(segments.pop()),
            _ if skipped(segment) => {}
            _ => segments.push(segment),
        }
    }
    // An empty last segment that was not skipped already ends the path with `/`.
    if is_folder && segments.last().is_none_or(|last| !last.is_empty()) {
        segments.push("");
    }
    format!("/{}", segments.join("/"))
}

/// Removes percent-encoded control characters: those of ASCII, and `%C2%80` to `%C2%9F`.
fn drop_controls(encoded: Cow<'_, str>) -> Cow<'_, str> {
    static CONTROL: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("%(?:[01][0-9A-Fa-f]|7[Ff]|[Cc]2%[89][0-9A-Fa-f])").expect("it is well-formed")
    });
    let is_control = |(at, _): (usize, &str)| {
        matches!(encoded.as_bytes()[at + 1..], [b'0' | b'1' | b'7', ..] | [b'c' | b'C', b'2', ..])
    };
    if encoded.match_indices('%').any(is_control) {
        return Cow::Owned(CONTROL.replace_all(&encoded, "").into_owned());
    }
    encoded
}

/// Replaces each run of slashes with one slash.
pub fn squeeze(path: &str) -> String {
    if !path.contains("//") {
        return path.to_owned();
    }
    let mut clean = String::with_capacity(path.len());
    for c in path.chars() {
        if !(c == '/' && clean.ends_with('/')) {
            clean.push(c);
        }
    }
    clean
}

/// The byte offset of the path in an absolute URL.
fn find_path(url: &str) -> usize {
    let host = url.find("://").map_or(0, |at| at + 3);
    url[host..].find(['/', '?', '#']).map_or(url.len(), |at| host + at)
}

/// Percent-encodes, after the host, characters that a URL must not contain (RFC 3986 §3) and the `url` crate keeps.
pub fn encode_rest(url: &str) -> String {
    encode_unfit(url, find_path(url), |c| c.is_ascii()).into_owned()
}

/// Percent-encodes characters that an IRI must not contain. Non-ASCII ones stay (RFC 3987 §2.2), unless private.
pub fn encode_iri(iri: &str) -> String {
    let is_private = |c| matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..);
    let host = if iri.contains("://") { find_path(iri) } else { 0 };
    encode_unfit(iri, host, |c| c.is_ascii() || !is_private(c)).into_owned()
}

/// Percent-encodes unfit characters. Brackets are allowed only in the host, which ends at byte `host`.
fn encode_unfit(url: &str, host: usize, is_fit: impl Fn(char) -> bool) -> Cow<'_, str> {
    let fragment = url.find('#').unwrap_or(url.len());
    let is_unfit = |(at, c): (usize, char)| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '/' | '_' => false,
        '[' | ']' => at >= host,
        '#' => at != fragment,
        '%' => !url.as_bytes().get(at + 1..at + 3).is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit)),
        '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}' | ' ' => true,
        c => !is_fit(c) || c.is_control(),
    };
    let mut encoded = String::new();
    let mut kept = 0;
    for (at, c) in url.char_indices().filter(|place| is_unfit(*place)) {
        encoded.push_str(&url[kept..at]);
        encoded.extend(utf8_percent_encode(c.encode_utf8(&mut [0; 4]), NON_ALPHANUMERIC));
        kept = at + c.len_utf8();
    }
    if kept == 0 { Cow::Borrowed(url) } else { Cow::Owned(encoded + &url[kept..]) }
}

/// Returns true if a text begins with a scheme (RFC 3986 §3.1), as an IRI does.
pub fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        let is_scheme = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(is_scheme)
            && !rest.is_empty()
    })
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
        // Escapes that are not UTF-8 are kept.
        Err(_) => utf8_percent_encode(text, encoded).to_string(),
    }
}

/// Returns true if a text is an absolute http or https URL.
pub fn is_web_address(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_encoded_once() {
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

    #[test]
    fn published_paths_stay_below_their_base() {
        for (written, clean_path) in [
            ("/../../x", "/x"),
            ("/a/../../b/./c/", "/b/c/"),
            ("/a/%2E%2e/b", "/b"),
            ("/a/..", "/"),
            ("/a/b/.", "/a/b/"),
            ("/a//b///", "/a/b/"),
            ("//other.example/x", "/other.example/x"),
            ("/a%00/%0Ab/%7f%C2%85/", "/a/b/"),
            ("/%2E%0A./x", "/x"),
            ("/.../.x/x../", "/.../.x/x../"),
            ("/[x]/", "/%5Bx%5D/"),
            ("/a/?next=../x#../y", "/a/?next=../x#../y"),
            ("/", "/"),
        ] {
            assert_eq!(clean(written), clean_path, "{written}");
            assert_eq!(clean(clean_path), clean_path);
        }
    }

    #[test]
    fn whole_urls_keep_doubled_slashes_and_have_no_dot_segments() {
        assert_eq!(normalise_url("https://a.example//b/../c/?x=/../"), "https://a.example//c/?x=/../");
        assert_eq!(normalise_url("https://a.example/../x//"), "https://a.example/x//");
        assert_eq!(normalise_url("https://a.example"), "https://a.example");
    }

    #[test]
    fn invalid_characters_are_encoded_after_the_host() {
        assert_eq!(
            encode_rest("https://[::1]/{a}?b=`|^\\\"<>[ ]&c=%41%zz#d#e"),
            "https://[::1]/%7Ba%7D?b=%60%7C%5E%5C%22%3C%3E%5B%20%5D&c=%41%25zz#d%23e"
        );
        assert_eq!(encode_iri("tag:a.example,2024:第 一/{x}"), "tag:a.example,2024:第%20一/%7Bx%7D");
        assert_eq!(encode_iri("urn:a\u{E000}\u{7}"), "urn:a%EE%80%80%07");
    }

    #[test]
    fn an_iri_begins_with_a_scheme() {
        for text in ["tag:x", "urn:uuid:1", "https://a.example/", "a+b-c.d:x"] {
            assert!(has_scheme(text), "{text}");
        }
        for text in ["my post 1", "1:x", ":x", "第:x", "x:", "a b:c", "1234"] {
            assert!(!has_scheme(text), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn published_paths_have_plain_segments(text in "(/|\\.|%2e|%2E|%0[0-9A-F]|a|é|\\[|%|\u{7}){0,20}") {
            let path = clean(&format!("/{text}"));
            let segments: Vec<&str> = path[1..].split('/').collect();
            let (last, folders) = segments.split_last().expect("there is one");
            let decoded = |segment: &str| percent_decode_str(segment).decode_utf8_lossy().into_owned();
            proptest::prop_assert!(folders.iter().all(|segment| !segment.is_empty()), "{path}");
            for segment in segments.iter().map(|segment| decoded(segment)) {
                proptest::prop_assert!(!matches!(&*segment, "." | ".."), "{path}");
                proptest::prop_assert!(!segment.contains(char::is_control), "{path}");
            }
            proptest::prop_assert!(path.is_ascii() && last.len() <= path.len());
            proptest::prop_assert_eq!(clean(&path), path);
        }

        #[test]
        fn the_normal_form_is_ascii_and_stable(text in "[^?#]{0,30}") {
            let normal = normalise(&text);
            proptest::prop_assert!(normal.is_ascii());
            proptest::prop_assert_eq!(normalise(&normal), normal);
        }
    }
}
