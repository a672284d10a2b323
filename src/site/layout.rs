//! The layout of a site: which of its folders contain posts and configuration.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::site_config::list_config_folders;
use crate::post::dialect::{Dialect, holds_folder};
use crate::post::site::SiteSettings;
use crate::post::source::below;

/// Returns true if a folder contains the posts themselves, since neither its path nor its content has the layout of
/// the generator.
pub(super) fn is_bare(
    dialect: &dyn Dialect,
    settings: &SiteSettings,
    root: &Path,
    folder: &Path,
    has_config: bool,
) -> bool {
    let Some(below_root) = folder.strip_prefix(root).ok().and_then(Path::to_str) else { return false };
    if !folder.is_dir() || (below_root.is_empty() && has_config) {
        return false;
    }
    let names = dialect.post_folders();
    if !names.is_empty() {
        let is_within = below_root.split('/').any(|name| names.iter().any(|known| known == name));
        return !is_within && !holds_folder(folder, &names, 2);
    }
    let content = settings.content.as_deref().unwrap_or(dialect.spec().files.content);
    let own = dialect.content_folders().iter().map(|folder| folder.path.as_str());
    let mut contents = own.chain([content]);
    let is_content = |content: &str| {
        below(below_root, content).is_some() || below_root == content || below(content, below_root).is_some()
    };
    // In the root itself, the content folder must exist.
    let exists = |content: &str| !below_root.is_empty() || content.is_empty() || root.join(content).is_dir();
    !contents.any(|content| is_content(content) && exists(content))
}

/// Folders in which the site's configuration is or may appear, and which are not watched with the one that is read.
pub(super) fn list_around(dialect: &dyn Dialect, root: &Path, reads: &Path) -> Vec<PathBuf> {
    let own = list_config_folders(dialect, root);
    let extras = dialect.spec().files.extras.iter().filter_map(|path| Some(path.rsplit_once('/')?.0));
    let templates = dialect.spec().feed_templates.into_iter().flat_map(|templates| {
        templates.paths.iter().filter_map(|path| Some(path.rsplit_once('/')?.0)).chain([templates.layouts])
    });
    let folders = own.iter().map(String::as_str).chain(extras).chain(templates);
    // A folder that does not exist yet appears in an event of the one above it.
    let exists = |folder: &&Path| folder.is_dir();
    let nearest = |folder: &str| root.join(folder).ancestors().find(exists).map(Path::to_owned);
    let around: BTreeSet<PathBuf> = folders.filter_map(nearest).chain([root.to_owned()]).collect();
    // Folders below the one that is read are watched with it, unless they are not entered.
    let enters = |name: &str| dialect.enters(name);
    let is_watched = |folder: &PathBuf| {
        let below = folder.strip_prefix(reads);
        below.is_ok_and(|below| below.iter().all(|name| name.to_str().is_some_and(enters)))
    };
    around.into_iter().filter(|folder| !is_watched(folder)).collect()
}
