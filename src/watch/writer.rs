//! The writer thread: it alone changes the catalog, in batches, and sleeps until there is a reason.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use notify::RecommendedWatcher;

use super::bodies::Doubts;
use super::dirty::{Dirty, Place};
use super::discover::{Discovery, discover};
use super::events::{self, When};
use super::reconcile::Tracked;
use super::signal::Signal;
use crate::catalog::{Catalog, Change, Live, Snapshot};
use crate::config::{self, Config, Problem};

/// How long a closed file waits for its companions.
const QUIET: Duration = Duration::from_millis(2);
/// How long a storm of events is gathered, at most.
const STORM: Duration = Duration::from_secs(1);
/// How long a missing folder is waited for before it is looked for again.
const MISSING: Duration = Duration::from_millis(500);

/// Reads every source once, without watching.
///
/// # Errors
/// The problems of the configuration that show only now, and folders that are missing.
pub fn read_once(config: &Config, now: DateTime<Utc>) -> Result<(Arc<Snapshot>, Discovery), Vec<Problem>> {
    let missing =
        config.sources.iter().map(|source| config.folder().join(&source.path)).filter(|f| !f.exists());
    let missing: Vec<Problem> = missing
        .map(|folder| {
            let message = format!("there is no folder {}. Make it, or mend source.path.", folder.display());
            Problem::error(config.name(), message)
        })
        .collect();
    if !missing.is_empty() {
        return Err(missing);
    }
    let discovery = discover(config)?;
    let mut catalog = Catalog::new(Arc::clone(&discovery.site));
    let mut tracked = track(&discovery);
    let changes = tracked.iter_mut().flat_map(|source| source.reconcile("")).collect();
    Ok((catalog.apply(changes, now), discovery))
}

/// Starts the writer: it waits for the folders, reads them, and keeps `live` current from then on.
///
/// # Errors
/// If the system gives no thread.
pub fn start(config: Config, live: Live, doubts: Doubts) -> std::io::Result<()> {
    let (sender, signals) = mpsc::channel();
    doubts.listen(sender.clone());
    thread::Builder::new().name("writer".to_owned()).spawn(move || run(&config, &live, &sender, &signals))?;
    Ok(())
}

fn run(config: &Config, live: &Live, sender: &Sender<Signal>, signals: &Receiver<Signal>) {
    wait_for_folders(config);
    let discovery = match discover(config) {
        Ok(discovery) => discovery,
        Err(problems) => {
            problems.iter().for_each(tell);
            tracing::error!(
                "nothing is served until the configuration is mended and the server started again"
            );
            return;
        }
    };
    for found in &discovery.found {
        let dialect = found.dialect.name();
        tracing::info!("source {}: {} is {dialect}: {}", found.name, found.folder.display(), found.why);
    }
    discovery.problems.iter().for_each(tell);
    let mut writer = Writer::new(config, &discovery, live.clone());
    writer.watch(sender);
    writer.read_everything();
    loop {
        writer.wait(signals);
    }
}

fn wait_for_folders(config: &Config) {
    for source in &config.sources {
        let folder = config.folder().join(&source.path);
        if !folder.exists() {
            tracing::warn!("waiting for {}: there is no such folder yet", folder.display());
        }
        while !folder.exists() {
            thread::sleep(MISSING);
        }
    }
}

fn track(discovery: &Discovery) -> Vec<Tracked> {
    let sources = discovery.site.sources.iter().enumerate();
    sources.map(|(number, source)| Tracked::new(Arc::clone(source), number as u16)).collect()
}

fn tell(problem: &Problem) {
    match problem.severity {
        config::Severity::Error => tracing::error!("{problem}"),
        config::Severity::Warning => tracing::warn!("{problem}"),
    }
}

/// When a source is looked at without an event.
struct Rhythm {
    every: Option<Duration>,
    next: Option<Instant>,
}

impl Rhythm {
    fn new(every: Option<u32>) -> Self {
        let every = every.filter(|seconds| *seconds > 0).map(|seconds| Duration::from_secs(seconds.into()));
        Self { every, next: every.map(|every| Instant::now() + every) }
    }

    fn is_due(&self, now: Instant) -> bool {
        self.next.is_some_and(|next| next <= now)
    }

    fn restart(&mut self) {
        self.next = self.every.map(|every| Instant::now() + every);
    }
}

struct Writer {
    tracked: Vec<Tracked>,
    catalog: Catalog,
    live: Live,
    current: Option<Arc<Snapshot>>,
    rhythms: Vec<Rhythm>,
    watched: Vec<config::Source>,
    watchers: Vec<RecommendedWatcher>,
    dirty: Dirty,
}

impl Writer {
    fn new(config: &Config, discovery: &Discovery, live: Live) -> Self {
        Self {
            tracked: track(discovery),
            catalog: Catalog::new(Arc::clone(&discovery.site)),
            live,
            current: None,
            rhythms: Vec::new(),
            watched: config.sources.clone(),
            watchers: Vec::new(),
            dirty: Dirty::default(),
        }
    }

    /// Watches every folder, before anything is read: no change falls between.
    fn watch(&mut self, sender: &Sender<Signal>) {
        for (source, tracked) in self.watched.iter().zip(&self.tracked) {
            let folder = &tracked.source.folder;
            let native = matches!(source.watch, config::Watch::Auto | config::Watch::Native);
            let watcher = native.then(|| events::watch(folder, sender.clone()));
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

    fn read_everything(&mut self) {
        let started = Instant::now();
        let changes = self.tracked.iter_mut().flat_map(|source| source.reconcile("")).collect();
        let snapshot = self.publish(changes);
        snapshot.problems.iter().for_each(tell);
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
        tracing::info!("serving {base}/atom.xml, {base}/rss.xml and {base}/feed.json");
    }

    /// Sleeps until something happens or is due, and brings the catalog up to date with it.
    fn wait(&mut self, signals: &Receiver<Signal>) {
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
            Signal::Event(Err(error)) => {
                tracing::warn!("the watch reports {error}: everything is looked at");
                self.look_everywhere(now);
            }
            Signal::Event(Ok(event)) => {
                let Some((when, paths)) = events::read(event) else { return };
                if paths.is_empty() {
                    tracing::warn!("events were lost: everything is looked at");
                    self.look_everywhere(now);
                }
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
        for place in 0..self.tracked.len() {
            self.dirty.mark_now((place, String::new()), now);
        }
    }

    /// The sources a path belongs to and the path in each, where it can matter.
    fn locate(&self, path: &Path) -> Vec<Place> {
        let within = self.tracked.iter().enumerate().filter_map(|(place, tracked)| {
            let source = &tracked.source;
            if path == source.folder {
                return Some((place, String::new()));
            }
            path.strip_prefix(&source.folder).ok()?;
            let below = path.strip_prefix(&source.root).ok()?.to_str()?;
            let matters = source.is_post(below) || tracked.knows(below) || path.is_dir();
            matters.then(|| (place, below.to_owned()))
        });
        within.collect()
    }

    /// Reconciles every path that is due, as one change.
    fn act(&mut self, now: Instant) {
        let mut changes = Vec::new();
        for (place, path) in self.dirty.take_due(now) {
            changes.extend(self.tracked[place].reconcile(&path));
        }
        changes.retain(|change| self.catalog.is_news(change));
        let someone_due = self.current.as_ref().and_then(|s| s.next_due).is_some_and(|due| due <= Utc::now());
        if changes.is_empty() && !someone_due {
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

    fn publish(&mut self, changes: Vec<Change>) -> Arc<Snapshot> {
        let (count, started) = (changes.len(), Instant::now());
        let snapshot = self.catalog.apply(changes, Utc::now());
        tracing::debug!("{count} changes taken in, in {:.1?}", started.elapsed());
        self.current = Some(Arc::clone(&snapshot));
        self.live.publish(Arc::clone(&snapshot));
        snapshot
    }
}

/// One line a change; of many changes at once one line for all.
fn describe(changes: &[Change], tracked: &[Tracked]) -> Vec<String> {
    const MANY: usize = 10;
    let name = |source: u16, path: &str| tracked[usize::from(source)].source.name_file(path);
    if changes.len() > MANY {
        let gone = changes.iter().filter(|change| matches!(change, Change::Remove { .. })).count();
        return vec![format!("{} files changed, {gone} of them are gone", changes.len())];
    }
    let lines = changes.iter().map(|change| match change {
        Change::Put(post, _) => format!("changed {}: {}", name(post.source, &post.path), post.title),
        Change::Remove { source, path, .. } => format!("gone {}", name(*source, path)),
        Change::Break { source, path, .. } => format!("broken {}", name(*source, path)),
    });
    lines.collect()
}
