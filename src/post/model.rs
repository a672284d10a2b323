//! A post, its terms, and the details of its entry.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::Xxh3;

use super::arrival::Arrival;
use super::dialect::Listed;
use super::index::SourceId;
use super::link::{Link, Linked};
use super::unique::UniqueKey;
use crate::config::Author;

/// The metadata of one post. The body and the [`Details`] stay in the file and are read when an entry is rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// The source of the post.
    pub source: SourceId,
    /// True if the post is kept out of feeds until `published`.
    pub held: bool,
    /// The place from which the text is read.
    pub text: Text,
    /// Index of the post's language in the languages of its site; 0 for the default language, or if the site declares
    /// only one. Posts in other languages are in feeds of their own.
    pub language: u8,
    /// The section that lists the post, if the dialect has sections.
    pub section: Option<Arc<str>>,
    /// The feeds that contain the post.
    pub listed: Listed,
    /// Path of the file, relative to the source's root, with `/`.
    pub path: Arc<str>,
    /// The permanent id of the entry.
    pub id: Box<str>,
    /// Absolute URL of the post's page, percent-encoded.
    pub address: Box<str>,
    /// Title as plain text; empty if the post has none.
    pub title: Box<str>,
    /// The time of publication, past or future.
    pub published: DateTime<Utc>,
    /// The time at which it first became visible; `None` if it never was.
    pub arrived: Option<Arrival>,
    /// The time of the last update, if the post gives one that differs from `published`.
    pub updated: Option<DateTime<Utc>>,
    /// The time from which the post is not in feeds any more.
    pub expires: Option<DateTime<Utc>>,
    /// Terms of every taxonomy, in the order written.
    pub terms: Box<[Arc<Term>]>,
    /// The value that only one entry of its source has, if the source names a key of one and the post has it.
    pub unique: Option<UniqueKey>,
    /// The enclosed file, if it belongs to the site and the post does not give its length.
    pub media: Option<Box<Media>>,
    /// The images of the site that the body shows, if the source measures them.
    pub pictures: Box<[Picture]>,
    /// The references of the body to other posts and to media files.
    pub links: Box<[Link]>,
    /// Hash of the bytes of the file.
    pub bytes_hash: u128,
    /// The version of the file.
    pub stamp: Stamp,
}

/// The version of a post's file by its metadata: a hash that differs between versions, or 0 if the file must be read
/// again whatever its metadata. It is not part of a post: posts that differ only in it are equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stamp(pub u64);

impl PartialEq for Stamp {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Stamp {}

/// The place from which the text of a post is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Text {
    /// The file.
    #[default]
    InFile,
    /// The kept text of the last known good version: the file is not a valid post any more.
    LastKnownGood,
    /// None: the last known good version, whose text is unavailable until the file can be read again.
    Unavailable,
}

/// A file of a site that a post encloses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// The path as written, decoded, without a leading `/`.
    pub path: Box<str>,
    /// Size in bytes, if the file was found.
    pub size: Option<u64>,
}

/// An image of a site that a post shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The path below the URL of the site, decoded.
    pub path: Box<str>,
    /// Its width and height in pixels, if the file was found and its format is known.
    pub size: Option<(u32, u32)>,
    /// The version of its file that was measured.
    pub stamp: Stamp,
}

/// One term as a post spells it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    /// Index of the term's taxonomy in the list of taxonomies.
    pub taxonomy: u8,
    /// The spelling, trimmed.
    pub spelling: Box<str>,
    /// The folded spelling: equal for all spellings of the term.
    pub folded: Box<str>,
}

/// The metadata that only the entry of a post needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// The authors, if the post names any.
    pub authors: Vec<Author>,
    /// Summary written by hand, as plain text.
    pub summary: Option<String>,
    /// The only category that the entry prints; `None`: all categories.
    pub category: Option<String>,
    /// True if the entry contains only the summary.
    pub excerpt_only: bool,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// Absolute URL at which the text first appeared.
    pub original: Option<String>,
    /// Absolute URL of the post's image.
    pub image: Option<String>,
    /// The media file attached to the entry.
    pub enclosure: Option<Enclosure>,
    /// The URL that the entry links to, if it is not that of the post's own page.
    pub link: Option<String>,
}

impl Post {
    /// The time of the newest change: `updated`, else `published`.
    pub fn changed(&self) -> DateTime<Utc> {
        self.updated.unwrap_or(self.published)
    }

    /// The time of its arrival. A post that was never visible arrives when it is published.
    pub fn arrival(&self) -> Arrival {
        self.arrived.unwrap_or_else(|| Arrival::at(self.published))
    }

    /// Returns true if the post is in feeds at `now`.
    pub fn is_visible(&self, now: DateTime<Utc>) -> bool {
        (!self.held || self.published <= now) && self.expires.is_none_or(|end| now < end)
    }

    /// The next time after `now` at which the visibility of the post changes.
    pub fn next_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let appears = self.held.then_some(self.published);
        [appears, self.expires].into_iter().flatten().filter(|due| *due > now).min()
    }

    /// Adds everything that the entry is made from to a hash.
    pub fn hash_into(&self, hasher: &mut Xxh3) {
        hasher.update(&self.bytes_hash.to_le_bytes());
        let own = [&*self.id, &*self.address, &*self.title, &*self.path];
        for text in own.into_iter().chain(self.terms.iter().map(|term| &*term.spelling)) {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        for term in &self.terms {
            hasher.update(&[term.taxonomy]);
        }
        hasher.update(&(self.terms.len() as u64).to_le_bytes());
        hasher.update(&self.published.timestamp_micros().to_le_bytes());
        hasher.update(&self.changed().timestamp_micros().to_le_bytes());
        // A kept text is equal to the one that the file had.
        hasher.update(&[u8::from(self.text == Text::Unavailable)]);
        hasher.update(&self.media.as_ref().and_then(|media| media.size).unwrap_or_default().to_le_bytes());
        for link in &self.links {
            let target = link.target.as_deref().map(Linked::texts).unwrap_or_default();
            for text in [&*link.reference, target[0], target[1]] {
                hasher.update(&(text.len() as u64).to_le_bytes());
                hasher.update(text.as_bytes());
            }
        }
        for Picture { path, size, .. } in &self.pictures {
            // One without a size does not change the entry.
            let Some((width, height)) = size else { continue };
            hasher.update(&(path.len() as u64).to_le_bytes());
            hasher.update(path.as_bytes());
            hasher.update(&width.to_le_bytes());
            hasher.update(&height.to_le_bytes());
        }
    }

    /// The hash of everything that the entry is made from: equal for equal entries, on every machine.
    pub fn content_hash(&self) -> u128 {
        let mut hasher = Xxh3::new();
        self.hash_into(&mut hasher);
        hasher.digest128()
    }
}

/// A media file attached to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Absolute URL.
    pub url: String,
    /// Size in bytes; 0 if it is unknown.
    pub length: u64,
    /// Media type.
    pub kind: String,
}
