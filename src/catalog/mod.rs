//! Posts → immutable snapshots: order, terms, problems, next due time. No clock, no files, no HTML.

mod change;
mod links;
mod listing;
mod live;
mod posts;
mod relist;
mod report;
mod rivals;
mod site;
mod snapshot;
mod terms;
mod writer;

pub use change::Change;
pub use live::Live;
pub use site::{FeedSettings, Site, Taxonomy};
pub use snapshot::{Selection, Snapshot, TermKey};
pub use terms::{TermEntry, TermIndex};
pub use writer::Catalog;

#[cfg(test)]
mod tests;
