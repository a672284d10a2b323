//! Files looked at, and read and parsed where they changed: many at a time.

use std::fs::{self, Metadata};
use std::io;
use std::num::NonZero;
use std::os::unix::fs::MetadataExt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Datelike, Utc};
use xxhash_rust::xxh3::Xxh3;

use super::body_cache::BodyCache;
use super::site_media::measure;
use crate::config::Problem;
use crate::file;
use crate::limits::POST_BYTES;
use crate::post::{self, Outcome, Source};

/// Threads that read: more than cores, since a cold disk answers many questions at once.
const READERS: usize = 16;

/// Files a thread takes at a time; so few are looked at on the spot.
const FEW: usize = 32;

/// What is remembered of a file to know it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seen {
    /// Hash of size, times, inode and device. Equal: the file was not written since.
    pub(super) stamp: u64,
    /// Date of a post that says none: its modification when it was first seen.
    pub(super) first_seen: DateTime<Utc>,
}

/// A file that is not as it was.
#[derive(Debug)]
pub(super) struct Changed {
    /// Its place in the list of files looked at.
    pub(super) place: usize,
    /// How to know it again.
    pub(super) seen: Seen,
    /// What it is now.
    pub(super) outcome: Outcome,
}

/// Whose files are looked at, and who holds the bodies of the newest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) source: &'a Source,
    /// The source's place.
    pub(super) number: u16,
    pub(super) held: &'a BodyCache,
}

/// Looks at files, given relative to the source's root; hands those that are not as `known` says,
/// and still there, to `each`, in no order.
pub(super) fn look_at_all(
    reader: Reader<'_>,
    files: &[String],
    known: impl Fn(&str) -> Option<Seen> + Sync,
    mut each: impl FnMut(Changed),
) {
    let source = reader.source;
    let look = |place: usize| look_at(reader, place, &files[place], known(&files[place]));
    if files.len() <= FEW {
        (0..files.len()).filter_map(look).for_each(each);
        return;
    }
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    // A queue that is full lets the readers wait: what is read but not taken in yet costs memory.
    let (sender, changed) = mpsc::sync_channel::<Vec<Changed>>(READERS);
    thread::scope(|scope| {
        for _ in 0..READERS.max(cores * 2) {
            let (sender, next, look) = (sender.clone(), &next, &look);
            scope.spawn(move || {
                loop {
                    let first = next.fetch_add(FEW, Ordering::Relaxed);
                    if first >= files.len() {
                        return;
                    }
                    let some: Vec<Changed> = (first..files.len().min(first + FEW)).filter_map(look).collect();
                    if !some.is_empty() && sender.send(some).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut told = Instant::now();
        for some in changed {
            some.into_iter().for_each(&mut each);
            if told.elapsed() > Duration::from_secs(1) {
                let done = next.load(Ordering::Relaxed).min(files.len());
                tracing::info!("reading {}: {done} of {} files", source.name, files.len());
                told = Instant::now();
            }
        }
    });
}

/// One file; `None` if it is as it was, or gone: its folder tells that.
fn look_at(reader: Reader<'_>, place: usize, path: &str, known: Option<Seen>) -> Option<Changed> {
    let Reader { source, number, held } = reader;
    let absolute = source.root.join(path);
    let refuse = |message: String| Outcome::Broken(Box::new(Problem::error(source.name_file(path), message)));
    let metadata = match fs::metadata(&absolute) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            // It is tried again at every look: the fault may be none of the file's own.
            let first_seen = known.map_or(DateTime::UNIX_EPOCH, |known| known.first_seen);
            let seen = Seen { stamp: 0, first_seen };
            let outcome = refuse(format!("the file can't be looked at: {error}. Mend its permissions."));
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
    let mut outcome = match file::read(&absolute, POST_BYTES) {
        Ok(bytes) => {
            let outcome = parse(source, number, post::File { path, bytes: &bytes, modified: first_seen });
            if let Outcome::Post(post, _) = &outcome {
                held.offer(post, &bytes);
            }
            outcome
        }
        Err(error @ file::Error::TooLarge(_)) => {
            refuse(format!("the file cannot be read: {error}. Shorten it, or exclude it."))
        }
        Err(error) => {
            stamp = 0;
            refuse(format!("the file cannot be read: {error}. Fix its permissions, or exclude it."))
        }
    };
    if let Outcome::Post(post, _) = &mut outcome {
        let size = measure(source, post);
        if let Some(media) = &mut post.media {
            media.size = size;
        }
    }
    Some(Changed { place, seen: Seen { stamp, first_seen }, outcome })
}

/// Parses a file. A fault of ours in doing so is that post's problem, not the server's end.
fn parse(source: &Source, number: u16, file: post::File<'_>) -> Outcome {
    let parsed = panic::catch_unwind(AssertUnwindSafe(|| post::parse(source, number, file)));
    parsed.unwrap_or_else(|_| {
        let message = "feedmill failed to read this file. Please report it, with the file.";
        Outcome::Broken(Box::new(Problem::error(source.name_file(file.path), message)))
    })
}

/// Tells versions of a file apart without reading it. Never 0.
fn make_stamp(metadata: &Metadata) -> u64 {
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
