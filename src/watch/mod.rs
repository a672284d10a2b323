//! Disk → catalog: what there is, what changed, and when to look. Plain threads, no async.

mod bodies;
mod detect;
mod dirty;
mod discover;
mod events;
mod files;
mod reconcile;
mod signal;
mod survey;
mod walk;
mod writer;

pub use bodies::{DiskBodies, Doubts};
pub use discover::{Discovery, discover};
pub use survey::Found;
pub use writer::{read_once, start};
