//! The writer thread: it alone changes the catalog, in batches, and sleeps until there is a reason.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::carry::carry_over;
use super::configuration::{Configuration, reads_alike};
use super::discover::{Discovery, combine};
use super::folder::Folder;
use super::reconcile::Tracked;
use super::rhythm::rest;
use super::signal::Signal;
use super::survey::{Survey, survey};
use super::texts::Texts;
use super::told::{describe, tell};
use crate::catalog::{Catalog, Change, Fault, Holder, Live, Site, Snapshot, Watching};
use crate::config::{Config, Problem, Source};
use crate::state::Store;

/// How long a closed file waits for its companions.
const QUIET: Duration = Duration::from_millis(2);
/// How long a storm of events is gathered, at most.
const STORM: Duration = Duration::from_secs(1);

/// The thread's state.
pub(super) struct Writer {
    configuration: Configuration,
    folders: Vec<Folder>,
    /// Whether the configuration may be another.
    asks_again: bool,
    /// Whether something that a site says of itself may have changed.
    unsure: bool,
    /// What is wrong with the sites' own configurations.
    site_problems: Vec<Problem>,
    sender: Sender<Signal>,
    store: Store,
    texts: Texts,
    catalog: Catalog,
    live: Live,
    current: Option<Arc<Snapshot>>,
    watching: Watching,
}

impl Writer {
    /// A writer that has read nothing yet.
    pub(super) fn new(
        configuration: Configuration,
        live: Live,
        sender: Sender<Signal>,
        store: Store,
        texts: Texts,
        site: Arc<Site>,
    ) -> Self {
        Self {
            configuration,
            folders: Vec::new(),
            asks_again: false,
            unsure: false,
            site_problems: Vec::new(),
            sender,
            store,
            texts,
            catalog: Catalog::new(site),
            live,
            current: None,
            watching: Watching::default(),
        }
    }

    /// Reads every source from the start, as sources and site are found to be. What can't be read stays as
    /// readers see it now.
    pub(super) fn build(&mut self, config: &Config, surveys: Vec<Survey>, discovery: Discovery) {
        let started = Instant::now();
        let Discovery { site, problems, .. } = discovery;
        let before = self.live.load();
        let mut catalog = Catalog::new(Arc::clone(&site));
        if let Some(before) = &before {
            catalog = catalog.after(before);
        }
        let holders = self.store.holders().into_iter();
        catalog.remember(holders.map(|(id, source, path)| (id, Holder { source, path })));
        let (mut folders, mut changes): (Vec<Folder>, _) = (Vec::new(), Vec::new());
        for ((written, survey), source) in config.sources.iter().zip(surveys).zip(&site.sources) {
            let number = folders.len() as u16;
            let held = self.texts.held();
            let mut tracked = Tracked::new(Arc::clone(source), number, self.store.clone(), held);
            let is_same = |other: &&Folder| {
                let other = &other.tracked.source;
                (&other.name, &other.root, &other.folder) == (&source.name, &source.root, &source.folder)
            };
            if let Some(earlier) = self.folders.iter().find(is_same) {
                tracked.adopt(&earlier.tracked);
            }
            let mut folder = Folder::new(written, survey, tracked, self.sender.clone());
            let found = folder.look_at_all();
            changes.extend(match &before {
                Some(before) => carry_over(before, &site, number, &folder, found),
                None => found,
            });
            folders.push(folder);
        }
        (self.catalog, self.folders, self.site_problems) = (catalog, folders, problems);
        self.texts.clear();
        self.count_faults();
        self.watching.scan = started.elapsed();
        self.tell_watching();
        self.publish(changes);
    }

    /// Sleeps until something happens or is due, and brings the catalog up to date with it.
    pub(super) fn wait(&mut self, signals: &Receiver<Signal>) {
        let patience = self.patience(Instant::now(), Utc::now());
        match signals.recv_timeout(patience) {
            Ok(signal) => {
                if self.note(signal) {
                    self.gather(signals);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            // It lives as long as the process: this thread holds a sender itself.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(patience),
        }
        let now = Instant::now();
        self.asks_again |= self.configuration.is_swept(now);
        for folder in &mut self.folders {
            self.unsure |= folder.is_swept(now);
        }
        self.act(now);
    }

    /// How long there is nothing to do.
    fn patience(&self, now: Instant, time: DateTime<Utc>) -> Duration {
        if self.asks_again || self.unsure {
            return Duration::ZERO;
        }
        let looks = self.folders.iter().filter_map(Folder::next_due).chain(self.configuration.next_due());
        let due = self.current.as_ref().and_then(|snapshot| snapshot.next_due);
        rest(now, looks.min(), time, due)
    }

    /// Takes in what comes close together: a save by rename is several events.
    fn gather(&mut self, signals: &Receiver<Signal>) {
        let started = Instant::now();
        let mut quiet = started + QUIET;
        while started.elapsed() < STORM {
            match signals.recv_timeout(quiet.saturating_duration_since(Instant::now())) {
                Ok(signal) => {
                    if self.note(signal) {
                        quiet = Instant::now() + QUIET;
                    }
                }
                Err(_) => return,
            }
        }
    }

    /// Takes in a signal. Says whether it matters.
    fn note(&mut self, signal: Signal) -> bool {
        match signal {
            Signal::Doubt(path) => {
                for folder in &mut self.folders {
                    folder.doubt(&path);
                }
            }
            Signal::Rescan => {
                tracing::info!("the configuration and everything else is looked at, as asked");
                (self.asks_again, self.unsure) = (true, true);
                self.folders.iter_mut().for_each(Folder::start_over);
            }
            Signal::Event(id, event) if self.configuration.has_id(id) => {
                self.asks_again |= self.configuration.hear(event);
                return self.asks_again;
            }
            Signal::Event(id, event) => {
                let heard = self.folders.iter_mut().find(|folder| folder.has_id(id)).map(|f| f.hear(event));
                let heard = heard.unwrap_or_default();
                self.unsure |= heard.rules;
                return heard.matters || heard.rules;
            }
            #[cfg(test)]
            Signal::Panic => panic!("as a test asked for"),
        }
        true
    }

    /// Reads the configuration again. One that says something else takes effect whole, or not at all.
    fn follow_configuration(&mut self) {
        let Some(config) = self.configuration.read_again() else { return };
        let missing = self.list_missing(&config);
        if !missing.is_empty() {
            return self.configuration.refuse(missing);
        }
        let is_alike = reads_alike(&config, &self.configuration.current);
        let surveys: Vec<Survey> = if is_alike {
            self.folders.iter().map(|folder| folder.survey.clone()).collect()
        } else {
            config.sources.iter().map(|source| survey(&config, source)).collect()
        };
        match combine(&config, &surveys) {
            Err(problems) => self.configuration.refuse(problems),
            Ok(discovery) if is_alike => {
                self.site_problems.clone_from(&discovery.problems);
                self.catalog.set_site(discovery.site);
                self.configuration.take(config);
                self.publish(Vec::new());
            }
            Ok(discovery) => {
                self.build(&config, surveys, discovery);
                self.configuration.take(config);
                self.tell_of_posts();
            }
        }
    }

    /// Folders that a configuration names anew and that are not there: to wait for them would take feeds away
    /// that are served now.
    fn list_missing(&self, config: &Config) -> Vec<Problem> {
        let current = &self.configuration.current;
        let is_new = |source: &&Source| current.sources.iter().all(|known| known.path != source.path);
        let folders = config.sources.iter().filter(is_new).map(|source| config.reach(source));
        let tell = |folder: std::path::PathBuf| {
            let message = format!("there is no folder {}. Make it, or mend source.path.", folder.display());
            Problem::error(config.name(), message)
        };
        folders.filter(|folder| !folder.exists()).map(tell).collect()
    }

    /// Looks again at what the sites say of themselves, and reads them anew if that is something else.
    fn follow_sites(&mut self) {
        let config = &self.configuration.current;
        let look = |(written, folder): (_, &Folder)| {
            let known = &folder.survey;
            let mut now = survey(config, written);
            let is_gone = folder.tracked.loss().is_some() && folder.tracked.was_found();
            if is_gone || now.found.is_broken_since(&known.found) {
                // What was said before holds until it can be read again.
                now = Survey { problems: now.problems, ..known.clone() };
            }
            now
        };
        let surveys: Vec<Survey> = config.sources.iter().zip(&self.folders).map(look).collect();
        let is_same = surveys.iter().zip(&self.folders).all(|(now, folder)| now.found == folder.survey.found);
        match combine(config, &surveys) {
            Err(problems) => self.site_problems = problems,
            Ok(discovery) if is_same => self.site_problems = discovery.problems,
            Ok(discovery) => {
                tracing::info!("a site's own configuration changed: posts are read again");
                let config = config.clone();
                self.build(&config, surveys, discovery);
            }
        }
    }

    /// Starts from the beginning after a failure of this thread: nothing of what it knew is trusted.
    pub(super) fn recover(&mut self) {
        self.watching.count(Fault::Panic);
        let config = self.configuration.current.clone();
        let surveys: Vec<Survey> = config.sources.iter().map(|source| survey(&config, source)).collect();
        match (combine(&config, &surveys), self.live.load()) {
            (Ok(discovery), _) => self.build(&config, surveys, discovery),
            (Err(problems), None) => self.site_problems = problems,
            (Err(problems), Some(current)) => {
                let surveys = self.folders.iter().map(|folder| folder.survey.clone()).collect();
                let site = Arc::clone(&current.site);
                self.build(&config, surveys, Discovery { site, found: Vec::new(), problems });
            }
        }
    }

    /// Looks at everything that is due, as one change.
    fn act(&mut self, now: Instant) {
        let started = Instant::now();
        // One that did not fit the sites may fit them now.
        self.asks_again |= self.unsure && !self.configuration.problems.is_empty();
        if std::mem::take(&mut self.asks_again) {
            self.follow_configuration();
        }
        if std::mem::take(&mut self.unsure) {
            self.follow_sites();
        }
        let (mut changes, mut looked) = (Vec::new(), false);
        for folder in &mut self.folders {
            let was_lost = folder.tracked.loss().is_some();
            let Some(found) = folder.look_at_due(now) else { continue };
            let found: Vec<Change> =
                found.into_iter().filter(|change| self.catalog.is_news(change)).collect();
            if !found.is_empty() {
                folder.note_change(Utc::now());
            }
            // Its site may say something else than when it was seen last.
            self.unsure |= was_lost && folder.tracked.loss().is_none();
            looked = true;
            changes.extend(found);
        }
        self.count_faults();
        if looked {
            let (count, took) = &mut self.watching.reconciled;
            *count += 1;
            *took += started.elapsed();
            self.tell_watching();
        }
        let someone_due = self.current.as_ref().and_then(|s| s.next_due).is_some_and(|due| due <= Utc::now());
        if !changes.is_empty() || someone_due || self.tell_of_folders() {
            let lines = describe(&changes, &self.catalog);
            let snapshot = self.publish(changes);
            for line in lines {
                tracing::info!("{line}");
            }
            if someone_due {
                tracing::info!("a scheduled post is due: {} posts are visible", snapshot.count());
            }
        }
    }

    /// Brings what is told of folders and configurations up to date. Says whether it is news.
    fn tell_of_folders(&mut self) -> bool {
        let mut problems = self.site_problems.clone();
        problems.extend_from_slice(&self.configuration.problems);
        problems.extend(self.folders.iter().filter_map(Folder::problem));
        let numbered = self.folders.iter().zip(0_u16..);
        let awaited: Vec<u16> =
            numbered.filter(|(folder, _)| !folder.tracked.was_found()).map(|(_, number)| number).collect();
        let is_awaited = self.catalog.set_awaited(&awaited);
        self.catalog.set_problems(problems) || is_awaited
    }

    fn count_faults(&mut self) {
        let faults: Vec<Fault> = self.folders.iter_mut().flat_map(Folder::take_faults).collect();
        for fault in faults {
            self.watching.count(fault);
        }
    }

    fn tell_watching(&mut self) {
        self.watching.sources = self.folders.iter().map(Folder::describe).collect();
        self.live.tell(self.watching.clone());
    }

    /// Takes changes in, lets readers see them, and tells of new problems.
    fn publish(&mut self, mut changes: Vec<Change>) -> Arc<Snapshot> {
        self.tell_of_folders();
        let (count, started) = (changes.len(), Instant::now());
        let before = self.live.load();
        self.texts.keep(&self.catalog, before.as_deref(), &mut changes);
        let snapshot = self.catalog.apply(changes, Utc::now());
        tracing::debug!("{count} changes taken in, in {:.1?}", started.elapsed());
        self.current = Some(Arc::clone(&snapshot));
        self.live.publish(Arc::clone(&snapshot));
        self.texts.renew(&snapshot);
        for (id, holder) in self.catalog.take_holders() {
            let holder = holder.as_ref().map(|holder| (&*holder.source, &*holder.path));
            self.store.remember_holder(&id, holder);
        }
        let known: HashSet<&Problem> = before.iter().flat_map(|before| before.problems.iter()).collect();
        let is_ours = |problem: &&Problem| self.configuration.problems.contains(problem);
        let new = snapshot.problems.iter().filter(|problem| !known.contains(problem) && !is_ours(problem));
        new.for_each(tell);
        snapshot
    }

    /// Tells what was read.
    pub(super) fn tell_of_posts(&self) {
        let Some(snapshot) = &self.current else { return };
        for folder in self.folders.iter().filter(|folder| !folder.tracked.has_posts()) {
            let source = &folder.tracked.source;
            let (dialect, what) = (source.rules.dialect.name(), source.rules.what);
            if folder.tracked.loss().is_none() {
                tracing::warn!("source {}: no post was found. A post of {dialect} is {what}", source.name);
            }
        }
        let names = snapshot.site.taxonomies.iter().enumerate();
        let counts: Vec<String> = names
            .map(|(place, taxonomy)| format!("{} {}", snapshot.terms(place).count(), taxonomy.name))
            .collect();
        tracing::info!(
            "{} posts, {}, {} problems, read in {:.0?}",
            snapshot.count(),
            counts.join(", "),
            snapshot.problems.len(),
            self.watching.scan
        );
    }
}
