//! Files of posts, read again for their entries.

use std::fs::File;
use std::io::Read;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_128;

use super::signal::Signal;
use crate::feed::{Bodies, Unread};
use crate::post::{LARGEST, Post, Source};

/// Where readers tell the writer of files that are not what the catalog knows. Before a writer
/// runs, and without one, nobody listens.
#[derive(Debug, Clone, Default)]
pub struct Doubts {
    writer: Arc<Mutex<Option<Sender<Signal>>>>,
}

impl Doubts {
    pub(super) fn listen(&self, writer: Sender<Signal>) {
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(writer);
    }

    /// Lets the writer look at everything.
    pub fn rescan(&self) {
        self.send(Signal::Rescan);
    }

    fn send(&self, signal: Signal) {
        if let Some(writer) = &*self.writer.lock().unwrap_or_else(PoisonError::into_inner) {
            // A writer that is gone needs no word of it: the server is stopping.
            let _ = writer.send(signal);
        }
    }
}

/// Reads bodies from the disk.
#[derive(Debug)]
pub struct DiskBodies {
    doubts: Doubts,
}

impl DiskBodies {
    /// Tells `doubts` of files that changed.
    pub fn new(doubts: Doubts) -> Self {
        Self { doubts }
    }
}

impl Bodies for DiskBodies {
    fn read(&self, source: &Source, post: &Post) -> Result<Vec<u8>, Unread> {
        let path = source.root.join(&*post.path);
        let mut bytes = Vec::new();
        let read = File::open(&path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
        if read.is_ok() && xxh3_128(&bytes) == post.bytes_hash {
            return Ok(bytes);
        }
        self.doubts.send(Signal::Doubt(path));
        Err(Unread::Changed)
    }
}
