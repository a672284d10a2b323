//! The signals that wake the writer, and how those that arrive close together are combined.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// The debounce time of signals that arrive close together.
const DEBOUNCE: Duration = Duration::from_millis(2);
/// The number of signals in a row from which they are a storm, which has a longer debounce time.
const STORM_SIZE: usize = 64;
/// The debounce time within a storm.
const STORM_DEBOUNCE: Duration = Duration::from_millis(60);
/// The maximum time for which the events of a storm are gathered.
const STORM_LIMIT: Duration = Duration::from_secs(1);

/// A reason for the writer to wake.
#[derive(Debug)]
pub(super) enum Signal {
    /// An event in a watched folder, with the id of its watcher.
    Event(u64, notify::Result<notify::Event>),
    /// A scan of a source ended.
    Scanned,
    /// A file is stale, whatever its metadata.
    Stale(PathBuf),
    /// A request to read the configuration again and to rescan everything.
    Rescan,
    /// The ledger has other problems, or, if true, earlier arrivals than posts have.
    Ledger(bool),
    /// The writer panics, as a bug might make it.
    #[cfg(test)]
    Panic,
}

/// Receives signals, and combines those that arrive close together: a save by rename is several events.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    /// The time of the last gathering of signals, if it was a storm.
    storm: Option<Instant>,
}

impl Inbox {
    /// Waits for a signal for at most `timeout`, and passes it and those that follow it closely to `note`, which
    /// returns true if a signal may change something.
    pub(super) fn receive(
        &mut self,
        signals: &Receiver<Signal>,
        timeout: Duration,
        mut note: impl FnMut(Signal) -> bool,
    ) {
        match signals.recv_timeout(timeout) {
            Ok(signal) => {
                if note(signal) {
                    self.gather(signals, note);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            // The channel never closes: the writer holds a sender itself.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(timeout),
        }
    }

    fn gather(&mut self, signals: &Receiver<Signal>, mut note: impl FnMut(Signal) -> bool) {
        let started = Instant::now();
        let is_storm = self.storm.is_some_and(|last| last.elapsed() < STORM_DEBOUNCE * 2);
        let mut count = if is_storm { STORM_SIZE } else { 1 };
        let wait = |count: usize| Instant::now() + if count < STORM_SIZE { DEBOUNCE } else { STORM_DEBOUNCE };
        let mut quiet = wait(count);
        while started.elapsed() < STORM_LIMIT {
            match signals.recv_timeout(quiet.saturating_duration_since(Instant::now())) {
                Ok(signal) => {
                    if note(signal) {
                        count += 1;
                        quiet = wait(count);
                    }
                }
                Err(_) => break,
            }
        }
        self.storm = (count > STORM_SIZE).then(Instant::now);
    }
}
