//! The writer thread: it alone changes the catalog, in batches, and sleeps until there is a reason.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use chrono::Utc;
use notify::RecommendedWatcher;

use super::dirty::{Dirty, Place};
use super::discover::{Discovery, discover_again};
use super::events::{self, When};
use super::reconcile::Tracked;
use super::rhythm::Rhythm;
use super::signal::Signal;
use super::survey::{Found, depends_on};
use super::told::{describe, tell};
use crate::catalog::{Catalog, Change, Live, Snapshot, Watched, Watching};
use crate::config::{self, Config, Format, Problem};
use crate::state::Store;

/// How long a closed file waits for its companions.
const QUIET: Duration = Duration::from_millis(2);
/// How long a storm of events is gathered, at most.
const STORM: Duration = Duration::from_secs(1);

/// The thread's state.
pub(super) struct Writer {
    config: Config,
    found: Vec<Found>,
    /// Whether something that a site says of itself may have changed.
    unsure: bool,
    sender: Sender<Signal>,
    tracked: Vec<Tracked>,
    store: Store,
    catalog: Catalog,
    live: Live,
    current: Option<Arc<Snapshot>>,
    rhythms: Vec<Rhythm>,
    watchers: Vec<RecommendedWatcher>,
    dirty: Dirty,
    watching: Watching,
}

impl Writer {
    pub(super) fn new(
        config: Config,
        discovery: Discovery,
        live: Live,
        sender: Sender<Signal>,
        store: Store,
    ) -> Self {
        let mut catalog = Catalog::new(Arc::clone(&discovery.site));
        catalog.set_site(Arc::clone(&discovery.site), discovery.problems.clone());
        Self {
            tracked: Tracked::all(&discovery.site, &store),
            store,
            catalog,
            live,
            current: None,
            unsure: false,
            found: discovery.found,
            sender,
            config,
            rhythms: Vec::new(),
            watchers: Vec::new(),
            dirty: Dirty::default(),
            watching: Watching::default(),
        }
    }

    /// Watches every folder, before anything is read: no change falls between.
    pub(super) fn watch(&mut self) {
        self.watchers.clear();
        self.rhythms.clear();
        self.watching.sources.resize(self.tracked.len(), Watched::default());
        let watched = self.watching.sources.iter_mut();
        for (((source, tracked), found), watched) in
            self.config.sources.iter().zip(&self.tracked).zip(&self.found).zip(watched)
        {
            let folder = &tracked.source.folder;
            let native = matches!(source.watch, config::Watch::Auto | config::Watch::Native);
            let watcher = native.then(|| events::watch(folder, &found.around, self.sender.clone()));
            watched.how = match (&watcher, source.watch) {
                (Some(Ok(_)), _) => "native",
                (None, config::Watch::Off) => "off",
                _ => "poll",
            };
            let every = match (watcher, source.watch) {
                (Some(Ok(watcher)), _) => {
                    self.watchers.push(watcher);
                    Some(source.sweep.unwrap_or(60))
                }
                (Some(Err(error)), config::Watch::Native) => {
                    tracing::error!("{} can't be watched: {error}", folder.display());
                    Some(source.sweep.unwrap_or(60))
                }
                (Some(Err(error)), _) => {
                    tracing::warn!("{} can't be watched, it is polled instead: {error}", folder.display());
                    Some(source.poll.unwrap_or(2))
                }
                (None, config::Watch::Poll) => Some(source.poll.unwrap_or(2)),
                (None, _) => None,
            };
            self.rhythms.push(Rhythm::new(every));
        }
    }

    pub(super) fn read_everything(&mut self) {
        let started = Instant::now();
        let changes = self.tracked.iter_mut().flat_map(|source| source.reconcile("")).collect();
        let snapshot = self.publish(changes);
        self.watching.scan = started.elapsed();
        self.live.tell(self.watching.clone());
        snapshot.problems.iter().for_each(tell);
        for tracked in self.tracked.iter().filter(|tracked| !tracked.has_posts()) {
            let source = &tracked.source;
            let (dialect, what) = (source.rules.dialect.name(), source.rules.what);
            tracing::warn!("source {}: no post was found. A post of {dialect} is {what}", source.name);
        }
        let terms = |place: usize| snapshot.terms(place).count();
        let names = snapshot.site.taxonomies.iter().enumerate();
        let counts: Vec<String> =
            names.map(|(place, taxonomy)| format!("{} {}", terms(place), taxonomy.name)).collect();
        tracing::info!(
            "{} posts, {}, {} problems, read in {:.0?}",
            snapshot.count(),
            counts.join(", "),
            snapshot.problems.len(),
            started.elapsed()
        );
        let base = &snapshot.site.public_url;
        let files = snapshot.site.feeds.formats.iter().map(|format| match format {
            Format::Rss => "rss.xml",
            Format::Atom => "atom.xml",
            Format::Json => "feed.json",
        });
        let addresses: Vec<String> = files.map(|file| format!("{base}/{file}")).collect();
        tracing::info!("serving {}", addresses.join(", "));
    }

    /// Sleeps until something happens or is due, and brings the catalog up to date with it.
    pub(super) fn wait(&mut self, signals: &Receiver<Signal>) {
        let patience = self.patience();
        match signals.recv_timeout(patience) {
            Ok(signal) => {
                self.note(signal);
                self.gather(signals);
            }
            Err(RecvTimeoutError::Timeout) => {}
            // It lives as long as the process: this thread holds a sender itself.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(patience),
        }
        let now = Instant::now();
        for (place, rhythm) in self.rhythms.iter_mut().enumerate() {
            if rhythm.is_due(now) {
                rhythm.restart();
                self.unsure = true;
                self.dirty.mark_now((place, String::new()), now);
            }
        }
        self.act(now);
    }

    /// How long there is nothing to do: until a path, a sweep or a post is due.
    fn patience(&self) -> Duration {
        let now = Instant::now();
        let looks =
            self.dirty.next_due().into_iter().chain(self.rhythms.iter().filter_map(|rhythm| rhythm.next));
        let look = looks.min().map(|next| next.saturating_duration_since(now));
        let due = self.current.as_ref().and_then(|snapshot| snapshot.next_due);
        let due = due.map(|due| (due - Utc::now()).to_std().unwrap_or_default());
        // A clock that jumps is noticed within a minute.
        [look, due].into_iter().flatten().min().unwrap_or(STORM * 60).min(STORM * 60)
    }

    /// Takes in what comes close together: a save by rename is several events.
    fn gather(&mut self, signals: &Receiver<Signal>) {
        let started = Instant::now();
        while started.elapsed() < STORM {
            match signals.recv_timeout(QUIET) {
                Ok(signal) => self.note(signal),
                Err(_) => return,
            }
        }
    }

    fn note(&mut self, signal: Signal) {
        let now = Instant::now();
        match signal {
            Signal::Doubt(path) => {
                for (place, path) in self.locate(&path) {
                    self.tracked[place].doubt(&path);
                    self.dirty.mark_now((place, path), now);
                }
            }
            Signal::Rescan => {
                tracing::info!("everything is looked at, as asked");
                self.look_everywhere(now);
            }
            Signal::Event(Err(error)) => {
                tracing::warn!("the watch reports {error}: everything is looked at");
                self.look_everywhere(now);
            }
            Signal::Event(Ok(event)) => {
                let Some((when, paths)) = events::read(event) else { return };
                if paths.is_empty() {
                    tracing::warn!("events were lost: everything is looked at");
                    self.watching.overflows += 1;
                    self.look_everywhere(now);
                }
                self.unsure |= paths.iter().any(|path| self.is_ruling(path));
                for place in paths.iter().flat_map(|path| self.locate(path)).collect::<Vec<_>>() {
                    match when {
                        When::Now => self.dirty.mark_now(place, now),
                        When::Soon => self.dirty.mark_soon(place, now),
                    }
                }
            }
        }
    }

    fn look_everywhere(&mut self, now: Instant) {
        self.unsure = true;
        for place in 0..self.tracked.len() {
            self.dirty.mark_now((place, String::new()), now);
        }
    }

    /// The sources a path belongs to and the path in each, where it can matter.
    fn locate(&self, path: &Path) -> Vec<Place> {
        let enclosing = self.tracked.iter().enumerate().flat_map(|(place, tracked)| {
            let below = path.strip_prefix(&tracked.source.root).ok().and_then(Path::to_str);
            let posts = below.map(|below| tracked.list_enclosing(below)).unwrap_or_default();
            posts.into_iter().map(move |post| (place, post))
        });
        let within = self.tracked.iter().enumerate().filter_map(|(place, tracked)| {
            let source = &tracked.source;
            if path == source.folder {
                return Some((place, String::new()));
            }
            path.strip_prefix(&source.folder).ok()?;
            let below = path.strip_prefix(&source.root).ok()?.to_str()?;
            let (folder, file) = below.rsplit_once('/').unwrap_or(("", below));
            if (source.rules.is_leaf)(source, file) {
                // It decides what all else in its folder is.
                return Some((place, folder.to_owned()));
            }
            let matters = source.is_post(below) || tracked.knows(below) || path.is_dir();
            matters.then(|| (place, below.to_owned()))
        });
        within.chain(enclosing).collect()
    }

    /// Whether what a site says of itself may depend on a path.
    fn is_ruling(&self, path: &Path) -> bool {
        self.tracked.iter().map(|tracked| &tracked.source).any(|source| {
            let below = path.strip_prefix(&source.root).ok().and_then(Path::to_str);
            // A folder that comes or goes may hold such files.
            below.is_some_and(|below| {
                depends_on(source, below)
                    || (source.rules.data.is_some() && !source.is_post(below) && !path.is_file())
            })
        })
    }

    /// Looks again at what the sites say of themselves; gives all that changes with it.
    fn look_at_sites(&mut self) -> Option<Vec<Change>> {
        let known = self.current.as_ref().map(|current| current.site.taxonomies.clone());
        let discovery = match discover_again(&self.config, &known.unwrap_or_default()) {
            Ok(discovery) => discovery,
            Err(problems) => {
                problems.iter().for_each(tell);
                return None;
            }
        };
        let Discovery { site, found, problems } = discovery;
        let broken = found.iter().zip(&self.found).any(|(now, before)| now.is_broken_since(before));
        if broken {
            // What was said before holds until it can be read again.
            let site = Arc::clone(&self.current.as_ref()?.site);
            self.catalog.set_site(site, problems);
            return Some(Vec::new());
        }
        if found == self.found {
            return self.catalog.tells_other_problems(&problems).then(|| {
                self.catalog.set_site(site, problems);
                Vec::new()
            });
        }
        tracing::info!("a site's own configuration changed: its posts are read again");
        let anew = found.iter().zip(&self.found).any(|(now, before)| now.is_another(before));
        if let Some(current) = self.current.as_ref().filter(|_| anew) {
            self.catalog = Catalog::new(Arc::clone(&site)).after(current);
            self.tracked = Tracked::all(&site, &self.store);
        }
        for (tracked, source) in self.tracked.iter_mut().zip(&site.sources) {
            tracked.change_source(Arc::clone(source));
        }
        self.found = found;
        self.catalog.set_site(site, problems);
        self.watch();
        Some(self.tracked.iter_mut().flat_map(|source| source.reconcile("")).collect())
    }

    /// Reconciles every path that is due, as one change.
    fn act(&mut self, now: Instant) {
        let started = Instant::now();
        let mut changes = Vec::new();
        let resettled = if std::mem::take(&mut self.unsure) { self.look_at_sites() } else { None };
        let is_another = resettled.is_some();
        changes.extend(resettled.into_iter().flatten());
        let due = self.dirty.take_due(now);
        let looked = !due.is_empty() || is_another;
        for (place, path) in due {
            changes.extend(self.tracked[place].reconcile(&path));
        }
        changes.retain(|change| self.catalog.is_news(change));
        let someone_due = self.current.as_ref().and_then(|s| s.next_due).is_some_and(|due| due <= Utc::now());
        if looked {
            self.note_work(started, &changes);
        }
        if changes.is_empty() && !someone_due && !is_another {
            return;
        }
        let lines = describe(&changes, &self.tracked);
        let before = self.current.clone();
        let snapshot = self.publish(changes);
        for line in lines {
            tracing::info!("{line}");
        }
        let known: HashSet<&Problem> = before.iter().flat_map(|before| before.problems.iter()).collect();
        snapshot.problems.iter().filter(|problem| !known.contains(problem)).for_each(tell);
        if someone_due {
            tracing::info!("a scheduled post is due: {} posts are visible", snapshot.count());
        }
    }

    /// Tells of what was looked at since `started`.
    fn note_work(&mut self, started: Instant, changes: &[Change]) {
        let (count, took) = &mut self.watching.reconciled;
        *count += 1;
        *took += started.elapsed();
        for change in changes {
            if let Some(watched) = self.watching.sources.get_mut(usize::from(change.source())) {
                watched.last_change = Some(Utc::now());
            }
        }
        self.live.tell(self.watching.clone());
    }

    fn publish(&mut self, changes: Vec<Change>) -> Arc<Snapshot> {
        let (count, started) = (changes.len(), Instant::now());
        let snapshot = self.catalog.apply(changes, Utc::now());
        tracing::debug!("{count} changes taken in, in {:.1?}", started.elapsed());
        self.current = Some(Arc::clone(&snapshot));
        self.live.publish(Arc::clone(&snapshot));
        snapshot
    }
}
