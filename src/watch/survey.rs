//! A configured folder as it is found: its dialect, its site's root, what the site says of itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::detect::{Detected, detect, holds_folder};
use super::site_files::{
    DATA_FOLDER, IGNORE, is_data, list_config_folders, read_config_files, read_data_files, read_ignored,
    read_templates,
};
use crate::config::{self, BaseUrl, Config, Dialect, Ids, Problem};
use crate::post::Source;
use crate::post::config_file::ConfigFile;
use crate::post::dialect::{Rules, find_rules, is_sign};
use crate::post::site::SiteSettings;
use crate::post::source::below;

/// What one source was found to be, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Its folder as configured.
    pub folder: PathBuf,
    /// Whose rules it follows.
    pub dialect: Dialect,
    /// What that was seen by.
    pub why: String,
    /// The root of its site.
    pub root: PathBuf,
    /// What the site says of itself.
    pub settings: SiteSettings,
    /// Whether feedmill.toml leaves it to the site how ids are made.
    pub(super) is_auto: bool,
    /// Whether the site says anything of itself.
    pub(super) speaks: bool,
    /// What its folder's `.feedmillignore` says.
    pub(super) ignored: String,
    /// The folder that is read.
    pub(super) reads: PathBuf,
    /// Folders that hold what it depends on and are not watched with the one that is read; not those below them.
    pub(super) around: Vec<PathBuf>,
    /// The folder as configured, if it is a link and was judged by its target.
    pub(super) link: Option<PathBuf>,
}

impl Found {
    /// The site's own feed template by which ids are made, and how.
    pub fn read_ids(&self) -> Option<(&str, &Ids)> {
        let template = self.settings.feed_template.as_ref().filter(|_| self.is_auto)?;
        Some((&template.path, template.ids.as_ref()?))
    }

    /// Why what was found before holds, if it does: the site's configuration can't be read, or is gone or
    /// empty, as it is for a moment while it is written anew; or it was `read`, and the folder of its posts is
    /// gone, or is elsewhere now where there is none.
    pub(super) fn find_reason_to_keep(&self, before: &Self, was_read: bool) -> Option<Keep> {
        if self.settings.is_unreadable && !before.settings.is_unreadable {
            return Some(Keep::Silently);
        }
        if before.speaks && !self.speaks {
            let why = "the site's configuration is gone or empty: what it said before holds. Bring it back, \
                       or restart feedmill.";
            return Some(Keep::Because(why.to_owned()));
        }
        if !before.ignored.is_empty() && self.ignored.is_empty() && self.reads.join(IGNORE).exists() {
            let why = "`.feedmillignore` is empty: what it said before holds. Write it, or delete it.";
            return Some(Keep::Because(why.to_owned()));
        }
        let is_there = |folder: &Path| fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some());
        if !was_read || is_there(&self.reads) {
            return None;
        }
        if self.reads == before.reads || !is_there(&before.reads) {
            return Some(Keep::Silently);
        }
        Some(Keep::Because(format!(
            "the site has its posts in {}, and there is nothing: what was so before holds. Put them there, or \
             mend its configuration.",
            self.reads.display()
        )))
    }
}

/// What was found before holds.
#[derive(Debug)]
pub(super) enum Keep {
    /// Why is told elsewhere.
    Silently,
    /// Why.
    Because(String),
}

/// Whether what a site says of itself depends on the file at a path, relative to its root.
pub(super) fn depends_on(source: &Source, path: &str) -> bool {
    let rules = source.rules;
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    is_sign(path)
        || rules.config_extras.contains(&path)
        || rules.config_folders.contains(&folder)
        || (is_data(folder) && rules.config_folders.iter().any(|folder| is_data(folder)))
        || source.site.content.as_deref() == Some(path)
        || (!rules.content.is_empty() && rules.content == path)
        || is_above(rules.config_folders, path)
        || is_above(rules.config_extras, path)
        || file == IGNORE
        || rules.templates.is_some_and(|templates| templates.contains(path))
        || rules.data.is_some_and(|data| (data.is_data)(path))
}

/// Whether a path is one of some folders or above one.
fn is_above(folders: &[&str], path: &str) -> bool {
    folders.iter().any(|folder| folder.strip_prefix(path).is_some_and(|r| r.is_empty() || r.starts_with('/')))
}

/// A configured folder as it was found, with what was wrong with what its site says.
#[derive(Debug, Clone)]
pub(super) struct Survey {
    pub(super) found: Found,
    pub(super) rules: &'static Rules,
    /// What stands before a path in messages.
    pub(super) label: String,
    /// The name of the site's own configuration, for people.
    pub(super) own_file: String,
    pub(super) problems: Vec<Problem>,
}

/// Looks at a configured folder.
pub(super) fn survey(config: &Config, written: &config::Source) -> Survey {
    let shown = config.reach(written);
    let absolute = std::path::absolute(&shown).unwrap_or_else(|_| shown.clone());
    let absolute: PathBuf = absolute.components().collect();
    let Detected { dialect, root, mut why, target } = detect(&absolute, written.dialect);
    let rules = find_rules(dialect);
    let label = label_of(&root);
    let mut problems = Vec::new();
    let files = read_config_files(rules, &root, &label, &mut problems);
    let own_file = files.first().map_or_else(|| label.clone(), |file| file.name.clone());
    let is_extra = |file: &&ConfigFile| {
        rules.config_extras.contains(&file.path.as_str()) || file.path.starts_with(DATA_FOLDER)
    };
    let speaks = files.iter().filter(|file| !is_extra(file)).any(|file| !file.text.trim().is_empty());
    let (mut settings, more) = (rules.read_site)(&files);
    problems.extend(more);
    let reached = target.as_ref().unwrap_or(&absolute);
    if is_bare(rules, &settings, &root, reached, !files.is_empty()) {
        let below = reached.strip_prefix(&root).ok().and_then(Path::to_str);
        settings.content = below.map(str::to_owned);
        settings.is_content_bare = true;
    }
    let content = settings.content.get_or_insert_with(|| rules.content.to_owned()).clone();
    read_data_files(rules, &root, &label, &content, &mut settings, &mut problems);
    if settings.url.is_none() && rules.dialect == Dialect::Jekyll {
        settings.url = read_pages_url(&root, &settings);
    }
    settings.feed_template =
        rules.templates.and_then(|templates| (templates.read)(&read_templates(&templates, &root), &settings));
    if !settings.set_aside.is_empty() {
        why = format!("{why}; not posts, by its own settings: {}", settings.set_aside.join(", "));
    }
    // Of a whole site, which may lie one level below, only the folder with its posts is read, also while it is
    // gone.
    let is_whole = root.starts_with(reached);
    let folder = if is_whole { root.join(&content).components().collect() } else { reached.clone() };
    let mut around = list_around(rules, &settings, &root, &folder);
    // Where a link is, it may come to lead elsewhere.
    let link = target.is_some().then_some(absolute);
    around.extend(link.as_deref().and_then(Path::parent).map(Path::to_owned));
    let found = Found {
        name: written.name.clone().unwrap_or_else(|| name_folder(&root)),
        folder: shown,
        dialect: rules.dialect,
        why,
        settings,
        is_auto: written.id == Ids::Auto,
        speaks,
        ignored: read_ignored(&folder, &label, &mut problems),
        around,
        link,
        reads: folder,
        root,
    };
    Survey { found, rules, label, own_file, problems }
}

/// Whether a folder holds the posts themselves, since neither its path nor what is in it has the layout of the
/// generator.
fn is_bare(rules: &Rules, settings: &SiteSettings, root: &Path, folder: &Path, has_config: bool) -> bool {
    let Some(below_root) = folder.strip_prefix(root).ok().and_then(Path::to_str) else { return false };
    if !folder.is_dir() || (below_root.is_empty() && has_config) {
        return false;
    }
    let names = (rules.post_folders)(settings);
    if !names.is_empty() {
        let is_within = below_root.split('/').any(|name| names.iter().any(|known| known == name));
        return !is_within && !holds_folder(folder, &names, 2);
    }
    let content = settings.content.as_deref().unwrap_or(rules.content);
    let own = settings.hugo.content_folders.iter().map(|(_, folder)| folder.as_str());
    let mut contents = own.chain([content]);
    let is_content = |content: &str| {
        below(below_root, content).is_some() || below_root == content || below(content, below_root).is_some()
    };
    // Where nothing but the folder is known, a folder in it may be the content.
    let exists = |content: &str| !below_root.is_empty() || content.is_empty() || root.join(content).is_dir();
    !contents.any(|content| is_content(content) && exists(content))
}

/// Folders that are not watched with the one that is read, in which the site's configuration lies or may come to lie.
fn list_around(rules: &Rules, settings: &SiteSettings, root: &Path, reads: &Path) -> Vec<PathBuf> {
    let own = list_config_folders(rules, root);
    let extras = rules.config_extras.iter().filter_map(|path| Some(path.rsplit_once('/')?.0));
    let templates = rules.templates.iter().flat_map(|templates| {
        templates.paths.iter().filter_map(|path| Some(path.rsplit_once('/')?.0)).chain([templates.layouts])
    });
    let folders = own.iter().map(String::as_str).chain(extras).chain(templates);
    // A folder that is not there yet is seen to come in the one above it.
    let exists = |folder: &&Path| folder.is_dir();
    let nearest = |folder: &str| root.join(folder).ancestors().find(exists).map(Path::to_owned);
    let around: BTreeSet<PathBuf> = folders.filter_map(nearest).chain([root.to_owned()]).collect();
    // What is below the folder that is read is watched with it, unless it is not entered.
    let enters = |name: &str| (rules.enters)(settings, name);
    let is_watched = |folder: &PathBuf| {
        let below = folder.strip_prefix(reads);
        below.is_ok_and(|below| below.iter().all(|name| name.to_str().is_some_and(enters)))
    };
    around.into_iter().filter(|folder| !is_watched(folder)).collect()
}

/// How files of a root are named in messages: relative to the current folder where that is shorter.
fn label_of(root: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let shown = root.strip_prefix(&here).unwrap_or(root).display().to_string();
    if shown.is_empty() { shown } else { format!("{}/", shown.trim_end_matches('/')) }
}

/// `jekyll-github-metadata 2.16 Repository`: GitHub publishes a repository called `ada.github.io` there, below the
/// site's `baseurl`.
fn read_pages_url(root: &Path, settings: &SiteSettings) -> Option<BaseUrl> {
    let name = name_folder(root).to_lowercase();
    let user = name.strip_suffix(".github.io")?;
    let is_user = !user.is_empty() && user.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let base = settings.printed_url.as_ref().map_or("", |(_, base)| base.trim_matches('/'));
    BaseUrl::parse(&format!("https://{name}/{base}")).ok().filter(|_| is_user)
}

fn name_folder(root: &Path) -> String {
    // `..` at the end of a path has no name of its own.
    let real = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    real.file_name().map_or_else(|| "posts".to_owned(), |name| name.to_string_lossy().into_owned())
}
