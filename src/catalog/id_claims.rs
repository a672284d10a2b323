//! The ids of entries: posts claim them, and one claimant of each id holds it.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::claims::{Holder, Names, precedence};
use super::posts::Slot;
use super::writer::{Batch, Catalog};
use crate::post::Post;

impl Catalog {
    /// Restores the holders of ids from an earlier run. A holder keeps its id as long as it claims it.
    pub fn remember(&mut self, holders: impl IntoIterator<Item = (Box<str>, Holder)>) {
        self.holders.extend(holders);
    }

    /// Takes the changes of holders since the last call; `None`: the id is no longer contested.
    pub fn take_holders(&mut self) -> Vec<(Box<str>, Option<Holder>)> {
        let missing: Vec<Box<str>> = self
            .holders
            .iter()
            .filter(|(_, holder)| self.is_holder_missing(holder))
            .map(|(id, _)| id.clone())
            .collect();
        for id in missing {
            self.remember_holder(&id, None);
            self.reopened.insert(id);
        }
        let changed = std::mem::take(&mut self.resettled);
        changed.into_iter().map(|id| (id.clone(), self.holders.get(&id).cloned())).collect()
    }

    /// Returns true if a holder no longer exists. A holder in an awaited source may still appear.
    fn is_holder_missing(&self, holder: &Holder) -> bool {
        let source = self.current.site.sources.iter().position(|source| *source.name == *holder.source);
        source.is_none_or(|place| {
            let number = place as u16;
            !self.current.awaited.contains(&number) && self.find(number, &holder.path).is_none()
        })
    }

    fn is_holder_awaited(&self, id: &str) -> bool {
        self.holders.get(id).is_some_and(|holder| {
            let is_its =
                |number: &u16| *self.current.site.sources[usize::from(*number)].name == *holder.source;
            self.current.awaited.iter().any(is_its)
        })
    }

    fn hold(&self, post: &Post) -> Holder {
        let source = self.current.site.sources[usize::from(post.source)].name.as_str().into();
        Holder { source, path: (&*post.path).into() }
    }

    fn remember_holder(&mut self, id: &str, holder: Option<Holder>) {
        if self.holders.get(id) != holder.as_ref() {
            match holder {
                Some(holder) => self.holders.insert(id.into(), holder),
                None => self.holders.remove(id),
            };
            self.resettled.insert(id.into());
        }
    }

    pub(super) fn release_id(&mut self, slot: Slot, post: &Post, batch: &mut Batch) {
        let own = self.own_ids.get(&slot).unwrap_or(&post.id);
        if self.rivals.release(own, slot) {
            batch.contested.insert(own.clone());
        }
    }

    /// Every touched post claims its id if it is visible, and releases it otherwise.
    pub(super) fn claim_ids(&mut self, batch: &mut Batch, now: DateTime<Utc>) {
        let slots: Vec<Slot> = batch.touched.keys().copied().collect();
        for slot in slots {
            let Some(post) = self.current.posts.get(slot).cloned() else { continue };
            self.release_id(slot, &post, batch);
            if post.is_visible(now) {
                let own = self.own_ids.get(&slot).unwrap_or(&post.id);
                let contested = self.rivals.claim(own, slot);
                if contested || self.own_ids.contains_key(&slot) || self.holders.contains_key(own) {
                    batch.contested.insert(own.clone());
                }
            }
        }
    }

    /// Chooses the holder of an id among its claimants, and makes ids for the others.
    pub(super) fn settle_id(&mut self, id: &str, batch: &mut Batch) {
        let claimants = self.rivals.claimants(id);
        let posts: Vec<(Slot, Arc<Post>)> = claimants
            .iter()
            .filter_map(|slot| Some((*slot, self.current.posts.get(*slot)?.clone())))
            .collect();
        let remembered = |(_, post): &&(Slot, Arc<Post>)| {
            self.holders.get(id).is_some_and(|holder| *holder == self.hold(post))
        };
        // The holder in the last snapshot keeps the id: subscribers know it by that.
        let held = |(slot, post): &&(Slot, Arc<Post>)| {
            let before = batch.touched.get(slot).map_or(Some(post), Option::as_ref);
            self.listed.contains(slot) && before.is_some_and(|before| *before.id == *id)
        };
        let first = posts.iter().find(remembered).or_else(|| posts.iter().find(held));
        let first = first.or_else(|| posts.iter().min_by_key(|(_, post)| precedence(post)));
        // A holder in an awaited source keeps the id.
        let is_away = !posts.iter().any(|post| remembered(&post)) && self.is_holder_awaited(id);
        if !is_away {
            let holder = first.filter(|_| posts.len() > 1).map(|(_, post)| self.hold(post));
            self.remember_holder(id, holder);
        }
        let Some(first) = first.map(|(slot, _)| *slot) else { return };
        self.rivals.settle(id, first);
        let has_id = |slot: Slot| slot == first && !is_away;
        let rejected = posts.iter().filter(|(slot, _)| !has_id(*slot)).map(|(_, post)| &**post);
        let names = Names::count(rejected);
        for (slot, post) in &posts {
            let source = &self.current.site.sources[usize::from(post.source)].name;
            let given: Box<str> =
                if has_id(*slot) { id.into() } else { names.make_id(id, post, source).into() };
            if post.id == given {
                continue;
            }
            self.touch(*slot, batch);
            if *given == *id {
                self.own_ids.remove(slot);
            } else {
                self.own_ids.insert(*slot, id.into());
            }
            self.current.posts.set(*slot, Some(Arc::new(Post { id: given, ..Post::clone(post) })));
        }
    }
}
