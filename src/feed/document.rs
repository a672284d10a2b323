//! A feed complete and neutral: what every format writes.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset};

use super::entries::{Entries, Unread};
use super::entry::{Entry, Person};
use super::plan::{Feed, Pages};
use super::xml_text::XmlText;
use crate::catalog::{Site, Snapshot};
use crate::config::Content;

/// A feed with its entries. Nothing in it depends on when it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What identifies it for ever.
    pub id: XmlText,
    /// Its title.
    pub title: XmlText,
    /// Its subtitle.
    pub description: Option<XmlText>,
    /// The pages it belongs to, with `/` at the end.
    pub home: XmlText,
    /// Its own canonical address.
    pub url: XmlText,
    /// Its other pages, by what they are to this one; empty if it is the only page.
    pub pages: Vec<(PageRel, XmlText)>,
    /// Hubs that are told when it changes.
    pub hubs: Vec<XmlText>,
    /// When one of its entries changed last; `None` if it has none.
    pub updated: Option<DateTime<FixedOffset>>,
    /// BCP 47 tag.
    pub language: Option<XmlText>,
    /// Author of entries that name none.
    pub author: Option<Person>,
    /// Copyright line.
    pub copyright: Option<XmlText>,
    /// Small square image.
    pub icon: Option<XmlText>,
    /// Large image.
    pub logo: Option<XmlText>,
    /// Minutes a reader may wait until it asks again.
    pub ttl: u32,
    /// How much of a post an entry shows.
    pub content: Content,
    /// Its entries, in order.
    pub entries: Vec<Arc<Entry>>,
}

/// Makes the document of a feed. Reads the files of posts whose entries were not made before.
///
/// # Errors
/// [`Unread`] if files are not what the snapshot knows: a newer snapshot is on its way.
pub fn build(snapshot: &Snapshot, feed: &Feed, entries: &Entries) -> Result<Document, Unread> {
    let site: &Site = &snapshot.site;
    // Each is asked for, so that all are told of that can't be had.
    let made: Vec<Result<Arc<Entry>, Unread>> =
        feed.posts.iter().map(|post| entries.get(site, post, feed.settings.embeds)).collect();
    let entries: Vec<Arc<Entry>> = made.into_iter().collect::<Result<_, _>>()?;
    Ok(Document {
        id: feed.id(snapshot).into(),
        title: feed.title.as_str().into(),
        description: feed.description.as_deref().map(Into::into),
        home: format!("{}/", feed.home(snapshot)).into(),
        url: feed.url(snapshot).into(),
        pages: list_pages(snapshot, feed),
        hubs: feed.hubs(snapshot).iter().map(|hub| hub.as_str().into()).collect(),
        updated: entries.iter().map(|entry| entry.times.updated).max(),
        language: feed.language(snapshot).map(Into::into),
        author: site.author.clone().map(Into::into),
        copyright: site.copyright.as_deref().map(Into::into),
        icon: site.icon.as_deref().map(Into::into),
        logo: site.logo.as_deref().map(Into::into),
        ttl: (site.max_age / 60).max(1),
        content: feed.settings.content,
        entries,
    })
}

/// What a page of a feed is to another: RFC 5005 §3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageRel {
    /// The newest entries.
    First,
    /// Newer entries.
    Previous,
    /// Older entries.
    Next,
    /// The oldest entries.
    Last,
}

impl PageRel {
    /// The relation's name in links.
    pub fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Previous => "previous",
            Self::Next => "next",
            Self::Last => "last",
        }
    }
}

fn list_pages(snapshot: &Snapshot, feed: &Feed) -> Vec<(PageRel, XmlText)> {
    let Pages { number, count } = feed.pages;
    if count == 1 {
        return Vec::new();
    }
    let pages = [
        (PageRel::First, 1),
        (PageRel::Previous, number - 1),
        (PageRel::Next, number + 1),
        (PageRel::Last, count),
    ];
    let exist = pages.into_iter().filter(|(_, page)| (1..=count).contains(page));
    exist.map(|(rel, page)| (rel, feed.page_url(snapshot, page).into())).collect()
}

impl Document {
    /// About how many bytes it takes in any format, rather too many: what is written into so much space never
    /// has to be copied to a larger one.
    pub(super) fn estimate_bytes(&self) -> usize {
        let length = |text: Option<&XmlText>| text.map_or(0, |text| text.len());
        let texts = |entry: &Arc<Entry>| length(self.html_of(entry)) + length(self.summary_of(entry));
        let entries: usize = self.entries.iter().map(|entry| texts(entry) + 2048).sum();
        entries + entries / 8 + 8192
    }

    /// An entry's summary, where the feed shows one.
    pub(super) fn summary_of<'e>(&self, entry: &'e Entry) -> Option<&'e XmlText> {
        (self.content != Content::None && !entry.summary.is_empty()).then_some(&entry.summary)
    }

    /// An entry's whole text, where the feed shows it.
    pub(super) fn html_of<'e>(&self, entry: &'e Entry) -> Option<&'e XmlText> {
        (self.content == Content::Full && !entry.html.is_empty()).then_some(&entry.html)
    }
}

/// What every document calls its maker.
pub(super) const GENERATOR: &str = concat!("feedmill ", env!("CARGO_PKG_VERSION"));
