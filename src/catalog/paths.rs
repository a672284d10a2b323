//! Lookup by file path: pages of entries, and the media files that entries show.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::Xxh3;

use super::posts::Slot;
use super::snapshot::Snapshot;
use crate::post::Post;
use crate::post::links::Link;
use crate::post::pages::name_page;

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
    fn new(snapshot: &Snapshot) -> Self {
        let mut index = Self::default();
        for slot in snapshot.every.iter() {
            let Some(post) = snapshot.post(*slot) else { continue };
            let name = name_page(&post.path);
            index.pages.insert(hash(post.source, name), *slot);
            let folded = name.to_lowercase();
            if folded != name {
                index.folded.insert(hash(post.source, &folded), *slot);
            }
            // Where entries do not link to pages, files are on the site.
            let has_media = snapshot.site.sources[usize::from(post.source)].links_to_pages;
            let files = post.links.iter().filter(|_| has_media).filter_map(Link::media);
            index.media.extend(files.map(|path| hash(post.source, path)));
        }
        index
    }
}

impl Snapshot {
    /// Returns true if the index for [`Snapshot::find_page`] and [`Snapshot::shows_media`] is already built.
    pub fn has_paths(&self) -> bool {
        self.paths.get().is_some()
    }

    /// The visible post of a source whose page has this name. The exact name takes precedence over one that differs
    /// in case.
    pub fn find_page(&self, source: u16, name: &str) -> Option<&Arc<Post>> {
        let index = self.paths();
        let folded = name.to_lowercase();
        let key = hash(source, &folded);
        let slots = [index.pages.get(&hash(source, name)), index.pages.get(&key), index.folded.get(&key)];
        let posts = slots.into_iter().flatten().filter_map(|slot| self.post(*slot));
        posts.into_iter().find(|post| {
            let own = name_page(&post.path);
            post.source == source && (own == name || own.to_lowercase() == folded)
        })
    }

    /// Returns true if a visible entry of a source shows or links to the media file at a path below the site's URL.
    pub fn shows_media(&self, source: u16, path: &str) -> bool {
        self.paths().media.contains(&hash(source, path))
    }

    fn paths(&self) -> &PathIndex {
        self.paths.get_or_init(|| PathIndex::new(self))
    }
}

fn hash(source: u16, path: &str) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(&source.to_le_bytes());
    hasher.update(path.as_bytes());
    hasher.digest()
}
