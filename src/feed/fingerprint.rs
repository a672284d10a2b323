//! Fingerprints: a hash of everything that decides a feed's bytes, known before rendering.

use std::fmt;

use xxhash_rust::xxh3::Xxh3;

use super::address::settings_of;
use super::group::list_places;
use super::title::make_title;
use crate::catalog::Snapshot;
use crate::post::Post;

/// Incremented when the output for the same feed changes.
const FORMAT_VERSION: u32 = 6;

/// 128 bits that identify a feed's bytes; displayed as 32 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub u128);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl Fingerprint {
    /// Identifies all posts and the site: when it changes, the result of any query may change.
    pub fn of_everything(snapshot: &Snapshot) -> Self {
        let mut hash = hash_site(snapshot);
        hash.add(&format!("{:?}", (&snapshot.site.feeds, &snapshot.site.named)));
        hash.0.update(&snapshot.site.pages.digest.to_le_bytes());
        hash.0.update(&snapshot.digest.to_le_bytes());
        hash.finish()
    }

    /// Identifies the entry of a post.
    pub fn of_entry(snapshot: &Snapshot, post: &Post) -> Self {
        let mut hash = hash_site(snapshot);
        hash.add_post(post);
        hash.finish()
    }

    /// Identifies the list of all feeds: their paths and titles.
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

/// A fingerprint that is being computed. Each text is preceded by its length.
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

/// Starts with what all feeds of a site depend on: the build and the site's settings.
pub(super) fn hash_site(snapshot: &Snapshot) -> Hash {
    let mut hash = Hash(Xxh3::new());
    hash.0.update(&FORMAT_VERSION.to_le_bytes());
    hash.add(env!("CARGO_PKG_VERSION"));
    hash.0.update(&snapshot.site.digest.to_le_bytes());
    hash
}
