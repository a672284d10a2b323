//! A folder that is exported to: files are written whole, those that were written before and are no more go,
//! and nothing else is touched, in it or outside.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::{fs, io, process};

use actix_web::web::Bytes;
use anyhow::Context;
use percent_encoding::percent_decode_str;

use crate::http::Coding;

/// What was written before, a path a line: only that is ever replaced or removed.
const LIST: &str = ".feedmill-export";

/// What was done.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) written: usize,
    pub(super) kept: usize,
    pub(super) removed: usize,
    /// Files of somebody else's that stand where one should be.
    pub(super) foreign: Vec<PathBuf>,
}

/// A folder with what is known of it.
pub(super) struct Outlet {
    folder: PathBuf,
    codings: Vec<Coding>,
    /// Paths that were written before.
    before: BTreeSet<PathBuf>,
    /// Those of now.
    done: BTreeSet<PathBuf>,
    tally: Tally,
}

impl Outlet {
    /// Opens a folder, made if it is not there. Each file gets a twin in each of `codings` beside it.
    pub(super) fn open(folder: &Path, codings: Vec<Coding>) -> anyhow::Result<Self> {
        fs::create_dir_all(folder)
            .with_context(|| format!("the folder {} can't be made", folder.display()))?;
        let list = fs::read_to_string(folder.join(LIST)).unwrap_or_default();
        Ok(Self {
            folder: folder.to_owned(),
            codings,
            before: list.lines().map(PathBuf::from).filter(|path| is_inside(path)).collect(),
            done: BTreeSet::new(),
            tally: Tally::default(),
        })
    }

    /// Writes what is served at a path, encoded, and its twins.
    pub(super) fn write(&mut self, path: &str, body: &Bytes) -> anyhow::Result<()> {
        let relative = locate(path)?;
        self.write_file(relative.clone(), body)?;
        for coding in self.codings.clone() {
            let ending = if coding == Coding::Gzip { ".gz" } else { ".br" };
            let mut name = relative.clone().into_os_string();
            name.push(ending);
            self.write_file(name.into(), &coding.encode(body)?)?;
        }
        Ok(())
    }

    fn write_file(&mut self, relative: PathBuf, bytes: &[u8]) -> anyhow::Result<()> {
        let target = self.folder.join(&relative);
        let outcome = self.enter(&relative).and_then(|()| self.replace(&relative, &target, bytes));
        match outcome.with_context(|| format!("{} can't be written", target.display()))? {
            Outcome::Foreign => {
                self.tally.foreign.push(target);
                return Ok(());
            }
            Outcome::Written => self.tally.written += 1,
            Outcome::Kept => self.tally.kept += 1,
        }
        self.done.insert(relative);
        Ok(())
    }

    /// Makes the folders of a file. A link among them could lead anywhere.
    fn enter(&self, relative: &Path) -> io::Result<()> {
        if let Some(link) = self.find_link(relative) {
            let message = format!("{} leads elsewhere", link.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        fs::create_dir_all(self.folder.join(relative).parent().unwrap_or(&self.folder))
    }

    /// The first link among the folders of a file.
    fn find_link(&self, relative: &Path) -> Option<PathBuf> {
        let above = relative.ancestors().skip(1).filter(|above| !above.as_os_str().is_empty());
        let folders = above.map(|above| self.folder.join(above));
        folders.into_iter().find(|folder| folder.is_symlink())
    }

    /// Writes a file whole or not at all, if it is not so already.
    fn replace(&self, relative: &Path, target: &Path, bytes: &[u8]) -> io::Result<Outcome> {
        let is_there = target.symlink_metadata().is_ok();
        if is_there && !target.is_symlink() && fs::read(target)? == bytes {
            return Ok(Outcome::Kept);
        }
        if is_there && !self.before.contains(relative) {
            return Ok(Outcome::Foreign);
        }
        write_whole(target, bytes)?;
        Ok(Outcome::Written)
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
        let lines: String = self.done.iter().map(|path| format!("{}\n", path.display())).collect();
        let list = self.folder.join(LIST);
        write_whole(&list, lines.as_bytes())
            .with_context(|| format!("{} can't be written", list.display()))?;
        Ok(self.tally)
    }
}

/// What became of a file.
enum Outcome {
    Written,
    Kept,
    Foreign,
}

fn write_whole(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    let aside = folder.join(format!(".feedmill-{}.tmp", process::id()));
    let written = fs::write(&aside, bytes).and_then(|()| fs::rename(&aside, target));
    if written.is_err() {
        // It may never have been made.
        let _ = fs::remove_file(&aside);
    }
    written
}

/// A served path as that of a file, with its segments decoded: it never leads out of the folder.
fn locate(path: &str) -> anyhow::Result<PathBuf> {
    let decoded = percent_decode_str(path).decode_utf8().context("a path is not UTF-8")?;
    let relative = PathBuf::from(decoded.trim_start_matches('/'));
    anyhow::ensure!(is_inside(&relative), "{path} has no name that a file can have");
    Ok(relative)
}

fn is_inside(relative: &Path) -> bool {
    relative.components().all(|component| matches!(component, Component::Normal(_)))
        && relative.components().next().is_some()
}
