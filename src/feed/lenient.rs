//! A feed that is not well-formed → its entries, as lenient readers find them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, FixedOffset};
use html_escape::decode_html_entities;

use super::parse_feed::OldEntry;
use crate::body::strip_markup;
use crate::post::text::is_printable;

/// Elements whose content may contain elements of any name.
const OPAQUE: &[&str] =
    &["content", "content:encoded", "description", "summary", "source", "author", "media:group"];

/// The longest tag in which quotes are respected.
const TAG_BYTES: usize = 8 << 10;

/// The entries of an RSS or Atom document; unclosed markup ends with its entry.
pub(super) fn read(text: &str) -> Vec<OldEntry> {
    let text: String = text.chars().filter(|c| is_printable(*c)).collect();
    let begins = |name: &str, at: usize| {
        let rest = &text[at + 1..];
        rest.strip_prefix(name).is_some_and(|rest| rest.starts_with(|c: char| c == '>' || c.is_whitespace()))
    };
    let starts: Vec<usize> = text
        .match_indices('<')
        .map(|(at, _)| at)
        .filter(|at| begins("item", *at) || begins("entry", *at))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| read_entry(&text[*start..end])).collect()
}

fn read_entry(text: &str) -> OldEntry {
    let fields = read_fields(text);
    let get = |names: &[&str]| names.iter().find_map(|name| fields.get(name)).cloned().unwrap_or_default();
    let link = get(&["link"]);
    let id = get(&["id", "guid"]);
    OldEntry {
        id: if id.is_empty() { link.clone() } else { id },
        link,
        title: strip_markup(&get(&["title"])),
        published: read_date(&get(&["published", "pubDate", "updated", "dc:date"])),
    }
}

fn read_date(text: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)).ok()
}

/// The elements of an entry by name: the first of each name. `link` is also the `href` of an Atom link.
fn read_fields(text: &str) -> HashMap<&str, String> {
    let mut fields = HashMap::new();
    let mut unclosed = HashSet::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if matches!(rest.split(['>', ' ']).next(), Some("/item" | "/entry")) {
            break;
        }
        let Some((tag, inner)) = split_tag(rest) else { break };
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        if name.is_empty() || name == "item" || name == "entry" {
            continue;
        }
        let is_page = name == "link" && read_attribute(tag, "rel").is_none_or(|rel| rel == "alternate");
        if let Some(target) = read_attribute(tag, "href").filter(|_| is_page) {
            fields.entry(name).or_insert_with(|| decode_html_entities(target.trim()).into_owned());
        }
        let is_empty = tag.ends_with('/') || unclosed.contains(name);
        let Some(length) = (!is_empty).then(|| inner.find(&format!("</{name}"))).flatten() else {
            // Later elements of this name are not closed either: each name is searched for once.
            unclosed.extend((!tag.ends_with('/')).then_some(name));
            rest = inner;
            continue;
        };
        let text = if OPAQUE.contains(&name) { String::new() } else { read_text(&inner[..length]) };
        if !text.is_empty() {
            fields.entry(name).or_insert(text);
        }
        rest = &inner[length..];
    }
    fields
}

/// Splits off a tag. A quoted value may contain `>`; after an unclosed quote the tag ends at the first `>`.
fn split_tag(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let end = text.bytes().take(TAG_BYTES).position(|byte| {
        match quote {
            Some(open) if byte == open => quote = None,
            None if matches!(byte, b'"' | b'\'') => quote = Some(byte),
            None => return byte == b'>',
            Some(_) => {}
        }
        false
    });
    let end = end.or_else(|| text.find('>'))?;
    Some((&text[..end], &text[end + 1..]))
}

/// The text of an element: a CDATA section unchanged, other text with its references decoded.
fn read_text(inner: &str) -> String {
    let inner = inner.trim();
    match inner.strip_prefix("<![CDATA[").and_then(|text| text.strip_suffix("]]>")) {
        Some(text) => text.trim().to_owned(),
        None => decode_html_entities(inner).trim().to_owned(),
    }
}

fn read_attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut places = tag.match_indices(name).map(|(at, _)| (&tag[..at], &tag[at + name.len()..]));
    let (_, rest) = places
        .find(|(before, rest)| before.ends_with(char::is_whitespace) && rest.trim_start().starts_with('='))?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summarise(text: &str) -> Vec<(String, String, String, Option<i64>)> {
        let summary = |entry: OldEntry| {
            (entry.id, entry.link, entry.title, entry.published.map(|date| date.timestamp()))
        };
        read(text).into_iter().map(summary).collect()
    }

    #[test]
    fn entries_are_found_in_markup_that_is_not_well_formed() {
        let date = Some(1_704_067_200);
        let entry = |id: &str, link: &str, title: &str| vec![(id.into(), link.into(), title.into(), date)];
        let atom = |fields: &str| {
            format!(
                "<feed><id>f</id><title>T</title><entry>{fields}<updated>2024-01-01T00:00:00Z</updated></entry></feed>"
            )
        };
        assert_eq!(
            summarise(&atom(
                "<title>Q & A &amp; B &nbsp;&#233;\u{8}</title><id> /a&b/x?y </id><link href=\"/a&b/<c>/\"/>"
            )),
            entry("/a&b/x?y", "/a&b/<c>/", "Q & A & B \u{a0}é"),
        );
        assert_eq!(
            summarise(&atom(
                "<content><div><title>No</title><id>no</id></content><author><name>N</name></author><id>i</id><title>T</title>"
            )),
            entry("i", "", "T"),
        );
        assert_eq!(
            summarise(&atom(
                "<link rel='self' href='/s'></link><link\n href = '/l'/><title><![CDATA[A & <b>B</b>]]></title><!-- <id>no</id> --><id>i</id>"
            )),
            entry("i", "/l", "A & B"),
        );
        let rss = "<rss><channel><link>l</link><item><title>A</title><link>https://e.org/?a&b</link><description>x\
            <br><p></description><pubDate>Mon, 01 Jan 2024 00:00:00 +0000</pubDate></item><item><guid>2</guid>";
        let both = summarise(rss);
        assert_eq!(both[0], ("https://e.org/?a&b".into(), "https://e.org/?a&b".into(), "A".into(), date));
        assert_eq!(both[1].0, "2");
        assert_eq!(summarise("<rss><channel><item"), Vec::new());
        assert_eq!(summarise("<feed><entry><id>a</id><title").len(), 1);
    }
}
