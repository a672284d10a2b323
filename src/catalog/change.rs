//! Changes of files, as the catalog receives them.

use std::sync::Arc;

use crate::config::Problem;
use crate::post::{Post, SourceId};

/// A change of one file.
#[derive(Debug, Clone)]
pub enum Change {
    /// The file is a new or changed post; the problem is a part of it that could not be used, if any.
    Put(Box<Post>, Option<Box<Problem>>),
    /// The file is a post that is known from an earlier run and has not changed since.
    Keep(Arc<Post>),
    /// The file is not a post, or no longer; the problem gives the reason if that is unintended.
    Remove {
        /// The index of its source.
        source: SourceId,
        /// The path of the file, relative to the source's root.
        path: Arc<str>,
        /// The problem of the file, if any.
        problem: Option<Box<Problem>>,
    },
    /// The file cannot be read as a post: its last known good version stays.
    Break {
        /// The index of its source.
        source: SourceId,
        /// The path of the file, relative to the source's root.
        path: Arc<str>,
        /// The reason, unless it is reported for a folder above the file.
        problem: Option<Box<Problem>>,
        /// True if its last text is kept.
        kept: bool,
    },
    /// The file is a media file that posts may refer to by its name alone, and was created or removed.
    Media {
        /// The index of its source.
        source: SourceId,
        /// The path of the file, relative to the source's root.
        path: Arc<str>,
        /// True if the file exists.
        exists: bool,
    },
}

impl Change {
    /// The index of the source that contains the file.
    pub fn source(&self) -> SourceId {
        match self {
            Self::Put(post, _) => post.source,
            Self::Keep(post) => post.source,
            Self::Remove { source, .. } | Self::Break { source, .. } | Self::Media { source, .. } => *source,
        }
    }
}
