//! Zola's `config.toml` and the `_index.md` files of its sections.

use std::sync::Arc;

use slug::slugify;

use super::{FENCES, FILES};
use crate::config::{Format, Problem};
use crate::post::config_file::ConfigFile;
use crate::post::defaults::{Defaults, Scope};
use crate::post::dialect::Configured;
use crate::post::file_path::{below, has_extension};
use crate::post::front_matter;
use crate::post::site::{
    Data, FeedNames, Kind, LanguageInfo, Section, SettingsReader, SiteSettings, read_first,
};
use crate::post::value::{Fields, Value};

/// Zola, with the settings that only it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Zola {
    /// The conversion of file paths to URL paths.
    pub(super) slugify: Slugify,
    /// The conversion of terms to URL paths.
    pub(super) slugify_taxonomies: Slugify,
    /// True if dates at the start of file names are kept in URL paths.
    pub(super) keep_dates: bool,
    /// The URL path that precedes the names of taxonomies.
    pub(super) taxonomy_root: String,
    /// True if `:tada:` is an emoji.
    pub(super) emoji: bool,
}

/// The characters of a text that a URL path keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Slugify {
    /// ASCII letters, digits and `-`.
    #[default]
    On,
    /// Characters that file systems allow.
    Safe,
    /// All characters.
    Off,
}

impl Slugify {
    /// `zola 0.22 utils::slugs::slugify_paths`.
    pub(super) fn apply(self, text: &str) -> String {
        match self {
            Self::On => slugify(text),
            Self::Safe => {
                let trimmed = text.trim_end_matches([' ', '.']);
                trimmed.chars().filter(|c| !"<>:\"/\\|?*\n\r\t".contains(*c)).collect()
            }
            Self::Off => text.to_owned(),
        }
    }
}

/// The values of `slugify`.
const MODES: &[&str] = &["on", "safe", "off"];

/// The expected type of each key.
const KINDS: &[(&str, Kind)] = &[
    ("title", Kind::Text),
    ("base_url", Kind::Text),
    ("taxonomies", Kind::Tables),
    ("languages", Kind::Table),
    ("slugify", Kind::Table),
    ("slugify.paths", Kind::OneOf(MODES)),
    ("slugify.taxonomies", Kind::OneOf(MODES)),
    ("slugify.paths_keep_dates", Kind::Flag),
    ("feed_limit", Kind::Number),
    ("taxonomy_root", Kind::Text),
    ("feed_filenames", Kind::List),
    ("ignored_content", Kind::List),
];

/// Reads the parts of `config.toml` that posts and feeds depend on.
pub(super) fn read(files: &[ConfigFile]) -> Configured {
    let (fields, mut problems) = read_first(files);
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
    let of_languages = fields.get("languages").and_then(Value::as_map).into_iter().flat_map(Fields::iter);
    let of_languages = of_languages.filter_map(|(_, table)| table.as_map()?.get("taxonomies"));
    let taxonomies = fields.get("taxonomies").into_iter().chain(of_languages).flat_map(Value::items);
    let names = taxonomies.filter_map(|taxonomy| taxonomy.as_map()?.get("name")?.to_text());
    let author = reader.text("author").map(|name| crate::config::Author { name, ..Default::default() });
    let mode = |key: &str| match slugify.and_then(|slugify| slugify.get(key)?.as_str()) {
        Some("safe") => Slugify::Safe,
        Some("off") => Slugify::Off,
        _ => Slugify::On,
    };
    let taxonomy_root = reader.text("taxonomy_root").unwrap_or_default().trim_matches('/').to_owned();
    let zola = Zola {
        slugify: mode("paths"),
        slugify_taxonomies: mode("taxonomies"),
        keep_dates: slugify.and_then(|s| s.get("paths_keep_dates")) == Some(&Value::Bool(true)),
        taxonomy_root,
        emoji: fields.get("markdown").and_then(|markdown| markdown.as_map()?.get("render_emoji"))
            == Some(&Value::Bool(true)),
    };
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
        is_unreadable: !problems.is_empty(),
        values: fields.clone(),
        ..SiteSettings::default()
    };
    problems.extend(reader.into_problems());
    Configured { settings, dialect: Some(Arc::new(zola)), problems }
}

/// The title and the feed names of a language.
fn read_language(fields: &Fields, code: Option<&String>) -> LanguageInfo {
    let table = code.and_then(|code| fields.get("languages")?.as_map()?.get(code)?.as_map());
    let names = table.and_then(|table| table.get("feed_filenames").or_else(|| table.get("feed_filename")));
    let names = names.map(Value::items).unwrap_or_default().iter().filter_map(Value::to_text);
    let mut names: Vec<String> = names.collect();
    if names.is_empty() {
        names.push("atom.xml".to_owned());
    }
    LanguageInfo {
        title: table.and_then(|table| table.get("title")?.to_text()),
        tag: None,
        feed_names: name_formats(names),
    }
}

/// `feed_filenames`, or the older `feed_filename`.
fn read_feed_names(reader: &SettingsReader<'_>) -> Vec<(String, Format)> {
    let mut names = reader.list("feed_filenames");
    names.extend(reader.text("feed_filename"));
    name_formats(names)
}

/// File names with their formats: JSON by the extension, RSS by an `rss` in the name, else Atom.
fn name_formats(names: Vec<String>) -> Vec<(String, Format)> {
    let format = |name: &str| match name {
        name if has_extension(name, &["json"]) => Format::Json,
        name if name.contains("rss") => Format::Rss,
        _ => Format::Atom,
    };
    names.into_iter().map(|name| (name.clone(), format(&name))).collect()
}

/// Reads a section; if it is a draft, all pages in its folder are drafts.
pub(super) fn read_data(settings: &SiteSettings, file: &ConfigFile) -> Result<Data, Problem> {
    let front = front_matter::read(&file.text, FENCES)
        .map_err(|fault| Problem::error(&file.name, fault.message).at(fault.place))?;
    let is_on = |key: &str| front.get(key) == Some(&Value::Bool(true));
    let path = file.path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let draft = is_on("draft").then(|| Defaults {
        beats: true,
        ..Defaults::new(Scope::Below(path.clone()), Fields::of("draft", Value::Bool(true)))
    });
    Ok(Data {
        defaults: draft.into_iter().collect(),
        section: Some(Section {
            name: below(&path, settings.content.as_deref().unwrap_or(FILES.content))
                .unwrap_or_default()
                .to_owned(),
            language: settings.name_language(&file.path),
            path,
            transparent: is_on("transparent"),
            ..Section::default()
        }),
        problem: None,
    })
}
