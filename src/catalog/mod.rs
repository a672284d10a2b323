//! Posts → immutable snapshots: order, terms, problems, next due time. No clock, no files, no HTML.

mod change;
mod ids;
mod links;
mod listing;
mod live;
mod pages;
mod paths;
mod posts;
mod relist;
mod report;
mod rivals;
mod select;
mod selection;
mod site;
mod snapshot;
mod terms;
mod timeline;
mod watching;
mod writer;

pub use change::Change;
pub use live::Live;
pub use pages::Pages;
pub use rivals::Holder;
pub use select::{MOST_FOUND, NoSummaries, Selected, Summaries};
pub use selection::{Selection, TermKey};
pub use site::{FeedSettings, NamedFeed, Site, Taxonomy};
pub use snapshot::Snapshot;
pub use terms::{TermEntry, TermIndex};
pub use timeline::Timeline;
pub use watching::{Fault, Pings, Watched, Watching};
pub use writer::Catalog;

#[cfg(test)]
mod tests;
