//! A resolved source: the rules of its dialect, and the settings of the site and of the configuration.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono_tz::Tz;
use globset::GlobSet;
use ignore::gitignore::Gitignore;

use super::dialect::{Dialect, Permalink, SourceSettings};
pub use super::file_path::{below, has_extension, is_at_or_below, is_html};
use super::media_types::media_type;
use super::site::SiteSettings;
pub use super::taxonomies::{AUTHORS, CATEGORIES, TAGS, TaxonomyKeys};
use super::text::{self, NotText};
use crate::config::{BaseUrl, Future, IdPattern};

/// A source with all of its settings resolved.
#[derive(Debug, Clone)]
pub struct Source {
    /// Name in URLs.
    pub name: String,
    /// Rules of the dialect, with the settings that only it has.
    pub dialect: Arc<dyn Dialect>,
    /// Root of the site: paths of posts are relative to it.
    pub root: PathBuf,
    /// The folder that is read, at or below the root.
    pub folder: PathBuf,
    /// Prefix of a post's path in messages: empty, or ends with `/`.
    pub label: String,
    /// Hash of all settings that determine how the posts of the source are read: equal for equal settings, with one
    /// build of the program.
    pub settings_hash: u128,
    /// Base of the posts' URLs.
    pub url: BaseUrl,
    /// Base of ids, if it is not `url`.
    pub id_base: Option<BaseUrl>,
    /// Rule by which ids are made.
    pub ids: IdRule,
    /// Permalink pattern.
    pub permalink: Permalink,
    /// Shortcodes of the site: name and replacement.
    pub shortcodes: BTreeMap<String, String>,
    /// Front-matter key of the URL that entries link to.
    pub link: Option<String>,
    /// Front-matter key of a value that only one entry has.
    pub unique: Option<String>,
    /// True if images of the site itself get their width and height.
    pub image_sizes: bool,
    /// True if entries link to their pages on this server, and references to posts and media files lead there too.
    pub links_to_pages: bool,
    /// True if the URL of the site is known.
    pub has_url: bool,
    /// URL at which readers reach this server.
    pub public_url: BaseUrl,
    /// Globs of the files that can be posts, in place of the dialect's extensions.
    pub include: Option<GlobSet>,
    /// Globs of the files and folders that are excluded.
    pub exclude: GlobSet,
    /// Globs that the site itself excludes, relative to its root.
    pub site_exclude: GlobSet,
    /// Patterns of `.feedmillignore`, in the syntax of `.gitignore`.
    pub ignored: Gitignore,
    /// True if drafts are posts.
    pub drafts: bool,
    /// Settings of the site from the generator's own configuration.
    pub site: SiteSettings,
    /// How posts dated in the future are handled.
    pub future: Future,
    /// Zone of the machine that the generator ran on, as far as it is known: the URLs of Hexo depend on it.
    pub machine_zone: Tz,
    /// Keys of the date of publication; the first that has a value counts.
    pub date_keys: Vec<String>,
    /// Keys of the date of the last update.
    pub updated_keys: Vec<String>,
    /// Zone for dates without an offset.
    pub time_zone: Tz,
    /// Every taxonomy, `tags`, `categories` and `authors` first.
    pub taxonomies: Arc<[TaxonomyKeys]>,
}

/// The rule by which a source makes ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdRule {
    /// The pattern; `None`: the rule of the dialect.
    pub pattern: Option<IdPattern>,
    /// Value of `{site}`; empty if no URL of the site is known.
    pub site: String,
    /// Value of `{base}`.
    pub base: String,
}

/// The reason why a file is not a post by its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusion {
    /// The file is hidden, or a temporary file of an editor.
    HiddenFile,
    /// A folder above the file cannot hold posts: it is hidden, excluded, or not read by the generator.
    Folder,
    /// `include` does not match the file.
    Include,
    /// The extension is not one of the dialect's.
    Extension,
    /// `exclude` matches the file.
    Exclude,
    /// The site's own configuration excludes the file.
    SiteExclude,
    /// `.feedmillignore` matches the file.
    IgnoreFile,
    /// The name or the folder is not that of a post in the dialect.
    Dialect,
}

impl Source {
    /// Returns true if both read the same folder of the same site, whatever their names and settings.
    pub fn reads_same_folder(&self, other: &Self) -> bool {
        self.root == other.root && self.folder == other.folder
    }

    /// The text of a file.
    ///
    /// # Errors
    /// [`NotText`] for files in an unknown encoding and for binary files.
    pub fn decode<'b>(&self, bytes: &'b [u8]) -> Result<Cow<'b, str>, NotText> {
        text::decode(bytes, self.site.encoding)
    }

    /// The base of the URLs of posts in a language, given by index.
    pub fn url_of(&self, language: u8) -> &BaseUrl {
        self.own_url(language).unwrap_or(&self.url)
    }

    /// The base of ids of posts in a language, given by index.
    pub fn id_base_of(&self, language: u8) -> &BaseUrl {
        self.own_url(language).or(self.id_base.as_ref()).unwrap_or(&self.url)
    }

    /// The URL of a language, if it is not that of the source.
    fn own_url(&self, language: u8) -> Option<&BaseUrl> {
        self.site.language_info.get(usize::from(language))?.url.as_ref()
    }

    /// The settings on which the reading of posts depends.
    pub fn settings(&self) -> SourceSettings<'_> {
        SourceSettings {
            own: &(),
            name: &self.name,
            root: &self.root,
            folder: &self.folder,
            site: &self.site,
            permalink: self.permalink.as_str(),
            drafts: self.drafts,
            time_zone: self.time_zone,
            machine_zone: self.machine_zone,
            taxonomies: &self.taxonomies,
        }
    }

    /// The name of a post's file in messages.
    pub fn name_file(&self, path: &str) -> String {
        let name = format!("{}{path}", self.label);
        if name.is_empty() { ".".to_owned() } else { name }
    }

    /// Returns true if the file at this path, relative to the root, is a post by its path.
    pub fn is_post(&self, path: &str) -> bool {
        self.find_exclusion(path).is_none()
    }

    /// Returns true if changes of the file at this path, relative to the root, matter: it is a post, or posts can
    /// refer to it by its name alone.
    pub fn is_followed(&self, path: &str) -> bool {
        self.is_post(path) || self.is_named_media(path)
    }

    /// Returns true if posts can refer to the file at this path, relative to the root, by its name alone. Files that are
    /// excluded are not published.
    pub fn is_named_media(&self, path: &str) -> bool {
        !is_hidden(path)
            && self.finds_by_name(path)
            && self.reaches(path)
            && self.excludes(path, false).is_none()
    }

    /// Returns true if posts can refer to the file at a path by its name alone, in any folder: media files of a vault.
    pub fn finds_by_name(&self, path: &str) -> bool {
        self.dialect.spec().finds_media_by_name && media_type(path).is_some()
    }

    /// The reason why the file at this path, relative to the root, is not a post by its path; `None` if it is one.
    pub fn find_exclusion(&self, path: &str) -> Option<Exclusion> {
        let below = self.below_folder(path);
        if is_hidden(below) {
            return Some(Exclusion::HiddenFile);
        }
        if let Some(folder) = self.list_folders(path).find(|folder| !self.enters(folder)) {
            return Some(self.excludes(folder, true).unwrap_or(Exclusion::Folder));
        }
        self.find_own_exclusion(path, below)
    }

    /// Returns true if the file at this path, relative to the root, is a post by its path. All folders above it are
    /// known to be such that can hold posts.
    pub fn is_post_in_folder(&self, path: &str) -> bool {
        let below = self.below_folder(path);
        !is_hidden(below) && self.find_own_exclusion(path, below).is_none()
    }

    /// The reason why a file that is not hidden is not a post, apart from the folders above it.
    fn find_own_exclusion(&self, path: &str, below: &str) -> Option<Exclusion> {
        let file = name_of(below);
        let is_included = match &self.include {
            Some(include) => include.is_match(below),
            None => {
                let extensions = self.dialect.spec().extensions;
                extensions.is_empty() || has_extension(file, extensions)
            }
        };
        if !is_included {
            return Some(if self.include.is_some() { Exclusion::Include } else { Exclusion::Extension });
        }
        self.excludes(path, false)
            .or_else(|| (!self.dialect.is_post(self.settings(), path)).then_some(Exclusion::Dialect))
    }

    /// Returns true if the file at this path, relative to the root, would be a post if its name were that of one.
    pub fn is_misnamed(&self, path: &str) -> bool {
        self.dialect.is_misnamed(self.settings(), path)
            && self.find_exclusion(path) == Some(Exclusion::Dialect)
    }

    /// Returns true if every folder between the configured one and this path can hold posts. Files in a folder that
    /// is not entered are not posts, whichever event reports them.
    pub fn reaches(&self, path: &str) -> bool {
        self.list_folders(path).all(|folder| self.enters(folder))
    }

    /// The folders between the configured one and a path.
    fn list_folders<'p>(&self, path: &'p str) -> impl Iterator<Item = &'p str> {
        let below = self.below_folder(path);
        let outside = path.len() - below.len();
        below.match_indices('/').map(move |(at, _)| &path[..outside + at])
    }

    /// Returns true if the folder at this path, relative to the root, can hold posts.
    pub fn enters(&self, path: &str) -> bool {
        let name = name_of(path);
        let hidden = name.starts_with('.') || name == "node_modules";
        !hidden && self.dialect.enters(name) && self.excludes(path, true).is_none()
    }

    fn excludes(&self, path: &str, is_folder: bool) -> Option<Exclusion> {
        let below = self.below_folder(path);
        let ignored = || self.ignored.matched_path_or_any_parents(below, is_folder).is_ignore();
        if self.exclude.is_match(below) {
            Some(Exclusion::Exclude)
        } else if self.site_exclude.is_match(path) {
            Some(Exclusion::SiteExclude)
        } else {
            (!self.ignored.is_empty() && ignored()).then_some(Exclusion::IgnoreFile)
        }
    }

    /// A path, given relative to the root, relative to the folder that contains all posts; `None` if it is elsewhere.
    pub fn below_content<'p>(&self, path: &'p str) -> Option<&'p str> {
        self.site.below_content(path)
    }

    /// A path relative to the configured folder, as globs are written.
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

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Returns true if the file at a path is hidden, or is a temporary file.
fn is_hidden(path: &str) -> bool {
    name_of(path).starts_with('.') || is_temporary(name_of(path))
}

/// Returns true for files that editors and downloads create temporarily next to the real ones.
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
