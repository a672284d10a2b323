//! Digests: the posts of a feed by the calendar periods in which they arrived. An entry is a period that has ended.

use std::ops::Range;
use std::sync::Arc;

use super::address::{Address, Place};
use super::archives::Archives;
use super::query::Query;
use crate::catalog::{CalendarPeriod, FeedSettings, Period, Selected, Selection, Snapshot, Timeline};
use crate::config::{Content, DigestPeriod, Order};
use crate::limits::{DIGEST_POSTS, DIGEST_TEXTS, DIGESTS};
use crate::post::Post;

/// The posts of a calendar period that has ended, as one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The period in which they arrived.
    pub period: CalendarPeriod,
    /// The number of posts.
    pub total: usize,
    /// The number of posts that the entry contains: those that arrived last.
    pub shown: usize,
}

impl Digest {
    /// The query of a feed whose posts, not digests, are those of this digest.
    fn query(&self, snapshot: &Snapshot, address: &Address) -> Query {
        let period = self.period.times(snapshot.site.time_zone);
        Query { conditions: Selection { period, ..narrow(address) }, ..Query::default() }
    }

    /// The path and query, without the path of the public URL, at which the feed shows the posts of this digest: of its
    /// page, or of the feed itself without pages.
    pub fn path(&self, snapshot: &Snapshot, address: &Address) -> String {
        let own = Address::of(snapshot, address.place.clone()).filter(|_| !snapshot.site.pages.enabled);
        let path = own.map_or_else(|| address.place.path(snapshot), |own| own.path(snapshot));
        format!("{path}?{}", self.query(snapshot, address).write(snapshot))
    }

    /// The part of its id that identifies it on the site: the same in every format, and for every number of entries.
    pub(super) fn name(&self, snapshot: &Snapshot, address: &Address) -> String {
        let query = Query { conditions: narrow(address), ..Query::default() }.write(snapshot);
        let query = if query.is_empty() { query } else { format!("?{query}") };
        format!("{}{}{query}", address.place.path(snapshot), self.period)
    }
}

/// The conditions that a query adds to those of its feed.
fn narrow(address: &Address) -> Selection {
    address.query.conditions.clone()
}

/// The length of the periods of a feed of digests. With a period or words in its query, it has the posts themselves.
pub(super) fn digest_of(snapshot: &Snapshot, address: &Address) -> Option<DigestPeriod> {
    let Selection { period, words, .. } = &address.query.conditions;
    let has_posts = *period != Period::default() || words.is_some();
    find_length(snapshot, &address.place).filter(|_| !has_posts)
}

/// The length of the periods of which the feed of a place makes digests.
pub(super) fn find_length(snapshot: &Snapshot, place: &Place) -> Option<DigestPeriod> {
    match place {
        Place::Named(number) => snapshot.site.named[usize::from(*number)].digest,
        _ => None,
    }
}

/// The period of the digest that a post of a feed is in, if the feed has digests.
pub fn find_digest(snapshot: &Snapshot, place: &Place, post: &Post) -> Option<CalendarPeriod> {
    let length = find_length(snapshot, place)?;
    Some(CalendarPeriod::at(post.arrival().time(), length, snapshot.site.time_zone))
}

/// Returns true if the entries of a feed are digests. Planning it visits many posts.
pub fn has_digests(snapshot: &Snapshot, address: &Address) -> bool {
    digest_of(snapshot, address).is_some()
}

/// The canonical query of a feed of digests, as far as it has an effect.
pub(super) fn restrict(query: Query) -> Query {
    Query { limit: query.limit.map(|limit| limit.min(DIGESTS)), window: None, order: None, ..query }
}

/// The digests on one page of a feed, or in one of its archive documents, with the posts that they contain.
#[derive(Debug, Default)]
pub(super) struct SelectedDigests {
    pub(super) digests: Vec<Digest>,
    /// The posts of all these digests; the total counts the digests of the whole feed.
    pub(super) selected: Selected,
}

/// The ended periods of a selection that have posts. A period costs a search for its first post in the order of arrival.
pub(super) struct Digests<'s> {
    timeline: Timeline<'s>,
    /// The places of the posts of each period, the last one first.
    periods: Vec<(CalendarPeriod, Range<usize>)>,
    /// The largest number of posts in one digest.
    most: usize,
}

impl<'s> Digests<'s> {
    /// The periods of this length that had ended when the snapshot was made.
    pub(super) fn new(
        snapshot: &'s Snapshot,
        selection: &Selection,
        length: DigestPeriod,
        content: Content,
    ) -> Self {
        let timeline = Timeline::new(snapshot, selection, Order::Arrival);
        let zone = snapshot.site.time_zone;
        let start = |period: CalendarPeriod| period.times(zone).since.unwrap_or_default();
        let mut place = timeline.count_since(start(CalendarPeriod::at(snapshot.made, length, zone)));
        let mut periods = Vec::new();
        while let Some(time) = timeline.time_at(place) {
            let period = CalendarPeriod::at(time, length, zone);
            let end = timeline.count_since_from(place + 1, start(period));
            periods.push((period, place..end));
            place = end;
        }
        let most = if content == Content::Full { DIGEST_TEXTS } else { DIGEST_POSTS };
        Self { timeline, periods, most }
    }

    /// The digests of a page. As with posts, the first page has those that are in no archive document yet.
    pub(super) fn page(
        &self,
        number: usize,
        settings: &FeedSettings,
        archives: Option<Archives>,
    ) -> SelectedDigests {
        let limit = settings.limit;
        let places = match number {
            0 | 1 => 0..limit.max(archives.map_or(0, |archives| archives.count_rest())),
            _ => {
                let start = (number - 1).saturating_mul(limit);
                start..start.saturating_add(limit)
            }
        };
        let found = self.collect(places);
        SelectedDigests { selected: Selected { first: limit, ..found.selected }, ..found }
    }

    /// The digests of an archive document; none if it does not exist.
    pub(super) fn archive(&self, number: usize, archives: Option<Archives>) -> SelectedDigests {
        let places = archives.and_then(|archives| archives.places(number));
        self.collect(places.unwrap_or_default())
    }

    /// The number of digests.
    pub(super) fn len(&self) -> usize {
        self.periods.len()
    }

    fn collect(&self, places: Range<usize>) -> SelectedDigests {
        let end = places.end.min(self.periods.len());
        let periods = self.periods.get(places.start.min(end)..end).unwrap_or_default();
        let posts = |places: &Range<usize>| {
            let shown = places.len().min(self.most);
            self.timeline.posts(places.start..places.start + shown).cloned()
        };
        let digests = periods.iter().map(|(period, places)| Digest {
            period: *period,
            total: places.len(),
            shown: places.len().min(self.most),
        });
        let posts: Vec<Arc<Post>> = periods.iter().flat_map(|(_, places)| posts(places)).collect();
        SelectedDigests {
            digests: digests.collect(),
            selected: Selected { posts, total: self.periods.len(), first: 0 },
        }
    }
}
