//! Checks files for changes, and reads and parses those that changed: many at a time.

use std::fs::{self, Metadata};
use std::io;
use std::num::NonZero;
use std::os::unix::fs::MetadataExt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use xxhash_rust::xxh3::Xxh3;

use super::pictures::measure_all;
use super::progress::Progress;
use crate::bodies::BodyCache;
use crate::config::Problem;
use crate::file;
use crate::limits::POST_BYTES;
use crate::post::{self, Outcome, Source, SourceId, Stamp};
use crate::site::measure;

/// The minimum number of reading threads: more than cores, since a cold disk serves many requests at once.
const READERS: usize = 16;

/// The number of files that a thread takes at a time. Up to this many are checked without threads.
const FEW: usize = 32;

/// A file that was changed this short a time ago may change again without a difference in its metadata.
const TICK: TimeDelta = TimeDelta::milliseconds(20);

/// The time from the start of a scan until its progress is logged. Each further pause is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest time between two lines about the progress of a scan.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The version of a file, by its metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// Hash of size, times, inode and device. If it is equal, the file was not written since.
    pub(super) stamp: u64,
    /// The date of a post that has none itself: the modification time of its file when it was first seen.
    pub(super) first_seen: DateTime<Utc>,
}

/// A file that changed.
#[derive(Debug)]
pub(super) struct Changed {
    /// The place of the file in the list of checked files.
    pub(super) place: usize,
    /// The version that was read.
    pub(super) seen: Seen,
    /// The result of parsing it.
    pub(super) outcome: Outcome,
}

/// The source whose files are checked, and the cache of the bodies of its newest posts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    /// The source's place in the list of sources.
    pub(super) id: SourceId,
    pub(super) bodies: &'a BodyCache,
    pub(super) progress: &'a Progress,
}

/// Checks files, given relative to the source's root, and calls `each` with those that differ from `known` and still
/// exist, in no order.
pub(super) fn read_changed(
    reader: Reader<'_>,
    files: &[String],
    known: impl Fn(&str) -> Option<Seen> + Sync,
    mut each: impl FnMut(Changed),
) {
    let source = reader.source;
    let scan = |place: usize| read_if_changed(reader, place, &files[place], known(&files[place]));
    if files.len() <= FEW {
        (0..files.len()).filter_map(scan).for_each(each);
        return;
    }
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    // A full queue makes the readers wait: files that are read but not processed yet use memory.
    let (sender, changed) = mpsc::sync_channel::<Vec<Changed>>(READERS);
    thread::scope(|scope| {
        for _ in 0..READERS.max(cores * 2) {
            let (sender, next, done, scan) = (sender.clone(), &next, &done, &scan);
            scope.spawn(move || {
                loop {
                    let first = next.fetch_add(FEW, Ordering::Relaxed);
                    if first >= files.len() {
                        return;
                    }
                    let end = files.len().min(first + FEW);
                    let some: Vec<Changed> = (first..end).filter_map(scan).collect();
                    done.fetch_add(end - first, Ordering::Relaxed);
                    if !some.is_empty() && sender.send(some).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let (mut reported_at, mut reported, mut pause) = (Instant::now(), 0, FIRST_PAUSE);
        for some in changed {
            some.into_iter().for_each(&mut each);
            let done = done.load(Ordering::Relaxed);
            if reported_at.elapsed() > pause && done > reported {
                tracing::info!("reading {}: {done} of {} files", source.name, files.len());
                (reported_at, reported) = (Instant::now(), done);
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
        }
    });
}

/// Reads one file if it changed; `None` if it did not, or is gone, which the walk over its folder shows.
fn read_if_changed(reader: Reader<'_>, place: usize, path: &str, known: Option<Seen>) -> Option<Changed> {
    let Reader { source, id, bodies, progress } = reader;
    progress.note();
    let (absolute, now) = (source.root.join(path), Utc::now());
    let broken = |message: String| Outcome::Broken(Box::new(Problem::error(source.name_file(path), message)));
    let metadata = match fs::metadata(&absolute) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            // It is read again at every scan: the cause may lie outside of the file.
            let first_seen = known.map_or(DateTime::UNIX_EPOCH, |known| known.first_seen);
            let seen = Seen { stamp: 0, first_seen };
            let outcome = broken(format!("the file cannot be read: {error}. Fix its permissions."));
            return Some(Changed { place, seen, outcome });
        }
    };
    let mut stamp = make_stamp(&metadata);
    if known.is_some_and(|known| known.stamp == stamp) {
        return None;
    }
    let modified =
        || DateTime::from_timestamp(metadata.mtime(), 0).filter(|at| (1..=9999).contains(&at.year()));
    let first_seen = known.map(|known| known.first_seen).filter(|seen| *seen > DateTime::UNIX_EPOCH);
    let first_seen = first_seen.or_else(modified).unwrap_or_default();
    let mut outcome = match file::read_known(&absolute, &metadata, POST_BYTES) {
        Ok(bytes) => {
            let outcome = parse(source, id, post::File { path, bytes: &bytes, modified: first_seen });
            if let Outcome::Post(post, _) = &outcome {
                bodies.offer(post, &bytes);
            }
            outcome
        }
        Err(error @ file::Error::TooLarge(_)) => {
            broken(format!("the file cannot be read: {error}. Shorten it, or exclude it."))
        }
        Err(error) => {
            stamp = 0;
            broken(format!("the file cannot be read: {error}. Fix its permissions, or exclude it."))
        }
    };
    if let Outcome::Post(post, problem) = &mut outcome {
        post.stamp = Stamp(if problem.is_none() && is_settled(&metadata, now) { stamp } else { 0 });
        let size = measure(source, post);
        if let Some(media) = &mut post.media {
            media.size = size;
        }
        measure_all(source, post);
    }
    Some(Changed { place, seen: Seen { stamp, first_seen }, outcome })
}

/// Parses a file. A panic while parsing is reported as a problem of that file and does not end the server.
fn parse(source: &Source, id: SourceId, file: post::File<'_>) -> Outcome {
    let parsed = panic::catch_unwind(AssertUnwindSafe(|| post::parse(source, id, file)));
    parsed.unwrap_or_else(|_| {
        let message = "feedmill failed to read this file. Please report it, with the file.";
        Outcome::Broken(Box::new(Problem::error(source.name_file(file.path), message)))
    })
}

/// Returns true if a version of a file that is newer than `now` has other times: file systems count them in ticks of
/// up to ten milliseconds.
fn is_settled(metadata: &Metadata, now: DateTime<Utc>) -> bool {
    let changed = DateTime::from_timestamp(metadata.ctime(), metadata.ctime_nsec() as u32);
    changed.is_some_and(|changed| changed + TICK < now)
}

/// A hash that differs between the versions of a file, without reading it. Never 0.
pub(super) fn make_stamp(metadata: &Metadata) -> u64 {
    let mut hasher = Xxh3::new();
    for number in [
        metadata.size() as i64,
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.ctime(),
        metadata.ctime_nsec(),
        metadata.ino() as i64,
        metadata.dev() as i64,
    ] {
        hasher.update(&number.to_le_bytes());
    }
    hasher.digest().max(1)
}
