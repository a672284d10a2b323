//! Lookup by file path: pages of entries, and the media files that entries show.

use std::cmp::Ordering;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, OnceLock};

use super::post_list::PostList;
use super::posts::{Posts, Slot};
use super::shared_map::SharedMap;
use super::site::Site;
use super::slots::hash_path;
use super::sorted_list::{Edit, compare};
use crate::post::links::Link;
use crate::post::pages::name_page;
use crate::post::{Post, SourceId};

/// The index of a snapshot. Building it visits every post, so that it is built when it is first needed; later snapshots
/// then have it from the start.
#[derive(Debug, Default)]
pub(super) struct Paths {
    index: OnceLock<PathIndex>,
    is_needed: Arc<AtomicBool>,
}

/// Posts by the names of their pages, and files by their paths, as hashes.
#[derive(Debug, Clone)]
pub(super) struct PathIndex {
    /// Every visible post, sorted by the name of its page.
    pages: PostList,
    /// The number of times that entries show or link to a file.
    media: SharedMap<u64, usize>,
}

impl Paths {
    /// Returns true if the index is already built.
    pub(super) fn is_built(&self) -> bool {
        self.index.get().is_some()
    }

    /// The index of these posts.
    pub(super) fn index(&self, site: &Site, posts: &Posts, visible: &PostList) -> &PathIndex {
        self.is_needed.store(true, Relaxed);
        self.index.get_or_init(|| PathIndex::new(site, posts, visible))
    }

    /// The index after an edit of the visible posts, which are now these. `before` contains the posts before it.
    pub(super) fn edited(
        &self,
        edit: &Edit<'_>,
        before: &Posts,
        (site, posts, visible): (&Site, &Posts, &PostList),
    ) -> Self {
        let index = match self.index.get() {
            Some(index) => OnceLock::from(index.edited(edit, before, site)),
            None if self.is_needed.load(Relaxed) => OnceLock::from(PathIndex::new(site, posts, visible)),
            None => OnceLock::new(),
        };
        Self { index, is_needed: Arc::clone(&self.is_needed) }
    }

    /// Visits every part that snapshots may share: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        if let Some(index) = self.index.get() {
            index.pages.visit_parts(each);
            index.media.visit_parts(each);
        }
    }
}

/// The order of pages. Of posts with one name the oldest comes first.
fn compare_pages(one: &Post, other: &Post) -> Ordering {
    let by_name = compare_names((one.source, name_page(&one.path)), (other.source, name_page(&other.path)));
    by_name.then_with(|| compare(other, one))
}

/// The order of names within their sources, in lower case.
fn compare_names(one: (SourceId, &str), other: (SourceId, &str)) -> Ordering {
    let folded = |text: &str| text.to_lowercase();
    let by_name = || match (one.1, other.1) {
        (one, other) if one.is_ascii() && other.is_ascii() => {
            let [one, other] = [one, other].map(|text| text.bytes().map(|byte| byte.to_ascii_lowercase()));
            one.cmp(other)
        }
        (one, other) => folded(one).cmp(&folded(other)),
    };
    one.0.cmp(&other.0).then_with(by_name)
}

impl PathIndex {
    /// An index of visible posts.
    fn new(site: &Site, posts: &Posts, visible: &PostList) -> Self {
        let mut media = SharedMap::default();
        let mut pages: Vec<(Slot, &Post)> =
            visible.iter().filter_map(|slot| Some((slot, &**posts.get(slot)?))).collect();
        for (_, post) in &pages {
            list_media(site, post).for_each(|key| count(&mut media, key, 1));
        }
        // In the order of the scan most are sorted already.
        pages.sort_unstable_by_key(|(slot, _)| *slot);
        pages.sort_by(|(_, one), (_, other)| compare_pages(one, other));
        Self { pages: pages.into_iter().map(|(slot, _)| slot).collect(), media }
    }

    fn edited(&self, edit: &Edit<'_>, before: &Posts, site: &Site) -> Self {
        let mut media = self.media.clone();
        for (moves, change) in [(&edit.leaving, -1), (&edit.joining, 1)] {
            let keys = moves.iter().flat_map(|(_, post)| list_media(site, post));
            keys.for_each(|key| count(&mut media, key, change));
        }
        let mut edit = edit.clone();
        edit.sort(compare_pages);
        Self { pages: self.pages.edited_by(&edit, compare_pages, before), media }
    }

    /// The post of a source whose page has this name. The exact name takes precedence over one that differs in case.
    pub(super) fn find_page<'p>(
        &self,
        posts: &'p Posts,
        source: SourceId,
        name: &str,
    ) -> Option<&'p Arc<Post>> {
        let place = |post: &Post| compare_names((post.source, name_page(&post.path)), (source, name));
        let first =
            self.pages.partition_point(|slot| posts.get(slot).is_some_and(|post| place(post).is_lt()));
        let found = self.pages.iter_from(first).map_while(|slot| posts.get(slot));
        let found: Vec<_> = found.take_while(|post| place(post).is_eq()).collect();
        let find = |name: &str| found.iter().find(|post| name_page(&post.path) == name);
        find(name).or_else(|| find(&name.to_lowercase())).or(found.first()).copied()
    }

    /// Returns true if an entry of a source shows or links to the media file at a path below the site's URL.
    pub(super) fn shows_media(&self, source: SourceId, path: &str) -> bool {
        self.media.contains_key(&hash_path(source, path))
    }
}

/// The keys of the files that the entry of a post shows or links to.
fn list_media(site: &Site, post: &Post) -> impl Iterator<Item = u64> {
    // Where entries do not link to pages, files are on the site.
    let has_media = site.source(post.source).links_to_pages;
    let files = post.links.iter().filter(move |_| has_media).filter_map(Link::media);
    files.map(|path| hash_path(post.source, path))
}

fn count(media: &mut SharedMap<u64, usize>, key: u64, change: isize) {
    match media.get(&key).map_or(0, |count| *count).saturating_add_signed(change) {
        0 => media.remove(&key),
        count => media.insert(key, count),
    }
}
