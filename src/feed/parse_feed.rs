//! An existing feed, in any of the three formats → its entries, with the fields by which readers identify them.

use atom_syndication::TextType;
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;

use super::lenient;
use crate::body::strip_markup;
use crate::config::Format;

/// One entry of an existing feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldEntry {
    /// The id that readers use: `id` or `guid`, else the link.
    pub id: String,
    /// The URL that it links to; may be empty.
    pub link: String,
    /// Title as plain text; may be empty.
    pub title: String,
    /// The time of publication, else of the last change.
    pub published: Option<DateTime<FixedOffset>>,
}

/// The error when a text is not a feed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It does not begin like any of the formats.
    #[error("this is neither RSS, Atom nor JSON Feed")]
    NoFeed,
    /// It is not well-formed.
    #[error("this is not valid {format}: {reason}")]
    Malformed {
        /// The format it looks like.
        format: &'static str,
        /// The message of the parser.
        reason: String,
    },
}

/// Parses a feed, in the encoding that it declares; returns its format and entries.
///
/// # Errors
/// [`ReadError`] if it is not a feed.
pub fn read(bytes: &[u8]) -> Result<(Format, Vec<OldEntry>), ReadError> {
    let text = decode(bytes);
    let text = text.trim_start();
    if text.starts_with('{') {
        return Ok((Format::Json, read_json(text)?));
    }
    let root = find_root(text).ok_or(ReadError::NoFeed)?;
    let name =
        &root[1..root.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).unwrap_or(root.len())];
    let (format, read) = match name {
        "rss" | "rdf:RDF" => (Format::Rss, read_rss(root)),
        "feed" => (Format::Atom, read_atom(root)),
        _ => return Err(ReadError::NoFeed),
    };
    let entries = read.or_else(|error| match lenient::read(root) {
        none if none.is_empty() => Err(error),
        entries => Ok(entries),
    })?;
    Ok((format, entries))
}

/// Decodes a document: by its byte order mark, else as it declares, else as UTF-8.
fn decode(bytes: &[u8]) -> String {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
    let declared =
        head.split_once("encoding=").and_then(|(_, rest)| rest.get(1..)?.split(['"', '\'']).next());
    let label = declared.filter(|_| head.trim_start().starts_with("<?xml")).unwrap_or("utf-8");
    let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    encoding.decode(bytes).0.into_owned()
}

/// The text from the root element on, after declarations and comments.
fn find_root(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = &rest[rest.find('<')?..];
        let end = match rest.as_bytes().get(1)? {
            b'?' => rest.find("?>")? + 2,
            b'!' if rest.starts_with("<!--") => rest.find("-->")? + 3,
            b'!' => rest.find('>')? + 1,
            _ => return Some(rest),
        };
        rest = &rest[end..];
    }
}

/// Resolves a URL reference against a base.
fn resolve(base: Option<&str>, link: &str) -> String {
    let joined = base.and_then(|base| url::Url::parse(base).ok()?.join(link.trim()).ok());
    joined.map_or_else(|| link.trim().to_owned(), String::from)
}

fn malformed(format: &'static str) -> impl Fn(String) -> ReadError {
    move |reason| ReadError::Malformed { format, reason }
}

fn read_rss(text: &str) -> Result<Vec<OldEntry>, ReadError> {
    let channel = rss::Channel::read_from(text.as_bytes()).map_err(|e| malformed("RSS")(e.to_string()))?;
    let home = channel.link;
    let entries = channel.items.into_iter().map(|item| {
        let link = resolve(Some(&home), &item.link.unwrap_or_default());
        OldEntry {
            id: item.guid.map_or_else(|| link.clone(), |guid| guid.value.trim().to_owned()),
            title: strip_markup(&item.title.unwrap_or_default()),
            published: item.pub_date.and_then(|date| DateTime::parse_from_rfc2822(date.trim()).ok()),
            link,
        }
    });
    Ok(entries.collect())
}

fn read_atom(text: &str) -> Result<Vec<OldEntry>, ReadError> {
    let feed = atom_syndication::Feed::read_from(text.as_bytes());
    let feed = feed.map_err(|e| malformed("Atom")(e.to_string()))?;
    let base = feed.base;
    let entries = feed.entries.into_iter().map(|entry| {
        let link = entry.links.iter().find(|link| link.rel == "alternate");
        OldEntry {
            link: link.map(|link| resolve(base.as_deref(), &link.href)).unwrap_or_default(),
            // RFC 4287 §3.1.1: a title is markup only if its type says so.
            title: match entry.title.r#type {
                TextType::Text => entry.title.value,
                TextType::Html | TextType::Xhtml => strip_markup(&entry.title.value),
            },
            published: Some(entry.published.unwrap_or(entry.updated)),
            id: entry.id.trim().to_owned(),
        }
    });
    Ok(entries.collect())
}

#[derive(Deserialize)]
struct JsonFeed {
    items: Vec<JsonItem>,
}

#[derive(Deserialize)]
struct JsonItem {
    #[serde(default)]
    id: serde_json::Value,
    url: Option<String>,
    title: Option<String>,
    date_published: Option<String>,
}

fn read_json(text: &str) -> Result<Vec<OldEntry>, ReadError> {
    let feed: JsonFeed = serde_json::from_str(text).map_err(|e| malformed("JSON Feed")(e.to_string()))?;
    let entries = feed.items.into_iter().map(|item| {
        let link = item.url.unwrap_or_default();
        OldEntry {
            // JSON Feed 1.1: an id that is a number is read as its text.
            id: match item.id {
                serde_json::Value::Null => link.clone(),
                serde_json::Value::String(id) => id,
                other => other.to_string(),
            },
            link,
            title: item.title.unwrap_or_default(),
            published: item.date_published.and_then(|date| DateTime::parse_from_rfc3339(&date).ok()),
        }
    });
    Ok(entries.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_gives_the_same_entries() {
        let rss = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>T</title><link>l</link>\
            <description>d</description><item><title>A &amp;amp; B</title><link>https://e.org/a</link>\
            <guid>i</guid><pubDate>Mon, 01 Jan 2024 08:00:00 +0800</pubDate></item></channel></rss>";
        let atom = "<!-- x --><feed xmlns=\"http://www.w3.org/2005/Atom\"><title>T</title><id>f</id>\
            <updated>2024-01-01T00:00:00Z</updated><entry><title type=\"html\">A &amp;amp; B</title><id>i</id>\
            <link href=\"https://e.org/a\"/><updated>2024-01-01T00:00:00Z</updated></entry></feed>";
        let json = "{\"version\": \"1.1\", \"title\": \"T\", \"items\": [{\"id\": \"i\", \"url\": \"https://e.org/a\",\
            \"title\": \"A & B\", \"date_published\": \"2024-01-01T00:00:00Z\"}]}";
        for (text, format) in [(rss, Format::Rss), (atom, Format::Atom), (json, Format::Json)] {
            let (read_as, entries) = read(text.as_bytes()).expect("a feed");
            let entry = &entries[0];
            assert_eq!((read_as, entries.len()), (format, 1));
            assert_eq!(
                (entry.id.as_str(), entry.link.as_str(), entry.title.as_str()),
                ("i", "https://e.org/a", "A & B")
            );
            assert_eq!(entry.published.map(|date| date.timestamp()), Some(1_704_067_200));
        }
        assert!(matches!(read(b"<html></html>"), Err(ReadError::NoFeed)));
        assert!(matches!(read(b"{}"), Err(ReadError::Malformed { .. })));
    }

    #[test]
    fn feeds_are_read_as_they_are_in_the_wild() {
        let latin =
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><!-- <feed> --><rss version=\"2.0\"><channel>\
            <title>T</title><link>https://e.org/</link><description>d</description>\
            <item><title>\xe9</title><link>/a</link><guid> i </guid></item></channel></rss>";
        let (_, entries) = read(latin).expect("a feed");
        let entry = &entries[0];
        assert_eq!((&*entry.title, &*entry.link, &*entry.id), ("é", "https://e.org/a", "i"));
        let atom =
            b"<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"https://e.org/b/\"><title>T</title>\
            <id>f</id><updated>2024-01-01T00:00:00Z</updated><entry><title>A</title><id>i</id>\
            <link href=\"a\"/><updated>2024-01-01T00:00:00Z</updated></entry></feed>";
        assert_eq!(read(atom).expect("a feed").1[0].link, "https://e.org/b/a");
        let json = b"{\"items\": [{\"url\": \"https://e.org/a\", \"title\": null}]}";
        assert_eq!(read(json).expect("a feed").1[0].id, "https://e.org/a");
    }
}
