//! Zola 0.22: pages below `content`, terms under `[taxonomies]`, languages by file name.

use chrono::{DateTime, NaiveDate};
use slug::slugify;

use super::{
    DataFiles, FILE_NAME, Id, Reading, Rules, Taxon, Undated, fill_pattern, is_lower_word, merge_whole,
    read_date,
};
use crate::config::{Dialect, Format as FeedFormat, Future, Problem};
use crate::post::address::normalise;
use crate::post::date::Moment;
use crate::post::front_matter::{self, Fences, Format};
use crate::post::site::{
    ConfigFile, Data, Defaults, FeedNames, Kind, LanguageInfo, Section, SettingsReader, SiteSettings, Slugify,
};
use crate::post::source::{Source, has_extension};
use crate::post::value::{Fields, Value};

/// The rules of Zola.
pub static RULES: Rules = Rules {
    dialect: Dialect::Zola,
    what: "a page below `content`, with a date",
    fences: Fences::Lines { formats: &[Format::Toml, Format::Yaml], after_blanks: true },
    date_keys: &["date", FILE_NAME],
    updated_keys: &["updated"],
    author_keys: &["authors"],
    expiry_keys: &[],
    in_machine_zone: false,
    id_keys: &["guid"],
    undated: Undated::Skip,
    future: Future::Show,
    permalink: "/:path/",
    placeholders: &["path"],
    is_placeholder: |_| false,
    is_word: is_lower_word,
    expand_permalink: |pattern| pattern,
    extensions: &["md"],
    is_post,
    enters: |_| true,
    is_hidden: |source, _, front| front.get("draft") == Some(&Value::Bool(true)) && !source.drafts,
    is_leaf: |_, _| false,
    leaf_names: |_| Vec::new(),
    file_date: |_, path| split_name(name_of(path, &[])).map(|(date, _)| date),
    read_date,
    title: |reading| reading.front.get("title").and_then(Value::to_text).unwrap_or_default(),
    terms,
    address,
    id,
    term_slug: |_, _, term| slugify(term),
    doubt: |_| None,
    is_markdown: |_| true,
    language,
    section,
    config_files: &["zola.toml", "config.toml"],
    config_extras: &[],
    config_folders: &[],
    content: "content",
    merge: merge_whole,
    data: Some(DataFiles { is_data: |path| path.ends_with("/_index.md"), read: read_data }),
    read_site,
};

/// A section; one that is a draft makes drafts of all pages in its folder.
fn read_data(_: &SiteSettings, file: &ConfigFile) -> Result<Data, Problem> {
    let front = front_matter::read(&file.text, RULES.fences)
        .map_err(|fault| Problem::error(&file.name, fault.message).at(fault.place))?;
    let is_on = |key: &str| front.get(key) == Some(&Value::Bool(true));
    let path = file.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let mut values = Fields::default();
    values.insert("draft".to_owned(), Value::Bool(true));
    let draft =
        is_on("draft").then(|| Defaults { path: path.clone(), values, beats: true, is_prefix: false });
    Ok(Data {
        defaults: draft.into_iter().collect(),
        section: Some(Section { path, transparent: is_on("transparent") }),
        problem: None,
    })
}

/// The section that a page's folder is, or that to which it hands its pages on.
fn section(source: &Source, path: &str) -> Option<String> {
    let (mut folder, file) = path.rsplit_once('/')?;
    if file == "index.md" || file.starts_with("index.") {
        folder = folder.rsplit_once('/')?.0;
    }
    let find = |folder: &str| source.site.sections.iter().find(|section| section.path == folder);
    while find(folder)?.transparent {
        folder = folder.rsplit_once('/')?.0;
    }
    let parts = below_content(folder)?.split('/').map(|part| slugify_path(part, source.site.slugify));
    Some(parts.collect::<Vec<_>>().join("/"))
}

/// Pages are the files below `content` whose name has its extension in lower case, but for the
/// sections' own.
fn is_post(_: &Source, path: &str) -> bool {
    let file = path.rsplit('/').next().unwrap_or(path);
    let section = file == "_index.md" || (file.starts_with("_index.") && has_extension(file, &["md"]));
    // `X.MD` is no page to Zola.
    let is_markdown = file.rsplit_once('.').is_some_and(|(_, extension)| extension == "md");
    below_content(path).is_some() && is_markdown && !section
}

/// A path relative to `content`.
fn below_content(path: &str) -> Option<&str> {
    path.strip_prefix("content/")
}

/// The name a page goes by: of its file without extension and language, or for `index.md` its folder's.
fn name_of<'p>(path: &'p str, languages: &[String]) -> &'p str {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.strip_suffix(".md").unwrap_or(file);
    let stem = match stem.rsplit_once('.') {
        Some((stem, code)) if languages.iter().any(|language| language == code) => stem,
        _ => stem,
    };
    if stem == "index" { folder.rsplit('/').next().unwrap_or(folder) } else { stem }
}

/// `zola 0.22 Page: RFC3339_DATE`: the date at the start of a name, and what follows after a `-` or
/// `_`, if anything does.
fn split_name(name: &str) -> Option<(Moment, Option<&str>)> {
    let mut date = Moment::Day(NaiveDate::parse_from_str(name.get(..10)?, "%Y-%m-%d").ok()?);
    let mut rest = &name[10..];
    if rest.starts_with('T') {
        // A whole time stamp, with its offset.
        let ends = (11..=name.len()).filter(|end| name.is_char_boundary(*end));
        let mut stamps = ends.map(|end| (end, DateTime::parse_from_rfc3339(&name[..end])));
        let (end, stamp) = stamps.find_map(|(end, stamp)| Some((end, stamp.ok()?)))?;
        (date, rest) = (Moment::Fixed(stamp), &name[end..]);
    }
    let rest = rest.strip_prefix(char::is_whitespace).unwrap_or(rest);
    if rest.is_empty() {
        return Some((date, None));
    }
    let slug = rest.strip_prefix(['-', '_'])?;
    (!slug.is_empty()).then_some((date, Some(slug)))
}

/// The language of a file name, where the site declares several.
fn language<'s>(source: &'s Source, path: &str) -> Option<&'s str> {
    let default = source.site.languages.first()?;
    let stem = path.strip_suffix(".md")?;
    let code = stem.rsplit('/').next()?.rsplit_once('.').map(|(_, code)| code);
    let named = source.site.languages.iter().find(|language| Some(language.as_str()) == code);
    Some(named.unwrap_or(default))
}

/// `zola 0.22 utils::slugs::slugify_paths`.
fn slugify_path(text: &str, mode: Slugify) -> String {
    match mode {
        Slugify::On => slugify(text),
        Slugify::Safe => {
            let trimmed = text.trim_end_matches([' ', '.']);
            trimmed.chars().filter(|c| !"<>:\"/\\|?*\n\r\t".contains(*c)).collect()
        }
        Slugify::Off => text.to_owned(),
    }
}

/// `zola 0.22 Page::parse`: `path` as written, else folders and slug below the language.
fn page_path(reading: &Reading<'_>) -> String {
    let site = &reading.source.site;
    let text = |key| reading.front.get(key).and_then(Value::to_text).map(|text| text.trim().to_owned());
    let mut path = match text("path") {
        Some(path) => path,
        None => {
            let name = name_of(reading.path, &site.languages);
            let slug = match (text("slug"), split_name(name)) {
                (Some(slug), _) => slug,
                (None, Some((_, Some(rest)))) if !site.keep_dates => rest.to_owned(),
                _ => name.to_owned(),
            };
            let below = below_content(reading.path).unwrap_or(reading.path);
            let mut folders: Vec<&str> = below.split('/').collect();
            let file = folders.pop().unwrap_or_default();
            if file == "index.md" || (file.starts_with("index.") && file.matches('.').count() == 2) {
                folders.pop();
            }
            let slug = slugify_path(&slug, site.slugify);
            let language = language(reading.source, reading.path)
                .filter(|l| Some(*l) != site.languages.first().map(String::as_str));
            let own = folders.into_iter().chain([slug.as_str()]).collect::<Vec<_>>().join("/");
            // Zola itself has one pattern; feedmill.toml may write another.
            let own = fill_pattern(reading.source.permalink.as_str(), is_lower_word, |name| {
                (name == "path").then(|| own.clone())
            });
            language.map(|code| format!("/{code}")).into_iter().chain([own]).collect()
        }
    };
    if !path.starts_with('/') {
        path.insert(0, '/');
    }
    if !path.ends_with('/') {
        path.push('/');
    }
    path
}

fn address(reading: &Reading<'_>) -> String {
    normalise(&page_path(reading))
}

/// The permalink as Zola prints it: not encoded.
fn id(reading: &Reading<'_>, _: &str) -> Id {
    Id::Path(page_path(reading))
}

/// Terms stand under `[taxonomies]`; authors may stand on top too.
fn terms(reading: &Reading<'_>, taxon: Taxon<'_>) -> Vec<String> {
    let taxonomies = reading.front.get("taxonomies").and_then(Value::as_map);
    let list = |key: &str| -> Vec<String> {
        let value = taxonomies.and_then(|taxonomies| taxonomies.get(key));
        value.map(Value::items).unwrap_or_default().iter().filter_map(Value::to_text).collect()
    };
    match taxon {
        Taxon::Tags => list("tags"),
        Taxon::Categories => list("categories"),
        Taxon::Authors => list("authors"),
        Taxon::Keys(keys) => keys.iter().flat_map(|key| list(key)).collect(),
    }
}

/// What keys should be.
const KINDS: &[(&str, Kind)] = &[
    ("title", Kind::Text),
    ("base_url", Kind::Text),
    ("taxonomies", Kind::Tables),
    ("languages", Kind::Table),
    ("slugify", Kind::Table),
    ("feed_filenames", Kind::List),
    ("ignored_content", Kind::List),
];

/// `config.toml`, as far as posts and feeds depend on it.
fn read_site(files: &[ConfigFile]) -> (SiteSettings, Vec<Problem>) {
    let fields = match files.first().map(ConfigFile::read).transpose() {
        Ok(fields) => fields.unwrap_or_default(),
        Err(problem) => return (SiteSettings::unreadable(), vec![problem]),
    };
    let mut reader = SettingsReader::new(files, &fields);
    reader.check_kinds(KINDS);
    let slugify = fields.get("slugify").and_then(Value::as_map);
    let default = reader.text("default_language").unwrap_or_else(|| "en".to_owned());
    let others = fields.get("languages").and_then(Value::as_map);
    let others: Vec<String> = others
        .into_iter()
        .flat_map(Fields::iter)
        .map(|(code, _)| code.to_owned())
        .filter(|c| *c != default)
        .collect();
    let taxonomies = fields.get("taxonomies").map(Value::items).unwrap_or_default();
    let names = taxonomies.iter().filter_map(|taxonomy| taxonomy.as_map()?.get("name")?.to_text());
    let author = reader.text("author").map(|name| crate::config::Author { name, ..Default::default() });
    let settings = SiteSettings {
        title: reader.text("title"),
        description: reader.text("description"),
        url: reader.text("base_url").and_then(|url| reader.base_url("base_url", &url)),
        language: fields
            .get("default_language")
            .is_some()
            .then(|| reader.language("default_language"))
            .flatten(),
        author,
        limit: reader.text("feed_limit").and_then(|limit| limit.parse().ok()),
        taxonomies: names.collect(),
        exclude: reader.list("ignored_content").iter().map(|glob| format!("content/{glob}")).collect(),
        feed_names: FeedNames { main: read_feed_names(&reader), ..FeedNames::default() },
        language_info: [None]
            .into_iter()
            .chain(others.iter().map(Some))
            .map(|code| read_language(&fields, code))
            .collect(),
        languages: if others.is_empty() { others } else { [vec![default], others].concat() },
        slugify: match slugify.and_then(|s| s.get("paths")?.as_str()) {
            Some("safe") => Slugify::Safe,
            Some("off") => Slugify::Off,
            _ => Slugify::On,
        },
        keep_dates: slugify.and_then(|s| s.get("paths_keep_dates")) == Some(&Value::Bool(true)),
        ..SiteSettings::default()
    };
    (settings, reader.into_problems())
}

/// The title of a language's feed.
fn read_language(fields: &Fields, code: Option<&String>) -> LanguageInfo {
    let table = code.and_then(|code| fields.get("languages")?.as_map()?.get(code)?.as_map());
    LanguageInfo { title: table.and_then(|table| table.get("title")?.to_text()), tag: None }
}

/// `feed_filenames`, or the older `feed_filename`: by their extension, an `rss` in the name is RSS.
fn read_feed_names(reader: &SettingsReader<'_>) -> Vec<(String, FeedFormat)> {
    let mut names = reader.list("feed_filenames");
    names.extend(reader.text("feed_filename"));
    let format = |name: &str| if name.contains("rss") { FeedFormat::Rss } else { FeedFormat::Atom };
    names.into_iter().map(|name| (name.clone(), format(&name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::date::read;

    #[test]
    fn names_hold_dates_before_slugs() {
        let day = read("2024-01-13").expect("it is a date");
        let stamp = |text| read(text).expect("it is a date");
        for (name, date, slug) in [
            ("2024-01-13-x", day, Some("x")),
            ("2024-01-13_x-y", day, Some("x-y")),
            ("2024-01-13 -x", day, Some("x")),
            ("2024-01-13", day, None),
            ("2024-01-13T10:20:30Z-x", stamp("2024-01-13T10:20:30Z"), Some("x")),
            ("2024-01-13T10:20:30+08:00_x", stamp("2024-01-13T02:20:30Z"), Some("x")),
        ] {
            assert_eq!(split_name(name), Some((date, slug)), "{name}");
        }
        for name in ["2024-01-13-", "2024-1-13-x", "2024-13-13-x", "x", "2024-01-13T10-x", "2024-01-13x"] {
            assert_eq!(split_name(name), None, "{name}");
        }
    }
}
