//! Jekyll 4.4 and jekyll-feed 0.17: posts in `_posts`, dates from file names, categories from folders.

mod address;
mod csv;
mod data;
mod detection;
mod files;
mod kramdown;
mod links;
mod metadata;
mod normal;
mod site;
mod slug;
mod template;

use std::path::{Path, PathBuf};

use self::files::{MARKDOWN, collection_of, is_special, split_name};
use self::site::Collection;
use self::slug::{Mode, slugify};
use super::dates::DateField;
use super::{
    Configured, Dialect, DialectSpec, EntryOptions, Evidence, ExpansionTooLong, FILE_NAME, Id, IdParts, Keys,
    Listed, Permalink, PermalinkSyntax, SiteFiles, SourceSettings, TaxonomyKey, Undated,
};
use crate::body::{FootnoteIds, KRAMDOWN_EXTENSIONS, KramdownOptions, Pass, Syntax, Templates};
use crate::config::{BaseUrl, Compat};
use crate::post::config_file::ConfigFile;
use crate::post::date::{Moment, ruby};
use crate::post::defaults::Defaults;
use crate::post::file_path::has_extension;
use crate::post::front_matter::{Fences, Format, FrontMatter};
use crate::post::site::SiteSettings;
use crate::post::value::{Fields, Value};

/// Markdown of `kramdown 2.4` with Liquid, without the options of the site.
const SYNTAX: Syntax<'static> = Syntax {
    templates: Templates::Liquid,
    passes: &[Pass::KramdownBlocks, Pass::UrlEscapes],
    extensions: KRAMDOWN_EXTENSIONS,
    has_definitions: true,
    footnotes: FootnoteIds::Kramdown,
    ..Syntax::GITHUB
};

/// Jekyll, with the settings that only it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jekyll {
    /// The folder of the collections, relative to the site's `source`.
    collections_dir: String,
    /// True if posts with `published: false` are published.
    unpublished: bool,
    /// Collections with a feed, other than the posts.
    collections: Vec<Collection>,
    /// True if `:tada:` is an emoji.
    emoji: bool,
    /// The options of the Markdown library.
    kramdown: KramdownOptions,
}

type Source<'a> = SourceSettings<'a, Jekyll>;
type Reading<'a> = super::Reading<'a, Jekyll>;

/// The specification of Jekyll.
const SPEC: DialectSpec = DialectSpec {
    name: "jekyll",
    post: "a file in `_posts` named YYYY-MM-DD-slug.md",
    files: SiteFiles {
        config: &["_config.yml", "_config.yaml"],
        extras: site::EXTRAS,
        folders: &[data::FOLDER],
        markers: &["_posts"],
        content: "",
    },
    feed_templates: Some(&template::TEMPLATES),
    compat: Some(Compat::JekyllFeed),
    extensions: &[],
    fences: Fences::Lines { formats: &[Format::Yaml], after_blanks: false },
    keys: Keys {
        date: &["date", FILE_NAME],
        updated: &["last_modified_at"],
        expiry: &[],
        authors: &["author", "authors"],
        id: &["guid"],
    },
    undated: Undated::Skip,
    permalinks: PermalinkSyntax {
        default: "date",
        example: "date",
        placeholders: &[
            "categories",
            "collection",
            "day",
            "hour",
            "i_day",
            "i_month",
            "long_day",
            "long_month",
            "minute",
            "month",
            "name",
            "output_ext",
            "path",
            "second",
            "short_day",
            "short_month",
            "short_year",
            "slug",
            "slugified_categories",
            "title",
            "w_day",
            "w_year",
            "week",
            "y_day",
            "year",
        ],
        expand: address::expand,
        ..PermalinkSyntax::PLAIN
    },
    ..DialectSpec::PLAIN
};

impl Dialect for Jekyll {
    fn spec(&self) -> &'static DialectSpec {
        &SPEC
    }

    fn detect(&self, root: &Path, folder: &Path) -> Option<Evidence> {
        detection::detect(root, folder)
    }

    fn detect_posts(&self, folder: &Path) -> Option<(PathBuf, &'static str)> {
        detection::detect_posts(folder)
    }

    fn configure(&self, files: &[ConfigFile]) -> Configured {
        site::read(files)
    }

    fn guess_url(&self, root: &str, settings: &SiteSettings) -> Option<BaseUrl> {
        site::guess_url(root, settings)
    }

    fn is_post(&self, source: SourceSettings<'_>, path: &str) -> bool {
        files::is_post(source.with(self), path)
    }

    fn is_misnamed(&self, source: SourceSettings<'_>, path: &str) -> bool {
        files::is_misnamed(source.with(self), path)
    }

    fn is_markdown(&self, path: &str) -> bool {
        has_extension(path, MARKDOWN)
    }

    fn enters(&self, name: &str) -> bool {
        matches!(name, "_posts" | "_drafts") || !is_special(name) || self.find_collection(name).is_some()
    }

    /// The folders of posts, of drafts and of the collections.
    fn post_folders(&self) -> Vec<String> {
        let collections = self.collections.iter().map(|collection| format!("_{}", collection.name));
        ["_posts", "_drafts"].map(str::to_owned).into_iter().chain(collections).collect()
    }

    fn merge(&self, fields: &mut Fields, defaults: &Defaults) {
        merge(fields, defaults);
    }

    /// `published: false` excludes a page from the site, `draft: true` from jekyll-feed; a collection's file
    /// without front matter is copied unchanged.
    fn is_hidden(&self, source: SourceSettings<'_>, path: &str, front: &FrontMatter<'_>) -> bool {
        let is_set = |key: &str, yaml_bool: bool, words: [&str; 2]| match front.get(key) {
            Some(Value::Bool(value)) => *value == yaml_bool,
            // YAML 1.1, which Ruby uses, has more booleans.
            Some(Value::Text(word)) => {
                front.is_plain(key) && words.iter().any(|w| word.eq_ignore_ascii_case(w))
            }
            _ => false,
        };
        (is_set("published", false, ["no", "off"]) && !self.unpublished)
            || (is_set("draft", true, ["yes", "on"]) && !source.drafts)
            || (!front.exists && collection_of(source.with(self), path).is_some())
    }

    fn file_date(&self, _: SourceSettings<'_>, path: &str) -> Option<Moment> {
        split_name(path).map(|name| Moment::Day(name.date))
    }

    /// Every form that Ruby parses, as Ruby parses it; else any documented form.
    fn read_date(&self, source: SourceSettings<'_>, date: DateField<'_>) -> Result<Option<Moment>, String> {
        date.read(|text| ruby::read(text, date.is_plain(), source.time_zone)).map(Some)
    }

    fn title(&self, reading: &super::Reading<'_>) -> String {
        metadata::title(&reading.with(self))
    }

    fn terms(&self, reading: &super::Reading<'_>, taxonomy: TaxonomyKey<'_>) -> Vec<String> {
        metadata::terms(&reading.with(self), taxonomy)
    }

    fn section(&self, source: SourceSettings<'_>, path: &str, _: &FrontMatter<'_>) -> Option<String> {
        collection_of(source.with(self), path).map(|collection| collection.name.clone())
    }

    fn listed(&self, source: SourceSettings<'_>, path: &str, _: &FrontMatter<'_>) -> Listed {
        match collection_of(source.with(self), path) {
            Some(_) => Listed::InSection,
            None => Listed::Everywhere,
        }
    }

    /// `jekyll-feed 0.17 feed.xml`: `category` is printed instead of `categories`; of `feed.excerpt_only`, null and an
    /// empty text count as unset.
    fn entry_options(&self, front: &FrontMatter<'_>) -> EntryOptions {
        let category = front.get("category").filter(|value| **value != Value::Null);
        let feed = front.get("feed").and_then(Value::as_map);
        let excerpt_only = feed.and_then(|feed| feed.get("excerpt_only"));
        EntryOptions {
            category: category.and_then(Value::to_text),
            excerpt_only: excerpt_only.is_some_and(|value| {
                !matches!(value, Value::Null | Value::Bool(false)) && value.as_str() != Some("")
            }),
        }
    }

    fn validate(&self, reading: &super::Reading<'_>) -> Option<(&'static str, String)> {
        let own = reading.front.get("permalink").and_then(Value::to_text)?;
        Permalink::parse(self, &own).err().map(|why| ("permalink", why))
    }

    fn address(&self, reading: &super::Reading<'_>) -> Result<String, ExpansionTooLong> {
        address::of(&reading.with(self))
    }

    fn id(&self, reading: &super::Reading<'_>, path: &str) -> Id {
        address::id(&reading.with(self), path)
    }

    fn id_parts(&self, reading: &super::Reading<'_>, path: &str) -> IdParts {
        address::id_parts(&reading.with(self), path)
    }

    fn term_slug(&self, _: SourceSettings<'_>, _: usize, _: usize, term: &str) -> String {
        slugify(term, Mode::Default, false)
    }

    fn syntax(&self) -> Syntax<'_> {
        Syntax { has_emoji: self.emoji, kramdown: Some(&self.kramdown), ..SYNTAX }
    }
}

impl Jekyll {
    /// The collection whose documents are in a folder.
    fn find_collection(&self, folder: &str) -> Option<&Collection> {
        let name = folder.strip_prefix('_')?;
        self.collections.iter().find(|collection| collection.name == name)
    }
}

/// `jekyll 4.4 Document#merge_categories!`: categories are joined, and an empty key counts as missing. Otherwise
/// the file's own value takes precedence.
fn merge(fields: &mut Fields, defaults: &Defaults) {
    let list = |value: &Value| match value {
        Value::Text(text) => text.split_whitespace().map(|word| Value::Text(word.to_owned())).collect(),
        other => other.items().to_vec(),
    };
    for (key, value) in defaults.values.iter() {
        let merged = match (fields.get(key), value) {
            (None | Some(Value::Null), _) => value.clone(),
            (Some(own), _) if key == "categories" => {
                let mut all: Vec<Value> = list(value);
                all.extend(list(own).into_iter().filter(|item| !list(value).contains(item)));
                Value::List(all)
            }
            // `jekyll 4.4 Utils#deep_merge_hashes`
            (Some(Value::Map(own)), Value::Map(default)) => {
                let mut both = own.clone();
                both.fill(default);
                Value::Map(both)
            }
            _ => continue,
        };
        fields.overwrite(&Fields::of(key, merged));
    }
}
