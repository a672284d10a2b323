//! The posts that an index finds, and how a snapshot uses them: a post that is not the one that the index knows is read.

use std::borrow::Cow;
use std::sync::Arc;

use super::posts::Posts;
use super::slot_set::Mask;
use crate::limits::SEARCH_UNINDEXED;
use crate::post::Post;
use crate::words::{Search, Words};

/// Provides the texts of posts, which a snapshot does not contain, and finds posts by them.
pub trait PostTexts {
    /// The summary of a post as its entry shows it; empty if it is unavailable.
    fn summary(&self, post: &Post) -> Cow<'static, str>;

    /// Adds the summary of a post and the text of its entry to a search.
    fn search(&self, post: &Post, search: &mut Search<'_>);

    /// Finds the posts that an index knows.
    fn look_up(&self, words: &Words) -> Lookup;

    /// Records that the index has too few posts for a valid result.
    fn refuse(&self);

    /// Keeps what was found for the next [`PostTexts::look_up`], if there is no index.
    fn keep(&self, words: &Words, hits: Hits);
}

/// The result of a search in an index.
#[derive(Debug, Clone)]
pub enum Lookup {
    /// Only titles, terms and some summaries are searched.
    Brief,
    /// There is no index: every post is read.
    Unindexed,
    /// The index cannot be used now: the result is not valid.
    Unavailable,
    /// The posts of an index.
    Found(Arc<Hits>),
}

impl Lookup {
    /// Returns true if a search finds every post with the words.
    pub fn is_whole(&self) -> bool {
        !matches!(self, Self::Brief)
    }
}

/// The texts for a selection without search words, which needs none.
#[derive(Debug, Clone, Copy)]
pub struct NoTexts;

impl PostTexts for NoTexts {
    fn summary(&self, _: &Post) -> Cow<'static, str> {
        Cow::Borrowed("")
    }

    fn search(&self, _: &Post, _: &mut Search<'_>) {}

    fn look_up(&self, _: &Words) -> Lookup {
        Lookup::Brief
    }

    fn refuse(&self) {}

    fn keep(&self, _: &Words, _: Hits) {}
}

/// The posts of one snapshot by slot, as an index knows them. Cheap to keep.
#[derive(Debug, Clone, Default)]
pub struct Versions(pub(super) Posts);

impl Versions {
    /// The end of the slots.
    pub fn end(&self) -> usize {
        self.0.end()
    }

    /// The post of a slot.
    pub fn get(&self, slot: u32) -> Option<&Arc<Post>> {
        self.0.get(slot)
    }

    /// The slots whose posts are not those of another snapshot.
    pub fn list_changed<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = u32> + 'a {
        self.0.list_changed(&other.0)
    }
}

/// The posts that an index finds for a query.
#[derive(Debug, Clone)]
pub struct Hits {
    /// The posts among which they were found.
    pub versions: Versions,
    /// The slots of posts that the index does not have.
    pub unknown: Arc<Mask>,
    /// The slots of those that match.
    pub found: Mask,
    /// The greatest number of posts that a search reads since the index does not have them; `None`: any.
    pub most_read: Option<usize>,
}

impl Hits {
    /// No hits, of an index that does not have any post yet.
    pub fn none_of_index() -> Self {
        Self { most_read: Some(SEARCH_UNINDEXED), ..Self::none() }
    }

    /// No hits, without an index.
    pub(super) fn none() -> Self {
        Self {
            versions: Versions::default(),
            unknown: Arc::default(),
            found: Mask::default(),
            most_read: None,
        }
    }

    /// The slots of posts that must be read: the index has none of them, or another version.
    pub(super) fn list_unknown(&self, posts: &Posts) -> Mask {
        let mut unknown = Mask::new(posts.end());
        self.unknown.iter().chain(posts.list_changed(&self.versions.0)).for_each(|slot| unknown.insert(slot));
        unknown
    }
}
