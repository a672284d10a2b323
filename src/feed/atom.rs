//! Atom 1.0, RFC 4287.

use std::collections::BTreeMap;

use atom_syndication::extension::{Extension, ExtensionMap};
use atom_syndication::{
    Category, Content, Entry as AtomEntry, Feed, Generator, Link, Person as AtomPerson, Source, Text,
};
use chrono::{DateTime, FixedOffset};

use super::batch::{self, Elements};
use super::document::{Document, History};
use super::entry::{Entry, Origin, Person};
use super::media;

/// Writes a document as Atom 1.0.
pub(super) fn write(document: &Document) -> String {
    let mut feed = Feed {
        id: document.id.to_string(),
        title: write_text(&document.title, None),
        subtitle: document.description.as_ref().map(|text| write_text(text, None)),
        updated: document.updated.unwrap_or_else(beginning),
        authors: vec![write_author(document)],
        generator: Some(Generator {
            value: "feedmill".to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            uri: None,
        }),
        links: write_links(document),
        icon: document.icon.as_ref().map(ToString::to_string),
        logo: document.logo.as_ref().map(ToString::to_string),
        rights: document.copyright.as_ref().map(|text| write_text(text, None)),
        lang: document.language.as_ref().map(ToString::to_string),
        namespaces: media::list_namespaces(document),
        extensions: document.history.map(write_history).unwrap_or_default(),
        ..Feed::default()
    };
    batch::write(document, Elements { root: "feed", feed: "feed", entry: "entry" }, |entries| {
        feed.entries = entries.iter().map(|entry| write_entry(document, entry)).collect();
        feed.to_string()
    })
}

fn write_links(document: &Document) -> Vec<Link> {
    let own = Some("application/atom+xml");
    let mut links =
        vec![link(&document.url, "self", own), link(&document.home, "alternate", Some("text/html"))];
    // RFC 4946
    links.extend(document.license.as_ref().map(|license| link(license, "license", None)));
    links.extend(document.hubs.iter().map(|hub| link(hub, "hub", None)));
    links.extend(document.pages.iter().map(|(rel, url)| link(url, rel.name(), own)));
    links
}

/// RFC 4287 §4.1.1: a feed without an author needs one on every entry. The feed's title is used as its author.
fn write_author(document: &Document) -> AtomPerson {
    match &document.author {
        Some(author) => write_person(author),
        None => AtomPerson { name: document.title.to_string(), ..AtomPerson::default() },
    }
}

/// Plain text, with its own language if it has one.
fn write_text(text: &str, language: Option<&str>) -> Text {
    Text { lang: language.map(str::to_owned), ..Text::plain(text) }
}

/// The time of the last change of a feed that never had an entry.
fn beginning() -> DateTime<FixedOffset> {
    DateTime::from_timestamp(946_684_800, 0).unwrap_or_default().fixed_offset()
}

fn write_entry(document: &Document, entry: &Entry) -> AtomEntry {
    let mut links = vec![link(&entry.link, "alternate", Some("text/html"))];
    links.extend(entry.original.as_ref().map(|original| link(original, "via", None)));
    let license = entry.origin.as_ref().and_then(|origin| origin.license.as_ref());
    links.extend(license.map(|license| link(license, "license", None)));
    links.extend(entry.enclosure.as_ref().map(|file| Link {
        length: (file.length > 0).then(|| file.length.to_string()),
        ..link(&file.url, "enclosure", Some(&file.kind))
    }));
    let categories = entry.categories.iter().map(|category| Category {
        term: category.term.to_string(),
        label: Some(category.term.to_string()),
        scheme: Some(category.scheme.to_string()),
    });
    let (summary, language) = (document.summary_of(entry), entry.language.as_deref());
    let content = document.html_of(entry).map(|html| Content {
        content_type: Some("html".to_owned()),
        value: Some(html.to_string()),
        lang: entry.language.as_ref().map(ToString::to_string),
        ..Content::default()
    });
    AtomEntry {
        id: entry.id.to_string(),
        title: write_text(&entry.title, language),
        updated: entry.times.updated,
        published: Some(entry.times.published),
        authors: entry.authors.iter().map(write_person).collect(),
        categories: categories.collect(),
        links,
        // RFC 4287 §4.1.2: an entry without content needs a summary.
        summary: summary
            .or_else(|| content.is_none().then_some(&entry.title))
            .map(|text| write_text(text, language)),
        content,
        source: entry.origin.as_ref().map(|origin| write_source(entry, origin)),
        extensions: entry.image.as_ref().map(|image| write_picture(image)).unwrap_or_default(),
        ..AtomEntry::default()
    }
}

/// The feed from which the text comes (RFC 4287 §4.2.11). Its time of update is unknown: that of the entry is used.
fn write_source(entry: &Entry, origin: &Origin) -> Source {
    let own = origin.feed.as_ref().map(|feed| link(feed, "self", None));
    Source {
        id: origin.feed.as_ref().unwrap_or(&origin.home).to_string(),
        title: write_text(&origin.name, None),
        updated: entry.times.published,
        links: own.into_iter().chain([link(&origin.home, "alternate", Some("text/html"))]).collect(),
        ..Source::default()
    }
}

fn write_picture(image: &str) -> ExtensionMap {
    // The library does not escape attributes of extensions.
    let image = html_escape::encode_double_quoted_attribute(image);
    let elements = media::list_elements(&image).map(|(name, attrs)| {
        let prefixed = format!("{}:{name}", media::NAMESPACE.0);
        (name.to_owned(), vec![Extension { name: prefixed, attrs, ..Extension::default() }])
    });
    ExtensionMap::from([(media::NAMESPACE.0.to_owned(), elements.into())])
}

fn write_history(history: History) -> ExtensionMap {
    let (prefix, name) = (History::NAMESPACE.0, history.name());
    let element = Extension { name: format!("{prefix}:{name}"), ..Extension::default() };
    ExtensionMap::from([(prefix.to_owned(), BTreeMap::from([(name.to_owned(), vec![element])]))])
}

fn write_person(person: &Person) -> AtomPerson {
    AtomPerson {
        name: person.name.to_string(),
        email: person.email.as_ref().map(ToString::to_string),
        uri: person.url.as_ref().map(ToString::to_string),
        ..AtomPerson::default()
    }
}

fn link(href: &str, rel: &str, kind: Option<&str>) -> Link {
    Link { href: href.to_owned(), rel: rel.to_owned(), mime_type: kind.map(str::to_owned), ..Link::default() }
}
