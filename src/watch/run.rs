//! Starts the writer, which reads everything and keeps it current in a separate thread, and restarts it if it fails.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use chrono::Utc;

use super::config_reload::{Configuration, Reload};
use super::poll_timer::is_plausible;
use super::published::Published;
use super::signal::Signal;
use super::writer::Writer;
use crate::bodies::{DiskBodies, LastGood};
use crate::catalog::Live;
use crate::config::{Config, Format};
use crate::feed::Entries;
use crate::site::{ResolvedSite, SiteFiles, discover_stored};
use crate::state::Store;
use crate::warm::Keeper;

/// The time after which a configuration that cannot be used yet is read again.
const RETRY: Duration = Duration::from_millis(500);

/// The first and the longest pause after a failure. Each pause is twice as long as the one before.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(30));

/// The parts that a writer needs.
pub struct Setting {
    /// The configuration as it was read.
    pub read: Config,
    /// The configuration in effect: with the port that the system chose.
    pub config: Config,
    /// The functions that read the configuration again.
    pub reload: Reload,
    /// The handle through which readers get snapshots.
    pub live: Live,
    /// The bodies of posts.
    pub bodies: Arc<DiskBodies>,
    /// The entries that are rendered from them.
    pub entries: Arc<Entries>,
    /// The state that is not in the files of the sources.
    pub store: Store,
    /// The last published catalog on disk, if it is kept.
    pub keeper: Option<Keeper>,
}

/// Starts the writer: it reads the folders, waits for those that are missing, and keeps `live` current from
/// then on.
///
/// # Errors
/// If the thread cannot be started.
pub fn start(setting: Setting) -> std::io::Result<WriterHandle> {
    let (sender, signals) = mpsc::channel();
    let (handle, stale) = (WriterHandle(sender.clone()), sender.clone());
    // The writer never ends before the program.
    setting.bodies.report_stale_to(move |path| drop(stale.send(Signal::Stale(path))));
    let run = move || run(&setting, &sender, &signals);
    thread::Builder::new().name("writer".to_owned()).spawn(run)?;
    Ok(handle)
}

/// A handle to the running writer.
#[derive(Debug, Clone)]
pub struct WriterHandle(Sender<Signal>);

impl WriterHandle {
    /// Asks the writer to read the configuration again and to rescan everything.
    pub fn rescan(&self) {
        self.send(Signal::Rescan);
    }

    /// Notifies the writer that the ledger has other problems, or that `has_earlier` arrivals than posts have.
    pub fn note_ledger(&self, has_earlier: bool) {
        self.send(Signal::Ledger(has_earlier));
    }

    fn send(&self, signal: Signal) {
        // A writer that has ended needs no signal: the server is stopping.
        let _ = self.0.send(signal);
    }
}

/// Follows the sources for ever.
fn run(setting: &Setting, sender: &Sender<Signal>, signals: &Receiver<Signal>) {
    let mut recovery = Recovery { live: setting.live.clone(), pause: PAUSE.0, last_failure: None };
    // A stored catalog with which the start fails is not tried again.
    let mut keeper = setting.keeper.as_ref();
    let mut writer = recovery.repeat(|| build_first(setting, keeper.take(), sender));
    loop {
        if recovery.attempt(|| writer.step(signals)).is_none() {
            recovery.repeat(|| writer.recover());
        }
    }
}

/// Survives failures of the writer. Meanwhile the server is not ready.
struct Recovery {
    live: Live,
    pause: Duration,
    last_failure: Option<Instant>,
}

impl Recovery {
    /// Repeats a step until it succeeds.
    fn repeat<T>(&mut self, mut step: impl FnMut() -> T) -> T {
        loop {
            if let Some(done) = self.attempt(&mut step) {
                return done;
            }
        }
    }

    /// The result of a step; `None` after a pause if it panics.
    fn attempt<T>(&mut self, step: impl FnOnce() -> T) -> Option<T> {
        let done = panic::catch_unwind(AssertUnwindSafe(step)).ok();
        self.live.set_current(done.is_some());
        if done.is_none() {
            self.pause();
        }
        done
    }

    fn pause(&mut self) {
        let is_repeated = self.last_failure.is_some_and(|last| last.elapsed() <= PAUSE.1 * 2);
        self.pause = if is_repeated { (self.pause * 2).min(PAUSE.1) } else { PAUSE.0 };
        self.last_failure = Some(Instant::now());
        let pause = self.pause;
        tracing::error!(
            "feedmill failed to follow its folders and retries in {pause:.1?}. Please report this."
        );
        thread::sleep(pause);
    }
}

/// Reads everything for the first time, as soon as the clock and the configuration can be used.
fn build_first(setting: &Setting, keeper: Option<&Keeper>, sender: &Sender<Signal>) -> Writer {
    wait_for_clock();
    let Setting { read, config, reload, live, bodies, entries, store, .. } = setting;
    let mut configuration =
        Configuration::follow(read.clone(), config.clone(), reload.clone(), sender.clone());
    let stored = keeper.map(Keeper::load_sites).unwrap_or_default();
    let resolved = resolve(&mut configuration, &stored);
    log_sources(&resolved);
    let last_good = LastGood::new(Arc::clone(bodies), Arc::clone(entries));
    let mut published = Published::new(Arc::clone(&resolved.site), live.clone(), last_good, store.clone());
    // A site of its own: hubs are notified of everything that differs from it, also of terms without posts.
    let site = Arc::new((*resolved.site).clone());
    if let Some(snapshot) = keeper.and_then(|keeper| keeper.load(&site, Utc::now())) {
        published.resume(snapshot);
    }
    let config = configuration.current().clone();
    let mut writer = Writer::new(configuration, published, sender.clone(), setting.keeper.clone());
    writer.build(resolved);
    log_urls(&config);
    writer
}

fn wait_for_clock() {
    if !is_plausible(Utc::now()) {
        tracing::error!("the clock shows {}: nothing is served until it is set", Utc::now());
        while !is_plausible(Utc::now()) {
            thread::sleep(RETRY);
        }
    }
}

/// Resolves the site. Waits while the configuration does not fit the folders.
fn resolve(configuration: &mut Configuration, stored: &[Arc<SiteFiles>]) -> ResolvedSite {
    loop {
        match discover_stored(configuration.current(), stored) {
            Ok(resolved) => return resolved,
            Err(problems) => configuration.refuse(problems),
        }
        thread::sleep(RETRY);
        if let Some(config) = configuration.read_again() {
            configuration.take(config);
        }
    }
}

fn log_sources(resolved: &ResolvedSite) {
    for source in resolved.sources() {
        let (name, dialect) = (&source.name, source.dialect.name());
        tracing::info!("source {name}: {} is {dialect}: {}", source.folder.display(), source.why);
        if let Some((template, ids)) = source.read_ids() {
            tracing::info!("source {name}: ids are made as in {template}: id = \"{ids}\"");
        }
    }
    for source in resolved.site.sources.iter().filter(|source| !source.has_url) {
        let name = &source.name;
        if source.links_to_pages {
            tracing::info!(
                "source {name}: no URL of the site is known: entries link to pages of feedmill's own"
            );
        } else {
            tracing::warn!(
                "source {name}: no URL of the site is known: links lead to {}. Write site.url.",
                source.url
            );
        }
    }
}

fn log_urls(config: &Config) {
    let base = config.server.public_url();
    let formats = config.feeds.formats.clone().unwrap_or_else(|| Format::ALL.to_vec());
    let files = formats.iter().map(|format| match format {
        Format::Rss => "rss.xml",
        Format::Atom => "atom.xml",
        Format::Json => "feed.json",
    });
    let urls: Vec<String> = files.map(|file| format!("{base}/{file}")).collect();
    tracing::info!("serving {}", urls.join(", "));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Fault;

    #[test]
    fn a_writer_that_fails_starts_again_and_is_counted() {
        let folder = tempfile::tempdir().expect("there is space");
        let write = |name: &str| {
            let text = format!("---\ntitle: {name}\ndate: 2024-01-01\n---\n");
            std::fs::write(folder.path().join(format!("{name}.md")), text).expect("there is space");
        };
        let source = crate::config::Source { path: folder.path().to_owned(), ..Default::default() };
        let config = Config { sources: vec![source], ..Config::default() };
        let (live, bodies) = (Live::default(), Arc::new(DiskBodies::default()));
        let again = config.clone();
        let reload = Reload { read: Arc::new(move || Ok(again.clone())), took_effect: Arc::new(|_| ()) };
        write("one");
        let writer = start(Setting {
            read: config.clone(),
            config,
            reload,
            live: live.clone(),
            entries: Arc::new(Entries::new(1 << 20, Arc::clone(&bodies) as _)),
            bodies,
            store: Store::default(),
            keeper: None,
        })
        .expect("there is a thread");
        let patience = Duration::from_secs(20);
        let first = live.wait_newer(0, patience).expect("it is read");
        let first_read = Instant::now();
        assert_eq!(first.count_main(), 1);
        assert!(live.is_current());
        writer.send(Signal::Panic);
        while live.is_current() {
            assert!(first_read.elapsed() < patience, "a writer that failed is not ready");
            thread::yield_now();
        }
        let second = live.wait_newer(first.revision, patience).expect("it is read again");
        let started = Instant::now();
        while live.watching().faults[Fault::Panic as usize] != 1 {
            assert!(started.elapsed() < patience);
            thread::yield_now();
        }
        write("two");
        let third = live.wait_newer(second.revision, patience).expect("it is followed");
        assert_eq!((second.count_main(), third.count_main(), live.is_current()), (1, 2, true));
    }
}
