//! Disk → catalog: what there is, what changed, and when to look. Plain threads, no async.

mod bodies;
mod detect;
mod dirty;
mod discover;
mod events;
mod files;
mod media;
mod reconcile;
mod rhythm;
mod signal;
mod start;
mod survey;
mod told;
mod walk;
mod writer;

pub use bodies::{DiskBodies, Doubts};
pub use discover::{Discovery, discover};
pub use start::{read_once, start};
pub use survey::Found;
