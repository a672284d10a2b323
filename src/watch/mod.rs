//! Disk → catalog: what there is, what changed, and when to look. Plain threads, no async.

mod audit;
mod bodies;
mod carry;
mod change_log;
mod configuration;
mod detect;
mod dirty;
mod discover;
mod disk;
mod enclosing;
mod events;
mod files;
mod folder;
mod follow;
mod held;
mod locate;
mod media;
mod mounts;
mod named_media;
mod published;
mod readers;
mod reconcile;
mod rhythm;
mod root;
mod signal;
mod site_files;
mod spellings;
mod start;
mod survey;
mod surveyor;
mod texts;
mod trace;
mod undated;
mod unpublished;
mod walk;
mod watches;
mod writer;

pub use audit::audit;
pub use bodies::{DiskBodies, Doubts};
pub use configuration::Reload;
pub use detect::{holds_texts, is_in_site, is_site, list_sites};
pub use discover::{Discovery, describe_empty, discover};
pub use start::{Setting, read_all, read_once, start};
pub use survey::Found;
pub use undated::combine_undated;
pub use unpublished::count_unpublished;
pub use walk::{EXPORTED, lies_in_leaf};

#[cfg(test)]
mod tests;
