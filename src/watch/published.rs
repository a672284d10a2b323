//! The catalog, and what readers see of it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::change_log::{Batch, ChangeLog};
use super::poll_timer::read_clock;
use crate::bodies::{BodyCache, LastGood};
use crate::catalog::{Catalog, Change, Fault, Holder, Live, Site, Snapshot, Watched, Watching};
use crate::config::Problem;
use crate::post::SourceId;
use crate::state::Store;

/// The maximum wait of new posts until their arrivals are stored. A disk that does not answer delays them no longer.
const ARRIVALS_TIMEOUT: Duration = Duration::from_secs(1);

/// The catalog, with the snapshot and the status that are published.
pub(super) struct Published {
    catalog: Catalog,
    live: Live,
    last_good: LastGood,
    store: Store,
    status: Watching,
    /// The log lines about changes.
    log: ChangeLog,
    /// True if the current snapshot was published by an earlier run.
    is_resumed: bool,
}

impl Published {
    /// A catalog without posts, of which nothing is published yet.
    pub(super) fn new(site: Arc<Site>, live: Live, last_good: LastGood, store: Store) -> Self {
        let (catalog, status, log) = (Catalog::new(site), Watching::default(), ChangeLog::default());
        Self { catalog, live, last_good, store, status, log, is_resumed: false }
    }

    /// Publishes the last snapshot of an earlier run, until its posts are compared with the disk.
    pub(super) fn resume(&mut self, snapshot: Snapshot) {
        self.live.publish(Arc::new(snapshot));
        self.is_resumed = true;
    }

    /// Returns true if the current snapshot is the last one of an earlier run.
    pub(super) fn is_resumed(&self) -> bool {
        self.is_resumed
    }

    /// The catalog.
    pub(super) fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The snapshot that readers see.
    pub(super) fn current(&self) -> Option<Arc<Snapshot>> {
        self.live.load()
    }

    /// The state that is not in the files of the sources.
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// The cache of the bodies of the newest posts.
    pub(super) fn body_cache(&self) -> Arc<BodyCache> {
        self.last_good.cache()
    }

    /// A catalog of another site without posts, which continues from the current snapshot.
    pub(super) fn make_next_catalog(&self, site: &Arc<Site>) -> Catalog {
        let mut catalog = Catalog::new(Arc::clone(site));
        catalog.arrivals().restore(self.store.arrivals());
        if let Some(current) = self.current() {
            // Those of an earlier run are kept as they are.
            catalog = catalog.after(&current, !self.is_resumed);
        }
        self.store.ledger().pass_to(&mut catalog);
        let holders = self.store.holders().into_iter();
        catalog.remember(holders.map(|(id, source, path)| (id, Holder { source, path })));
        catalog
    }

    /// Replaces the catalog with one for which every post was read again in this time.
    pub(super) fn restart(&mut self, catalog: Catalog, took: Duration) {
        self.catalog = catalog;
        self.last_good.clear();
        self.status.scan = took;
    }

    /// Sets the settings of the same site.
    pub(super) fn set_site(&mut self, site: Arc<Site>) {
        self.catalog.set_site(site);
    }

    /// Sets the problems of folders and configurations, and the sources that were not read yet. Returns true if they
    /// changed.
    pub(super) fn report(&mut self, problems: Vec<Problem>, awaited: &[SourceId]) -> bool {
        let is_awaited = self.catalog.set_awaited(awaited);
        self.catalog.set_problems(problems) || is_awaited
    }

    /// The time at which the next scheduled post or digest is due.
    pub(super) fn next_due(&self) -> Option<DateTime<Utc>> {
        self.current()?.next_due
    }

    /// Returns true if a scheduled post or a digest is due, or the clock was set back.
    pub(super) fn is_outdated(&self) -> bool {
        let outdated = |current: Arc<Snapshot>| {
            let now = read_clock(Some(current.made));
            current.next_due.is_some_and(|due| due <= now) || current.made > now
        };
        self.current().is_some_and(outdated)
    }

    /// Applies changes, publishes them, and logs them. Problems that are `reported` already are not logged again.
    pub(super) fn publish_and_log(&mut self, changes: Vec<Change>, reported: &[Problem]) {
        let current = self.current();
        let now = read_clock(current.as_ref().map(|current| current.made));
        if current.as_ref().is_some_and(|current| current.made > now) {
            tracing::warn!("the clock was set back to {now}: posts that appeared too early are withdrawn");
        }
        let batch = Batch::of(&changes, &self.catalog);
        let snapshot = self.publish(changes, reported);
        // The logged changes are already served.
        self.log.write(batch, Instant::now());
        let is_due = |due: Option<DateTime<Utc>>| due.is_some_and(|due| due <= now);
        if current.as_ref().is_some_and(|current| is_due(current.next_post())) {
            tracing::info!("a scheduled post is due: {} can be served", snapshot.describe_posts());
        } else if current.is_some_and(|current| is_due(current.next_due)) {
            tracing::info!("a calendar period has ended: its digests can be served");
        }
    }

    /// Applies changes and publishes them. Logs new problems, except for those that are `reported` already.
    pub(super) fn publish(&mut self, mut changes: Vec<Change>, reported: &[Problem]) -> Arc<Snapshot> {
        let (count, started) = (changes.len(), Instant::now());
        let before = self.current();
        self.last_good.keep(&self.catalog, before.as_deref(), &mut changes);
        let now = read_clock(before.as_ref().map(|snapshot| snapshot.made));
        let snapshot = self.catalog.apply(changes, now);
        tracing::debug!("{count} changes applied in {:.1?}", started.elapsed());
        // This comes first: a file may break as soon as readers see its post.
        self.last_good.renew(&snapshot);
        let arrivals = self.catalog.arrivals().take_changes();
        if !arrivals.is_empty() {
            self.store.remember_arrivals(arrivals);
            // A post that readers saw keeps its arrival, whatever happens to this process.
            self.store.flush(ARRIVALS_TIMEOUT);
        }
        self.live.publish(Arc::clone(&snapshot));
        for (id, holder) in self.catalog.take_holders() {
            let holder = holder.as_ref().map(|holder| (&*holder.source, &*holder.path));
            self.store.remember_holder(&id, holder);
        }
        // The log of this run has none of the problems of an earlier one yet.
        let logged = before.as_ref().filter(|_| !std::mem::take(&mut self.is_resumed));
        if logged.is_none_or(|before| !Arc::ptr_eq(&before.problems, &snapshot.problems)) {
            let known: HashSet<&Problem> = logged.iter().flat_map(|before| before.problems.iter()).collect();
            let is_new = |problem: &&Problem| !known.contains(problem) && !reported.contains(problem);
            self.log.report(snapshot.problems.iter().filter(is_new), Instant::now());
        }
        snapshot
    }

    /// Counts faults.
    pub(super) fn count(&mut self, faults: impl IntoIterator<Item = Fault>) {
        faults.into_iter().for_each(|fault| self.status.count(fault));
    }

    /// Publishes the status: when the configuration took effect, and whether it is valid; the sources; and the
    /// number of scans with their duration.
    pub(super) fn publish_status(
        &mut self,
        configuration: (DateTime<Utc>, bool),
        sources: Vec<Watched>,
        scanned: (u64, Duration),
    ) {
        self.status.configuration = Some(configuration);
        (self.status.sources, self.status.reconciled) = (sources, scanned);
        self.live.publish_status(self.status.clone());
    }

    /// The duration of the first scan.
    pub(super) fn scan_duration(&self) -> Duration {
        self.status.scan
    }

    /// The time at which counts of changes are to be logged.
    pub(super) fn next_log(&self) -> Option<Instant> {
        self.log.next_due()
    }

    /// Logs counts of changes that are due.
    pub(super) fn flush_log(&mut self, now: Instant) {
        self.log.flush(now);
    }
}
