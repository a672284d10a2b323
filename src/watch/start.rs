//! The way in: everything read once, or read and kept current by a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::bodies::Doubts;
use super::discover::{Discovery, discover};
use super::reconcile::Tracked;
use super::signal::Signal;
use super::told::tell;
use super::writer::Writer;
use crate::catalog::{Catalog, Live, Snapshot};
use crate::config::{Config, Problem};
use crate::state::Store;

/// How long a missing folder is waited for before it is looked for again.
const MISSING: Duration = Duration::from_millis(500);

/// Reads every source once, without watching.
///
/// # Errors
/// The problems of the configuration that show only now, and folders that are missing.
pub fn read_once(config: &Config, now: DateTime<Utc>) -> Result<(Arc<Snapshot>, Discovery), Vec<Problem>> {
    let refuse = |folders: Vec<PathBuf>, advice: &str| {
        let message = |folder: &Path| format!("there is no folder {}. {advice}", folder.display());
        let problems: Vec<Problem> =
            folders.iter().map(|folder| Problem::error(config.name(), message(folder))).collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    };
    let named = config.sources.iter().map(|source| config.folder().join(&source.path));
    refuse(named.filter(|folder| !folder.exists()).collect(), "Make it, or mend source.path.")?;
    let discovery = discover(config)?;
    refuse(list_missing(&discovery), "The site has its posts there: make it, or mend its configuration.")?;
    let mut catalog = Catalog::new(Arc::clone(&discovery.site));
    let mut tracked = Tracked::all(&discovery.site, &Store::default());
    let changes = tracked.iter_mut().flat_map(|source| source.reconcile("")).collect();
    Ok((catalog.apply(changes, now), discovery))
}

/// Starts the writer: it waits for the folders, reads them, and keeps `live` current from then on. `store`
/// remembers what files do not tell.
///
/// # Errors
/// If the system gives no thread.
pub fn start(config: Config, live: Live, doubts: Doubts, store: Store) -> std::io::Result<()> {
    let (sender, signals) = mpsc::channel();
    doubts.listen(sender.clone());
    let run = move || run(&config, &live, store, &sender, &signals);
    thread::Builder::new().name("writer".to_owned()).spawn(run)?;
    Ok(())
}

fn run(config: &Config, live: &Live, store: Store, sender: &Sender<Signal>, signals: &Receiver<Signal>) {
    let Some(discovery) = wait_for_folders(config) else {
        tracing::error!("nothing is served until the configuration is mended and the server started again");
        return;
    };
    for found in &discovery.found {
        let dialect = found.dialect.name();
        tracing::info!("source {}: {} is {dialect}: {}", found.name, found.folder.display(), found.why);
    }
    let mut writer = Writer::new(config.clone(), discovery, live.clone(), sender.clone(), store);
    writer.watch();
    writer.read_everything();
    loop {
        writer.wait(signals);
    }
}

/// Folders of posts that sites name and that are not there.
fn list_missing(discovery: &Discovery) -> Vec<PathBuf> {
    let folders = discovery.site.sources.iter().map(|source| source.folder.clone());
    folders.filter(|folder| !folder.exists()).collect()
}

/// Waits until every folder is there, and gives what they are found to be; `None`: a fault of the
/// configuration keeps them from being used.
fn wait_for_folders(config: &Config) -> Option<Discovery> {
    for source in &config.sources {
        let folder = config.folder().join(&source.path);
        if !folder.exists() {
            tracing::warn!("waiting for {}: there is no such folder yet", folder.display());
        }
        while !folder.exists() {
            thread::sleep(MISSING);
        }
    }
    let mut told = Vec::new();
    loop {
        let discovery = match discover(config) {
            Ok(discovery) => discovery,
            Err(problems) => {
                problems.iter().for_each(tell);
                return None;
            }
        };
        let missing = list_missing(&discovery);
        if missing.is_empty() {
            return Some(discovery);
        }
        if missing != told {
            let names: Vec<String> = missing.iter().map(|folder| folder.display().to_string()).collect();
            tracing::warn!(
                "waiting for {}: the site has its posts there, and there is no such folder yet",
                names.join(", ")
            );
            told = missing;
        }
        thread::sleep(MISSING);
    }
}
