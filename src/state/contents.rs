//! The contents of the store: one table of remembered values for each kind of data.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

use super::{Seen, make_key};
use crate::catalog::{ArrivalKey, Arrived};
use crate::limits::STATE_FEEDS;

/// Values by their keys. A removed value is known as removed until it is removed from the disk too.
#[derive(Debug, Clone)]
pub(super) struct Table<V, K = Box<str>> {
    rows: HashMap<K, Option<V>>,
}

impl<V, K> Default for Table<V, K> {
    fn default() -> Self {
        Self { rows: HashMap::new() }
    }
}

impl<V: PartialEq, K: Eq + Hash> Table<V, K> {
    pub(super) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.rows.get(key)?.as_ref()
    }

    /// Sets a value, or removes it. Returns true if that is a change.
    pub(super) fn set(&mut self, key: K, value: Option<V>) -> bool
    where
        K: Clone,
    {
        let is_new = self.rows.get(&key) != Some(&value);
        self.rows.insert(key, value);
        is_new
    }

    /// The number of keys, including those of removed values.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Every value with its key, unordered.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.rows.iter().filter_map(|(key, value)| Some((key, value.as_ref()?)))
    }

    /// Every key, unordered, with its value unless that is removed.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&K, Option<&V>)> {
        self.rows.iter().map(|(key, value)| (key, value.as_ref()))
    }

    /// Forgets that values were removed, which the disk does not have any more.
    pub(super) fn forget_removed<'k>(&mut self, keys: impl Iterator<Item = &'k K>)
    where
        K: 'k,
    {
        for key in keys {
            if self.rows.get(key).is_some_and(Option::is_none) {
                self.rows.remove(key);
            }
        }
    }

    /// Adds the rows of another table whose keys are not in this one.
    fn add_missing(&mut self, other: Self) {
        for (key, value) in other.rows {
            self.rows.entry(key).or_insert(value);
        }
    }
}

impl Table<Seen> {
    /// Moves the rows whose keys `rename` accepts to another table under new keys. Of two rows the later is kept.
    /// Returns the removal of these rows.
    fn move_rows(&mut self, other: &mut Self, rename: impl Fn(&str) -> Option<Box<str>>) -> Self {
        let mut removed = Self::default();
        let renamed = self.rows.keys().filter_map(|key| Some((key.clone(), rename(key)?)));
        for (key, new) in renamed.collect::<Vec<_>>() {
            let value = self.rows.remove(&key).flatten();
            let since = |seen: &Option<Seen>| seen.as_ref().map(|seen| seen.since);
            let known = other.rows.entry(new).or_insert(None);
            if since(known) < since(&value) {
                *known = value;
            }
            removed.set(key, None);
        }
        removed
    }

    /// If there are too many feeds, drops all except `rest` of them, the least recently changed first: feeds of terms
    /// without posts are eventually never requested again. Returns the removal of the dropped feeds.
    pub(super) fn drop_oldest(&mut self, rest: usize) -> Self {
        let mut dropped = Self::default();
        if self.len() >= STATE_FEEDS {
            let mut oldest: Vec<(i64, Box<str>)> =
                self.iter().map(|(key, seen)| (seen.since, key.clone())).collect();
            oldest.sort_unstable();
            oldest.truncate(oldest.len().saturating_sub(rest));
            for (_, key) in oldest {
                self.rows.remove(&key);
                dropped.set(key, None);
            }
        }
        dropped
    }
}

impl<V, K: Eq + Hash> FromIterator<(K, V)> for Table<V, K> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(rows: I) -> Self {
        Self { rows: rows.into_iter().map(|(key, value)| (key, Some(value))).collect() }
    }
}

/// The contents of the store, or a part of them that is to be written.
#[derive(Debug, Clone, Default)]
pub(super) struct Contents {
    /// Feeds by their paths.
    pub(super) feeds: Table<Seen>,
    /// The feeds that hubs were notified of, by the URL of the hub and the path.
    pub(super) notified: Table<Seen>,
    /// The times at which posts were first seen, in Unix seconds, by source and path; the empty path is the source.
    pub(super) posts: Table<i64>,
    /// Arrivals of posts, unless they are those of their publication, and of posts that are gone.
    pub(super) arrivals: Table<Arrived, ArrivalKey>,
    /// Contested ids: source and path of the post that has each.
    pub(super) holders: Table<Box<str>>,
    /// Roots of sources, by the paths of their folders: the device, and the landmarks as one text.
    pub(super) roots: Table<(u64, Box<str>)>,
}

impl Contents {
    pub(super) fn is_empty(&self) -> bool {
        let Self { feeds, notified, posts, arrivals, holders, roots } = self;
        feeds.len() + notified.len() + posts.len() + arrivals.len() + holders.len() + roots.len() == 0
    }

    /// Forgets the removed values of a part of these contents that was written.
    pub(super) fn forget_removed(&mut self, written: &Self) {
        self.feeds.forget_removed(written.feeds.rows.keys());
        self.notified.forget_removed(written.notified.rows.keys());
        self.posts.forget_removed(written.posts.rows.keys());
        self.arrivals.forget_removed(written.arrivals.rows.keys());
        self.holders.forget_removed(written.holders.rows.keys());
        self.roots.forget_removed(written.roots.rows.keys());
    }

    /// Adds contents that were read from the disk. What is known already takes precedence.
    pub(super) fn add_stored(&mut self, stored: Self) {
        self.feeds.add_missing(stored.feeds);
        self.notified.add_missing(stored.notified);
        self.posts.add_missing(stored.posts);
        self.arrivals.add_missing(stored.arrivals);
        self.holders.add_missing(stored.holders);
        self.roots.add_missing(stored.roots);
    }

    /// Brings contents that were read from the disk into their present form. Returns the changes to write.
    ///
    /// Earlier versions stored the feeds that hubs were notified of among all feeds, as `hub <URL> <path>`.
    pub(super) fn upgrade(&mut self) -> Self {
        let split = |key: &str| {
            let (hub, path) = key.strip_prefix("hub ")?.rsplit_once(' ')?;
            Some(make_key(hub, path))
        };
        let mut feeds = self.feeds.move_rows(&mut self.notified, split);
        let mut notified = if feeds.len() == 0 { Table::default() } else { self.notified.clone() };
        feeds.add_missing(self.feeds.drop_oldest(STATE_FEEDS / 2));
        let dropped = self.notified.drop_oldest(STATE_FEEDS / 2);
        for (key, _) in dropped.rows() {
            notified.set(key.clone(), None);
        }
        Self { feeds, notified, ..Self::default() }
    }
}
