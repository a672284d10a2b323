//! One source's files as the catalog knows them, brought in line with the disk: the only truth.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, SubsecRound, Utc};

use super::files::{Changed, Seen, look_at_all};
use super::media::measure;
use super::walk::{Walked, walk};
use crate::catalog::{Change, Site};
use crate::config::Problem;
use crate::post::dialect::Undated;
use crate::post::term::Interner;
use crate::post::{Outcome, Post, Source};
use crate::state::Store;

/// A source and what is known of its files.
#[derive(Debug)]
pub(crate) struct Tracked {
    /// The source.
    pub(crate) source: Arc<Source>,
    number: u16,
    files: BTreeMap<Arc<str>, Known>,
    store: Store,
    terms: Interner,
    /// Posts that enclose files of the site's own, as they were when they were read.
    enclosing: BTreeMap<Arc<str>, Box<Post>>,
}

/// What is known of a path.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// Stamp 0: it is no file, or must be read again whatever it looks like.
    seen: Seen,
    is_post: bool,
}

impl Tracked {
    /// A source of which nothing is known yet but what a store remembers; `number` is its place in the list
    /// of sources.
    pub(crate) fn new(source: Arc<Source>, number: u16, store: Store) -> Self {
        Self {
            source,
            number,
            store,
            files: BTreeMap::new(),
            terms: Interner::default(),
            enclosing: BTreeMap::new(),
        }
    }

    /// Every source of a site, nothing known of any.
    pub(crate) fn all(site: &Site, store: &Store) -> Vec<Self> {
        let sources = site.sources.iter().enumerate();
        sources.map(|(number, source)| Self::new(Arc::clone(source), number as u16, store.clone())).collect()
    }

    /// Compares a path (relative to the root; the whole folder if empty) and all below it with the
    /// disk and gives what changed. Files that look as they did are not read.
    pub(crate) fn reconcile(&mut self, path: &str) -> Vec<Change> {
        let source = Arc::clone(&self.source);
        if !source.folder.exists() {
            // A root that is gone may come back: its posts stay served.
            tracing::warn!("{} is gone: its posts stay as they were", source.folder.display());
            return Vec::new();
        }
        let folder = source.folder.strip_prefix(&source.root).ok().and_then(|f| f.to_str()).unwrap_or("");
        let path = if path.is_empty() { folder } else { path };
        let started = Instant::now();
        self.doubt_enclosing(path);
        let Walked { files, problems } = walk(&source, path);
        let walked = started.elapsed();
        let mut changes = self.forget_missing(path, &files, &problems);
        changes.extend(problems.into_iter().filter_map(|(path, problem)| self.take_problem(path, problem)));
        let mut changed = Vec::new();
        let arrival = self.date_arrivals();
        let known = |path: &str| {
            let seen = self.files.get(path).map(|known| known.seen);
            seen.or_else(|| Some(Seen { stamp: 0, first_seen: arrival.as_ref()?(path) }))
        };
        let terms = &mut self.terms;
        look_at_all(&source, self.number, &files, known, |mut file| {
            if let Outcome::Post(post, _) = &mut file.outcome {
                terms.share(&mut post.terms);
                if let Some(section) = &mut post.section {
                    terms.share_name(section);
                }
            }
            changed.push(file);
        });
        tracing::debug!(
            "{}: {} files found in {walked:.1?}, {} of them read in {:.1?}",
            source.name,
            files.len(),
            changed.len(),
            started.elapsed().saturating_sub(walked)
        );
        // In the order of the walk: the same files give the same changes.
        changed.sort_unstable_by_key(|file| file.place);
        changes.extend(changed.into_iter().map(|file| self.learn(&files[file.place], file)));
        if self.dates_by_arrival() && path == folder {
            self.store.remember_post(&source.name, "", 0);
        }
        changes
    }

    /// Whether a post without a date has that of its arrival.
    fn dates_by_arrival(&self) -> bool {
        self.source.rules.undated == Undated::FirstSeen
    }

    /// When a file that is not known yet was first seen: as the store remembers, else now. A source that
    /// was never read before has nothing but the times of its files.
    fn date_arrivals(&self) -> Option<impl Fn(&str) -> DateTime<Utc> + use<>> {
        let name = self.source.name.clone();
        let was_read = self.dates_by_arrival() && self.store.first_seen(&name, "").is_some();
        // In whole seconds, as it is remembered.
        let (store, now) = (self.store.clone(), Utc::now().trunc_subsecs(0));
        let remembered = move |path: &str| DateTime::from_timestamp(store.first_seen(&name, path)?, 0);
        was_read.then_some(move |path: &str| remembered(path).unwrap_or(now))
    }

    /// Takes another version of the source, by which every file is read again.
    pub(crate) fn change_source(&mut self, source: Arc<Source>) {
        self.source = source;
        for known in self.files.values_mut() {
            known.seen.stamp = 0;
        }
    }

    /// Whether any of its files is a post.
    pub(crate) fn has_posts(&self) -> bool {
        self.files.values().any(|known| known.is_post)
    }

    /// Whether the path, relative to the root, is known or lies above something known.
    pub(crate) fn knows(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.below(path).next().is_some()
    }

    /// Forgets how a file looked, so that the next look reads it.
    pub(crate) fn doubt(&mut self, path: &str) {
        if let Some(known) = self.files.get_mut(path) {
            known.seen.stamp = 0;
        }
    }

    /// Posts whose enclosed file is not as long as it was are read again.
    fn doubt_enclosing(&mut self, path: &str) {
        let is_below = |post: &str| {
            path.is_empty() || post == path || post.strip_prefix(path).is_some_and(|r| r.starts_with('/'))
        };
        let size = |post: &Post| post.media.as_ref().and_then(|media| media.size);
        let posts = self.enclosing.iter().filter(|(path, _)| is_below(path));
        let other = posts.filter(|(_, post)| measure(&self.source, post) != size(post));
        for path in other.map(|(path, _)| Arc::clone(path)).collect::<Vec<_>>() {
            self.doubt(&path);
        }
    }

    /// The posts that enclose the file at a path.
    pub(crate) fn list_enclosing(&self, path: &str) -> Vec<String> {
        let encloses = |post: &Post| post.media.as_ref().is_some_and(|media| path.ends_with(&*media.path));
        let posts = self.enclosing.iter().filter(|(_, post)| encloses(post));
        posts.map(|(path, _)| path.to_string()).collect()
    }

    /// What is known below a folder, in order.
    fn below(&self, path: &str) -> impl Iterator<Item = &Arc<str>> {
        let prefix = if path.is_empty() { String::new() } else { format!("{path}/") };
        let from: Arc<str> = prefix.as_str().into();
        let range = self.files.range::<Arc<str>, _>((Bound::Included(from), Bound::Unbounded));
        range.map(|(known, _)| known).take_while(move |known| known.starts_with(&prefix))
    }

    /// Lets go of what is known but was not found. `files` are sorted.
    fn forget_missing(
        &mut self,
        path: &str,
        files: &[String],
        problems: &[(String, Problem)],
    ) -> Vec<Change> {
        let is_found = |known: &str| {
            files.binary_search_by(|file| file.as_str().cmp(known)).is_ok()
                || problems.iter().any(|(told, _)| told == known)
        };
        let itself = self.files.get_key_value(path).map(|(known, _)| known);
        let missing: Vec<Arc<str>> =
            self.below(path).chain(itself).filter(|known| !is_found(known)).cloned().collect();
        let forget = |path: Arc<str>| {
            self.files.remove(&path);
            self.enclosing.remove(&path);
            Change::Remove { source: self.number, path, problem: None }
        };
        missing.into_iter().map(forget).collect()
    }

    /// What is no file but must be told of, if it was not told before.
    fn take_problem(&mut self, path: String, problem: Problem) -> Option<Change> {
        let seen = Seen { stamp: 0, first_seen: DateTime::UNIX_EPOCH };
        let before = self.files.get(path.as_str()).copied();
        let is_post = before.is_some_and(|known| known.is_post);
        let path: Arc<str> = path.into();
        self.files.insert(Arc::clone(&path), Known { seen, is_post });
        let (source, problem) = (self.number, Box::new(problem));
        match before {
            Some(known) if known.seen == seen => None,
            // A post that can't be reached for a while is still the post it was.
            Some(_) if is_post => Some(Change::Break { source, path, problem }),
            _ => Some(Change::Remove { source, path, problem: Some(problem) }),
        }
    }

    fn learn(&mut self, path: &str, file: Changed) -> Change {
        let source = self.number;
        let before = self.files.get_key_value(path);
        let was_post = before.is_some_and(|(_, known)| known.is_post);
        let path: Arc<str> = before.map_or_else(|| path.into(), |(path, _)| Arc::clone(path));
        let broken = matches!(file.outcome, Outcome::Broken(_));
        let is_post = matches!(file.outcome, Outcome::Post(..)) || (broken && was_post);
        self.files.insert(Arc::clone(&path), Known { seen: file.seen, is_post });
        match file.outcome {
            Outcome::Post(mut post, doubt) => {
                post.path = Arc::clone(&path);
                if self.dates_by_arrival() && post.published == file.seen.first_seen {
                    self.store.remember_post(&self.source.name, &path, post.published.timestamp());
                }
                if post.media.is_some() {
                    self.enclosing.insert(path, post.clone());
                } else if !self.enclosing.is_empty() {
                    self.enclosing.remove(&path);
                }
                Change::Put(post, doubt)
            }
            Outcome::Hidden => Change::Remove { source, path, problem: None },
            Outcome::Undated(problem) => Change::Remove { source, path, problem: Some(problem) },
            Outcome::Broken(problem) => Change::Break { source, path, problem },
        }
    }
}
