//! The bodies of the newest posts, compressed. They are served while the files of the posts cannot be read.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::Read;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use parking_lot::RwLock;
use xxhash_rust::xxh3::xxh3_128;

use super::readers::{Readers, Reading};
use crate::catalog::Snapshot;
use crate::limits::POST_BYTES;
use crate::post::{Post, Text};

/// The number of newest posts whose bodies are cached.
const NEWEST: usize = 1000;

/// The number of bodies that are read at the same time.
const AT_ONCE: usize = 32;

/// The maximum size of all bodies in bytes, compressed.
const MAX_BYTES: usize = 64 << 20;

/// Bodies by the hashes of their bytes.
#[derive(Debug, Default)]
pub(crate) struct BodyCache {
    bodies: RwLock<Bodies>,
}

#[derive(Debug, Default)]
struct Bodies {
    compressed: HashMap<u128, Arc<[u8]>>,
    /// The size of all bodies in bytes.
    size: usize,
    /// Hashes of bodies that no newest post has any more: readers may still use an older snapshot.
    left: VecDeque<u128>,
    /// The publication date of the oldest of the newest posts, once it is known.
    floor: Option<DateTime<Utc>>,
}

impl Bodies {
    fn insert(&mut self, hash: u128, body: Arc<[u8]>) {
        if self.size + body.len() <= MAX_BYTES {
            self.size += body.len();
            if let Some(before) = self.compressed.insert(hash, body) {
                self.size -= before.len();
            }
        }
    }

    /// Evicts bodies that are not wanted, except for the most recent [`NEWEST`] of them.
    fn evict(&mut self, wanted: &HashSet<u128>) {
        self.left.retain(|hash| !wanted.contains(hash));
        let known: HashSet<u128> = self.left.iter().copied().collect();
        let leaving = self.compressed.keys().filter(|hash| !wanted.contains(hash) && !known.contains(hash));
        self.left.extend(leaving.copied());
        while self.left.len() > NEWEST {
            let Some(hash) = self.left.pop_front() else { break };
            if let Some(body) = self.compressed.remove(&hash) {
                self.size -= body.len();
            }
        }
    }
}

impl BodyCache {
    /// Returns true if a body is cached.
    pub(crate) fn has(&self, hash: u128) -> bool {
        self.bodies.read().compressed.contains_key(&hash)
    }

    /// A compressed body.
    pub(crate) fn find(&self, hash: u128) -> Option<Arc<[u8]>> {
        self.bodies.read().compressed.get(&hash).cloned()
    }

    /// Caches the bytes of a post that was read, if the post may be among the newest: its file may change before a
    /// reader requests it. The newest posts are known only after everything was read once.
    pub(crate) fn offer(&self, post: &Post, bytes: &[u8]) {
        let is_newest = self.bodies.read().floor.is_some_and(|floor| post.published >= floor);
        if is_newest && let Ok(body) = zstd::encode_all(bytes, 1) {
            self.bodies.write().insert(post.bytes_hash, body.into());
        }
    }

    /// Caches the bodies of a snapshot's newest posts and those that are `needed`, and evicts most others. Reads
    /// bodies that are not cached yet.
    pub(super) fn renew(&self, snapshot: &Snapshot, needed: impl Iterator<Item = u128>, readers: &Readers) {
        let mut wanted: HashSet<u128> = needed.collect();
        let (mut missing, mut count, mut floor) = (Vec::new(), 0_usize, DateTime::<Utc>::MAX_UTC);
        let newest = snapshot.visible().take(NEWEST).inspect(|post| {
            (count, floor) = (count + 1, post.published);
        });
        // A scheduled post must be complete when it appears.
        for post in newest.chain(snapshot.upcoming().take(NEWEST)) {
            if wanted.insert(post.bytes_hash) && post.text == Text::InFile && !self.has(post.bytes_hash) {
                missing.push(post);
            }
        }
        let mut bodies = self.bodies.write();
        bodies.evict(&wanted);
        // As long as there are few, any post is one of the newest.
        bodies.floor = Some(if count < NEWEST { DateTime::<Utc>::MIN_UTC } else { floor });
        drop(bodies);
        // The compressor is created once: for a small body, that costs more than compressing it.
        let Ok(mut compressor) = zstd::bulk::Compressor::new(1) else { return };
        for batch in missing.chunks(AT_ONCE) {
            let start = |post: &&Arc<Post>| {
                let root = &snapshot.site.sources[usize::from(post.source)].root;
                readers.start(root, &root.join(&*post.path))
            };
            let readings: Vec<_> = batch.iter().map(start).collect();
            for (post, reading) in batch.iter().zip(readings) {
                // A file that has changed by now will be in the next snapshot.
                if let Ok(bytes) = reading.and_then(Reading::wait)
                    && xxh3_128(&bytes) == post.bytes_hash
                    && let Ok(body) = compressor.compress(&bytes)
                {
                    self.bodies.write().insert(post.bytes_hash, body.into());
                }
            }
        }
    }
}

/// Decompresses a body.
pub(crate) fn unpack(kept: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    zstd::Decoder::new(kept).ok()?.take(POST_BYTES + 1).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
