//! Resolves references between posts. When a post changes, the links of posts that refer to it can change too.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::posts::{Posts, Slot};
use super::site::Site;
use super::slots::hash_path;
use crate::post::links::{Link, Linked, list_candidates, list_names, media_key};
use crate::post::pages::entry_url;
use crate::post::{Post, Source, SourceId};

/// The targets of each name, and the posts that refer to it. A source without references costs nothing.
#[derive(Debug, Default)]
pub(super) struct LinkIndex {
    /// Posts by their names.
    targets: FxHashMap<u64, Vec<Slot>>,
    /// Media files by their names: the depth and path of each, the smallest depth first.
    media: FxHashMap<u64, BTreeSet<(usize, Arc<str>)>>,
    /// Posts by the names they refer to.
    referrers: FxHashMap<u64, BTreeSet<Slot>>,
    /// Sources all of whose posts are in `targets`.
    sources: FxHashSet<SourceId>,
    /// Posts whose links may have other targets now.
    affected: BTreeSet<Slot>,
    /// Posts with a link that must resolve to a post and does not.
    broken: BTreeSet<Slot>,
    /// True if a post with a broken link has changed since the last call of [`Self::take_changed`].
    has_changed: bool,
}

impl LinkIndex {
    /// Replaces a post of a source: `old` by `new`, either of which may be missing.
    pub(super) fn replace(
        &mut self,
        source: &Source,
        slot: Slot,
        (old, new): (Option<&Post>, Option<&Post>),
        posts: &Posts,
    ) {
        for key in old.into_iter().flat_map(|post| list_link_keys(source, post)) {
            if let Some(slots) = self.referrers.get_mut(&key) {
                slots.remove(&slot);
            }
        }
        self.set_broken(slot, false);
        for key in new.into_iter().flat_map(|post| list_link_keys(source, post)) {
            self.referrers.entry(key).or_default().insert(slot);
        }
        if let Some(post) = new.filter(|post| !post.links.is_empty()) {
            self.affected.insert(slot);
            if self.sources.insert(post.source) {
                // From the first reference on, every post of the source is a possible target.
                let is_own = |(_, known): &(Slot, &Arc<Post>)| known.source == post.source;
                posts.iter().filter(is_own).for_each(|(slot, known)| self.insert_names(source, slot, known));
            }
        }
        self.replace_target(source, slot, old, new);
    }

    /// Replaces a post as a target of references, if its source has any.
    fn replace_target(&mut self, source: &Source, slot: Slot, old: Option<&Post>, new: Option<&Post>) {
        if !old.or(new).is_some_and(|post| self.sources.contains(&post.source)) {
            return;
        }
        let target = |post: &Post| (list_keys(source, post), entry_url(source, post), post.title.clone());
        // Most edits change nothing that another post shows, however many refer to this one.
        if old.map(target) == new.map(target) {
            return;
        }
        let keys = [old, new].map(|post| post.map(|post| list_keys(source, post)).unwrap_or_default());
        for key in &keys[0] {
            if let Some(slots) = self.targets.get_mut(key) {
                slots.retain(|other| *other != slot);
            }
        }
        if let Some(post) = new {
            self.insert_names(source, slot, post);
        }
        self.affected.extend(keys.iter().flatten().filter_map(|key| self.referrers.get(key)).flatten());
    }

    /// Inserts or removes a media file of a source.
    pub(super) fn set_media(&mut self, source: SourceId, path: &Arc<str>, exists: bool) {
        let key = hash_path(source, &media_key(path));
        let file = (path.matches('/').count(), Arc::clone(path));
        if exists {
            self.media.entry(key).or_default().insert(file);
        } else if let Some(files) = self.media.get_mut(&key) {
            files.remove(&file);
        }
        self.affected.extend(self.referrers.get(&key).into_iter().flatten());
    }

    /// Takes the posts whose links may have other targets now.
    pub(super) fn take_affected(&mut self) -> BTreeSet<Slot> {
        std::mem::take(&mut self.affected)
    }

    /// Resolves the links of a post; `None` if they have not changed.
    pub(super) fn resolve(
        &mut self,
        site: &Site,
        slot: Slot,
        post: &Post,
        posts: &Posts,
    ) -> Option<Box<[Link]>> {
        let source = site.source(post.source);
        let resolve =
            |link: &Link| Link { target: self.find_target(source, post, link, posts), ..link.clone() };
        let links: Box<[Link]> = post.links.iter().map(resolve).collect();
        self.set_broken(slot, links.iter().any(Link::is_broken));
        (links != post.links).then_some(links)
    }

    fn set_broken(&mut self, slot: Slot, is_broken: bool) {
        let was_broken = self.broken.remove(&slot);
        if is_broken {
            self.broken.insert(slot);
        }
        self.has_changed |= was_broken || is_broken;
    }

    /// Returns true if a post with a broken link has changed since the last call.
    pub(super) fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.has_changed)
    }

    /// Posts with a link that must resolve to a post and does not.
    pub(super) fn broken(&self) -> impl Iterator<Item = Slot> {
        self.broken.iter().copied()
    }

    fn find_target(&self, source: &Source, post: &Post, link: &Link, posts: &Posts) -> Option<Box<Linked>> {
        let keys = list_candidate_keys(source, post, link);
        let mut found = keys.iter().filter_map(|key| {
            let slots = self.targets.get(key)?.iter();
            let targets = slots.filter_map(|slot| posts.get(*slot)).filter(|p| p.source == post.source);
            // Of several posts with one name, the target is the one with the smallest depth.
            targets.min_by_key(|target| (target.path.matches('/').count(), target.path.clone()))
        });
        if let Some(target) = found.next() {
            let (address, title) = (entry_url(source, target).into(), target.title.clone());
            return Some(Box::new(Linked::Entry { address, title }));
        }
        let files = keys.iter().find_map(|key| self.media.get(key))?;
        let file = find_media(files, link.name(), &post.path)?;
        Some(Box::new(Linked::File(file.into())))
    }

    fn insert_names(&mut self, source: &Source, slot: Slot, post: &Post) {
        for key in list_keys(source, post) {
            let slots = self.targets.entry(key).or_default();
            if !slots.contains(&slot) {
                slots.push(slot);
            }
        }
    }
}

/// The maximum number of files with one name that are compared.
const MAX_NAMESAKES: usize = 1000;

/// The file that is meant by a path at which no file is: one whose path ends so, else one in the folder of the post, else
/// the one with the smallest depth.
fn find_media<'f>(files: &'f BTreeSet<(usize, Arc<str>)>, path: &str, post: &str) -> Option<&'f str> {
    if files.contains(&(path.matches('/').count(), path.into())) {
        return None;
    }
    let own = post.rsplit_once('/').map_or("", |(folder, _)| folder);
    let ends_so = |file: &str| file.strip_suffix(path).is_some_and(|above| above.ends_with('/'));
    let is_near = |file: &str| file.rsplit_once('/').map_or("", |(folder, _)| folder) == own;
    let paths = || files.iter().take(MAX_NAMESAKES).map(|(_, file)| &**file);
    // A path without a folder ends every path of that name.
    let by_end = || paths().find(|file| path.contains('/') && ends_so(file));
    by_end().or_else(|| paths().find(|file| is_near(file))).or_else(|| paths().next())
}

/// The keys of the names by which a post can be referred to.
fn list_keys(source: &Source, post: &Post) -> Vec<u64> {
    let names = list_names(source, post);
    names.iter().map(|name| hash_path(post.source, name)).collect()
}

/// The keys of the names that the links of a post can mean.
fn list_link_keys(source: &Source, post: &Post) -> impl Iterator<Item = u64> {
    post.links.iter().flat_map(move |link| list_candidate_keys(source, post, link))
}

/// The keys of the names that a link can mean.
fn list_candidate_keys(source: &Source, post: &Post, link: &Link) -> Vec<u64> {
    let names = list_candidates(source, post, &link.reference);
    names.iter().map(|name| hash_path(post.source, name)).collect()
}
