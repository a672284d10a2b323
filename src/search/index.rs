//! The index and what is in it: brought to the state of a snapshot, one after the other.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use tantivy::indexer::{IndexWriterOptions, LogMergePolicy};
use tantivy::{IndexReader, IndexWriter, ReloadPolicy, TantivyError, Term};

use super::fields::Fields;
use super::folder;
use super::keys::{Key, KeyMaker, Keys};
use super::view::{SlotMaps, View, read_keys};
use crate::catalog::{Mask, Site, Snapshot, Versions};
use crate::feed::{Entries, IndexedText};
use crate::limits::SEARCH_MEMORY_BYTES;

/// The memory for documents that are not written yet.
const WRITER_BYTES: usize = 20 << 20;

/// The number of documents after which they are written, so that an interrupted build continues.
const COMMIT_AFTER: usize = 20_000;

/// The part of a segment's documents that may be deleted ones.
const MOST_DELETED: f32 = 0.3;

/// Why the index is not at the state of a snapshot.
#[derive(Debug, thiserror::Error)]
pub(super) enum Error {
    /// Another process uses it.
    #[error("another process uses it")]
    InUse,
    /// It is in memory, and the posts have too much text.
    #[error("the posts have more than {} MiB of text", SEARCH_MEMORY_BYTES >> 20)]
    TooLarge,
    /// It cannot be read or written.
    #[error("{0}")]
    Failed(TantivyError),
}

impl From<TantivyError> for Error {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(..) => Self::InUse,
            error => Self::Failed(error),
        }
    }
}

/// The number of posts in the index, and of those that it is to have.
pub(super) type Progress<'p> = &'p mut dyn FnMut(usize, usize);

/// The index. Only one thread changes it.
pub(super) struct Index {
    fields: Fields,
    writer: IndexWriter,
    reader: IndexReader,
    keys: Keys,
    /// The keys of documents that may be of no post any more.
    left: Vec<Key>,
    maps: SlotMaps,
    /// The site of the last snapshot, and the keys of its posts.
    site: Option<Arc<Site>>,
    maker: KeyMaker,
    /// The settings with which its documents were made, if there are any.
    settings: Option<String>,
    known: Versions,
    /// The slots of posts whose texts could not be read.
    unread: BTreeSet<u32>,
    /// The size of all texts, if it is in memory.
    bytes: Option<usize>,
}

/// The posts of a snapshot for which the index has no document.
struct Missing {
    posts: Vec<(u32, Key)>,
    /// True if a document is to be removed.
    has_removed: bool,
}

impl Index {
    /// Opens the index in a folder; without one, makes an index in memory.
    ///
    /// # Errors
    /// [`Error`] if it cannot be written.
    pub(super) fn open(folder: Option<&Path>) -> Result<Self, Error> {
        let (schema, fields) = Fields::define();
        let index = match folder {
            Some(folder) => folder::open(folder, &schema)?,
            None => folder::make_in_memory(&schema),
        };
        let options = IndexWriterOptions::builder()
            .memory_budget_per_thread(WRITER_BYTES)
            .num_worker_threads(1)
            .num_merge_threads(1)
            .build();
        let writer: IndexWriter = index.writer_with_options(options)?;
        let mut policy = LogMergePolicy::default();
        policy.set_del_docs_ratio_before_merge(MOST_DELETED);
        writer.set_merge_policy(Box::new(policy));
        let settings = index.load_metas()?.payload;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let mut left = Vec::new();
        for segment in reader.searcher().segment_readers() {
            let documents = (0..).zip(read_keys(segment)?);
            left.extend(documents.filter(|(document, _)| !segment.is_deleted(*document)).map(|(_, key)| key));
        }
        Ok(Self {
            fields,
            writer,
            reader,
            keys: Keys::of_documents(left.iter().copied()),
            left,
            maps: SlotMaps::default(),
            site: None,
            maker: KeyMaker::default(),
            settings,
            known: Versions::default(),
            unread: BTreeSet::new(),
            bytes: folder.is_none().then_some(0),
        })
    }

    /// Returns true if texts could not be read.
    pub(super) fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// The number of posts in it.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Brings the index to the state of a snapshot. Reads only the texts of posts that it does not have.
    ///
    /// # Errors
    /// [`Error`]: the index is in no defined state and must be opened again.
    pub(super) fn update(
        &mut self,
        snapshot: &Snapshot,
        entries: &Entries,
        progress: Progress<'_>,
    ) -> Result<View, Error> {
        let versions = snapshot.versions();
        let missing = self.compare(snapshot, &versions);
        let added = self.add(snapshot, &versions, missing.posts, (entries, progress))?;
        if missing.has_removed || added > 0 {
            self.commit()?;
            self.reader.reload()?;
        }
        let mut unknown = Mask::new(versions.end());
        self.unread.iter().for_each(|slot| unknown.insert(*slot));
        self.known = versions.clone();
        let keys = (&self.keys, &mut self.maps);
        Ok(View::new(self.reader.searcher(), self.fields, (versions, unknown), keys)?)
    }

    /// Gives documents to the posts of a snapshot, and removes those of no post.
    fn compare(&mut self, snapshot: &Snapshot, versions: &Versions) -> Missing {
        let has_other_keys = self.set_site(&snapshot.site);
        let mut changed: BTreeSet<u32> = if has_other_keys {
            (0..versions.end().max(self.known.end()) as u32).collect()
        } else {
            versions.list_changed(&self.known).collect()
        };
        changed.extend(&self.unread);
        let mut wanted = Vec::new();
        for slot in changed {
            let (old, new) =
                (self.keys.of_slot(slot), versions.get(slot).map(|post| self.maker.key_of(post)));
            if old != new
                && let Some(old) = old.filter(|old| self.keys.find_slot(*old) == Some(slot))
            {
                self.keys.set_document(old, None);
                self.left.push(old);
            }
            self.keys.set_slot(slot, new);
            if old != new || self.unread.remove(&slot) {
                wanted.extend(new.map(|key| (slot, key)));
            }
        }
        self.unread.clear();
        let (known, posts): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|(_, key)| self.keys.has(*key));
        if !known.is_empty() {
            self.maps.clear();
        }
        for (slot, key) in known {
            self.keys.set_document(key, Some(slot));
        }
        let has_removed = self.remove_left();
        Missing { posts, has_removed }
    }

    /// Sets the site. Returns true if posts have other keys with it.
    fn set_site(&mut self, site: &Arc<Site>) -> bool {
        if self.site.as_ref().is_some_and(|own| Arc::ptr_eq(own, site)) {
            return false;
        }
        self.site = Some(Arc::clone(site));
        let maker = KeyMaker::new(site);
        let has_other_keys = maker != self.maker;
        self.maker = maker;
        let settings = self.maker.describe();
        if self.settings.as_ref().is_some_and(|own| *own != settings) {
            tracing::info!(
                "the search index is of another configuration: posts whose texts depend on it are read again"
            );
        }
        self.settings = Some(settings);
        has_other_keys
    }

    /// Writes what was added and removed.
    fn commit(&mut self) -> Result<(), Error> {
        let mut prepared = self.writer.prepare_commit()?;
        prepared.set_payload(self.settings.as_deref().unwrap_or_default());
        prepared.commit()?;
        Ok(())
    }

    /// Removes the documents that are of no post. Returns true if there are any.
    fn remove_left(&mut self) -> bool {
        let mut has_removed = false;
        for key in std::mem::take(&mut self.left) {
            if self.keys.remove_unused(key) {
                let [low, _] = key.halves();
                self.writer.delete_term(Term::from_field_u64(self.fields.key[0], low));
                has_removed = true;
            }
        }
        has_removed
    }

    /// Adds documents for posts. Returns their number.
    fn add(
        &mut self,
        snapshot: &Snapshot,
        versions: &Versions,
        posts: Vec<(u32, Key)>,
        (entries, progress): (&Entries, Progress<'_>),
    ) -> Result<usize, Error> {
        let mut added = 0;
        let total = self.keys.len() + posts.len();
        for (slot, key) in posts {
            let Some(post) = versions.get(slot) else { continue };
            let Ok(text) = IndexedText::read(entries, &snapshot.site, post) else {
                // Searches read it too, and know what to do.
                self.unread.insert(slot);
                continue;
            };
            if let Some(bytes) = &mut self.bytes {
                *bytes += post.title.len() + text.summary.len() + text.text.len();
                if *bytes > SEARCH_MEMORY_BYTES {
                    return Err(Error::TooLarge);
                }
            }
            self.writer.add_document(self.fields.document(key, post, &text))?;
            self.keys.set_document(key, Some(slot));
            added += 1;
            if added % COMMIT_AFTER == 0 {
                self.commit()?;
            }
            progress(self.keys.len(), total);
        }
        Ok(added)
    }
}
