//! What requests are answered from, shared by all threads.

use std::sync::Arc;

use super::in_flight::InFlight;
use super::metrics::Metrics;
use super::modified::Modified;
use super::plan_cache::Plans;
use super::rate_limit::RateLimit;
use super::rendering_cache::Renderings;
use crate::catalog::Live;
use crate::config;
use crate::feed::{Bodies, Entries};
use crate::limits::TERM_SEARCHES_PER_SECOND;
use crate::state::Store;

/// Everything requests are answered from.
pub struct App {
    pub(super) live: Live,
    pub(super) renderings: Renderings,
    pub(super) entries: Arc<Entries>,
    pub(super) bodies: Arc<dyn Bodies>,
    pub(super) plans: Plans,
    pub(super) metrics: Metrics,
    pub(super) in_flight: InFlight,
    pub(super) modified: Modified,
    /// How often a response suggests terms with a typing error.
    pub(super) term_searches: RateLimit,
    /// The path of the public address: health is asked for under it before there is a snapshot.
    pub(super) public_path: String,
}

/// What is kept shares the cache, in bytes: bodies, the entries they are made of, and plans.
struct Shares {
    renderings: u64,
    entries: u64,
    plans: u64,
}

impl Shares {
    fn of(cache: u64) -> Self {
        let share = cache / 16;
        Self { renderings: share * 8, entries: share * 7, plans: share }
    }
}

impl App {
    /// Answers from `live` as `server` says, with what it renders from `bodies`; times of changes are kept
    /// in `store`.
    pub fn new(live: Live, bodies: Arc<dyn Bodies>, server: &config::Server, store: Store) -> Self {
        let Shares { renderings, entries, plans } = Shares::of(server.cache);
        Self {
            live,
            renderings: Renderings::new(renderings),
            entries: Arc::new(Entries::new(entries, Arc::clone(&bodies))),
            bodies,
            plans: Plans::new(plans),
            metrics: Metrics::default(),
            in_flight: InFlight::default(),
            modified: Modified::new(store),
            term_searches: RateLimit::new(TERM_SEARCHES_PER_SECOND),
            public_path: server.public_url().path().to_owned(),
        }
    }

    /// The entries that answers are made of.
    pub fn entries(&self) -> Arc<Entries> {
        Arc::clone(&self.entries)
    }

    /// Lets what is kept take `cache` bytes from now on.
    pub fn resize(&self, cache: u64) {
        let Shares { renderings, entries, plans } = Shares::of(cache);
        self.renderings.resize(renderings);
        self.entries.resize(entries);
        self.plans.resize(plans);
    }
}
