//! Rendered feeds, made once for each fingerprint and kept within a weight.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::catalog::{Live, Snapshot};
use crate::feed::{Address, Bodies, Entries, Feed, Fingerprint, build, plan, write};

/// How long a rendering waits for the snapshot that a changed file is on its way to.
const PATIENCE: Duration = Duration::from_secs(1);

/// The bytes of feeds by fingerprint. Those of unchanged feeds survive every new snapshot.
pub(super) struct Renderings {
    cache: Cache<Fingerprint, Bytes, ByBytes>,
    entries: Entries,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<Fingerprint, Bytes> for ByBytes {
    fn weight(&self, _: &Fingerprint, bytes: &Bytes) -> u64 {
        bytes.len() as u64 + 128
    }
}

impl Renderings {
    /// Keeps `capacity` bytes: half of them rendered feeds, half entries that other feeds may need.
    pub(super) fn new(capacity: u64, bodies: Arc<dyn Bodies>) -> Self {
        let half = capacity / 2;
        let expected = (half / 65_536).clamp(16, 10_000) as usize;
        Self { cache: Cache::with_weighter(expected, half, ByBytes), entries: Entries::new(half, bodies) }
    }

    /// A rendering made before.
    pub(super) fn get(&self, fingerprint: Fingerprint) -> Option<Bytes> {
        self.cache.get(&fingerprint)
    }

    /// The feed at an address, rendered: on this snapshot, or on a newer one if a file changed
    /// meanwhile. `None` if no complete one can be had in a second. Blocks the thread.
    pub(super) fn render(
        &self,
        live: &Live,
        mut snapshot: Arc<Snapshot>,
        address: &Address,
    ) -> Option<Rendered> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let feed = plan(&snapshot, address.clone());
            let fingerprint = feed.fingerprint(&snapshot);
            // Whoever comes second waits for the first and finds its bytes.
            let made = self.cache.get_or_insert_with(&fingerprint, || {
                build(&snapshot, &feed, &self.entries)
                    .map(|document| Bytes::from(write(&document, address.format)))
            });
            if let Ok(bytes) = made {
                return Some(Rendered { snapshot, feed, fingerprint, bytes });
            }
            let patience = deadline.saturating_duration_since(Instant::now());
            snapshot = live.wait_newer(snapshot.revision, patience)?;
        }
    }
}

/// A rendering and what it was made from.
pub(super) struct Rendered {
    pub(super) snapshot: Arc<Snapshot>,
    pub(super) feed: Feed,
    pub(super) fingerprint: Fingerprint,
    pub(super) bytes: Bytes,
}
