//! Keeps the last known good bodies of posts whose files cannot be read, as far as they are cached.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::cache::BodyCache;
use super::store::DiskBodies;
use crate::catalog::{Catalog, Change, Site, Snapshot};
use crate::feed::Entries;
use crate::post::{Post, SourceId, Text};

/// The last known good bodies of posts.
pub(crate) struct LastGood {
    bodies: Arc<DiskBodies>,
    entries: Arc<Entries>,
    /// Posts whose files cannot be read, by source and path, with the hashes of their last known good versions.
    broken: BTreeMap<(SourceId, Arc<str>), u128>,
}

impl LastGood {
    pub(crate) fn new(bodies: Arc<DiskBodies>, entries: Arc<Entries>) -> Self {
        Self { bodies, entries, broken: BTreeMap::new() }
    }

    /// The cache of the bodies of the newest posts.
    pub(crate) fn cache(&self) -> Arc<BodyCache> {
        self.bodies.cache()
    }

    /// Forgets the broken posts: every post is read again.
    pub(crate) fn clear(&mut self) {
        self.broken.clear();
    }

    /// Sets `kept` in each change that breaks a post: true if its body or its rendered entry is cached. `before` is
    /// the snapshot that readers see.
    pub(crate) fn keep(&mut self, catalog: &Catalog, before: Option<&Snapshot>, changes: &mut [Change]) {
        let mut last: Option<Post> = None;
        for change in changes {
            match change {
                Change::Put(post, _) => {
                    self.broken.remove(&(post.source, Arc::clone(&post.path)));
                    last = Some(Post::clone(post));
                }
                Change::Remove { source, path, .. } => {
                    self.broken.remove(&(*source, Arc::clone(path)));
                }
                Change::Keep(_) | Change::Media { .. } => {}
                Change::Break { source, path, kept, .. } => {
                    // A post that is carried over from another catalog comes just before the change that breaks it.
                    let own = last.take().filter(|post| post.source == *source && post.path == *path);
                    let Some(post) = own.or_else(|| catalog.find(*source, path)) else { continue };
                    let pin = || {
                        let seen = before.and_then(|before| find_in(&before.site, catalog.site(), &post));
                        seen.is_some_and(|(site, post)| self.entries.pin(site, &post))
                    };
                    *kept = post.text != Text::Unavailable && (self.bodies.holds(&post) || pin());
                    self.broken.insert((*source, Arc::clone(path)), post.bytes_hash);
                }
            }
        }
    }

    /// Caches the bodies of a snapshot's newest posts, and those of the broken posts.
    pub(crate) fn renew(&self, snapshot: &Snapshot) {
        self.bodies.renew(snapshot, self.broken.values().copied());
        let broken: HashSet<u128> = self.broken.values().copied().collect();
        self.entries.release(|hash| broken.contains(&hash));
    }
}

/// A post as it was in a site that was served before: its source may have had another place.
fn find_in<'s>(site: &'s Site, now: &Site, post: &Post) -> Option<(&'s Site, Post)> {
    let own = &now.sources[usize::from(post.source)];
    let place = site.sources.iter().position(|known| known.reads_same_folder(own))?;
    Some((site, Post { source: SourceId::new(place), ..post.clone() }))
}
