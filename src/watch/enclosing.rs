//! Posts that enclose files of their own site: their entries contain the lengths of these files.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::progress::Progress;
use crate::post::source::is_at_or_below;
use crate::post::{Post, Source};
use crate::site::measure;

/// The posts of a source that enclose files, as they were when they were read.
#[derive(Debug, Default)]
pub(super) struct Enclosing {
    posts: BTreeMap<Arc<str>, Box<Post>>,
    /// The paths of the posts that enclose a file, by its path as they write it.
    by_file: BTreeMap<Box<str>, BTreeSet<Arc<str>>>,
}

impl Enclosing {
    /// Records a post as it was read.
    pub(super) fn note(&mut self, path: &Arc<str>, post: &Post) {
        self.forget(path);
        if let Some(media) = &post.media {
            self.by_file.entry(media.path.clone()).or_default().insert(Arc::clone(path));
            self.posts.insert(Arc::clone(path), Box::new(post.clone()));
        }
    }

    /// Removes a path that is not a post any more.
    pub(super) fn forget(&mut self, path: &str) {
        let media = self.posts.remove(path).and_then(|post| post.media);
        if let Some(media) = media
            && let Some(posts) = self.by_file.get_mut(&media.path)
        {
            posts.remove(path);
            if posts.is_empty() {
                self.by_file.remove(&media.path);
            }
        }
    }

    /// The posts at or below a path whose enclosed file has changed its length.
    pub(super) fn list_changed(&self, source: &Source, path: &str, progress: &Progress) -> Vec<Arc<str>> {
        let size = |post: &Post| post.media.as_ref().and_then(|media| media.size);
        let from = self.posts.range::<str, _>((Bound::Included(path), Bound::Unbounded));
        let posts = from.take_while(|(post, _)| post.starts_with(path));
        let changed = posts.filter(|(post, known)| {
            progress.note();
            is_at_or_below(post, path) && measure(source, known) != size(known)
        });
        changed.map(|(path, _)| Arc::clone(path)).collect()
    }

    /// The posts that enclose the file at a path.
    pub(super) fn list_posts(&self, file: &str) -> Vec<String> {
        let below = file.match_indices('/').map(|(at, _)| &file[at + 1..]);
        let posts = below.chain([file]).filter_map(|end| self.by_file.get(end)).flatten();
        posts.map(ToString::to_string).collect()
    }
}
