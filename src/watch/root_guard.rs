//! Whether the folder of a source can be believed: one that is gone, emptied or another's for a while empties
//! no feed.

use std::fmt;
use std::fs;
use std::path::Path;

use super::watcher::Identity;
use crate::post::Source;
use crate::state::{self, Store};

/// Posts by which a folder is known again.
const KNOWN_POSTS: usize = 16;

/// Why a folder is not taken for what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unavailability {
    /// There is no such folder.
    Missing,
    /// It can't be read.
    Unreadable(String),
    /// It had posts, and shows none at all.
    Empty,
    /// It lies on another file system than before and has few of the posts it had.
    Elsewhere,
}

impl fmt::Display for Unavailability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such folder"),
            Self::Unreadable(error) => write!(f, "the folder can't be read: {error}"),
            Self::Empty => f.write_str("the folder shows no post at all"),
            Self::Elsewhere => {
                f.write_str("the folder lies on another file system than before, without the posts it had")
            }
        }
    }
}

impl Unavailability {
    /// What is to be done about it.
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::Missing => "Bring it back, or mend source.path.",
            Self::Unreadable(_) => "Mend its permissions.",
            Self::Empty | Self::Elsewhere => {
                "Bring the posts back, or send SIGHUP to take the folder as it is."
            }
        }
    }
}

/// What is known of a source's folder as a whole.
#[derive(Debug)]
pub(super) struct RootGuard {
    /// How it is known again.
    known: state::Root,
    /// What it was when it was found last, if it ever was since the start.
    identity: Option<Identity>,
    loss: Option<Unavailability>,
    /// Whether it was missing since the start, so that it may come piece by piece.
    was_missing: bool,
    /// Whether it is taken as it is at the next look, as somebody asked for.
    accepts: bool,
}

impl RootGuard {
    /// What the store remembers of a source's folder.
    pub(super) fn remembered(source: &Source, store: &Store) -> Self {
        let known = store.root(&name(source)).unwrap_or_default();
        Self { known, identity: None, loss: None, was_missing: false, accepts: false }
    }

    /// A folder that is taken as it is: nothing is asked of it but to be there.
    pub(super) fn fresh() -> Self {
        let known = state::Root::default();
        Self { known, identity: None, loss: None, was_missing: false, accepts: false }
    }

    /// Takes the folder as it is at the next look.
    pub(super) fn accept(&mut self) {
        self.accepts = true;
    }

    /// Why it is not taken for what it was, if it is not.
    pub(super) fn unavailability(&self) -> Option<&Unavailability> {
        self.loss.as_ref()
    }

    /// Whether it was found since the start.
    pub(super) fn was_found(&self) -> bool {
        self.identity.is_some()
    }

    /// Takes it for what it was when it was looked at before.
    pub(super) fn inherit(&mut self, before: &Self) {
        (self.identity, self.loss, self.accepts) = (before.identity, before.loss.clone(), before.accepts);
        self.was_missing = before.was_missing;
        self.known.clone_from(&before.known);
    }

    /// Whether it is another folder than it was, or was lost: then all in it has to be looked at.
    pub(super) fn is_new(&self, identity: Identity) -> bool {
        self.loss.is_some() || self.identity != Some(identity)
    }

    /// Whether a link was made to lead to another folder.
    pub(super) fn is_replaced(&self, identity: Identity) -> bool {
        self.loss.is_none() && self.identity.is_some_and(|known| known != identity)
    }

    /// Looks at the folder itself.
    pub(super) fn look(&self, source: &Source) -> Result<Identity, Unavailability> {
        let metadata =
            fs::metadata(&source.folder).ok().filter(fs::Metadata::is_dir).ok_or(Unavailability::Missing)?;
        fs::read_dir(&source.folder).map_err(|error| Unavailability::Unreadable(error.to_string()))?;
        let identity = Identity::of(&metadata);
        let is_elsewhere = !self.known.landmarks.is_empty() && self.known.device != identity.device;
        if is_elsewhere && !self.accepts && !self.shows_landmarks(&source.root) {
            return Err(Unavailability::Elsewhere);
        }
        Ok(identity)
    }

    /// Whether half of the posts that it is known by are there, at least.
    fn shows_landmarks(&self, root: &Path) -> bool {
        let known = &self.known.landmarks;
        known.iter().filter(|path| root.join(path).exists()).count() * 2 >= known.len()
    }

    /// Whether a folder that had so many posts may show none at all.
    pub(super) fn may_be_empty(&self, posts: usize) -> bool {
        let is_new = posts == 0 && self.known.landmarks.is_empty();
        self.accepts || (is_new && !(self.was_missing && self.identity.is_none()))
    }

    /// Takes it for lost. Says whether that is news.
    pub(super) fn set_unavailable(&mut self, loss: Unavailability) -> bool {
        let is_news = self.loss.as_ref() != Some(&loss);
        self.was_missing |= loss == Unavailability::Missing;
        self.loss = Some(loss);
        // Who said so saw the folder as it was then.
        self.accepts = false;
        is_news
    }

    /// Takes it for what it is. Says whether it was lost.
    pub(super) fn find(&mut self, identity: Identity) -> bool {
        self.identity = Some(identity);
        self.accepts = false;
        self.known.device = identity.device;
        self.loss.take().is_some()
    }

    /// Whether it should be known by other posts than it is, out of so many.
    pub(super) fn wants_landmarks(&self, posts: usize, is_post: impl Fn(&str) -> bool) -> bool {
        let known = &self.known.landmarks;
        known.len() < posts.min(KNOWN_POSTS) || !known.iter().all(|path| is_post(path))
    }

    /// Lets it be known by some of its posts, from all over it.
    pub(super) fn mark<'p>(&mut self, posts: impl ExactSizeIterator<Item = &'p str>) {
        let step = posts.len().div_ceil(KNOWN_POSTS).max(1);
        self.known.landmarks = posts.step_by(step).map(str::to_owned).collect();
    }

    /// Lets the store remember how it is known again.
    pub(super) fn remember(&self, source: &Source, store: &Store) {
        if !self.known.landmarks.is_empty() || store.root(&name(source)).is_some() {
            store.remember_root(&name(source), &self.known);
        }
    }
}

/// What the folder of a source is remembered by: a source may get another name.
fn name(source: &Source) -> String {
    source.folder.display().to_string()
}
