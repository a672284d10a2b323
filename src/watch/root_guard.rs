//! Checks that the folder of a source is available: a folder that is missing, empty or replaced by another one for a
//! while empties no feed.

use std::fmt;
use std::fs;
use std::path::Path;

use super::watcher::Identity;
use crate::post::Source;
use crate::state::{self, Store};

/// The number of posts by which a folder is recognised.
const KNOWN_POSTS: usize = 16;

/// The reason why a folder is unavailable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unavailability {
    /// There is no such folder.
    Missing,
    /// It cannot be read.
    Unreadable(String),
    /// It had posts and has none now.
    Empty,
    /// It lies on another file system than before and has few of the posts it had.
    Elsewhere,
}

impl fmt::Display for Unavailability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no such folder"),
            Self::Unreadable(error) => write!(f, "the folder cannot be read: {error}"),
            Self::Empty => f.write_str("the folder shows no post at all"),
            Self::Elsewhere => {
                f.write_str("the folder is on another file system than before, without the posts it had")
            }
        }
    }
}

impl Unavailability {
    /// The advice for the owner of the folder.
    pub(super) fn advice(&self) -> &'static str {
        match self {
            Self::Missing => "Restore it, or fix source.path.",
            Self::Unreadable(_) => "Fix its permissions.",
            Self::Empty | Self::Elsewhere => {
                "Restore the posts, or send SIGHUP to accept the folder as it is."
            }
        }
    }
}

/// The known state of a source's folder as a whole.
#[derive(Debug)]
pub(super) struct RootGuard {
    /// The device and the posts by which it is recognised.
    known: state::Root,
    /// Its identity when it was last available, if it was since the start.
    identity: Option<Identity>,
    unavailability: Option<Unavailability>,
    /// True if it was missing since the start, so that it may arrive file by file.
    was_missing: bool,
    /// True if its posts are known from an earlier run.
    is_restored: bool,
    /// True if the owner requested that it is accepted as it is at the next scan.
    accepts: bool,
}

impl RootGuard {
    /// A source's folder with the state that the store remembers.
    pub(super) fn remembered(source: &Source, store: &Store) -> Self {
        Self { known: store.root(&name(source)).unwrap_or_default(), ..Self::fresh() }
    }

    /// A folder that is accepted as it is, if it exists.
    pub(super) fn fresh() -> Self {
        let known = state::Root::default();
        let (was_missing, is_restored, accepts) = (false, false, false);
        Self { known, identity: None, unavailability: None, was_missing, is_restored, accepts }
    }

    /// Marks its posts as known from an earlier run.
    pub(super) fn restore(&mut self) {
        self.is_restored = true;
    }

    /// Accepts the folder as it is at the next scan.
    pub(super) fn accept(&mut self) {
        self.accepts = true;
    }

    /// The reason why it is unavailable, if it is.
    pub(super) fn unavailability(&self) -> Option<&Unavailability> {
        self.unavailability.as_ref()
    }

    /// Returns true if it was available since the start, or its posts are known from an earlier run.
    pub(super) fn was_found(&self) -> bool {
        self.identity.is_some() || self.is_restored
    }

    /// Takes over the state of the same folder from before.
    pub(super) fn inherit(&mut self, before: &Self) {
        (self.identity, self.accepts) = (before.identity, before.accepts);
        self.unavailability.clone_from(&before.unavailability);
        (self.was_missing, self.is_restored) = (before.was_missing, before.is_restored);
        self.known.clone_from(&before.known);
    }

    /// Returns true if it is another folder than before, or was unavailable: then everything in it must be scanned.
    pub(super) fn is_new(&self, identity: Identity) -> bool {
        self.unavailability.is_some() || self.identity != Some(identity)
    }

    /// Returns true if a link was changed to lead to another folder.
    pub(super) fn is_replaced(&self, identity: Identity) -> bool {
        self.unavailability.is_none() && self.identity.is_some_and(|known| known != identity)
    }

    /// Checks the folder itself.
    pub(super) fn check(&self, source: &Source) -> Result<Identity, Unavailability> {
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

    /// Returns true if at least half of the posts by which it is recognised exist.
    fn shows_landmarks(&self, root: &Path) -> bool {
        let known = &self.known.landmarks;
        known.iter().filter(|path| root.join(path).exists()).count() * 2 >= known.len()
    }

    /// Returns true if a folder that had this many posts may have none now.
    pub(super) fn may_be_empty(&self, posts: usize) -> bool {
        let is_new = posts == 0 && self.known.landmarks.is_empty();
        self.accepts || (is_new && !(self.was_missing && self.identity.is_none()))
    }

    /// Marks it as unavailable. Returns true if the reason is new.
    pub(super) fn set_unavailable(&mut self, reason: Unavailability) -> bool {
        let is_new = self.unavailability.as_ref() != Some(&reason);
        self.was_missing |= reason == Unavailability::Missing;
        self.unavailability = Some(reason);
        // The request to accept the folder was for its state at that time.
        self.accepts = false;
        is_new
    }

    /// Marks it as available. Returns true if it was unavailable.
    pub(super) fn set_available(&mut self, identity: Identity) -> bool {
        self.identity = Some(identity);
        self.accepts = false;
        self.known.device = identity.device;
        self.unavailability.take().is_some()
    }

    /// Returns true if it needs other posts by which it is recognised, given the number of its posts.
    pub(super) fn wants_landmarks(&self, posts: usize, is_post: impl Fn(&str) -> bool) -> bool {
        let known = &self.known.landmarks;
        known.len() < posts.min(KNOWN_POSTS) || !known.iter().all(|path| is_post(path))
    }

    /// Chooses the posts by which it is recognised, evenly among its posts.
    pub(super) fn mark<'p>(&mut self, posts: impl ExactSizeIterator<Item = &'p str>) {
        let step = posts.len().div_ceil(KNOWN_POSTS).max(1);
        self.known.landmarks = posts.step_by(step).map(str::to_owned).collect();
    }

    /// Writes to the store how it is recognised.
    pub(super) fn remember(&self, source: &Source, store: &Store) {
        if !self.known.landmarks.is_empty() || store.root(&name(source)).is_some() {
            store.remember_root(&name(source), &self.known);
        }
    }
}

/// The key of a source's folder in the store: its path, since a source may get another name.
fn name(source: &Source) -> String {
    source.folder.display().to_string()
}
