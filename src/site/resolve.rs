//! A configured folder → its dialect, the root of its site, and the site's own settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::site_config::{DATA_FOLDER, IGNORE, is_data, parse_data_files};
use super::site_files::{SiteFiles, label_of};
use crate::config::{self, Config, Ids, Problem};
use crate::post::Source;
use crate::post::config_file::ConfigFile;
use crate::post::dialect::plain::Plain;
use crate::post::dialect::{Configured, Dialect, is_site_marker};
use crate::post::site::SiteSettings;

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
    /// The files that the settings are made of.
    pub(crate) files: Arc<SiteFiles>,
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
            files: _,
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
    let mut problems = Vec::new();
    let (files, configured) = SiteFiles::read(&absolute(config, written), written.dialect, &mut problems);
    combine(config, written, Arc::new(files), configured, problems)
}

/// Resolves a configured folder that is missing or empty, by the files that were stored of it.
pub(super) fn resolve_stored(
    config: &Config,
    written: &config::Source,
    stored: &[Arc<SiteFiles>],
) -> Option<Resolved> {
    let folder = absolute(config, written);
    let files = stored.iter().find(|files| files.belong_to(&folder, written.dialect))?;
    if fs::read_dir(&folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return None;
    }
    let configured = files.dialect()?.configure(&files.config);
    Some(combine(config, written, Arc::clone(files), configured, Vec::new()))
}

fn absolute(config: &Config, written: &config::Source) -> PathBuf {
    let shown = config.reach(written);
    std::path::absolute(&shown).unwrap_or(shown).components().collect()
}

/// Combines the files of a site with its configuration, which was made of them.
fn combine(
    config: &Config,
    written: &config::Source,
    files: Arc<SiteFiles>,
    configured: Configured,
    mut problems: Vec<Problem>,
) -> Resolved {
    let Configured { mut settings, dialect, problems: more } = configured;
    let dialect = dialect.or_else(|| files.dialect()).unwrap_or_else(|| Arc::new(Plain));
    problems.extend(more);
    settings.content = Some(files.content.clone());
    settings.is_content_bare = files.is_content_bare;
    settings.is_unreadable |= files.is_unreadable;
    parse_data_files(&*dialect, &files.data, &mut settings, &mut problems);
    settings.url = settings.url.take().or_else(|| dialect.guess_url(&files.name, &settings));
    settings.feed_template =
        dialect.spec().feed_templates.and_then(|templates| (templates.read)(&files.templates, &settings));
    let why = match settings.non_post_folders.as_slice() {
        [] => files.why.clone(),
        folders => format!("{}; not posts, by its own settings: {}", files.why, folders.join(", ")),
    };
    let label = label_of(&files.root);
    let is_extra = |file: &&ConfigFile| {
        dialect.spec().files.extras.contains(&file.path.as_str()) || file.path.starts_with(DATA_FOLDER)
    };
    // The link may be changed to lead elsewhere.
    let link = files.target.is_some().then(|| absolute(config, written));
    let mut around = files.around.clone();
    around.extend(link.as_deref().and_then(Path::parent).map(Path::to_owned));
    let source = ResolvedSource {
        name: written.name.clone().unwrap_or_else(|| files.name.clone()),
        folder: config.reach(written),
        why,
        is_auto: written.id == Ids::Auto,
        speaks: files.config.iter().filter(|file| !is_extra(file)).any(|file| !file.text.trim().is_empty()),
        ignored: files.ignored.clone(),
        around,
        link,
        own_file: files.config.first().map_or_else(|| label.clone(), |file| file.name.clone()),
        label,
        reads: files.reads(),
        root: files.root.clone(),
        dialect,
        settings,
        files,
    };
    Resolved { source, problems }
}
