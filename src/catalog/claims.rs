//! Posts that claim the same id: the first holder keeps it, the others get other ids.

use chrono::{DateTime, Utc};
use rustc_hash::FxHashMap;
use xxhash_rust::xxh3::xxh3_64;

use super::posts::Slot;
use super::site::Site;
use super::slots::Key;
use crate::post::address::encode_segment;
use crate::post::{Post, SourceId};

/// A post that holds an id which other posts claim too.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Holder {
    /// The name of its source.
    pub source: Box<str>,
    /// The path of the post, relative to the source's root.
    pub path: Box<str>,
}

impl Holder {
    pub(super) fn new(site: &Site, post: &Post) -> Self {
        let source = site.source(post.source).name.as_str().into();
        Self { source, path: (&*post.path).into() }
    }
}

/// The ids that visible posts claim, and the holder of each. Ids are stored as hashes.
#[derive(Debug, Default)]
pub(super) struct Claims {
    /// The holder of each id.
    holders: FxHashMap<Key, Slot>,
    /// The other claimants of each id, unordered. Most ids have none.
    others: FxHashMap<Key, Vec<Slot>>,
    /// True if a claim of a contested id has changed since the last call of [`Self::take_changed`].
    has_changed: bool,
}

impl Claims {
    /// Claims an id. Returns true if other posts claim it too.
    pub(super) fn claim(&mut self, id: &str, slot: Slot) -> bool {
        let key = hash(id);
        if *self.holders.entry(key).or_insert(slot) != slot {
            self.others.entry(key).or_default().push(slot);
        }
        let is_contested = self.others.contains_key(&key);
        self.has_changed |= is_contested;
        is_contested
    }

    /// Gives up a claim. Returns true if the id was contested, so that its holder must be chosen again.
    pub(super) fn release(&mut self, id: &str, slot: Slot) -> bool {
        let key = hash(id);
        let contested = self.others.contains_key(&key);
        self.has_changed |= contested;
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

    /// All claimants of an id, the holder first.
    pub(super) fn claimants(&self, id: &str) -> Vec<Slot> {
        let key = hash(id);
        let others = self.others.get(&key).into_iter().flatten();
        self.holders.get(&key).into_iter().chain(others).copied().collect()
    }

    /// The holder of an id.
    pub(super) fn holder(&self, id: &str) -> Option<Slot> {
        self.holders.get(&hash(id)).copied()
    }

    /// Makes one of the claimants the holder of an id.
    pub(super) fn settle(&mut self, id: &str, holder: Slot) {
        let others: Vec<Slot> = self.claimants(id).into_iter().filter(|slot| *slot != holder).collect();
        let key = hash(id);
        self.holders.insert(key, holder);
        self.has_changed |= !others.is_empty();
        if others.is_empty() {
            self.others.remove(&key);
        } else {
            self.others.insert(key, others);
        }
    }

    /// Returns true if a claim of a contested id has changed since the last call.
    pub(super) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.has_changed)
    }

    /// All claimants that do not hold the id they claim.
    pub(super) fn rejected(&self) -> impl Iterator<Item = Slot> {
        self.others.values().flatten().copied()
    }
}

fn hash(id: &str) -> Key {
    xxh3_64(id.as_bytes()).into()
}

/// The precedence of posts that claim one id: the earliest published first, ties by path.
pub(super) fn precedence(post: &Post) -> (DateTime<Utc>, &str, SourceId) {
    (post.published, &post.path, post.source)
}

/// The number of times that each path and each file name occurs among posts that do not hold the id they claim.
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

    /// Makes the id of a post whose own id another post holds: the own id with the file name; with the path if
    /// another such post has the same file name; with source and path if the paths are equal too.
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
