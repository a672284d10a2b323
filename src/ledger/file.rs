//! The file of a ledger: read whole, up to a limit, and replaced under a lock.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;

use crate::config::Problem;
use crate::file::{self, Error};
use crate::limits::LEDGER_BYTES;

/// The version of the file, by its metadata: size, inode, and time of modification.
pub(super) type Version = (u64, u64, i64, i64);

#[derive(Debug)]
pub(super) struct LedgerFile {
    path: PathBuf,
    name: String,
}

impl LedgerFile {
    pub(super) fn new(path: PathBuf) -> Self {
        let name = path.display().to_string();
        Self { path, name }
    }

    /// Its name in messages.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The present version; `None` if there is no file.
    pub(super) fn version(&self) -> Option<Version> {
        let data = fs::metadata(&self.path).ok()?;
        Some((data.len(), data.ino(), data.mtime(), data.mtime_nsec()))
    }

    /// The text; `None` if there is no file.
    pub(super) fn read(&self) -> Result<Option<String>, Error> {
        match file::read(&self.path, LEDGER_BYTES) {
            Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| Error::NotText),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Locks the ledger against other processes of this machine, until the result is dropped. The folder is locked, since
    /// the file is replaced.
    pub(super) fn lock(&self) -> io::Result<File> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = File::open(folder.unwrap_or(".".as_ref()))?;
        folder.lock()?;
        Ok(folder)
    }

    /// Replaces the file. Its readers see the old one or the new one. It keeps its permissions, and a symbolic link stays.
    pub(super) fn write(&self, text: &str) -> io::Result<()> {
        let target = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let mut new = target.clone().into_os_string();
        new.push(".new");
        let new = PathBuf::from(new);
        // One of an earlier run may have other permissions, or be a link.
        let _ = fs::remove_file(&new);
        let write = || {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o644).open(&new)?;
            if let Ok(known) = fs::metadata(&target) {
                file.set_permissions(known.permissions())?;
            }
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&new, &target)
        };
        write().inspect_err(|_| drop(fs::remove_file(&new)))
    }

    /// The problem that the file cannot be `used`: read or written.
    pub(super) fn describe(&self, error: &Error, used: &str) -> Problem {
        let message = format!(
            "the ledger cannot be {used}: {error}. What is known stays in the state until it can. Check the file and its \
             folder, or ledger.path."
        );
        Problem::error(&self.name, message).without_place()
    }
}
