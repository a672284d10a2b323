//! The files that a site's own configuration is made of, as they are read from disk.

use std::fs;
use std::path::Path;

use crate::config::Problem;
use crate::file;
use crate::post::config_file::ConfigFile;
use crate::post::defaults::Defaults;
use crate::post::dialect::{Dialect, FeedTemplates};
use crate::post::site::SiteSettings;

/// The folder in which generators have their data files, with a `/`.
pub(super) const DATA_FOLDER: &str = "_data/";

/// The number of configuration folders after which no subfolders are listed.
const DATA_FOLDERS: usize = 1000;

/// The file that lists paths that are not posts, in the syntax of `.gitignore`.
pub(super) const IGNORE: &str = ".feedmillignore";

/// The site's own configuration: the first of its files that exists, and the files of all its folders.
pub(super) fn read_config_files(
    dialect: &dyn Dialect,
    root: &Path,
    label: &str,
    problems: &mut Vec<Problem>,
) -> Vec<ConfigFile> {
    let files = dialect.spec().files;
    // A path that is not a regular file is reported when it is read.
    let is_there = |path: &str| fs::metadata(root.join(path)).is_ok_and(|metadata| !metadata.is_dir());
    let first = files.config.iter().find(|name| is_there(name));
    let mut paths: Vec<String> = first.into_iter().map(|name| (*name).to_owned()).collect();
    paths.extend(files.extras.iter().filter(|path| is_there(path)).map(|p| (*p).to_owned()));
    for folder in list_config_folders(dialect, root) {
        let entries = fs::read_dir(root.join(&folder)).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort_unstable();
        let tables: &[&str] = if is_data(&folder) { &[".csv", ".tsv"] } else { &[] };
        let is_config = |name: &String| {
            let mut extensions = [".toml", ".yaml", ".yml", ".json"].iter().chain(tables);
            extensions.any(|extension| name.ends_with(extension))
        };
        paths.extend(names.into_iter().filter(is_config).map(|name| format!("{folder}/{name}")));
    }
    let read = paths.into_iter().filter_map(|path| {
        let is_data = path.starts_with(DATA_FOLDER);
        // A post that prints data which cannot be read is reported itself.
        read_file(root, label, path).map_err(|problem| problems.extend((!is_data).then_some(problem))).ok()
    });
    read.collect()
}

/// The folders of a site's own configuration, and the subfolders of the data folder, each before its own subfolders.
pub(super) fn list_config_folders(dialect: &dyn Dialect, root: &Path) -> Vec<String> {
    let folders = dialect.spec().files.folders.iter();
    let mut folders: Vec<String> = folders.map(|folder| (*folder).to_owned()).collect();
    let mut at = 0;
    while let Some(folder) = folders.get(at).filter(|_| folders.len() < DATA_FOLDERS) {
        let within = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
        // A link to a folder is not followed: it may lead in a circle.
        let within =
            within.filter(|entry| is_data(folder) && entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let mut within: Vec<String> = within
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| !name.starts_with('.'))
            .map(|name| format!("{folder}/{name}"))
            .collect();
        within.sort_unstable();
        folders.extend(within);
        at += 1;
    }
    folders
}

/// Returns true if a folder is the folder of data files or within it.
pub(super) fn is_data(folder: &str) -> bool {
    format!("{folder}/").starts_with(DATA_FOLDER)
}

fn read_file(root: &Path, label: &str, path: String) -> Result<ConfigFile, Problem> {
    let name = format!("{label}{path}");
    match file::read_text(&root.join(&path)) {
        Ok(text) => Ok(ConfigFile { name, path, text: text.trim_start_matches('\u{feff}').to_owned() }),
        Err(error) => {
            let message = format!("the site's configuration cannot be read: {error}. Fix the file.");
            Err(Problem::error(name, message))
        }
    }
}

/// The text of the `.feedmillignore` of a folder; empty if there is none.
pub(super) fn read_ignored(folder: &Path, label: &str, problems: &mut Vec<Problem>) -> String {
    file::read_text(&folder.join(IGNORE)).unwrap_or_else(|error| {
        if !error.is_missing() {
            let message = format!("the file cannot be read: {error}. Fix it, or delete it.");
            problems.push(Problem::error(format!("{label}{IGNORE}"), message));
        }
        String::new()
    })
}

/// The site's own feed templates. One that cannot be read, such as a large feed that was built, is left out.
pub(super) fn read_templates(templates: &FeedTemplates, root: &Path) -> Vec<ConfigFile> {
    let layouts = fs::read_dir(root.join(templates.layouts)).into_iter().flatten().flatten();
    let mut names: Vec<String> = layouts.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    let layouts = names.into_iter().map(|name| format!("{}/{name}", templates.layouts));
    let paths = templates.paths.iter().map(|path| (*path).to_owned()).chain(layouts);
    let files = paths.filter(|path| templates.contains(path) && root.join(path).is_file());
    files.filter_map(|path| read_file(root, "", path).ok()).collect()
}

/// Reads the data files in the folders of posts, which have settings for other files: those further up first.
pub(super) fn read_data_files(
    dialect: &dyn Dialect,
    root: &Path,
    label: &str,
    content: &str,
    problems: &mut Vec<Problem>,
) -> Vec<ConfigFile> {
    let Some(is_data) = dialect.spec().data_files else { return Vec::new() };
    let mut paths = Vec::new();
    find_data_files(dialect, is_data, root, content, &mut paths);
    // The settings of a folder may depend on the settings of the folders above it.
    paths.sort_unstable_by(|one, other| {
        let depth = |path: &str| path.matches('/').count();
        depth(one).cmp(&depth(other)).then_with(|| one.cmp(other))
    });
    let read = |path| read_file(root, label, path).map_err(|problem| problems.push(problem)).ok();
    paths.into_iter().filter_map(read).collect()
}

/// Adds the settings of data files. A nearer one takes precedence over those further up.
pub(super) fn parse_data_files(
    dialect: &dyn Dialect,
    files: &[ConfigFile],
    settings: &mut SiteSettings,
    problems: &mut Vec<Problem>,
) {
    let mut found: Vec<Defaults> = Vec::new();
    for file in files {
        match dialect.read_data(settings, file) {
            Ok(data) => {
                found.extend(data.defaults);
                settings.sections.extend(data.section);
                problems.extend(data.problem);
            }
            Err(problem) => {
                settings.is_unreadable = true;
                problems.push(problem);
            }
        }
    }
    found.sort_by_key(|defaults| defaults.reach.depth());
    settings.defaults.extend(found);
}

fn find_data_files(
    dialect: &dyn Dialect,
    is_data: fn(&str) -> bool,
    root: &Path,
    folder: &str,
    found: &mut Vec<String>,
) {
    for entry in fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        // A link to a folder is not followed: it may lead in a circle.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            let enters = !name.starts_with('.') && name != "node_modules" && dialect.enters(&name);
            if enters {
                find_data_files(dialect, is_data, root, &path, found);
            }
        } else if is_data(&path) {
            found.push(path);
        }
    }
}
