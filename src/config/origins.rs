//! `[[origin]]`: the publications in which posts first appeared.

use serde_json::Value;
use url::Url;

use super::reader::{At, FromToml, describe_table};
use super::schema;
use super::web_url::WebUrl;

/// One `[[origin]]`: a publication, recognised by the host of a post's original.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    host: Host,
    /// Its name.
    pub name: String,
    /// The URL of its feed.
    pub feed: Option<String>,
    /// The URL of the license of its texts.
    pub license: Option<String>,
}

impl Origin {
    /// Returns true if a URL is on this host, with or without `www.` or `m.`.
    pub fn owns(&self, url: &Url) -> bool {
        url.host_str().is_some_and(|host| strip_subdomain(host) == self.host.0)
    }
}

/// A host in lower case, without `www.` or `m.`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Host(String);

impl FromToml for Host {
    fn read(at: At<'_>) -> Option<Self> {
        let written = String::read(at)?;
        let is_host = !written.is_empty() && !written.contains(['/', '@', '?', '#', ':', '\\']);
        let url = Url::parse(&format!("http://{written}/")).ok().filter(|_| is_host);
        let host = url.and_then(|url| url.host_str().map(|host| Self(strip_subdomain(host).to_owned())));
        host.or_else(|| {
            at.error(format!(
                "is not a host: {written:?}. Write it without scheme and path, like \"example.org\"."
            ))
        })
    }

    fn describe() -> Value {
        schema::text_like("^[^/@?#:\\\\\\s]+$", "www.example.org")
    }
}

/// A host without `www.` or `m.`.
pub fn strip_subdomain(host: &str) -> &str {
    let bare = host.strip_prefix("www.").or_else(|| host.strip_prefix("m."));
    bare.filter(|bare| bare.contains('.')).unwrap_or(host)
}

pub(super) fn read_all(at: At<'_>) -> Option<Vec<Origin>> {
    if at.is_table() {
        return at.error("is a table. Write [[origin]], with two brackets, for each publication.");
    }
    let mut origins: Vec<Origin> = Vec::new();
    for item in at.items()? {
        let Some(origin) = read_one(item) else { continue };
        if origins.iter().any(|earlier| earlier.host == origin.host && !origin.host.0.is_empty()) {
            item.error::<()>(format!(
                "has the host {:?} a second time. Write each host once.",
                origin.host.0
            ));
        }
        origins.push(origin);
    }
    Some(origins)
}

/// The JSON Schema of one `[[origin]]`.
pub(super) fn describe_one() -> Value {
    describe_table("origin", read_one)
}

fn read_one(at: At<'_>) -> Option<Origin> {
    let mut table = at.table()?;
    let url = |url: WebUrl| url.0;
    let origin = Origin {
        host: table.get("host").unwrap_or_default(),
        name: table.read("name", schema::filled_text, read_name).unwrap_or_default(),
        feed: table.get("feed").map(url),
        license: table.get("license").map(url),
    };
    for (key, example) in [("host", "www.example.org"), ("name", "Example News")] {
        if !table.requires(key) {
            at.error::<()>(format!("needs a {key}. Write {key} = {example:?}."));
        }
    }
    table.refuse_unknown();
    Some(origin)
}

fn read_name(at: At<'_>) -> Option<String> {
    let name = String::read(at)?;
    if name.trim().is_empty() { at.error("is empty. Write name = \"Example News\".") } else { Some(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_matched_with_and_without_www_and_m() {
        let origin =
            |host: &str| Origin { host: Host(strip_subdomain(host).to_owned()), ..Origin::default() };
        let owns = |host: &str, url: &str| origin(host).owns(&Url::parse(url).expect("it is a URL"));
        for url in ["https://www.zaobao.com/a", "http://m.zaobao.com/", "https://ZAOBAO.com:8443/?x"] {
            assert!(owns("www.zaobao.com", url) && owns("zaobao.com", url), "{url}");
        }
        for url in [
            "https://beta.zaobao.com/",
            "https://zaobao.com.example/",
            "https://xzaobao.com/",
            "urn:zaobao.com",
        ] {
            assert!(!owns("www.zaobao.com", url), "{url}");
        }
        assert!(!owns("www.com", "https://m.com/"));
    }
}
