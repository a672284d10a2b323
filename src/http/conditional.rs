//! Conditional requests (RFC 9110 §13): is the client's copy current?

use std::borrow::Cow;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The validators that a client sends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions<'r> {
    /// `If-None-Match`, with several lines joined to one list (RFC 9110 §5.3).
    pub if_none_match: Option<Cow<'r, str>>,
    /// `If-Modified-Since`.
    pub if_modified_since: Option<Cow<'r, str>>,
}

/// The validators of the server's current version.
#[derive(Debug, Clone, Copy)]
pub(super) struct Validators<'a> {
    /// The entity tag with its quotes.
    pub(super) etag: &'a str,
    /// The time of the last change, in Unix seconds; may be in the future.
    pub(super) modified: i64,
}

impl Conditions<'_> {
    /// Copies the conditions, so that they outlive the request.
    pub(super) fn to_owned(&self) -> Conditions<'static> {
        let own = |header: &Option<Cow<'_, str>>| header.as_ref().map(|text| Cow::Owned(text.to_string()));
        Conditions {
            if_none_match: own(&self.if_none_match),
            if_modified_since: own(&self.if_modified_since),
        }
    }

    /// Returns true if the answer is 304. `If-None-Match` takes precedence over `If-Modified-Since` (RFC 9110
    /// §13.2.2).
    pub(super) fn are_current(&self, validators: Validators<'_>, now: i64) -> bool {
        if let Some(list) = &self.if_none_match {
            return lists(list, validators.etag);
        }
        let since = self.if_modified_since.as_deref().and_then(read_date);
        // Only the exact date we sent proves that the client has this version. We never sent a date in the future.
        since.is_some_and(|since| since == validators.modified && since <= now)
    }
}

/// Returns true if an `If-None-Match` list contains an entity tag, by weak comparison (RFC 9110 §8.8.3.2).
fn lists(line: &str, etag: &str) -> bool {
    let mut rest = line.trim_start_matches([' ', '\t', ',']);
    if rest.trim_end() == "*" {
        return true;
    }
    while !rest.is_empty() {
        let tag = rest.strip_prefix("W/").unwrap_or(rest);
        // A comma inside the quotes is part of the tag.
        let Some(end) = tag.strip_prefix('"').and_then(|inner| inner.find('"')) else { return false };
        let (tag, after) = tag.split_at(end + 2);
        if tag == etag {
            return true;
        }
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    false
}

fn read_date(text: &str) -> Option<i64> {
    let date = httpdate::parse_http_date(text.trim()).ok()?;
    Some(date.duration_since(UNIX_EPOCH).ok()?.as_secs() as i64)
}

/// Writes Unix seconds as an HTTP date.
pub(super) fn write_date(seconds: i64) -> String {
    let since = Duration::from_secs(seconds.max(0).unsigned_abs());
    httpdate::fmt_http_date(UNIX_EPOCH + since)
}

/// The current time in Unix seconds.
pub(super) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entity_tags_are_found_in_every_form_of_the_header() {
        for line in ["\"a\"", "W/\"a\"", "\"x\", \"a\"", " ,\"x,\" ,, W/\"a\" ", "*", " * "] {
            assert!(lists(line, "\"a\""), "{line}");
        }
        for line in ["", "a", "\"A\"", "\"x,\"a\"", "\"a", "w/\"a\"", "\"x\" * \"a\"", "\",a,\""] {
            assert!(!lists(line, "\"a\""), "{line}");
        }
    }

    #[test]
    fn dates_prove_nothing_but_the_version_they_were_sent_with() {
        let validators = Validators { etag: "\"a\"", modified: 784_111_777 };
        let since =
            |text: &'static str| Conditions { if_modified_since: Some(text.into()), ..Conditions::default() };
        let current = |text: &'static str| since(text).are_current(validators, 800_000_000);
        assert!(current("Sun, 06 Nov 1994 08:49:37 GMT") && current("Sunday, 06-Nov-94 08:49:37 GMT"));
        assert!(!current("Sun, 06 Nov 1994 08:49:38 GMT") && !current("yesterday") && !current(""));
        assert!(!since("Sun, 06 Nov 1994 08:49:37 GMT").are_current(validators, 0), "a date in the future");
        let both =
            Conditions { if_none_match: Some("\"x\"".into()), ..since("Sun, 06 Nov 1994 08:49:37 GMT") };
        assert!(!both.are_current(validators, 800_000_000), "the tag takes precedence");
    }

    proptest::proptest! {
        #[test]
        fn any_header_can_be_parsed(line in "\\PC*") {
            let _ = lists(&line, "\"a\"");
        }

        #[test]
        fn a_tag_in_any_list_is_found(others in proptest::collection::vec("[!#-~]{0,8}", 0..5), at in 0usize..6) {
            let mut tags: Vec<String> = others.iter().map(|tag| format!("\"{tag}\"")).collect();
            tags.insert(at.min(tags.len()), "W/\"our,tag\"".to_owned());
            proptest::prop_assert!(lists(&tags.join(", "), "\"our,tag\""));
        }
    }
}
