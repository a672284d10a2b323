//! The ledger: a file next to the posts with what their files do not contain, which travels with them.
//!
//! It has the time at which each post was first seen, and the id that it had then. Ledgers are merged by union, so that
//! copies of one ledger on several machines, and branches of one repository, lead to one result.

mod facts;
mod file;
mod keeper;

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use xxhash_rust::xxh3::xxh3_64;

use crate::catalog::{Catalog, Fact, Snapshot};
use crate::config::Problem;
use crate::post::Arrival;
use facts::Facts;
use file::{LedgerFile, Version};

/// A handle to the ledger, if one is configured. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Ledger {
    shared: Option<Arc<Shared>>,
}

#[derive(Debug)]
struct Shared {
    file: LedgerFile,
    /// Locked while the disk is used: by nothing that others wait for.
    book: Mutex<Book>,
    view: ArcSwap<View>,
}

/// What the rest of the program sees of the ledger.
#[derive(Debug, Default)]
struct View {
    facts: Arc<Facts>,
    problems: Vec<Problem>,
}

/// The ledger as it is known.
#[derive(Debug, Default)]
struct Book {
    facts: Arc<Facts>,
    /// The version of the file that was read or written last; `None`: it must be read.
    version: Option<Version>,
    /// The snapshot whose facts are known.
    revision: u64,
    /// The damaged lines of the file.
    damaged: Vec<Problem>,
    /// The reason that the file cannot be read or written, if it cannot.
    fault: Option<Problem>,
    /// The hash of the text that the file has.
    text_hash: u64,
}

impl Ledger {
    /// Opens the ledger at a path. A file that does not exist is created with the first facts.
    pub fn open(path: PathBuf) -> Self {
        let shared = Shared { file: LedgerFile::new(path), book: Mutex::default(), view: ArcSwap::default() };
        let mut book = shared.book.lock();
        shared.read(&mut book);
        shared.show(&book);
        drop(book);
        Self { shared: Some(Arc::new(shared)) }
    }

    /// Returns true if a ledger is configured.
    pub fn is_used(&self) -> bool {
        self.shared.is_some()
    }

    /// The time at which a post was first seen. The empty path stands for the source: the time of its first fact.
    pub fn first_seen(&self, source: &str, path: &str) -> Option<Arrival> {
        self.facts()?.first_seen(source, path)
    }

    /// Makes the facts known to a catalog that has no posts yet.
    pub fn pass_to(&self, catalog: &mut Catalog) {
        if let Some(facts) = self.facts() {
            catalog.recognise_by_path();
            facts.iter().for_each(|fact| catalog.know(&fact));
        }
    }

    /// The problems of the file: it cannot be read or written, or some of its lines are damaged.
    pub fn problems(&self) -> Vec<Problem> {
        self.shared.as_ref().map(|shared| shared.view.load().problems.clone()).unwrap_or_default()
    }

    /// Merges the facts of a snapshot and of the file, and writes the file if it differs. Returns true if a post of the
    /// snapshot was first seen earlier than the snapshot says.
    pub fn settle(&self, snapshot: &Snapshot) -> bool {
        self.shared.as_ref().is_some_and(|shared| shared.settle(snapshot))
    }

    fn facts(&self) -> Option<Arc<Facts>> {
        Some(Arc::clone(&self.shared.as_ref()?.view.load().facts))
    }
}

impl Shared {
    /// Reads the file if it changed, and merges its facts with those that are known. Returns true if that is possible.
    fn read(&self, book: &mut Book) -> bool {
        let version = self.file.version();
        if book.version.is_some() && version == book.version {
            return true;
        }
        match self.file.read() {
            Ok(Some(text)) => {
                let (read, problems) = Facts::parse(self.file.name(), &text);
                let facts = Arc::make_mut(&mut book.facts);
                facts.merge(&read);
                // Another writer of the file knows the newer bytes of a post.
                facts.refresh(read.iter());
                (book.version, book.damaged, book.text_hash) = (version, problems, hash(&text));
                true
            }
            Ok(None) => {
                (book.version, book.damaged, book.text_hash) = (None, Vec::new(), hash(""));
                true
            }
            Err(error) => {
                book.fault = Some(self.file.describe(&error, "read"));
                false
            }
        }
    }

    fn show(&self, book: &Book) {
        let problems = book.damaged.iter().chain(&book.fault).cloned().collect();
        self.view.store(Arc::new(View { facts: Arc::clone(&book.facts), problems }));
    }

    fn settle(&self, snapshot: &Snapshot) -> bool {
        let mut book = self.book.lock();
        let lock = self.file.lock();
        let mut has_earlier = false;
        if self.read(&mut book) {
            has_earlier = book.add(snapshot);
            let text = book.facts.to_text();
            let is_written = book.text_hash == hash(&text);
            match if is_written { Ok(()) } else { lock.and_then(|_lock| self.file.write(&text)) } {
                Ok(()) => {
                    (book.version, book.text_hash, book.fault) = (self.file.version(), hash(&text), None);
                    if !is_written && !book.damaged.is_empty() {
                        // They are at the end now.
                        book.damaged = Facts::parse(self.file.name(), &text).1;
                    }
                }
                Err(error) => book.fault = Some(self.file.describe(&error.into(), "written")),
            }
        }
        self.show(&book);
        has_earlier
    }
}

impl Book {
    /// Adds the facts of a snapshot. Returns true if a post was first seen earlier than the snapshot says.
    fn add(&mut self, snapshot: &Snapshot) -> bool {
        let facts = Arc::make_mut(&mut self.facts);
        // All of them are added: the first earlier one does not end this.
        let earlier = facts_of(snapshot).filter(|fact| facts.add(*fact) < fact.seen).count();
        if self.revision != snapshot.revision {
            facts.refresh(facts_of(snapshot));
            self.revision = snapshot.revision;
        }
        earlier > 0
    }
}

fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// The facts of every post of a snapshot that was ever visible.
fn facts_of(snapshot: &Snapshot) -> impl Iterator<Item = Fact<'_>> {
    snapshot.stored().filter_map(|stored| {
        let post = stored.post;
        let source = &*snapshot.site.source(post.source).name;
        Some(Fact { source, path: &post.path, seen: post.arrived?, id: &post.id, hash: post.bytes_hash })
    })
}
