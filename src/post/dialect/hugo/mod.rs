//! Hugo 0.168: pages below `content`, with taxonomies and date keys from its configuration.

mod address;
mod cascade;
mod content;
mod dates;
mod detection;
mod ignored;
mod languages;
mod layout;
mod links;
mod lists;
mod markup;
mod path;
mod permalinks;
mod sections;
mod site;
mod site_languages;
mod target;
mod url_rules;

use std::path::Path;

pub use self::site::Hugo;
use self::url_rules::UrlRules;
use super::pattern::is_any_word;
use super::{
    Configured, ContentFolder, DateField, Dialect, DialectSpec, Evidence, ExpansionTooLong, Id, Keys, Listed,
    PermalinkSyntax, SiteFiles, SourceSettings, TaxonomyKey, Undated,
};
use crate::body::{FootnoteIds, Pass, Syntax, Templates};
use crate::config::{Compat, Problem};
use crate::post::config_file::ConfigFile;
use crate::post::date::Moment;
use crate::post::file_path::is_html;
use crate::post::front_matter::{Fences, FrontMatter};
use crate::post::site::{Data, SiteSettings};
use crate::post::value::Value;

/// Markdown of `goldmark 1.7` with shortcodes.
const SYNTAX: Syntax<'static> = Syntax {
    templates: Templates::HugoShortcodes,
    passes: &[Pass::FootnoteLabels, Pass::UrlEscapes],
    extensions: &["{", "$$", "\n: ", "[!"],
    has_definitions: true,
    footnotes: FootnoteIds::Goldmark,
    ..Syntax::GITHUB
};

/// The extensions of a site where `$$` is text.
const WITHOUT_FORMULAS: &[&str] = &["{", "\n: ", "[!"];

type Source<'a> = SourceSettings<'a, Hugo>;
type Reading<'a> = super::Reading<'a, Hugo>;

/// The specification of Hugo.
const SPEC: DialectSpec = DialectSpec {
    name: "hugo",
    post: "a page below `content`, with a date",
    files: SiteFiles {
        config: &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config.toml",
            "config.yaml",
            "config.yml",
            "config.json",
        ],
        extras: &[],
        folders: &["config/_default", "config/production"],
        markers: &["config/_default"],
        content: "content",
    },
    data_files: Some(|path| {
        let file = path.rsplit('/').next().unwrap_or(path);
        file.strip_prefix("_index.")
            .is_some_and(|extension| EXTENSIONS.contains(&extension) || extension.contains('.'))
    }),
    compat: Some(Compat::Hugo),
    extensions: EXTENSIONS,
    fences: Fences::Hugo,
    keys: Keys {
        // Hugo's feeds print the publication date, which falls back to the date.
        date: &["publishdate", "pubdate", "published", "date", "lastmod", "modified"],
        updated: &["lastmod", "modified"],
        expiry: &["expirydate", "unpublishdate"],
        authors: &["author", "authors"],
        id: &["guid"],
    },
    undated: Undated::Skip,
    permalinks: PermalinkSyntax {
        default: "",
        example: "/:sections/:slug/",
        placeholders: address::WORDS,
        is_placeholder: layout::is_layout,
        is_word: is_any_word,
        ..PermalinkSyntax::PLAIN
    },
    ..DialectSpec::PLAIN
};

impl Dialect for Hugo {
    fn spec(&self) -> &'static DialectSpec {
        &SPEC
    }

    fn detect(&self, root: &Path, _: &Path) -> Option<Evidence> {
        detection::detect(root)
    }

    /// A theme has neither a content folder nor pages.
    fn holds(&self, root: &Path, folder: &Path, complete: bool) -> bool {
        !complete || folder != root || detection::has_content(root)
    }

    fn configure(&self, files: &[ConfigFile]) -> Configured {
        site::read(files)
    }

    fn read_data(&self, settings: &SiteSettings, file: &ConfigFile) -> Result<Data, Problem> {
        sections::read(self, settings, file)
    }

    /// Pages are the files below `content` except section files; files next to an `index.md` are excluded when
    /// folders are scanned.
    fn is_post(&self, source: SourceSettings<'_>, path: &str) -> bool {
        let file = path.rsplit('/').next().unwrap_or(path);
        let code = file.rsplit_once('.').and_then(|(stem, _)| Some(stem.rsplit_once('.')?.1));
        let is_off = self.disabled.iter().any(|(off, folder)| {
            let within = folder.as_ref().and_then(|folder| path.strip_prefix(folder.as_str()));
            code.is_some_and(|code| code.eq_ignore_ascii_case(off))
                || within.is_some_and(|rest| rest.starts_with('/'))
        });
        let is_page =
            path::below_content(source.with(self), path).is_some() && !file.starts_with("_index.") && !is_off;
        is_page && !self.no_pages && !self.ignored.contains(path)
    }

    fn is_markdown(&self, path: &str) -> bool {
        !is_html(path)
    }

    fn content_folders(&self) -> &[ContentFolder] {
        &self.content_folders
    }

    fn is_leaf(&self, site: &SiteSettings, file: &str) -> bool {
        path::is_leaf(self, site, file)
    }

    fn leaf_names(&self, site: &SiteSettings) -> Vec<String> {
        path::leaf_names(self, site)
    }

    /// The folder of a page that consists of a whole folder, such as `x/index.md`.
    fn assets<'p>(&self, site: &SiteSettings, path: &'p str) -> Option<&'p str> {
        let (folder, file) = path.rsplit_once('/')?;
        self.is_leaf(site, file).then_some(folder)
    }

    /// Drafts, pages that are not listed, and HTML without front matter, which is copied unchanged, are hidden.
    fn is_hidden(&self, source: SourceSettings<'_>, path: &str, front: &FrontMatter<'_>) -> bool {
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

    fn file_date(&self, source: SourceSettings<'_>, path: &str) -> Option<Moment> {
        path::split_name(path::PagePlace::find(source.with(self), path).name)
            .map(|(date, _)| Moment::Local(date))
    }

    fn read_date(&self, _: SourceSettings<'_>, date: DateField<'_>) -> Result<Option<Moment>, String> {
        dates::read_written(date)
    }

    fn title(&self, reading: &super::Reading<'_>) -> String {
        reading.front.get("title").and_then(Value::to_text).unwrap_or_default()
    }

    /// `hugo 0.168 pagemeta`: strings, numbers and booleans; a list that contains a list or map is ignored.
    fn terms(&self, reading: &super::Reading<'_>, taxonomy: TaxonomyKey<'_>) -> Vec<String> {
        let read = |key: &str| -> Vec<String> {
            let items = reading.front.get(key).map(Value::items).unwrap_or_default();
            let nested = items.iter().any(|item| matches!(item, Value::List(_) | Value::Map(_)));
            if nested { Vec::new() } else { items.iter().filter_map(Value::to_text).collect() }
        };
        match taxonomy {
            TaxonomyKey::Tags => read("tags"),
            TaxonomyKey::Categories => read("categories"),
            TaxonomyKey::Authors => Vec::new(),
            TaxonomyKey::Keys(keys) => keys.iter().flat_map(|key| read(key)).collect(),
        }
    }

    fn language<'s>(&'s self, source: SourceSettings<'s>, path: &str) -> Option<&'s str> {
        languages::language(source.with(self), path)
    }

    fn default_language(&self) -> Option<&str> {
        Some(&self.default_language)
    }

    fn section(&self, source: SourceSettings<'_>, path: &str, _: &FrontMatter<'_>) -> Option<String> {
        languages::section(source.with(self), path)
    }

    /// `local`: only in the lists of the page's section and terms.
    fn listed(&self, _: SourceSettings<'_>, _: &str, front: &FrontMatter<'_>) -> Listed {
        match find_list(front).and_then(Value::as_str) {
            Some("local") => Listed::Locally,
            _ => Listed::Everywhere,
        }
    }

    fn validate(&self, reading: &super::Reading<'_>) -> Option<(&'static str, String)> {
        address::validate(&reading.with(self))
    }

    fn section_permalinks(&self) -> Vec<(&str, &str)> {
        let rules = self.urls_of(&self.default_language).permalinks.iter().filter(|rule| rule.is_for("page"));
        rules.map(|rule| (&*rule.target, &*rule.pattern)).collect()
    }

    fn address(&self, reading: &super::Reading<'_>) -> Result<String, ExpansionTooLong> {
        address::of(&reading.with(self))
    }

    fn id(&self, _: &super::Reading<'_>, path: &str) -> Id {
        Id::Path(path.to_owned())
    }

    fn term_root(&self, source: SourceSettings<'_>, taxonomy: usize, language: usize) -> String {
        lists::term_root(source.with(self), taxonomy, language)
    }

    fn term_slug(&self, source: SourceSettings<'_>, taxonomy: usize, language: usize, term: &str) -> String {
        lists::term_slug(source.with(self), taxonomy, language, term)
    }

    fn default_prefix(&self) -> Option<&str> {
        self.default_prefix.as_deref()
    }

    fn syntax(&self) -> Syntax<'_> {
        Syntax {
            extensions: if self.plain_dollars { WITHOUT_FORMULAS } else { SYNTAX.extensions },
            has_emoji: self.emoji,
            ..SYNTAX
        }
    }
}

/// Extensions of formats that Hugo renders without external programs.
const EXTENSIONS: &[&str] = &["md", "markdown", "mdown", "html", "htm", "org"];

/// `build.list`
fn find_list<'f>(front: &'f FrontMatter<'_>) -> Option<&'f Value> {
    front.get("build").or_else(|| front.get("_build"))?.as_map()?.get("list")
}
