//! Keeps the ledger current in the background: with each snapshot, and when another program changes the file.

use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use super::Ledger;
use crate::catalog::Live;

/// The time between two checks of the file.
const POLL: Duration = Duration::from_secs(1);

/// The time for which changes are gathered before they are written.
const GATHER: Duration = Duration::from_millis(300);

/// The pause after a write, as a multiple of its duration: a large ledger takes at most a twentieth of a core.
const REST: u32 = 20;

impl Ledger {
    /// Starts a thread that keeps the ledger as the snapshots of `live` are. `changed` is called after the problems of
    /// the ledger changed, and with true if posts were first seen earlier than the current snapshot says.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn keep(&self, live: Live, changed: impl Fn(bool) + Send + 'static) -> io::Result<()> {
        let Some(shared) = self.shared.clone() else { return Ok(()) };
        let ledger = Self { shared: Some(Arc::clone(&shared)) };
        thread::Builder::new().name("ledger".to_owned()).spawn(move || {
            let mut rest = POLL;
            loop {
                let revision = shared.book.lock().revision;
                let is_new = live.wait_newer(revision, rest).is_some();
                if is_new {
                    thread::sleep(GATHER);
                }
                let is_current = {
                    let book = shared.book.lock();
                    !is_new && book.fault.is_none() && book.version == shared.file.version()
                };
                let Some(snapshot) = live.load().filter(|_| !is_current) else { continue };
                let (started, problems) = (Instant::now(), ledger.problems());
                let has_earlier = ledger.settle(&snapshot);
                rest = POLL.max(started.elapsed() * REST);
                if has_earlier || ledger.problems() != problems {
                    changed(has_earlier);
                }
            }
        })?;
        Ok(())
    }

    /// Writes the facts of the current snapshot. Waits at most `timeout`.
    pub fn finish(&self, live: &Live, timeout: Duration) {
        let Some(snapshot) = live.load().filter(|_| self.is_used()) else { return };
        let (done, wait) = mpsc::channel();
        let ledger = self.clone();
        // The disk may not answer.
        let spawned = thread::Builder::new().name("ledger-end".to_owned()).spawn(move || {
            ledger.settle(&snapshot);
            let _ = done.send(());
        });
        if spawned.is_ok() && wait.recv_timeout(timeout).is_err() {
            tracing::warn!("the ledger is not written in time");
        }
    }
}
