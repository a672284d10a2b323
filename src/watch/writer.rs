//! The writer: only its thread changes the catalog, in batches. It sleeps until there is something to do.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::{Duration, Instant};

use chrono::Utc;

use super::carry_over::{carry_over, find_posts, keep_restored};
use super::config_reload::Configuration;
use super::events::When;
use super::pending::Pending;
use super::poll_timer::sleep_duration;
use super::published::Published;
use super::reconcile::SourceFiles;
use super::reload::{Reload, decide_on_configuration, decide_on_sites};
use super::signal::{Inbox, Signal};
use super::source::FollowedSource;
use super::sources::Sources;
use super::work::Work;
use crate::catalog::{Change, Fault, Snapshot};
use crate::config::{self, Config};
use crate::post::{Source, SourceId};
use crate::site::{Resolved, ResolvedSite};
use crate::warm::Keeper;

/// The time for which the results of scans that start together wait for each other.
const TOGETHER: Duration = Duration::from_millis(50);

/// The maximum wait for scans that run, before posts are read again.
const SETTLED: Duration = Duration::from_secs(2);

/// The maximum wait for the first scan of all sources. A source with a slower disk follows later.
const FIRST_SCAN: Duration = Duration::from_secs(10);

/// The maximum wait for the first comparison of posts that are served already, as an earlier run published them.
const FIRST_COMPARISON: Duration = Duration::from_secs(60);

/// The state of the writer.
pub(super) struct Writer {
    configuration: Configuration,
    sources: Sources,
    published: Published,
    /// The configurations that may have changed.
    pending: Pending<Work>,
    inbox: Inbox,
    sender: Sender<Signal>,
    /// The last published catalog on disk, if it is kept.
    keeper: Option<Keeper>,
    /// The last work.
    work: Work,
}

impl Writer {
    /// A writer that has read no source yet. Its watchers send their events to `sender`.
    pub(super) fn new(
        configuration: Configuration,
        published: Published,
        sender: Sender<Signal>,
        keeper: Option<Keeper>,
    ) -> Self {
        Self {
            configuration,
            sources: Sources::new(),
            published,
            pending: Pending::default(),
            inbox: Inbox::default(),
            sender,
            keeper,
            work: Work::Publish,
        }
    }

    /// Reads every source for the first time.
    pub(super) fn build(&mut self, site: ResolvedSite) {
        self.rebuild(&self.configuration.current().clone(), site);
        self.sources.log_posts(&self.published);
    }

    /// Waits for work and does it.
    pub(super) fn step(&mut self, signals: &Receiver<Signal>) {
        match self.wait(signals) {
            Work::Configuration => self.reload_configuration(),
            Work::Sites => self.reload_sites(),
            Work::Ledger => self.reload_ledger(),
            Work::Files => self.scan(),
            Work::Publish => self.publish_changes(),
        }
    }

    /// The next work that is due.
    fn wait(&mut self, signals: &Receiver<Signal>) -> Work {
        loop {
            self.work = self.work.next();
            if self.work == Work::Configuration {
                self.sleep(signals);
            }
            if self.is_due(self.work) {
                return self.work;
            }
        }
    }

    fn is_due(&mut self, work: Work) -> bool {
        let now = Instant::now();
        match work {
            Work::Configuration => {
                // A configuration that did not fit the sites may fit them now.
                let may_fit =
                    self.pending.is_due(&Work::Sites, now) && !self.configuration.problems().is_empty();
                self.pending.take(&Work::Configuration, now) || may_fit
            }
            Work::Sites | Work::Ledger => self.pending.take(&work, now),
            Work::Files => true,
            Work::Publish => self.report() || self.sources.has_changes() || self.published.is_outdated(),
        }
    }

    /// Sleeps until a signal arrives, or until the next action.
    fn sleep(&mut self, signals: &Receiver<Signal>) {
        let now = Instant::now();
        self.published.flush_log(now);
        let due = [
            self.sources.next_due(),
            self.configuration.next_due(),
            self.pending.next_due(),
            self.published.next_log(),
        ];
        let next = due.into_iter().flatten().min();
        let timeout = sleep_duration(now, next, Utc::now(), self.published.next_due());
        let mut inbox = std::mem::take(&mut self.inbox);
        inbox.receive(signals, timeout, |signal| self.note(signal));
        self.inbox = inbox;
        let now = Instant::now();
        if self.configuration.sweep(now) {
            self.mark(Work::Configuration, Some(When::Now));
        }
        if self.sources.sweep(now) {
            self.mark(Work::Sites, Some(When::Now));
        }
    }

    /// Handles a signal. Returns true if it may change something.
    fn note(&mut self, signal: Signal) -> bool {
        match signal {
            Signal::Stale(path) => self.sources.invalidate(&path),
            Signal::Rescan => {
                tracing::info!("the configuration is read again and everything is rescanned, as requested");
                self.mark(Work::Configuration, Some(When::Now));
                self.mark(Work::Sites, Some(When::Now));
                self.sources.start_over();
            }
            Signal::Event(id, event) if self.configuration.has_id(id) => {
                let when = self.configuration.on_event(event);
                self.mark(Work::Configuration, when);
                return when.is_some();
            }
            Signal::Event(id, event) => {
                let effect = self.sources.on_event(id, event);
                self.mark(Work::Sites, effect.settings);
                return effect.matters || effect.settings.is_some();
            }
            Signal::Ledger(has_earlier) => self.mark(Work::Ledger, has_earlier.then_some(When::Now)),
            Signal::Scanned => return false,
            #[cfg(test)]
            Signal::Panic => panic!("as a test asked for"),
        }
        true
    }

    fn mark(&mut self, work: Work, when: Option<When>) {
        if let Some(when) = when {
            self.pending.mark(work, when, Instant::now());
        }
    }

    /// Scans everything that is due.
    fn scan(&mut self) {
        self.sources.scan_due(Instant::now());
        self.collect_scans(TOGETHER);
    }

    fn collect_scans(&mut self, timeout: Duration) {
        let effect = self.sources.collect(timeout, self.published.catalog());
        self.mark(Work::Sites, effect.settings);
        if effect.matters {
            self.publish_status();
        }
    }

    /// Publishes the changes that scans found, and the problems that are reported already.
    fn publish_changes(&mut self) {
        let changes = self.sources.take_changes();
        self.published.publish_and_log(changes, self.configuration.problems());
    }

    fn publish(&mut self, changes: Vec<Change>) {
        self.report();
        self.published.publish(changes, self.configuration.problems());
    }

    /// Updates the problems of folders and configurations in the catalog. Returns true if they changed.
    fn report(&mut self) -> bool {
        let own = self.configuration.problems().iter().cloned();
        let problems = self.sources.site_problems().iter().cloned().chain(own);
        let ledger = self.published.store().ledger().problems();
        let problems = problems.chain(self.sources.folder_problems()).chain(ledger).collect();
        self.published.report(problems, &self.sources.list_awaited())
    }

    fn publish_status(&mut self) {
        self.published.count(self.sources.take_faults());
        self.published.count(std::iter::repeat_n(Fault::Config, self.configuration.take_refusals()));
        let configuration = self.configuration.describe();
        self.published.publish_status(configuration, self.sources.describe(), self.sources.scanned());
    }

    /// Reads the configuration again. A different one takes effect as a whole, or not at all.
    fn reload_configuration(&mut self) {
        if let Some(config) = self.configuration.read_again() {
            self.collect_scans(SETTLED);
            match decide_on_configuration(&config, self.configuration.current(), &mut self.sources) {
                Reload::Rejected(problems) => self.configuration.refuse(problems),
                Reload::SamePosts(site) => {
                    self.published.set_site(Arc::clone(&site.site));
                    self.sources.take_problems(site);
                    self.configuration.take(config);
                    self.publish(Vec::new());
                }
                Reload::OtherPosts(site) => {
                    self.rebuild(&config, site);
                    self.configuration.take(config);
                    self.sources.log_posts(&self.published);
                }
            }
        }
        self.publish_status();
    }

    /// Reads the sites' own configurations again, and all posts if one of them changed.
    fn reload_sites(&mut self) {
        self.collect_scans(SETTLED);
        let config = self.configuration.current().clone();
        match decide_on_sites(&config, &mut self.sources) {
            Reload::Rejected(problems) => self.sources.set_problems(problems),
            Reload::SamePosts(site) => self.sources.take_problems(site),
            Reload::OtherPosts(site) => {
                tracing::info!("a site's own configuration changed: posts are read again");
                self.rebuild(&config, site);
            }
        }
    }

    /// Reads all posts again, since the ledger has earlier arrivals of some of them.
    fn reload_ledger(&mut self) {
        self.collect_scans(SETTLED);
        let config = self.configuration.current().clone();
        match decide_on_sites(&config, &mut self.sources) {
            Reload::Rejected(problems) => self.sources.set_problems(problems),
            Reload::SamePosts(site) | Reload::OtherPosts(site) => {
                tracing::info!("the ledger has earlier arrivals: posts are read again");
                self.rebuild(&config, site);
            }
        }
    }

    /// Starts from the beginning after a panic of this thread: none of its state is trusted.
    pub(super) fn recover(&mut self) {
        self.published.count([Fault::Panic]);
        let config = self.configuration.current().clone();
        match (decide_on_sites(&config, &mut self.sources), self.published.current()) {
            (Reload::SamePosts(site) | Reload::OtherPosts(site), _) => self.rebuild(&config, site),
            (Reload::Rejected(problems), None) => self.sources.set_problems(problems),
            // A configuration may have been about to be replaced.
            (Reload::Rejected(problems), Some(_)) if !self.sources.are_followed_as(&config) => {
                self.sources.set_problems(problems);
            }
            (Reload::Rejected(problems), Some(current)) => {
                let (site, resolved) = (Arc::clone(&current.site), self.sources.resolved());
                self.rebuild(&config, ResolvedSite { site, problems, resolved });
            }
        }
    }

    /// Reads every source from the start, for a new site. Posts that cannot be read stay as readers see them now.
    fn rebuild(&mut self, config: &Config, resolved: ResolvedSite) {
        let started = Instant::now();
        let ResolvedSite { site, problems, resolved } = resolved;
        if let Some(keeper) = &self.keeper {
            keeper.set_sites(resolved.iter().map(|resolved| Arc::clone(&resolved.source.files)).collect());
        }
        let before = self.published.current();
        let catalog = self.published.make_next_catalog(&site);
        let sources = config.sources.iter().zip(resolved).zip(site.sources.iter().zip(site.source_ids()));
        let follow =
            |((written, resolved), (source, id))| self.follow(written, resolved, source, id, before.as_ref());
        let is_resumed = self.published.is_resumed();
        let followed = sources.map(follow).collect();
        self.sources.replace(followed, problems);
        let is_served = is_resumed && before.as_ref().is_some_and(|before| before.awaited.is_empty());
        let found = self.sources.scan_all(if is_served { FIRST_COMPARISON } else { FIRST_SCAN });
        let identified = self.sources.iter().zip(site.source_ids()).zip(found);
        let changes = identified.flat_map(|((followed, id), found)| match &before {
            Some(before) if is_resumed && before.awaited.contains(&id) => found,
            Some(before) if is_resumed => keep_restored(before, id, found),
            Some(before) => carry_over(before, &site, id, followed, found),
            None => found,
        });
        let changes = changes.collect();
        self.published.restart(catalog, started.elapsed());
        // The sites' configurations were read before they were watched: a change in between is noticed now.
        self.mark(Work::Sites, Some(When::Now));
        self.publish_status();
        self.publish(changes);
    }

    /// Follows a source, with the files that are known of its folder already. `before` is the snapshot that readers
    /// see.
    fn follow(
        &self,
        written: &config::Source,
        resolved: Resolved,
        source: &Arc<Source>,
        id: SourceId,
        before: Option<&Arc<Snapshot>>,
    ) -> FollowedSource {
        let (store, bodies) = (self.published.store().clone(), self.published.body_cache());
        let mut files = SourceFiles::new(Arc::clone(source), id, store, bodies);
        match (self.sources.find(source).map(FollowedSource::files), before) {
            (Some(Some(earlier)), _) => files.adopt(earlier),
            (Some(None), Some(before)) => files.adopt_posts(find_posts(before, source)),
            (None, Some(before)) if self.published.is_resumed() => {
                if !before.awaited.contains(&id) {
                    files.restore(Arc::clone(before));
                }
            }
            // The folder of a source that is added while the server runs is accepted as it is.
            (None, Some(_)) => files.forget_root(),
            (_, None) => {}
        }
        FollowedSource::new(written, resolved, files, self.sender.clone())
    }
}
