//! Eleventy 3 and its RSS plugin: templates of a collection, with URL paths from file paths or templates.

mod address;
mod metadata;
mod site;
mod slug;
mod template;

use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;
use regex::Regex;

use self::metadata::{read_list, read_tags};
pub use self::site::Eleventy;
use super::dates::DateField;
use super::detection::find_file;
use super::pattern::is_any_word;
use super::{
    Configured, Dialect, DialectSpec, Evidence, ExpansionTooLong, FILE_NAME, Id, Keys, Links,
    PermalinkSyntax, SiteFiles, SourceSettings, Strength, TaxonomyKey, Undated,
};
use crate::body::{FootnoteIds, Pass, Syntax, Templates};
use crate::config::{Future, Problem};
use crate::post::config_file::ConfigFile;
use crate::post::date::{Moment, iso8601};
use crate::post::defaults::Defaults;
use crate::post::file_path::has_extension;
use crate::post::front_matter::{Fences, FrontMatter};
use crate::post::site::{Data, SiteSettings};
use crate::post::value::{Fields, Value};

/// Markdown of `markdown-it` with Nunjucks.
const SYNTAX: Syntax<'static> = Syntax {
    templates: Templates::Nunjucks,
    passes: &[Pass::Containers],
    extensions: &["{", "\n: "],
    has_definitions: true,
    footnotes: FootnoteIds::MarkdownIt,
    ..Syntax::GITHUB
};

type Source<'a> = SourceSettings<'a, Eleventy>;
type Reading<'a> = super::Reading<'a>;

/// The keys of the front matter.
const KEYS: Keys = Keys {
    date: &["date", FILE_NAME],
    updated: &[],
    expiry: &[],
    authors: &["author", "authors"],
    id: &["guid"],
};

/// The files of a site.
const FILES: SiteFiles = SiteFiles {
    config: &[
        ".eleventy.js",
        "eleventy.config.js",
        "eleventy.config.mjs",
        "eleventy.config.cjs",
        "eleventy.config.ts",
    ],
    extras: &[
        ".eleventyignore",
        ".gitignore",
        "_data/metadata.json",
        "_data/metadata.js",
        "_data/site.json",
        "_data/site.js",
        "src/_data/metadata.json",
        "src/_data/metadata.js",
        "src/_data/site.json",
        "src/_data/site.js",
        "content/_data/metadata.json",
        "content/_data/metadata.js",
        "content/_data/site.json",
        "content/_data/site.js",
        "site/_data/metadata.json",
        "site/_data/metadata.js",
        "site/_data/site.json",
        "site/_data/site.js",
        "app/_data/metadata.json",
        "app/_data/metadata.js",
        "app/_data/site.json",
        "app/_data/site.js",
        "source/_data/metadata.json",
        "source/_data/metadata.js",
        "source/_data/site.json",
        "source/_data/site.js",
    ],
    ..SiteFiles::NONE
};

/// The specification of Eleventy.
const SPEC: DialectSpec = DialectSpec {
    name: "eleventy",
    post: "a template tagged `posts`, with a date; name the folder of posts as `path` if they are not tagged",
    files: FILES,
    data_files: Some(site::is_data),
    extensions: EXTENSIONS,
    fences: Fences::GrayMatter,
    keys: KEYS,
    undated: Undated::Skip,
    future: Future::Show,
    permalinks: PermalinkSyntax {
        default: "",
        example: "{{ page.filePathStem }}/",
        placeholders: &[],
        is_placeholder: |_| true,
        is_word: is_any_word,
        ..PermalinkSyntax::PLAIN
    },
    ..DialectSpec::PLAIN
};

impl Dialect for Eleventy {
    fn spec(&self) -> &'static DialectSpec {
        &SPEC
    }

    fn detect(&self, root: &Path, _: &Path) -> Option<Evidence> {
        let name = find_file(root, FILES.config)?;
        Some(Strength::OwnFile.because(format!("there is {name}")))
    }

    fn configure(&self, files: &[ConfigFile]) -> Configured {
        site::read(files)
    }

    fn read_data(&self, _: &SiteSettings, file: &ConfigFile) -> Result<Data, Problem> {
        site::read_data(file)
    }

    fn is_post(&self, source: SourceSettings<'_>, path: &str) -> bool {
        source.below_content(path).is_some()
    }

    fn is_markdown(&self, path: &str) -> bool {
        has_extension(path, &["md"])
    }

    fn enters(&self, name: &str) -> bool {
        !matches!(name, "_includes" | "_layouts" | "_data" | "_site")
    }

    /// `eleventy 3 TemplateData: deepMerge`: lists are joined, maps merged, other values replaced.
    fn merge(&self, fields: &mut Fields, defaults: &Defaults) {
        merge_fields(fields, &defaults.values);
    }

    /// Posts are the members of the feed's collection: `draft`, `permalink: false` and
    /// `eleventyExcludeFromCollections` exclude a template, and so does a missing tag.
    fn is_hidden(&self, source: SourceSettings<'_>, path: &str, front: &FrontMatter<'_>) -> bool {
        let is_listed = |name: &str| self.collections.iter().any(|known| known == name);
        let excluded = match front.get("eleventyexcludefromcollections") {
            Some(Value::List(names)) => names.iter().filter_map(Value::as_str).any(is_listed),
            Some(value) => value.is_truthy(),
            None => false,
        };
        let drafted = front.get("draft").is_some_and(Value::is_truthy) && !source.drafts;
        let unlisted =
            self.needs_tag(source.with(self), path) && !read_tags(front).iter().any(|tag| is_listed(tag));
        excluded || drafted || unlisted || front.get("permalink") == Some(&Value::Bool(false))
    }

    /// `eleventy 3 Template#getMappedDate`: the first date anywhere in the path.
    fn file_date(&self, _: SourceSettings<'_>, path: &str) -> Option<Moment> {
        static DATE: LazyLock<Regex> =
            LazyLock::new(|| Regex::new("[0-9]{4}-[0-9]{2}-[0-9]{2}").expect("it is well-formed"));
        NaiveDate::parse_from_str(DATE.find(path)?.as_str(), "%Y-%m-%d").ok().map(Moment::Day)
    }

    /// Keywords that select the times of the file or its repository are not dates.
    fn read_date(&self, _: SourceSettings<'_>, date: DateField<'_>) -> Result<Option<Moment>, String> {
        const FILE_TIMES: [&str; 4] = ["last modified", "created", "git last modified", "git created"];
        let text = date.value.as_str();
        if text.is_some_and(|text| FILE_TIMES.contains(&text.to_lowercase().as_str())) {
            return Ok(None);
        }
        // A number is not an ISO 8601 date.
        let read_iso = |written: &str| text.and_then(|_| iso8601::read(written));
        date.read(|text| date.read_yaml_stamp(text).or_else(|| read_iso(text))).map(Some)
    }

    fn title(&self, reading: &Reading<'_>) -> String {
        metadata::title(reading)
    }

    fn terms(&self, reading: &Reading<'_>, taxonomy: TaxonomyKey<'_>) -> Vec<String> {
        metadata::terms(reading, taxonomy)
    }

    fn validate(&self, reading: &Reading<'_>) -> Option<(&'static str, String)> {
        address::validate(reading).or_else(|| validate_code(reading))
    }

    fn address(&self, reading: &Reading<'_>) -> Result<String, ExpansionTooLong> {
        address::of(reading)
    }

    fn id(&self, reading: &Reading<'_>, path: &str) -> Id {
        let printed = address::of(reading);
        Id::Path(escape(printed.as_deref().unwrap_or(path)))
    }

    fn term_slug(&self, _: SourceSettings<'_>, _: usize, _: usize, term: &str) -> String {
        slug::slugify(term)
    }

    fn syntax(&self) -> Syntax<'_> {
        SYNTAX
    }
}

impl Links for Eleventy {}

/// Template languages in which posts are written.
const EXTENSIONS: &[&str] = &["md", "html", "njk", "liquid"];

/// The first key that determines the post and whose value is code.
fn validate_code(reading: &Reading<'_>) -> Option<(&'static str, String)> {
    const KEYS: [&str; 5] = ["permalink", "title", "date", "tags", "draft"];
    let key = KEYS.into_iter().find(|key| reading.front.code.iter().any(|code| code == key))?;
    let advice = "JavaScript is not executed: write a plain value.";
    Some((key, format!("`{key}` is code here and is ignored. {advice}")))
}

fn merge_fields(fields: &mut Fields, below: &Fields) {
    for (key, value) in below.iter() {
        if fields.get(&format!("override:{key}")).is_some() {
            continue;
        }
        let merged = match (fields.get(key), value) {
            (None, _) => value.clone(),
            (Some(own), value) if key.eq_ignore_ascii_case("tags") => {
                Value::List([read_list(value), read_list(own)].concat())
            }
            (Some(Value::List(own)), Value::List(value)) => Value::List([value.as_slice(), own].concat()),
            (Some(Value::Map(own)), Value::Map(value)) => {
                let mut own = own.clone();
                merge_fields(&mut own, value);
                Value::Map(own)
            }
            _ => continue,
        };
        let mut one = Fields::default();
        one.insert(key.to_owned(), merged);
        fields.overwrite(&one);
    }
}

/// `nunjucks 3 escape`: the plugin's template escapes everything that it prints, ids too.
fn escape(path: &str) -> String {
    let mut escaped = String::with_capacity(path.len());
    for c in path.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '\'' => escaped.push_str("&#39;"),
            '"' => escaped.push_str("&quot;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '`' => escaped.push_str("&#96;"),
            other => escaped.push(other),
        }
    }
    escaped
}
