//! Reads every source once, without watching: for commands other than `serve`.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::reconcile::SourceFiles;
use super::root_guard::Unavailability;
use super::watcher::FolderWatcher;
use crate::catalog::{Catalog, Live, Snapshot};
use crate::config::{Config, Problem};
use crate::ledger::Ledger;
use crate::site::{ResolvedSite, discover, place_in};
use crate::state::Store;
use crate::warm::{CatalogFile, Keeper};

/// The maximum wait for a disk that remembers what was read.
const STORE_TIMEOUT: Duration = Duration::from_secs(60);

/// Reads every source once, without watching.
///
/// # Errors
/// The problems of the configuration that depend on the folders, and folders that are missing.
pub fn read_once(config: &Config, now: DateTime<Utc>) -> Result<(Arc<Snapshot>, ResolvedSite), Vec<Problem>> {
    let (snapshot, site, unavailable) = read_all(config, now)?;
    if unavailable.is_empty() { Ok((snapshot, site)) } else { Err(unavailable) }
}

/// Reads every source once, like [`read_once`], and remembers the arrivals of posts for the next time: in the ledger, if there
/// is one, else in a folder.
///
/// # Errors
/// Those of [`read_once`].
pub fn read_with_arrivals(
    config: &Config,
    now: DateTime<Utc>,
    folder: &Path,
) -> Result<(Arc<Snapshot>, ResolvedSite), Vec<Problem>> {
    let resolved = discover(config)?;
    let ledger = open_ledger(config);
    if ledger.is_used() {
        let (snapshot, unavailable) = read_with_ledger(config, &resolved, &ledger, now);
        if unavailable.is_empty() {
            ledger.settle(&snapshot);
        }
        ledger.problems().iter().for_each(Problem::log);
        return if unavailable.is_empty() { Ok((snapshot, resolved)) } else { Err(unavailable) };
    }
    let store = Store::open(folder.to_owned());
    let mut catalog = Catalog::new(Arc::clone(&resolved.site));
    catalog.arrivals().restore(store.arrivals());
    if let Some(before) = CatalogFile::in_folder(folder).load(&resolved.site, now) {
        catalog = catalog.after(&before, true);
    }
    let (snapshot, unavailable) = read_sources(config, &resolved, &ledger, &mut catalog, now);
    if !unavailable.is_empty() {
        return Err(unavailable);
    }
    store.remember_arrivals(catalog.arrivals().take_changes());
    store.flush(STORE_TIMEOUT);
    let live = Live::default();
    live.publish(Arc::clone(&snapshot));
    Keeper::new(folder, live, move || store.is_open()).finish(STORE_TIMEOUT);
    Ok((snapshot, resolved))
}

/// Reads once, without watching, the sources that can be read. Also returns the problems of the others.
///
/// # Errors
/// The problems of the configuration that depend on the folders.
pub fn read_all(
    config: &Config,
    now: DateTime<Utc>,
) -> Result<(Arc<Snapshot>, ResolvedSite, Vec<Problem>), Vec<Problem>> {
    let resolved = discover(config)?;
    let (snapshot, unavailable) = read_with_ledger(config, &resolved, &open_ledger(config), now);
    Ok((snapshot, resolved, unavailable))
}

/// The ledger of a configuration, if it has one.
pub fn open_ledger(config: &Config) -> Ledger {
    config.reach_ledger().map_or_else(Ledger::default, Ledger::open)
}

fn read_with_ledger(
    config: &Config,
    resolved: &ResolvedSite,
    ledger: &Ledger,
    now: DateTime<Utc>,
) -> (Arc<Snapshot>, Vec<Problem>) {
    let mut catalog = Catalog::new(Arc::clone(&resolved.site));
    ledger.pass_to(&mut catalog);
    catalog.set_problems(ledger.problems());
    read_sources(config, resolved, ledger, &mut catalog, now)
}

fn read_sources(
    config: &Config,
    resolved: &ResolvedSite,
    ledger: &Ledger,
    catalog: &mut Catalog,
    now: DateTime<Utc>,
) -> (Arc<Snapshot>, Vec<Problem>) {
    let (mut changes, mut unavailable) = (Vec::new(), Vec::new());
    for ((source, written), id) in
        resolved.site.sources.iter().zip(&config.sources).zip(resolved.site.source_ids())
    {
        let store = Store::default().with_ledger(ledger.clone());
        let mut files = SourceFiles::new(Arc::clone(source), id, store, Arc::default());
        changes.extend(files.reconcile_all(&mut FolderWatcher::default()));
        unavailable.extend(files.unavailability().map(|reason| {
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
    (catalog.apply(changes, now), unavailable)
}
