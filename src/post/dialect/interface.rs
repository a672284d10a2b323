//! The trait of dialects. Its default methods are the rules of a plain folder of Markdown and HTML.

use std::any::Any;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::comparable::Comparable;
use super::content_folder::ContentFolder;
use super::dates::DateField;
use super::detection::Evidence;
use super::links::Links;
use super::pattern::ExpansionTooLong;
use super::plain_rules;
use super::reading::{EntryOptions, Id, IdParts, Listed, Reading, SourceSettings, TaxonomyKey};
use super::spec::DialectSpec;
use crate::body::Syntax;
use crate::config::{BaseUrl, Problem};
use crate::post::config_file::ConfigFile;
use crate::post::date::Moment;
use crate::post::defaults::Defaults;
use crate::post::file_path::has_extension;
use crate::post::front_matter::FrontMatter;
use crate::post::settings_reader::SettingsReader;
use crate::post::site::{Data, SiteSettings};
use crate::post::value::Fields;

/// The rules of a generator. A type that implements the trait holds the settings that only its generator has.
pub trait Dialect: Links + Comparable + Debug + Send + Sync {
    /// What is the same for all sites.
    fn spec(&self) -> &'static DialectSpec;

    /// The name in configurations and messages.
    fn name(&self) -> &'static str {
        self.spec().name
    }

    /// A description of a site, for people.
    fn describe_site(&self) -> String {
        format!("a site of {}", self.name())
    }

    // The site.

    /// The evidence that a folder is the root of a site. A source's own folder, at or below it, may show more.
    fn detect(&self, _root: &Path, _folder: &Path) -> Option<Evidence> {
        None
    }

    /// Returns true if a site with this root holds a folder. `complete`: a site without its folder of posts does not
    /// count.
    fn holds(&self, _root: &Path, _folder: &Path, _complete: bool) -> bool {
        true
    }

    /// The root of a site without any configuration that a folder is or lies in, and the evidence for it.
    fn detect_posts(&self, _folder: &Path) -> Option<(PathBuf, &'static str)> {
        None
    }

    /// Reads the generator's configuration files.
    fn configure(&self, _files: &[ConfigFile]) -> Configured {
        Configured::default()
    }

    /// The URL of a site whose configuration does not say it, by the name of the root.
    fn guess_url(&self, _root: &str, _settings: &SiteSettings) -> Option<BaseUrl> {
        None
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// The reason why it cannot be read.
    fn read_data(&self, _settings: &SiteSettings, _file: &ConfigFile) -> Result<Data, Problem> {
        Ok(Data::default())
    }

    // The files of posts.

    /// Returns true if the file at a path is a post by its name and folder.
    fn is_post(&self, _source: SourceSettings<'_>, _path: &str) -> bool {
        true
    }

    /// Returns true if a file that is not a post would be one with another name.
    fn is_misnamed(&self, _source: SourceSettings<'_>, _path: &str) -> bool {
        false
    }

    /// Returns true if the file at a path is Markdown, not HTML.
    fn is_markdown(&self, path: &str) -> bool {
        has_extension(path, &["md", "markdown"])
    }

    /// Returns true if a folder of this name can contain posts.
    fn enters(&self, _name: &str) -> bool {
        true
    }

    /// Names of the folders that contain posts, at any depth; empty: every folder in the content folder may.
    fn post_folders(&self) -> Vec<String> {
        Vec::new()
    }

    /// The folders of posts, innermost first, if there are several; empty if there is one.
    fn content_folders(&self) -> &[ContentFolder] {
        &[]
    }

    /// Returns true if a file of this name makes its folder one post: the other files there belong to it.
    fn is_leaf(&self, _site: &SiteSettings, _file: &str) -> bool {
        false
    }

    /// Every name that such a file may have.
    fn leaf_names(&self, _site: &SiteSettings) -> Vec<String> {
        Vec::new()
    }

    /// The folder whose files the generator publishes below the page of the post at a path, if there is one. Both
    /// are relative to the site's root.
    fn assets<'p>(&self, _site: &SiteSettings, _path: &'p str) -> Option<&'p str> {
        None
    }

    // The metadata of a post.

    /// Completes the front matter of the file at a path from its body.
    fn complete(&self, path: &str, front: &mut FrontMatter<'_>) {
        if self.spec().reads_html_heads {
            plain_rules::complete_from_html(path, front);
        }
    }

    /// Merges a file's defaults into its front matter.
    fn merge(&self, fields: &mut Fields, defaults: &Defaults) {
        if defaults.beats {
            fields.overwrite(&defaults.values);
        } else {
            fields.fill(&defaults.values);
        }
    }

    /// Returns true if the dialect's own keys exclude a post from feeds.
    fn is_hidden(&self, source: SourceSettings<'_>, _path: &str, front: &FrontMatter<'_>) -> bool {
        plain_rules::is_hidden(source, front)
    }

    /// The date in a file name.
    fn file_date(&self, _source: SourceSettings<'_>, path: &str) -> Option<Moment> {
        plain_rules::file_date(path).map(Moment::Day)
    }

    /// The time that a key's value specifies; `None` if the value does not specify one.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the value.
    fn read_date(&self, _source: SourceSettings<'_>, date: DateField<'_>) -> Result<Option<Moment>, String> {
        date.read_documented().map(Some)
    }

    /// The title; it may contain markup.
    fn title(&self, reading: &Reading<'_>) -> String {
        plain_rules::title(reading)
    }

    /// The terms of `tags`, `categories` or another taxonomy, by its keys.
    fn terms(&self, reading: &Reading<'_>, taxonomy: TaxonomyKey<'_>) -> Vec<String> {
        plain_rules::terms(reading, taxonomy)
    }

    /// The language of a post by its path, if the site declares several.
    fn language<'s>(&'s self, _source: SourceSettings<'s>, _path: &str) -> Option<&'s str> {
        None
    }

    /// The default language, even if it is the only one; `None`: English.
    fn default_language(&self) -> Option<&str> {
        None
    }

    /// The section that lists a post, as its URL path spells it; none for the main section.
    fn section(&self, _source: SourceSettings<'_>, _path: &str, _front: &FrontMatter<'_>) -> Option<String> {
        None
    }

    /// The feeds that contain a post.
    fn listed(&self, _source: SourceSettings<'_>, _path: &str, _front: &FrontMatter<'_>) -> Listed {
        Listed::Everywhere
    }

    /// The parts of the front matter that change how the generator's own feed shows an entry.
    fn entry_options(&self, _front: &FrontMatter<'_>) -> EntryOptions {
        EntryOptions::default()
    }

    /// The first key of a post with an invalid value, and a sentence that says what is wrong.
    fn validate(&self, _reading: &Reading<'_>) -> Option<(&'static str, String)> {
        None
    }

    // URLs and ids.

    /// The permalink patterns of single sections, with the sections, for people.
    fn section_permalinks(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    /// The post's URL path relative to the source's URL: begins with `/`, percent-encoded.
    ///
    /// # Errors
    /// [`ExpansionTooLong`] if the permalink expands to too long a text.
    fn address(&self, reading: &Reading<'_>) -> Result<String, ExpansionTooLong> {
        plain_rules::address(reading)
    }

    /// The post's id, if the front matter sets none.
    fn id(&self, reading: &Reading<'_>, _path: &str) -> Id {
        plain_rules::id(reading)
    }

    /// The values of a post from which templates build ids.
    fn id_parts(&self, reading: &Reading<'_>, path: &str) -> IdParts {
        let (Id::Path(id) | Id::Whole(id)) = self.id(reading, path);
        plain_rules::id_parts(id, path)
    }

    /// The URL path, relative to the site's URL, below which the generator puts the terms of a taxonomy in a language,
    /// both given by index.
    fn term_root(&self, source: SourceSettings<'_>, taxonomy: usize, _language: usize) -> String {
        source.taxonomies[taxonomy].name.clone()
    }

    /// The slug that the generator gives a term of a taxonomy in a language, both given by index.
    fn term_slug(
        &self,
        _source: SourceSettings<'_>,
        _taxonomy: usize,
        _language: usize,
        term: &str,
    ) -> String {
        term.to_lowercase()
    }

    /// The default language, if the pages in it have a folder of their own.
    fn default_prefix(&self) -> Option<&str> {
        None
    }

    // Bodies.

    /// The syntax of bodies.
    fn syntax(&self) -> Syntax<'_> {
        Syntax::GITHUB
    }
}

impl PartialEq for dyn Dialect {
    fn eq(&self, other: &Self) -> bool {
        self.equals(other as &dyn Any)
    }
}

/// A site by its own configuration.
#[derive(Debug, Default)]
pub struct Configured {
    /// The settings that all dialects share.
    pub settings: SiteSettings,
    /// The dialect with the settings that only it has; `None`: there are none.
    pub dialect: Option<Arc<dyn Dialect>>,
    /// The problems of the configuration.
    pub problems: Vec<Problem>,
}

impl Configured {
    /// The settings that a reader found, and its problems.
    pub(super) fn new(
        settings: SiteSettings,
        dialect: impl Dialect + 'static,
        reader: SettingsReader<'_>,
    ) -> Self {
        let (is_unreadable, problems) = reader.finish();
        let settings = SiteSettings { is_unreadable, ..settings };
        Self { settings, dialect: Some(Arc::new(dialect)), problems }
    }
}
