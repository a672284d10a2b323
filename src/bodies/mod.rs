//! The bodies of posts: read again when entries are rendered, and cached for as long as a file may break.

mod cache;
mod last_good;
mod readers;
mod store;

pub(crate) use cache::BodyCache;
pub(crate) use last_good::LastGood;
pub use store::DiskBodies;
