//! RSS 2.0, following the Best Practices Profile.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use rss::extension::atom::{AtomExtension, Link};
use rss::extension::dublincore::DublinCoreExtension;
use rss::extension::{Extension, ExtensionMap};
use rss::{Channel, Enclosure, Guid, Image, Item, Source};

use super::batch::{self, Elements};
use super::document::{Document, GENERATOR, History};
use super::entry::Entry;
use super::media;
use super::xml_text::XmlText;
use crate::config::Format;

/// Writes a document as RSS 2.0.
pub(super) fn write(document: &Document) -> String {
    let own = |rel: &str, url: &str| {
        let kind = super::media_type(Format::Rss).split(';').next().map(str::to_owned);
        Link { mime_type: kind, ..link(rel, url) }
    };
    let pages = document.pages.iter().map(|(rel, url)| own(rel.name(), url));
    let others = document.license.iter().map(|license| link("license", license));
    let others = others.chain(document.hubs.iter().map(|hub| link("hub", hub)));
    let links = std::iter::once(own("self", &document.url)).chain(others).chain(pages).collect();
    // RSS 2.0 `image`: GIF, JPEG or PNG.
    let is_shown = |logo: &&XmlText| {
        let path = logo.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        [".gif", ".jpg", ".jpeg", ".png"].iter().any(|end| path.ends_with(end))
    };
    let image = document.logo.as_ref().filter(is_shown).map(|logo| Image {
        url: logo.to_string(),
        title: document.title.to_string(),
        link: document.home.to_string(),
        ..Image::default()
    });
    let mut namespaces = media::list_namespaces(document);
    let has_markdown = document.entries.iter().any(|entry| document.markdown_of(entry).is_some());
    namespaces.extend(has_markdown.then(|| (MARKDOWN.0.to_owned(), MARKDOWN.1.to_owned())));
    let mut channel = Channel {
        title: document.title.to_string(),
        link: document.home.to_string(),
        // The element is required: the title replaces a missing description.
        description: document.description.as_ref().unwrap_or(&document.title).to_string(),
        language: document.language.as_ref().map(ToString::to_string),
        copyright: document.copyright.as_ref().map(ToString::to_string),
        last_build_date: document.updated.map(write_date),
        generator: Some(GENERATOR.to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        ttl: Some(document.ttl.to_string()),
        image,
        atom_ext: Some(AtomExtension { links }),
        namespaces,
        extensions: document.history.map(write_history).unwrap_or_default(),
        ..Channel::default()
    };
    batch::write(document, Elements { root: "rss", feed: "channel", entry: "item" }, |entries| {
        channel.items = entries.iter().map(|entry| write_item(document, entry)).collect();
        write_references(&channel.to_string())
    })
}

/// RSS Best Practices Profile, character data: in plain text `&` and `<` are written as numeric references, so that
/// no reader treats them as markup.
fn write_references(xml: &str) -> String {
    // A numeric reference is at most two bytes longer than a named one.
    let growth = memchr::memchr_iter(b'&', xml.as_bytes()).count() * 2;
    let mut out = String::with_capacity(xml.len() + growth);
    let items = xml.find("<item>").unwrap_or(xml.len());
    let (mut kept, mut at) = (0, 0);
    while let Some(open) = xml[at..].find('<').map(|found| at + found) {
        let rest = &xml[open..];
        at = open + 1;
        if rest.starts_with("<![CDATA[") {
            at = rest.find("]]>").map_or(xml.len(), |end| open + end);
            continue;
        }
        // The description of an item is HTML.
        let is_text = ["<title>", "<category", "<copyright>"].iter().any(|tag| rest.starts_with(tag))
            || (open < items && rest.starts_with("<description>"));
        let Some(start) = rest.find('>').filter(|_| is_text).map(|end| open + end) else { continue };
        let end = xml[start..].find('<').map_or(xml.len(), |end| start + end);
        let text = &xml[start..end];
        if text.contains('&') {
            out.push_str(&xml[kept..start]);
            out.push_str(
                &text.replace("&amp;", "&#x26;").replace("&lt;", "&#x3C;").replace("&gt;", "&#x3E;"),
            );
            kept = end;
        }
        at = end;
    }
    out + &xml[kept..]
}

fn write_item(document: &Document, entry: &Entry) -> Item {
    let creators: Vec<String> = match (&entry.authors[..], &document.author) {
        ([], Some(author)) => vec![author.name.to_string()],
        (authors, _) => authors.iter().map(|author| author.name.to_string()).collect(),
    };
    // RSS 2.0 `source`: the URL is that of a feed.
    let source = entry.origin.as_ref().and_then(|origin| {
        let url = origin.feed.as_ref()?.to_string();
        Some(Source { url, title: Some(origin.name.to_string()) })
    });
    let original = entry.original.as_ref().filter(|_| source.is_none());
    let sources: Vec<String> = original.map(ToString::to_string).into_iter().collect();
    let license = entry.origin.as_ref().and_then(|origin| origin.license.as_ref());
    let is_described = !creators.is_empty() || !sources.is_empty();
    let dublin_core = DublinCoreExtension { creators, sources, ..DublinCoreExtension::default() };
    let categories = entry.categories.iter().map(|category| rss::Category {
        name: category.term.to_string(),
        domain: Some(category.scheme.to_string()),
    });
    let changed = entry.times.updated != entry.times.published;
    // An item with the full text must have a description before it.
    let whole = document.html_of(entry).map(|_| &entry.title);
    let summary = document.summary_of(entry).or(whole);
    Item {
        title: Some(entry.title.to_string()),
        link: Some(entry.link.to_string()),
        guid: Some(Guid { value: entry.id.to_string(), permalink: entry.id == entry.link }),
        pub_date: Some(write_date(entry.times.published)),
        // A description is HTML: plain text is escaped, so that it does not become markup.
        description: summary.map(|text| html_escape::encode_text(&**text).into_owned()),
        content: document.html_of(entry).map(ToString::to_string),
        categories: categories.collect(),
        enclosure: entry.enclosure.as_ref().map(|file| Enclosure {
            url: file.url.to_string(),
            length: file.length.to_string(),
            mime_type: file.kind.to_string(),
        }),
        source,
        atom_ext: license.map(|url| AtomExtension { links: vec![link("license", url)] }),
        dublin_core_ext: is_described.then_some(dublin_core),
        extensions: write_extensions(document, entry, changed),
        ..Item::default()
    }
}

/// The prefix and the namespace URI of `source:markdown` (<https://source.scripting.com/#1653758422000>).
const MARKDOWN: (&str, &str) = ("source", "http://source.scripting.com/");

/// Elements that RSS itself lacks: `atom:updated` for a change, `source:markdown`, `media:content` for an image.
fn write_extensions(document: &Document, entry: &Entry, changed: bool) -> ExtensionMap {
    let mut extensions = ExtensionMap::default();
    let mut add = |prefix: &str, name: &str, element: Extension| {
        let element = Extension { name: format!("{prefix}:{name}"), ..element };
        let elements: &mut BTreeMap<String, Vec<Extension>> =
            extensions.entry(prefix.to_owned()).or_default();
        elements.entry(name.to_owned()).or_default().push(element);
    };
    if changed {
        let value = Some(entry.times.updated.to_rfc3339());
        add("atom", "updated", Extension { value, ..Extension::default() });
    }
    if let Some(markdown) = document.markdown_of(entry) {
        add(MARKDOWN.0, "markdown", Extension { value: Some(markdown.to_string()), ..Extension::default() });
    }
    for (name, attrs) in entry.image.iter().flat_map(|image| media::list_elements(image)) {
        add(media::NAMESPACE.0, name, Extension { attrs, ..Extension::default() });
    }
    extensions
}

fn link(rel: &str, url: &str) -> Link {
    Link { href: url.to_owned(), rel: rel.to_owned(), ..Link::default() }
}

fn write_history(history: History) -> ExtensionMap {
    let (prefix, name) = (History::NAMESPACE.0, history.name());
    let element = Extension { name: format!("{prefix}:{name}"), ..Extension::default() };
    ExtensionMap::from([(prefix.to_owned(), BTreeMap::from([(name.to_owned(), vec![element])]))])
}

/// RFC 822 with a four-digit year, the weekday and a numeric offset.
fn write_date(date: DateTime<FixedOffset>) -> String {
    date.format("%a, %d %b %Y %H:%M:%S %z").to_string()
}
