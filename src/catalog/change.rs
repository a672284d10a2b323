//! What the disk has to say to the catalog.

use std::sync::Arc;

use crate::config::Problem;
use crate::post::Post;

/// What happened to one file.
#[derive(Debug, Clone)]
pub enum Change {
    /// It is a post, new or changed; a problem says what of it could not be used, if anything.
    Put(Box<Post>, Option<Box<Problem>>),
    /// It is no entry (any more); a problem says why if it was not meant so.
    Remove {
        /// Place of its source.
        source: u16,
        /// Its path, relative to the source's root.
        path: Arc<str>,
        /// What is wrong with it, if anything is.
        problem: Option<Box<Problem>>,
    },
    /// It can't be read as a post: what it last was stays.
    Break {
        /// Place of its source.
        source: u16,
        /// Its path, relative to the source's root.
        path: Arc<str>,
        /// Why it can't be read, if that is not reported of a folder above it.
        problem: Option<Box<Problem>>,
        /// Whether the text it last had is kept somewhere.
        kept: bool,
    },
    /// It is a media file that posts may mean by its name alone, and came or went.
    Media {
        /// Place of its source.
        source: u16,
        /// Its path, relative to the source's root.
        path: Arc<str>,
        /// Whether it is there.
        exists: bool,
    },
}

impl Change {
    /// Place of the source that the file lies in.
    pub fn source(&self) -> u16 {
        match self {
            Self::Put(post, _) => post.source,
            Self::Remove { source, .. } | Self::Break { source, .. } | Self::Media { source, .. } => *source,
        }
    }
}
