//! JSON Feed 1.1.

use std::fmt::Write;

use serde::Serialize;

use super::document::{Document, PageRel};
use super::entry::{Entry, Person};

#[derive(Serialize)]
struct JsonFeed<'a> {
    version: &'static str,
    title: &'a str,
    home_page_url: &'a str,
    feed_url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    favicon: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authors: Option<Vec<JsonAuthor<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hubs: Vec<Hub<'a>>,
    items: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Hub<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_url: Option<&'a str>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    content_text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    authors: Option<Vec<JsonAuthor<'a>>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachments: Option<[Attachment<'a>; 1]>,
}

#[derive(Serialize)]
struct JsonAuthor<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
struct Attachment<'a> {
    url: &'a str,
    mime_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    size_in_bytes: Option<u64>,
}

/// Writes a document as JSON Feed 1.1.
pub(super) fn write(document: &Document) -> String {
    let feed = JsonFeed {
        version: "https://jsonfeed.org/version/1.1",
        title: &document.title,
        home_page_url: &document.home,
        feed_url: &document.url,
        next_url: find_next(document),
        description: document.description.as_deref(),
        icon: document.logo.as_deref(),
        favicon: document.icon.as_deref(),
        authors: document.author.as_ref().map(|author| vec![write_author(author)]),
        language: document.language.as_deref(),
        hubs: document.hubs.iter().map(|url| Hub { kind: "WebSub", url }).collect(),
        items: document.entries.iter().map(|entry| write_item(document, entry)).collect(),
    };
    let mut json = Vec::with_capacity(document.estimate_bytes());
    // Strings, numbers and lists can always be serialized.
    let _ = serde_json::to_writer_pretty(&mut json, &feed);
    json.push(b'\n');
    let json = String::from_utf8(json).unwrap_or_default();
    if json.len() > LONG { escape(&json) } else { json }
}

/// The document with older entries: the next page, else the archive document before this one.
fn find_next(document: &Document) -> Option<&str> {
    let find = |wanted| document.pages.iter().find(|(rel, _)| *rel == wanted).map(|(_, url)| &**url);
    find(PageRel::Next).or_else(|| find(PageRel::PrevArchive))
}

/// The length in bytes above which a document is written in ASCII. Readers that read only the beginning of a longer
/// document (`feedparser-rs`: the first MiB) could cut a character in two.
const LONG: usize = 1 << 20;

/// Escapes every character outside ASCII as its UTF-16 code units (RFC 8259 §7).
fn escape(json: &str) -> String {
    let length = json.chars().map(|c| if c.is_ascii() { 1 } else { c.len_utf16() * 6 }).sum();
    let mut escaped = String::with_capacity(length);
    let mut units = [0; 2];
    for c in json.chars() {
        if c.is_ascii() {
            escaped.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                // Writing into a String cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        }
    }
    escaped
}

fn write_item<'a>(document: &Document, entry: &'a Entry) -> Item<'a> {
    let html = document.html_of(entry).map(|html| &**html);
    let summary = document.summary_of(entry).map(|text| &**text);
    let authors: Vec<JsonAuthor<'a>> = entry.authors.iter().map(write_author).collect();
    let changed = entry.times.updated != entry.times.published;
    Item {
        id: &entry.id,
        url: &entry.link,
        external_url: entry.original.as_deref(),
        title: &entry.title,
        content_html: html,
        // An item must have content: without the full text the summary, else the title.
        content_text: html.is_none().then(|| summary.unwrap_or(&entry.title)),
        summary,
        image: entry.image.as_deref(),
        date_published: entry.times.published.to_rfc3339(),
        date_modified: changed.then(|| entry.times.updated.to_rfc3339()),
        authors: (!authors.is_empty()).then_some(authors),
        tags: write_tags(entry),
        language: entry.language.as_deref(),
        attachments: entry.enclosure.as_ref().map(|file| {
            [Attachment {
                url: &file.url,
                mime_type: &file.kind,
                size_in_bytes: (file.length > 0).then_some(file.length),
            }]
        }),
    }
}

/// The tags, then the categories, each once.
fn write_tags(entry: &Entry) -> Vec<&str> {
    let mut tags: Vec<&str> = Vec::new();
    for wanted in ["tags", "categories"] {
        for category in entry.categories.iter().filter(|category| &*category.taxonomy == wanted) {
            if !tags.contains(&&*category.term) {
                tags.push(&category.term);
            }
        }
    }
    tags
}

fn write_author(person: &Person) -> JsonAuthor<'_> {
    JsonAuthor { name: &person.name, url: person.url.as_deref() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_written_as_their_code_units() {
        let escaped = escape("{\"a\": \"海 \u{1F680}\"}");
        assert_eq!(escaped, "{\"a\": \"\\u6d77 \\ud83d\\ude80\"}");
        let read: serde_json::Value = serde_json::from_str(&escaped).expect("JSON");
        assert_eq!(read["a"], "海 \u{1F680}");
    }
}
