//! Archive documents (RFC 5005 §4): all posts of a feed in the order of their arrival, in documents of one size. Only full
//! documents exist, so that a new post changes none of them.

use std::num::NonZero;
use std::ops::Range;

use super::address::{Address, Place, settings_of};
use super::group::is_listed;
use crate::catalog::{PostTexts, Selected, Selection, Snapshot};
use crate::config::Order;

/// The archive documents of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archives {
    /// The number of documents.
    pub count: usize,
    /// The number of posts in each.
    size: NonZero<usize>,
    /// The number of posts of the feed.
    total: usize,
}

impl Archives {
    /// The archive documents of a listed feed with this number of posts; `None` if it has none, whatever the number is. A
    /// search without an index has none: it finds only the newest posts.
    pub(super) fn new(snapshot: &Snapshot, address: &Address, total: usize) -> Option<Self> {
        let is_search = match address.place {
            Place::Named(number) => snapshot.site.named[usize::from(number)].select.q.is_some(),
            _ => false,
        };
        let is_whole = snapshot.site.has_index || !is_search;
        let has_archives = address.query.is_empty() && is_whole && is_listed(snapshot, &address.place);
        let size = NonZero::new(settings_of(snapshot, &address.place).archive_size())?;
        has_archives.then_some(Self { count: total / size, size, total })
    }

    /// The number of posts that are in no document yet: those that arrived last.
    pub(super) fn count_rest(&self) -> usize {
        self.total % self.size
    }

    /// The posts of the document with a number, counted from the one that arrived last; `None` if it does not exist.
    pub(super) fn places(&self, number: usize) -> Option<Range<usize>> {
        let exists = (1..=self.count).contains(&number);
        exists.then(|| self.total - number * self.size.get()..self.total - (number - 1) * self.size.get())
    }
}

/// The posts of an archive document, those that arrived last first; none if it does not exist.
pub(super) fn select_archive(
    snapshot: &Snapshot,
    selection: &Selection,
    number: usize,
    archives: impl Fn(usize) -> Option<Archives>,
    texts: &dyn PostTexts,
) -> Selected {
    let selection = Selection { order: Order::Arrival, ..selection.clone() };
    let total = snapshot.count_selected(&selection, texts);
    let places = archives(total).and_then(|archives| archives.places(number));
    match places {
        Some(places) => snapshot.select_page(&selection, places, texts),
        None => Selected { total, ..Selected::default() },
    }
}
