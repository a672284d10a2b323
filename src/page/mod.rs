//! Snapshot → pages for people: HTML that says the same as the feeds, in words.

mod assets;
mod directory;
mod entry;
mod feed;
mod frame;
mod not_found;
mod own_html;
mod words;

pub use assets::{Asset, find_asset, list_assets};
pub use directory::{stamp_group, write_group};
pub use entry::EntryPage;
pub use feed::FeedPage;
pub use not_found::write_error;
