//! The writer's side of the catalog: changes in, the next snapshot out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::Xxh3;

use super::change::Change;
use super::claims::{Claims, Holder};
use super::links::Links;
use super::posts::Slot;
use super::site::Site;
use super::snapshot::Snapshot;
use super::sorted_list::{Edit, Move, compare};
use crate::config::Problem;
use crate::post::links::Link;
use crate::post::{Post, Text};

/// All posts, organised so that the cost of a change depends on its size. One thread owns the catalog.
#[derive(Debug)]
pub struct Catalog {
    pub(super) current: Snapshot,
    by_path: FxHashMap<u64, Slot>,
    free: Vec<Slot>,
    /// The id of a post as its file gives it, where its entry has another.
    pub(super) own_ids: FxHashMap<Slot, Box<str>>,
    pub(super) rivals: Claims,
    /// The holders of contested ids.
    pub(super) holders: FxHashMap<Box<str>, Holder>,
    /// Ids whose holder changed since the last call of [`Catalog::take_holders`].
    pub(super) resettled: BTreeSet<Box<str>>,
    /// Ids whose holder no longer exists, to be settled with the next snapshot.
    pub(super) reopened: BTreeSet<Box<str>>,
    links: Links,
    /// Posts with a link that must resolve to a post and does not.
    pub(super) lost: BTreeSet<Slot>,
    /// The posts that claim each URL, and the first of them.
    pub(super) addresses: Claims,
    pub(super) listed: FxHashSet<Slot>,
    due: BTreeSet<(DateTime<Utc>, Slot)>,
    pub(super) problems: BTreeMap<(u16, Arc<str>), Problem>,
    pub(super) site_problems: Vec<Problem>,
}

/// The number of posts of which a snapshot knows when they appear or disappear.
pub(super) const SOONEST: usize = 1024;

/// The posts and ids that one batch of changes touches.
#[derive(Default)]
pub(super) struct Batch {
    /// By slot: the post as it was listed before, if it was.
    pub(super) touched: FxHashMap<Slot, Option<Arc<Post>>>,
    /// Posts whose links may have other targets now.
    linked: BTreeSet<Slot>,
    /// Ids whose holder must be settled.
    pub(super) contested: BTreeSet<Box<str>>,
}

impl Catalog {
    /// An empty catalog of a site.
    pub fn new(site: Arc<Site>) -> Self {
        Self {
            current: Snapshot::empty(site),
            by_path: FxHashMap::default(),
            free: Vec::new(),
            own_ids: FxHashMap::default(),
            rivals: Claims::default(),
            holders: FxHashMap::default(),
            resettled: BTreeSet::new(),
            reopened: BTreeSet::new(),
            links: Links::default(),
            lost: BTreeSet::new(),
            addresses: Claims::default(),
            listed: FxHashSet::default(),
            due: BTreeSet::new(),
            problems: BTreeMap::new(),
            site_problems: Vec::new(),
        }
    }

    /// Continues after the snapshot of another catalog: revisions keep increasing, and problems keep the time since
    /// which they are reported.
    #[must_use]
    pub fn after(mut self, other: &Snapshot) -> Self {
        self.current.revision = other.revision;
        (self.current.problems, self.current.since) = (Arc::clone(&other.problems), Arc::clone(&other.since));
        self
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.current.site
    }

    /// Replaces the site with one that has the same sources and taxonomies.
    pub fn set_site(&mut self, site: Arc<Site>) {
        self.current.site = site;
    }

    /// Sets the problems that are not those of posts: of the configuration and of folders. Returns true if they
    /// changed.
    pub fn set_problems(&mut self, problems: Vec<Problem>) -> bool {
        let has_effect = self.site_problems != problems;
        self.site_problems = problems;
        has_effect
    }

    /// Applies changes and returns the snapshot after them, as of `now`. Posts whose time has come appear or
    /// disappear in it too.
    pub fn apply(&mut self, changes: Vec<Change>, now: DateTime<Utc>) -> Arc<Snapshot> {
        let before = self.current.clone();
        let mut batch = Batch::default();
        for change in changes {
            self.apply_change(change, &mut batch);
        }
        self.settle_links(&mut batch);
        if now < before.made {
            self.withdraw_early(now, before.made, &mut batch);
        }
        self.take_due(now, &mut batch);
        self.claim_ids(&mut batch, now);
        batch.contested.append(&mut self.reopened);
        while let Some(id) = batch.contested.pop_first() {
            self.settle_id(&id, &mut batch);
        }
        self.relist(batch, &before, now);
        self.current.revision += 1;
        self.current.next_due = self.due.first().map(|(due, _)| *due);
        let soonest = || self.due.iter().take(SOONEST);
        if !soonest().eq(&*self.current.due) {
            self.current.due = soonest().copied().collect();
        }
        self.report(now);
        self.current.made = now;
        self.current.paths = Arc::default();
        Arc::new(self.current.clone())
    }

    /// Returns true if a change has an effect: a file that was only touched, or read twice, has none.
    pub fn has_effect(&self, change: &Change) -> bool {
        let reported = |source: u16, path: &Arc<str>| self.problems.get(&(source, Arc::clone(path)));
        let (post, problem) = match change {
            Change::Put(post, problem) => (post, problem),
            Change::Remove { source, path, problem } => {
                let is_known = self.by_path.contains_key(&hash_path(*source, path));
                return is_known || reported(*source, path) != problem.as_deref();
            }
            Change::Break { source, path, problem, .. } => {
                let is_reported = problem.is_none() || reported(*source, path) == problem.as_deref();
                return !is_reported
                    || self.find(*source, path).is_some_and(|post| post.text == Text::InFile);
            }
            Change::Media { .. } => return true,
        };
        if (problem.is_some() || !self.problems.is_empty())
            && reported(post.source, &post.path) != problem.as_deref()
        {
            return true;
        }
        let slot = self.by_path.get(&hash_path(post.source, &post.path));
        let Some((slot, known)) = slot.and_then(|slot| Some((slot, self.current.posts.get(*slot)?))) else {
            return true;
        };
        let own = self.own_ids.get(slot).unwrap_or(&known.id);
        // The catalog resolves the targets of links.
        let links = known.links.iter().map(|link| Link { target: None, ..link.clone() }).collect();
        *own != post.id || **post != Post { id: own.clone(), links, ..Post::clone(known) }
    }

    /// The post at a path of a source, visible or not, as its file gave it.
    pub fn find(&self, source: u16, path: &str) -> Option<Post> {
        let slot = self.by_path.get(&hash_path(source, path))?;
        let post = self.current.posts.get(*slot)?;
        let id = self.own_ids.get(slot).unwrap_or(&post.id).clone();
        Some(Post { id, ..Post::clone(post) })
    }

    /// Sets the indices of the sources whose posts are still awaited. Returns true if they changed.
    pub fn set_awaited(&mut self, awaited: &[u16]) -> bool {
        let has_effect = *self.current.awaited != *awaited;
        self.current.awaited = awaited.into();
        has_effect
    }

    /// The number of posts, visible or not.
    pub fn len(&self) -> usize {
        self.by_path.len()
    }

    /// Returns true if there are no posts.
    pub fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    fn apply_change(&mut self, change: Change, batch: &mut Batch) {
        match change {
            Change::Put(post, problem) => {
                let key = hash_path(post.source, &post.path);
                match problem {
                    Some(problem) => {
                        self.problems.insert((post.source, Arc::clone(&post.path)), *problem);
                    }
                    None if self.problems.is_empty() => {}
                    None => {
                        self.problems.remove(&(post.source, Arc::clone(&post.path)));
                    }
                }
                let slot = self.by_path.get(&key).copied();
                let slot = slot.unwrap_or_else(|| self.free.pop().unwrap_or(self.by_path.len() as Slot));
                self.by_path.insert(key, slot);
                self.replace(slot, Some(Arc::from(post)), batch);
            }
            Change::Remove { source, path, problem } => {
                if let Some(slot) = self.by_path.remove(&hash_path(source, &path)) {
                    self.replace(slot, None, batch);
                    self.free.push(slot);
                }
                match problem {
                    Some(problem) => self.problems.insert((source, path), *problem),
                    None => self.problems.remove(&(source, path)),
                };
            }
            Change::Break { source, path, problem, kept } => {
                let slot = self.by_path.get(&hash_path(source, &path)).copied();
                let known = self.find(source, &path).filter(|post| post.text == Text::InFile);
                if let (Some(slot), Some(post)) = (slot, known) {
                    let text = if kept { Text::LastKnownGood } else { Text::Unavailable };
                    self.replace(slot, Some(Arc::new(Post { text, ..post })), batch);
                }
                if let Some(problem) = problem {
                    self.problems.insert((source, path), *problem);
                }
            }
            Change::Media { source, path, exists } => {
                batch.linked.extend(self.links.set_media(source, &path, exists));
            }
        }
    }

    /// Records how a slot is listed, before it changes.
    pub(super) fn touch(&self, slot: Slot, batch: &mut Batch) {
        batch
            .touched
            .entry(slot)
            .or_insert_with(|| self.current.posts.get(slot).filter(|_| self.listed.contains(&slot)).cloned());
    }

    /// Puts a post into its slot. It claims its id later.
    fn replace(&mut self, slot: Slot, post: Option<Arc<Post>>, batch: &mut Batch) {
        self.touch(slot, batch);
        if let Some(old) = self.current.posts.get(slot).cloned() {
            batch.linked.extend(self.links.remove_post(&self.current.site, slot, &old));
            self.release_id(slot, &old, batch);
            self.release_address(slot, &old);
            for due in calendar(&old) {
                self.due.remove(&(due, slot));
            }
        }
        self.own_ids.remove(&slot);
        self.lost.remove(&slot);
        if let Some(post) = &post {
            self.addresses.claim(&post.address, slot);
            batch.linked.extend(self.links.insert_post(&self.current.site, slot, post, &self.current.posts));
            batch.linked.extend((!post.links.is_empty()).then_some(slot));
        }
        self.current.posts.set(slot, post);
    }

    /// Resolves links again. Posts whose links got other targets are touched.
    fn settle_links(&mut self, batch: &mut Batch) {
        for slot in std::mem::take(&mut batch.linked) {
            let Some(mut post) = self.current.posts.get(slot).cloned() else { continue };
            if let Some(links) = self.links.resolve(&self.current.site, &post, &self.current.posts) {
                self.touch(slot, batch);
                post = Arc::new(Post { links, ..Post::clone(&post) });
                self.current.posts.set(slot, Some(Arc::clone(&post)));
            }
            if post.links.iter().any(Link::is_broken) {
                self.lost.insert(slot);
            } else {
                self.lost.remove(&slot);
            }
        }
    }

    /// Releases the URL of a post. The first of the remaining claimants becomes its holder.
    fn release_address(&mut self, slot: Slot, post: &Post) {
        self.addresses.release(&post.address, slot);
        if self.addresses.holder(&post.address).is_none()
            && let Some(next) = self.addresses.claimants(&post.address).first()
        {
            self.addresses.settle(&post.address, *next);
        }
    }

    /// Touches posts whose time came since the last snapshot, like changed ones.
    fn take_due(&mut self, now: DateTime<Utc>, batch: &mut Batch) {
        while let Some((due, slot)) = self.due.first().copied().filter(|(due, _)| *due <= now) {
            self.due.remove(&(due, slot));
            self.touch(slot, batch);
        }
    }

    /// Touches posts that appeared or disappeared too early because the clock was ahead, which is now corrected.
    fn withdraw_early(&self, now: DateTime<Utc>, before: DateTime<Utc>, batch: &mut Batch) {
        for slot in self.by_path.values() {
            let post = self.current.posts.get(*slot);
            if post.into_iter().flat_map(|post| calendar(post)).any(|due| due > now && due <= before) {
                self.touch(*slot, batch);
            }
        }
    }

    /// Updates calendar and lists with the touched posts.
    fn relist(&mut self, batch: Batch, before: &Snapshot, now: DateTime<Utc>) {
        let after = self.current.posts.clone();
        let mut edit = Edit::default();
        for (slot, old) in &batch.touched {
            edit.leaving.extend(old.as_deref().map(|post| (*slot, post)));
            let post = after.get(*slot);
            self.due.extend(
                post.into_iter()
                    .flat_map(|post| calendar(post))
                    .filter(|due| *due > now)
                    .map(|due| (due, *slot)),
            );
            match post.filter(|post| post.is_visible(now)) {
                Some(post) => {
                    self.listed.insert(*slot);
                    edit.joining.push((*slot, post));
                }
                None => {
                    self.listed.remove(slot);
                }
            }
        }
        // A sum: a post that leaves subtracts exactly what it added.
        let sum =
            |moves: &[Move<'_>]| moves.iter().map(|(_, post)| hash_post(post)).fold(0, u128::wrapping_add);
        let (gone, come) = (sum(&edit.leaving), sum(&edit.joining));
        self.current.digest = self.current.digest.wrapping_sub(gone).wrapping_add(come);
        edit.sort(compare);
        if !(edit.leaving.is_empty() && edit.joining.is_empty()) {
            self.current.relist(&edit, before);
        }
    }
}

/// The times at which a post appears and disappears, if it does so later.
fn calendar(post: &Post) -> impl Iterator<Item = DateTime<Utc>> + use<> {
    [post.held.then_some(post.published), post.expires].into_iter().flatten()
}

fn hash_post(post: &Post) -> u128 {
    let mut hasher = Xxh3::new();
    hasher.update(&post.source.to_le_bytes());
    post.hash_into(&mut hasher);
    hasher.digest128()
}

fn hash_path(source: u16, path: &str) -> u64 {
    let mut hasher = Xxh3::new();
    hasher.update(&source.to_le_bytes());
    hasher.update(path.as_bytes());
    hasher.digest()
}
