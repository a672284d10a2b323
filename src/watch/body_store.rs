//! Files of posts, read again for their entries.

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

/// Where readers tell the writer of files that are not what the catalog knows. Before a writer
/// runs, and without one, nobody listens.
#[derive(Debug, Clone, Default)]
pub struct StaleReports {
    writer: Arc<Mutex<Option<Sender<Signal>>>>,
}

impl StaleReports {
    pub(super) fn listen(&self, writer: Sender<Signal>) {
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(writer);
    }

    /// Lets the writer read the configuration again and look at everything.
    pub fn rescan(&self) {
        self.send(Signal::Rescan);
    }

    pub(super) fn send(&self, signal: Signal) {
        if let Some(writer) = &*self.writer.lock().unwrap_or_else(PoisonError::into_inner) {
            // A writer that is gone needs no word of it: the server is stopping.
            let _ = writer.send(signal);
        }
    }
}

/// Reads bodies from the disk, and holds those of the newest posts.
#[derive(Debug)]
pub struct DiskBodies {
    stale_reports: StaleReports,
    readers: Readers,
    held: Arc<BodyCache>,
}

impl DiskBodies {
    /// Tells `stale_reports` of files that changed.
    pub fn new(stale_reports: StaleReports) -> Self {
        Self { stale_reports, readers: Readers::default(), held: Arc::default() }
    }

    /// The bodies of the newest posts.
    pub(super) fn held(&self) -> Arc<BodyCache> {
        Arc::clone(&self.held)
    }

    /// Holds the bodies of a snapshot's newest posts, for who reads them once.
    pub fn hold(&self, snapshot: &Snapshot) {
        self.renew(snapshot, std::iter::empty());
    }

    /// Whether the body that a post last had is held.
    pub(super) fn holds(&self, post: &Post) -> bool {
        self.held.has(post.bytes_hash)
    }

    /// Holds the bodies of a snapshot's newest posts, and those with the `needed` hashes.
    pub(super) fn renew(&self, snapshot: &Snapshot, needed: impl Iterator<Item = u128>) {
        self.held.renew(snapshot, needed, &self.readers);
    }
}

impl Bodies for DiskBodies {
    fn read(&self, source: &Source, post: &Post) -> Result<Vec<u8>, Unread> {
        let path = source.root.join(&*post.path);
        match self.readers.read(&source.root, &path) {
            Ok(bytes) if xxh3_128(&bytes) == post.bytes_hash => Ok(bytes),
            // A scan would not be answered either.
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
