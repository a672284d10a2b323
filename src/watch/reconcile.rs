//! One source's files as the catalog knows them, brought in line with the disk: the only truth.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::ops::Bound;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use xxhash_rust::xxh3::Xxh3;

use super::files::{ToRead, read_all};
use super::walk::{Candidate, Walked, walk};
use crate::catalog::Change;
use crate::post::{Outcome, Source};

/// A source and what is known of its files.
#[derive(Debug)]
pub(super) struct Tracked {
    /// The source.
    pub source: Arc<Source>,
    number: u16,
    files: BTreeMap<Arc<str>, Known>,
}

/// What is known of a file.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// Hash of size, times, inode and device; 0 for what is no file.
    stamp: u64,
    /// Date of a post that says none: when it was first seen, by its modification then.
    first_seen: DateTime<Utc>,
    is_post: bool,
}

impl Tracked {
    /// A source of which nothing is known yet; `number` is its place in the list of sources.
    pub(super) fn new(source: Arc<Source>, number: u16) -> Self {
        Self { source, number, files: BTreeMap::new() }
    }

    /// Compares a path (relative to the root; the whole folder if empty) and all below it with the
    /// disk and gives what changed. Files with an equal stamp are not read.
    pub(super) fn reconcile(&mut self, path: &str) -> Vec<Change> {
        let source = Arc::clone(&self.source);
        if !source.folder.exists() {
            // A root that is gone may come back: its posts stay served.
            tracing::warn!("{} is gone: its posts stay as they were", source.folder.display());
            return Vec::new();
        }
        let folder = source.folder.strip_prefix(&source.root).ok().and_then(|f| f.to_str()).unwrap_or("");
        let path = if path.is_empty() { folder } else { path };
        let Walked { candidates, problems } = walk(&source, path);
        let mut changes = self.take_problems(problems);
        let told: Vec<Arc<str>> = changes.iter().map(path_of).collect();
        changes.extend(self.forget_missing(path, &candidates, &told));
        let changed = self.find_changed(candidates);
        let outcomes = read_all(&self.source, self.number, &changed);
        for (file, outcome) in changed.into_iter().zip(outcomes) {
            changes.push(self.learn(file, outcome));
        }
        changes
    }

    /// Whether the path, relative to the root, is known or lies above something known.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.below(path).next().is_some()
    }

    fn below(&self, path: &str) -> impl Iterator<Item = &Arc<str>> {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let from: Arc<str> = prefix.as_str().into();
        let range = self.files.range::<Arc<str>, _>((Bound::Included(from), Bound::Unbounded));
        range.map(|(known, _)| known).take_while(move |known| known.starts_with(&prefix))
    }

    /// What is no file but should be told of, if it was not told before.
    fn take_problems(&mut self, problems: Vec<(String, crate::config::Problem)>) -> Vec<Change> {
        let mut changes = Vec::new();
        for (path, problem) in problems {
            let path: Arc<str> = path.into();
            let known = Known { stamp: 0, first_seen: DateTime::UNIX_EPOCH, is_post: false };
            let before = self.files.insert(Arc::clone(&path), known);
            changes.push(match before {
                // A post that can't be reached for a while is still the post it was.
                Some(Known { is_post: true, .. }) => {
                    self.files.entry(Arc::clone(&path)).and_modify(|known| known.is_post = true);
                    Change::Break { source: self.number, path, problem }
                }
                _ => Change::Remove { source: self.number, path, problem: Some(problem) },
            });
        }
        changes
    }

    fn forget_missing(&mut self, path: &str, found: &[Candidate], told: &[Arc<str>]) -> Vec<Change> {
        let found: std::collections::HashSet<&str> = found.iter().map(|c| c.path.as_str()).collect();
        let is_missing = |known: &Arc<str>| !found.contains(&**known) && !told.contains(known);
        let mut missing: Vec<Arc<str>> =
            self.below(path).filter(|known| is_missing(known)).cloned().collect();
        missing.extend(
            self.files.get_key_value(path).map(|(known, _)| known).filter(|k| is_missing(k)).cloned(),
        );
        let forget = |path: Arc<str>| {
            self.files.remove(&path);
            Change::Remove { source: self.number, path, problem: None }
        };
        missing.into_iter().map(forget).collect()
    }

    /// Files whose stamp is not the known one.
    fn find_changed(&self, candidates: Vec<Candidate>) -> Vec<ToRead> {
        let changed = candidates.into_iter().filter_map(|candidate| {
            let known = self.files.get(candidate.path.as_str());
            if known.is_some_and(|known| known.stamp == stamp(&candidate.metadata)) {
                return None;
            }
            let modified = || candidate.metadata.modified().map_or(DateTime::UNIX_EPOCH, DateTime::from);
            let first_seen =
                known.filter(|known| known.stamp != 0).map_or_else(modified, |known| known.first_seen);
            Some(ToRead { candidate, first_seen })
        });
        changed.collect()
    }

    fn learn(&mut self, file: ToRead, outcome: Outcome) -> Change {
        let source = self.number;
        let ToRead { candidate, first_seen } = file;
        let before = self.files.get_key_value(candidate.path.as_str());
        let was_post = before.is_some_and(|(_, known)| known.is_post);
        let path: Arc<str> =
            before.map_or_else(|| candidate.path.as_str().into(), |(path, _)| Arc::clone(path));
        let broken = matches!(outcome, Outcome::Broken(_));
        let is_post = matches!(outcome, Outcome::Post(_)) || (broken && was_post);
        let known = Known { stamp: stamp(&candidate.metadata), first_seen, is_post };
        self.files.insert(Arc::clone(&path), known);
        match outcome {
            Outcome::Post(mut post) => {
                post.path = path;
                Change::Put(post)
            }
            Outcome::Hidden => Change::Remove { source, path, problem: None },
            Outcome::Undated(problem) => Change::Remove { source, path, problem: Some(problem) },
            Outcome::Broken(problem) => Change::Break { source, path, problem },
        }
    }

    /// Forgets the stamp of a file, so that the next look reads it whatever its metadata says.
    pub(super) fn doubt(&mut self, path: &str) {
        if let Some(known) = self.files.get_mut(path) {
            known.stamp = 1;
        }
    }
}

fn path_of(change: &Change) -> Arc<str> {
    match change {
        Change::Put(post) => Arc::clone(&post.path),
        Change::Remove { path, .. } | Change::Break { path, .. } => Arc::clone(path),
    }
}

/// Tells versions of a file apart without reading it.
fn stamp(metadata: &Metadata) -> u64 {
    let mut hasher = Xxh3::new();
    for number in [
        metadata.size() as i64,
        metadata.mtime(),
        metadata.mtime_nsec(),
        metadata.ctime(),
        metadata.ctime_nsec(),
        metadata.ino() as i64,
        metadata.dev() as i64,
    ] {
        hasher.update(&number.to_le_bytes());
    }
    // 0 and 1 mean something else.
    hasher.digest().max(2)
}
