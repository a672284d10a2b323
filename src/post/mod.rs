//! Bytes of a file, its path and the source's rules → a post, or the problem that keeps it from being one.

pub mod address;
pub mod config_file;
pub mod date;
pub mod defaults;
mod details;
pub mod dialect;
mod explain;
pub mod front_matter;
pub mod ids;
mod js_literal;
mod link_names;
pub mod links;
mod lint;
pub mod pages;
mod parse;
mod parse_value;
pub mod site;
pub mod source;
pub mod term;
pub mod text;
pub mod text_query;
mod time_zone;
mod unpublished;
pub mod value;
mod yaml;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::Xxh3;

pub use details::Enclosure;
pub use explain::{Cause, Explanation, Fact, explain};
pub use lint::lint;
pub use parse::{File, Outcome, Reread, UNDATED, parse, read_again};
pub use source::{Exclusion, Source};
pub use unpublished::{UnpublishedReason, find_unpublished_reason};

use self::links::{Link, Linked};

use crate::config::Author;

/// One post's metadata. Body and [`Details`] stay in the file and are read when an entry is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Place of its source in the list of sources.
    pub source: u16,
    /// Whether it waits until `published` to appear.
    pub held: bool,
    /// Where its text is to be had.
    pub text: Text,
    /// Place of its language among those that its site declares; 0: the default, or there is no more
    /// than one. Other languages stand in feeds of their own.
    pub language: u8,
    /// The section that lists it, where its dialect has sections.
    pub section: Option<Arc<str>>,
    /// Which feeds hold it.
    pub listed: Listed,
    /// Path relative to the source's root, with `/`.
    pub path: Arc<str>,
    /// What subscribers know it by.
    pub id: Box<str>,
    /// Absolute address of its page, encoded.
    pub address: Box<str>,
    /// Title as plain text; empty if the post has none.
    pub title: Box<str>,
    /// When it was or will be published.
    pub published: DateTime<Utc>,
    /// When it was last changed, if the post says so and it differs.
    pub updated: Option<DateTime<Utc>>,
    /// When it disappears.
    pub expires: Option<DateTime<Utc>>,
    /// Terms of every taxonomy, in the order written.
    pub terms: Box<[Arc<Term>]>,
    /// The file that it encloses, where that is one of the site's own and it does not say how long.
    pub media: Option<Box<Media>>,
    /// The posts that its body refers to.
    pub links: Box<[Link]>,
    /// Hash of the file's bytes.
    pub bytes_hash: u128,
}

/// Where the text of a post is to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Text {
    /// In its file.
    #[default]
    InFile,
    /// Its file can't be read as a post any more: this is its last good version, and the text of it is kept.
    Kept,
    /// The same, but the text is lost until the file can be read again.
    Lost,
}

/// Which feeds hold a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Listed {
    /// Every one that selects it.
    #[default]
    Everywhere,
    /// Those of its terms and of its section: Hugo's `list: local`.
    Locally,
    /// That of its section alone: a document of a Jekyll collection.
    InSection,
}

/// A file of a site that a post encloses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its path as it is written, decoded, without `/` before it.
    pub path: Box<str>,
    /// Its size in bytes, if it was found.
    pub size: Option<u64>,
}

/// One term as a post spells it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Term {
    /// Place of its taxonomy in the list of taxonomies.
    pub taxonomy: u8,
    /// The spelling, trimmed.
    pub spelling: Box<str>,
    /// What all spellings of the term have in common.
    pub folded: Box<str>,
}

/// What only the entry of a post needs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// Who wrote it, if the post says so.
    pub authors: Vec<Author>,
    /// Summary given by hand, as plain text.
    pub summary: Option<String>,
    /// The only category that its entry prints; none: all.
    pub category: Option<String>,
    /// Whether its entry holds only its summary.
    pub excerpt_only: bool,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Absolute address at which the text first appeared.
    pub original: Option<String>,
    /// Absolute address of the picture that stands for the post.
    pub image: Option<String>,
    /// A file to play or to download.
    pub enclosure: Option<Enclosure>,
    /// Where the entry links to, where it is not the post's own page.
    pub link: Option<String>,
}

impl Post {
    /// Newest change: `updated`, else `published`.
    pub fn changed(&self) -> DateTime<Utc> {
        self.updated.unwrap_or(self.published)
    }

    /// Whether it stands in feeds at `now`.
    pub fn is_visible(&self, now: DateTime<Utc>) -> bool {
        (!self.held || self.published <= now) && self.expires.is_none_or(|end| now < end)
    }

    /// The next moment after `now` at which its visibility changes.
    pub fn next_due(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let appears = self.held.then_some(self.published);
        [appears, self.expires].into_iter().flatten().filter(|due| *due > now).min()
    }

    /// Feeds all that its entry is made from into a hash.
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
        // A text that is kept is the one that the file had.
        hasher.update(&[u8::from(self.text == Text::Lost)]);
        hasher.update(&self.media.as_ref().and_then(|media| media.size).unwrap_or_default().to_le_bytes());
        for link in &self.links {
            let target = link.target.as_deref().map(Linked::texts).unwrap_or_default();
            for text in [&*link.reference, target[0], target[1]] {
                hasher.update(&(text.len() as u64).to_le_bytes());
                hasher.update(text.as_bytes());
            }
        }
    }

    /// Hash of all that its entry is made from: equal for equal entries, on every machine.
    pub fn content_hash(&self) -> u128 {
        let mut hasher = Xxh3::new();
        self.hash_into(&mut hasher);
        hasher.digest128()
    }
}
