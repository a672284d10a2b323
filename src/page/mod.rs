//! Snapshot → pages for people: HTML with the content of the feeds.

mod assets;
mod conditions;
mod directory;
mod entries;
mod entry;
mod feed;
mod feed_builder;
mod layout;
mod neighbours;
mod own_html;
mod plot;
mod script;
mod subscribe;
mod url_error;

pub use assets::{Asset, find_asset, find_stylesheet, list_assets};
pub use directory::{fingerprint_group, write_group};
pub use entry::EntryPage;
pub use feed::FeedPage;
pub use url_error::UrlError;
