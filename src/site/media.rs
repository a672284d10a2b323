//! Finds, measures and opens the files to which posts refer.

use std::fs::{self, File};
use std::path::PathBuf;

use crate::file;
use crate::post::source::below;
use crate::post::value::Value;
use crate::post::{Post, Source};

/// Folders of a site whose files are at its root when it is published.
const STATIC: [&str; 5] = ["", "static", "public", "assets", "source"];

/// The length in bytes of the file that a post encloses, if it is one of the site's own.
pub(crate) fn measure(source: &Source, post: &Post) -> Option<u64> {
    let written = &post.media.as_ref()?.path;
    find_file(source, post, written).map(|file| file.len())
}

/// Finds the file of a site to which a post refers. It is searched for in the folders of the post, of its assets and of
/// the source, in the site's root and static folders, and in those of its languages and theme; by its name alone in
/// the folder of the post.
pub(crate) fn find_file(source: &Source, post: &Post, written: &str) -> Option<fs::Metadata> {
    let own = source.root.join(post.path.rsplit_once('/').map_or("", |(folder, _)| folder));
    let name = written.rsplit('/').next().unwrap_or(written);
    let assets = source.dialect.assets(&source.site, &post.path).map(|folder| source.root.join(folder));
    let folders = [own.clone(), source.folder.clone()].into_iter().chain(assets);
    let fixed = STATIC.iter().map(|folder| source.root.join(folder));
    let files = folders.chain(fixed).map(|folder| folder.join(written)).chain([own.join(name)]);
    let find = |file: PathBuf| fs::metadata(file).ok().filter(fs::Metadata::is_file);
    files.into_iter().find_map(find).or_else(|| {
        let files = list_named_folders(source).into_iter().map(|folder| folder.join(written));
        files.chain(list_translated(source, written)).find_map(find)
    })
}

/// Returns true if a site publishes a file at this path below its URL: from its root or one of its static folders.
pub(crate) fn is_published(source: &Source, path: &str) -> bool {
    let fixed = STATIC.iter().map(|folder| source.root.join(folder));
    fixed.chain(list_named_folders(source)).any(|folder| folder.join(path).is_file())
}

/// The static folders that a site's configuration and its theme have.
fn list_named_folders(source: &Source) -> Vec<PathBuf> {
    let list = |key: &str| -> Vec<&str> {
        let items = source.site.values.get(key).map(Value::items).unwrap_or_default();
        items.iter().filter_map(Value::as_str).collect()
    };
    let themes = list("theme").into_iter().flat_map(|theme| {
        ["static", "source"].map(|folder| source.root.join("themes").join(theme).join(folder))
    });
    // `hugo 0.168 staticDir`
    list("staticdir").into_iter().map(|folder| source.root.join(folder)).chain(themes).collect()
}

/// The possible paths of a file that is published next to the pages of a language: in the folder of that language, or
/// among the pages of all languages.
fn list_translated(source: &Source, written: &str) -> Vec<PathBuf> {
    let site = &source.site;
    let (first, rest) = written.split_once('/').unwrap_or_default();
    let own_folders = source.dialect.content_folders();
    if own_folders.is_empty() {
        let is_language = site.languages.iter().any(|code| code.eq_ignore_ascii_case(first));
        return is_language.then(|| source.folder.join(rest)).into_iter().collect();
    }
    let is_default = |code: &String| Some(code) == site.languages.first();
    let within = own_folders.iter().filter_map(|folder| {
        let published = if folder.language.eq_ignore_ascii_case(first) {
            rest
        } else {
            Some(written).filter(|_| is_default(&folder.language))?
        };
        Some(source.root.join(&folder.path).join(below(published, &folder.mount)?))
    });
    within.collect()
}

/// Opens a file of a site by its path below the site's URL: it is searched for in the folder of its posts, its root and
/// its static folders. Neither a hidden file nor one outside the site is opened, whatever links lead to it.
pub(crate) fn open(source: &Source, path: &str) -> Option<File> {
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
