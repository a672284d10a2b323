//! Walks over the folders of a source: lists every file that is a post by its name, and reports every obstacle once.

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, FileType, Metadata};
use std::path::Path;

use super::progress::Progress;
use super::watcher::{FolderWatcher, Identity};
use crate::config::Problem;
use crate::file;
use crate::limits::EXPORT_LIST_BYTES;
use crate::post::Source;

/// The list that `feedmill export` writes to its output folder, one path per line: exported files are not posts.
pub const EXPORTED: &str = ".feedmill-export";

/// The maximum number of walks over folders that change meanwhile.
const MAX_WALKS: usize = 3;

/// The result of a walk.
#[derive(Debug, Default)]
pub(crate) struct Walked {
    /// Files that are posts by their name, relative to the source's root, sorted. They were not read yet: they may be
    /// gone or unreadable.
    pub(crate) files: Vec<String>,
    /// Media files to which posts may refer by their names alone, sorted.
    pub(crate) media: Vec<String>,
    /// Paths that are not readable files and must be reported, relative to the root.
    pub(crate) problems: Vec<(String, Problem)>,
    /// Folders whose content is not known completely.
    pub(crate) unreadable: Vec<String>,
    /// True if a listed entry had disappeared when it was visited: it is being moved.
    has_vanished: bool,
}

/// Visits paths (relative to the source's root) and everything below them. Paths that do not exist are ignored.
/// Folders are watched before they are listed. If an entry is moved meanwhile, the walk is repeated.
pub(crate) fn walk(
    source: &Source,
    paths: &BTreeSet<String>,
    watches: &mut FolderWatcher,
    progress: &Progress,
) -> Walked {
    let mut walked = walk_once(source, paths, watches, progress);
    for _ in 1..MAX_WALKS {
        if !walked.has_vanished {
            break;
        }
        walked = walk_once(source, paths, watches, progress);
    }
    walked
}

fn walk_once(
    source: &Source,
    paths: &BTreeSet<String>,
    watches: &mut FolderWatcher,
    progress: &Progress,
) -> Walked {
    let (above, exports) = (Vec::new(), Vec::new());
    let mut walk = Walk { source, watches, progress, above, exports, walked: Walked::default() };
    for path in paths {
        if source.reaches(path) && !lies_in_leaf(source, path) {
            walk.exports = read_exports_above(source, path);
            walk.visit(path.clone());
        }
    }
    let mut walked = walk.walked;
    walked.files.sort_unstable();
    walked.files.dedup();
    walked.media.sort_unstable();
    walked
}

/// Returns true if a folder above a path is one post, of which the path is a part.
pub fn lies_in_leaf(source: &Source, path: &str) -> bool {
    let names = source.dialect.leaf_names(&source.site);
    if names.is_empty() {
        return false;
    }
    let has_leaf = |folder: &str| names.iter().any(|name| source.root.join(folder).join(name).is_file());
    let (own, file) = path.rsplit_once('/').unwrap_or(("", path));
    let is_leaf = source.dialect.is_leaf(&source.site, file);
    let content = source.site.content.as_deref().unwrap_or_default();
    let below = |folder: &&str| folder.len() > content.len();
    let mut above = path.match_indices('/').map(|(at, _)| &path[..at]).filter(below);
    above.any(|folder| !(is_leaf && folder == own) && has_leaf(folder))
}

/// The files that an export wrote into a folder.
struct Exported {
    folder: String,
    /// Paths relative to the folder.
    written: HashSet<String>,
    /// The length of the list when it was read.
    length: u64,
}

impl Exported {
    fn has(&self, path: &str) -> bool {
        let folder = &*self.folder;
        let below = if folder.is_empty() { Some(path) } else { path.strip_prefix(folder) };
        below.is_some_and(|below| self.written.contains(below.trim_start_matches('/')))
    }

    /// Reads the list again if it has become longer: an export that is running lists each file before it writes it.
    fn follow(&mut self, source: &Source) {
        let list = source.root.join(&self.folder).join(EXPORTED);
        let is_same = fs::symlink_metadata(list).is_ok_and(|metadata| metadata.len() == self.length);
        if !is_same && let Some(now) = read_exports(source, &self.folder) {
            *self = now;
        }
    }
}

/// Reads the list of an export in a folder; `None`: there is no list.
fn read_exports(source: &Source, folder: &str) -> Option<Exported> {
    let list = source.root.join(folder).join(EXPORTED);
    let is_list = fs::symlink_metadata(&list).is_ok_and(|metadata| metadata.is_file());
    let bytes = is_list.then(|| file::read(&list, EXPORT_LIST_BYTES).ok()).flatten()?;
    let (length, text) = (bytes.len() as u64, String::from_utf8(bytes).ok()?);
    Some(Exported { folder: folder.to_owned(), written: text.lines().map(str::to_owned).collect(), length })
}

/// Reads the lists of exports in all folders above a path.
fn read_exports_above(source: &Source, path: &str) -> Vec<Exported> {
    let above = path.match_indices('/').map(|(at, _)| &path[..at]);
    let root = Some("").filter(|_| !path.is_empty());
    root.into_iter().chain(above).filter_map(|folder| read_exports(source, folder)).collect()
}

/// The state of a walk.
struct Walk<'a> {
    source: &'a Source,
    watches: &'a mut FolderWatcher,
    progress: &'a Progress,
    /// The folders from the start of the walk to the current one.
    above: Vec<Identity>,
    /// The exports into these folders and into those above the start.
    exports: Vec<Exported>,
    walked: Walked,
}

impl Walk<'_> {
    /// Visits a path that is or may be a folder: a link, or the start of the walk.
    fn visit(&mut self, path: String) {
        let absolute = self.source.root.join(&path);
        self.progress.note();
        let metadata = match fs::metadata(&absolute) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let is_listed = !self.above.is_empty();
                let is_link = fs::symlink_metadata(&absolute).is_ok();
                self.walked.has_vanished |= is_listed && !is_link;
                if self.source.is_post(&path) && self.is_link(&absolute, &path) {
                    self.report(path, "this link leads to no file. Fix it, or remove it.".to_owned());
                }
                return;
            }
            Err(error) => {
                let is_folder = fs::symlink_metadata(&absolute).is_ok_and(|m| m.is_dir());
                if is_folder {
                    self.walked.unreadable.push(path.clone());
                }
                if self.source.is_post(&path) || is_folder {
                    let message = format!("this path cannot be read: {error}. Fix the link or permissions.");
                    self.report(path, message);
                }
                return;
            }
        };
        if metadata.is_dir() {
            // An export writes the page of the entry `page.html` into a folder of this name.
            if self.source.is_post(&path) && !self.is_exported(&format!("{path}/index.html")) {
                let message = "this is a folder with the name of a post. Rename it.".to_owned();
                self.report(path.clone(), message);
            }
            let is_entered = path.is_empty() || absolute == self.source.folder || self.source.enters(&path);
            if is_entered {
                self.is_link(&absolute, &path);
                self.enter(&path, &absolute, &metadata);
            }
        } else if metadata.is_file() && self.source.is_post(&path) && !self.is_exported(&path) {
            self.is_link(&absolute, &path);
            self.walked.files.push(path);
        } else if metadata.is_file() && self.is_media(&path) && self.is_inside(&absolute) {
            self.walked.media.push(path);
        }
    }

    /// Returns true if posts can refer to a file by its name. Copies that an export wrote are not followed.
    fn is_media(&mut self, path: &str) -> bool {
        self.source.is_named_media(path) && !self.is_exported(path)
    }

    /// Returns true if a link does not lead out of the source.
    fn is_inside(&self, absolute: &Path) -> bool {
        let root = fs::canonicalize(&self.source.root);
        fs::canonicalize(absolute).is_ok_and(|file| root.is_ok_and(|root| file.starts_with(root)))
    }

    /// Returns true if a path is a link, and watches everything through which it leads.
    fn is_link(&mut self, absolute: &Path, path: &str) -> bool {
        let is_link = fs::symlink_metadata(absolute).is_ok_and(|metadata| metadata.is_symlink());
        if is_link {
            self.watches.anchor(absolute, path);
        }
        is_link
    }

    fn enter(&mut self, path: &str, absolute: &Path, metadata: &Metadata) {
        let identity = Identity::of(metadata);
        if self.above.contains(&identity) {
            let message = "this link leads back to a folder above it. Remove it.".to_owned();
            self.report(path.to_owned(), message);
            return;
        }
        self.watches.enter(absolute, metadata);
        self.progress.note();
        let entries = match fs::read_dir(absolute) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.walked.has_vanished = true;
                return;
            }
            Err(error) => {
                let message = format!("the folder cannot be read: {error}. Fix its permissions.");
                self.walked.unreadable.push(path.to_owned());
                self.report(path.to_owned(), message);
                return;
            }
        };
        self.above.push(identity);
        let source = self.source;
        let (entries, errors): (Vec<_>, Vec<_>) = entries.partition(Result::is_ok);
        if let Some(Err(error)) = errors.into_iter().next() {
            let message = format!("reading the folder failed part-way: {error}. Check the disk.");
            self.walked.unreadable.push(path.to_owned());
            self.report(path.to_owned(), message);
        }
        let entries: Vec<fs::DirEntry> = entries.into_iter().flatten().collect();
        let has_list = entries.iter().any(|entry| entry.file_name() == EXPORTED);
        let known = self.exports.len();
        self.exports.extend(Some(path).filter(|_| has_list).and_then(|path| read_exports(source, path)));
        let is_leaf = |entry: &fs::DirEntry| {
            entry.file_name().to_str().is_some_and(|name| source.dialect.is_leaf(&source.site, name))
        };
        // The folder that contains all posts is not a post itself.
        let leaf = source.site.content.as_deref() != Some(path) && entries.iter().any(is_leaf);
        for entry in entries.into_iter().filter(|entry| !leaf || is_leaf(entry)) {
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                let shown = join(path, &name.to_string_lossy());
                self.report(shown, "the name is not UTF-8. Rename the file.".to_owned());
                continue;
            };
            let below = join(path, name);
            if entry.file_type().as_ref().is_ok_and(FileType::is_file) {
                if source.is_post_in_folder(&below) && !self.is_exported(&below) {
                    self.walked.files.push(below);
                } else if self.is_media(&below) {
                    self.walked.media.push(below);
                }
            } else {
                self.visit(below);
            }
        }
        self.exports.truncate(known);
        self.above.pop();
    }

    /// Returns true if an export wrote a file.
    fn is_exported(&mut self, path: &str) -> bool {
        let source = self.source;
        self.exports.iter_mut().any(|exported| {
            exported.has(path) || {
                exported.follow(source);
                exported.has(path)
            }
        })
    }

    fn report(&mut self, path: String, message: String) {
        let problem = Problem::error(self.source.name_file(&path), message);
        self.walked.problems.push((path, problem));
    }
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}
