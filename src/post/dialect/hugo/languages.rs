//! The language and the section of a page.

use super::path::{self, PagePlace};
use super::{Source, address, lists};

/// The language of a page: from its file name, else from its folder, else the default.
pub(super) fn language<'s>(source: Source<'s>, path: &str) -> Option<&'s str> {
    let languages = &source.site.languages;
    let default = languages.first()?;
    let named = path::split_language(source.own, source.site, path).1;
    let folder = || source.own.content_folders.iter().find(|folder| folder.below(path).is_some());
    let code = named.or_else(|| Some(folder()?.language.as_str()));
    let found = code.and_then(|code| languages.iter().find(|language| language.eq_ignore_ascii_case(code)));
    Some(found.unwrap_or(default))
}

/// The index of a page's language among the languages of its site.
pub(super) fn language_place(source: Source<'_>, path: &str) -> usize {
    let code = language(source, path);
    let place = source.site.languages.iter().position(|known| Some(known.as_str()) == code);
    place.unwrap_or_default()
}

/// The URL path segment of a language, given by index, if it has one.
pub(super) fn language_folder(source: Source<'_>, place: usize) -> Option<String> {
    if source.own.has_language_urls {
        return None;
    }
    let code = match place {
        0 => source.own.default_prefix.as_ref(),
        other => source.site.languages.get(other),
    };
    code.map(|code| code.to_lowercase())
}

/// The nearest section above a page.
pub(super) fn section(source: Source<'_>, path: &str) -> Option<String> {
    let (folder, language) = (PagePlace::find(source, path).folder(), language_place(source, path));
    let nearest = address::sections(source, &folder, language).pop()?;
    let known = source.site.find_section(nearest, language);
    Some(known.map_or_else(
        || lists::name_section(source.own, source.site, nearest, None),
        |section| section.name.clone(),
    ))
}
