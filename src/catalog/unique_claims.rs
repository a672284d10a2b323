//! The values of the key `unique` of sources: of the visible posts with one value, only the first is listed.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::claims::{Claims, precedence};
use super::posts::Slot;
use super::snapshot::Snapshot;
use crate::post::{Post, UniqueKey};

/// The posts that claim each value, and the first of them. Posts without a value claim none.
#[derive(Debug, Default)]
pub(super) struct UniqueClaims {
    claims: Claims,
    /// Values whose first post must be determined for the next snapshot.
    unresolved: BTreeSet<UniqueKey>,
}

impl UniqueClaims {
    /// The posts of these slots claim their values if they are visible at `now`, and release them otherwise. Returns
    /// the slots of posts that may be listed from now on, or no longer.
    pub(super) fn update(
        &mut self,
        slots: impl Iterator<Item = Slot>,
        current: &Snapshot,
        now: DateTime<Utc>,
    ) -> Vec<Slot> {
        for (slot, post) in slots.filter_map(|slot| Some((slot, current.posts.get(slot)?))) {
            let Some(key) = post.unique else { continue };
            self.release(slot, post);
            if post.is_visible(now) && self.claims.claim(&key.to_string(), slot) {
                self.unresolved.insert(key);
            }
        }
        self.resolve(current)
    }

    /// Releases the value of a post.
    pub(super) fn release(&mut self, slot: Slot, post: &Post) {
        let Some(key) = post.unique else { return };
        if self.claims.release(&key.to_string(), slot) {
            self.unresolved.insert(key);
        }
    }

    /// Determines the post of each value that arrived first, if its claims have changed. Returns all claimants of these
    /// values.
    fn resolve(&mut self, current: &Snapshot) -> Vec<Slot> {
        let mut affected = Vec::new();
        while let Some(key) = self.unresolved.pop_first() {
            let name = key.to_string();
            let claimants = self.claims.claimants(&name);
            let known = claimants.iter().filter_map(|slot| Some((*slot, current.posts.get(*slot)?)));
            let first = known.min_by(|(_, one), (_, other)| {
                (one.arrival(), precedence(one)).cmp(&(other.arrival(), precedence(other)))
            });
            if let Some((first, _)) = first {
                self.claims.settle(&name, first);
            }
            affected.extend(claimants);
        }
        affected
    }

    /// Returns true if another visible post with the value of this one is listed in its place.
    pub(super) fn rejects(&self, slot: Slot, post: &Post) -> bool {
        let first = post.unique.and_then(|key| self.claims.holder(&key.to_string()));
        first.is_some_and(|first| first != slot)
    }
}
