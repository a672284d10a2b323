//! A response body that is part of a file. Blocking threads read it in pieces.

use std::fmt;
use std::fs::File;
use std::future::Future;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use actix_web::rt::task::{JoinHandle, spawn_blocking};
use actix_web::web::Bytes;
use tokio::sync::OwnedSemaphorePermit;

/// The byte range of a file that a response sends.
pub(super) struct FileBody {
    file: Arc<File>,
    part: Range<u64>,
    /// True for a HEAD request.
    is_head: bool,
    /// The read in progress.
    reading: Option<JoinHandle<io::Result<Bytes>>>,
    /// The permit that limits how many files are sent at the same time.
    permit: Option<OwnedSemaphorePermit>,
}

impl FileBody {
    pub(super) fn new(file: File, part: Range<u64>, is_head: bool) -> Self {
        Self { file: Arc::new(file), part, is_head, reading: None, permit: None }
    }

    /// Holds a permit until the file is sent.
    pub(super) fn hold(&mut self, permit: OwnedSemaphorePermit) {
        self.permit = Some(permit);
    }

    /// The number of bytes left to send.
    pub(super) fn length(&self) -> u64 {
        self.part.end - self.part.start
    }

    /// Reads all bytes that are left to send.
    pub(super) fn read(&self) -> io::Result<Bytes> {
        if self.is_head {
            Ok(Bytes::new())
        } else {
            read_piece(&self.file, self.part.start, self.length() as usize)
        }
    }

    /// Reads the next bytes, at most `piece`; `None` at the end.
    pub(super) fn poll_piece(
        &mut self,
        context: &mut Context<'_>,
        piece: usize,
    ) -> Poll<Option<io::Result<Bytes>>> {
        if self.is_head || self.part.is_empty() {
            return Poll::Ready(None);
        }
        let reading = self.reading.get_or_insert_with(|| {
            let (file, start) = (Arc::clone(&self.file), self.part.start);
            let length = (self.part.end - start).min(piece as u64) as usize;
            spawn_blocking(move || read_piece(&file, start, length))
        });
        let read = ready!(Pin::new(reading).poll(context));
        self.reading = None;
        let bytes = read.unwrap_or_else(|error| Err(io::Error::other(error)));
        if let Ok(bytes) = &bytes {
            self.part.start += bytes.len() as u64;
        }
        Poll::Ready(Some(bytes))
    }
}

fn read_piece(file: &File, start: u64, length: usize) -> io::Result<Bytes> {
    let mut bytes = vec![0; length];
    // If the file became shorter, the response ends before its announced length: the client sees that it is
    // incomplete.
    file.read_exact_at(&mut bytes, start)?;
    Ok(bytes.into())
}

impl fmt::Debug for FileBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let has_permit = self.permit.is_some();
        f.debug_struct("FileBody")
            .field("part", &self.part)
            .field("has_permit", &has_permit)
            .finish_non_exhaustive()
    }
}
