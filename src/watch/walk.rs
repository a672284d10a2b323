//! A walk over the folders of a source: every file that is a post by its name, every obstacle told once.

use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use crate::config::Problem;
use crate::post::Source;

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Files that are posts by their name, relative to the source's root, sorted. They were not
    /// looked at yet: they may be gone or unreadable.
    pub(super) files: Vec<String>,
    /// Paths that are no file but should be told of, relative to the root.
    pub(super) problems: Vec<(String, Problem)>,
}

/// Visits `path` (relative to the source's root) and all below it. What does not exist has nothing.
pub(super) fn walk(source: &Source, path: &str) -> Walked {
    let mut walked = Walked::default();
    if !source.reaches(path) || lies_in_leaf(source, path) {
        return walked;
    }
    visit(source, path.to_owned(), &mut Vec::new(), &mut walked);
    walked.files.sort_unstable();
    walked
}

/// Whether a folder above a path is one post, of which the path is a part.
fn lies_in_leaf(source: &Source, path: &str) -> bool {
    let names = (source.rules.leaf_names)(source);
    if names.is_empty() {
        return false;
    }
    let has_leaf = |folder: &str| names.iter().any(|name| source.root.join(folder).join(name).is_file());
    let (own, file) = path.rsplit_once('/').unwrap_or(("", path));
    let is_leaf = (source.rules.is_leaf)(source, file);
    let content = source.site.content.as_deref().unwrap_or_default();
    let below = |folder: &&str| folder.len() > content.len();
    let mut above = path.match_indices('/').map(|(at, _)| &path[..at]).filter(below);
    above.any(|folder| !(is_leaf && folder == own) && has_leaf(folder))
}

/// Visits what is a folder, or may be: a link, or the path the walk begins with.
fn visit(source: &Source, path: String, above: &mut Vec<PathBuf>, walked: &mut Walked) {
    let absolute = source.root.join(&path);
    let metadata = match fs::metadata(&absolute) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            if source.is_post(&path) && fs::symlink_metadata(&absolute).is_ok() {
                walked.tell(source, path, "this link leads to no file. Mend it, or remove it.".to_owned());
            }
            return;
        }
        Err(error) => {
            if source.is_post(&path) || fs::symlink_metadata(&absolute).is_ok_and(|m| m.is_dir()) {
                let message = format!("can't be looked at: {error}. Mend the link or the permissions.");
                walked.tell(source, path, message);
            }
            return;
        }
    };
    if metadata.is_dir() {
        if source.is_post(&path) {
            let message = "this is a folder with the name of a post. Rename it.".to_owned();
            walked.tell(source, path.clone(), message);
        }
        if path.is_empty() || absolute == source.folder || source.enters(&path) {
            enter(source, &path, &absolute, above, walked);
        }
    } else if metadata.is_file() && source.is_post(&path) {
        walked.files.push(path);
    }
}

fn enter(source: &Source, path: &str, absolute: &Path, above: &mut Vec<PathBuf>, walked: &mut Walked) {
    let Ok(real) = fs::canonicalize(absolute) else { return };
    if above.contains(&real) {
        let message = "this link leads back to a folder above it. Remove it.".to_owned();
        walked.tell(source, path.to_owned(), message);
        return;
    }
    let entries = match fs::read_dir(absolute) {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("the folder can't be read: {error}. Mend its permissions.");
            walked.tell(source, path.to_owned(), message);
            return;
        }
    };
    above.push(real);
    let entries: Vec<fs::DirEntry> = entries.flatten().collect();
    let is_leaf = |entry: &fs::DirEntry| {
        entry.file_name().to_str().is_some_and(|name| (source.rules.is_leaf)(source, name))
    };
    // The folder that holds all posts is none itself.
    let leaf = source.site.content.as_deref() != Some(path) && entries.iter().any(is_leaf);
    for entry in entries.into_iter().filter(|entry| !leaf || is_leaf(entry)) {
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            let shown = join(path, &name.to_string_lossy());
            walked.tell(source, shown, "the name is not UTF-8. Rename the file.".to_owned());
            continue;
        };
        let below = join(path, name);
        if entry.file_type().as_ref().is_ok_and(FileType::is_file) {
            if source.is_post(&below) {
                walked.files.push(below);
            }
        } else {
            visit(source, below, above, walked);
        }
    }
    above.pop();
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

impl Walked {
    fn tell(&mut self, source: &Source, path: String, message: String) {
        let problem = Problem::error(source.name_file(&path), message);
        self.problems.push((path, problem));
    }
}
