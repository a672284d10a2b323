//! The specification of a dialect: what is the same for all sites of its generator.

use super::feed_templates::FeedTemplates;
use super::pattern::PermalinkSyntax;
use crate::config::{Compat, Future};
use crate::post::front_matter::{Fences, Format};

/// What is the same for all sites of a generator.
#[derive(Debug, Clone, Copy)]
pub struct DialectSpec {
    /// The name in configurations and messages.
    pub name: &'static str,
    /// A description of a post, for messages.
    pub post: &'static str,
    /// The files that are read in addition to posts.
    pub files: SiteFiles,
    /// Returns true if the file at a path sets values for posts; `None` if the dialect has no such files.
    pub data_files: Option<fn(&str) -> bool>,
    /// The feed templates of the site, if the dialect reads them.
    pub feed_templates: Option<&'static FeedTemplates>,
    /// The convention of the generator's feed paths.
    pub compat: Option<Compat>,
    /// True if ids depend on paths below the folder of the source: that folder is the root, wherever in a site it is.
    pub keeps_folder: bool,
    /// Extensions of posts in lower case; empty: any. `include` of the configuration replaces them.
    pub extensions: &'static [&'static str],
    /// True if posts are published as the files that they are: relative references lead to the files next to them.
    pub publishes_files: bool,
    /// True if posts can refer to a media file by its name alone, in any folder.
    pub finds_media_by_name: bool,
    /// The forms of front matter that the dialect accepts.
    pub fences: Fences,
    /// True if the head of an HTML document completes its front matter.
    pub reads_html_heads: bool,
    /// The keys of the front matter.
    pub keys: Keys,
    /// The handling of a post without a date.
    pub undated: Undated,
    /// The default handling of posts dated in the future.
    pub future: Future,
    /// True if a date without an offset is in the time zone of the generator's machine, unless the site sets one.
    pub is_in_machine_zone: bool,
    /// The syntax of permalink patterns.
    pub permalinks: PermalinkSyntax,
}

impl DialectSpec {
    /// The specification of plain folders.
    pub const PLAIN: Self = Self {
        name: "plain",
        post: "a file in Markdown or HTML",
        files: SiteFiles::NONE,
        data_files: None,
        feed_templates: None,
        compat: None,
        keeps_folder: false,
        extensions: &["md", "markdown", "html"],
        publishes_files: false,
        finds_media_by_name: false,
        fences: Fences::Lines { formats: &[Format::Yaml, Format::Toml, Format::Json], after_blanks: false },
        reads_html_heads: false,
        keys: Keys::PLAIN,
        undated: Undated::FirstSeen,
        future: Future::Hold,
        is_in_machine_zone: false,
        permalinks: PermalinkSyntax::PLAIN,
    };
}

/// The keys of the front matter that a dialect gives a meaning.
#[derive(Debug, Clone, Copy)]
pub struct Keys {
    /// Keys of the publication date; the first that has a value is used. [`FILE_NAME`] stands for the date in the
    /// file name.
    pub date: &'static [&'static str],
    /// Keys of the date of the last update.
    pub updated: &'static [&'static str],
    /// Keys of the date after which a post is no longer published.
    pub expiry: &'static [&'static str],
    /// Keys of the authors.
    pub authors: &'static [&'static str],
    /// Keys of an id that the front matter sets.
    pub id: &'static [&'static str],
}

impl Keys {
    /// The keys of plain folders.
    pub const PLAIN: Self = Self {
        date: &["date", "published", "created", FILE_NAME],
        updated: &["updated", "lastmod", "last_modified_at", "modified"],
        expiry: &["expirydate", "expires", "unpublishdate"],
        authors: &["author", "authors"],
        id: &["guid", "id"],
    };
}

/// The entry in a list of date keys that stands for the file name.
pub const FILE_NAME: &str = ":filename";

/// The files of a site that a dialect reads in addition to posts. Paths are relative to the site's root.
#[derive(Debug, Clone, Copy)]
pub struct SiteFiles {
    /// Names of the generator's configuration file; the first that exists is read.
    pub config: &'static [&'static str],
    /// More configuration files: every one that exists is read.
    pub extras: &'static [&'static str],
    /// Folders whose files are configuration files too.
    pub folders: &'static [&'static str],
    /// Other paths that only a site of this dialect has.
    pub markers: &'static [&'static str],
    /// The folder that contains all posts; empty: posts may be anywhere.
    pub content: &'static str,
}

impl SiteFiles {
    /// No files other than posts.
    pub const NONE: Self = Self { config: &[], extras: &[], folders: &[], markers: &[], content: "" };
}

/// The handling of a post without a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undated {
    /// The post is not an entry; a warning is reported.
    Skip,
    /// The date is the time at which the post was first seen, else its modification time.
    FirstSeen,
}
