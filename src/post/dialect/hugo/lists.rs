//! The URL paths of Hugo's lists of sections and of terms.

use super::address::{expand_words, join, pick, slug_or_title};
use super::languages::language_folder;
use super::path::{clean_expanded, normalise_path, urlise, urlise_word};
use super::permalinks::find;
use super::{Hugo, Source, UrlRules};
use crate::post::dialect::ExpansionTooLong;
use crate::post::site::{Section, SiteSettings};

/// The URL path of a section relative to that of its language; `folder` is relative to the content folder.
pub(super) fn name_section(
    hugo: &Hugo,
    settings: &SiteSettings,
    folder: &str,
    own: Option<&Section>,
) -> String {
    let parts: Vec<&str> = folder.split('/').collect();
    let default = settings.languages.first().unwrap_or(&hugo.default_language);
    let code = own.and_then(|section| section.language.as_ref()).unwrap_or(default);
    let rules = hugo.urls_of(code);
    let pattern = find(&rules.permalinks, "section", folder, code);
    name_list(rules, folder, pattern, (&parts, &|| list_slugs((hugo, settings), rules, folder, own)), own)
}

/// The slugs of a section and of the sections above it, outermost first.
fn list_slugs(
    (hugo, settings): (&Hugo, &SiteSettings),
    rules: &UrlRules,
    folder: &str,
    own: Option<&Section>,
) -> Vec<String> {
    let find = |path: &str| {
        let language = own.and_then(|section| section.language.as_ref());
        let is_at = |section: &&Section| section.language.as_ref() == language && section.path == path;
        own.filter(|_| path == folder).or_else(|| settings.sections.iter().find(is_at))
    };
    let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
    ends.map(|end| &folder[..end]).map(|path| slug_or_title(hugo, rules, find(path), path)).collect()
}

/// The URL path below which the terms of a taxonomy are.
pub(super) fn term_root(source: Source<'_>, taxonomy: usize, language: usize) -> String {
    let name = &source.taxonomies[taxonomy].name;
    let root = match find_of_term(source, &format!("{name}/_"), language) {
        Some(pattern) => pattern.split(':').next().unwrap_or_default().trim_matches('/').to_owned(),
        None => normalise_path(source.own.urls_of(language_code(source, language)), name),
    };
    let folders = [language_folder(source, language).unwrap_or_default(), root];
    let folders: Vec<String> = folders.into_iter().filter(|folder| !folder.is_empty()).collect();
    folders.join("/")
}

/// The URL path of a term, relative to [`term_root`].
pub(super) fn term_slug(source: Source<'_>, taxonomy: usize, language: usize, term: &str) -> String {
    let settings = source.site;
    let rules = source.own.urls_of(language_code(source, language));
    let name = &source.taxonomies[taxonomy].name;
    // `hugo 0.168`: spaces are replaced one by one only if paths are lower-cased.
    let path = if rules.path_to_lower { normalise_path(rules, term) } else { urlise(rules, term) };
    let path = path.trim_matches('/').to_owned();
    let code = settings.languages.get(language).filter(|_| language > 0);
    let place = format!("{name}/{path}");
    let is_own = |section: &&Section| {
        section.language.as_ref() == code && normalise_path(rules, &section.path) == place
    };
    let own = settings.sections.iter().find(is_own);
    let pattern = find_of_term(source, &format!("{name}/{path}"), language);
    let suffix = pattern.and_then(|pattern| Some(&pattern[pattern.find(':')?..]));
    let title = Section { title: Some(term.to_owned()), ..Section::default() };
    let own = Section {
        title: own.and_then(|section| section.title.clone()).or(title.title),
        ..own.cloned().unwrap_or_default()
    };
    name_list(rules, &path, suffix, (&[name], &|| vec![name.clone()]), Some(&own))
}

/// The pattern for a term, by its path and the index of its language.
fn find_of_term<'s>(source: Source<'s>, path: &str, language: usize) -> Option<&'s str> {
    let code = language_code(source, language);
    find(&source.own.urls_of(code).permalinks, "term", path, code)
}

/// The code of a language, given by index.
fn language_code(source: Source<'_>, language: usize) -> &str {
    source.site.languages.get(language).unwrap_or(&source.own.default_language)
}

/// The `url` of the list's own page, else the expanded pattern, else the path with its `slug` at the end.
fn name_list(
    rules: &UrlRules,
    path: &str,
    pattern: Option<&str>,
    (sections, slugs): (&[&str], &dyn Fn() -> Vec<String>),
    own: Option<&Section>,
) -> String {
    if let Some(url) = own.and_then(|section| section.url.as_ref()) {
        return url.trim_matches('/').to_owned();
    }
    let (above, last) = path.rsplit_once('/').map_or(("", path), |(above, last)| (above, last));
    let slug = own.and_then(|section| section.slug.as_ref()).map(|slug| urlise(rules, slug));
    let by_path = || {
        let last = slug.clone().unwrap_or_else(|| normalise_path(rules, last));
        let above = normalise_path(rules, above);
        if above.is_empty() { last } else { format!("{above}/{last}") }
    };
    let Some(pattern) = pattern else { return by_path() };
    let title = || {
        let title = own.and_then(|section| section.title.as_deref()).unwrap_or(last);
        urlise_word(rules, &title.replace(['/', '\\'], "-"))
    };
    let slug = own.and_then(|section| section.slug.as_ref()).map(|slug| urlise_word(rules, slug));
    let filled = expand_words(pattern, |word, range| {
        Some(match word {
            "section" => sections.first()?.to_string(),
            "sections" => join(pick(sections, range)),
            "sectionslug" => slugs().into_iter().next()?,
            "sectionslugs" => join(pick(&slugs(), range)),
            "title" => title(),
            "slug" => slug.clone().unwrap_or_else(title),
            "slugorfilename" | "slugorcontentbasename" => {
                slug.clone().unwrap_or_else(|| urlise_word(rules, last))
            }
            "filename" | "contentbasename" => urlise_word(rules, last),
            _ => return None,
        })
    });
    // A pattern whose expansion is too long is ignored.
    filled.map_or_else(|ExpansionTooLong| by_path(), |filled| clean_expanded(rules, filled.trim_matches('/')))
}
