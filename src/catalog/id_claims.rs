//! The ids of entries: posts claim them, and one claimant of each id holds it.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::claims::{Claims, Holder, Names, precedence};
use super::posts::Slot;
use super::site::Site;
use super::snapshot::Snapshot;
use crate::post::Post;

/// The ids of posts as their files give them, where their entries have others.
pub(super) type OwnIds = FxHashMap<Slot, Box<str>>;

/// The claims of ids. A post whose id another post holds gets an id that is made from its own.
#[derive(Debug, Default)]
pub(super) struct IdClaims {
    /// The id of a post as its file gives it, where its entry has another.
    own_ids: Arc<OwnIds>,
    claims: Claims,
    /// The holders of contested ids.
    holders: FxHashMap<Box<str>, Holder>,
    /// The ids in `holders` of each holder.
    held: FxHashMap<Holder, BTreeSet<Box<str>>>,
    /// Removed posts that may be holders; `None`: any holder may not exist any more.
    removed: Option<Vec<Holder>>,
    /// Ids whose holder changed since the last call of [`Self::take_changes`].
    changed: BTreeSet<Box<str>>,
    /// Ids whose holder must be determined for the next snapshot.
    unresolved: BTreeSet<Box<str>>,
}

impl IdClaims {
    /// Restores the holders of ids from an earlier run. A holder keeps its id as long as it claims it.
    pub(super) fn restore(&mut self, holders: impl IntoIterator<Item = (Box<str>, Holder)>) {
        for (id, holder) in holders {
            self.set_holder(id, Some(holder));
        }
        self.changed.clear();
        self.check_holders();
    }

    /// Checks at the next call of [`Self::take_changes`] that every holder exists.
    pub(super) fn check_holders(&mut self) {
        self.removed = None;
    }

    /// Takes the changes of holders since the last call; `None`: the id is no longer contested. Holders that no longer
    /// exist are dropped.
    pub(super) fn take_changes(
        &mut self,
        exists: impl Fn(&Holder) -> bool,
    ) -> Vec<(Box<str>, Option<Holder>)> {
        let removed = self.removed.replace(Vec::new());
        let removed = removed.unwrap_or_else(|| self.held.keys().cloned().collect());
        for holder in removed.iter().filter(|holder| !exists(holder)) {
            for id in self.held.get(holder).cloned().unwrap_or_default() {
                self.set_holder(id.clone(), None);
                self.unresolved.insert(id);
            }
        }
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().map(|id| (id.clone(), self.holders.get(&id).cloned())).collect()
    }

    /// The id of a post as its file gives it.
    pub(super) fn own_id<'a>(&'a self, slot: Slot, post: &'a Post) -> &'a str {
        self.own_ids.get(&slot).unwrap_or(&post.id)
    }

    /// The ids of all posts whose entries have others.
    pub(super) fn own_ids(&self) -> Arc<OwnIds> {
        Arc::clone(&self.own_ids)
    }

    fn forget_own_id(&mut self, slot: Slot) {
        // Snapshots share the ids: they are copied only for a change.
        if self.own_ids.contains_key(&slot) {
            Arc::make_mut(&mut self.own_ids).remove(&slot);
        }
    }

    /// Removes the claim of a post that is replaced or removed.
    pub(super) fn remove(&mut self, site: &Site, slot: Slot, post: &Post) {
        self.release(slot, post);
        self.forget_own_id(slot);
        if let Some(removed) = self.removed.as_mut().filter(|_| !self.held.is_empty()) {
            removed.push(Holder::new(site, post));
        }
    }

    /// Returns true if the claim of a contested id has changed since the last call.
    pub(super) fn take_changed(&mut self) -> bool {
        self.claims.take_changed()
    }

    /// A post claims its id if it is visible, and releases it otherwise.
    pub(super) fn update(&mut self, slot: Slot, post: &Post, is_visible: bool) {
        self.release(slot, post);
        if is_visible {
            let own = self.own_ids.get(&slot).unwrap_or(&post.id);
            let is_contested = self.claims.claim(own, slot);
            if is_contested || self.own_ids.contains_key(&slot) || self.holders.contains_key(own) {
                self.unresolved.insert(own.clone());
            }
        }
    }

    /// Takes an id whose holder must be determined.
    pub(super) fn take_unresolved(&mut self) -> Option<Box<str>> {
        self.unresolved.pop_first()
    }

    /// Determines the holder of an id among its claimants, and makes ids for the others. `listed` is the post of a slot
    /// as the last snapshot lists it. Returns the posts that get another id.
    pub(super) fn resolve<'p>(
        &mut self,
        id: &str,
        current: &'p Snapshot,
        listed: impl Fn(Slot) -> Option<&'p Arc<Post>>,
    ) -> Vec<(Slot, Post)> {
        let site = &*current.site;
        let claimants = self.claims.claimants(id).into_iter();
        let posts: Vec<(Slot, &Post)> =
            claimants.filter_map(|slot| Some((slot, &**current.posts.get(slot)?))).collect();
        let is_remembered = |(_, post): &&(Slot, &Post)| {
            self.holders.get(id).is_some_and(|holder| *holder == Holder::new(site, post))
        };
        // The holder in the last snapshot keeps the id: subscribers know it by that.
        let had_id = |(slot, _): &&(Slot, &Post)| listed(*slot).is_some_and(|before| *before.id == *id);
        let first = posts.iter().find(is_remembered).or_else(|| posts.iter().find(had_id));
        let first = first.or_else(|| posts.iter().min_by_key(|(_, post)| precedence(post)));
        // A holder in an awaited source keeps the id.
        let is_away = !posts.iter().any(|post| is_remembered(&post)) && self.is_holder_awaited(id, current);
        if !is_away {
            let holder = first.filter(|_| posts.len() > 1).map(|(_, post)| Holder::new(site, post));
            self.set_holder(id.into(), holder);
        }
        let Some(first) = first.map(|(slot, _)| *slot) else { return Vec::new() };
        self.claims.settle(id, first);
        let has_id = |slot: Slot| slot == first && !is_away;
        let rejected = posts.iter().filter(|(slot, _)| !has_id(*slot)).map(|(_, post)| *post);
        let names = Names::count(rejected);
        let mut renamed = Vec::new();
        for (slot, post) in posts {
            let new: Box<str> = if has_id(slot) {
                id.into()
            } else {
                names.make_id(id, post, &site.source(post.source).name).into()
            };
            if post.id == new {
                continue;
            }
            if has_id(slot) {
                self.forget_own_id(slot);
            } else {
                Arc::make_mut(&mut self.own_ids).insert(slot, id.into());
            }
            renamed.push((slot, Post { id: new, ..post.clone() }));
        }
        renamed
    }

    /// The number of posts that claim the id of another post, and got another id.
    pub(super) fn count_conflicts(&self) -> usize {
        self.claims.rejected().count()
    }

    /// Every post that claims the id of another post: its slot, that of the other post, and the id.
    pub(super) fn conflicts(&self) -> impl Iterator<Item = (Slot, Slot, &str)> {
        self.claims.rejected().filter_map(|slot| {
            let id = self.own_ids.get(&slot)?;
            Some((slot, self.claims.holder(id)?, &**id))
        })
    }

    fn release(&mut self, slot: Slot, post: &Post) {
        let own = self.own_ids.get(&slot).unwrap_or(&post.id);
        if self.claims.release(own, slot) {
            self.unresolved.insert(own.clone());
        }
    }

    fn is_holder_awaited(&self, id: &str, current: &Snapshot) -> bool {
        self.holders.get(id).is_some_and(|holder| {
            let sources = &current.site.sources;
            current.awaited.iter().any(|number| *sources[usize::from(*number)].name == *holder.source)
        })
    }

    fn set_holder(&mut self, id: Box<str>, holder: Option<Holder>) {
        if self.holders.get(&id) == holder.as_ref() {
            return;
        }
        if let Some(before) = self.holders.remove(&id)
            && let Some(held) = self.held.get_mut(&before)
        {
            held.remove(&id);
            if held.is_empty() {
                self.held.remove(&before);
            }
        }
        if let Some(holder) = holder {
            self.held.entry(holder.clone()).or_default().insert(id.clone());
            self.holders.insert(id.clone(), holder);
        }
        self.changed.insert(id);
    }
}
