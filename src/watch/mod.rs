//! Disk → catalog: finds sites, scans and watches their folders, publishes what changed. Plain threads, no async.

mod audit;
mod body_cache;
mod body_store;
mod carry_over;
mod change_log;
mod config_reload;
mod detect;
mod discover;
mod disk;
mod enclosing;
mod events;
mod files;
mod folder;
mod last_good;
mod locate;
mod named_media;
mod network_fs;
mod pending_paths;
mod poll_timer;
mod progress;
mod published;
mod readers;
mod reconcile;
mod reload;
mod root_guard;
mod run;
mod signal;
mod site_files;
mod site_media;
mod survey;
mod surveyor;
mod symlinks;
mod term_spellings;
mod undated_folders;
mod unpublished;
mod walk;
mod watcher;
mod writer;

pub use audit::audit;
pub use body_store::{DiskBodies, StaleReports};
pub use config_reload::Reload;
pub use detect::{find_site_root, holds_texts, is_site, list_sites};
pub use discover::{Discovery, describe_empty, discover};
pub use run::{Setting, read_all, read_once, start};
pub use survey::Found;
pub use undated_folders::combine_undated;
pub use unpublished::count_unpublished;
pub use walk::{EXPORTED, lies_in_leaf};

#[cfg(test)]
mod tests;
