//! Hugo 0.168: pages below `content`, with taxonomies and date keys from its configuration.

mod address;
mod cascade;
mod ignored;
mod layout;
mod lists;
mod markup;
mod path;
mod permalinks;
mod site;
mod target;
mod url_rules;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};

pub use self::ignored::IgnoredFiles;
pub use self::permalinks::PermalinkRule;
pub use self::site::HugoSettings;
pub use self::url_rules::UrlRules;
use super::{
    DataFiles, FILE_NAME, Id, Reading, Rules, TaxonomyKey, Undated, id_parts, is_any_word, leaf_folder,
    merge_whole, read_text,
};
use crate::body::{FootnoteIds, Pass, Syntax, Templates};
use crate::config::{Dialect, Future};
use crate::post::Listed;
use crate::post::date::{Moment, go};
use crate::post::front_matter::{Fences, FrontMatter};
use crate::post::source::{Source, is_html};
use crate::post::value::Value;

/// Markdown of `goldmark 1.7` with shortcodes.
const SYNTAX: Syntax = Syntax {
    templates: Templates::HugoShortcodes,
    passes: &[Pass::FootnoteLabels, Pass::UrlEscapes],
    extensions: &["{", "$$", "\n: ", "[!"],
    has_definitions: true,
    footnotes: FootnoteIds::Goldmark,
    ..Syntax::GITHUB
};

/// The extensions of a site where `$$` is text.
const WITHOUT_FORMULAS: &[&str] = &["{", "\n: ", "[!"];

/// The rules of Hugo.
pub static RULES: Rules = Rules {
    dialect: Dialect::Hugo,
    syntax: |site| Syntax {
        extensions: if site.plain_dollars { WITHOUT_FORMULAS } else { SYNTAX.extensions },
        has_emoji: site.emoji,
        ..SYNTAX
    },
    what: "a page below `content`, with a date",
    fences: Fences::Hugo,
    // Hugo's feeds print the publication date, which falls back to the date.
    date_keys: &["publishdate", "pubdate", "published", "date", "lastmod", "modified"],
    updated_keys: &["lastmod", "modified"],
    author_keys: &["author", "authors"],
    expiry_keys: &["expirydate", "unpublishdate"],
    in_machine_zone: false,
    id_keys: &["guid"],
    undated: Undated::Skip,
    future: Future::Hold,
    // Patterns are set per section.
    permalink: "",
    placeholders: address::WORDS,
    is_placeholder: layout::is_layout,
    is_word: is_any_word,
    expand_permalink: |pattern| pattern,
    extensions: EXTENSIONS,
    is_post,
    enters: |_, _| true,
    is_hidden,
    is_leaf: path::is_leaf,
    leaf_names: path::leaf_names,
    complete: |_, _| (),
    assets: leaf_folder,
    file_date: |source, path| {
        path::split_name(path::base_name(source, path)).map(|(date, _)| Moment::Local(date))
    },
    read_date,
    title: |reading| reading.front.get("title").and_then(Value::to_text).unwrap_or_default(),
    terms,
    address: address::of,
    id: |_, path| Id::Path(path.to_owned()),
    id_parts,
    templates: None,
    term_root: lists::term_root,
    term_slug: lists::term_slug,
    validate: address::validate,
    is_markdown: |path| !is_html(path),
    language,
    section,
    listed,
    config_files: &[
        "hugo.toml",
        "hugo.yaml",
        "hugo.yml",
        "hugo.json",
        "config.toml",
        "config.yaml",
        "config.yml",
        "config.json",
    ],
    config_extras: &[],
    config_folders: &["config/_default", "config/production"],
    content: "content",
    post_folders: |_| Vec::new(),
    data: Some(DataFiles {
        is_data: |path| {
            let file = path.rsplit('/').next().unwrap_or(path);
            file.strip_prefix("_index.")
                .is_some_and(|extension| EXTENSIONS.contains(&extension) || extension.contains('.'))
        },
        read: site::read_data,
    }),
    merge: merge_whole,
    read_site: site::read,
};

/// Extensions of formats that Hugo renders without external programs.
const EXTENSIONS: &[&str] = &["md", "markdown", "mdown", "html", "htm", "org"];

/// Pages are the files below `content` except section files; files next to an `index.md` are excluded when
/// folders are scanned.
fn is_post(source: &Source, path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    let code = file.rsplit_once('.').and_then(|(stem, _)| Some(stem.rsplit_once('.')?.1));
    let is_off = source.site.hugo.disabled.iter().any(|(off, folder)| {
        let within = folder.as_ref().and_then(|folder| path.strip_prefix(folder.as_str()));
        code.is_some_and(|code| code.eq_ignore_ascii_case(off))
            || within.is_some_and(|rest| rest.starts_with('/'))
    });
    let is_page = path::below_content(source, path).is_some() && !file.starts_with("_index.") && !is_off;
    is_page && !source.site.hugo.no_pages && !source.site.hugo.ignored.contains(path)
}

/// Drafts, pages that are not listed, and HTML without front matter, which is copied unchanged, are hidden.
fn is_hidden(source: &Source, path: &str, front: &FrontMatter<'_>) -> bool {
    let is_true = |value: &Value| match value {
        Value::Bool(value) => *value,
        Value::Text(word) => matches!(word.as_str(), "true" | "True" | "TRUE" | "1" | "t" | "T"),
        Value::Int(number) => *number != 0,
        _ => false,
    };
    let drafted = front.get("draft").is_some_and(is_true) && !source.drafts;
    let headless = front.get("headless").is_some_and(is_true);
    let unlisted = match find_list(front) {
        Some(Value::Bool(listed)) => !listed,
        Some(Value::Text(word)) => word == "never",
        _ => false,
    };
    let copied = !front.exists && is_html(path);
    drafted || headless || unlisted || copied
}

/// `build.list`
fn find_list<'f>(front: &'f FrontMatter<'_>) -> Option<&'f Value> {
    front.get("build").or_else(|| front.get("_build"))?.as_map()?.get("list")
}

/// `local`: only in the lists of the page's section and terms.
fn listed(_: &Source, _: &str, front: &FrontMatter<'_>) -> Listed {
    match find_list(front).and_then(Value::as_str) {
        Some("local") => Listed::Locally,
        _ => Listed::Everywhere,
    }
}

fn read_date(
    source: &Source,
    _: &FrontMatter<'_>,
    key: &str,
    value: &Value,
) -> Result<Option<DateTime<Utc>>, String> {
    Ok(read_written(key, value)?.map(|moment| moment.in_zone(source.time_zone)))
}

/// A number is Unix time in seconds (`cast 1.10 ToTimeInDefaultLocationE`); an empty text is not a date.
fn read_written(key: &str, value: &Value) -> Result<Option<Moment>, String> {
    let seconds = match value {
        Value::Text(text) if text.is_empty() => return Ok(None),
        Value::Int(seconds) => DateTime::from_timestamp(*seconds, 0).filter(|at| at.year() < 9999),
        _ => None,
    };
    match seconds {
        Some(instant) => Ok(Some(Moment::Fixed(instant.fixed_offset()))),
        None => read_text(key, value, go::read).map(Some),
    }
}

/// The wall-clock time of `.Date`, and true if it is from the file name.
fn find_face(reading: &Reading<'_>) -> (NaiveDateTime, bool) {
    for key in &reading.source.site.hugo.date_keys {
        if key == FILE_NAME {
            let named = path::split_name(path::base_name(reading.source, reading.path));
            if let Some((date, _)) = named {
                return (date, true);
            }
        } else if let Some(value) = reading.front.get(key).filter(|value| **value != Value::Null)
            && let Ok(Some(moment)) = read_written(key, value)
        {
            return (moment.face(), false);
        }
    }
    (reading.date.naive_local(), false)
}

/// The language of a page: from its file name, else from its folder, else the default.
fn language<'s>(source: &'s Source, path: &str) -> Option<&'s str> {
    let languages = &source.site.languages;
    let default = languages.first()?;
    let named = path::split_language(&source.site, path).1;
    let folder = source
        .site
        .hugo
        .content_folders
        .iter()
        .find(|(_, folder)| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')));
    let code = named.or_else(|| folder.map(|(code, _)| code.as_str()));
    let found = code.and_then(|code| languages.iter().find(|language| language.eq_ignore_ascii_case(code)));
    Some(found.unwrap_or(default))
}

/// The index of a page's language among the languages of its site.
fn language_place(source: &Source, path: &str) -> usize {
    let code = language(source, path);
    let place = source.site.languages.iter().position(|known| Some(known.as_str()) == code);
    place.unwrap_or_default()
}

/// The URL path segment of a language, given by index, if it has one.
fn language_folder(source: &Source, place: usize) -> Option<String> {
    let code = match place {
        0 => source.site.hugo.default_prefix.as_ref(),
        other => source.site.languages.get(other),
    };
    code.map(|code| code.to_lowercase())
}

/// The nearest section above a page.
fn section(source: &Source, path: &str, _: &FrontMatter<'_>) -> Option<String> {
    let (folder, nearest) = address::sections(source, path).pop()?;
    let known = source.site.find_section(folder, language_place(source, path));
    Some(
        known
            .map_or_else(|| lists::name_section(&source.site, nearest, None), |section| section.name.clone()),
    )
}

/// `hugo 0.168 pagemeta`: strings, numbers and booleans; a list that contains a list or map is ignored.
fn terms(reading: &Reading<'_>, taxon: TaxonomyKey<'_>) -> Vec<String> {
    let read = |key: &str| -> Vec<String> {
        let items = reading.front.get(key).map(Value::items).unwrap_or_default();
        let nested = items.iter().any(|item| matches!(item, Value::List(_) | Value::Map(_)));
        if nested { Vec::new() } else { items.iter().filter_map(Value::to_text).collect() }
    };
    match taxon {
        TaxonomyKey::Tags => read("tags"),
        TaxonomyKey::Categories => read("categories"),
        TaxonomyKey::Authors => Vec::new(),
        TaxonomyKey::Keys(keys) => keys.iter().flat_map(|key| read(key)).collect(),
    }
}

/// A calendar day; `None` if it does not exist.
fn make_day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}
