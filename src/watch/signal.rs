//! The signals that wake the writer.

use std::path::PathBuf;

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
    /// The writer panics, as a bug might make it.
    #[cfg(test)]
    Panic,
}
