//! Hexo 8.1 and hexo-generator-feed 3: posts in `source/_posts`, with URL paths from dates and file paths.

mod address;
mod site;
mod slug;

use std::path::Path;

use chrono::{DateTime, Utc};

pub use self::site::Hexo;
use super::dates::DateField;
use super::detection::find_hexo_config;
use super::pattern::is_any_word;
use super::{
    Configured, Dialect, DialectSpec, Evidence, ExpansionTooLong, FILE_NAME, Id, Keys, Links,
    PermalinkSyntax, SiteFiles, SourceSettings, Strength, TaxonomyKey,
};
use crate::body::{Pass, Syntax, Templates};
use crate::config::{Compat, Future};
use crate::post::config_file::ConfigFile;
use crate::post::date::{Moment, javascript};
use crate::post::file_path::{drop_repeated, is_html};
use crate::post::front_matter::{Fences, FrontMatter};
use crate::post::site::SiteSettings;
use crate::post::taxonomies::{CATEGORIES, TAGS};
use crate::post::value::Value;

/// Markdown of `marked` with tag plugins.
const SYNTAX: Syntax<'static> = Syntax {
    templates: Templates::TagPlugins,
    passes: &[Pass::Containers, Pass::Captions],
    ..Syntax::GITHUB
};

type Reading<'a> = super::Reading<'a, Hexo>;

/// The syntax of `permalink`.
const PERMALINKS: PermalinkSyntax = PermalinkSyntax {
    default: ":year/:month/:day/:title/",
    example: ":year/:month/:day/:title/",
    placeholders: &[
        "category",
        "day",
        "hash",
        "hour",
        "i_day",
        "i_month",
        "id",
        "lang",
        "minute",
        "month",
        "name",
        "post_title",
        "second",
        "timestamp",
        "title",
        "year",
    ],
    is_word: is_any_word,
    ..PermalinkSyntax::PLAIN
};

/// The specification of Hexo.
const SPEC: DialectSpec = DialectSpec {
    name: "hexo",
    post: "a file in `source/_posts`",
    files: SiteFiles {
        config: &["_config.yml", "_config.yaml", "_config.json"],
        markers: &["source/_posts"],
        content: "source",
        ..SiteFiles::NONE
    },
    compat: Some(Compat::Hexo),
    extensions: EXTENSIONS,
    fences: Fences::Hexo,
    keys: Keys {
        date: &["date", FILE_NAME],
        updated: &["updated"],
        expiry: &[],
        authors: &["author", "authors"],
        id: &["guid"],
    },
    future: Future::Show,
    is_in_machine_zone: true,
    permalinks: PERMALINKS,
    ..DialectSpec::PLAIN
};

impl Dialect for Hexo {
    fn spec(&self) -> &'static DialectSpec {
        &SPEC
    }

    fn detect(&self, root: &Path, _: &Path) -> Option<Evidence> {
        let config = find_hexo_config(root)?;
        Some(Strength::Layout.because(format!("there are {config} and source/_posts")))
    }

    fn configure(&self, files: &[ConfigFile]) -> Configured {
        site::read(files)
    }

    /// `hexo 8.1 plugins/processor/post`: files that are rendered, not hidden and not an editor's temporary files.
    fn is_post(&self, source: SourceSettings<'_>, path: &str) -> bool {
        let Some((below, draft)) = below_posts(source.site, path) else { return false };
        let is_hidden = below.split('/').any(|name| name.starts_with(['_', '.']));
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        let shows = !draft || source.drafts || self.render_drafts;
        // `X.MD` is not a post in Hexo.
        let only = self.only_extension.as_deref();
        if only.is_some_and(|only| only != extension) {
            return false;
        }
        shows && !is_hidden && !below.ends_with(['%', '~']) && EXTENSIONS.contains(&extension)
    }

    fn is_markdown(&self, path: &str) -> bool {
        !is_html(path)
    }

    fn enters(&self, name: &str) -> bool {
        matches!(name, "_posts" | "_drafts") || !name.starts_with('_')
    }

    fn post_folders(&self) -> Vec<String> {
        vec!["_posts".to_owned(), "_drafts".to_owned()]
    }

    /// `hexo 8.1 PostAsset`: with `post_asset_folder`, the folder with the name of the post.
    fn assets<'p>(&self, _: &SiteSettings, path: &'p str) -> Option<&'p str> {
        self.only_extension.as_ref()?;
        path.rsplit_once('.').map(|(stem, _)| stem)
    }

    /// `published: false` excludes a post from the site, `draft: true` from feeds.
    fn is_hidden(&self, source: SourceSettings<'_>, path: &str, front: &FrontMatter<'_>) -> bool {
        let is_off = match front.get("published") {
            Some(Value::Bool(value)) => !value,
            // `warehouse 6 SchemaTypeBoolean`
            Some(Value::Text(word)) => word.is_empty() || word == "false" || word == "0",
            Some(Value::Int(number)) => *number == 0,
            _ => false,
        };
        let unpublished = is_off || below_posts(source.site, path).is_some_and(|(_, draft)| draft);
        let drafted = front.get("draft") == Some(&Value::Bool(true));
        (unpublished && !(self.render_drafts || source.drafts)) || (drafted && !source.drafts)
    }

    fn file_date(&self, source: SourceSettings<'_>, path: &str) -> Option<Moment> {
        self.read_name(below_posts(source.site, path)?.0).date
    }

    /// `hexo 8.1 timezone`: the wall-clock time of an instant is reinterpreted in the site's time zone. The
    /// wall-clock time is in UTC for a date that YAML parses as one, else in the machine's time zone.
    fn read_date(&self, source: SourceSettings<'_>, date: DateField<'_>) -> Result<Option<Moment>, String> {
        let on_machine = |instant: DateTime<Utc>| instant.with_timezone(&source.machine_zone).naive_local();
        // A number is milliseconds since 1970, as in JavaScript, however old the date is.
        let milliseconds = match date.value {
            Value::Int(number) => Some(*number),
            Value::Float(number) => Some(*number as i64),
            _ => None,
        };
        if let Some(instant) = milliseconds.and_then(DateTime::from_timestamp_millis) {
            return Ok(Some(Moment::Local(on_machine(instant))));
        }
        let moment = date.read(|text| date.read_yaml_stamp(text).or_else(|| javascript::read(text)))?;
        let face = match moment {
            Moment::Fixed(instant) => on_machine(instant.to_utc()),
            other => other.face(),
        };
        Ok(Some(Moment::Local(face)))
    }

    fn title(&self, reading: &super::Reading<'_>) -> String {
        let reading = &reading.with(self);
        let title = reading.front.get("title").map(|value| print(reading.front, value)).unwrap_or_default();
        if title.is_empty() && self.slug_as_title {
            return address::slug(reading);
        }
        title
    }

    /// `hexo 8.1 Post#setTags, #setCategories`.
    fn terms(&self, reading: &super::Reading<'_>, taxonomy: TaxonomyKey<'_>) -> Vec<String> {
        let reading = &reading.with(self);
        let read = |keys: [&str; 2]| {
            let value = keys.iter().find_map(|key| reading.front.get(key).filter(|value| value.is_truthy()));
            value.map(|value| value.items().to_vec()).unwrap_or_default()
        };
        let print_all = |items: &[Value]| -> Vec<String> {
            items.iter().filter(|item| **item != Value::Null).map(|item| print(reading.front, item)).collect()
        };
        match taxonomy {
            TaxonomyKey::Tags => print_all(&read(["tags", "tag"])),
            TaxonomyKey::Categories => {
                let paths = address::find_categories(reading);
                paths.iter().flat_map(|path| print_all(path.items())).collect()
            }
            TaxonomyKey::Authors => Vec::new(),
            TaxonomyKey::Keys(keys) => {
                let values = keys.iter().filter_map(|key| reading.front.get(key));
                values.flat_map(|value| print_all(value.items())).collect()
            }
        }
    }

    fn validate(&self, reading: &super::Reading<'_>) -> Option<(&'static str, String)> {
        address::validate(&reading.with(self))
    }

    fn address(&self, reading: &super::Reading<'_>) -> Result<String, ExpansionTooLong> {
        address::of(&reading.with(self))
    }

    fn id(&self, _: &super::Reading<'_>, path: &str) -> Id {
        Id::Path(path.to_owned())
    }

    fn term_slug(&self, _: SourceSettings<'_>, taxonomy: usize, _: usize, term: &str) -> String {
        match taxonomy {
            TAGS => self.slug_of(term, &self.tag_map),
            CATEGORIES => self.slug_of(term, &self.category_map),
            _ => self.slug_of(term, &[]),
        }
    }

    fn syntax(&self) -> Syntax<'_> {
        SYNTAX
    }
}

impl Links for Hexo {
    fn link_names(&self, _: &SiteSettings, path: &str, _: u8) -> Vec<String> {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let file = stem.rsplit('/').next().unwrap_or(stem);
        let within = stem.split_once("_posts/").map_or(file, |(_, within)| within);
        drop_repeated([format!("p:{within}"), format!("p:{file}")])
    }
}

/// Extensions of formats that `hexo-renderer-marked` and Hexo itself render.
const EXTENSIONS: &[&str] = &["md", "markdown", "mkd", "mkdn", "mdwn", "mdtxt", "mdtext", "html", "htm"];

/// The path relative to `_posts` or `_drafts`, and true if it is a draft.
fn below_posts<'p>(site: &SiteSettings, path: &'p str) -> Option<(&'p str, bool)> {
    let own = site.below_content(path)?;
    if site.is_content_bare {
        return Some((own, false));
    }
    let posts = own.strip_prefix("_posts/").map(|below| (below, false));
    posts.or_else(|| Some((own.strip_prefix("_drafts/")?, true)))
}

/// Converts a value to text as JavaScript does.
fn print(front: &FrontMatter<'_>, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::List(items) => items.iter().map(|item| print(front, item)).collect::<Vec<_>>().join(","),
        Value::Map(_) => "[object Object]".to_owned(),
        Value::Text(text) if javascript::is_yaml_stamp(text) && !front.quotes(text) => {
            let form = "%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)";
            javascript::read_yaml_stamp(text)
                .map_or_else(|| text.clone(), |instant| instant.format(form).to_string())
        }
        other => other.to_text().unwrap_or_default(),
    }
}
