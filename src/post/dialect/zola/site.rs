//! Zola's `config.toml` and the `_index.md` files of its sections.

use slug::slugify;

use super::{FENCES, FILES};
use crate::config::{Author, Format, Problem};
use crate::post::config_file::ConfigFile;
use crate::post::defaults::{Defaults, Scope};
use crate::post::dialect::Configured;
use crate::post::file_path::{below, has_extension};
use crate::post::front_matter;
use crate::post::settings_reader::SettingsReader;
use crate::post::site::{Data, FeedNames, LanguageInfo, Section, SiteSettings};
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
const MODES: &[(&str, Slugify)] = &[("on", Slugify::On), ("safe", Slugify::Safe), ("off", Slugify::Off)];

/// Reads the parts of `config.toml` that posts and feeds depend on.
pub(super) fn read(files: &[ConfigFile]) -> Configured {
    let (fields, faults) = ConfigFile::read_first(files);
    let mut reader = SettingsReader::new(files, &fields, faults);
    let default_language = reader.language("default_language");
    let default = reader.text("default_language").unwrap_or_else(|| "en".to_owned());
    let codes = reader.names_of_tables("languages");
    let tables = codes.iter().map(|code| format!("languages.{code}."));
    let mut taxonomies = reader.tables("taxonomies");
    taxonomies.extend(tables.flat_map(|table| reader.tables(&format!("{table}taxonomies"))));
    let others: Vec<&str> = codes.into_iter().filter(|code| *code != default).collect();
    let zola = Zola {
        slugify: reader.word("slugify.paths", MODES).unwrap_or_default(),
        slugify_taxonomies: reader.word("slugify.taxonomies", MODES).unwrap_or_default(),
        keep_dates: reader.is_on("slugify.paths_keep_dates"),
        taxonomy_root: reader.text("taxonomy_root").unwrap_or_default().trim_matches('/').to_owned(),
        emoji: reader.is_on("markdown.render_emoji"),
    };
    let mut main = reader.texts("feed_filenames");
    main.extend(reader.text("feed_filename"));
    let ignored = reader.texts("ignored_content");
    let default_info =
        LanguageInfo { feed_names: name_formats(vec![USUAL_FEED.to_owned()]), ..LanguageInfo::default() };
    let infos = others.iter().map(|code| read_language(&mut reader, code));
    let settings = SiteSettings {
        language_info: [default_info].into_iter().chain(infos).collect(),
        title: reader.text("title"),
        description: reader.text("description"),
        url: reader.text("base_url").and_then(|url| reader.base_url("base_url", &url)),
        language: default_language,
        author: reader.text("author").map(|name| Author { name, ..Author::default() }),
        limit: reader.number("feed_limit"),
        taxonomies: taxonomies.iter().filter_map(|taxonomy| taxonomy.get("name")?.to_text()).collect(),
        exclude: ignored.iter().map(|glob| format!("content/{glob}")).collect(),
        feed_names: FeedNames { main: name_formats(main), ..FeedNames::default() },
        languages: match &others[..] {
            [] => Vec::new(),
            others => [default].into_iter().chain(others.iter().map(|code| (*code).to_owned())).collect(),
        },
        values: fields.clone(),
        ..SiteSettings::default()
    };
    Configured::new(settings, zola, reader)
}

/// The name of the feed of a language that does not name any.
const USUAL_FEED: &str = "atom.xml";

/// The title of a language, and the names of its feeds: `feed_filenames`, or the older `feed_filename`.
fn read_language(reader: &mut SettingsReader<'_>, code: &str) -> LanguageInfo {
    let key = |key: &str| format!("languages.{code}.{key}");
    let mut names = reader.texts(&key("feed_filenames"));
    if names.is_empty() {
        names.push(reader.text(&key("feed_filename")).unwrap_or_else(|| USUAL_FEED.to_owned()));
    }
    LanguageInfo {
        title: reader.text(&key("title")),
        feed_names: name_formats(names),
        ..LanguageInfo::default()
    }
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
