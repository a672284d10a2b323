//! Addresses as Hugo makes them.

use std::collections::HashMap;

use chrono::Datelike;

use super::path::{clean_expanded, escape, normalise_path, split_name, split_path, urlise};
use super::{RULES, find_face, language, language_folder, layout};
use crate::post::address::squeeze;
use crate::post::dialect::{Expansion, Permalink, Reading, TooLong, is_any_word};
use crate::post::source::Source;
use crate::post::value::Value;

/// The words of patterns.
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
pub(super) fn of(reading: &Reading<'_>) -> Result<String, TooLong> {
    let settings = &reading.source.site.hugo;
    if let Some(url) = written_url(reading) {
        return Ok(escape(&finish_url(reading, &expand(reading, &url)?)));
    }
    let (folder, name) = split_path(reading.source, reading.path);
    let path = match find_pattern(reading) {
        Some(pattern) => clean_expanded(settings, expand(reading, pattern)?.trim_end_matches('/')),
        None => {
            let name =
                slug(reading).map_or_else(|| normalise_path(settings, name), |slug| urlise(settings, &slug));
            format!("{}/{name}", normalise_path(settings, folder))
        }
    };
    let end = if settings.is_ugly(section(reading)) { ".html" } else { "/" };
    let path = format!("{}/{path}{end}", prefix(reading));
    Ok(escape(&squeeze(&path)))
}

/// What of a post's own address can't be used.
pub(super) fn doubt(reading: &Reading<'_>) -> Option<(&'static str, String)> {
    Permalink::parse(&RULES, &written_url(reading)?).err().map(|why| ("url", why))
}

fn written_url(reading: &Reading<'_>) -> Option<String> {
    reading.front.get("url").and_then(Value::to_text).filter(|url| !url.trim().is_empty())
}

/// An address of a page's own: below its language unless it begins with `/`.
fn finish_url(reading: &Reading<'_>, url: &str) -> String {
    let url = if url.starts_with('/') { url.to_owned() } else { format!("{}/{url}", prefix(reading)) };
    let (path, query) =
        url.split_once('?').map_or((url.as_str(), ""), |(path, _)| (path, &url[path.len()..]));
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let last = if query.is_empty() { parts.last().copied().unwrap_or_default() } else { query };
    let is_file = query.is_empty() && last.contains('.');
    let path = format!("/{}", parts.join("/"));
    let slash = if path.ends_with('/') { "" } else { "/" };
    match (is_file, query) {
        (true, _) => path,
        (false, "") => format!("{path}{slash}"),
        (false, query) => format!("{path}{slash}{query}/"),
    }
}

/// `/zh` for a page in another language than the default, or where that has a folder of its own too.
fn prefix(reading: &Reading<'_>) -> String {
    let own = language(reading.source, reading.path);
    let known = &reading.source.site.languages;
    let place = known.iter().position(|code| Some(code.as_str()) == own).unwrap_or_default();
    language_folder(reading.source, place).map_or_else(String::new, |code| format!("/{code}"))
}

/// The first folder of a page.
fn section<'r>(reading: &Reading<'r>) -> &'r str {
    let (folder, _) = split_path(reading.source, reading.path);
    folder.split('/').next().unwrap_or_default()
}

/// The pattern of feedmill.toml, else the site's own for the section.
fn find_pattern<'r>(reading: &Reading<'r>) -> Option<&'r str> {
    let source = reading.source;
    let configured = Some(source.permalink.as_str()).filter(|pattern| !pattern.is_empty());
    let section = section(reading);
    configured.or_else(|| {
        let settings = &source.site.hugo;
        let code = language(source, reading.path);
        let own = settings.language_permalinks.iter().find(|(known, _)| Some(known.as_str()) == code);
        let patterns = own.map_or(&settings.permalinks, |(_, patterns)| patterns);
        let known = patterns.iter().find(|(name, _)| name.eq_ignore_ascii_case(section));
        known.map(|(_, pattern)| pattern.as_str())
    })
}

/// `slug` of the front matter, else that of a file name whose date counts.
fn slug(reading: &Reading<'_>) -> Option<String> {
    let written = reading.front.get("slug").and_then(Value::to_text).filter(|slug| !slug.is_empty());
    written.or_else(|| {
        let (_, named) = find_face(reading);
        let (_, name) = split_path(reading.source, reading.path);
        let (_, slug) = split_name(name).filter(|_| named)?;
        Some(slug.to_owned()).filter(|slug| !slug.is_empty())
    })
}

/// Folders above a page that are sections: the first, and those with an `_index.md`. Each with all
/// that is above it.
pub(super) fn sections<'p>(source: &Source, path: &'p str) -> Vec<&'p str> {
    let (folder, _) = split_path(source, path);
    let above = &path[..path.find(folder).unwrap_or_default()];
    let mut found = Vec::new();
    let mut end = 0;
    for name in folder.split('/').filter(|name| !name.is_empty()) {
        end += name.len() + usize::from(end > 0);
        let path = format!("{above}{}", &folder[..end]);
        if found.is_empty() || source.site.sections.iter().any(|section| section.path == path) {
            found.push(&folder[..end]);
        }
    }
    found
}

/// A pattern with its words filled in for a page.
fn expand(reading: &Reading<'_>, pattern: &str) -> Result<String, TooLong> {
    expand_words(pattern, |word, range| fill(reading, word, range))
}

/// A pattern with its words filled in; what is in brackets behind a word is passed with it. Each is asked for
/// once, however often it is written.
///
/// # Errors
/// [`TooLong`] if the text grows beyond any URL.
pub(super) fn expand_words(
    pattern: &str,
    fill: impl Fn(&str, Option<&str>) -> Option<String>,
) -> Result<String, TooLong> {
    let mut values: HashMap<(&str, Option<&str>), Option<String>> = HashMap::new();
    let mut filled = Expansion::default();
    let mut rest = pattern;
    while let Some((text, after)) = rest.split_once(':') {
        filled.push(text)?;
        let (word, mut after) = after.split_at(after.find(|c: char| !is_any_word(c)).unwrap_or(after.len()));
        let mut range = None;
        if let Some((inner, behind)) = after.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
            (range, after) = (Some(inner), behind);
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
    let settings = &reading.source.site.hugo;
    let (date, _) = find_face(reading);
    let (_, name) = split_path(reading.source, reading.path);
    let title = || {
        let title = reading.front.get("title").and_then(Value::to_text).unwrap_or_default();
        urlise(settings, &title.replace('/', "-"))
    };
    let own_slug = || slug(reading).map(|slug| urlise(settings, &slug));
    Some(match word {
        "year" => date.year().to_string(),
        "month" => format!("{:02}", date.month()),
        "monthname" => date.format("%B").to_string(),
        "day" => format!("{:02}", date.day()),
        "weekday" => date.weekday().num_days_from_sunday().to_string(),
        "weekdayname" => date.format("%A").to_string(),
        "yearday" => date.ordinal().to_string(),
        "section" | "sectionslug" => section(reading).to_owned(),
        "sections" | "sectionslugs" => {
            let all = sections(reading.source, reading.path);
            let names: Vec<&str> = all.iter().map(|path| path.rsplit('/').next().unwrap_or(path)).collect();
            pick(&names, range).join("/")
        }
        "title" => title(),
        "slug" => own_slug().unwrap_or_else(title),
        "filename" | "contentbasename" => normalise_path(settings, name),
        "slugorfilename" | "slugorcontentbasename" => {
            own_slug().unwrap_or_else(|| normalise_path(settings, name))
        }
        word => layout::format(date, word)?,
    })
}

/// `[1:]`, `[last]`, `[0]`: some of the sections.
pub(super) fn pick<'s>(sections: &[&'s str], range: Option<&str>) -> Vec<&'s str> {
    let Some(range) = range else { return sections.to_vec() };
    let place = |text: &str, usual: usize| match text {
        "" => usual,
        "last" => sections.len().saturating_sub(1),
        number => number.parse().unwrap_or(usual),
    };
    let (from, to) = match range.split_once(':') {
        Some((from, to)) => (place(from, 0), place(to, sections.len())),
        None => (place(range, 0), place(range, 0) + 1),
    };
    sections.get(from..to.min(sections.len())).map(<[_]>::to_vec).unwrap_or_default()
}
