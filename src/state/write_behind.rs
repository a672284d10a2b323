//! The thread that writes the changes of the store to the disk, and opens it again when it cannot be used.

use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::Store;
use super::contents::Contents;
use super::disk::{Disk, Error};

/// The time for which changes are collected before they are written.
const GATHER: Duration = Duration::from_millis(500);

/// The time after which a store that cannot be used is tried again.
const RETRY_AFTER: Duration = Duration::from_secs(60);

/// A message to the writing thread.
pub(super) enum Message {
    /// A change, to be made in the next batch.
    Change(Box<dyn FnOnce(&mut Contents) + Send>),
    /// A request for a reply once everything sent before is written.
    Flush(Sender<()>),
}

/// The state of the writing thread.
pub(super) struct WriteBehind {
    folder: PathBuf,
    store: Store,
    messages: Receiver<Message>,
    disk: Option<Disk>,
    /// The time of the last attempt to use the disk.
    tried: Instant,
}

impl WriteBehind {
    /// Opens the disk, adds its contents to the store, and starts the thread. Returns `None` if it cannot be started.
    pub(super) fn start(folder: PathBuf, store: Store) -> Option<Sender<Message>> {
        let (sender, messages) = mpsc::channel();
        let mut writer = Self { folder, store, messages, disk: None, tried: Instant::now() };
        writer.open(true);
        let spawned = thread::Builder::new().name("state".to_owned()).spawn(move || writer.run());
        if let Err(error) = &spawned {
            tracing::warn!("the state is not kept on disk: {error}");
        }
        spawned.ok().map(|_| sender)
    }

    /// Opens the disk and adds its contents to memory. What is in memory takes precedence.
    fn open(&mut self, logs_failure: bool) {
        self.tried = Instant::now();
        match Disk::open(&self.folder).and_then(|disk| disk.load().map(|stored| (disk, stored))) {
            Ok((disk, mut stored)) => {
                let changes = stored.upgrade();
                // What cannot be written now is written at the next start.
                if !changes.is_empty()
                    && let Err(error) = disk.write(&changes)
                {
                    tracing::warn!("the state cannot be brought into its present form: {error}");
                }
                self.store.contents_mut().add_stored(stored);
                self.set_disk(Some(disk));
            }
            Err(error) if logs_failure => log_failure(&error),
            Err(_) => {}
        }
    }

    fn set_disk(&mut self, disk: Option<Disk>) {
        self.store.shared.is_open.store(disk.is_some(), Ordering::Relaxed);
        self.disk = disk;
    }

    /// Writes the changes in batches. After a failure, everything in memory is written again.
    fn run(mut self) {
        while let Some((mut batch, waiting)) = self.gather() {
            if self.disk.as_ref().is_some_and(|disk| !disk.exists()) {
                tracing::warn!("the state in {} was deleted: it is created again", self.folder.display());
                self.set_disk(None);
                self.tried = Instant::now().checked_sub(RETRY_AFTER).unwrap_or(self.tried);
            }
            if self.disk.is_none() && self.tried.elapsed() >= RETRY_AFTER {
                self.open(false);
                if self.disk.is_some() {
                    tracing::info!("times of changes are kept across restarts again");
                    batch = self.store.contents().clone();
                }
            }
            if let Some(disk) = self.disk.as_ref().filter(|_| !batch.is_empty()) {
                match disk.write(&batch) {
                    Ok(()) => self.store.contents_mut().forget_removed(&batch),
                    Err(error) => {
                        log_failure(&error);
                        self.set_disk(None);
                        self.tried = Instant::now();
                    }
                }
            }
            // The thread that waited may have ended.
            let _ = waiting.map(|done| done.send(()));
        }
    }

    /// Collects changes, and the thread that waits until they are written. `None`: no more
    /// changes can come.
    fn gather(&self) -> Option<(Contents, Option<Sender<()>>)> {
        let mut batch = Contents::default();
        let mut until = Instant::now() + RETRY_AFTER;
        loop {
            match self.messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Message::Flush(done)) => return Some((batch, Some(done))),
                Ok(Message::Change(apply)) => apply(&mut batch),
                Err(RecvTimeoutError::Timeout) => return Some((batch, None)),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
            until = until.min(Instant::now() + GATHER);
        }
    }
}

fn log_failure(error: &Error) {
    tracing::warn!("times of changes are not kept across restarts: {error}. Retrying later.");
}
