//! The entry points: read everything once, or read it and keep it current in a separate thread.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::config_reload::{Configuration, Reload};
use super::poll_timer::is_plausible;
use super::reconcile::Tracked;
use super::root_guard::Unavailability;
use super::signal::Signal;
use super::watcher::FolderWatcher;
use super::writer::Writer;
use crate::bodies::{DiskBodies, Texts};
use crate::catalog::{Catalog, Live, Snapshot};
use crate::config::{Config, Format, Problem};
use crate::feed::Entries;
use crate::site::{Discovery, combine, discover, place_in};
use crate::site::{Survey, survey};
use crate::state::Store;

/// The time after which a configuration that cannot be used yet is read again.
const RETRY: Duration = Duration::from_millis(500);

/// The first and the longest wait of a writer that failed. Each wait is twice as long as the one before.
const PAUSE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(30));

/// Reads every source once, without watching.
///
/// # Errors
/// The problems of the configuration that depend on the folders, and folders that are missing.
pub fn read_once(config: &Config, now: DateTime<Utc>) -> Result<(Arc<Snapshot>, Discovery), Vec<Problem>> {
    let (snapshot, discovery, unavailable) = read_all(config, now)?;
    if unavailable.is_empty() { Ok((snapshot, discovery)) } else { Err(unavailable) }
}

/// Reads once, without watching, the sources that can be read. Also returns the problems of the others.
///
/// # Errors
/// The problems of the configuration that depend on the folders.
pub fn read_all(
    config: &Config,
    now: DateTime<Utc>,
) -> Result<(Arc<Snapshot>, Discovery, Vec<Problem>), Vec<Problem>> {
    let discovery = discover(config)?;
    let mut catalog = Catalog::new(Arc::clone(&discovery.site));
    let (mut changes, mut unavailable) = (Vec::new(), Vec::new());
    for ((source, written), number) in discovery.site.sources.iter().zip(&config.sources).zip(0..) {
        let mut tracked = Tracked::new(Arc::clone(source), number, Store::default(), Arc::default());
        changes.extend(tracked.reconcile_all(&mut FolderWatcher::default()));
        unavailable.extend(tracked.unavailability().map(|reason| {
            let folder = source.folder.display();
            let message = match reason {
                Unavailability::Missing if !config.reach(written).exists() => {
                    let folder = config.reach(written);
                    format!("there is no folder {}. Make it, or fix source.path.", folder.display())
                }
                Unavailability::Missing => format!(
                    "there is no folder {folder}. The site has its posts there: make it, or fix its configuration."
                ),
                reason => format!("{folder}: {reason}. {}", reason.advice()),
            };
            place_in(config, Problem::error(config.name(), message), written.path_place)
        }));
    }
    Ok((catalog.apply(changes, now), discovery, unavailable))
}

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

    fn send(&self, signal: Signal) {
        // A writer that has ended needs no signal: the server is stopping.
        let _ = self.0.send(signal);
    }
}

/// Follows the folders for ever: a step that fails is logged, and the next one starts from the beginning.
fn run(setting: &Setting, sender: &Sender<Signal>, signals: &Receiver<Signal>) {
    let mut writer: Option<Writer> = None;
    let (mut has_failed, mut pause, mut failed_last) = (false, PAUSE.0, Instant::now());
    loop {
        let step = || {
            if has_failed {
                tracing::error!(
                    "feedmill failed to follow its folders and retries in {pause:.1?}. Please report this."
                );
                thread::sleep(pause);
            }
            match &mut writer {
                None => writer = Some(begin(setting, sender)),
                Some(writer) if has_failed => writer.recover(),
                Some(writer) => writer.wait(signals),
            }
        };
        let was_last = failed_last;
        has_failed = panic::catch_unwind(AssertUnwindSafe(step)).is_err();
        setting.live.set_current(!has_failed);
        if has_failed {
            failed_last = Instant::now();
            pause = if was_last.elapsed() > PAUSE.1 * 2 { PAUSE.0 } else { (pause * 2).min(PAUSE.1) };
        }
    }
}

/// Reads everything for the first time.
fn begin(setting: &Setting, sender: &Sender<Signal>) -> Writer {
    if !is_plausible(Utc::now()) {
        tracing::error!("the clock shows {}: nothing is served until it is set", Utc::now());
        while !is_plausible(Utc::now()) {
            thread::sleep(RETRY);
        }
    }
    let Setting { read, config, reload, live, bodies, entries, store, .. } = setting;
    let mut configuration =
        Configuration::follow(read.clone(), config.clone(), reload.clone(), sender.clone());
    let (surveys, discovery) = loop {
        let config = &configuration.current;
        let surveys: Vec<Survey> = config.sources.iter().map(|source| survey(config, source)).collect();
        match combine(config, &surveys) {
            Ok(discovery) => break (surveys, discovery),
            Err(problems) => configuration.refuse(problems),
        }
        thread::sleep(RETRY);
        if let Some(config) = configuration.read_again() {
            configuration.take(config);
        }
    };
    for found in &discovery.found {
        let dialect = found.dialect.name();
        tracing::info!("source {}: {} is {dialect}: {}", found.name, found.folder.display(), found.why);
        if let Some((template, ids)) = found.read_ids() {
            tracing::info!("source {}: ids are made as in {template}: id = \"{ids}\"", found.name);
        }
    }
    for source in discovery.site.sources.iter().filter(|source| !source.has_url) {
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
    let (site, config) = (Arc::clone(&discovery.site), configuration.current.clone());
    let texts = Texts::new(Arc::clone(bodies), Arc::clone(entries));
    let mut writer = Writer::new(configuration, live.clone(), sender.clone(), store.clone(), texts, site);
    writer.build(&config, surveys, discovery);
    writer.log_posts();
    log_urls(&config);
    writer
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
        })
        .expect("there is a thread");
        let patience = Duration::from_secs(20);
        let first = live.wait_newer(0, patience).expect("it is read");
        let first_read = Instant::now();
        assert_eq!(first.count(), 1);
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
        assert_eq!((second.count(), third.count(), live.is_current()), (1, 2, true));
    }
}
