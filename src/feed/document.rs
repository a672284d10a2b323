//! A complete feed, independent of the format: every format is written from it.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

use super::digest_entry::combine;
use super::entries::{Entries, Unread};
use super::entry::{Entry, Person};
use super::footer::FooterWriter;
use super::plan::{Feed, Pages};
use super::xml_text::XmlText;
use crate::catalog::{Site, Snapshot};
use crate::config::Content;

/// A feed with its entries. Nothing in it depends on when it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The permanent id.
    pub id: XmlText,
    /// The title.
    pub title: XmlText,
    /// The subtitle.
    pub description: Option<XmlText>,
    /// The URL of the site it belongs to, with `/` at the end.
    pub home: XmlText,
    /// The canonical URL.
    pub url: XmlText,
    /// The other pages and archive documents, by their relation to this one.
    pub pages: Vec<(PageRel, XmlText)>,
    /// Its kind among the documents of its feed, if it is a special one.
    pub history: Option<History>,
    /// The hubs that are notified when it changes.
    pub hubs: Vec<XmlText>,
    /// The time of the last change of an entry; `None` if there are no entries.
    pub updated: Option<DateTime<FixedOffset>>,
    /// BCP 47 tag.
    pub language: Option<XmlText>,
    /// The author of entries that name none.
    pub author: Option<Person>,
    /// Copyright line.
    pub copyright: Option<XmlText>,
    /// The URL of its license.
    pub license: Option<XmlText>,
    /// Small square image.
    pub icon: Option<XmlText>,
    /// Large image.
    pub logo: Option<XmlText>,
    /// Minutes that a reader may wait before it polls again.
    pub ttl: u32,
    /// The part of a post that an entry contains.
    pub content: Content,
    /// True if entries contain their text as Markdown too, where the format can express it.
    pub has_markdown: bool,
    /// The entries, in order.
    pub entries: Vec<Arc<Entry>>,
}

/// Builds the document of a feed. Reads the files of posts whose entries are not cached.
///
/// # Errors
/// [`Unread`] if files are not as the snapshot knows them.
pub fn build(snapshot: &Snapshot, feed: &Feed, entries: &Entries) -> Result<Document, Unread> {
    let site: &Site = &snapshot.site;
    // All entries are requested before the first error is returned, so that all unreadable files are reported.
    let made: Vec<Result<Arc<Entry>, Unread>> =
        feed.posts.iter().map(|post| entries.get(site, post, feed.settings.embeds)).collect();
    let mut entries: Vec<Arc<Entry>> = made.into_iter().collect::<Result<_, _>>()?;
    let footer = feed.settings.footer.as_ref().filter(|_| feed.settings.content == Content::Full);
    if let Some(footer) = footer.map(|footer| FooterWriter::new(site, footer)) {
        entries = entries.into_iter().map(|entry| footer.append(entry)).collect();
    }
    // The content of a digest is the chosen part of its posts.
    let content = if feed.digests.is_some() { Content::Full } else { feed.settings.content };
    if let Some(digests) = &feed.digests {
        entries = combine(snapshot, feed, digests, &entries);
    }
    Ok(Document {
        id: feed.id(snapshot).into(),
        title: feed.title.as_str().into(),
        description: feed.description.as_deref().map(Into::into),
        home: format!("{}/", feed.home(snapshot)).into(),
        url: feed.url(snapshot).into(),
        pages: list_pages(snapshot, feed),
        history: match feed.address.archive {
            Some(_) => Some(History::Archive),
            None => feed.is_complete().then_some(History::Complete),
        },
        hubs: feed.hubs(snapshot).iter().map(|hub| hub.as_str().into()).collect(),
        updated: entries.iter().map(|entry| entry.times.updated).max(),
        language: feed.language(snapshot).map(Into::into),
        author: site.author.clone().map(Into::into),
        copyright: site.copyright.as_deref().map(Into::into),
        license: site.license.as_deref().map(Into::into),
        icon: site.icon.as_deref().map(Into::into),
        logo: site.logo.as_deref().map(Into::into),
        ttl: (site.max_age / 60).max(1),
        content,
        has_markdown: feed.settings.markdown && feed.settings.content == Content::Full,
        entries,
    })
}

/// A kind of document (RFC 5005 §2, §4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// It contains every entry of its feed.
    Complete,
    /// It is an archive document: its entries will not be others.
    Archive,
}

impl History {
    /// The prefix and the namespace URI of its element.
    pub(super) const NAMESPACE: (&str, &str) = ("fh", "http://purl.org/syndication/history/1.0");

    /// The name of its element.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Archive => "archive",
        }
    }
}

/// The relation of a document of a feed to another one: to a page (RFC 5005 §3), or to an archive document (§4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageRel {
    /// The page with the newest entries.
    First,
    /// The page with newer entries.
    Previous,
    /// The page with older entries.
    Next,
    /// The page with the oldest entries.
    Last,
    /// The archive document before this one, or the last one.
    PrevArchive,
    /// The archive document after this one.
    NextArchive,
    /// The feed itself.
    Current,
}

impl PageRel {
    /// The relation's name in links.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Previous => "previous",
            Self::Next => "next",
            Self::Last => "last",
            Self::PrevArchive => "prev-archive",
            Self::NextArchive => "next-archive",
            Self::Current => "current",
        }
    }
}

fn list_pages(snapshot: &Snapshot, feed: &Feed) -> Vec<(PageRel, XmlText)> {
    let Pages { number, count } = feed.pages;
    let mut links = list_archives(snapshot, feed);
    if count == 1 || feed.is_complete() {
        return links;
    }
    let pages = [
        (PageRel::First, 1),
        (PageRel::Previous, number - 1),
        (PageRel::Next, number + 1),
        (PageRel::Last, count),
    ];
    let exist = pages.into_iter().filter(|(_, page)| (1..=count).contains(page));
    links.extend(exist.map(|(rel, page)| (rel, feed.page_url(snapshot, page).into())));
    links
}

fn list_archives(snapshot: &Snapshot, feed: &Feed) -> Vec<(PageRel, XmlText)> {
    let Some(archives) = feed.archives.filter(|_| feed.pages.number == 1) else { return Vec::new() };
    let own = feed.address.archive;
    let before = own.map_or(archives.count, |number| number - 1);
    let before = (before > 0).then_some((PageRel::PrevArchive, Some(before)));
    let after = own.map(|number| number + 1).filter(|number| *number <= archives.count);
    let after = after.map(|number| (PageRel::NextArchive, Some(number)));
    let current = own.map(|_| (PageRel::Current, None));
    let links = [before, after, current].into_iter().flatten();
    links.map(|(rel, number)| (rel, feed.archive_url(snapshot, number).into())).collect()
}

impl Document {
    /// An upper estimate of the document's size in any format. A buffer of this capacity never has to grow.
    pub(super) fn estimate_bytes(&self) -> usize {
        let length = |text: Option<&XmlText>| text.map_or(0, |text| text.len());
        let texts = |entry: &Arc<Entry>| {
            length(self.html_of(entry)) + length(self.summary_of(entry)) + length(self.markdown_of(entry))
        };
        let entries: usize = self.entries.iter().map(|entry| texts(entry) + 2048).sum();
        entries + entries / 8 + 8192
    }

    /// An entry's summary, if the feed contains summaries.
    pub(super) fn summary_of<'e>(&self, entry: &'e Entry) -> Option<&'e XmlText> {
        (self.content != Content::None && !entry.summary.is_empty()).then_some(&entry.summary)
    }

    /// An entry's text as Markdown, if the feed contains it.
    pub(super) fn markdown_of<'e>(&self, entry: &'e Entry) -> Option<&'e XmlText> {
        entry.markdown.as_ref().filter(|_| self.has_markdown)
    }

    /// An entry's full HTML, if the feed contains it.
    pub(super) fn html_of<'e>(&self, entry: &'e Entry) -> Option<&'e XmlText> {
        (self.content == Content::Full && !entry.html.is_empty()).then_some(&entry.html)
    }
}

/// The name of the generator in documents.
pub(super) const GENERATOR: &str = concat!("feedmill ", env!("CARGO_PKG_VERSION"));
