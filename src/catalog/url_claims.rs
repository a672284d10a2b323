//! The URLs of posts: the first post with a URL holds it, and others are reported.

use super::claims::Claims;
use super::posts::{Posts, Slot};
use crate::post::Post;

/// The posts that claim each URL, and the first of them.
#[derive(Debug, Default)]
pub(super) struct UrlClaims {
    claims: Claims,
}

impl UrlClaims {
    pub(super) fn claim(&mut self, slot: Slot, post: &Post) {
        self.claims.claim(&post.address, slot);
    }

    /// Releases the URL of a post. The first of the remaining claimants becomes its holder.
    pub(super) fn release(&mut self, slot: Slot, post: &Post) {
        self.claims.release(&post.address, slot);
        if self.claims.holder(&post.address).is_none()
            && let Some(next) = self.claims.claimants(&post.address).first()
        {
            self.claims.settle(&post.address, *next);
        }
    }

    /// Returns true if the claim of a URL of several posts has changed since the last call.
    pub(super) fn take_changed(&mut self) -> bool {
        self.claims.take_changed()
    }

    /// Every post with the URL of another post, and that other post.
    pub(super) fn conflicts(&self, posts: &Posts) -> impl Iterator<Item = (Slot, Slot)> {
        self.claims.rejected().filter_map(|slot| {
            let holder = self.claims.holder(&posts.get(slot)?.address)?;
            Some((slot, holder))
        })
    }
}
