//! What pages are drawn with: a style sheet, a few lines of script, a mark. Their names tell their versions
//! apart, so they may be kept for ever.

use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

/// A file that pages refer to.
#[derive(Debug)]
pub struct Asset {
    /// Its path, without that of the public address: `/feedmill-0123456789abcdef.css`.
    pub path: String,
    /// Its media type, with its character set.
    pub media_type: &'static str,
    /// Its text.
    pub text: &'static str,
}

impl Asset {
    fn new(ending: &str, media_type: &'static str, text: &'static str) -> Self {
        Self { path: format!("/feedmill-{:016x}.{ending}", xxh3_64(text.as_bytes())), media_type, text }
    }
}

static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    [
        Asset::new("css", "text/css; charset=utf-8", include_str!("feedmill.css")),
        Asset::new("js", "text/javascript; charset=utf-8", include_str!("feedmill.js")),
        Asset::new("svg", "image/svg+xml; charset=utf-8", include_str!("feedmill.svg")),
    ]
});

/// Every file that pages refer to: the style sheet, the script, the mark.
pub fn list_assets() -> &'static [Asset; 3] {
    &ASSETS
}

/// The file at a path.
pub fn find_asset(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}
