//! An existing feed, in any of the three formats → its entries, as far as subscribers tell them apart.

use atom_syndication::TextType;
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;

use crate::body::strip_markup;
use crate::config::Format;

/// One entry of an existing feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OldEntry {
    /// What subscribers know it by: id, guid, or for want of them the link.
    pub id: String,
    /// Where it links to; may be empty.
    pub link: String,
    /// Title as plain text; may be empty.
    pub title: String,
    /// When it was published, or for want of that changed.
    pub published: Option<DateTime<FixedOffset>>,
}

/// Why a text is no feed.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It begins like none of the formats.
    #[error("this is neither RSS, Atom nor JSON Feed")]
    NoFeed,
    /// It is not well-formed.
    #[error("this is no {format}: {reason}")]
    Malformed {
        /// The format it looks like.
        format: &'static str,
        /// What the parser says.
        reason: String,
    },
}

/// Reads a feed and says which format it is in.
///
/// # Errors
/// [`ReadError`] if it is none.
pub fn read(text: &str) -> Result<(Format, Vec<OldEntry>), ReadError> {
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    if text.starts_with('{') {
        return Ok((Format::Json, read_json(text)?));
    }
    // The root element comes after declarations and comments.
    let find = |root: &str| text.match_indices(root).map(|(at, _)| at).next();
    match (find("<rss").or_else(|| find("<rdf:RDF")), find("<feed")) {
        (Some(rss), Some(atom)) if atom < rss => Ok((Format::Atom, read_atom(text)?)),
        (Some(_), _) => Ok((Format::Rss, read_rss(text)?)),
        (None, Some(_)) => Ok((Format::Atom, read_atom(text)?)),
        (None, None) => Err(ReadError::NoFeed),
    }
}

fn malformed(format: &'static str) -> impl Fn(String) -> ReadError {
    move |reason| ReadError::Malformed { format, reason }
}

fn read_rss(text: &str) -> Result<Vec<OldEntry>, ReadError> {
    let channel = rss::Channel::read_from(text.as_bytes()).map_err(|e| malformed("RSS")(e.to_string()))?;
    let entries = channel.items.into_iter().map(|item| {
        let link = item.link.unwrap_or_default();
        OldEntry {
            id: item.guid.map_or_else(|| link.clone(), |guid| guid.value),
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
    let entries = feed.entries.into_iter().map(|entry| {
        let link = entry.links.iter().find(|link| link.rel == "alternate");
        OldEntry {
            link: link.map(|link| link.href.clone()).unwrap_or_default(),
            // RFC 4287 §3.1.1: only what says so is markup.
            title: match entry.title.r#type {
                TextType::Text => entry.title.value,
                TextType::Html | TextType::Xhtml => strip_markup(&entry.title.value),
            },
            published: Some(entry.published.unwrap_or(entry.updated)),
            id: entry.id,
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
    id: serde_json::Value,
    #[serde(default)]
    url: String,
    #[serde(default)]
    title: String,
    date_published: Option<String>,
}

fn read_json(text: &str) -> Result<Vec<OldEntry>, ReadError> {
    let feed: JsonFeed = serde_json::from_str(text).map_err(|e| malformed("JSON Feed")(e.to_string()))?;
    let entries = feed.items.into_iter().map(|item| OldEntry {
        // JSON Feed 1.1: an id that is a number is read as its text.
        id: item.id.as_str().map_or_else(|| item.id.to_string(), str::to_owned),
        link: item.url,
        title: item.title,
        published: item.date_published.and_then(|date| DateTime::parse_from_rfc3339(&date).ok()),
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
            let (read_as, entries) = read(text).expect("it is a feed");
            let entry = &entries[0];
            assert_eq!((read_as, entries.len()), (format, 1));
            assert_eq!(
                (entry.id.as_str(), entry.link.as_str(), entry.title.as_str()),
                ("i", "https://e.org/a", "A & B")
            );
            assert_eq!(entry.published.map(|date| date.timestamp()), Some(1_704_067_200));
        }
        assert!(matches!(read("<html></html>"), Err(ReadError::NoFeed)));
        assert!(matches!(read("{}"), Err(ReadError::Malformed { .. })));
    }
}
