//! The values of the key `unique` of a source: those that are equal after normalisation have one hash.

use std::fmt;
use std::num::NonZeroU64;

use url::Url;
use xxhash_rust::xxh3::Xxh3;

use super::address::is_web_address;
use crate::config::strip_subdomain;

/// The beginnings of the names of query parameters that only track readers.
const TRACKING_GROUPS: [&str; 3] = ["utm_", "mtm_", "hsa_"];

/// Other query parameters that only track readers.
const TRACKING: [&str; 23] = [
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_openstat",
    "dclid",
    "fbclid",
    "gbraid",
    "gclid",
    "gclsrc",
    "igsh",
    "igshid",
    "li_fat_id",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "msclkid",
    "ttclid",
    "twclid",
    "vero_id",
    "wbraid",
    "yclid",
    "ysclid",
];

/// The hash of a value within its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UniqueKey(NonZeroU64);

impl UniqueKey {
    /// The key of a value in the source of a name; `None` if the value is blank.
    pub fn new(source: &str, value: &str) -> Option<Self> {
        let value = normalise(value.trim());
        if value.is_empty() {
            return None;
        }
        let mut hasher = Xxh3::new();
        hasher.update(source.as_bytes());
        hasher.update(b"/");
        hasher.update(value.as_bytes());
        Some(Self(NonZeroU64::new(hasher.digest()).unwrap_or(NonZeroU64::MAX)))
    }

    /// The number that stands for it, with which [`Self::from_number`] makes it again.
    pub fn number(self) -> u64 {
        self.0.get()
    }

    /// The key of a number; `None` for 0.
    pub fn from_number(number: u64) -> Option<Self> {
        NonZeroU64::new(number).map(Self)
    }
}

impl fmt::Display for UniqueKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:x}", self.0)
    }
}

/// Removes from a URL all that does not distinguish texts: scheme, `www.` and `m.`, the default port, `/` at the end of
/// the path, the fragment, and tracking parameters. Other texts stay as they are.
fn normalise(value: &str) -> String {
    let Some(url) = Url::parse(value).ok().filter(|_| is_web_address(value)) else {
        return value.to_owned();
    };
    let host = strip_subdomain(url.host_str().unwrap_or_default());
    // Without a scheme, the default port of either is one.
    let port = url.port().filter(|port| !matches!(port, 80 | 443)).map(|port| format!(":{port}"));
    let mut text = format!("{host}{}{}", port.unwrap_or_default(), url.path().trim_end_matches('/'));
    let parameters = url.query().unwrap_or_default().split('&');
    let parameters = parameters.filter(|parameter| !parameter.is_empty() && !is_tracking(parameter));
    for (number, parameter) in parameters.enumerate() {
        text.push(if number == 0 { '?' } else { '&' });
        text.push_str(parameter);
    }
    text
}

fn is_tracking(parameter: &str) -> bool {
    let name = parameter.split('=').next().unwrap_or_default().to_ascii_lowercase();
    TRACKING.contains(&&*name) || TRACKING_GROUPS.iter().any(|group| name.starts_with(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_one_text_are_equal() {
        let one = "https://www.paper.example/a/b?id=1";
        for other in [
            "http://paper.example/a/b?id=1",
            "https://m.paper.example/a/b/?id=1",
            "https://WWW.Paper.Example:443/a/b?id=1#comments",
            "http://www.paper.example:80/a/b?utm_source=x&id=1&utm_medium=rss",
            " https://www.paper.example/a/b?fbclid=x&id=1&GCLID=y ",
        ] {
            assert_eq!(normalise(other.trim()), normalise(one), "{other}");
        }
        assert_eq!(normalise("https://paper.example/?utm_source=x"), normalise("http://www.paper.example"));
    }

    #[test]
    fn urls_of_different_texts_differ() {
        let one = normalise("https://www.paper.example/a?id=1");
        for other in [
            "https://www.paper.example/a?id=2",
            "https://www.paper.example/A?id=1",
            "https://www.paper.example/a/x?id=1",
            "https://www.paper.example:8080/a?id=1",
            "https://news.paper.example/a?id=1",
            "https://www.paper.example/a?id=1&page=2",
            "https://www.paper.example/a",
        ] {
            assert_ne!(normalise(other), one, "{other}");
        }
    }

    #[test]
    fn other_values_are_compared_as_they_are() {
        let key = |source, value| UniqueKey::new(source, value);
        assert_eq!(key("a", " doi:10.1/x "), key("a", "doi:10.1/x"));
        assert_ne!(key("a", "doi:10.1/x"), key("a", "doi:10.1/X"));
        assert_ne!(key("a", "x"), key("b", "x"), "of another source");
        assert_eq!(key("a", " \n"), None);
        let x = key("a", "x").expect("it is not blank");
        assert_eq!(UniqueKey::from_number(x.number()), Some(x));
    }
}
