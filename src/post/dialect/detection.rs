//! The evidence by which the dialect of a site is detected.

use std::fs;
use std::path::Path;

use crate::file;

/// The evidence that a folder is the root of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// If several dialects match one folder, the strongest evidence counts, then the order of the dialects.
    pub strength: Strength,
    /// The evidence, for people.
    pub why: String,
}

/// The strength of evidence, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Files whose names several generators use, and folders that only this one has.
    Layout,
    /// A key or a file that only this generator uses, and a folder of posts.
    OwnKey,
    /// A configuration file with a name that only this generator uses.
    OwnFile,
}

impl Strength {
    /// Evidence of this strength.
    pub fn because(self, why: impl Into<String>) -> Evidence {
        Evidence { strength: self, why: why.into() }
    }
}

/// The first of these files that a folder has. One that cannot be read, such as a pipe, counts too: it is reported as a
/// problem, and the site keeps its dialect.
pub(super) fn find_file<'n>(root: &Path, names: &[&'n str]) -> Option<&'n str> {
    let exists = |name: &str| fs::metadata(root.join(name)).is_ok_and(|metadata| !metadata.is_dir());
    names.iter().find(|name| exists(name)).copied()
}

/// Returns true if there is a folder with one of these names here or up to `depth` levels below: folders of Jekyll's
/// categories may contain all posts.
pub fn holds_folder(folder: &Path, names: &[impl AsRef<Path>], depth: usize) -> bool {
    if names.iter().any(|name| folder.join(name).is_dir()) {
        return true;
    }
    let below = || fs::read_dir(folder).into_iter().flatten().flatten();
    let may_hold = |name: &str| !name.starts_with(['.', '_']) && name != "node_modules";
    depth > 0
        && below().any(|entry| {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            is_folder
                && entry.file_name().to_str().is_some_and(may_hold)
                && holds_folder(&entry.path(), names, depth - 1)
        })
}

/// Returns true if the root of a site has a folder that only Hugo has: Zola uses the same name for its configuration.
pub(super) fn has_hugo_folder(root: &Path) -> bool {
    ["archetypes", "layouts", "themes", "i18n"].iter().any(|name| root.join(name).is_dir())
}

/// The configuration of a site of Hexo. Jekyll uses the same name for its configuration.
pub(super) fn find_hexo_config(root: &Path) -> Option<&'static str> {
    let config = find_file(root, &["_config.yml", "_config.yaml", "_config.json"])?;
    let names_hexo =
        || file::read_text(&root.join("package.json")).is_ok_and(|text| text.contains("\"hexo\""));
    // Octopress is Jekyll with a folder `source`, which its configuration names.
    let names_source = || {
        file::read_text(&root.join(config))
            .is_ok_and(|text| text.lines().any(|line| line.starts_with("source:")))
    };
    let is_hexo = names_hexo() || (root.join("source/_posts").is_dir() && !names_source());
    is_hexo.then_some(config)
}
