//! Plan → body: renders, encodes and caches. Each body is made once per fingerprint and coding.

use std::sync::Arc;
use std::time::Instant;

use super::body::Body;
use super::coding::Coding;
use super::metrics::Metrics;
use super::plan::Subject;
use crate::catalog::Snapshot;
use crate::config::Embeds;
use crate::feed::{
    Document, Entries, Feed, Fingerprint, Unread, WeightedCache, build, count_allocated, new_cache, write,
    write_opml,
};
use crate::page::write_group;

/// Makes bodies and caches them. Bodies of unchanged feeds stay cached across snapshots.
pub(super) struct Renderer {
    bodies: WeightedCache<(Fingerprint, Coding), Body>,
    entries: Arc<Entries>,
    metrics: Arc<Metrics>,
}

impl Renderer {
    /// Caches bodies of `capacity` bytes, and renders `entries`.
    pub(super) fn new(capacity: u64, entries: Arc<Entries>, metrics: Arc<Metrics>) -> Self {
        let bodies = new_cache(capacity, 32 << 10, |_, body: &Body| count_allocated(body.len()) + 160);
        Self { bodies, entries, metrics }
    }

    /// The cache of entries.
    pub(super) fn entries(&self) -> &Arc<Entries> {
        &self.entries
    }

    /// Sets the capacity of the cache in bytes.
    pub(super) fn resize(&self, capacity: u64) {
        self.bodies.set_capacity(capacity);
    }

    /// The bytes in the cache.
    pub(super) fn weight(&self) -> u64 {
        self.bodies.weight()
    }

    /// Returns a cached body.
    pub(super) fn get(&self, fingerprint: Fingerprint, coding: Coding) -> Option<Body> {
        self.bodies.get(&(fingerprint, coding))
    }

    /// Returns a cached body, or makes it. A second caller waits for the first and gets its bytes. Blocks the thread.
    ///
    /// # Errors
    /// The error of `make`.
    pub(super) fn get_or_make(
        &self,
        fingerprint: Fingerprint,
        coding: Coding,
        make: &dyn Fn() -> Result<Vec<u8>, Unread>,
    ) -> Result<Body, Unread> {
        self.bodies.get_or_insert_with(&(fingerprint, coding), || match coding {
            Coding::Identity => make().map(Body::to_keep),
            coding => {
                let body = self.get_or_make(fingerprint, Coding::Identity, make)?;
                // Encoding in memory should not fail; if it does, nothing is cached.
                coding.encode(&body).map(Body::to_keep).map_err(|_| Unread::Changed)
            }
        })
    }

    /// Renders a body. Blocks the thread.
    ///
    /// # Errors
    /// [`Unread`] if files are not as the snapshot knows them.
    pub(super) fn render(&self, snapshot: &Snapshot, subject: &Subject) -> Result<Vec<u8>, Unread> {
        let started = Instant::now();
        let body = match subject {
            Subject::Group(group, filter) => {
                return Ok(write_group(snapshot, *group, filter.as_deref()).into());
            }
            Subject::Opml => return write_opml(snapshot).map_err(|_| Unread::Changed),
            Subject::Feed(feed) => write(&self.build(snapshot, feed)?, feed.address.format),
            Subject::FeedPage(feed, page, _) => page.write(snapshot, &self.build(snapshot, feed)?),
            Subject::Entry(post, page) => {
                page.write(snapshot, &self.entries.get(&snapshot.site, post, Embeds::Link)?)
            }
        };
        self.metrics.count_render(started.elapsed());
        Ok(body.into())
    }

    fn build(&self, snapshot: &Snapshot, feed: &Feed) -> Result<Document, Unread> {
        build(snapshot, feed, &self.entries)
    }
}
