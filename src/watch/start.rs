//! The way in: everything read once, or read and kept current by a thread of its own.

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
    let mut tracked = Tracked::all(&discovery.site);
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
    let mut writer = Writer::new(config.clone(), discovery, live.clone(), sender.clone());
    writer.watch();
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
