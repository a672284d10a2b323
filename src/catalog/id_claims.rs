//! Who is known by which id: claims, and who holds what several claim.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::claims::{Holder, Names, precedence};
use super::posts::Slot;
use super::writer::{Batch, Catalog};
use crate::post::Post;

impl Catalog {
    /// Tells who held which id before: it is theirs again as long as they claim it.
    pub fn remember(&mut self, holders: impl IntoIterator<Item = (Box<str>, Holder)>) {
        self.holders.extend(holders);
    }

    /// What changed of who holds the ids that several claim, since this was asked last.
    pub fn take_holders(&mut self) -> Vec<(Box<str>, Option<Holder>)> {
        let lost: Vec<Box<str>> = self
            .holders
            .iter()
            .filter(|(_, holder)| self.is_lost(holder))
            .map(|(id, _)| id.clone())
            .collect();
        for id in lost {
            self.remember_holder(&id, None);
            self.reopened.insert(id);
        }
        let changed = std::mem::take(&mut self.resettled);
        changed.into_iter().map(|id| (id.clone(), self.holders.get(&id).cloned())).collect()
    }

    /// Whether a holder is no more. One in a source that is still waited for may yet come.
    fn is_lost(&self, holder: &Holder) -> bool {
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

    /// Every touched post claims its id if it is visible, and lets go of it if it is not.
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

    /// Decides who of its claimants holds an id, and what the others are called.
    pub(super) fn settle_id(&mut self, id: &str, batch: &mut Batch) {
        let claimants = self.rivals.claimants(id);
        let posts: Vec<(Slot, Arc<Post>)> = claimants
            .iter()
            .filter_map(|slot| Some((*slot, self.current.posts.get(*slot)?.clone())))
            .collect();
        let remembered = |(_, post): &&(Slot, Arc<Post>)| {
            self.holders.get(id).is_some_and(|holder| *holder == self.hold(post))
        };
        // Who held the id in the last state keeps it: its subscribers know it by that.
        let held = |(slot, post): &&(Slot, Arc<Post>)| {
            let before = batch.touched.get(slot).map_or(Some(post), Option::as_ref);
            self.listed.contains(slot) && before.is_some_and(|before| *before.id == *id)
        };
        let first = posts.iter().find(remembered).or_else(|| posts.iter().find(held));
        let first = first.or_else(|| posts.iter().min_by_key(|(_, post)| precedence(post)));
        // One whose source is still waited for holds it as before.
        let is_away = !posts.iter().any(|post| remembered(&post)) && self.is_holder_awaited(id);
        if !is_away {
            let holder = first.filter(|_| posts.len() > 1).map(|(_, post)| self.hold(post));
            self.remember_holder(id, holder);
        }
        let Some(first) = first.map(|(slot, _)| *slot) else { return };
        self.rivals.settle(id, first);
        let has_id = |slot: Slot| slot == first && !is_away;
        let losers = posts.iter().filter(|(slot, _)| !has_id(*slot)).map(|(_, post)| &**post);
        let names = Names::count(losers);
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
