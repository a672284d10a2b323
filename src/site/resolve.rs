//! A configured folder → its dialect, the root of its site, and the site's own settings.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::detect::{Detected, detect};
use super::site_config::{
    DATA_FOLDER, IGNORE, is_data, list_config_folders, read_config_files, read_data_files, read_ignored,
    read_templates,
};
use crate::config::{self, Config, Ids, Problem};
use crate::post::Source;
use crate::post::config_file::ConfigFile;
use crate::post::dialect::{Configured, Dialect, holds_folder, is_site_marker};
use crate::post::site::SiteSettings;
use crate::post::source::below;

/// A configured source, as its folder shows it.
#[derive(Debug, Clone)]
pub struct ResolvedSource {
    /// The name of the source.
    pub name: String,
    /// The folder as configured.
    pub folder: PathBuf,
    /// The dialect of its site, with the settings that only it has.
    pub dialect: Arc<dyn Dialect>,
    /// The evidence for the dialect.
    pub why: String,
    /// The root of its site.
    pub root: PathBuf,
    /// The site's own settings.
    pub settings: SiteSettings,
    /// True if feedmill.toml leaves the choice of ids to the site.
    pub(super) is_auto: bool,
    /// True if the site's own configuration is not empty.
    pub(super) speaks: bool,
    /// The text of its folder's `.feedmillignore`.
    pub(super) ignored: String,
    /// The folder that is read.
    pub(crate) reads: PathBuf,
    /// Further folders to watch, not those below them: they contain files on which the source depends.
    pub(crate) around: Vec<PathBuf>,
    /// The folder as configured, if it is a link and was judged by its target.
    pub(crate) link: Option<PathBuf>,
    /// The prefix of paths in messages.
    pub(super) label: String,
    /// The name of the site's own configuration, for people.
    pub(super) own_file: String,
}

impl PartialEq for ResolvedSource {
    fn eq(&self, other: &Self) -> bool {
        // `derive` cannot compare a shared `dyn Dialect`.
        self.parts() == other.parts()
    }
}

impl ResolvedSource {
    fn parts(&self) -> impl PartialEq {
        let Self {
            name,
            folder,
            dialect,
            why,
            root,
            settings,
            is_auto,
            speaks,
            ignored,
            reads,
            around,
            link,
            label,
            own_file,
        } = self;
        let written = (name, folder, &**dialect, why, root, settings, is_auto);
        (written, speaks, ignored, reads, around, link, label, own_file)
    }

    /// The path of the site's own feed template, and the ids that it makes.
    pub fn read_ids(&self) -> Option<(&str, &Ids)> {
        let template = self.settings.feed_template.as_ref().filter(|_| self.is_auto)?;
        Some((&template.path, template.ids.as_ref()?))
    }
}

/// Returns true if a site's own settings depend on the file at a path, relative to its root.
pub(crate) fn depends_on(source: &Source, path: &str) -> bool {
    let (dialect, files) = (&source.dialect, source.dialect.spec().files);
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    is_site_marker(path)
        || files.extras.contains(&path)
        || files.folders.contains(&folder)
        || (is_data(folder) && files.folders.iter().any(|folder| is_data(folder)))
        || source.site.content.as_deref() == Some(path)
        || (!files.content.is_empty() && files.content == path)
        || is_above(files.folders, path)
        || is_above(files.extras, path)
        || file == IGNORE
        || dialect.spec().feed_templates.is_some_and(|templates| templates.contains(path))
        || dialect.spec().data_files.is_some_and(|is_data| is_data(path))
}

/// Returns true if a path is one of these folders or above one of them.
fn is_above(folders: &[&str], path: &str) -> bool {
    folders.iter().any(|folder| folder.strip_prefix(path).is_some_and(|r| r.is_empty() || r.starts_with('/')))
}

/// A resolved source, with the problems of its site's configuration.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) source: ResolvedSource,
    pub(crate) problems: Vec<Problem>,
}

/// Resolves a configured folder. One that does not exist counts as empty.
pub(super) fn resolve(config: &Config, written: &config::Source) -> Resolved {
    let shown = config.reach(written);
    let absolute = std::path::absolute(&shown).unwrap_or_else(|_| shown.clone());
    let absolute: PathBuf = absolute.components().collect();
    let Detected { dialect, root, mut why, target } = detect(&absolute, written.dialect);
    let label = label_of(&root);
    let mut problems = Vec::new();
    let files = read_config_files(&*dialect, &root, &label, &mut problems);
    let own_file = files.first().map_or_else(|| label.clone(), |file| file.name.clone());
    let is_extra = |file: &&ConfigFile| {
        dialect.spec().files.extras.contains(&file.path.as_str()) || file.path.starts_with(DATA_FOLDER)
    };
    let speaks = files.iter().filter(|file| !is_extra(file)).any(|file| !file.text.trim().is_empty());
    let Configured { mut settings, dialect: configured, problems: more } = dialect.configure(&files);
    let dialect = configured.unwrap_or(dialect);
    problems.extend(more);
    let reached = target.as_ref().unwrap_or(&absolute);
    if is_bare(&*dialect, &settings, &root, reached, !files.is_empty()) {
        let below = reached.strip_prefix(&root).ok().and_then(Path::to_str);
        settings.content = below.map(str::to_owned);
        settings.is_content_bare = true;
    }
    let content = settings.content.get_or_insert_with(|| dialect.spec().files.content.to_owned()).clone();
    read_data_files(&*dialect, &root, &label, &content, &mut settings, &mut problems);
    settings.url = settings.url.take().or_else(|| dialect.guess_url(&name_folder(&root), &settings));
    settings.feed_template = dialect
        .spec()
        .feed_templates
        .and_then(|templates| (templates.read)(&read_templates(templates, &root), &settings));
    if !settings.non_post_folders.is_empty() {
        why = format!("{why}; not posts, by its own settings: {}", settings.non_post_folders.join(", "));
    }
    // Of a whole site, which may lie one level below, only the folder of its posts is read, even if it is missing.
    let is_whole = root.starts_with(reached);
    let folder = if is_whole { root.join(&content).components().collect() } else { reached.clone() };
    let mut around = list_around(&*dialect, &root, &folder);
    // The link may be changed to lead elsewhere.
    let link = target.is_some().then_some(absolute);
    around.extend(link.as_deref().and_then(Path::parent).map(Path::to_owned));
    let source = ResolvedSource {
        name: written.name.clone().unwrap_or_else(|| name_folder(&root)),
        folder: shown,
        dialect,
        why,
        settings,
        is_auto: written.id == Ids::Auto,
        speaks,
        ignored: read_ignored(&folder, &label_of(&folder), &mut problems),
        around,
        link,
        label,
        own_file,
        reads: folder,
        root,
    };
    Resolved { source, problems }
}

/// Returns true if a folder contains the posts themselves, since neither its path nor its content has the layout of
/// the generator.
fn is_bare(
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
    let own = dialect.content_folders().iter().map(|(_, folder)| folder.as_str());
    let mut contents = own.chain([content]);
    let is_content = |content: &str| {
        below(below_root, content).is_some() || below_root == content || below(content, below_root).is_some()
    };
    // In the root itself, the content folder must exist.
    let exists = |content: &str| !below_root.is_empty() || content.is_empty() || root.join(content).is_dir();
    !contents.any(|content| is_content(content) && exists(content))
}

/// Folders in which the site's configuration is or may appear, and which are not watched with the one that is read.
fn list_around(dialect: &dyn Dialect, root: &Path, reads: &Path) -> Vec<PathBuf> {
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

/// The prefix of paths below a root in messages: relative to the current folder where that is shorter.
fn label_of(root: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let shown = root.strip_prefix(&here).unwrap_or(root).display().to_string();
    if shown.is_empty() { shown } else { format!("{}/", shown.trim_end_matches('/')) }
}

fn name_folder(root: &Path) -> String {
    // `..` at the end of a path has no name of its own.
    let real = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    real.file_name().map_or_else(|| "posts".to_owned(), |name| name.to_string_lossy().into_owned())
}
