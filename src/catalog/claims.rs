//! Posts that claim one id: the first holder keeps it, the others get one of their own.

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::posts::Slot;
use crate::post::Post;
use crate::post::address::encode_segment;

/// A post that holds an id which others claim too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Name of its source.
    pub source: Box<str>,
    /// Its path, relative to the source's root.
    pub path: Box<str>,
}

/// Who claims which id, among visible posts. Ids are kept as hashes.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// Who holds an id.
    holders: FxHashMap<u64, Slot>,
    /// The others, in no order. Most ids have none.
    others: FxHashMap<u64, Vec<Slot>>,
}

impl Claims {
    /// Claims an id. Says whether others do so too.
    pub(super) fn claim(&mut self, id: &str, slot: Slot) -> bool {
        let key = hash(id);
        if *self.holders.entry(key).or_insert(slot) != slot {
            self.others.entry(key).or_default().push(slot);
        }
        self.others.contains_key(&key)
    }

    /// Gives a claim up. Says whether others are left who have to settle who holds the id now.
    pub(super) fn release(&mut self, id: &str, slot: Slot) -> bool {
        let key = hash(id);
        let contested = self.others.contains_key(&key);
        if let Some(others) = self.others.get_mut(&key) {
            others.retain(|other| *other != slot);
            if others.is_empty() {
                self.others.remove(&key);
            }
        }
        if self.holders.get(&key) == Some(&slot) {
            self.holders.remove(&key);
        }
        contested
    }

    /// Everybody who claims an id, its holder first.
    pub(super) fn claimants(&self, id: &str) -> Vec<Slot> {
        let key = hash(id);
        let others = self.others.get(&key).into_iter().flatten();
        self.holders.get(&key).into_iter().chain(others).copied().collect()
    }

    /// Who holds an id.
    pub(super) fn holder(&self, id: &str) -> Option<Slot> {
        self.holders.get(&hash(id)).copied()
    }

    /// Makes one of the claimants the holder of an id.
    pub(super) fn settle(&mut self, id: &str, holder: Slot) {
        let rest: Vec<Slot> = self.claimants(id).into_iter().filter(|slot| *slot != holder).collect();
        let key = hash(id);
        self.holders.insert(key, holder);
        if rest.is_empty() {
            self.others.remove(&key);
        } else {
            self.others.insert(key, rest);
        }
    }

    /// Every claimant without the id.
    pub(super) fn rejected(&self) -> impl Iterator<Item = Slot> {
        self.others.values().flatten().copied()
    }
}

fn hash(id: &str) -> u64 {
    xxh3_64(id.as_bytes())
}

/// The order in which posts come into an id: the earliest published, ties by path.
pub(super) fn precedence(post: &Post) -> (DateTime<Utc>, &str, u16) {
    (post.published, &post.path, post.source)
}

/// How often each path and each file name stands among posts that lost one id.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    paths: FxHashMap<&'a str, usize>,
    files: FxHashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    pub(super) fn count(posts: impl Iterator<Item = &'a Post>) -> Self {
        let mut names = Self::default();
        for post in posts {
            *names.paths.entry(&post.path).or_default() += 1;
            *names.files.entry(file_of(&post.path)).or_default() += 1;
        }
        names
    }

    /// The id of a post whose own is held by another: with its file name, or its path where another
    /// loser has that file name too, or source and path where even the path is equal.
    pub(super) fn make_id(&self, own: &str, post: &Post, source: &str) -> String {
        let file = file_of(&post.path);
        let often =
            |names: &FxHashMap<&str, usize>, name: &str| names.get(name).is_some_and(|count| *count > 1);
        let suffix = match (often(&self.paths, &post.path), often(&self.files, file)) {
            (true, _) => format!("{source}/{}", post.path),
            (false, true) => post.path.to_string(),
            (false, false) => file.to_owned(),
        };
        format!("{own}#{}", encode_segment(&suffix))
    }
}

fn file_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}
