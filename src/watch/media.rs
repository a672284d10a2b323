//! Files that posts refer to and that lie beside them: how long they are, and their bytes.

use std::fs::{self, File};

use crate::file;
use crate::post::{Post, Source};

/// Folders of a site whose files are at its root when it is published.
const STATIC: [&str; 5] = ["", "static", "public", "assets", "source"];

/// The length in bytes of the file that a post encloses, if it is one of the site's own.
pub(super) fn measure(source: &Source, post: &Post) -> Option<u64> {
    let written = &post.media.as_ref()?.path;
    find_file(source, post, written).map(|file| file.len())
}

/// The file of a site that a post speaks of: it is looked for in the post's folder, the source's, the site's
/// root and its static folders; by its name alone in the post's folder.
pub(super) fn find_file(source: &Source, post: &Post, written: &str) -> Option<fs::Metadata> {
    let beside = post.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let beside = source.root.join(beside);
    let name = written.rsplit('/').next().unwrap_or(written);
    let folders = [beside.clone(), source.folder.clone()].into_iter();
    let fixed = STATIC.iter().map(|folder| source.root.join(folder));
    let files = folders.chain(fixed).map(|folder| folder.join(written)).chain([beside.join(name)]);
    files.filter_map(|file| fs::metadata(file).ok()).find(fs::Metadata::is_file)
}

/// Opens a file of a site by its path below the site's URL: it is looked for in the folder of its posts, its root and
/// its static folders. Neither a hidden file nor one outside the site is opened, whatever links lead to it.
pub(super) fn open(source: &Source, path: &str) -> Option<File> {
    let root = fs::canonicalize(&source.root).ok()?;
    let is_hidden = |path: &str| path.split('/').any(|name| name.is_empty() || name.starts_with('.'));
    if is_hidden(path) || path.contains('\0') {
        return None;
    }
    let folders = STATIC.iter().map(|folder| source.root.join(folder));
    let mut files = std::iter::once(source.folder.clone()).chain(folders).map(|folder| folder.join(path));
    files.find_map(|file| {
        let file = fs::canonicalize(file).ok()?;
        let below = file.strip_prefix(&root).ok()?.to_str()?;
        if is_hidden(below) { None } else { file::open(&file).ok() }
    })
}
