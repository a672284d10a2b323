//! The index of all words of all posts, on disk or in memory: fed by snapshots in the background, read by searches.
//!
//! A document of the index belongs to one version of a post, which its key identifies. A [`View`] is one state of the index
//! with the posts of the snapshot that it was made for: a search reads the texts of all posts that are not the same in its
//! own snapshot. So its result depends only on its snapshot, whatever the state of the index.

mod atoms;
mod evaluate;
mod fields;
mod folder;
mod index;
mod indexer;
mod keys;
mod state;
mod view;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::catalog::Live;
use crate::feed::Entries;
use indexer::Indexer;
use state::State;

/// Starts the thread that keeps the index of the snapshots in `live`, in a folder of its own below `state`, or in memory.
/// Searches of `entries` use it from then on.
///
/// # Errors
/// If the thread cannot be started.
pub fn start(live: Live, entries: &Arc<Entries>, state: Option<PathBuf>) -> io::Result<()> {
    let shared = Arc::new(State::default());
    entries.set_index(Arc::clone(&shared) as _);
    let folder = state.map(|state| state.join("search"));
    Indexer::new(live, Arc::clone(entries), shared, folder).start()
}

#[cfg(test)]
mod tests;
