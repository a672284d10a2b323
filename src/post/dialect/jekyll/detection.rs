//! The evidence of a site of Jekyll.

use std::path::{Path, PathBuf};

use crate::post::dialect::detection::{Evidence, Strength, find_file, find_hexo_config, holds_folder};

/// A configuration file, and a folder of posts or drafts up to two levels below the root or on the path of `folder`.
pub(super) fn detect(root: &Path, folder: &Path) -> Option<Evidence> {
    if find_file(root, &["_config.yml"]).is_none() || find_hexo_config(root).is_some() {
        return None;
    }
    let below = folder.strip_prefix(root).unwrap_or(Path::new(""));
    let has = |name: &str| below.iter().any(|part| part == name) || holds_folder(root, &[name], 2);
    // Drafts alone are not posts, but they must not be served as pages of a plain folder either.
    let name = ["_posts", "_drafts"].into_iter().find(|name| has(name))?;
    Some(Strength::Layout.because(format!("there are _config.yml and {name}")))
}

/// A folder `_posts` without any configuration, the weakest evidence.
pub(super) fn detect_posts(folder: &Path) -> Option<(PathBuf, &'static str)> {
    if folder.join("_posts").is_dir() {
        return Some((folder.to_owned(), "there is a folder _posts"));
    }
    let posts = folder.ancestors().filter(|f| f.file_name().is_some_and(|name| name == "_posts")).last()?;
    Some((posts.parent()?.to_owned(), "it is a folder _posts"))
}
