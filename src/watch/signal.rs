//! What wakes the writer.

use std::path::PathBuf;

/// A reason to look.
#[derive(Debug)]
pub(super) enum Signal {
    /// Something happened in a watched folder.
    Event(notify::Result<notify::Event>),
    /// A file is not what the catalog knows, whatever its metadata says.
    Doubt(PathBuf),
    /// Somebody wants everything to be looked at.
    Rescan,
}
