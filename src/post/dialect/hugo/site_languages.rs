//! The languages of a site and their folders, by its configuration.

use std::cmp::Reverse;

use crate::post::settings_reader::SettingsReader;
use crate::post::site::LanguageInfo;

/// Codes of the languages that are not built or have no pages.
pub(super) fn read_disabled(reader: &mut SettingsReader<'_>, codes: &[&str]) -> Vec<String> {
    let mut off = reader.texts("disableLanguages");
    let is_off = |code: &&&str| {
        let table = format!("languages.{code}.");
        reader.is_on(&format!("{table}disabled")) || has_no_pages(reader, &table)
    };
    off.extend(codes.iter().filter(is_off).map(|code| (*code).to_owned()));
    off
}

/// Codes of the languages, the default first; empty if there is only one.
pub(super) fn list_languages(codes: &[&str], default: &str, disabled: &[String]) -> Vec<String> {
    let is_other = |code: &&&str| {
        !code.eq_ignore_ascii_case(default) && !disabled.iter().any(|off| off.eq_ignore_ascii_case(code))
    };
    let others: Vec<String> = codes.iter().filter(is_other).map(|code| (*code).to_owned()).collect();
    if others.is_empty() { others } else { [vec![default.to_owned()], others].concat() }
}

/// The folder of each language; empty if no language has its own folder.
pub(super) fn name_content_folders(own: Vec<(String, Option<String>)>, usual: &str) -> Vec<(String, String)> {
    if own.iter().all(|(_, folder)| folder.is_none()) {
        return Vec::new();
    }
    let folder = |(code, folder): (_, Option<String>)| (code, folder.unwrap_or_else(|| usual.to_owned()));
    let mut folders: Vec<_> = own.into_iter().map(folder).collect();
    // `hugo 0.168`: of nested folders, a file belongs to the innermost.
    folders.sort_by_key(|(_, folder)| Reverse(folder.len()));
    folders
}

/// `disableKinds` with `page`, of the site or of a language.
pub(super) fn has_no_pages(reader: &mut SettingsReader<'_>, table: &str) -> bool {
    reader.texts(&format!("{table}disableKinds")).iter().any(|kind| kind.eq_ignore_ascii_case("page"))
}

/// The title of a language's feed, and its language tag.
pub(super) fn read_language_info(reader: &mut SettingsReader<'_>, code: &str) -> LanguageInfo {
    let tag = ["locale", "languageCode"];
    LanguageInfo {
        tag: tag.iter().find_map(|key| reader.language(&format!("languages.{code}.{key}"))),
        title: reader.text(&format!("languages.{code}.title")),
        feed_names: Vec::new(),
    }
}

/// The common parent folder of the languages' folders.
pub(super) fn content_root(folders: &[(String, String)]) -> Option<String> {
    let mut common: Vec<&str> = folders.first()?.1.split('/').collect();
    for (_, folder) in folders {
        let same = common.iter().zip(folder.split('/')).take_while(|(one, other)| *one == other).count();
        common.truncate(same);
    }
    Some(common.join("/"))
}
