//! The folders in which a site keeps its posts, if there are several.

use crate::post::file_path::below;

/// A folder of posts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentFolder {
    /// The folder, relative to the root of the site.
    pub path: String,
    /// Where its posts are among all posts of the site; empty: at the top.
    pub mount: String,
    /// The code of the language of its posts, unless their names contain another one.
    pub language: String,
}

impl ContentFolder {
    /// The path of a file relative to this folder; `None` if it is elsewhere.
    pub fn below<'p>(&self, path: &'p str) -> Option<&'p str> {
        below(path, &self.path)
    }
}
