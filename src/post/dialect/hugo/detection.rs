//! The evidence of a site of Hugo.

use std::path::Path;

use crate::file;
use crate::post::dialect::detection::{Evidence, Strength, find_file, has_hugo_folder};

/// Names of the configuration that only Hugo uses.
const NAMES: [&str; 4] = ["hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"];

/// A configuration file with a name that only Hugo uses; else a configuration folder, or a configuration file with the
/// older name and folders or a key that only Hugo has.
pub(super) fn detect(root: &Path) -> Option<Evidence> {
    if let Some(name) = find_file(root, &NAMES) {
        return Some(Strength::OwnFile.because(format!("there is {name}")));
    }
    if root.join("config/_default").is_dir() {
        return Some(Strength::Layout.because("there is config/_default"));
    }
    let older = find_file(root, &["config.toml", "config.yaml", "config.yml", "config.json"])?;
    let names_base =
        || file::read_text(&root.join(older)).is_ok_and(|text| text.to_ascii_lowercase().contains("baseurl"));
    (root.join("content").is_dir() && (has_hugo_folder(root) || names_base()))
        .then(|| Strength::Layout.because(format!("there are {older} and content")))
}

/// Returns true if a site has a content folder or configures another one: a theme does neither.
pub(super) fn has_content(root: &Path) -> bool {
    let says_other = |text: String| {
        let text = text.to_ascii_lowercase();
        text.contains("contentdir") || text.contains("mounts")
    };
    root.join("content").is_dir()
        || root.join("config/_default").is_dir()
        || find_file(root, &NAMES).is_some_and(|name| file::read_text(&root.join(name)).is_ok_and(says_other))
}
