//! Entries made before, for every feed that holds them, and what becomes of those whose files are lost.

use std::borrow::Cow;
use std::cell::Cell;
use std::collections::HashMap;
use std::fs::File;
use std::hash::Hash;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::entry::{Entry, make};
use crate::catalog::{Site, Summaries};
use crate::config::Embeds;
use crate::post::{Post, Source, Text, read_again};

/// Why a post's bytes can't be had as its snapshot knows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unread {
    /// The file has changed since, or is gone: a newer snapshot is on its way.
    Changed,
    /// The disk does not answer: nothing newer can be expected.
    Unanswered,
}

/// Reads the files of posts.
pub trait Bodies: Send + Sync {
    /// All bytes of a post's file, just those its snapshot was made from.
    ///
    /// # Errors
    /// [`Unread::Changed`] if there are others by now, [`Unread::Unanswered`] if the disk does not answer.
    fn read(&self, source: &Source, post: &Post) -> Result<Vec<u8>, Unread>;

    /// The same bytes, packed, as they were kept while the file had them, if they were.
    fn find_kept(&self, post: &Post) -> Option<Arc<[u8]>>;

    /// What was packed.
    fn unpack(&self, kept: &[u8]) -> Option<Vec<u8>>;

    /// Opens a media file of a source, by its path below the URL of the site. Not one outside of the source.
    fn open_media(&self, _source: &Source, _path: &str) -> Option<File> {
        None
    }
}

/// Entries made before, for every feed that holds them. Bounded by weight.
pub struct Entries {
    cache: Cache<Key, Arc<Entry>, ByBytes>,
    /// Entries of posts whose text is had from nowhere else.
    pinned: RwLock<HashMap<Pin, Arc<Entry>>>,
    bodies: Arc<dyn Bodies>,
}

/// What an entry is known by: the post's content, the site's settings, and what becomes of embeds.
type Key = (u128, u128, Embeds);

/// What a pinned entry is known by, whatever the settings are: the hash of its file, and where that is.
type Pin = (u128, PathBuf);

#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Arc<Entry>> for ByBytes {
    fn weight(&self, _: &Key, entry: &Arc<Entry>) -> u64 {
        // The key, the place in the cache, and what the allocator notes of each.
        entry.weight() as u64 + 128
    }
}

/// Summaries of the posts of a site, as its entries show them.
pub struct EntrySummaries<'a> {
    site: &'a Site,
    entries: &'a Entries,
    failure: Cell<Option<Unread>>,
}

impl EntrySummaries<'_> {
    /// Why one of the summaries could not be read. What was made with the others is not what the snapshot says.
    pub fn failure(&self) -> Option<Unread> {
        self.failure.get()
    }
}

impl Summaries for EntrySummaries<'_> {
    fn summary(&self, post: &Post) -> Cow<'static, str> {
        match self.entries.get(self.site, post, Embeds::Link) {
            Ok(entry) => Cow::Owned(entry.summary.to_string()),
            Err(failure) => {
                self.failure.set(Some(failure));
                Cow::Borrowed("")
            }
        }
    }
}

impl std::fmt::Debug for Entries {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entries").field("kept", &self.cache.len()).finish_non_exhaustive()
    }
}

impl Entries {
    /// Keeps entries of `capacity` bytes, made from what `bodies` reads.
    pub fn new(capacity: u64, bodies: Arc<dyn Bodies>) -> Self {
        let expected = (capacity / 8192).clamp(16, 100_000) as usize;
        let cache = new_cache(expected, capacity, ByBytes);
        Self { cache, pinned: RwLock::default(), bodies }
    }

    /// The summaries of a site's posts, for searches. Reads files.
    pub fn summaries<'a>(&'a self, site: &'a Site) -> EntrySummaries<'a> {
        EntrySummaries { site, entries: self, failure: Cell::default() }
    }

    /// Bytes that are kept.
    pub fn weight(&self) -> u64 {
        self.cache.weight()
    }

    /// Lets what is kept take `capacity` bytes from now on.
    pub fn resize(&self, capacity: u64) {
        self.cache.set_capacity(capacity);
    }

    /// The entry of a post: from the cache, else made from its file.
    ///
    /// # Errors
    /// [`Unread`] if the file is not what the snapshot knows.
    pub fn get(&self, site: &Site, post: &Post, embeds: Embeds) -> Result<Arc<Entry>, Unread> {
        let key = make_key(site, post, embeds);
        if let Some(entry) = self.cache.get(&key) {
            return Ok(entry);
        }
        let source = &site.sources[usize::from(post.source)];
        let bytes = match post.text {
            Text::InFile => Some(self.bodies.read(source, post)?),
            Text::Kept => match self.recall(post) {
                Some(bytes) => Some(bytes),
                None => return self.pinned(source, post).ok_or(Unread::Changed),
            },
            Text::Lost => None,
        };
        Ok(self.keep(key, site, post, bytes.as_deref()))
    }

    /// Makes posts such as can be shown when their files are not what the snapshot knows and no newer one
    /// comes: with the texts that were kept of them, else as posts whose text is lost.
    pub fn settle(&self, site: &Site, posts: &mut [Arc<Post>], embeds: Embeds) {
        // What is kept is taken first: it may be let go of while files are read.
        let keys: Vec<Key> = posts.iter().map(|post| make_key(site, post, embeds)).collect();
        let find = |(post, key): (&Arc<Post>, &Key)| match self.cache.get(key) {
            None => self.bodies.find_kept(post),
            Some(_) => None,
        };
        let kept: Vec<Option<Arc<[u8]>>> = posts.iter().zip(&keys).map(find).collect();
        for ((post, key), kept) in posts.iter_mut().zip(keys).zip(kept) {
            if let Some(bytes) = kept.and_then(|kept| self.bodies.unpack(&kept)) {
                self.keep(key, site, post, Some(&bytes));
            } else if self.get(site, post, embeds).is_err() {
                *post = Arc::new(Post { text: Text::Lost, ..Post::clone(post) });
            }
        }
    }

    /// Keeps the entry of a post, whose file is lost, until [`Entries::release`]. Says whether there is one.
    pub fn pin(&self, site: &Site, post: &Post) -> bool {
        let made = [Embeds::Link, Embeds::Keep].map(|embeds| self.cache.get(&make_key(site, post, embeds)));
        let source = &site.sources[usize::from(post.source)];
        let Some(entry) = made.into_iter().flatten().next() else {
            return self.pinned(source, post).is_some();
        };
        let mut pinned = self.pinned.write().unwrap_or_else(PoisonError::into_inner);
        pinned.insert(make_pin(source, post), entry);
        true
    }

    /// Lets go of what was pinned but for files with these hashes.
    pub fn release(&self, but: impl Fn(u128) -> bool) {
        let mut pinned = self.pinned.write().unwrap_or_else(PoisonError::into_inner);
        pinned.retain(|(bytes_hash, _), _| but(*bytes_hash));
    }

    fn pinned(&self, source: &Source, post: &Post) -> Option<Arc<Entry>> {
        let pinned = self.pinned.read().unwrap_or_else(PoisonError::into_inner);
        pinned.get(&make_pin(source, post)).cloned()
    }

    fn recall(&self, post: &Post) -> Option<Vec<u8>> {
        self.bodies.unpack(&self.bodies.find_kept(post)?)
    }

    fn keep(&self, key: Key, site: &Site, post: &Post, bytes: Option<&[u8]>) -> Arc<Entry> {
        let source = &site.sources[usize::from(post.source)];
        let again = bytes.map(|bytes| read_again(source, post, bytes)).unwrap_or_default();
        let mut entry = make(site, source, post, again, key.2);
        entry.html.shrink();
        let entry = Arc::new(entry);
        self.cache.insert(key, Arc::clone(&entry));
        entry
    }
}

/// Bytes that the allocator takes for so many: between a power of two and the next it has four sizes, and about an
/// eighth more lies between what is allocated.
pub fn count_allocated(bytes: usize) -> usize {
    let step = (bytes.next_power_of_two() / 8).max(16);
    let size = bytes.next_multiple_of(step);
    size + size / 8
}

/// A cache in one piece: divided, it would keep nothing that is larger than a part of it.
pub fn new_cache<K: Eq + Hash, V: Clone, W: Weighter<K, V> + Clone>(
    expected: usize,
    capacity: u64,
    weighter: W,
) -> Cache<K, V, W> {
    let options =
        OptionsBuilder::new().shards(1).estimated_items_capacity(expected).weight_capacity(capacity).build();
    match options {
        Ok(options) => {
            let (hasher, lifecycle) = (DefaultHashBuilder::default(), DefaultLifecycle::default());
            Cache::with_options(options, weighter, hasher, lifecycle)
        }
        // Both sizes are given.
        Err(_) => Cache::with_weighter(expected, capacity, weighter),
    }
}

fn make_pin(source: &Source, post: &Post) -> Pin {
    (post.bytes_hash, source.root.join(&*post.path))
}

/// The site's settings shape entries too: zone, links, names of taxonomies.
fn make_key(site: &Site, post: &Post, embeds: Embeds) -> Key {
    (post.content_hash(), site.digest ^ u128::from(post.source), embeds)
}
