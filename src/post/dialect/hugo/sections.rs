//! The sections of a site: its `_index.md` files.

use super::cascade::read_cascade;
use super::path::{join_folders, split_language, trim_slug};
use super::{Hugo, lists};
use crate::config::Problem;
use crate::post::config_file::ConfigFile;
use crate::post::defaults::Globs;
use crate::post::dialect::Dialect;
use crate::post::front_matter;
use crate::post::site::{Data, Section, SiteSettings};
use crate::post::value::Value;

/// Reads an `_index.md`: its folder is a section; its `cascade` sets defaults for pages.
pub(super) fn read(hugo: &Hugo, settings: &SiteSettings, file: &ConfigFile) -> Result<Data, Problem> {
    let front = front_matter::read(&file.text, hugo.spec().fences)
        .map_err(|fault| Problem::error(&file.name, fault.message).at(fault.place))?;
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let content = settings.content.as_deref().unwrap_or("content");
    // The language in its name, else the language of its folder.
    let own = hugo.content_folders.iter().find(|folder| folder.below(&file.path).is_some());
    if own.is_none() && !hugo.content_folders.is_empty() {
        return Ok(Data::default());
    }
    let (stem, code) = split_language(hugo, settings, file.path.rsplit('/').next().unwrap_or_default());
    if stem != "_index" {
        // The part after `_index` is not a language.
        return Ok(Data::default());
    }
    let is_other = |code: &&String| settings.languages.first().is_some_and(|default| default != *code);
    let named =
        code.and_then(|code| settings.languages.iter().find(|known| known.eq_ignore_ascii_case(code)));
    let language = named.filter(is_other).cloned();
    let language = language.or_else(|| own.map(|folder| &folder.language).filter(is_other).cloned());
    let content = own.map_or(content, |folder| &folder.path);
    let own_language = language.as_ref().or(settings.languages.first());
    let own_language = own_language.and_then(|code| Globs::read(std::slice::from_ref(code)).ok()?);
    let text = |key: &str| front.get(key).and_then(Value::to_text).filter(|text| !text.is_empty());
    // A complete URL path begins with the folder of its language.
    let code = language.as_ref().or(hugo.default_prefix.as_ref()).map(|code| code.to_lowercase());
    let code = code.filter(|_| !hugo.has_language_urls);
    let url = text("url").map(|url| {
        let below = code.and_then(|code| url.strip_prefix(&format!("/{code}/")).map(str::to_owned));
        below.unwrap_or(url)
    });
    let below = folder.strip_prefix(content).unwrap_or(folder).trim_start_matches('/');
    let mount = own.map_or("", |folder| &folder.mount);
    let mut section = Section {
        path: join_folders(mount, below).into_owned(),
        title: text("title"),
        slug: text("slug").map(|slug| trim_slug(&slug).to_owned()).filter(|slug| !slug.is_empty()),
        url,
        language,
        ..Section::default()
    };
    section.name = lists::name_section(hugo, settings, &section.path, Some(&section));
    let tables = front.get("cascade").map(Value::items).unwrap_or_default().iter().filter_map(Value::as_map);
    let mut problem = None;
    let defaults = tables.filter_map(|table| {
        read_cascade(table, folder, &[content], own_language.as_ref()).unwrap_or_else(|why| {
            problem = Some(Problem::error(&file.name, why).at(front.place("cascade")));
            None
        })
    });
    Ok(Data { defaults: defaults.collect(), section: Some(section), problem })
}
