//! Posts that enclose or show files of their own site: their entries contain the lengths or the sizes of these files.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use super::pictures::is_current;
use super::progress::Progress;
use crate::post::source::is_at_or_below;
use crate::post::{Post, Source};
use crate::site::measure;

/// The posts of a source that enclose or show files, as they were when they were read.
#[derive(Debug, Default)]
pub(super) struct Enclosing {
    posts: BTreeMap<Arc<str>, Box<Post>>,
    /// The paths of the posts that name a file, by its path as they write it.
    by_file: BTreeMap<Box<str>, BTreeSet<Arc<str>>>,
}

impl Enclosing {
    /// Records a post as it was read.
    pub(super) fn note(&mut self, path: &Arc<str>, post: &Post) {
        self.forget(path);
        for file in list_files(post) {
            self.by_file.entry(file.into()).or_default().insert(Arc::clone(path));
        }
        if list_files(post).next().is_some() {
            self.posts.insert(Arc::clone(path), Box::new(post.clone()));
        }
    }

    /// Removes a path that is not a post any more.
    pub(super) fn forget(&mut self, path: &str) {
        let Some(post) = self.posts.remove(path) else { return };
        for file in list_files(&post) {
            let Some(posts) = self.by_file.get_mut(file) else { continue };
            posts.remove(path);
            if posts.is_empty() {
                self.by_file.remove(file);
            }
        }
    }

    /// The posts at or below a path whose enclosed file has changed its length, or one of whose images has changed.
    pub(super) fn list_changed(&self, source: &Source, path: &str, progress: &Progress) -> Vec<Arc<str>> {
        let size = |post: &Post| post.media.as_ref().and_then(|media| media.size);
        let from = self.posts.range::<str, _>((Bound::Included(path), Bound::Unbounded));
        let posts = from.take_while(|(post, _)| post.starts_with(path));
        let changed = posts.filter(|(post, known)| {
            progress.note();
            let is_changed = || {
                measure(source, known) != size(known)
                    || known.pictures.iter().any(|picture| !is_current(source, picture))
            };
            is_at_or_below(post, path) && is_changed()
        });
        changed.map(|(path, _)| Arc::clone(path)).collect()
    }

    /// The posts that enclose or show the file at a path.
    pub(super) fn list_posts(&self, file: &str) -> Vec<String> {
        let below = file.match_indices('/').map(|(at, _)| &file[at + 1..]);
        let posts = below.chain([file]).filter_map(|end| self.by_file.get(end)).flatten();
        posts.map(ToString::to_string).collect()
    }
}

/// The files that a post encloses or shows, as it writes them.
fn list_files(post: &Post) -> impl Iterator<Item = &str> {
    let pictures = post.pictures.iter().map(|picture| &*picture.path);
    post.media.iter().map(|media| &*media.path).chain(pictures)
}
