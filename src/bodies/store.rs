//! Reads the bodies of posts again when their entries are rendered.

use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use xxhash_rust::xxh3::xxh3_128;

use super::cache::{BodyCache, unpack};
use super::readers::Readers;
use crate::catalog::Snapshot;
use crate::feed::{Bodies, Unread};
use crate::file;
use crate::post::{Post, Source};
use crate::site;

/// Reads bodies from the disk, and caches those of the newest posts.
#[derive(Default)]
pub struct DiskBodies {
    /// Called with each file that differs from the catalog. Without it, the file is not reported.
    report_stale: OnceLock<Box<dyn Fn(PathBuf) + Send + Sync>>,
    readers: Readers,
    cache: Arc<BodyCache>,
}

impl DiskBodies {
    /// Sets the function to which files that differ from the catalog are reported. Only the first one is used.
    pub(crate) fn report_stale_to(&self, report: impl Fn(PathBuf) + Send + Sync + 'static) {
        let _ = self.report_stale.set(Box::new(report));
    }

    /// The cache of the bodies of the newest posts.
    pub(crate) fn cache(&self) -> Arc<BodyCache> {
        Arc::clone(&self.cache)
    }

    /// Caches the bodies of a snapshot's newest posts, for commands that read them once.
    pub fn hold(&self, snapshot: &Snapshot) {
        self.renew(snapshot, std::iter::empty());
    }

    /// Returns true if the last known body of a post is cached.
    pub(crate) fn holds(&self, post: &Post) -> bool {
        self.cache.has(post.bytes_hash)
    }

    /// Caches the bodies of a snapshot's newest posts, and those with the `needed` hashes.
    pub(crate) fn renew(&self, snapshot: &Snapshot, needed: impl Iterator<Item = u128>) {
        self.cache.renew(snapshot, needed, &self.readers);
    }
}

impl Bodies for DiskBodies {
    fn read(&self, source: &Source, post: &Post) -> Result<Vec<u8>, Unread> {
        let path = source.root.join(&*post.path);
        match self.readers.read(&source.root, &path) {
            Ok(bytes) if xxh3_128(&bytes) == post.bytes_hash => Ok(bytes),
            // A scan would get no answer either.
            Err(file::Error::Unanswered) => Err(Unread::Unanswered),
            _ => {
                if let Some(report) = self.report_stale.get() {
                    report(path);
                }
                Err(Unread::Changed)
            }
        }
    }

    fn find_kept(&self, post: &Post) -> Option<Arc<[u8]>> {
        self.cache.find(post.bytes_hash)
    }

    fn open_media(&self, source: &Source, path: &str) -> Option<File> {
        site::open(source, path)
    }

    fn unpack(&self, kept: &[u8]) -> Option<Vec<u8>> {
        unpack(kept)
    }
}
