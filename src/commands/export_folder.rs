//! A folder that is exported to: files are written whole, those that were written before and are no more go,
//! and nothing else is touched, in it or outside.

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

/// What is made aside, to be put in its place whole.
const ASIDE: &str = ".feedmill-export.tmp";

/// What was done.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) written: usize,
    pub(super) kept: usize,
    pub(super) removed: usize,
    /// Files that are not as they should be, and why.
    pub(super) left: Vec<(PathBuf, String)>,
}

/// A folder with what is known of it.
pub(super) struct ExportFolder {
    folder: PathBuf,
    codings: Vec<Coding>,
    /// Paths that were written before: only they are ever replaced or removed. The list of them stands in the
    /// folder, a path a line.
    before: BTreeSet<PathBuf>,
    /// Those of now.
    done: BTreeSet<PathBuf>,
    /// The list, open at its end: each path stands there before its file does, so that what a run that was
    /// stopped has written is known to the next one.
    list: File,
    /// What could not be written, until what is gone has made room for it.
    waiting: Vec<(PathBuf, Bytes)>,
    tally: Tally,
}

impl ExportFolder {
    /// Opens a folder, made if it is not there. Each file gets a twin in each of `codings` beside it.
    pub(super) fn open(folder: &Path, codings: Vec<Coding>) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("the folder {} can't be made", folder.display()))?;
        let path = folder.join(EXPORTED);
        let is_other = path.symlink_metadata().is_ok_and(|metadata| !metadata.is_file());
        anyhow::ensure!(
            !is_other,
            "{} is not the list that feedmill keeps there. Remove it.",
            path.display()
        );
        let list = File::options().create(true).append(true).open(&path);
        let list = list.with_context(|| format!("{} can't be written", path.display()))?;
        list.try_lock().with_context(|| format!("another export writes to {}", folder.display()))?;
        let known = fs::read_to_string(&path).unwrap_or_default();
        Ok(Self {
            folder: folder.to_owned(),
            codings,
            before: known.lines().map(PathBuf::from).filter(|path| is_inside(path)).collect(),
            done: BTreeSet::new(),
            list,
            waiting: Vec::new(),
            tally: Tally::default(),
        })
    }

    /// Writes what is served at a path, encoded, and its twins.
    pub(super) fn write(&mut self, path: &str, body: &Bytes) -> anyhow::Result<()> {
        let Some(relative) = locate(path) else {
            let why = "no file can have this name: leave that term out by `except`";
            self.tally.left.push((self.folder.join(path.trim_start_matches('/')), why.to_owned()));
            return Ok(());
        };
        match self.try_write(&relative, body)? {
            Ok(()) => self.write_twins(&relative, body)?,
            Err(_) => self.waiting.push((relative, body.clone())),
        }
        Ok(())
    }

    /// Writes what is served at a path, encoded, without twins: what is compressed already.
    pub(super) fn write_alone(&mut self, path: &str, body: &Bytes) -> anyhow::Result<()> {
        let codings = std::mem::take(&mut self.codings);
        let written = self.write(path, body);
        self.codings = codings;
        written
    }

    /// Writes the twins of a file that is written: one of another file would be served in its place.
    fn write_twins(&mut self, relative: &Path, body: &Bytes) -> anyhow::Result<()> {
        for coding in self.codings.clone() {
            let ending = if coding == Coding::Gzip { ".gz" } else { ".br" };
            let mut name = relative.as_os_str().to_owned();
            name.push(ending);
            self.write_or_leave(Path::new(&name), &coding.encode(body)?)?;
        }
        Ok(())
    }

    /// Writes a file, or notes why not. Says whether it is written.
    fn write_or_leave(&mut self, relative: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
        let outcome = self.try_write(relative, bytes)?;
        let is_written = outcome.is_ok();
        self.tally.left.extend(outcome.err().map(|why| (self.folder.join(relative), why)));
        Ok(is_written)
    }

    /// Writes a file; the inner error says why this one can't be written.
    fn try_write(&mut self, relative: &Path, bytes: &[u8]) -> anyhow::Result<Result<(), String>> {
        let target = self.folder.join(relative);
        match self.replace(relative, &target, bytes) {
            Ok(true) => self.tally.written += 1,
            Ok(false) => self.tally.kept += 1,
            Err(WriteFailure::Skipped(why)) => return Ok(Err(why)),
            Err(WriteFailure::Fatal(error)) => {
                return Err(error).with_context(|| format!("{} can't be written", target.display()));
            }
        }
        self.done.insert(relative.to_owned());
        Ok(Ok(()))
    }

    /// Writes a file whole or not at all. Says whether it had to be.
    fn replace(&mut self, relative: &Path, target: &Path, bytes: &[u8]) -> Result<bool, WriteFailure> {
        if self.done.contains(relative) {
            return Err(WriteFailure::Skipped(
                "another feed has this name: leave one of the terms out by `except`".to_owned(),
            ));
        }
        if let Some(link) = self.find_link(relative) {
            return Err(WriteFailure::Skipped(format!(
                "{} leads elsewhere. Remove that link",
                link.display()
            )));
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
            // Whole: what is written after half a line would be lost with it.
            self.list.write_all(format!("{}\n", relative.display()).as_bytes())?;
        }
        self.put(target, bytes)?;
        Ok(true)
    }

    /// Puts a file in place of another, if there is one.
    fn put(&self, target: &Path, bytes: &[u8]) -> io::Result<()> {
        let aside = self.folder.join(ASIDE);
        // One of a run that was stopped; a link of that name is not gone through.
        let _ = fs::remove_file(&aside);
        let mut file = File::options().write(true).create_new(true).open(&aside)?;
        let written = file.write_all(bytes).and_then(|()| fs::rename(&aside, target));
        if written.is_err() {
            // It may have been moved already.
            let _ = fs::remove_file(&aside);
        }
        written
    }

    /// The first link among the folders of a file.
    fn find_link(&self, relative: &Path) -> Option<PathBuf> {
        let above = relative.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
        let folders = above.map(|above| self.folder.join(above));
        folders.into_iter().find(|folder| folder.is_symlink())
    }

    /// Removes what was written before and is not any more, and remembers what was written now.
    pub(super) fn close(mut self) -> anyhow::Result<Tally> {
        let gone: Vec<PathBuf> = self.before.difference(&self.done).cloned().collect();
        for path in gone {
            if self.find_link(&path).is_none() && fs::remove_file(self.folder.join(&path)).is_ok() {
                self.tally.removed += 1;
                // Folders that are empty now go too, up to the one that is exported to.
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
                .with_context(|| format!("{} can't be written", list.display()))?;
        }
        Ok(self.tally)
    }
}

/// Why a file is not written.
enum WriteFailure {
    /// This one can't be, and the others can.
    Skipped(String),
    /// None can.
    Fatal(io::Error),
}

impl From<io::Error> for WriteFailure {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            // A term may be named like a file of another one, or be longer than a path can be.
            Kind::NotADirectory
            | Kind::IsADirectory
            | Kind::AlreadyExists
            | Kind::InvalidFilename
            | Kind::InvalidInput => {
                Self::Skipped(format!("{error}. No file can have this name: leave that term out by `except`"))
            }
            _ => Self::Fatal(error),
        }
    }
}

/// A served path as that of a file, with its segments decoded: it never leads out of the folder, and it is one
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
