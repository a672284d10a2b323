//! The assets of pages: style sheets, a script, a logo. Their names contain hashes of their content, so caches may
//! keep them forever.

use std::borrow::Cow;
use std::sync::LazyLock;

use xxhash_rust::xxh3::xxh3_64;

use crate::catalog::Snapshot;

/// A file to which pages refer.
#[derive(Debug, Clone)]
pub struct Asset<'a> {
    /// The path, without the path of the public URL: `/feedmill-0123456789abcdef.css`.
    pub path: String,
    /// The media type, with its charset.
    pub media_type: &'static str,
    /// The content.
    pub text: Cow<'a, str>,
}

const STYLE: &str = "text/css; charset=utf-8";

impl<'a> Asset<'a> {
    fn new(ending: &str, media_type: &'static str, text: &'a str) -> Self {
        let path = format!("{PREFIX}{:016x}.{ending}", xxh3_64(text.as_bytes()));
        Self { path, media_type, text: text.into() }
    }
}

static ASSETS: LazyLock<[Asset<'static>; 3]> = LazyLock::new(|| {
    [
        Asset::new("css", STYLE, include_str!("feedmill.css")),
        Asset::new("js", "text/javascript; charset=utf-8", include_str!("feedmill.js")),
        Asset::new("svg", "image/svg+xml; charset=utf-8", include_str!("feedmill.svg")),
    ]
});

/// feedmill's own assets: the style sheet, the script, the logo.
pub fn list_assets() -> &'static [Asset<'static>; 3] {
    &ASSETS
}

/// The prefix of the path of every asset.
const PREFIX: &str = "/feedmill-";

/// Finds the asset at a path: feedmill's own, or the style sheet of the site's owner.
pub fn find_asset<'a>(snapshot: Option<&'a Snapshot>, path: &str) -> Option<Cow<'a, Asset<'a>>> {
    // Other requests do not hash the owner's style sheet.
    if !path.starts_with(PREFIX) {
        return None;
    }
    let known = ASSETS.iter().find(|asset| asset.path == path).map(Cow::Borrowed);
    known.or_else(|| snapshot.and_then(find_stylesheet).filter(|own| own.path == path).map(Cow::Owned))
}

/// The style sheet of the site's owner, if there is one.
pub fn find_stylesheet(snapshot: &Snapshot) -> Option<Asset<'_>> {
    snapshot.site.pages.stylesheet.as_deref().map(|text| Asset::new("css", STYLE, text))
}
