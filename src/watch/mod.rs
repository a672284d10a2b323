//! Disk → catalog: what there is, what changed, and when to look. Plain threads, no async.

mod bodies;
mod dirty;
mod discover;
mod events;
mod files;
mod reconcile;
mod walk;
mod writer;

pub use bodies::{DiskBodies, Doubts};
pub use discover::{Discovery, Found, discover};
pub use writer::{read_once, start};
