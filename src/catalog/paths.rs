//! Lookup by file path: pages of entries, and the media files that entries show.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::posts::{Posts, Slot};
use super::site::Site;
use super::slots::hash_path;
use crate::post::links::Link;
use crate::post::pages::name_page;
use crate::post::{Post, SourceId};

/// Posts by the names of their pages, and files by their paths, as hashes. Building the index visits every post, so
/// it is built when it is first needed.
#[derive(Debug, Default)]
pub(super) struct PathIndex {
    pages: FxHashMap<u64, Slot>,
    /// Posts by the names of their pages in lower case, where that differs.
    folded: FxHashMap<u64, Slot>,
    media: FxHashSet<u64>,
}

impl PathIndex {
    /// An index of visible posts.
    pub(super) fn new(site: &Site, posts: &Posts, visible: &[Slot]) -> Self {
        let mut index = Self::default();
        for slot in visible {
            let Some(post) = posts.get(*slot) else { continue };
            let name = name_page(&post.path);
            index.pages.insert(hash_path(post.source, name), *slot);
            let folded = name.to_lowercase();
            if folded != name {
                index.folded.insert(hash_path(post.source, &folded), *slot);
            }
            // Where entries do not link to pages, files are on the site.
            let has_media = site.source(post.source).links_to_pages;
            let files = post.links.iter().filter(|_| has_media).filter_map(Link::media);
            index.media.extend(files.map(|path| hash_path(post.source, path)));
        }
        index
    }

    /// The post of a source whose page has this name. The exact name takes precedence over one that differs in case.
    pub(super) fn find_page<'p>(
        &self,
        posts: &'p Posts,
        source: SourceId,
        name: &str,
    ) -> Option<&'p Arc<Post>> {
        let folded = name.to_lowercase();
        let key = hash_path(source, &folded);
        let exact = self.pages.get(&hash_path(source, name));
        let slots = [exact, self.pages.get(&key), self.folded.get(&key)];
        let mut found = slots.into_iter().flatten().filter_map(|slot| posts.get(*slot));
        found.find(|post| {
            let own = name_page(&post.path);
            post.source == source && (own == name || own.to_lowercase() == folded)
        })
    }

    /// Returns true if an entry of a source shows or links to the media file at a path below the site's URL.
    pub(super) fn shows_media(&self, source: SourceId, path: &str) -> bool {
        self.media.contains(&hash_path(source, path))
    }
}
