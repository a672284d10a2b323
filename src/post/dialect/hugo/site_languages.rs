//! The languages of a site, by its configuration.

use crate::config::BaseUrl;
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

/// `disableKinds` with `page`, of the site or of a language.
pub(super) fn has_no_pages(reader: &mut SettingsReader<'_>, table: &str) -> bool {
    reader.texts(&format!("{table}disableKinds")).iter().any(|kind| kind.eq_ignore_ascii_case("page"))
}

/// `baseURL` of the site or of a language.
pub(super) fn read_url(reader: &mut SettingsReader<'_>, table: &str) -> Option<BaseUrl> {
    let key = format!("{table}baseURL");
    reader.text(&key).filter(|url| url != "/").and_then(|url| reader.base_url(&key, &url))
}

/// Further settings of each language, and true if languages have URLs of their own: any that has none then has that of
/// the site (`hugo 0.168`).
pub(super) fn read_languages(
    reader: &mut SettingsReader<'_>,
    languages: &[String],
    default: &str,
) -> (Vec<LanguageInfo>, bool) {
    let mut infos: Vec<_> = languages.iter().map(|code| read_language(reader, code)).collect();
    let has_urls = read_url(reader, &format!("languages.{default}.")).is_some()
        || infos.iter().any(|info| info.url.is_some());
    let site = read_url(reader, "").filter(|_| has_urls);
    for info in infos.iter_mut().skip(1) {
        info.url = info.url.take().or_else(|| site.clone());
    }
    // The URL of the default language is that of the source.
    infos.iter_mut().take(1).for_each(|info| info.url = None);
    (infos, has_urls)
}

fn read_language(reader: &mut SettingsReader<'_>, code: &str) -> LanguageInfo {
    let tag = ["locale", "languageCode"];
    LanguageInfo {
        tag: tag.iter().find_map(|key| reader.language(&format!("languages.{code}.{key}"))),
        title: reader.text(&format!("languages.{code}.title")),
        url: read_url(reader, &format!("languages.{code}.")),
        feed_names: Vec::new(),
    }
}
