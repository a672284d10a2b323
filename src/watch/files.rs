//! Files read and parsed, many at a time.

use std::fs::File;
use std::io::{self, Read};
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::walk::Candidate;
use crate::config::Problem;
use crate::post::{self, LARGEST, Outcome, Source};

/// Threads that read: more than cores, since a cold disk answers many questions at once.
const READERS: usize = 16;

/// Files fewer than this are read on the spot.
const FEW: usize = 32;

/// A file to read, and the date it has if it says none itself.
#[derive(Debug)]
pub(super) struct ToRead {
    pub(super) candidate: Candidate,
    pub(super) first_seen: DateTime<Utc>,
}

/// Reads and parses files; the outcome of each stands at its place.
pub(super) fn read_all(source: &Source, number: u16, files: &[ToRead]) -> Vec<Outcome> {
    if files.len() < FEW {
        return files.iter().map(|file| read_one(source, number, file)).collect();
    }
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let next = AtomicUsize::new(0);
    let (sender, outcomes) = mpsc::channel();
    let mut sorted: Vec<Option<Outcome>> = files.iter().map(|_| None).collect();
    thread::scope(|scope| {
        for _ in 0..READERS.max(cores * 2) {
            let (sender, next) = (sender.clone(), &next);
            scope.spawn(move || {
                // A thread takes some files at a time: fewer words between threads.
                loop {
                    let first = next.fetch_add(FEW, Ordering::Relaxed);
                    let Some(some) = files.get(first..files.len().min(first + FEW)).filter(|s| !s.is_empty())
                    else {
                        return;
                    };
                    let read: Vec<Outcome> = some.iter().map(|file| read_one(source, number, file)).collect();
                    if sender.send((first, read)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut done = 0;
        let mut told = Instant::now();
        for (first, read) in outcomes {
            done += read.len();
            for (place, outcome) in read.into_iter().enumerate() {
                sorted[first + place] = Some(outcome);
            }
            if told.elapsed() > Duration::from_secs(1) {
                tracing::info!("reading {}: {done} of {} posts", source.name, files.len());
                told = Instant::now();
            }
        }
    });
    sorted.into_iter().flatten().collect()
}

fn read_one(source: &Source, number: u16, file: &ToRead) -> Outcome {
    let path = &file.candidate.path;
    let refuse = |message: String| Outcome::Broken(Problem::error(source.name_file(path), message));
    let size = file.candidate.metadata.len();
    if size > LARGEST {
        return refuse(format!("the file is larger than {} MiB. Shorten it, or exclude it.", LARGEST >> 20));
    }
    match read_bytes(source, path, size) {
        Ok(bytes) => {
            post::parse(source, number, post::File { path, bytes: &bytes, modified: file.first_seen })
        }
        Err(error) => refuse(format!("the file can't be read: {error}. Mend its permissions.")),
    }
}

fn read_bytes(source: &Source, path: &str, size: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size as usize + 1);
    // The file may have grown since: what is more than the limit can't be read at all.
    File::open(source.root.join(path))?.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
