//! Arrivals: each post keeps the time at which it first became visible, also if its file is renamed, or is gone for a
//! while.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_128;

use super::arrival_records::{ArrivalKey, Arrived, Fact, hash_bytes, hash_id, hash_path};
use super::claims::precedence;
use super::posts::Slot;
use super::site::Site;
use super::snapshot::Snapshot;
use super::writer::Touched;
use crate::post::{Arrival, Post, SourceId};

/// The time for which the arrival of a post is known that is gone.
const KEPT: TimeDelta = TimeDelta::days(30);

/// The time within which the copy of a file takes over the arrival of its original, when that is deleted.
const COPIED: TimeDelta = TimeDelta::hours(1);

/// The time within which a post that is published appears.
const AT_ONCE: TimeDelta = TimeDelta::seconds(2);

/// What is known of a post that the catalog does not have.
#[derive(Debug, Clone, Copy)]
struct Absent {
    arrived: Arrived,
    is_stored: bool,
}

/// What was known of a post before it came.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    key: ArrivalKey,
    arrived: Arrived,
    is_stored: bool,
}

/// What was known of the posts of one batch of changes, by slot.
pub(super) type Recognised = FxHashMap<Slot, Known>;

/// What two versions of a post have in common.
#[derive(Debug, Clone, Copy)]
enum By {
    IdAndBytes,
    Id,
    Bytes,
    /// The id or the bytes, in another source.
    Moved,
}

/// The arrivals of posts that the catalog does not have, and the clock of new ones.
#[derive(Debug, Default)]
pub struct Arrivals {
    /// Posts that are gone, or that were not read yet since the start.
    absent: FxHashMap<ArrivalKey, Absent>,
    /// The same, by their bytes.
    by_bytes: FxHashMap<u64, ArrivalKey>,
    /// With a ledger: the arrivals of posts by source and path, and the keys under which they may be absent. A post at
    /// the same path is the same post, since a ledger keeps the first of two facts about a path.
    paths: Option<FxHashMap<u64, (Arrival, ArrivalKey)>>,
    /// Posts that are gone since the start, by their bytes and by their ids, whatever their source was.
    gone: FxHashMap<u128, ArrivalKey>,
    /// Posts that arrived lately, by their bytes.
    recent: FxHashMap<u128, (Arrival, Slot)>,
    /// Posts that left since the last snapshot, by their bytes.
    left: Vec<(u128, Arrival)>,
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

    /// Takes over a fact of a ledger about a post of a source. The first scan of that source was complete.
    pub(super) fn know(&mut self, source: SourceId, fact: &Fact<'_>) {
        let (key, bytes) = (hash_id(fact.source, fact.id), hash_bytes(fact.source, fact.hash));
        let path = hash_path(fact.source, fact.path);
        self.settled.insert(source);
        self.last = self.last.max(Some(fact.seen));
        self.paths.get_or_insert_default().insert(path, (fact.seen, key));
        if self.absent.get(&key).is_none_or(|known| fact.seen < known.arrived.at) {
            let arrived = Arrived { at: fact.seen, bytes, gone: None };
            self.by_bytes.insert(bytes, key);
            self.absent.insert(key, Absent { arrived, is_stored: false });
        }
    }

    /// Recognises posts by their paths from now on, as a ledger does.
    pub(super) fn recognise_by_path(&mut self) {
        self.paths.get_or_insert_default();
    }

    /// Returns true if a post at the same path is the same post.
    pub(super) fn are_recognised_by_path(&self) -> bool {
        self.paths.is_some()
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
                let bytes = hash_bytes(&source.name, post.bytes_hash);
                let arrived = Arrived { at, bytes, gone: None };
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
        let (key, bytes) = (hash_id(source, &post.id), hash_bytes(source, post.bytes_hash));
        let arrived = Arrived { at, bytes, gone: Some(self.now.timestamp()) };
        self.by_bytes.insert(bytes, key);
        self.absent.insert(key, Absent { arrived, is_stored: true });
        self.changes.push((key, Some(arrived)));
        self.left.push((post.bytes_hash, at));
        self.gone.extend([(post.bytes_hash, key), (xxh3_128(post.id.as_bytes()), key)]);
        if let Some(paths) = &mut self.paths {
            paths.insert(hash_path(source, &post.path), (at, key));
        }
    }

    /// The posts that arrived lately as copies of files that were deleted since: each with the arrival of the original.
    pub(super) fn take_copies(&mut self, current: &Snapshot) -> Vec<(Slot, Arrival)> {
        let left = std::mem::take(&mut self.left);
        let copies = left.into_iter().filter_map(|(bytes, at)| {
            let (arrived, slot) = *self.recent.get(&bytes)?;
            let post = current.posts.get(slot)?;
            (post.bytes_hash == bytes && post.arrived == Some(arrived) && at < arrived).then_some((slot, at))
        });
        copies.collect()
    }

    /// Gives arrivals to the touched posts that are visible. What is decided by arrivals comes later. Returns what was
    /// known of those that were absent.
    pub(super) fn recognise(&mut self, touched: &Touched, current: &mut Snapshot) -> Recognised {
        let Snapshot { site, posts, .. } = current;
        let mut recognised = Recognised::default();
        let mut unknown: Vec<(Slot, Arc<Post>)> = Vec::new();
        for &slot in touched.keys() {
            let Some(post) = posts.get(slot).filter(|post| post.is_visible(self.now)) else { continue };
            let source = &site.source(post.source).name;
            let by_path =
                self.paths.as_ref().and_then(|paths| paths.get(&hash_path(source, &post.path)).copied());
            if let Some((at, key)) = by_path.filter(|(at, _)| post.arrived.is_none_or(|known| *at < known)) {
                posts.change(slot, |post| post.arrived = Some(at));
                recognised.extend(self.take_absent(key).map(|known| (slot, known)));
            } else if post.arrived.is_none() {
                unknown.push((slot, Arc::clone(post)));
            } else if let Some(known) = self.take_absent(hash_id(source, &post.id)) {
                recognised.insert(slot, known);
            }
        }
        // The same posts are recognised alike in any order. Those that arrive together are in the order of publication.
        unknown.sort_unstable_by(|(_, one), (_, other)| precedence(one).cmp(&precedence(other)));
        for by in [By::IdAndBytes, By::Id, By::Bytes, By::Moved] {
            unknown.retain(|(slot, post)| {
                let known = self.find_absent(&site.source(post.source).name, post, by);
                let Some(known) = known.and_then(|key| self.take_absent(key)) else { return true };
                posts.change(*slot, |post| post.arrived = Some(known.arrived.at));
                recognised.insert(*slot, known);
                false
            });
        }
        for (slot, post) in unknown {
            let at = self.receive(slot, &post);
            posts.change(slot, |post| post.arrived = Some(at));
        }
        recognised
    }

    /// The key of an absent post that is this one.
    fn find_absent(&self, source: &str, post: &Post, by: By) -> Option<ArrivalKey> {
        if self.absent.is_empty() {
            return None;
        }
        let (id, bytes) = (|| hash_id(source, &post.id), || hash_bytes(source, post.bytes_hash));
        match by {
            By::Bytes => self.by_bytes.get(&bytes()).copied(),
            By::Moved => [xxh3_128(post.id.as_bytes()), post.bytes_hash]
                .iter()
                .find_map(|moved| self.gone.get(moved).copied().filter(|key| self.absent.contains_key(key))),
            By::Id => Some(id()),
            By::IdAndBytes => Some(id())
                .filter(|key| self.absent.get(key).is_some_and(|known| known.arrived.bytes == bytes())),
        }
    }

    fn take_absent(&mut self, key: ArrivalKey) -> Option<Known> {
        let Absent { arrived, is_stored } = self.absent.remove(&key)?;
        Some(Known { key, arrived, is_stored })
    }

    /// The arrival of a post of which nothing is known: of the first scan of its source, or of now.
    fn receive(&mut self, slot: Slot, post: &Post) -> Arrival {
        if !self.settled.contains(&post.source) {
            return Arrival::at(post.published);
        }
        // The date of a post that has none is the second in which it was first seen. A ledger has both in one time.
        let is_just_published = (TimeDelta::zero()..AT_ONCE).contains(&(self.now - post.published));
        let is_by_date = self.paths.is_some() && is_just_published;
        let now = Arrival::at(if is_by_date { post.published } else { self.now });
        let at = self.last.map_or(now, |last| now.max(last.next()));
        self.last = Some(at);
        self.recent.insert(post.bytes_hash, (at, slot));
        at
    }

    /// Stores the arrivals of the touched posts that are not known by their publication. Their ids are resolved.
    pub(super) fn record(&mut self, touched: &Touched, recognised: &Recognised, current: &Snapshot) {
        let Snapshot { site, posts, awaited, .. } = current;
        let mut stored = Vec::new();
        for (slot, before) in touched {
            let Some(post) = posts.get(*slot).filter(|post| post.is_visible(self.now)) else { continue };
            let source = &site.source(post.source).name;
            let (key, is_needed) = (hash_id(source, &post.id), !arrived_as_published(post));
            let known = recognised.get(slot).filter(|known| known.is_stored);
            let listed = before.as_ref().filter(|before| !arrived_as_published(before));
            let listed = listed.filter(|before| before.id == post.id);
            self.has_others |= is_needed;
            if let Some(known) = known.filter(|known| known.key != key || !is_needed) {
                self.changes.push((known.key, None));
            } else if listed.is_some() && !is_needed {
                self.changes.push((key, None));
            }
            let is_stored = match known {
                Some(known) => {
                    let Arrived { at, gone, .. } = known.arrived;
                    known.key == key && gone.is_none() && Some(at) == post.arrived
                }
                None => listed.is_some_and(|before| before.arrived == post.arrived),
            };
            if let Some(at) = post.arrived.filter(|_| is_needed && !is_stored) {
                stored.push((
                    key,
                    Some(Arrived { at, bytes: hash_bytes(source, post.bytes_hash), gone: None }),
                ));
            }
        }
        // One post may have the id that another one had.
        self.changes.extend(stored);
        self.settled.extend(site.source_ids().filter(|id| !awaited.contains(id)));
        self.tidy();
    }

    /// Drops what is older than it is kept, once an hour. Stored arrivals of posts that were not read are those of posts
    /// that are gone.
    fn tidy(&mut self) {
        let now = self.now;
        if self.tidied.is_some_and(|tidied| now - tidied < COPIED && tidied <= now) {
            return;
        }
        self.tidied = Some(now);
        let Self { absent, changes, by_bytes, gone, recent, .. } = self;
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
        gone.retain(|_, key| absent.contains_key(key));
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
