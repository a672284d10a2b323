//! The settings of the pages for people, with their digest.

use xxhash_rust::xxh3::Xxh3;

/// The settings of the pages for people.
#[derive(Debug, Clone)]
pub struct Pages {
    /// True if there are pages; without them `/` serves the main feed.
    pub enabled: bool,
    /// Language of the pages' own text, a BCP 47 tag; `None`: the language of the site.
    pub language: Option<String>,
    /// A style sheet that is added after feedmill's own.
    pub stylesheet: Option<String>,
    /// HTML at the end of each page, sanitised.
    pub footer: Option<String>,
    /// Hash of all other fields, equal on every machine: part of the fingerprint of every page.
    pub digest: u128,
}

impl Pages {
    /// Creates the settings; `footer` is sanitised HTML.
    pub fn new(
        enabled: bool,
        language: Option<String>,
        stylesheet: Option<String>,
        footer: Option<String>,
    ) -> Self {
        let mut hash = Xxh3::new();
        for text in [&language, &stylesheet, &footer] {
            hash.update(&[u8::from(text.is_some())]);
            let text = text.as_deref().unwrap_or_default();
            hash.update(&(text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        hash.update(&[u8::from(enabled)]);
        Self { enabled, language, stylesheet, footer, digest: hash.digest128() }
    }
}
