//! Everything on disk that the settings of a site are made of. It can be stored, so that the settings are known while the
//! disk is unavailable.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::detect::{Detected, detect};
use super::layout::{is_bare, list_around};
use super::site_config::{read_config_files, read_data_files, read_ignored, read_templates};
use crate::config::{DialectName, Problem};
use crate::post::config_file::ConfigFile;
use crate::post::dialect::{Configured, Dialect, find_dialect};

/// The files of a site's own configuration, and its layout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SiteFiles {
    /// The folder as configured, absolute.
    folder: PathBuf,
    /// The dialect as configured.
    written: Option<String>,
    dialect: String,
    /// The evidence for the dialect.
    pub(super) why: String,
    /// The root of the site.
    pub(super) root: PathBuf,
    /// The name of that folder.
    pub(super) name: String,
    /// The target of the folder, if that is a link and was judged by its target.
    pub(super) target: Option<PathBuf>,
    /// The folder of posts, relative to the root.
    pub(super) content: String,
    /// True if the layout of that folder is not the one of the generator.
    pub(super) is_content_bare: bool,
    /// True if a data file could not be read.
    pub(super) is_unreadable: bool,
    /// The configuration files.
    pub(super) config: Vec<ConfigFile>,
    /// The data files in the folders of posts, those further up first.
    pub(super) data: Vec<ConfigFile>,
    /// The site's own feed templates.
    pub(super) templates: Vec<ConfigFile>,
    /// The text of `.feedmillignore`.
    pub(super) ignored: String,
    /// Further folders to watch.
    pub(super) around: Vec<PathBuf>,
}

impl SiteFiles {
    /// Reads the files of the site that a folder is or lies in, and its configuration. A folder that does not exist counts
    /// as empty.
    pub(super) fn read(
        folder: &Path,
        written: Option<DialectName>,
        problems: &mut Vec<Problem>,
    ) -> (Self, Configured) {
        let Detected { dialect: generator, root, why, target } = detect(folder, written);
        let label = label_of(&root);
        let config = read_config_files(&*generator, &root, &label, problems);
        let configured = generator.configure(&config);
        let dialect = configured.dialect.as_ref().unwrap_or(&generator);
        let settings = &configured.settings;
        let reached = target.as_deref().unwrap_or(folder);
        let is_content_bare = is_bare(&**dialect, settings, &root, reached, !config.is_empty());
        let bare = reached.strip_prefix(&root).ok().and_then(Path::to_str).filter(|_| is_content_bare);
        let usual = || settings.content.as_deref().unwrap_or(dialect.spec().files.content);
        let content = bare.unwrap_or_else(usual).to_owned();
        let reads = choose_folder(&root, reached, &content);
        let before = problems.len();
        let data = read_data_files(&**dialect, &root, &label, &content, problems);
        let files = Self {
            folder: folder.to_owned(),
            written: written.map(|name| name.to_string()),
            dialect: generator.name().to_owned(),
            why,
            name: name_folder(&root),
            is_content_bare,
            is_unreadable: problems.len() > before,
            templates: dialect
                .spec()
                .feed_templates
                .map(|templates| read_templates(templates, &root))
                .unwrap_or_default(),
            ignored: read_ignored(&reads, &label_of(&reads), problems),
            around: list_around(&**dialect, &root, &reads),
            config,
            content,
            data,
            target,
            root,
        };
        (files, configured)
    }

    /// Returns true if they were read for a configured folder and dialect.
    pub(super) fn belong_to(&self, folder: &Path, written: Option<DialectName>) -> bool {
        self.folder == folder && self.written.as_deref() == written.map(DialectName::as_str)
    }

    /// The dialect, without the settings that only the site has; `None` if it is unknown.
    pub(super) fn dialect(&self) -> Option<Arc<dyn Dialect>> {
        DialectName::find(&self.dialect).map(find_dialect)
    }

    /// The folder that is configured, or the target of that link.
    pub(super) fn reached(&self) -> &Path {
        self.target.as_deref().unwrap_or(&self.folder)
    }

    /// The folder that is read.
    pub(super) fn reads(&self) -> PathBuf {
        choose_folder(&self.root, self.reached(), &self.content)
    }
}

/// Of a whole site, which may lie one level below, only the folder of its posts is read, even if it is missing.
fn choose_folder(root: &Path, reached: &Path, content: &str) -> PathBuf {
    if root.starts_with(reached) { root.join(content).components().collect() } else { reached.to_owned() }
}

/// The prefix of paths below a root in messages: relative to the current folder where that is shorter.
pub(super) fn label_of(root: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let shown = root.strip_prefix(&here).unwrap_or(root).display().to_string();
    if shown.is_empty() { shown } else { format!("{}/", shown.trim_end_matches('/')) }
}

fn name_folder(root: &Path) -> String {
    // `..` at the end of a path has no name of its own.
    let real = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    real.file_name().map_or_else(|| "posts".to_owned(), |name| name.to_string_lossy().into_owned())
}
