//! Arrivals: each post keeps the time at which it first became visible, also if its file is renamed, or is gone for a
//! while.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::Xxh3;

use super::claims::precedence;
use super::posts::{Posts, Slot};
use super::site::Site;
use super::snapshot::Snapshot;
use super::writer::Touched;
use crate::post::{Arrival, Post, SourceId};

/// The time for which the arrival of a post is known that is gone.
const KEPT: TimeDelta = TimeDelta::days(30);

/// The time within which the copy of a file takes over the arrival of its original, when that is deleted.
const COPIED: TimeDelta = TimeDelta::hours(1);

/// Identifies a post by its source and its id, over restarts.
pub type ArrivalKey = u128;

/// The arrival of a post, as it is stored: only if it is not the date of its publication, or if the post is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// The time of its arrival.
    pub at: Arrival,
    /// The hash of its source and of the bytes of its file.
    pub bytes: u64,
    /// The time since which it is gone, in Unix seconds.
    pub gone: Option<i64>,
}

/// What is known of a post that the catalog does not have.
#[derive(Debug, Clone, Copy)]
struct Absent {
    arrived: Arrived,
    is_stored: bool,
}

/// The arrivals of posts that the catalog does not have, and the clock of new ones.
#[derive(Debug, Default)]
pub struct Arrivals {
    /// Posts that are gone, or that were not read yet since the start.
    absent: FxHashMap<ArrivalKey, Absent>,
    /// The same, by their bytes.
    by_bytes: FxHashMap<u64, ArrivalKey>,
    /// Posts that arrived lately, by their bytes.
    recent: FxHashMap<u64, (Arrival, Slot)>,
    /// Posts that left since the last snapshot, by their bytes.
    left: Vec<(u64, Arrival)>,
    /// True if a post has arrived at another time than it was published.
    has_others: bool,
    /// Sources whose first scan is complete. A post of another source has arrived when it was published.
    settled: FxHashSet<SourceId>,
    /// The last arrival.
    last: Option<Arrival>,
    /// The time of the next snapshot.
    now: DateTime<Utc>,
    /// The time at which old data was dropped last.
    tidied: Option<DateTime<Utc>>,
    changes: Vec<(ArrivalKey, Option<Arrived>)>,
}

impl Arrivals {
    /// Restores the arrivals that an earlier run stored.
    pub fn restore(&mut self, stored: impl IntoIterator<Item = (ArrivalKey, Arrived)>) {
        for (key, arrived) in stored {
            self.expect(key, Absent { arrived, is_stored: true });
        }
    }

    fn expect(&mut self, key: ArrivalKey, absent: Absent) {
        self.by_bytes.insert(absent.arrived.bytes, key);
        self.absent.insert(key, absent);
        if absent.is_stored {
            self.last = self.last.max(Some(absent.arrived.at));
        }
    }

    /// Continues after a snapshot: the first scans of its sources are complete, and its `posts` are expected.
    pub(super) fn continue_after(&mut self, before: &Snapshot, site: &Site, expects_posts: bool) {
        for (id, source) in site.source_ids().zip(&site.sources) {
            let known = before.site.source_ids().find(|known| before.site.source(*known).name == source.name);
            let Some(known) = known.filter(|known| !before.awaited.contains(known)) else { continue };
            self.settled.insert(id);
            for post in before.posts_of(known).filter(|_| expects_posts) {
                let Some(at) = post.arrived else { continue };
                let arrived = Arrived { at, bytes: hash_bytes(&source.name, post), gone: None };
                let is_stored = !arrived_as_published(post);
                self.expect(hash_id(&source.name, &post.id), Absent { arrived, is_stored });
            }
        }
    }

    /// Starts a snapshot that is made at this time.
    pub(super) fn begin(&mut self, now: DateTime<Utc>) {
        self.now = now;
    }

    /// Records that a post is removed, or is another one from now on.
    pub(super) fn leave(&mut self, source: &str, post: &Post) {
        let Some(at) = post.arrived else { return };
        let (key, bytes) = (hash_id(source, &post.id), hash_bytes(source, post));
        let arrived = Arrived { at, bytes, gone: Some(self.now.timestamp()) };
        self.by_bytes.insert(bytes, key);
        self.absent.insert(key, Absent { arrived, is_stored: true });
        self.changes.push((key, Some(arrived)));
        self.left.push((bytes, at));
    }

    /// The posts that arrived lately as copies of files that were deleted since: each with the arrival of the original.
    pub(super) fn take_copies(&mut self, current: &Snapshot) -> Vec<(Slot, Arrival)> {
        let left = std::mem::take(&mut self.left);
        let copies = left.into_iter().filter_map(|(bytes, at)| {
            let (arrived, slot) = *self.recent.get(&bytes)?;
            let post = current.posts.get(slot)?;
            let is_same = hash_bytes(&current.site.source(post.source).name, post) == bytes;
            (is_same && post.arrived == Some(arrived) && at < arrived).then_some((slot, at))
        });
        copies.collect()
    }

    /// The arrival of a post; `None` if it arrives now.
    pub(super) fn find(&self, site: &Site, post: &Post) -> Option<Arrival> {
        let source = &site.source(post.source).name;
        let absent = || {
            let by_id = self.absent.get(&hash_id(source, &post.id));
            let by_bytes = || self.absent.get(self.by_bytes.get(&hash_bytes(source, post))?);
            by_id.or_else(by_bytes).map(|known| known.arrived.at)
        };
        post.arrived.or_else(absent).or_else(|| self.find_first(post))
    }

    /// The arrival of a post of the first scan of its source.
    fn find_first(&self, post: &Post) -> Option<Arrival> {
        let is_first = !self.settled.contains(&post.source);
        is_first.then(|| Arrival::at(post.published.min(self.now)))
    }

    /// Gives arrivals to the touched posts that are visible.
    pub(super) fn assign(&mut self, touched: &Touched, current: &mut Snapshot) {
        let Snapshot { site, posts, awaited, .. } = current;
        let (now, mut new) = (self.now, Vec::new());
        for (&slot, before) in touched {
            let Some(post) = posts.get(slot).filter(|post| post.is_visible(now)) else { continue };
            let source = &site.source(post.source).name;
            let known = if self.absent.is_empty() { None } else { self.recognise(source, post) };
            let first = || {
                let is_first = !self.settled.contains(&post.source);
                is_first.then(|| Arrival::at(post.published))
            };
            match post.arrived.or(known.map(|known| known.arrived.at)).or_else(first) {
                Some(at) => self.take(slot, at, source, posts, before.as_deref(), known),
                None => new.push((Arc::clone(post), slot)),
            }
        }
        // Posts that arrive together are in the order of publication.
        new.sort_unstable_by(|(one, _), (other, _)| precedence(one).cmp(&precedence(other)));
        for (_, slot) in new {
            let at = Arrival::at(now).max(self.last.map_or(Arrival::at(now), Arrival::next));
            self.last = Some(at);
            let Some(post) = posts.get(slot) else { continue };
            let source = &site.source(post.source).name;
            self.recent.insert(hash_bytes(source, post), (at, slot));
            self.take(slot, at, source, posts, None, None);
        }
        self.settled.extend(site.source_ids().filter(|id| !awaited.contains(id)));
        self.tidy();
    }

    /// The arrival of an absent post with the id of this one, else with its bytes. It is not absent any more.
    fn recognise(&mut self, source: &str, post: &Post) -> Option<Absent> {
        let own = hash_id(source, &post.id);
        if let Some(known) = self.absent.remove(&own) {
            return Some(known);
        }
        if post.arrived.is_some() {
            return None;
        }
        let bytes = hash_bytes(source, post);
        let key = self.by_bytes.get(&bytes).copied()?;
        let Absent { arrived, is_stored } = self.absent.remove(&key)?;
        self.changes.extend(is_stored.then_some((key, None)));
        // It is not stored for this id.
        Some(Absent { arrived, is_stored: false })
    }

    /// Sets the arrival of a post, and stores it if it is not known by its publication.
    fn take(
        &mut self,
        slot: Slot,
        at: Arrival,
        source: &str,
        posts: &mut Posts,
        before: Option<&Post>,
        known: Option<Absent>,
    ) {
        let Some(post) = posts.get(slot) else { return };
        let was_stored = before.is_some_and(|before| before.id == post.id && !arrived_as_published(before));
        let is_stored = was_stored || known.is_some_and(|known| known.is_stored);
        let is_current = was_stored || known.is_some_and(|known| known.arrived.gone.is_none());
        let is_needed = Arrival::at(post.published) != at;
        self.has_others |= is_needed;
        if is_needed && !(is_stored && is_current) {
            let arrived = Arrived { at, bytes: hash_bytes(source, post), gone: None };
            self.changes.push((hash_id(source, &post.id), Some(arrived)));
        } else if !is_needed && is_stored {
            self.changes.push((hash_id(source, &post.id), None));
        }
        if post.arrived != Some(at) {
            posts.change(slot, |post| post.arrived = Some(at));
        }
    }

    /// Drops what is older than it is kept, once an hour. Stored arrivals of posts that were not read are those of posts
    /// that are gone.
    fn tidy(&mut self) {
        let now = self.now;
        if self.tidied.is_some_and(|tidied| now - tidied < COPIED && tidied <= now) {
            return;
        }
        self.tidied = Some(now);
        let Self { absent, changes, by_bytes, recent, .. } = self;
        absent.retain(|key, Absent { arrived, is_stored }| {
            let since = arrived.gone.unwrap_or(now.timestamp());
            let is_kept = now.timestamp() - since < KEPT.num_seconds();
            if arrived.gone.replace(since).is_none() || !is_kept {
                changes.push((*key, is_kept.then_some(*arrived)));
                *is_stored = true;
            }
            is_kept
        });
        by_bytes.retain(|_, key| absent.contains_key(key));
        let lately = Arrival::at(now - COPIED);
        recent.retain(|_, (at, _)| *at > lately);
    }

    /// Returns true if every visible post has arrived when it was published.
    pub(super) fn are_all_published(&self) -> bool {
        !self.has_others
    }

    /// Takes the changes of stored arrivals since the last call.
    pub fn take_changes(&mut self) -> Vec<(ArrivalKey, Option<Arrived>)> {
        std::mem::take(&mut self.changes)
    }
}

/// Returns true if a post arrived when it was published, as far as is known.
pub(super) fn arrived_as_published(post: &Post) -> bool {
    post.arrived.is_none_or(|at| at == Arrival::at(post.published))
}

fn hash_id(source: &str, id: &str) -> ArrivalKey {
    hash(source, id.as_bytes()).digest128()
}

fn hash_bytes(source: &str, post: &Post) -> u64 {
    hash(source, &post.bytes_hash.to_le_bytes()).digest()
}

fn hash(source: &str, own: &[u8]) -> Xxh3 {
    let mut hasher = Xxh3::new();
    hasher.update(&(source.len() as u64).to_le_bytes());
    hasher.update(source.as_bytes());
    hasher.update(own);
    hasher
}
