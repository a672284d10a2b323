//! URL paths as Hugo makes them.

use std::collections::HashMap;

use chrono::Datelike;

use super::dates::find_face;
use super::languages::{language, language_folder, language_place};
use super::path::{
    PagePlace, clean_expanded, escape, normalise_path, split_name, trim_slug, urlise, urlise_word,
};
use super::{Hugo, Reading, Source, UrlRules, layout, permalinks};
use crate::post::address::squeeze;
use crate::post::dialect::Permalink;
use crate::post::dialect::pattern::{Expansion, ExpansionTooLong, is_any_word};
use crate::post::file_path::tidy;
use crate::post::site::Section;
use crate::post::value::Value;

/// The placeholder names of permalink patterns.
pub(super) const WORDS: &[&str] = &[
    "contentbasename",
    "day",
    "filename",
    "month",
    "monthname",
    "section",
    "sections",
    "sectionslug",
    "sectionslugs",
    "slug",
    "slugorcontentbasename",
    "slugorfilename",
    "title",
    "weekday",
    "weekdayname",
    "year",
    "yearday",
];

/// `hugo 0.168`: `url`, else the pattern of the section, else the path.
pub(super) fn of(reading: &Reading<'_>) -> Result<String, ExpansionTooLong> {
    let settings = reading.source.own;
    let rules = url_rules(reading);
    if let Some(url) = written_url(reading) {
        return Ok(escape(&finish_url(reading, &expand(reading, &url)?)));
    }
    let place = PagePlace::find(reading.source, reading.path);
    let path = match find_pattern(reading) {
        Some(pattern) => clean_expanded(rules, expand(reading, pattern)?.trim_end_matches('/')),
        None => {
            let slug = slug(reading).map(|slug| urlise(rules, &slug));
            let name = slug.unwrap_or_else(|| normalise_path(rules, place.name));
            format!("{}/{name}", normalise_path(rules, &place.folder()))
        }
    };
    let end = if settings.is_ugly(place.section()) { ".html" } else { "/" };
    let path = format!("{}/{path}{end}", prefix(reading));
    Ok(escape(&squeeze(&path)))
}

/// Reports unknown placeholders in a page's own `url`.
pub(super) fn validate(reading: &Reading<'_>) -> Option<(&'static str, String)> {
    Permalink::parse(reading.source.own, &written_url(reading)?).err().map(|why| ("url", why))
}

fn written_url(reading: &Reading<'_>) -> Option<String> {
    reading.front.get("url").and_then(Value::to_text).filter(|url| !url.trim().is_empty())
}

/// `hugo 0.168 CreateTargetPaths`: a page's `url` is a folder unless it contains a dot and does not end in
/// `/`; it is below the language unless it begins with `/`.
fn finish_url(reading: &Reading<'_>, url: &str) -> String {
    let prefix = if url.starts_with('/') { String::new() } else { prefix(reading) };
    // Cleaned only if it contains `..`; this removes a `/` at its end.
    let (url, ends) =
        if url.contains("..") { (tidy(url), false) } else { (url.to_owned(), url.ends_with('/')) };
    let mut parts: Vec<&str> = url.split('/').filter(|part| !part.is_empty()).collect();
    let mut is_file = url.contains('.') && !ends;
    if is_file && parts.last() == Some(&"index.html") {
        parts.pop();
        is_file = false;
    }
    let slash = if is_file || parts.is_empty() { "" } else { "/" };
    format!("{prefix}/{}{slash}", parts.join("/"))
}

/// `/zh` for a page in a language other than the default, or if the default language has a folder too.
fn prefix(reading: &Reading<'_>) -> String {
    let place = language_place(reading.source, reading.path);
    language_folder(reading.source, place).map_or_else(String::new, |code| format!("/{code}"))
}

/// The code of a page's language.
fn language_code<'r>(reading: &Reading<'r>) -> &'r str {
    language(reading.source, reading.path).unwrap_or(&reading.source.own.default_language)
}

fn url_rules<'r>(reading: &Reading<'r>) -> &'r UrlRules {
    reading.source.own.urls_of(language_code(reading))
}

/// The pattern from feedmill.toml, else the site's pattern for the section.
fn find_pattern<'r>(reading: &Reading<'r>) -> Option<&'r str> {
    let source = reading.source;
    let configured = Some(source.permalink).filter(|pattern| !pattern.is_empty());
    configured.or_else(|| {
        let rules = &url_rules(reading).permalinks;
        let place = PagePlace::find(source, reading.path);
        let path = format!("{}/{}", place.folder(), place.name);
        permalinks::find(rules, "page", &path, language_code(reading))
    })
}

/// `slug` of the front matter, else the slug in the file name if the date is from the file name.
fn slug(reading: &Reading<'_>) -> Option<String> {
    let written = reading.front.get("slug").and_then(Value::to_text);
    let written = written.map(|slug| trim_slug(&slug).to_owned()).filter(|slug| !slug.is_empty());
    written.or_else(|| {
        let (_, named) = find_face(reading);
        let name = PagePlace::find(reading.source, reading.path).name;
        let (_, slug) = split_name(name).filter(|_| named)?;
        Some(slug.to_owned()).filter(|slug| !slug.is_empty())
    })
}

/// Those of a folder and the folders above it that are sections: the top one, and those with an `_index.md` in a language,
/// given by index. Paths are relative to `content`.
pub(super) fn sections<'f>(source: Source<'_>, folder: &'f str, language: usize) -> Vec<&'f str> {
    let ends = folder.match_indices('/').map(|(at, _)| at).chain([folder.len()]);
    let above = ends.map(|end| &folder[..end]).filter(|path| !path.is_empty()).enumerate();
    let is_section =
        |(depth, path): &(usize, &str)| *depth == 0 || source.site.find_section(path, language).is_some();
    above.filter(is_section).map(|(_, path)| path).collect()
}

/// Expands a pattern for a page.
fn expand(reading: &Reading<'_>, pattern: &str) -> Result<String, ExpansionTooLong> {
    expand_words(pattern, |word, range| fill(reading, word, range))
}

/// Expands a pattern; `\:` is a `:`. `fill` receives a placeholder and the text in brackets after it, and is
/// called once for each, however often it occurs.
///
/// # Errors
/// [`ExpansionTooLong`] if the result exceeds the limit of an [`Expansion`].
pub(super) fn expand_words(
    pattern: &str,
    fill: impl Fn(&str, Option<&str>) -> Option<String>,
) -> Result<String, ExpansionTooLong> {
    let mut values: HashMap<(&str, Option<&str>), Option<String>> = HashMap::new();
    let mut filled = Expansion::default();
    let mut rest = pattern;
    while let Some((text, after)) = rest.split_once(':') {
        if let Some(text) = text.strip_suffix('\\') {
            [text, ":"].into_iter().try_for_each(|text| filled.push(text))?;
            rest = after;
            continue;
        }
        filled.push(text)?;
        let (word, mut after) = after.split_at(after.find(|c: char| !is_any_word(c)).unwrap_or(after.len()));
        let mut range = None;
        if let Some((inner, suffix)) = after.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            (range, after) = (Some(inner), suffix);
        }
        match values.entry((word, range)).or_insert_with(|| fill(word, range)) {
            Some(value) => filled.push(value)?,
            None => [":", word].into_iter().try_for_each(|text| filled.push(text))?,
        }
        rest = after;
    }
    filled.push(rest)?;
    Ok(filled.into_text())
}

fn fill(reading: &Reading<'_>, word: &str, range: Option<&str>) -> Option<String> {
    let rules = url_rules(reading);
    let (date, _) = find_face(reading);
    let place = PagePlace::find(reading.source, reading.path);
    let title = || {
        let title = reading.front.get("title").and_then(Value::to_text).unwrap_or_default();
        urlise_word(rules, &title.replace(['/', '\\'], "-"))
    };
    let own_slug = || slug(reading).map(|slug| urlise_word(rules, &slug));
    Some(match word {
        "year" => date.year().to_string(),
        "month" => format!("{:02}", date.month()),
        "monthname" => date.format("%B").to_string(),
        "day" => format!("{:02}", date.day()),
        "weekday" => date.weekday().num_days_from_sunday().to_string(),
        "weekdayname" => date.format("%A").to_string(),
        "yearday" => date.ordinal().to_string(),
        // As in `.Section` and `.SectionsPath`, regardless of `disablePathToLower`.
        "section" => lower_path(place.section()),
        "sections" => {
            let language = language_place(reading.source, reading.path);
            let folder = place.folder();
            let all = sections(reading.source, &folder, language);
            let names: Vec<String> = all.iter().map(|folder| lower_path(last_part(folder))).collect();
            join(pick(&names, range))
        }
        "sectionslug" => section_slugs(reading).into_iter().next().unwrap_or_default(),
        "sectionslugs" => join(pick(&section_slugs(reading), range)),
        "title" => title(),
        "slug" => own_slug().unwrap_or_else(title),
        "filename" | "contentbasename" => urlise_word(rules, place.name),
        "slugorfilename" | "slugorcontentbasename" => {
            own_slug().unwrap_or_else(|| urlise_word(rules, place.name))
        }
        word => layout::format(date, word)?,
    })
}

/// `hugo 0.168 paths.NormalizePathStringBasic`
pub(super) fn lower_path(path: &str) -> String {
    path.to_lowercase().replace(' ', "-")
}

fn last_part(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

/// `go path.Join`: empty parts are omitted.
pub(super) fn join<T: AsRef<str>>(parts: &[T]) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

/// `hugo 0.168 pageToPermalinkSlugElseTitle` of each section above a page.
fn section_slugs(reading: &Reading<'_>) -> Vec<String> {
    let source = reading.source;
    let language = language_place(source, reading.path);
    let folder = PagePlace::find(source, reading.path).folder();
    let rules = url_rules(reading);
    let slug =
        |folder: &str| slug_or_title(source.own, rules, source.site.find_section(folder, language), folder);
    sections(source, &folder, language).into_iter().map(slug).collect()
}

/// The slug of the section at a folder, else its title, as a path segment.
pub(super) fn slug_or_title(
    hugo: &Hugo,
    rules: &UrlRules,
    section: Option<&Section>,
    folder: &str,
) -> String {
    let named = match section {
        Some(Section { slug: Some(slug), .. }) => slug.clone(),
        Some(section) => section.title.as_deref().unwrap_or_default().replace(['/', '\\'], "-"),
        None if hugo.plural_titles => make_plural(last_part(folder)),
        None => last_part(folder).to_owned(),
    };
    urlise_word(rules, &named)
}

/// The regular plural of an English word, as Hugo names a section without an `_index.md`.
fn make_plural(word: &str) -> String {
    let is_consonant = |c: char| c.is_ascii_alphabetic() && !"aeiou".contains(c.to_ascii_lowercase());
    match word.strip_suffix('y') {
        Some(stem) if stem.ends_with(is_consonant) => format!("{stem}ies"),
        _ if word.ends_with('s') && !word.ends_with("ss") => word.to_owned(),
        _ if ["ss", "x", "ch", "sh"].iter().any(|end| word.ends_with(end)) => format!("{word}es"),
        _ => format!("{word}s"),
    }
}

/// Selects a range of the sections: `[1:]`, `[last]`, `[0]`.
pub(super) fn pick<'s, T>(sections: &'s [T], range: Option<&str>) -> &'s [T] {
    let Some(range) = range else { return sections };
    let place = |text: &str, usual: usize| match text {
        "" => usual,
        "last" => sections.len().saturating_sub(1),
        number => number.parse().unwrap_or(usual),
    };
    let (from, to) = match range.split_once(':') {
        Some((from, to)) => (place(from, 0), place(to, sections.len())),
        None => (place(range, 0), place(range, 0) + 1),
    };
    sections.get(from..to.min(sections.len())).unwrap_or_default()
}
