//! Disk → catalog: scans and watches the folders of sites, publishes what changed. Plain threads, no async.

mod carry_over;
mod change_log;
mod config_reload;
mod disk;
mod enclosing;
mod events;
mod files;
mod folder;
mod named_media;
mod network_fs;
mod pending_paths;
mod poll_timer;
mod progress;
mod reconcile;
mod reload;
mod root_guard;
mod run;
mod signal;
mod symlinks;
mod walk;
mod watcher;
mod writer;

pub use config_reload::Reload;
pub(crate) use progress::Progress;
pub use run::{Setting, WriterHandle, read_all, read_once, start};
pub(crate) use walk::walk;
pub use walk::{EXPORTED, lies_in_leaf};
pub(crate) use watcher::FolderWatcher;

#[cfg(test)]
mod tests;
