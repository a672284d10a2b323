//! The output folder of an export: files are written atomically, outdated files of an earlier export are removed, and
//! nothing else is touched.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Write;
use std::path::{Component, Path, PathBuf};
use std::{fs, io};

use actix_web::web::Bytes;
use anyhow::Context;
use percent_encoding::percent_decode_str;

use crate::http::Coding;
use crate::watch::EXPORTED;

/// The temporary file that is renamed to its target.
const TEMPORARY: &str = ".feedmill-export.tmp";

/// The counts of an export.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) written: usize,
    pub(super) kept: usize,
    pub(super) removed: usize,
    /// Files that could not be written, and the reasons.
    pub(super) left: Vec<(PathBuf, String)>,
}

/// The output folder of an export.
pub(super) struct ExportFolder {
    folder: PathBuf,
    codings: Vec<Coding>,
    /// The paths that earlier exports wrote: only these are replaced or removed. The folder contains the list, one
    /// path per line.
    before: BTreeSet<PathBuf>,
    /// The paths that this export wrote.
    done: BTreeSet<PathBuf>,
    /// The files that only [`Self::write_reserved`] writes.
    reserved: BTreeSet<PathBuf>,
    /// The list, open for appending. Each path is added before its file is written, so that the next run knows the
    /// files of an interrupted one.
    list: File,
    /// Files that could not be written; they are tried again after outdated files are removed.
    waiting: Vec<(PathBuf, Bytes)>,
    tally: Tally,
}

impl ExportFolder {
    /// Opens a folder and creates it if necessary. Each file gets a compressed copy next to it in each of `codings`.
    pub(super) fn open(folder: &Path, codings: Vec<Coding>) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("the folder {} cannot be created", folder.display()))?;
        let path = folder.join(EXPORTED);
        let is_other = path.symlink_metadata().is_ok_and(|metadata| !metadata.is_file());
        anyhow::ensure!(
            !is_other,
            "{} is not the list that feedmill keeps there. Remove it.",
            path.display()
        );
        let list = File::options().create(true).append(true).open(&path);
        let list = list.with_context(|| format!("{} cannot be written", path.display()))?;
        list.try_lock().with_context(|| format!("another export writes to {}", folder.display()))?;
        let known = fs::read_to_string(&path).unwrap_or_default();
        Ok(Self {
            folder: folder.to_owned(),
            codings,
            before: known.lines().map(PathBuf::from).filter(|path| is_inside(path)).collect(),
            done: BTreeSet::new(),
            reserved: BTreeSet::new(),
            list,
            waiting: Vec::new(),
            tally: Tally::default(),
        })
    }

    /// Keeps an encoded path for [`Self::write_reserved`]: other content for it is ignored.
    pub(super) fn reserve(&mut self, path: &str) {
        self.reserved.extend(locate(path));
    }

    /// Writes the content of a reserved path, unless another file is in its way.
    pub(super) fn write_reserved(&mut self, path: &str, body: &Bytes) -> anyhow::Result<()> {
        let Some(relative) = locate(path) else { return Ok(()) };
        self.reserved.remove(&relative);
        match self.try_write(&relative, body)? {
            Ok(()) => self.write_twins(&relative, body)?,
            Err(why) => tracing::warn!("{path} is not exported: {why}"),
        }
        Ok(())
    }

    /// Writes the content of an encoded path, and its compressed copies.
    pub(super) fn write(&mut self, path: &str, body: &Bytes) -> anyhow::Result<()> {
        if locate(path).is_some_and(|relative| self.reserved.contains(&relative)) {
            return Ok(());
        }
        let Some(relative) = locate(path) else {
            let why = "no file can have this name: exclude that term with `except`";
            self.tally.left.push((self.folder.join(path.trim_start_matches('/')), why.to_owned()));
            return Ok(());
        };
        match self.try_write(&relative, body)? {
            Ok(()) => self.write_twins(&relative, body)?,
            Err(_) => self.waiting.push((relative, body.clone())),
        }
        Ok(())
    }

    /// Writes the content of an encoded path without compressed copies. For content that is already compressed.
    pub(super) fn write_alone(&mut self, path: &str, body: &Bytes) -> anyhow::Result<()> {
        let codings = std::mem::take(&mut self.codings);
        let written = self.write(path, body);
        self.codings = codings;
        written
    }

    /// Writes the compressed copies of a written file: a stale copy of an earlier version would be served in its place.
    fn write_twins(&mut self, relative: &Path, body: &Bytes) -> anyhow::Result<()> {
        for coding in self.codings.clone() {
            let ending = if coding == Coding::Gzip { ".gz" } else { ".br" };
            let mut name = relative.as_os_str().to_owned();
            name.push(ending);
            self.write_or_leave(Path::new(&name), &coding.encode(body)?)?;
        }
        Ok(())
    }

    /// Writes a file, or records why it was not. Returns true if it is written.
    fn write_or_leave(&mut self, relative: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
        let outcome = self.try_write(relative, bytes)?;
        let is_written = outcome.is_ok();
        self.tally.left.extend(outcome.err().map(|why| (self.folder.join(relative), why)));
        Ok(is_written)
    }

    /// Writes a file; the inner error is the reason why only this file cannot be written.
    fn try_write(&mut self, relative: &Path, bytes: &[u8]) -> anyhow::Result<Result<(), String>> {
        let target = self.folder.join(relative);
        match self.replace(relative, &target, bytes) {
            Ok(true) => self.tally.written += 1,
            Ok(false) => self.tally.kept += 1,
            Err(WriteFailure::Skipped(why)) => return Ok(Err(why)),
            Err(WriteFailure::Fatal(error)) => {
                return Err(error).with_context(|| format!("{} cannot be written", target.display()));
            }
        }
        self.done.insert(relative.to_owned());
        Ok(Ok(()))
    }

    /// Writes a file atomically. Returns false if it was unchanged.
    fn replace(&mut self, relative: &Path, target: &Path, bytes: &[u8]) -> Result<bool, WriteFailure> {
        if self.done.contains(relative) {
            return Err(WriteFailure::Skipped(
                "another feed has this name: exclude one of the terms with `except`".to_owned(),
            ));
        }
        if let Some(link) = self.find_link(relative) {
            return Err(WriteFailure::Skipped(format!("{} is a symbolic link. Remove it", link.display())));
        }
        fs::create_dir_all(target.parent().unwrap_or(&self.folder))?;
        if let Ok(metadata) = target.symlink_metadata() {
            if metadata.is_file() && fs::read(target)? == bytes {
                return Ok(false);
            }
            if !self.before.contains(relative) {
                let advice = "feedmill did not write it. Move it, or export to a folder of its own";
                return Err(WriteFailure::Skipped(advice.to_owned()));
            }
        } else if !self.before.contains(relative) {
            // In one write: a partial line would corrupt the next one.
            self.list.write_all(format!("{}\n", relative.display()).as_bytes())?;
        }
        self.put(target, bytes)?;
        Ok(true)
    }

    /// Writes a file and replaces an existing one.
    fn put(&self, target: &Path, bytes: &[u8]) -> io::Result<()> {
        let temporary = self.folder.join(TEMPORARY);
        // A file of an interrupted run may exist. A link of that name is removed, not followed.
        let _ = fs::remove_file(&temporary);
        let mut file = File::options().write(true).create_new(true).open(&temporary)?;
        let written = file.write_all(bytes).and_then(|()| fs::rename(&temporary, target));
        if written.is_err() {
            // The temporary file may already have been renamed.
            let _ = fs::remove_file(&temporary);
        }
        written
    }

    /// The first symbolic link among the folders of a file.
    fn find_link(&self, relative: &Path) -> Option<PathBuf> {
        let above = relative.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
        let folders = above.map(|above| self.folder.join(above));
        folders.into_iter().find(|folder| folder.is_symlink())
    }

    /// Removes outdated files of earlier exports, and writes the list of current files.
    pub(super) fn close(mut self) -> anyhow::Result<Tally> {
        let gone: Vec<PathBuf> = self.before.difference(&self.done).cloned().collect();
        for path in gone {
            if self.find_link(&path).is_none() && fs::remove_file(self.folder.join(&path)).is_ok() {
                self.tally.removed += 1;
                // Folders that are empty now are removed too, up to the output folder.
                for above in path.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty()) {
                    if fs::remove_dir(self.folder.join(above)).is_err() {
                        break;
                    }
                }
            }
        }
        for (relative, body) in std::mem::take(&mut self.waiting) {
            if self.write_or_leave(&relative, &body)? {
                self.write_twins(&relative, &body)?;
            }
        }
        let lines: String = self.done.iter().map(|path| format!("{}\n", path.display())).collect();
        let list = self.folder.join(EXPORTED);
        if fs::read_to_string(&list).ok().as_deref() != Some(&*lines) {
            self.put(&list, lines.as_bytes())
                .with_context(|| format!("{} cannot be written", list.display()))?;
        }
        Ok(self.tally)
    }
}

/// The error when a file is not written.
enum WriteFailure {
    /// Only this file cannot be written.
    Skipped(String),
    /// No file can be written.
    Fatal(io::Error),
}

impl From<io::Error> for WriteFailure {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            // A term may have the name of another term's file, or be longer than a file name may be.
            Kind::NotADirectory
            | Kind::IsADirectory
            | Kind::AlreadyExists
            | Kind::InvalidFilename
            | Kind::InvalidInput => {
                Self::Skipped(format!("{error}. No file can have this name: exclude that term with `except`"))
            }
            _ => Self::Fatal(error),
        }
    }
}

/// Converts a URL path to a file path, with its segments decoded. It never leads out of the folder, and fits on one
/// line of the list.
fn locate(path: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(path).decode_utf8().ok()?;
    let relative = PathBuf::from(decoded.trim_start_matches('/'));
    (is_inside(&relative) && !decoded.contains(char::is_control)).then_some(relative)
}

fn is_inside(relative: &Path) -> bool {
    relative.components().all(|component| matches!(component, Component::Normal(_)))
        && relative.components().next().is_some()
}
