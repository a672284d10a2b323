//! Threads that read the bodies of posts, some for each source: a disk that does not answer delays a reader for
//! a second at most, and readers of other sources not at all.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};

use crate::file;
use crate::limits::{POST_BYTES, READ_SECONDS};

/// The maximum number of threads of one source.
const THREADS: usize = 8;

/// The timeout of a read.
const TIMEOUT: Duration = Duration::from_secs(READ_SECONDS);

/// The timeout of a read while an earlier read of the source has not been answered for [`TIMEOUT`].
const SHORT_TIMEOUT: Duration = Duration::from_millis(50);

/// The time that a thread waits for work before it ends.
const IDLE: Duration = Duration::from_secs(10);

/// The reading threads of all sources, by the root of the source.
#[derive(Debug, Default)]
pub(super) struct Readers {
    queues: Mutex<HashMap<PathBuf, Arc<Queue>>>,
}

impl Readers {
    /// Reads all bytes of a file of the source with this root.
    ///
    /// # Errors
    /// [`file::Error::Unanswered`] if the disk does not answer, and those of [`file::read`].
    pub(super) fn read(&self, root: &Path, path: &Path) -> Result<Vec<u8>, file::Error> {
        self.start(root, path)?.wait()
    }

    /// Starts to read a file.
    ///
    /// # Errors
    /// [`file::Error::Unanswered`] if the disk has not answered earlier reads.
    pub(super) fn start(&self, root: &Path, path: &Path) -> Result<Reading, file::Error> {
        let mut queues = self.queues.lock();
        let queue = match queues.get(root) {
            Some(queue) => Arc::clone(queue),
            None => Arc::clone(queues.entry(root.to_owned()).or_default()),
        };
        drop(queues);
        queue.start(path)
    }
}

/// A file that is being read.
pub(super) struct Reading {
    answer: Receiver<Result<Vec<u8>, file::Error>>,
    deadline: Instant,
}

impl Reading {
    /// Waits for its bytes.
    pub(super) fn wait(self) -> Result<Vec<u8>, file::Error> {
        let rest = self.deadline.saturating_duration_since(Instant::now());
        self.answer.recv_timeout(rest).unwrap_or(Err(file::Error::Unanswered))
    }
}

/// The files of one source that wait to be read.
#[derive(Debug, Default)]
struct Queue {
    state: Mutex<State>,
    work: Condvar,
}

#[derive(Debug, Default)]
struct State {
    jobs: VecDeque<Job>,
    /// The path that each busy thread reads, and since when.
    busy: Vec<(PathBuf, Instant)>,
    idle: usize,
}

#[derive(Debug)]
struct Job {
    path: PathBuf,
    deadline: Instant,
    reply: SyncSender<Result<Vec<u8>, file::Error>>,
}

impl State {
    /// The timeout of a read of this path; `None`: it is known that the disk does not answer.
    fn timeout(&self, path: &Path, now: Instant) -> Option<Duration> {
        let is_slow = |since: &Instant| now.duration_since(*since) > TIMEOUT;
        let has_slow = self.busy.iter().any(|(_, since)| is_slow(since));
        let is_known = || self.busy.iter().any(|(busy, since)| busy == path && is_slow(since));
        let is_full = || {
            let waits = |since: &Instant| now.duration_since(*since) > SHORT_TIMEOUT;
            self.busy.len() == THREADS && self.busy.iter().all(|(_, since)| waits(since))
        };
        match has_slow {
            true if is_known() || is_full() => None,
            true => Some(SHORT_TIMEOUT),
            false => Some(TIMEOUT),
        }
    }
}

impl Queue {
    fn start(self: Arc<Self>, path: &Path) -> Result<Reading, file::Error> {
        let now = Instant::now();
        let (reply, answer) = mpsc::sync_channel(1);
        let mut state = self.state.lock();
        let deadline = now + state.timeout(path, now).ok_or(file::Error::Unanswered)?;
        state.jobs.push_back(Job { path: path.to_owned(), deadline, reply });
        let wants_thread = state.idle < state.jobs.len() && state.idle + state.busy.len() < THREADS;
        if wants_thread {
            // Counted at once: other reads may start before it runs.
            state.idle += 1;
        }
        drop(state);
        self.work.notify_one();
        if wants_thread {
            let queue = Arc::clone(&self);
            let spawned = thread::Builder::new().name("read".to_owned()).spawn(move || queue.work());
            if let Err(error) = spawned {
                self.state.lock().idle -= 1;
                return Err(error.into());
            }
        }
        Ok(Reading { answer, deadline })
    }

    /// Reads the files in the queue, until it has been empty for a while.
    fn work(&self) {
        let mut state = self.state.lock();
        loop {
            let Some(job) = state.jobs.pop_front() else {
                let waited = self.work.wait_for(&mut state, IDLE);
                if waited.timed_out() && state.jobs.is_empty() {
                    state.idle -= 1;
                    return;
                }
                continue;
            };
            // The reader has stopped waiting.
            if job.deadline < Instant::now() {
                continue;
            }
            state.idle -= 1;
            state.busy.push((job.path.clone(), Instant::now()));
            drop(state);
            let read = file::read(&job.path, POST_BYTES);
            state = self.state.lock();
            if let Some(place) = state.busy.iter().position(|(path, _)| *path == job.path) {
                state.busy.swap_remove(place);
            }
            state.idle += 1;
            // The reader may have stopped waiting.
            let _ = job.reply.send(read);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_by_as_many_threads_as_are_wanted_and_no_more() {
        let folder = tempfile::tempdir().expect("there is space");
        let readers = Readers::default();
        let path = |number: usize| folder.path().join(number.to_string());
        for number in 0..100 {
            std::fs::write(path(number), number.to_string()).expect("there is space");
        }
        let started: Vec<_> =
            (0..100).map(|number| readers.start(folder.path(), &path(number)).expect("it answers")).collect();
        for (number, reading) in started.into_iter().enumerate() {
            assert_eq!(reading.wait().expect("it is read"), number.to_string().into_bytes());
        }
        let queues = readers.queues.lock();
        let state = queues[folder.path()].state.lock();
        assert!(state.idle + state.busy.len() <= THREADS && state.jobs.is_empty());
    }

    #[test]
    fn after_a_read_that_is_not_answered_others_wait_shortly_and_the_same_not_at_all() {
        let now = Instant::now();
        let long_ago = now.checked_sub(TIMEOUT * 2).expect("the machine runs for longer");
        let recently = now.checked_sub(SHORT_TIMEOUT * 2).expect("the machine runs for longer");
        let busy = |path: &str, since: Instant| (PathBuf::from(path), since);
        let mut state = State { busy: vec![busy("slow", now)], ..State::default() };
        assert_eq!(state.timeout(Path::new("slow"), now), Some(TIMEOUT));
        state.busy = vec![busy("slow", long_ago)];
        assert_eq!(state.timeout(Path::new("slow"), now), None);
        assert_eq!(state.timeout(Path::new("other"), now), Some(SHORT_TIMEOUT));
        state.busy.extend((1..THREADS).map(|number| busy(&number.to_string(), recently)));
        assert_eq!(state.timeout(Path::new("other"), now), None);
        state.busy[1].1 = now;
        assert_eq!(state.timeout(Path::new("other"), now), Some(SHORT_TIMEOUT));
    }
}
