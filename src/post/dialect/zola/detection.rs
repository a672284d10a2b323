//! The evidence of a site of Zola.

use std::path::Path;

use crate::file;
use crate::post::dialect::detection::{Evidence, Strength, find_file, has_hugo_folder};

/// A configuration file with a key or name that only Zola uses, and a content folder.
pub(super) fn detect(root: &Path) -> Option<Evidence> {
    // At the top of the file: tables of Hugo's sites may have such a key too.
    let names_base = |text: String| {
        let text = text.trim_start_matches('\u{feff}');
        let mut top = text.lines().map(str::trim_start).take_while(|line| !line.starts_with('['));
        top.any(|line| line.strip_prefix("base_url").is_some_and(|rest| rest.trim_start().starts_with('=')))
    };
    let config = || {
        let is_unreadable = |error: file::Error| !error.is_missing() && !has_hugo_folder(root);
        find_file(root, &["zola.toml"]).is_some()
            || file::read_text(&root.join("config.toml")).map_or_else(is_unreadable, names_base)
    };
    let is_zola = root.join("content").is_dir() && config();
    is_zola.then(|| Strength::OwnKey.because("there are its configuration and content"))
}
