//! The state from which requests are answered, shared by all threads.

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

/// The state from which requests are answered.
pub struct App {
    pub(super) live: Live,
    pub(super) renderings: Renderings,
    pub(super) entries: Arc<Entries>,
    pub(super) bodies: Arc<dyn Bodies>,
    pub(super) plans: Plans,
    pub(super) metrics: Metrics,
    pub(super) in_flight: InFlight,
    pub(super) modified: Modified,
    /// Limits how often a response suggests terms for a path with a typing error.
    pub(super) term_searches: RateLimit,
    /// The path of the public URL. Health checks use it before there is a snapshot.
    pub(super) public_path: String,
}

/// How the cache's bytes are divided among rendered bodies, the entries they are made of, and plans.
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
    /// Answers from `live` as `server` configures it, renders from `bodies`, and stores the times of changes in
    /// `store`.
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

    /// The cache of entries.
    pub fn entries(&self) -> Arc<Entries> {
        Arc::clone(&self.entries)
    }

    /// Sets the size of all caches together to `cache` bytes.
    pub fn resize(&self, cache: u64) {
        let Shares { renderings, entries, plans } = Shares::of(cache);
        self.renderings.resize(renderings);
        self.entries.resize(entries);
        self.plans.resize(plans);
    }
}
