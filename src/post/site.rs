//! Settings of a site from its generator's own configuration. Those in feedmill.toml take precedence.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use encoding_rs::Encoding;

use super::defaults::Defaults;
use super::file_path::below;
use super::value::Fields;
use crate::config::{Author, BaseUrl, Content, Format, Future, Ids, Problem};

/// The settings of a site by its own configuration; `None`: unspecified.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SiteSettings {
    /// Encoding of posts that are not UTF-8.
    pub encoding: Option<&'static Encoding>,
    /// Title of the main feed.
    pub title: Option<String>,
    /// Subtitle of the main feed.
    pub description: Option<String>,
    /// URL of the site's pages, base path included.
    pub url: Option<BaseUrl>,
    /// BCP 47 language tag.
    pub language: Option<String>,
    /// Zone for dates without an offset.
    pub time_zone: Option<Tz>,
    /// Author of posts that name no author.
    pub author: Option<Author>,
    /// All values of the configuration.
    pub values: Fields,
    /// Values of the data files, as templates see them.
    pub data: Option<crate::body::Data>,
    /// Authors whom posts can name by a key.
    pub authors: Vec<(String, Author)>,
    /// Permalink pattern, or the name of one.
    pub permalink: Option<String>,
    /// True if drafts are posts.
    pub drafts: Option<bool>,
    /// How posts dated in the future are handled.
    pub future: Option<Future>,
    /// The text that divides a post's summary from the rest.
    pub excerpt_separator: Option<String>,
    /// Number of entries in the site's feed.
    pub limit: Option<usize>,
    /// The part of a post that an entry of the site's feed contains.
    pub entry_content: Option<Content>,
    /// Time of the generator's build, if it is fixed: posts dated after it are in the future.
    pub build_time: Option<DateTime<Utc>>,
    /// Files and folders that are not part of the site, relative to its root.
    pub exclude: Vec<String>,
    /// Folders without posts, because the site declares another use for them; the log names them.
    pub non_post_folders: Vec<String>,
    /// Taxonomies of the posts in addition to tags, categories and authors.
    pub taxonomies: Vec<String>,
    /// Sections of the site, if the dialect has them.
    pub sections: Vec<Section>,
    /// Names of the feed files, if they are not the generator's own.
    pub feed_names: FeedNames,
    /// Codes of the languages, the default first; empty if the site declares only one.
    pub languages: Vec<String>,
    /// Further settings of each language.
    pub language_info: Vec<LanguageInfo>,
    /// The folder below the root that contains all posts; `None`, before the site is resolved: the dialect's own.
    pub content: Option<String>,
    /// True if `content` contains the posts directly, not in a folder that the generator names (`_posts`).
    pub is_content_bare: bool,
    /// URL and base path of the site as its templates print them.
    pub printed_url: Option<(String, String)>,
    /// The template of the site's own feed.
    pub feed_template: Option<FeedTemplate>,
    /// True if the configuration could not be read at all.
    pub is_unreadable: bool,
    /// Keys of the date of publication, if they are not the dialect's own.
    pub date_keys: Option<Vec<String>>,
    /// Keys of the date of the last update, if they are not the dialect's own.
    pub updated_keys: Option<Vec<String>>,
    /// True if posts stay in feeds after they have expired.
    pub keeps_expired: bool,
    /// Default front matter of files; later items take precedence over earlier ones.
    pub defaults: Vec<Defaults>,
}

/// Settings of one language of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LanguageInfo {
    /// Title of the language's feed.
    pub title: Option<String>,
    /// URL of the language's pages, if it is not that of the site.
    pub url: Option<BaseUrl>,
    /// BCP 47 tag, if the code is not one.
    pub tag: Option<String>,
    /// Names of the feed files, each with its format (Zola).
    pub feed_names: Vec<(String, Format)>,
}

/// The paths of the feeds that a site's generator writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedNames {
    /// Paths of the main feed below the site's URL, without a leading `/`, each with its format.
    pub main: Vec<(String, Format)>,
    /// The prefix of the paths of tag feeds (jekyll-feed).
    pub tags: Option<String>,
    /// File name of every feed, without its extension (Hugo).
    pub base: Option<String>,
    /// Paths of the feeds of collections, each with the section of its collection (jekyll-feed).
    pub collections: Vec<(String, String)>,
}

/// A site's own feed template and the way in which it makes ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedTemplate {
    /// Path of the template, relative to the site's root.
    pub path: String,
    /// The expression for ids, as written.
    pub expression: String,
    /// The expression as a value of the key `id`; `None` if it is not understood.
    pub ids: Option<Ids>,
}

/// A folder that the generator treats as a section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// The folder, relative to the root.
    pub path: String,
    /// URL path below that of the site or its language, as the generator writes it.
    pub name: String,
    /// The language of the section, if it is not the default.
    pub language: Option<String>,
    /// True if the section above lists its pages.
    pub transparent: bool,
    /// Title of the section.
    pub title: Option<String>,
    /// Last segment of the URL path, if it is not the folder's name (Hugo).
    pub slug: Option<String>,
    /// The whole URL path, if it is given (Hugo).
    pub url: Option<String>,
}

/// The contents of a file that sets values for others.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Data {
    /// Default front matter of other files.
    pub defaults: Vec<Defaults>,
    /// The section that the folder of the file is.
    pub section: Option<Section>,
    /// A problem in the file, if it could not be used as a whole.
    pub problem: Option<Problem>,
}

impl SiteSettings {
    /// A path, given relative to the root, relative to the folder that contains all posts; `None` if it is elsewhere.
    pub fn below_content<'p>(&self, path: &'p str) -> Option<&'p str> {
        below(path, self.content.as_deref().unwrap_or_default())
    }

    /// The section of a folder, relative to the root, in a language, given by its index.
    pub(super) fn find_section(&self, folder: &str, language: usize) -> Option<&Section> {
        let code = self.languages.get(language).filter(|_| language > 0);
        self.sections.iter().find(|section| section.path == folder && section.language.as_ref() == code)
    }

    /// The code in a name like `_index.zh.md`, if it is not the code of the default language.
    pub(super) fn name_language(&self, path: &str) -> Option<String> {
        let file = path.rsplit('/').next().unwrap_or(path);
        let code = file.rsplit_once('.')?.0.rsplit_once('.')?.1;
        self.languages.iter().skip(1).find(|known| known.eq_ignore_ascii_case(code)).cloned()
    }
}
