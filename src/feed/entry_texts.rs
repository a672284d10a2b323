//! The texts of entries, for searches: in an index if there is one, else read from the files of posts.

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::Arc;

use parking_lot::Mutex;

use super::entries::{Entries, Unread};
use crate::body::read_text;
use crate::catalog::{Hits, Lookup, PostTexts, Site};
use crate::config::Embeds;
use crate::post::Post;
use crate::words::{Search, Words};

/// The number of searches without an index whose results are kept.
const SCANS: usize = 64;

/// An index of the texts of all posts.
pub trait TextIndex: Send + Sync {
    /// Finds the posts with the words.
    fn look_up(&self, words: &Words) -> Lookup;
}

/// The results of the last searches without an index. A post that changed since is read again.
#[derive(Debug, Default)]
pub(super) struct Scans(Mutex<Vec<(Words, Arc<Hits>)>>);

/// The texts of a site's posts, as in its entries.
pub struct EntryTexts<'a> {
    site: &'a Site,
    entries: &'a Entries,
    failure: Cell<Option<Unread>>,
}

impl<'a> EntryTexts<'a> {
    pub(super) fn new(site: &'a Site, entries: &'a Entries) -> Self {
        Self { site, entries, failure: Cell::default() }
    }

    /// The reason why a text could not be read or searched, if any. A result without it does not match the snapshot.
    pub fn failure(&self) -> Option<Unread> {
        self.failure.get()
    }

    /// Returns the value of an entry; the default if it cannot be read.
    fn note<T: Default>(&self, read: Result<T, Unread>) -> T {
        read.unwrap_or_else(|failure| {
            self.failure.set(Some(failure));
            T::default()
        })
    }
}

impl PostTexts for EntryTexts<'_> {
    fn summary(&self, post: &Post) -> Cow<'static, str> {
        let entry = self.entries.get(self.site, post, Embeds::Link);
        Cow::Owned(self.note(entry.map(|entry| entry.summary.to_string())))
    }

    fn search(&self, post: &Post, search: &mut Search<'_>) {
        let entry = self.entries.get(self.site, post, Embeds::Link);
        self.note(entry.map(|entry| {
            search.add(&entry.summary);
            if !search.is_decided() {
                search.add(&read_text(&entry.html));
            }
        }));
    }

    fn look_up(&self, words: &Words) -> Lookup {
        if !self.site.has_index {
            return Lookup::Brief;
        }
        let Some(index) = self.entries.index() else { return self.entries.scans().look_up(words) };
        let found = index.look_up(words);
        if matches!(found, Lookup::Unavailable) {
            self.refuse();
        }
        found
    }

    fn refuse(&self) {
        self.failure.set(Some(Unread::Unindexed));
    }

    fn keep(&self, words: &Words, hits: Hits) {
        // A text that could not be read may have the words.
        if self.failure.get().is_none() {
            self.entries.scans().keep(words, hits);
        }
    }
}

impl Scans {
    fn look_up(&self, words: &Words) -> Lookup {
        let known = self.0.lock();
        let found = known.iter().find(|(known, _)| known == words);
        found.map_or(Lookup::Unindexed, |(_, hits)| Lookup::Found(Arc::clone(hits)))
    }

    fn keep(&self, words: &Words, hits: Hits) {
        let mut known = self.0.lock();
        known.retain(|(known, _)| known != words);
        if known.len() >= SCANS {
            known.remove(0);
        }
        known.push((words.clone(), Arc::new(hits)));
    }
}

/// The texts of a post that an index has, in addition to its title and its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexedText {
    /// The summary.
    pub summary: String,
    /// The text of the entry.
    pub text: String,
}

impl IndexedText {
    /// Reads the texts of a post. Nothing is cached.
    ///
    /// # Errors
    /// [`Unread`] if the file is not as the snapshot knows it.
    pub fn read(entries: &Entries, site: &Site, post: &Post) -> Result<Self, Unread> {
        let entry = entries.get_once(site, post)?;
        Ok(Self { summary: entry.summary.to_string(), text: read_text(&entry.html) })
    }
}
