//! Snapshot → pages for people: HTML that says the same as the feeds, in words.

mod assets;
mod directory;
mod feed;
mod frame;
mod words;

pub use assets::{Asset, find_asset, list_assets};
pub use directory::{stamp_group, write_group};
pub use feed::FeedPage;
