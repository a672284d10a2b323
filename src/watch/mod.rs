//! Disk → catalog: scans and watches the folders of sites, publishes what changed. Plain threads, no async.

mod arrivals;
mod carry_over;
mod change_log;
mod config_reload;
mod disk;
mod enclosing;
mod events;
mod files;
mod known_files;
mod named_media;
mod network_fs;
mod pending;
mod pictures;
mod poll_timer;
mod progress;
mod published;
mod read;
mod reconcile;
mod reload;
mod root_guard;
mod run;
mod signal;
mod source;
mod sources;
mod symlinks;
mod unpublished;
mod walk;
mod watcher;
mod work;
mod writer;

pub use config_reload::Reload;
pub(crate) use progress::Progress;
pub use read::{open_ledger, read_all, read_once, read_with_arrivals};
pub use run::{Setting, WriterHandle, start};
pub(crate) use walk::walk;
pub use walk::{EXPORTED, lies_in_leaf};
pub(crate) use watcher::FolderWatcher;

#[cfg(test)]
mod tests;
