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
    files: BTreeMap<Arc<str>, Known>,
    /// The number of files that are posts.
    posts: usize,
}

impl KnownFiles {
    /// The known state of a path.
    pub(super) fn get(&self, path: &str) -> Option<Known> {
        self.files.get(path).copied()
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
        self.files.iter().map(|(path, known)| (path, *known))
    }

    /// The number of files that are posts.
    pub(super) fn posts(&self) -> usize {
        self.posts
    }

    /// Returns true if the file at a path is a post.
    pub(super) fn is_post(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|known| known.is_post)
    }

    /// Returns true if a path is known or lies above a known path.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.below(path).next().is_some()
    }

    /// Records the state of a path.
    pub(super) fn insert(&mut self, path: &Arc<str>, known: Known) {
        let before = self.files.insert(Arc::clone(path), known);
        self.posts += usize::from(known.is_post);
        self.posts -= usize::from(before.is_some_and(|before| before.is_post));
    }

    /// Records the posts of an earlier run, which were not compared with the disk yet.
    pub(super) fn restore<'p>(&mut self, posts: impl Iterator<Item = &'p Arc<Post>>) {
        let seen = |post: &Post| Seen { stamp: post.stamp.0, first_seen: DateTime::UNIX_EPOCH };
        let mut files: Vec<(Arc<str>, Known)> =
            posts.map(|post| (Arc::clone(&post.path), Known { seen: seen(post), is_post: true })).collect();
        files.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        self.files = files.into_iter().collect();
        self.posts = self.files.len();
    }

    /// Removes a path.
    pub(super) fn remove(&mut self, path: &str) {
        let before = self.files.remove(path);
        self.posts -= usize::from(before.is_some_and(|before| before.is_post));
    }

    /// Marks a file as stale, so that the next scan reads it. Returns its state, if it is known.
    pub(super) fn invalidate(&mut self, path: &str) -> Option<Known> {
        let known = self.files.get_mut(path)?;
        known.seen.stamp = 0;
        Some(*known)
    }

    /// Returns true if there is a file that was read before and is neither gone nor reported by the walk.
    pub(super) fn has_others(&self, gone: &[Arc<str>], walked: &Walked) -> bool {
        let was_read = |known: &&Known| known.seen.stamp != 0;
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
