//! The cache of rendered bodies in every content coding: each is made once per fingerprint. Bounded by weight.

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::body::Body;
use super::coding::Coding;
use crate::feed::{Fingerprint, Unread, count_allocated, new_cache};

/// Bodies by fingerprint and coding. Bodies of unchanged feeds stay cached across snapshots.
pub(super) struct Renderings {
    cache: Cache<(Fingerprint, Coding), Body, ByBytes>,
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<(Fingerprint, Coding), Body> for ByBytes {
    fn weight(&self, _: &(Fingerprint, Coding), body: &Body) -> u64 {
        count_allocated(body.len()) as u64 + 160
    }
}

impl Renderings {
    /// Makes a cache of `capacity` bytes.
    pub(super) fn new(capacity: u64) -> Self {
        let expected = (capacity / 32_768).clamp(16, 20_000) as usize;
        Self { cache: new_cache(expected, capacity, ByBytes) }
    }

    /// Returns a cached body.
    pub(super) fn get(&self, fingerprint: Fingerprint, coding: Coding) -> Option<Body> {
        self.cache.get(&(fingerprint, coding))
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
        self.cache.get_or_insert_with(&(fingerprint, coding), || match coding {
            Coding::Identity => make().map(Body::to_keep),
            coding => {
                let body = self.get_or_make(fingerprint, Coding::Identity, make)?;
                // Encoding in memory should not fail; if it does, nothing is cached.
                coding.encode(&body).map(Body::to_keep).map_err(|_| Unread::Changed)
            }
        })
    }

    /// Sets the capacity in bytes.
    pub(super) fn resize(&self, capacity: u64) {
        self.cache.set_capacity(capacity);
    }

    pub(super) fn weight(&self) -> u64 {
        self.cache.weight()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_of_almost_the_whole_cache_is_kept_on_any_number_of_cores_and_counts_its_allocated_size() {
        let renderings = Renderings::new(1_300_000);
        let fingerprint = Fingerprint(1);
        let mut made = Vec::with_capacity(2 << 20);
        made.resize(1_000_000, b'x');
        let body = renderings.get_or_make(fingerprint, Coding::Identity, &|| Ok(made.clone()));
        assert_eq!(body.map(|body| body.len()), Ok(1_000_000));
        assert!(renderings.get(fingerprint, Coding::Identity).is_some());
        // 2^20 is the allocator's next size.
        assert_eq!(renderings.weight(), (1 << 20) / 8 * 9 + 160);
    }
}
