//! References from posts to posts and media files, as posts store them.

use super::media_types::media_type;

/// A reference to another post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The reference as written, with the prefix of its kind.
    pub reference: Box<str>,
    /// The target: a post, or a media file that is found by its name in another folder; set by the catalog.
    pub target: Option<Box<Linked>>,
    /// Line and column in the file; the start of the file if the reference was not found.
    pub place: (u32, u32),
}

impl Link {
    /// Returns true if the reference requires a post and has none: `post_url`, `post_link`.
    pub fn is_broken(&self) -> bool {
        self.target.is_none() && self.reference.starts_with("p:")
    }

    /// Returns true if the reference is the path of a file: `link`, `@/…`.
    pub fn is_file_reference(&self) -> bool {
        self.reference.starts_with("f:")
    }

    /// The reference as written, without the prefix.
    pub fn name(&self) -> &str {
        &self.reference[2..]
    }

    /// The path of the media file that the reference leads to, below the URL of the site.
    pub fn media(&self) -> Option<&str> {
        match self.target.as_deref() {
            Some(Linked::Entry { .. }) => None,
            Some(Linked::File(path)) => Some(path),
            None => find_media(&self.reference),
        }
    }
}

/// The target of a reference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linked {
    /// Another post, with the values that the entry shows.
    Entry {
        /// Absolute URL.
        address: Box<str>,
        /// Title.
        title: Box<str>,
    },
    /// A media file, by its path below the URL of the site.
    File(Box<str>),
}

impl Linked {
    /// The texts of the target that an entry shows.
    pub(super) fn texts(&self) -> [&str; 2] {
        match self {
            Self::Entry { address, title } => [address, title],
            Self::File(path) => [path, ""],
        }
    }
}

/// The path of the media file that a reference leads to, below the URL of the site.
pub(super) fn find_media(reference: &str) -> Option<&str> {
    reference.strip_prefix("u:").filter(|path| media_type(path).is_some())
}
