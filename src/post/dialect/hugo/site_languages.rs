//! The languages of a site and their folders, by its configuration.

use std::cmp::Reverse;

use crate::config::Language;
use crate::post::site::LanguageInfo;
use crate::post::value::{Fields, Value};

/// Codes of the languages that are not built or have no pages.
pub(super) fn read_disabled(fields: &Fields) -> Vec<String> {
    let disables = |table: &Fields| table.get("disabled") == Some(&Value::Bool(true)) || has_no_pages(table);
    let is_off = |table: &Value| table.as_map().is_some_and(disables);
    let named = fields.get("disablelanguages").map(Value::items).unwrap_or_default();
    let table = fields.get("languages").and_then(Value::as_map);
    let off =
        table.into_iter().flat_map(Fields::iter).filter(|(_, value)| is_off(value)).map(|(code, _)| code);
    named.iter().filter_map(Value::to_text).chain(off.map(str::to_owned)).collect()
}

/// Codes of the languages, the default first; empty if there is only one.
pub(super) fn read_languages(fields: &Fields, default: &str, disabled: &[String]) -> Vec<String> {
    let table = fields.get("languages").and_then(Value::as_map);
    let known = table.into_iter().flat_map(Fields::iter).filter(|(code, value)| {
        value.as_map().is_some() && !disabled.iter().any(|off| off.eq_ignore_ascii_case(code))
    });
    let others: Vec<String> =
        known.map(|(code, _)| code.to_owned()).filter(|code| !code.eq_ignore_ascii_case(default)).collect();
    if others.is_empty() { others } else { [vec![default.to_owned()], others].concat() }
}

/// The folder of each language; empty if no language has its own folder.
pub(super) fn name_content_folders(
    languages: &[String],
    default: &String,
    usual: &str,
    own: impl Fn(&String) -> Option<String>,
) -> Vec<(String, String)> {
    let all = if languages.is_empty() { std::slice::from_ref(default) } else { languages };
    if all.iter().all(|code| own(code).is_none()) {
        return Vec::new();
    }
    let folder = |code: &String| (code.clone(), own(code).unwrap_or_else(|| usual.to_owned()));
    let mut folders: Vec<_> = all.iter().map(folder).collect();
    // `hugo 0.168`: of nested folders, a file belongs to the innermost.
    folders.sort_by_key(|(_, folder)| Reverse(folder.len()));
    folders
}

/// `disableKinds` with `page`, of the site or of a language.
pub(super) fn has_no_pages(fields: &Fields) -> bool {
    let kinds = fields.get("disablekinds").map(Value::items).unwrap_or_default();
    kinds.iter().filter_map(Value::as_str).any(|kind| kind.eq_ignore_ascii_case("page"))
}

/// The title of a language's feed, and its language tag.
pub(super) fn read_language_info(table: Option<&Fields>) -> LanguageInfo {
    let text = |key: &str| table.and_then(|table| table.get(key)?.to_text()).filter(|text| !text.is_empty());
    let tag = ["locale", "languagecode"].iter().find_map(|key| text(key));
    LanguageInfo {
        title: text("title"),
        tag: tag.filter(|tag| Language::is_tag(tag)),
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
