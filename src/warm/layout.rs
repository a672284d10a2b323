//! The layout of the file: blocks of posts and a table of shared texts for each source, then a head that lists them, then
//! a trailer of fixed size. Posts are in the order of feeds, so that nothing is sorted at a start.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::LazyLock;
use std::time::UNIX_EPOCH;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use crate::config::{Problem, Severity};
use crate::limits::CATALOG_PART_BYTES;

/// The first bytes of the trailer.
const MAGIC: [u8; 8] = *b"feedmill";

/// The size of the trailer: the magic, the build, place and length of the head, and its checksum.
const TRAILER: usize = 8 + 16 + 8 + 8 + 16;

/// The reason that a stored catalog cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    #[error("it is damaged")]
    Damaged,
    #[error("another build of feedmill wrote it")]
    OtherBuild,
    #[error("it is from {0}, and the clock shows an earlier time")]
    FromFuture(DateTime<Utc>),
    #[error("a part of it has more than {CATALOG_PART_BYTES} bytes")]
    TooLarge,
}

impl From<postcard::Error> for Error {
    fn from(_: postcard::Error) -> Self {
        Self::Damaged
    }
}

/// A part of the file.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Span {
    offset: u64,
    length: u64,
    checksum: [u8; 16],
}

impl Span {
    /// The part with these bytes at an offset.
    pub(super) fn new(offset: u64, bytes: &[u8]) -> Self {
        Self { offset, length: bytes.len() as u64, checksum: xxh3_128(bytes).to_le_bytes() }
    }

    /// The length in bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Reads the part into a buffer and checks it.
    pub(super) fn read<'b>(&self, file: &dyn ReadAt, buffer: &'b mut Vec<u8>) -> Result<&'b [u8], Error> {
        let end = self.offset.checked_add(self.length).ok_or(Error::Damaged)?;
        if end > file.length()? || self.length > CATALOG_PART_BYTES {
            return Err(Error::Damaged);
        }
        buffer.resize(self.length as usize, 0);
        file.read_at(buffer, self.offset)?;
        if xxh3_128(buffer).to_le_bytes() == self.checksum { Ok(buffer) } else { Err(Error::Damaged) }
    }
}

/// Bytes that are read at any place.
pub(super) trait ReadAt: Sync {
    /// The number of bytes.
    fn length(&self) -> io::Result<u64>;

    /// Fills a buffer from an offset on.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;
}

impl ReadAt for File {
    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        self.read_exact_at(buffer, offset)
    }
}

/// A time with its nanoseconds.
pub(super) type Time = (i64, u32);

pub(super) fn to_time(time: DateTime<Utc>) -> Time {
    (time.timestamp(), time.timestamp_subsec_nanos())
}

pub(super) fn from_time((seconds, nanoseconds): Time) -> Result<DateTime<Utc>, Error> {
    DateTime::from_timestamp(seconds, nanoseconds).ok_or(Error::Damaged)
}

/// The head of the file.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Head<'a> {
    pub(super) revision: u64,
    pub(super) made: Time,
    #[serde(borrow)]
    pub(super) problems: Vec<ProblemRecord<'a>>,
    pub(super) duplicates: u64,
    pub(super) sources: Vec<SourceHead>,
}

/// The parts of one source.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SourceHead {
    /// The hash of the settings with which its posts were read.
    pub(super) settings_hash: u128,
    /// The index that it had among the sources.
    pub(super) number: u16,
    /// The sum of the hashes of its visible posts, which depend on that index.
    pub(super) digest: u128,
    pub(super) table: Span,
    /// Blocks of posts: the visible ones in the order of feeds, then the others.
    pub(super) visible: Vec<Span>,
    pub(super) hidden: Vec<Span>,
}

/// A problem, and the time since which it has been reported.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ProblemRecord<'a> {
    file: &'a str,
    place: (u32, u32),
    is_error: bool,
    message: &'a str,
    since: Time,
}

impl<'a> ProblemRecord<'a> {
    pub(super) fn new(problem: &'a Problem, since: DateTime<Utc>) -> Self {
        Self {
            file: &problem.file,
            place: (problem.line, problem.column),
            is_error: problem.severity == Severity::Error,
            message: &problem.message,
            since: to_time(since),
        }
    }

    pub(super) fn to_problem(&self) -> Result<(Problem, DateTime<Utc>), Error> {
        let make = if self.is_error { Problem::error } else { Problem::warning };
        Ok((make(self.file.to_owned(), self.message.to_owned()).at(self.place), from_time(self.since)?))
    }
}

/// The trailer for a head at an offset.
pub(super) fn make_trailer(offset: u64, head: &[u8], build: u128) -> Vec<u8> {
    let mut trailer = Vec::with_capacity(TRAILER);
    trailer.extend(MAGIC);
    trailer.extend(build.to_le_bytes());
    trailer.extend(offset.to_le_bytes());
    trailer.extend((head.len() as u64).to_le_bytes());
    let checksum = check(&trailer, head);
    trailer.extend(checksum);
    trailer
}

/// Reads the bytes of the head.
pub(super) fn read_head(file: &dyn ReadAt, build: u128) -> Result<Vec<u8>, Error> {
    let at = file.length()?.checked_sub(TRAILER as u64).ok_or(Error::Damaged)?;
    let mut trailer = [0; TRAILER];
    file.read_at(&mut trailer, at)?;
    let number =
        |at: usize| trailer[at..at + 8].iter().rev().fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
    if trailer[..8] != MAGIC {
        return Err(Error::Damaged);
    }
    if trailer[8..24] != build.to_le_bytes() {
        return Err(Error::OtherBuild);
    }
    let (offset, length) = (number(24), number(32));
    if length > CATALOG_PART_BYTES || offset.checked_add(length) != Some(at) {
        return Err(Error::Damaged);
    }
    let mut head = vec![0; length as usize];
    file.read_at(&mut head, offset)?;
    if check(&trailer[..40], &head) == trailer[40..] { Ok(head) } else { Err(Error::Damaged) }
}

fn check(trailer: &[u8], head: &[u8]) -> [u8; 16] {
    let mut hasher = Xxh3::new();
    hasher.update(trailer);
    hasher.update(head);
    hasher.digest128().to_le_bytes()
}

/// A hash that differs between builds of the program: of its version, and of the path, size and time of its file when
/// it was first needed.
pub(super) static BUILD: LazyLock<u128> = LazyLock::new(|| {
    let program = std::env::current_exe().unwrap_or_default();
    let metadata = Path::metadata(&program).ok();
    let size = metadata.as_ref().map(std::fs::Metadata::len);
    let written = metadata.and_then(|metadata| metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok());
    xxh3_128(format!("{} {} {size:?} {written:?}", env!("CARGO_PKG_VERSION"), program.display()).as_bytes())
});
