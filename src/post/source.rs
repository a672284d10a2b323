//! One source as its posts are read: the dialect's rules, the site's settings and the configuration's.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono_tz::Tz;
use globset::GlobSet;
use ignore::gitignore::Gitignore;

use super::dialect::{Permalink, Rules};
use super::ids::IdRule;
use super::pages::is_found_by_name;
use super::site::SiteSettings;
use crate::config::{BaseUrl, Future};

/// A source with nothing left to decide.
#[derive(Debug, Clone)]
pub struct Source {
    /// Name in addresses.
    pub name: String,
    /// The dialect's rules.
    pub rules: &'static Rules,
    /// The site's root: paths of posts are relative to it.
    pub root: PathBuf,
    /// The folder that is read, at or below the root.
    pub folder: PathBuf,
    /// What stands before a post's path in messages: empty, or ends in `/`.
    pub label: String,
    /// What addresses are built on.
    pub url: BaseUrl,
    /// What ids are built on, where it is not `url`.
    pub id_base: Option<BaseUrl>,
    /// How ids are made.
    pub ids: IdRule,
    /// The pattern of addresses.
    pub permalink: Permalink,
    /// The site's own shortcodes: name and what it stands for.
    pub shortcodes: BTreeMap<String, String>,
    /// Front-matter key that entries link to.
    pub link: Option<String>,
    /// Whether entries link to their pages on this server, and references to posts and media files lead to it too.
    pub links_to_pages: bool,
    /// Whether the URL of the site is known.
    pub has_url: bool,
    /// How readers reach this server.
    pub public_url: BaseUrl,
    /// Which files are posts, if not as the dialect says.
    pub include: Option<GlobSet>,
    /// Which are not.
    pub exclude: GlobSet,
    /// What the site itself leaves out, relative to its root.
    pub site_exclude: GlobSet,
    /// What its `.feedmillignore` names, in the language of `.gitignore`.
    pub ignored: Gitignore,
    /// Whether drafts are posts.
    pub drafts: bool,
    /// What the generator's own configuration says, for its dialect.
    pub site: SiteSettings,
    /// Whether a post dated in the future waits for its time.
    pub future: Future,
    /// The zone of the machine that the generator ran on, as far as that is known: addresses of Hexo
    /// depend on it.
    pub machine_zone: Tz,
    /// Keys of the date of publication, the first that has a value counts.
    pub date_keys: Vec<String>,
    /// Keys of the date of the last update.
    pub updated_keys: Vec<String>,
    /// Zone for dates without an offset.
    pub time_zone: Tz,
    /// Every taxonomy, `tags`, `categories` and `authors` first.
    pub taxonomies: Arc<[TaxonomyKeys]>,
}

/// A taxonomy as posts hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxonomyKeys {
    /// Its name.
    pub name: String,
    /// The front-matter keys of its terms, in lower case; `None`: the dialect's own.
    pub keys: Option<Vec<String>>,
}

/// Places of the taxonomies that exist by themselves, in every list of taxonomies.
pub const TAGS: usize = 0;
/// Place of `categories`.
pub const CATEGORIES: usize = 1;
/// Place of `authors`.
pub const AUTHORS: usize = 2;

/// Why a file is not a post by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusion {
    /// It is hidden or a temporary file of an editor.
    HiddenFile,
    /// A folder above it holds no posts: it is hidden, excluded, or not read by the generator.
    Folder,
    /// `include` does not match it.
    Include,
    /// Its extension is not one of the dialect's.
    Extension,
    /// `exclude` matches it.
    Exclude,
    /// The site's own configuration excludes it.
    SiteExclude,
    /// `.feedmillignore` matches it.
    IgnoreFile,
    /// Its name or place is not that of a post in the dialect.
    Dialect,
}

impl Source {
    /// How the file of a post is named in messages.
    pub fn name_file(&self, path: &str) -> String {
        format!("{}{path}", self.label)
    }

    /// Whether the file at this path, relative to the root, is a post by its name.
    pub fn is_post(&self, path: &str) -> bool {
        self.find_exclusion(path).is_none()
    }

    /// Whether it matters that the file at this path, relative to the root, comes or goes: it is a post, or posts may
    /// mean it by its name alone.
    pub fn is_followed(&self, path: &str) -> bool {
        self.is_post(path) || is_found_by_name(self, path)
    }

    /// Why the file at this path, relative to the root, is not a post by its name.
    pub fn find_exclusion(&self, path: &str) -> Option<Exclusion> {
        let below = self.below_folder(path);
        let file = below.rsplit('/').next().unwrap_or(below);
        if file.starts_with('.') || is_temporary(file) {
            return Some(Exclusion::HiddenFile);
        }
        if let Some(folder) = self.list_folders(path).find(|folder| !self.enters(folder)) {
            return Some(self.excludes(folder).unwrap_or(Exclusion::Folder));
        }
        let is_included = match &self.include {
            Some(include) => include.is_match(below),
            None => self.rules.extensions.is_empty() || has_extension(file, self.rules.extensions),
        };
        if !is_included {
            return Some(if self.include.is_some() { Exclusion::Include } else { Exclusion::Extension });
        }
        self.excludes(path).or_else(|| (!(self.rules.is_post)(self, path)).then_some(Exclusion::Dialect))
    }

    /// Whether every folder between the configured one and this path can hold posts: one that is not
    /// entered holds none, by whatever way its files are heard of.
    pub fn reaches(&self, path: &str) -> bool {
        self.list_folders(path).all(|folder| self.enters(folder))
    }

    /// The folders between the configured one and a path.
    fn list_folders<'p>(&self, path: &'p str) -> impl Iterator<Item = &'p str> {
        let below = self.below_folder(path);
        let outside = path.len() - below.len();
        below.match_indices('/').map(move |(at, _)| &path[..outside + at])
    }

    /// Whether the folder at this path, relative to the root, can hold posts.
    pub fn enters(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let hidden = name.starts_with('.') || name == "node_modules";
        !hidden && (self.rules.enters)(&self.site, name) && self.excludes(path).is_none()
    }

    fn excludes(&self, path: &str) -> Option<Exclusion> {
        let below = self.below_folder(path);
        let ignored = || self.ignored.matched_path_or_any_parents(below, false).is_ignore();
        if self.exclude.is_match(below) {
            Some(Exclusion::Exclude)
        } else if self.site_exclude.is_match(path) {
            Some(Exclusion::SiteExclude)
        } else {
            (!self.ignored.is_empty() && ignored()).then_some(Exclusion::IgnoreFile)
        }
    }

    /// A path, relative to the root, below the folder that holds all posts; `None`: it lies elsewhere.
    pub fn below_content<'p>(&self, path: &'p str) -> Option<&'p str> {
        below(path, self.site.content.as_deref().unwrap_or(self.rules.content))
    }

    /// Globs are written relative to the configured folder.
    fn below_folder<'p>(&self, path: &'p str) -> &'p str {
        let folder = self.folder.strip_prefix(&self.root).ok().and_then(|f| f.to_str()).unwrap_or_default();
        match path.strip_prefix(folder) {
            Some(rest) if folder.is_empty() => rest,
            Some("") => "",
            Some(rest) => rest.strip_prefix('/').unwrap_or(path),
            None => path,
        }
    }
}

/// A path below a folder, which may be empty.
pub fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

/// Whether a file's name ends in one of these extensions, in any case.
pub fn has_extension(file: &str, extensions: &[&str]) -> bool {
    file.rsplit_once('.')
        .is_some_and(|(_, extension)| extensions.iter().any(|e| extension.eq_ignore_ascii_case(e)))
}

/// Whether a file, by its name, is written in HTML.
pub fn is_html(path: &str) -> bool {
    has_extension(path, &["html", "htm"])
}

/// Files that editors and downloads leave beside the real ones for a moment.
fn is_temporary(file: &str) -> bool {
    let lower = file.to_ascii_lowercase();
    file == "4913"
        || file.starts_with(".#")
        || (file.starts_with('#') && file.ends_with('#'))
        || [".swp", ".swo", ".swx", "~", ".tmp", ".part", ".crdownload", ".bak"]
            .iter()
            .any(|end| lower.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_editors_are_not_posts() {
        for file in ["x.md~", ".x.md.swp", "#x.md#", "4913", "x.md.tmp", "x.md.part"] {
            assert!(is_temporary(file), "{file}");
        }
        assert!(!is_temporary("x.md") && !is_temporary("#x.md"));
    }
}
