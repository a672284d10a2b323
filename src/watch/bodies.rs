//! Files of posts, read again for their entries.

use std::fs::File;
use std::io::Read;
use std::sync::mpsc::Sender;

use xxhash_rust::xxh3::xxh3_128;

use super::writer::Signal;
use crate::feed::{Bodies, Unread};
use crate::post::{LARGEST, Post, Source};

/// Reads bodies from the disk. A file that is not what the catalog knows is reported to the writer.
#[derive(Debug)]
pub struct DiskBodies {
    writer: Option<Sender<Signal>>,
}

impl DiskBodies {
    /// Reads for a catalog that nobody keeps current.
    pub fn unwatched() -> Self {
        Self { writer: None }
    }

    pub(super) fn watched(writer: Sender<Signal>) -> Self {
        Self { writer: Some(writer) }
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
        if let Some(writer) = &self.writer {
            // A writer that is gone needs no word of it: the server is stopping.
            let _ = writer.send(Signal::Doubt(path));
        }
        Err(Unread::Changed)
    }
}
