//! The folders of pages, by the configuration: `contentDir` and `module.mounts`.

use std::cmp::Reverse;

use super::target::{Target, covers};
use crate::post::dialect::ContentFolder;
use crate::post::file_path::tidy;
use crate::post::settings_reader::SettingsReader;
use crate::post::value::{Fields, Value};

/// The folders of pages; empty if there is only one, which is not mounted. `languages` are the codes of the languages, the
/// default first, with their folders.
pub(super) fn read_folders(
    reader: &mut SettingsReader<'_>,
    languages: &[(String, Option<String>)],
    usual: &str,
) -> Vec<ContentFolder> {
    let codes: Vec<&str> = languages.iter().map(|(code, _)| code.as_str()).collect();
    let mut folders: Vec<ContentFolder> = match read_mounts(reader, &codes) {
        Some(mounted) => mounted,
        None if languages.iter().all(|(_, folder)| folder.is_none()) => Vec::new(),
        None => {
            let own = languages.iter().map(|(code, folder)| ContentFolder {
                path: folder.clone().unwrap_or_else(|| usual.to_owned()),
                mount: String::new(),
                language: code.clone(),
            });
            own.collect()
        }
    };
    // `hugo 0.168`: of nested folders, a file belongs to the innermost.
    folders.sort_by_key(|folder| Reverse(folder.path.len()));
    folders
}

/// The folders of this site that are mounted at `content` or below. `None`: none is; otherwise only these have pages
/// (`hugo 0.168 modules: collect mounts`).
fn read_mounts(reader: &mut SettingsReader<'_>, languages: &[&str]) -> Option<Vec<ContentFolder>> {
    let text = |table: &Fields, key: &str| table.get(key).and_then(Value::to_text).unwrap_or_default();
    let mut mounted: Option<Vec<ContentFolder>> = None;
    for table in reader.tables("module.mounts") {
        let (source, target) = (text(table, "source"), tidy(&text(table, "target")));
        let Some(mount) = target.strip_prefix("content") else { continue };
        // A file may be mounted too.
        if mount.contains('.') || !(mount.is_empty() || mount.starts_with('/')) {
            continue;
        }
        let folders = mounted.get_or_insert_default();
        let globs = Target::within(table).languages().unwrap_or_else(|why| {
            reader.report("module.mounts", why);
            None
        });
        // A file is one post: of several languages it has the first.
        let language = languages.iter().find(|code| covers(globs.as_ref(), code));
        let is_outside = source.starts_with('/') || source.split('/').any(|part| part == "..");
        folders.extend(language.filter(|_| !is_outside).map(|code| ContentFolder {
            path: tidy(&source),
            mount: mount.trim_start_matches('/').to_owned(),
            language: (*code).to_owned(),
        }));
    }
    mounted
}

/// The common parent folder of folders of pages.
pub(super) fn find_root(folders: &[ContentFolder]) -> Option<String> {
    let mut common: Vec<&str> = folders.first()?.path.split('/').collect();
    for folder in folders {
        let parts = folder.path.split('/');
        let same = common.iter().zip(parts).take_while(|(one, other)| *one == other).count();
        common.truncate(same);
    }
    Some(common.join("/"))
}
