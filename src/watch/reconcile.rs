//! Reconciles the files of one source, as the catalog knows them, with the disk, which is the only truth.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use chrono::DateTime;

use super::arrivals::Arrivals;
use super::enclosing::Enclosing;
use super::files::{Changed, Reader, Seen, read_changed};
use super::known_files::{Known, KnownFiles, Missing};
use super::named_media::NamedMedia;
use super::pending::drop_nested;
use super::progress::Progress;
use super::root_guard::{RootGuard, Unavailability};
use super::walk::{Walked, walk};
use super::watcher::{FolderWatcher, Identity};
use crate::bodies::BodyCache;
use crate::catalog::{Change, Fault, Snapshot};
use crate::config::Problem;
use crate::post::term::Interner;
use crate::post::{Outcome, Post, Source, SourceId};
use crate::state::Store;

/// The files of a source.
#[derive(Debug)]
pub(super) struct SourceFiles {
    source: Arc<Source>,
    id: SourceId,
    known: KnownFiles,
    root: RootGuard,
    store: Store,
    arrivals: Arrivals,
    bodies: Arc<BodyCache>,
    terms: Interner,
    /// Media files to which posts may refer by their names alone.
    media: NamedMedia,
    /// Posts that enclose files of their own site, as they were when they were read.
    enclosing: Enclosing,
    /// The snapshot of an earlier run whose posts are not known yet.
    restored: Option<Arc<Snapshot>>,
    faults: Vec<Fault>,
    progress: Progress,
}

impl SourceFiles {
    /// A source that was not scanned yet, with the state that the `store` remembers. `id` is its place in the
    /// list of sources. The bodies of its newest posts are cached in `bodies`.
    pub(super) fn new(source: Arc<Source>, id: SourceId, store: Store, bodies: Arc<BodyCache>) -> Self {
        Self {
            root: RootGuard::remembered(&source, &store),
            arrivals: Arrivals::new(&source, &store),
            source,
            id,
            store,
            bodies,
            known: KnownFiles::default(),
            terms: Interner::default(),
            media: NamedMedia::default(),
            enclosing: Enclosing::default(),
            restored: None,
            faults: Vec::new(),
            progress: Progress::default(),
        }
    }

    /// Accepts the folder as it is, whatever is remembered of it: the owner has just configured it.
    pub(super) fn forget_root(&mut self) {
        self.root = RootGuard::fresh();
    }

    /// Takes over the known paths of the same folder. All its files will be read again.
    pub(super) fn adopt(&mut self, before: &Self) {
        self.root.inherit(&before.root);
        for (path, known) in before.known.iter() {
            let seen = Seen { stamp: 0, first_seen: self.arrivals.correct(path, known.seen.first_seen) };
            self.known.insert(path, Known { seen, ..known });
        }
    }

    /// Takes over the posts of a snapshot of the same folder, while a scan still owns the state of its files.
    pub(super) fn adopt_posts<'p>(&mut self, posts: impl Iterator<Item = &'p Arc<Post>>) {
        let seen = Seen { stamp: 0, first_seen: DateTime::UNIX_EPOCH };
        posts.for_each(|post| self.known.insert(&post.path, Known { seen, is_post: true }));
    }

    /// Takes over the posts of an earlier run. Those whose files are unchanged will not be read.
    pub(super) fn restore(&mut self, snapshot: Arc<Snapshot>) {
        self.root.restore();
        // They become known in the thread of the scan, since they may be many.
        self.restored = Some(snapshot);
    }

    fn know(&mut self, snapshot: &Snapshot) {
        self.known.restore(snapshot.posts_of(self.id));
        for post in snapshot.posts_of(self.id) {
            self.terms.share(&mut post.terms.clone());
            self.enclosing.note(&post.path, post);
        }
    }

    /// Accepts the folder as it is at the next scan, whatever it was before.
    pub(super) fn accept(&mut self) {
        self.root.accept();
    }

    /// The source whose files these are.
    pub(super) fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The last answer of the disk.
    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// The reason why the folder is unavailable, if it is.
    pub(super) fn unavailability(&self) -> Option<&Unavailability> {
        self.root.unavailability()
    }

    /// Returns true if it is another folder than the one that was read, or was unavailable before.
    pub(super) fn is_another_folder(&self) -> bool {
        self.root.check(&self.source).is_ok_and(|identity| self.root.is_new(identity))
    }

    /// Returns true if its posts were read since the start.
    pub(super) fn was_found(&self) -> bool {
        self.root.was_found()
    }

    /// The faults of the folder since the last call.
    pub(super) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// Reconciles the whole folder.
    pub(super) fn reconcile_all(&mut self, watches: &mut FolderWatcher) -> Vec<Change> {
        self.reconcile(&BTreeSet::from([String::new()]), watches)
    }

    /// Reconciles paths (relative to the root; the whole folder if empty) and everything below them, and returns the
    /// changes. Files with unchanged metadata are not read. While the folder is unavailable, nothing changes except
    /// posts whose files a reader could not read.
    pub(super) fn reconcile(&mut self, paths: &BTreeSet<String>, watches: &mut FolderWatcher) -> Vec<Change> {
        if let Some(snapshot) = self.restored.take() {
            self.know(&snapshot);
        }
        let source = Arc::clone(&self.source);
        let folder = source.folder.strip_prefix(&source.root).ok().and_then(|f| f.to_str()).unwrap_or("");
        let identity = match self.root.check(&source) {
            Ok(identity) => identity,
            Err(reason) => return self.set_unavailable(reason, paths),
        };
        if self.root.is_replaced(identity) {
            tracing::info!("{} is another folder now", source.folder.display());
            self.faults.push(Fault::Link);
        }
        let is_whole =
            self.root.is_new(identity) || paths.iter().any(|path| path.is_empty() || path == folder);
        let paths = if is_whole { BTreeSet::from([folder.to_owned()]) } else { drop_nested(paths) };
        let started = Instant::now();
        for path in &paths {
            self.invalidate_enclosing(path);
        }
        let walked = walk(&source, &paths, watches, &self.progress);
        let walking = started.elapsed();
        let Missing { gone, out_of_reach } = self.known.find_missing(&paths, &walked);
        if !gone.is_empty() {
            // A folder that disappeared during the walk does not show that its files are gone.
            match self.root.check(&source) {
                Ok(now) if now == identity => {}
                Ok(_) => return self.set_unavailable(Unavailability::Missing, &BTreeSet::new()),
                Err(reason) => return self.set_unavailable(reason, &BTreeSet::new()),
            }
        }
        let posts_gone = gone.iter().filter(|path| self.known.is_post(path)).count();
        let is_empty = self.known.posts() == posts_gone
            && walked.files.is_empty()
            && !self.known.has_others(&gone, &walked);
        if is_empty && !self.root.may_be_empty(self.known.posts()) {
            return self.set_unavailable(Unavailability::Empty, &BTreeSet::new());
        }
        let mut changes: Vec<Change> = gone.into_iter().map(|path| self.remove(path)).collect();
        changes.extend(out_of_reach.into_iter().filter_map(|path| self.mark_unreadable(path)));
        changes.extend(self.media.compare(self.id, &paths, &walked));
        let Walked { files, problems, .. } = walked;
        changes.extend(problems.into_iter().filter_map(|(path, problem)| self.take_problem(path, problem)));
        let changed = self.read_changed(&files);
        tracing::debug!(
            "{}: {} files found in {walking:.1?}, {} of them read in {:.1?}",
            source.name,
            files.len(),
            changed.len(),
            started.elapsed().saturating_sub(walking)
        );
        changes.extend(changed.into_iter().map(|file| self.take_outcome(&files[file.place], file)));
        self.known.compact();
        self.settle_root(identity, is_whole);
        changes
    }

    /// Reads the files that changed.
    fn read_changed(&mut self, files: &[String]) -> Vec<Changed> {
        let source = Arc::clone(&self.source);
        let arrival = self.arrivals.dates();
        let known = |path: &str| self.known.find_seen(path, || Some(arrival.as_ref()?(path)));
        let mut changed = Vec::new();
        let terms = &mut self.terms;
        let (bodies, progress) = (&*self.bodies, &self.progress);
        let reader = Reader { source: &source, id: self.id, bodies, progress };
        read_changed(reader, files, known, |mut file| {
            if let Outcome::Post(post, _) = &mut file.outcome {
                terms.share(&mut post.terms);
                if let Some(section) = &mut post.section {
                    terms.share_name(section);
                }
            }
            changed.push(file);
        });
        // In the order of the walk: the same files give the same changes.
        changed.sort_unstable_by_key(|file| file.place);
        changed
    }

    /// Marks the folder as unavailable: its posts stay as they were. Posts among `paths` whose files could not be
    /// read are marked as unreadable.
    fn set_unavailable(&mut self, reason: Unavailability, paths: &BTreeSet<String>) -> Vec<Change> {
        if self.root.set_unavailable(reason) {
            self.faults.push(Fault::Root);
        }
        let is_stale =
            |path: &&String| self.known.get(path).is_some_and(|known| known.is_post && known.seen.stamp == 0);
        let invalidated: Vec<Arc<str>> =
            paths.iter().filter(is_stale).map(|path| path.as_str().into()).collect();
        invalidated.into_iter().filter_map(|path| self.mark_unreadable(path)).collect()
    }

    /// Records the folder as available, in the state of the scan.
    fn settle_root(&mut self, identity: Identity, is_whole: bool) {
        if self.root.set_available(identity) {
            tracing::info!("source {}: {} is back", self.source.name, self.source.folder.display());
        }
        if self.root.wants_landmarks(self.known.posts(), |path| self.known.is_post(path)) {
            let posts: Vec<&str> =
                self.known.iter().filter(|(_, known)| known.is_post).map(|(path, _)| &**path).collect();
            self.root.mark(posts.into_iter());
        }
        self.root.remember(&self.source, &self.store);
        if is_whole {
            self.arrivals.begin();
        }
    }

    /// Returns true if any of its files is a post.
    pub(super) fn has_posts(&self) -> bool {
        self.known.posts() > 0
    }

    /// Returns true if the path, relative to the root, is known or lies above a known path.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.known.contains(path) || self.media.knows(path)
    }

    /// Marks a file as stale, so that the next scan reads it.
    pub(super) fn invalidate(&mut self, path: &str) {
        self.known.invalidate(path);
    }

    /// Marks the posts as stale whose enclosed file has changed its length.
    fn invalidate_enclosing(&mut self, path: &str) {
        for post in self.enclosing.list_changed(&self.source, path, &self.progress) {
            self.invalidate(&post);
        }
    }

    /// The posts that enclose the file at a path.
    pub(super) fn list_enclosing(&self, path: &str) -> Vec<String> {
        self.enclosing.list_posts(path)
    }

    fn remove(&mut self, path: Arc<str>) -> Change {
        self.known.remove(&path);
        self.enclosing.forget(&path);
        Change::Remove { source: self.id, path, problem: None }
    }

    /// Keeps a post whose file cannot be read. The next scan reads it again.
    fn mark_unreadable(&mut self, path: Arc<str>) -> Option<Change> {
        let is_post = self.known.invalidate(&path)?.is_post;
        let source = self.id;
        is_post.then_some(Change::Break { source, path, problem: None, kept: false })
    }

    /// Records the problem of a path that is not a readable file. Returns a change if it was not reported before.
    fn take_problem(&mut self, path: String, problem: Problem) -> Option<Change> {
        let before = self.known.get(&path);
        let first_seen = before.map_or(DateTime::UNIX_EPOCH, |known| known.seen.first_seen);
        let seen = Seen { stamp: 0, first_seen };
        let is_post = before.is_some_and(|known| known.is_post);
        let path: Arc<str> = path.into();
        self.known.insert(&path, Known { seen, is_post });
        let (source, problem) = (self.id, Box::new(problem));
        match before {
            // A post that cannot be read for a while keeps its last version.
            Some(_) if is_post => Some(Change::Break { source, path, problem: Some(problem), kept: false }),
            Some(known) if known.seen == seen => None,
            _ => Some(Change::Remove { source, path, problem: Some(problem) }),
        }
    }

    fn take_outcome(&mut self, path: &str, file: Changed) -> Change {
        let source = self.id;
        let (was_post, path) = (self.known.is_post(path), self.known.share(path));
        // A post whose date has disappeared is half written, until its file is removed.
        let broken = matches!(file.outcome, Outcome::Broken(_) | Outcome::Undated(_));
        let is_post = matches!(file.outcome, Outcome::Post(..)) || (broken && was_post);
        self.known.insert(&path, Known { seen: file.seen, is_post });
        match file.outcome {
            Outcome::Post(mut post, problem) => {
                post.path = Arc::clone(&path);
                if post.published == file.seen.first_seen {
                    self.arrivals.remember(&path, post.published);
                }
                self.enclosing.note(&path, &post);
                Change::Put(post, problem)
            }
            Outcome::Hidden => Change::Remove { source, path, problem: None },
            Outcome::Undated(problem) if was_post => {
                Change::Break { source, path, problem: Some(problem), kept: false }
            }
            Outcome::Undated(problem) => Change::Remove { source, path, problem: Some(problem) },
            Outcome::Broken(problem) => Change::Break { source, path, problem: Some(problem), kept: false },
        }
    }
}
