//! Values with a form of their own: URLs, sizes, zones, globs.

use std::fmt;
use std::path::PathBuf;

use chrono_tz::Tz;
use serde_json::Value;
use url::Url;

use super::reader::{At, FromToml};
use super::schema;

/// A listen address of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listen {
    /// A host (name or address, IPv6 without brackets) and a port.
    Tcp {
        /// Host name or address.
        host: String,
        /// Port; 0 lets the system choose.
        port: u16,
    },
    /// A Unix socket.
    Unix(PathBuf),
}

impl Listen {
    /// Reads `host:port`, `[::1]:port` or `unix:/path`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(path) = text.strip_prefix("unix:") {
            return (!path.is_empty()).then(|| Self::Unix(path.into()));
        }
        let (host, port) = text.rsplit_once(':')?;
        let is_number = port.bytes().all(|b| b.is_ascii_digit()) && port.len() <= 5;
        let port = port.parse().ok().filter(|_| is_number)?;
        let host = match host.strip_prefix('[') {
            Some(inner) => inner.strip_suffix(']').filter(|h| h.parse::<std::net::Ipv6Addr>().is_ok())?,
            None => host,
        };
        // An empty host means every interface, as in Go and Caddy.
        let host = if host.is_empty() { "0.0.0.0" } else { host };
        let plain = !host.contains(['/', '[', ']', ' ']);
        plain.then(|| Self::Tcp { host: host.to_owned(), port })
    }

    /// The same host with another port; a socket becomes the default host.
    #[must_use]
    pub fn with_port(&self, port: u16) -> Self {
        let host = match self {
            Self::Tcp { host, .. } => host.clone(),
            Self::Unix(_) => "127.0.0.1".to_owned(),
        };
        Self::Tcp { host, port }
    }

    /// Returns true if a server cannot listen on both at once. Hosts are compared as written; the host of every
    /// interface overlaps with all.
    pub fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Tcp { host, port }, Self::Tcp { host: other_host, port: other_port }) => {
                let is_every = |host: &str| host == "0.0.0.0" || host == "::";
                port == other_port
                    && *port != 0
                    && (host == other_host || is_every(host) || is_every(other_host))
            }
            (one, other) => one == other,
        }
    }

    /// The URL at which readers most likely reach this listener, and whether that is a guess.
    pub fn guess_url(&self) -> (String, bool) {
        match self {
            Self::Tcp { host, port } if host == "0.0.0.0" || host == "::" => {
                (format!("http://localhost:{port}"), true)
            }
            Self::Tcp { .. } => (format!("http://{self}"), false),
            Self::Unix(_) => ("http://localhost".to_owned(), true),
        }
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl FromToml for Listen {
    fn read(at: At<'_>) -> Option<Self> {
        let text = String::read(at)?;
        Self::parse(&text).or_else(|| {
            at.error(format!(
                "is not a listen address: {text:?}. Write \"host:port\", \"[::1]:8080\" or \"unix:/run/feedmill.sock\"."
            ))
        })
    }

    fn describe() -> Value {
        schema::text_like("^(unix:.+|[^/ ]+:[0-9]{1,5})$", "127.0.0.1:8080")
    }
}

/// An absolute http or https URL without query and fragment, as given except for a trailing `/`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl(String);

impl BaseUrl {
    /// Checks a URL. Its scheme and host are converted to lower case.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to write.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wanted = "Write a URL like \"https://example.org/blog\".";
        // A parser would silently convert these into a URL other than the written one.
        let has_scheme = ["http://", "https://"]
            .iter()
            .any(|scheme| text.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
        if text.contains("://") && !has_scheme {
            return Err(format!("is neither http nor https. {wanted}"));
        }
        if !has_scheme || text.contains(|c: char| c.is_control() || c == '\\') {
            return Err(format!("is not a URL. {wanted}"));
        }
        let url = Url::parse(text).map_err(|e| format!("is not a URL ({e}). {wanted}"))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("has a query or a fragment. {wanted}"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("contains a user name or password. {wanted}"));
        }
        let text = url.as_str();
        Ok(Self(text.strip_suffix('/').unwrap_or(text).to_owned()))
    }

    /// `http://localhost`, for when no better URL is known.
    pub fn localhost() -> Self {
        Self("http://localhost".to_owned())
    }

    /// The URL without a trailing `/`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its path, without a trailing `/`: `/blog`, or empty.
    pub fn path(&self) -> &str {
        let after_scheme = self.0.find("://").map_or(0, |i| i + 3);
        self.0[after_scheme..].find('/').map_or("", |i| &self.0[after_scheme + i..])
    }

    /// Its host name, without port and brackets.
    pub fn host(&self) -> String {
        Url::parse(&self.0).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromToml for BaseUrl {
    fn read(at: At<'_>) -> Option<Self> {
        Self::parse(&String::read(at)?).map_or_else(|message| at.error(message), Some)
    }

    fn describe() -> Value {
        schema::address()
    }
}

/// A time zone by its IANA name.
impl FromToml for Tz {
    fn read(at: At<'_>) -> Option<Self> {
        let name = String::read(at)?;
        name.parse().ok().or_else(|| {
            at.error(format!(
                "is not a time zone: {name:?}. Write an IANA name like \"Europe/Berlin\" or \"UTC\"."
            ))
        })
    }

    fn describe() -> Value {
        schema::text_like("^[A-Za-z]", "Europe/Berlin")
    }
}

/// A size in bytes, written with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByteSize(pub u64);

impl ByteSize {
    /// Reads `"64 MiB"`, `"64MB"`, `"512 KiB"`, `"1 GiB"` or `"1000 B"`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let split = text.find(|c: char| !c.is_ascii_digit())?;
        let (number, unit) = text.split_at(split);
        let factor: u64 = match unit.trim_start_matches(' ') {
            "B" => 1,
            "KB" | "kB" => 1000,
            "KiB" => 1 << 10,
            "MB" => 1_000_000,
            "MiB" => 1 << 20,
            "GB" => 1_000_000_000,
            "GiB" => 1 << 30,
            _ => return None,
        };
        number.parse::<u64>().ok()?.checked_mul(factor).map(Self)
    }
}

impl FromToml for ByteSize {
    fn read(at: At<'_>) -> Option<Self> {
        let raw = String::read(at)?;
        Self::parse(&raw).or_else(|| at.error(format!("is not a size: {raw:?}. Write one like \"64 MiB\".")))
    }

    fn describe() -> Value {
        schema::text_like("^[0-9]+ *(B|[kK]B|KiB|MB|MiB|GB|GiB)$", "64 MiB")
    }
}

/// A glob over paths below a source, as written and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(pub String);

impl FromToml for Glob {
    fn read(at: At<'_>) -> Option<Self> {
        let pattern = String::read(at)?;
        match globset::Glob::new(&pattern) {
            Ok(_) => Some(Self(pattern)),
            Err(e) => at.error(format!("is not a glob: {}. Write one like \"drafts/**\".", e.kind())),
        }
    }

    fn describe() -> Value {
        schema::text()
    }
}

/// A URL path of this server: absolute, as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LocalPath(pub String);

impl LocalPath {
    /// Returns true if `path` can be requested: it starts with `/` and has no fragment, space or control character.
    pub fn is_path(path: &str) -> bool {
        path.starts_with('/') && !path.contains(|c: char| c == '#' || c.is_whitespace() || c.is_control())
    }
}

impl FromToml for LocalPath {
    fn read(at: At<'_>) -> Option<Self> {
        let path = String::read(at)?;
        if Self::is_path(&path) {
            return Some(Self(path));
        }
        at.error(format!("is not a path of this server: {path:?}. Write one like \"/old-feed.xml\"."))
    }

    fn describe() -> Value {
        schema::text_like("^/[^#\\s]*$", "/old-feed.xml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_read_back_as_written() {
        for text in ["127.0.0.1:8080", "localhost:0", "[::1]:8080", "unix:/run/feedmill.sock"] {
            assert_eq!(Listen::parse(text).map(|l| l.to_string()).as_deref(), Some(text));
        }
        for text in ["", "8080", "host:", "host:99999", "::1:80", "[x]:80", "unix:", "http://h:80"] {
            let parsed = Listen::parse(text);
            assert!(parsed.is_none() || text == "::1:80", "{text} read as {parsed:?}");
        }
    }

    #[test]
    fn base_urls_are_kept_except_for_their_last_slash() {
        for (text, kept, path) in [
            ("https://Example.org/", "https://example.org", ""),
            ("https://example.org/blog/", "https://example.org/blog", "/blog"),
            ("http://[::1]:80/a/b", "http://[::1]/a/b", "/a/b"),
        ] {
            let url = BaseUrl::parse(text).expect(text);
            assert_eq!((url.as_str(), url.path()), (kept, path));
        }
        for text in ["example.org", "ftp://x.org", "https://x.org/?q", "https://u:p@x.org"] {
            assert!(BaseUrl::parse(text).is_err(), "{text} was accepted");
        }
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(ByteSize::parse("64 MiB"), Some(ByteSize(64 << 20)));
        assert_eq!(ByteSize::parse("1kB"), Some(ByteSize(1000)));
        for text in ["64", "MiB", "-1 MiB", "99999999999 GiB", "1 mile"] {
            assert_eq!(ByteSize::parse(text), None, "{text}");
        }
    }
}
