//! Posts that enclose files of their own site: their entries contain the lengths of these files.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::progress::Progress;
use crate::post::source::is_at_or_below;
use crate::post::{Post, Source};
use crate::site::measure;

/// The posts of a source that enclose files, by their paths, as they were when they were read.
#[derive(Debug, Default)]
pub(super) struct Enclosing(BTreeMap<Arc<str>, Box<Post>>);

impl Enclosing {
    /// Records a post as it was read.
    pub(super) fn note(&mut self, path: &Arc<str>, post: &Post) {
        if post.media.is_some() {
            self.0.insert(Arc::clone(path), Box::new(post.clone()));
        } else {
            self.forget(path);
        }
    }

    /// Removes a path that is not a post any more.
    pub(super) fn forget(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// The posts at or below a path whose enclosed file has changed its length.
    pub(super) fn list_changed(&self, source: &Source, path: &str, progress: &Progress) -> Vec<Arc<str>> {
        let size = |post: &Post| post.media.as_ref().and_then(|media| media.size);
        let posts = self.0.iter().filter(|(post, _)| is_at_or_below(post, path));
        let changed = posts.filter(|(_, post)| {
            progress.note();
            measure(source, post) != size(post)
        });
        changed.map(|(path, _)| Arc::clone(path)).collect()
    }

    /// The posts that enclose the file at a path.
    pub(super) fn list_posts(&self, file: &str) -> Vec<String> {
        let encloses = |post: &Post| post.media.as_ref().is_some_and(|media| file.ends_with(&*media.path));
        self.0.iter().filter(|(_, post)| encloses(post)).map(|(path, _)| path.to_string()).collect()
    }
}
