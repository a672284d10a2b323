//! What is stored of the arrival of a post, and what identifies it over restarts.

use xxhash_rust::xxh3::Xxh3;

use crate::post::Arrival;

/// Identifies a post by its source and its id, over restarts.
pub type ArrivalKey = u128;

/// The arrival of a post, as it is stored: only if it is not the date of its publication, or if the post is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// The time of its arrival.
    pub at: Arrival,
    /// The hash of its source and of the bytes of its file.
    pub bytes: u64,
    /// The time since which it is gone, in Unix seconds.
    pub gone: Option<i64>,
}

/// What a ledger says of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fact<'f> {
    /// The name of its source.
    pub source: &'f str,
    /// The path of its file, relative to the source's root.
    pub path: &'f str,
    /// The time at which it was first seen.
    pub seen: Arrival,
    /// The id that it had then.
    pub id: &'f str,
    /// The hash of the bytes of its file.
    pub hash: u128,
}

/// The key of a post.
pub(super) fn hash_id(source: &str, id: &str) -> ArrivalKey {
    hash(source, id.as_bytes()).digest128()
}

/// The hash of a source and of the bytes of a file.
pub(super) fn hash_bytes(source: &str, bytes: u128) -> u64 {
    hash(source, &bytes.to_le_bytes()).digest()
}

/// The hash of a source and of the path of a file.
pub(super) fn hash_path(source: &str, path: &str) -> u64 {
    hash(source, path.as_bytes()).digest()
}

fn hash(source: &str, own: &[u8]) -> Xxh3 {
    let mut hasher = Xxh3::new();
    hasher.update(&(source.len() as u64).to_le_bytes());
    hasher.update(source.as_bytes());
    hasher.update(own);
    hasher
}
