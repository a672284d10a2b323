//! Files that posts enclose and that lie beside them: how long they are.

use std::fs;

use crate::post::{Post, Source};

/// Folders of a site whose files are at its root when it is published.
const STATIC: [&str; 5] = ["", "static", "public", "assets", "source"];

/// The length in bytes of the file that a post encloses, if it is one of the site's own: it is looked for
/// in the post's folder, the source's, the site's root and its static folders.
pub(super) fn measure(source: &Source, post: &Post) -> Option<u64> {
    let written = &post.media.as_ref()?.path;
    let beside = post.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = [source.root.join(beside), source.folder.clone()];
    let fixed = STATIC.iter().map(|folder| source.root.join(folder));
    let files = beside.into_iter().chain(fixed).map(|folder| folder.join(&**written));
    files.filter_map(|file| fs::metadata(file).ok()).find(fs::Metadata::is_file).map(|file| file.len())
}
