//! The state of the index, as searches see it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwap;

use super::view::View;
use crate::catalog::{Hits, Lookup};
use crate::feed::TextIndex;
use crate::words::Words;

/// The state of the index. The indexing thread sets it.
#[derive(Default)]
pub(super) struct State {
    current: ArcSwap<Use>,
    /// True if a search found that the index is damaged.
    is_damaged: AtomicBool,
}

/// How searches use the index.
#[derive(Default)]
pub(super) enum Use {
    /// There is none: they find titles, terms and some summaries.
    Off,
    /// It is being built. A selection of a few posts is read.
    #[default]
    Building,
    /// It cannot be written.
    Failed,
    /// It has all posts.
    Ready(View),
}

impl State {
    pub(super) fn set(&self, state: Use) {
        self.current.store(Arc::new(state));
    }

    /// Returns true if there is a view.
    pub(super) fn is_ready(&self) -> bool {
        matches!(**self.current.load(), Use::Ready(_))
    }

    /// Returns true once after a search found that the index is damaged.
    pub(super) fn take_damage(&self) -> bool {
        self.is_damaged.swap(false, Ordering::Relaxed)
    }

    fn find_in(&self, view: &View, words: &Words) -> Lookup {
        // The library panics if files are not as it wrote them.
        match catch_unwind(AssertUnwindSafe(|| view.find(words))) {
            Ok(Ok(hits)) => Lookup::Found(Arc::new(hits)),
            Ok(Err(_)) | Err(_) => {
                self.is_damaged.store(true, Ordering::Relaxed);
                Lookup::Unavailable
            }
        }
    }
}

impl TextIndex for State {
    fn look_up(&self, words: &Words) -> Lookup {
        match &**self.current.load() {
            Use::Off => Lookup::Brief,
            Use::Building => Lookup::Found(Arc::new(Hits::none_of_index())),
            Use::Failed => Lookup::Unavailable,
            Use::Ready(view) => self.find_in(view, words),
        }
    }
}
