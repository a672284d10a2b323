//! The files of a source as they were when they were last scanned.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::files::Seen;
use super::walk::Walked;
use crate::post::Post;

/// The known state of a path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    /// Stamp 0: it is not a file, or must be read again whatever its metadata.
    pub(super) seen: Seen,
    pub(super) is_post: bool,
}

/// A [`Known`] state in 16 bytes: there may be millions.
#[derive(Debug, Clone, Copy)]
struct Packed {
    stamp: u64,
    /// The seconds of `first_seen`, which is a whole second, times 2; plus 1 for a post.
    rest: i64,
}

impl Packed {
    fn is_post(self) -> bool {
        self.rest & 1 == 1
    }

    fn unpack(self) -> Known {
        let first_seen = DateTime::from_timestamp(self.rest >> 1, 0).unwrap_or_default();
        Known { seen: Seen { stamp: self.stamp, first_seen }, is_post: self.is_post() }
    }
}

impl From<Known> for Packed {
    fn from(Known { seen, is_post }: Known) -> Self {
        Self { stamp: seen.stamp, rest: seen.first_seen.timestamp() << 1 | i64::from(is_post) }
    }
}

/// Known paths that a walk did not find.
#[derive(Debug, Default)]
pub(super) struct Missing {
    pub(super) gone: Vec<Arc<str>>,
    /// Paths in folders that cannot be read.
    pub(super) out_of_reach: Vec<Arc<str>>,
}

/// The known paths of a source, relative to its root.
#[derive(Debug, Default)]
pub(super) struct KnownFiles {
    files: BTreeMap<Arc<str>, Packed>,
    /// The number of files that are posts.
    posts: usize,
    /// The number of files when they were last stored densely.
    dense: usize,
}

impl KnownFiles {
    /// The known state of a path.
    pub(super) fn get(&self, path: &str) -> Option<Known> {
        self.files.get(path).copied().map(Packed::unpack)
    }

    /// The known version of a file, with the time of its arrival if it was not read since the start.
    pub(super) fn find_seen(
        &self,
        path: &str,
        arrived: impl FnOnce() -> Option<DateTime<Utc>>,
    ) -> Option<Seen> {
        let seen = self.get(path).map(|known| known.seen);
        if seen.is_some_and(|seen| seen.first_seen > DateTime::UNIX_EPOCH) {
            return seen;
        }
        let stamp = seen.map_or(0, |seen| seen.stamp);
        let arrived = arrived().map(|first_seen| Seen { stamp, first_seen });
        arrived.or(seen.filter(|_| stamp != 0))
    }

    /// The known path that is equal to this one; a new one if there is none.
    pub(super) fn share(&self, path: &str) -> Arc<str> {
        self.files.get_key_value(path).map_or_else(|| path.into(), |(known, _)| Arc::clone(known))
    }

    /// All known paths, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Arc<str>, Known)> {
        self.files.iter().map(|(path, known)| (path, known.unpack()))
    }

    /// The number of files that are posts.
    pub(super) fn posts(&self) -> usize {
        self.posts
    }

    /// Returns true if the file at a path is a post.
    pub(super) fn is_post(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|known| known.is_post())
    }

    /// Returns true if a path is known or lies above a known path.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.below(path).next().is_some()
    }

    /// Records the state of a path.
    pub(super) fn insert(&mut self, path: &Arc<str>, known: Known) {
        let before = self.files.insert(Arc::clone(path), known.into());
        self.posts += usize::from(known.is_post);
        self.posts -= usize::from(before.is_some_and(Packed::is_post));
    }

    /// Records the posts of an earlier run, which were not compared with the disk yet.
    pub(super) fn restore<'p>(&mut self, posts: impl Iterator<Item = &'p Arc<Post>>) {
        let seen = |post: &Post| Seen { stamp: post.stamp.0, first_seen: DateTime::UNIX_EPOCH };
        let mut files: Vec<(Arc<str>, Packed)> = posts
            .map(|post| (Arc::clone(&post.path), Known { seen: seen(post), is_post: true }.into()))
            .collect();
        files.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        self.files = files.into_iter().collect();
        self.posts = self.files.len();
    }

    /// Removes a path.
    pub(super) fn remove(&mut self, path: &str) {
        let before = self.files.remove(path);
        self.posts -= usize::from(before.is_some_and(Packed::is_post));
    }

    /// Stores the paths densely if there are many more: nodes that are filled in order stay half empty.
    pub(super) fn compact(&mut self) {
        if self.files.len() > 2 * self.dense {
            self.files = std::mem::take(&mut self.files).into_iter().collect();
            self.dense = self.files.len();
        }
    }

    /// Marks a file as stale, so that the next scan reads it. Returns its state, if it is known.
    pub(super) fn invalidate(&mut self, path: &str) -> Option<Known> {
        let known = self.files.get_mut(path)?;
        known.stamp = 0;
        Some(known.unpack())
    }

    /// Returns true if there is a file that was read before and is neither gone nor reported by the walk.
    pub(super) fn has_others(&self, gone: &[Arc<str>], walked: &Walked) -> bool {
        let was_read = |known: &&Packed| known.stamp != 0;
        let all = self.files.values().filter(was_read).count();
        let gone = gone.iter().filter_map(|path| self.files.get(path)).filter(was_read).count();
        let reported = walked.problems.iter().filter_map(|(path, _)| self.files.get(path.as_str()));
        all > gone + reported.filter(was_read).count()
    }

    /// The known paths below a folder, in order.
    fn below(&self, path: &str) -> impl Iterator<Item = &Arc<str>> {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let from: Arc<str> = prefix.as_str().into();
        let range = self.files.range::<Arc<str>, _>((Bound::Included(from), Bound::Unbounded));
        range.map(|(known, _)| known).take_while(move |known| known.starts_with(&prefix))
    }

    /// The known paths at or below `paths` that a walk did not find.
    pub(super) fn find_missing(&self, paths: &BTreeSet<String>, walked: &Walked) -> Missing {
        let is_found = |known: &str| {
            walked.files.binary_search_by(|file| file.as_str().cmp(known)).is_ok()
                || walked.problems.iter().any(|(reported, _)| reported == known)
        };
        // Files in a folder that cannot be read may still exist.
        let is_out_of_reach = |known: &str| {
            let lies_in = |folder: &str| known.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            walked.unreadable.iter().any(|folder| lies_in(folder))
        };
        let mut missing = Missing::default();
        for path in paths {
            let itself = self.files.get_key_value(path.as_str()).map(|(known, _)| known);
            for known in self.below(path).chain(itself).filter(|known| !is_found(known)) {
                let list = if is_out_of_reach(known) { &mut missing.out_of_reach } else { &mut missing.gone };
                list.push(Arc::clone(known));
            }
        }
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_states_are_equal_to_those_inserted() {
        let mut files = KnownFiles::default();
        let dates = [0, 1, -1, 253_402_300_799, -62_135_596_800];
        for (number, seconds) in dates.into_iter().enumerate() {
            let first_seen = DateTime::from_timestamp(seconds, 0).expect("it is in range");
            let seen = Seen { stamp: number as u64, first_seen };
            files.insert(&number.to_string().into(), Known { seen, is_post: number % 2 == 0 });
        }
        files.compact();
        assert_eq!(files.posts(), 3);
        for (number, (path, known)) in files.iter().enumerate() {
            assert_eq!((&**path, known.seen.stamp), (&*number.to_string(), number as u64));
            assert_eq!((known.seen.first_seen.timestamp(), known.is_post), (dates[number], number % 2 == 0));
        }
        assert!(files.invalidate("0").is_some_and(|known| known.is_post && known.seen.stamp == 0));
    }
}
