//! The cache of entries, shared by all feeds, and fallbacks for entries whose files are unavailable.

use std::collections::HashMap;
use std::fs::File;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use parking_lot::RwLock;

use super::entry::{Entry, make};
use super::entry_texts::{EntryTexts, Scans, TextIndex};
use super::weighted_cache::{WeightedCache, new_cache};
use crate::catalog::Site;
use crate::config::Embeds;
use crate::post::{Post, Source, Text, read_again};

/// The reason why the bytes of a post that its snapshot was made from cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The file was changed or removed: a newer snapshot will follow.
    Changed,
    /// The disk does not answer: no newer snapshot will follow.
    Unanswered,
    /// The search index does not have the posts yet.
    Unindexed,
}

/// Reads the files of posts.
pub trait Bodies: Send + Sync {
    /// Reads all bytes of a post's file, exactly those that its snapshot was made from.
    ///
    /// # Errors
    /// [`Unread::Changed`] if the bytes changed, [`Unread::Unanswered`] if the disk does not answer.
    fn read(&self, source: &Source, post: &Post) -> Result<Vec<u8>, Unread>;

    /// Returns the compressed copy of these bytes, if one was kept.
    fn find_kept(&self, post: &Post) -> Option<Arc<[u8]>>;

    /// Decompresses a kept copy.
    fn unpack(&self, kept: &[u8]) -> Option<Vec<u8>>;

    /// Opens a media file of a source, by its path below the URL of the site. Never opens a file outside the source.
    fn open_media(&self, _source: &Source, _path: &str) -> Option<File> {
        None
    }
}

/// The cache of entries, shared by all feeds. Bounded by weight.
pub struct Entries {
    cache: WeightedCache<Key, Arc<Entry>>,
    /// Entries of posts whose text is available nowhere else.
    pinned: RwLock<HashMap<Pin, Arc<Entry>>>,
    bodies: Arc<dyn Bodies>,
    index: OnceLock<Arc<dyn TextIndex>>,
    scans: Scans,
}

/// The cache key of an entry: the hash of the post's content, the hash of the site's settings, and how embeds are
/// handled.
type Key = (u128, u128, Embeds);

/// The key of a pinned entry, independent of the settings: the hash and the path of its file.
type Pin = (u128, PathBuf);

impl std::fmt::Debug for Entries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entries").field("kept", &self.cache.len()).finish_non_exhaustive()
    }
}

impl Entries {
    /// Makes a cache of `capacity` bytes, for entries that are made from `bodies`.
    pub fn new(capacity: u64, bodies: Arc<dyn Bodies>) -> Self {
        // The key, the slot in the cache, and the overhead of the allocator.
        let cache = new_cache(capacity, 8 << 10, |_, entry: &Arc<Entry>| entry.weight() + 128);
        Self { cache, pinned: RwLock::default(), bodies, index: OnceLock::new(), scans: Scans::default() }
    }

    /// Sets the index in which texts are searched. Only the first one is used.
    pub fn set_index(&self, index: Arc<dyn TextIndex>) {
        let _ = self.index.set(index);
    }

    /// The index in which texts are searched.
    pub(super) fn index(&self) -> Option<&dyn TextIndex> {
        self.index.get().map(|index| &**index)
    }

    /// The results of searches without an index.
    pub(super) fn scans(&self) -> &Scans {
        &self.scans
    }

    /// The texts of a site's posts, for searches. Reads files.
    pub fn texts<'a>(&'a self, site: &'a Site) -> EntryTexts<'a> {
        EntryTexts::new(site, self)
    }

    /// The bytes in the cache.
    pub fn weight(&self) -> u64 {
        self.cache.weight()
    }

    /// Sets the capacity in bytes.
    pub fn resize(&self, capacity: u64) {
        self.cache.set_capacity(capacity);
    }

    /// Returns the entry of a post: from the cache, else made from its file.
    ///
    /// # Errors
    /// [`Unread`] if the file is not as the snapshot knows it.
    pub fn get(&self, site: &Site, post: &Post, embeds: Embeds) -> Result<Arc<Entry>, Unread> {
        let key = make_key(site, post, embeds);
        if let Some(entry) = self.cache.get(&key) {
            return Ok(entry);
        }
        let entry = self.read(site, post, embeds)?;
        self.cache.insert(key, Arc::clone(&entry));
        Ok(entry)
    }

    /// Returns the entry of a post for one use: from the cache, else made from its file and not cached.
    ///
    /// # Errors
    /// [`Unread`] if the file is not as the snapshot knows it.
    pub(super) fn get_once(&self, site: &Site, post: &Post) -> Result<Arc<Entry>, Unread> {
        let cached = self.cache.get(&make_key(site, post, Embeds::Link));
        cached.map_or_else(|| self.read(site, post, Embeds::Link), Ok)
    }

    fn read(&self, site: &Site, post: &Post, embeds: Embeds) -> Result<Arc<Entry>, Unread> {
        let source = site.source(post.source);
        let bytes = match post.text {
            Text::InFile => Some(self.bodies.read(source, post)?),
            Text::LastKnownGood => match self.recall(post) {
                Some(bytes) => Some(bytes),
                None => return self.pinned(source, post).ok_or(Unread::Changed),
            },
            Text::Unavailable => None,
        };
        Ok(make_entry(site, post, bytes.as_deref(), embeds))
    }

    /// Prepares posts to be served although their files are not as the snapshot knows them and no newer snapshot
    /// follows: caches their entries from the kept texts, else marks their text as unavailable.
    pub fn settle(&self, site: &Site, posts: &mut [Arc<Post>], embeds: Embeds) {
        // Kept texts are fetched first: they may be evicted while files are read.
        let keys: Vec<Key> = posts.iter().map(|post| make_key(site, post, embeds)).collect();
        let find = |(post, key): (&Arc<Post>, &Key)| match self.cache.get(key) {
            None => self.bodies.find_kept(post),
            Some(_) => None,
        };
        let kept: Vec<Option<Arc<[u8]>>> = posts.iter().zip(&keys).map(find).collect();
        for ((post, key), kept) in posts.iter_mut().zip(keys).zip(kept) {
            if let Some(bytes) = kept.and_then(|kept| self.bodies.unpack(&kept)) {
                self.cache.insert(key, make_entry(site, post, Some(&bytes), embeds));
            } else if self.get(site, post, embeds).is_err() {
                *post = Arc::new(Post { text: Text::Unavailable, ..Post::clone(post) });
            }
        }
    }

    /// Keeps the entry of a post whose file is unavailable until [`Entries::release`]. Returns true if there is an
    /// entry.
    pub fn pin(&self, site: &Site, post: &Post) -> bool {
        let made = [Embeds::Link, Embeds::Keep].map(|embeds| self.cache.get(&make_key(site, post, embeds)));
        let source = site.source(post.source);
        let Some(entry) = made.into_iter().flatten().next() else {
            return self.pinned(source, post).is_some();
        };
        self.pinned.write().insert(make_pin(source, post), entry);
        true
    }

    /// Releases all pinned entries except those of files for whose hashes `but` returns true.
    pub fn release(&self, but: impl Fn(u128) -> bool) {
        self.pinned.write().retain(|(bytes_hash, _), _| but(*bytes_hash));
    }

    fn pinned(&self, source: &Source, post: &Post) -> Option<Arc<Entry>> {
        self.pinned.read().get(&make_pin(source, post)).cloned()
    }

    fn recall(&self, post: &Post) -> Option<Vec<u8>> {
        self.bodies.unpack(&self.bodies.find_kept(post)?)
    }
}

fn make_entry(site: &Site, post: &Post, bytes: Option<&[u8]>, embeds: Embeds) -> Arc<Entry> {
    let source = site.source(post.source);
    let again = bytes.map(|bytes| read_again(source, post, bytes)).unwrap_or_default();
    let mut entry = make(site, source, post, again, embeds);
    entry.html.shrink();
    Arc::new(entry)
}

fn make_pin(source: &Source, post: &Post) -> Pin {
    (post.bytes_hash, source.root.join(&*post.path))
}

/// The key includes the site's settings, because they affect entries: time zone, links, names of taxonomies.
fn make_key(site: &Site, post: &Post, embeds: Embeds) -> Key {
    (post.content_hash(), site.digest ^ usize::from(post.source) as u128, embeds)
}
