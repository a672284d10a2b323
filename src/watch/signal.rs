//! What wakes the writer.

use std::path::PathBuf;

/// A reason to look.
#[derive(Debug)]
pub(super) enum Signal {
    /// Something happened in a watched folder; with the number of its watcher.
    Event(u64, notify::Result<notify::Event>),
    /// A scan of a source ended.
    Scanned,
    /// A file is not what the catalog knows, whatever its metadata says.
    Stale(PathBuf),
    /// Somebody wants the configuration to be read again and everything to be looked at.
    Rescan,
    /// The writer is to fail, as it might by a fault of its own.
    #[cfg(test)]
    Panic,
}
