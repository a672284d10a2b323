//! Posts → immutable snapshots: order, terms, problems, next due time. No clock, no files, no HTML.

mod arrivals;
mod calendar;
mod change;
mod claims;
mod current;
mod found;
mod id_claims;
mod link_index;
mod lists;
mod pages;
mod paths;
mod period;
mod post_list;
mod posts;
mod problems;
mod restore;
mod schedule;
mod select;
mod selection;
mod shared_array;
mod shared_map;
mod shared_vec;
mod site;
mod slot_set;
mod slots;
mod snapshot;
mod sorted_list;
mod term_index;
mod terms;
mod timeline;
mod typing_errors;
mod unique_claims;
mod url_claims;
mod watch_status;
mod writer;

pub use arrivals::{ArrivalKey, Arrivals, Arrived, Fact};
pub use calendar::CalendarPeriod;
pub use change::Change;
pub use claims::Holder;
pub use current::Live;
pub use pages::Pages;
pub use period::Period;
pub use post_list::PostList;
pub use problems::SHARED;
pub use restore::{Restored, RestoredSource, Stored};
pub use select::{MOST_FOUND, NoSummaries, Page, Selected, Summaries};
pub use selection::{Selection, TermKey};
pub use site::{FeedSettings, NamedFeed, Site, Taxonomy};
pub use snapshot::Snapshot;
pub use term_index::{TermEntry, TermIndex};
pub use timeline::Timeline;
pub use watch_status::{Fault, Pings, Watched, Watching};
pub use writer::Catalog;

#[cfg(test)]
pub(crate) mod tests;
