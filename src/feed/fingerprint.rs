//! Fingerprints: a hash of all that decides a feed's bytes, known before anything is rendered.

use std::fmt;

use xxhash_rust::xxh3::Xxh3;

use super::address::settings_of;
use super::group::list_places;
use super::title::make_title;
use crate::catalog::Snapshot;
use crate::post::Post;

/// Counts up when the same feed is written differently.
const FORMAT_VERSION: u32 = 3;

/// 128 bits that stand for a feed's bytes; written as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub u128);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Fingerprint {
    /// Stands for all posts and the site: when it changes, any query may be answered otherwise.
    pub fn of_everything(snapshot: &Snapshot) -> Self {
        let mut hash = hash_site(snapshot);
        hash.add(&format!("{:?}", (&snapshot.site.feeds, &snapshot.site.named)));
        hash.0.update(&snapshot.site.pages.digest.to_le_bytes());
        hash.0.update(&snapshot.digest.to_le_bytes());
        hash.finish()
    }

    /// Stands for the entry of a post.
    pub fn of_entry(snapshot: &Snapshot, post: &Post) -> Self {
        let mut hash = hash_site(snapshot);
        hash.add_post(post);
        hash.finish()
    }

    /// Stands for the list of all feeds: their addresses and titles.
    pub fn of_listing(snapshot: &Snapshot) -> Self {
        let mut hash = hash_site(snapshot);
        hash.add("/opml.xml");
        hash.0.update(&[u8::from(snapshot.site.pages.enabled)]);
        for place in list_places(snapshot) {
            hash.add(&place.path(snapshot));
            hash.add(&make_title(snapshot, &place));
            hash.add(&format!("{:?}", settings_of(snapshot, &place).formats));
        }
        hash.finish()
    }
}

/// A fingerprint in the making. Every part is told from the next by its length.
pub(super) struct Hash(Xxh3);

impl Hash {
    pub(super) fn add(&mut self, text: &str) {
        self.0.update(&(text.len() as u64).to_le_bytes());
        self.0.update(text.as_bytes());
    }

    pub(super) fn add_post(&mut self, post: &Post) {
        post.hash_into(&mut self.0);
        self.0.update(&post.source.to_le_bytes());
    }

    pub(super) fn finish(self) -> Fingerprint {
        Fingerprint(self.0.digest128())
    }
}

/// Begins with what all feeds of a site depend on: the build and the site's settings.
pub(super) fn hash_site(snapshot: &Snapshot) -> Hash {
    let mut hash = Hash(Xxh3::new());
    hash.0.update(&FORMAT_VERSION.to_le_bytes());
    hash.add(env!("CARGO_PKG_VERSION"));
    hash.0.update(&snapshot.site.digest.to_le_bytes());
    hash
}
