//! Reads the bodies of posts again when their entries are rendered.

use std::fs::File;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_128;

use super::body_cache::{BodyCache, unpack};
use super::readers::Readers;
use super::signal::Signal;
use super::site_media;
use crate::catalog::Snapshot;
use crate::feed::{Bodies, Unread};
use crate::file;
use crate::post::{Post, Source};

/// The channel on which readers report to the writer files that differ from the catalog. Without a running writer,
/// reports are dropped.
#[derive(Debug, Clone, Default)]
pub struct StaleReports {
    writer: Arc<Mutex<Option<Sender<Signal>>>>,
}

impl StaleReports {
    pub(super) fn listen(&self, writer: Sender<Signal>) {
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(writer);
    }

    /// Asks the writer to read the configuration again and to rescan everything.
    pub fn rescan(&self) {
        self.send(Signal::Rescan);
    }

    pub(super) fn send(&self, signal: Signal) {
        if let Some(writer) = &*self.writer.lock().unwrap_or_else(PoisonError::into_inner) {
            // A writer that has ended needs no report: the server is stopping.
            let _ = writer.send(signal);
        }
    }
}

/// Reads bodies from the disk, and caches those of the newest posts.
#[derive(Debug)]
pub struct DiskBodies {
    stale_reports: StaleReports,
    readers: Readers,
    held: Arc<BodyCache>,
}

impl DiskBodies {
    /// Creates a store that reports files that changed to `stale_reports`.
    pub fn new(stale_reports: StaleReports) -> Self {
        Self { stale_reports, readers: Readers::default(), held: Arc::default() }
    }

    /// The cache of the bodies of the newest posts.
    pub(super) fn held(&self) -> Arc<BodyCache> {
        Arc::clone(&self.held)
    }

    /// Caches the bodies of a snapshot's newest posts, for commands that read them once.
    pub fn hold(&self, snapshot: &Snapshot) {
        self.renew(snapshot, std::iter::empty());
    }

    /// Returns true if the last known body of a post is cached.
    pub(super) fn holds(&self, post: &Post) -> bool {
        self.held.has(post.bytes_hash)
    }

    /// Caches the bodies of a snapshot's newest posts, and those with the `needed` hashes.
    pub(super) fn renew(&self, snapshot: &Snapshot, needed: impl Iterator<Item = u128>) {
        self.held.renew(snapshot, needed, &self.readers);
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
                self.stale_reports.send(Signal::Stale(path));
                Err(Unread::Changed)
            }
        }
    }

    fn find_kept(&self, post: &Post) -> Option<Arc<[u8]>> {
        self.held.find(post.bytes_hash)
    }

    fn open_media(&self, source: &Source, path: &str) -> Option<File> {
        site_media::open(source, path)
    }

    fn unpack(&self, kept: &[u8]) -> Option<Vec<u8>> {
        unpack(kept)
    }
}
