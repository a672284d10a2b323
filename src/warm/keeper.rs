//! Writes the published catalog, and the files of its sites, to disk in the background.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use parking_lot::Mutex;

use super::file::CatalogFile;
use super::layout::Error;
use super::sites_file::SitesFile;
use crate::catalog::{Live, Site, Snapshot};
use crate::site::SiteFiles;

/// The shortest time between two writes.
const PAUSE: Duration = Duration::from_secs(10);

/// The pause after a write, as a multiple of its duration: a large catalog takes at most a twentieth of a core.
const REST: u32 = 20;

/// A wait that never ends.
const LONG: Duration = Duration::from_secs(1 << 30);

/// Keeps the files as the catalog was last published. Clones share them.
#[derive(Clone)]
pub struct Keeper {
    shared: Arc<Shared>,
}

struct Shared {
    file: CatalogFile,
    sites_file: SitesFile,
    live: Live,
    may_write: Box<dyn Fn() -> bool + Send + Sync>,
    /// The files of the sites, if the file does not have them yet.
    sites: Mutex<Option<Vec<Arc<SiteFiles>>>>,
    written: Mutex<Written>,
}

/// The state of the catalog's file.
#[derive(Default)]
struct Written {
    /// The number of the snapshot in it.
    revision: u64,
    /// True if the last write failed, which is logged.
    has_failed: bool,
}

impl Keeper {
    /// Keeps the snapshots of `live` in a folder. Nothing is written while `may_write` is false.
    pub fn new(folder: &Path, live: Live, may_write: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        let shared = Shared {
            file: CatalogFile::in_folder(folder),
            sites_file: SitesFile::in_folder(folder),
            live,
            may_write: Box::new(may_write),
            sites: Mutex::default(),
            written: Mutex::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// The files of each site as they were stored, if they can be used.
    pub(crate) fn load_sites(&self) -> Vec<Arc<SiteFiles>> {
        // Another process may have the folder.
        if (self.shared.may_write)() { self.shared.sites_file.load() } else { Vec::new() }
    }

    /// Sets the files of each site, which are written with the next snapshot.
    pub(crate) fn set_sites(&self, sites: Vec<Arc<SiteFiles>>) {
        *self.shared.sites.lock() = Some(sites);
    }

    /// The snapshot in the file, as of `now`, if it can be used.
    pub fn load(&self, site: &Arc<Site>, now: DateTime<Utc>) -> Option<Snapshot> {
        let snapshot = (self.shared.may_write)().then(|| self.shared.file.load(site, now)).flatten()?;
        self.shared.written.lock().revision = snapshot.revision;
        let (posts, made) = (snapshot.describe_posts(), snapshot.made.format("%Y-%m-%d %H:%M:%S UTC"));
        let path = self.shared.file.path().display();
        tracing::info!("{posts} served as of {made}, as {path} has them, until every file is compared");
        Some(snapshot)
    }

    /// Starts a thread that writes snapshots from now on.
    ///
    /// # Errors
    /// If the thread cannot be started.
    pub fn start(&self) -> io::Result<()> {
        let shared = Arc::clone(&self.shared);
        thread::Builder::new().name("catalog".to_owned()).spawn(move || {
            loop {
                let revision = shared.written.lock().revision;
                shared.live.wait_newer(revision, LONG);
                let started = Instant::now();
                shared.write();
                thread::sleep(PAUSE.max(started.elapsed() * REST));
            }
        })?;
        Ok(())
    }

    /// Writes the current snapshot, if the file does not have it. Waits at most `timeout`.
    pub fn finish(&self, timeout: Duration) {
        let (done, wait) = mpsc::channel();
        let shared = Arc::clone(&self.shared);
        // The disk may not answer.
        let spawned = thread::Builder::new().name("catalog-end".to_owned()).spawn(move || {
            shared.write();
            let _ = done.send(());
        });
        if spawned.is_ok() && wait.recv_timeout(timeout).is_err() {
            tracing::warn!("{} is not written in time", self.shared.file.path().display());
        }
    }
}

impl Shared {
    fn write(&self) {
        let mut written = self.written.lock();
        let Some(snapshot) = self.live.load() else { return };
        if snapshot.revision == written.revision || !(self.may_write)() {
            return;
        }
        let (started, path) = (Instant::now(), self.file.path().display());
        match self.write_sites().and_then(|()| self.file.write(&snapshot)) {
            Ok(()) => {
                tracing::debug!("{path} is written in {:.1?}", started.elapsed());
                *written = Written { revision: snapshot.revision, has_failed: false };
            }
            Err(error) => {
                if !std::mem::replace(&mut written.has_failed, true) {
                    tracing::warn!("{path} is not written: {error}. The next start reads every post.");
                }
            }
        }
    }

    fn write_sites(&self) -> Result<(), Error> {
        let Some(sites) = self.sites.lock().take() else { return Ok(()) };
        self.sites_file.write(&sites).inspect_err(|_| {
            self.sites.lock().get_or_insert(sites);
        })
    }
}
