//! The thread that keeps the index at the state of the newest snapshot, at low priority.

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use tantivy::TantivyError;

use super::index::{Error, Index};
use super::state::{State, Use};
use super::view::View;
use crate::catalog::{IndexState, Indexing, Live, Snapshot};
use crate::feed::Entries;

/// The time for which changes are collected. Searches read what the index does not have yet.
const GATHER: Duration = Duration::from_secs(1);

/// The pause after an update, as a multiple of its duration: a fifth of a core.
const REST: u32 = 4;

/// The longest pause after an update.
const LONGEST_REST: Duration = Duration::from_secs(30);

/// The time after which a failed update is repeated, and texts that could not be read are read again.
const RETRY: Duration = Duration::from_secs(5);

/// The time between two lines about progress.
const REPORT: Duration = Duration::from_secs(10);

/// The number of posts from which the log says that the index is complete.
const MANY: usize = 1000;

/// Keeps the index.
pub(super) struct Indexer {
    live: Live,
    entries: Arc<Entries>,
    state: Arc<State>,
    /// The folder; `None`: it is in memory.
    folder: Option<PathBuf>,
    index: Option<Index>,
    /// True if the last update failed, which is logged.
    has_failed: bool,
    /// True if the posts have too much text for an index in memory.
    is_too_large: bool,
}

impl Indexer {
    pub(super) fn new(live: Live, entries: Arc<Entries>, state: Arc<State>, folder: Option<PathBuf>) -> Self {
        Self { live, entries, state, folder, index: None, has_failed: false, is_too_large: false }
    }

    /// Starts the thread.
    pub(super) fn start(self) -> io::Result<()> {
        thread::Builder::new().name("search".to_owned()).spawn(move || self.run())?;
        Ok(())
    }

    fn run(mut self) {
        lower_priority();
        let mut revision = 0;
        loop {
            let is_newer = self.live.wait_newer(revision, RETRY).is_some();
            if is_newer && self.state.is_ready() {
                thread::sleep(GATHER);
            }
            let Some(snapshot) = self.live.load() else { continue };
            let is_damaged = self.state.take_damage();
            if is_damaged {
                self.discard();
            }
            let has_unread = self.index.as_ref().is_some_and(Index::has_unread);
            if !(is_newer || is_damaged || has_unread || self.has_failed) {
                continue;
            }
            revision = snapshot.revision;
            let started = Instant::now();
            self.follow(&snapshot);
            if self.state.is_ready() {
                thread::sleep(LONGEST_REST.min(started.elapsed() * REST));
            }
        }
    }

    /// Brings the index to the state of a snapshot.
    fn follow(&mut self, snapshot: &Snapshot) {
        if !snapshot.site.has_index || self.is_too_large {
            self.index = None;
            self.set(Use::Off, IndexState::Off);
            return;
        }
        let started = Instant::now();
        // The library panics if files are not as it wrote them.
        let updated = catch_unwind(AssertUnwindSafe(|| self.update(snapshot)))
            .unwrap_or_else(|_| Err(Error::Failed(TantivyError::InternalError("it is damaged".to_owned()))));
        match updated {
            Ok(view) => {
                if std::mem::take(&mut self.has_failed) {
                    tracing::info!("the search index can be written again");
                }
                let count = self.index.as_ref().map_or(0, Index::len);
                if !self.state.is_ready() && count >= MANY {
                    tracing::info!("the search index has {count} posts, after {:.1?}", started.elapsed());
                }
                self.set(Use::Ready(view), IndexState::Ready);
            }
            Err(Error::InUse) => {
                self.keep_in_memory();
                self.follow(snapshot);
            }
            Err(error) => self.fail(&error),
        }
    }

    fn update(&mut self, snapshot: &Snapshot) -> Result<View, Error> {
        let is_ready = self.state.is_ready();
        if !is_ready && !self.has_failed {
            self.set(Use::Building, IndexState::Building);
        }
        let index = match &mut self.index {
            Some(index) => index,
            none => none.insert(Index::open(self.folder.as_deref())?),
        };
        let mut reported = Instant::now();
        let (live, state) = (&self.live, if is_ready { IndexState::Ready } else { IndexState::Building });
        let mut progress = |indexed, posts| {
            if indexed % 64 == 0 {
                live.publish_indexing(Indexing { state, indexed, posts });
            }
            if reported.elapsed() > REPORT {
                reported = Instant::now();
                tracing::info!("the search index has {indexed} of {posts} posts");
            }
        };
        index.update(snapshot, &self.entries, &mut progress)
    }

    /// Keeps the index in memory, since another process uses the folder.
    fn keep_in_memory(&mut self) {
        self.index = None;
        if let Some(folder) = self.folder.take() {
            let folder = folder.display();
            tracing::warn!(
                "the search index in {folder} is not used: another process uses it. This one is kept in memory."
            );
        }
    }

    /// Reports a failure once.
    fn fail(&mut self, error: &Error) {
        self.index = None;
        let place = self.folder.as_ref().map_or("memory".into(), |folder| folder.display().to_string());
        match error {
            Error::TooLarge => {
                tracing::warn!(
                    "there is no search index, since {error}, too much for memory: searches find titles, terms and \
                     some summaries. Set state.path to keep the index on disk."
                );
                self.is_too_large = true;
                self.set(Use::Off, IndexState::Off);
            }
            Error::InUse | Error::Failed(_) => {
                if !std::mem::replace(&mut self.has_failed, true) {
                    tracing::warn!(
                        "the search index in {place} cannot be written: {error}. Feeds that search for words are \
                         answered with 503 until it can. Make space on the disk, or set search.index = false."
                    );
                }
                self.set(Use::Failed, IndexState::Failed);
            }
        }
    }

    /// Removes an index that a search found damaged.
    fn discard(&mut self) {
        tracing::warn!("the search index is damaged. It is built again.");
        self.index = None;
        self.set(Use::Building, IndexState::Building);
        if let Some(folder) = &self.folder {
            // What cannot be removed is found again when the folder is opened.
            let _ = fs::remove_dir_all(folder);
        }
    }

    fn set(&self, state: Use, name: IndexState) {
        let count = self.index.as_ref().map_or(0, Index::len);
        self.live.publish_indexing(Indexing { state: name, indexed: count, posts: count });
        self.state.set(state);
    }
}

/// Lets all other threads go first. Threads that this one starts have the same priority.
fn lower_priority() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(Some(rustix::thread::gettid()), 19) {
        tracing::debug!("the search index is built at normal priority: {error}");
    }
}
