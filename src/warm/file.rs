//! The file in the folder of the state.

use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::decode::{self, Decoded};
use super::encode;
use super::layout::Error;
use crate::catalog::{Site, Snapshot};
use crate::file;

/// The catalog on disk.
#[derive(Debug, Clone)]
pub struct CatalogFile {
    path: PathBuf,
}

impl CatalogFile {
    /// The file in a folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("catalog") }
    }

    /// The path of the file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The last published snapshot, as of `now`; the posts of sources that cannot be restored are awaited. `None` if
    /// there is none. The reasons for anything that is not used are logged.
    pub fn load(&self, site: &Arc<Site>, now: DateTime<Utc>) -> Option<Snapshot> {
        let path = self.path.display();
        let read = || -> Result<Option<Decoded>, Error> {
            match file::open(&self.path) {
                Ok(file) => decode::read(&file, site, now).map(Some),
                Err(error) if error.is_missing() => Ok(None),
                Err(file::Error::Io(error)) => Err(error.into()),
                Err(_) => Err(Error::Damaged),
            }
        };
        let Decoded { restored, rejected } = match read() {
            Ok(decoded) => decoded?,
            Err(error @ Error::OtherBuild) => {
                tracing::info!("{path} is not used: {error}. Every source is scanned.");
                return None;
            }
            Err(error) => {
                tracing::warn!("{path} is not used: {error}. Every source is scanned.");
                return None;
            }
        };
        for (id, error) in rejected {
            let name = &site.source(id).name;
            match error {
                None => tracing::info!(
                    "source {name}: it is scanned, since {path} does not have it with its settings"
                ),
                Some(error) => tracing::warn!(
                    "source {name}: it is scanned, since its part of {path} is not used: {error}"
                ),
            }
        }
        if restored.sources.is_empty() {
            return None;
        }
        Some(restored.into_snapshot(Arc::clone(site), now))
    }

    /// Replaces the file.
    pub(super) fn write(&self, snapshot: &Snapshot) -> Result<(), Error> {
        replace(&self.path, |file| encode::write(snapshot, file))
    }
}

/// Replaces a file. Readers of its folder see the old one or the new one.
pub(super) fn replace(
    path: &Path,
    content: impl FnOnce(&mut BufWriter<File>) -> Result<(), Error>,
) -> Result<(), Error> {
    let new = path.with_extension("new");
    // One of an earlier run may have other permissions, or be a link.
    let _ = fs::remove_file(&new);
    let write = || -> Result<(), Error> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        let mut file = BufWriter::new(file);
        content(&mut file)?;
        file.flush()?;
        file.get_ref().sync_all()?;
        Ok(fs::rename(&new, path)?)
    };
    write().inspect_err(|_| drop(fs::remove_file(&new)))
}
