//! The bodies of the newest posts, compressed: what they last were is shown while their files can't be read.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{PoisonError, RwLock};

use xxhash_rust::xxh3::xxh3_128;

use crate::catalog::Snapshot;
use crate::post::{LARGEST, Text};

/// Bodies that are held.
const NEWEST: usize = 1000;

/// Bytes that they may take, compressed.
const MOST: usize = 64 << 20;

/// Bodies by the hashes of their bytes.
#[derive(Debug, Default)]
pub(super) struct Held {
    bodies: RwLock<HashMap<u128, Box<[u8]>>>,
}

impl Held {
    /// Whether a body is held.
    pub(super) fn has(&self, hash: u128) -> bool {
        self.bodies.read().unwrap_or_else(PoisonError::into_inner).contains_key(&hash)
    }

    /// A body as it was.
    pub(super) fn recall(&self, hash: u128) -> Option<Vec<u8>> {
        let bodies = self.bodies.read().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::new();
        let reader = zstd::Decoder::new(&**bodies.get(&hash)?).ok()?;
        reader.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
        (xxh3_128(&bytes) == hash).then_some(bytes)
    }

    /// Holds the bodies of a snapshot's newest posts, and beside them those that are `needed`; lets go of
    /// all others. Reads what is not held yet.
    pub(super) fn renew(&self, snapshot: &Snapshot, needed: impl Iterator<Item = u128>) {
        let mut wanted: HashSet<u128> = needed.collect();
        let mut missing = Vec::new();
        for post in snapshot.newest().take(NEWEST) {
            if wanted.insert(post.bytes_hash) && post.text == Text::InFile && !self.has(post.bytes_hash) {
                missing.push(post);
            }
        }
        let mut bodies = self.bodies.write().unwrap_or_else(PoisonError::into_inner);
        bodies.retain(|hash, _| wanted.contains(hash));
        let mut size: usize = bodies.values().map(|body| body.len()).sum();
        drop(bodies);
        for post in missing {
            let root = &snapshot.site.sources[usize::from(post.source)].root;
            // A file that is another by now is on its way into the next snapshot.
            let Ok(bytes) = read(&root.join(&*post.path)) else { continue };
            if xxh3_128(&bytes) != post.bytes_hash {
                continue;
            }
            let Ok(body) = zstd::encode_all(&*bytes, 1) else { continue };
            size += body.len();
            if size > MOST {
                return;
            }
            let mut bodies = self.bodies.write().unwrap_or_else(PoisonError::into_inner);
            bodies.insert(post.bytes_hash, body.into());
        }
    }
}

/// All bytes of a file, as far as a post may be long.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
