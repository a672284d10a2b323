//! The files of each site's own configuration, stored next to the catalog: the settings of a site whose folder is missing
//! at the start are made of them.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::file::replace;
use super::layout::{BUILD, Error, make_trailer, read_head};
use crate::file;
use crate::site::SiteFiles;

/// The file.
#[derive(Debug, Clone)]
pub(super) struct SitesFile {
    path: PathBuf,
}

impl SitesFile {
    /// The file in a folder.
    pub(super) fn in_folder(folder: &Path) -> Self {
        Self { path: folder.join("sites") }
    }

    /// The stored files of each site; none if they cannot be used, which is logged.
    pub(super) fn load(&self) -> Vec<Arc<SiteFiles>> {
        let read = || -> Result<Vec<SiteFiles>, Error> {
            match file::open(&self.path) {
                Ok(file) => Ok(postcard::from_bytes(&read_head(&file, *BUILD)?)?),
                Err(error) if error.is_missing() => Ok(Vec::new()),
                Err(file::Error::Io(error)) => Err(error.into()),
                Err(_) => Err(Error::Damaged),
            }
        };
        let sites = read().unwrap_or_else(|error| {
            let path = self.path.display();
            match error {
                Error::OtherBuild => tracing::info!("{path} is not used: {error}."),
                _ => tracing::warn!("{path} is not used: {error}."),
            }
            Vec::new()
        });
        sites.into_iter().map(Arc::new).collect()
    }

    /// Replaces the file.
    pub(super) fn write(&self, sites: &[Arc<SiteFiles>]) -> Result<(), Error> {
        let sites: Vec<&SiteFiles> = sites.iter().map(Arc::as_ref).collect();
        let bytes = postcard::to_allocvec(&sites)?;
        replace(&self.path, |file| {
            file.write_all(&bytes)?;
            Ok(file.write_all(&make_trailer(0, &bytes, *BUILD))?)
        })
    }
}
