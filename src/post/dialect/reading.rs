//! The values that a dialect receives and returns: the settings of a source, a post that is being read, its id.

use std::path::Path;

use chrono::DateTime;
use chrono_tz::Tz;

use crate::post::front_matter::FrontMatter;
use crate::post::site::SiteSettings;
use crate::post::taxonomies::TaxonomyKeys;

/// The settings of a source on which the reading of its posts depends. `own` are those that only the dialect `D` has.
#[derive(Debug)]
pub struct SourceSettings<'a, D = ()> {
    /// The settings of the dialect.
    pub own: &'a D,
    /// Name in URLs.
    pub name: &'a str,
    /// Root of the site: paths of posts are relative to it.
    pub root: &'a Path,
    /// The folder that is read, at or below the root.
    pub folder: &'a Path,
    /// Settings of the site from the generator's own configuration.
    pub site: &'a SiteSettings,
    /// Permalink pattern.
    pub permalink: &'a str,
    /// True if drafts are posts.
    pub drafts: bool,
    /// Zone for dates without an offset.
    pub time_zone: Tz,
    /// Zone of the machine that the generator ran on, as far as it is known.
    pub machine_zone: Tz,
    /// Every taxonomy, `tags`, `categories` and `authors` first.
    pub taxonomies: &'a [TaxonomyKeys],
}

impl<D> Clone for SourceSettings<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for SourceSettings<'_, D> {}

impl<'a, D> SourceSettings<'a, D> {
    /// The same settings together with those of a dialect.
    pub fn with<E>(self, own: &'a E) -> SourceSettings<'a, E> {
        let Self { name, root, folder, site, permalink, drafts, time_zone, machine_zone, taxonomies, .. } =
            self;
        SourceSettings {
            own,
            name,
            root,
            folder,
            site,
            permalink,
            drafts,
            time_zone,
            machine_zone,
            taxonomies,
        }
    }

    /// A path, given relative to the root, relative to the folder that contains all posts; `None` if it is elsewhere.
    pub fn below_content(self, path: &str) -> Option<&str> {
        self.site.below_content(path)
    }
}

/// A post while it is being read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a, D = ()> {
    /// The settings of the source that contains the post.
    pub source: SourceSettings<'a, D>,
    /// The file path, relative to the source's root.
    pub path: &'a str,
    /// The front matter and body.
    pub front: &'a FrontMatter<'a>,
    /// The publication date, in the source's time zone.
    pub date: DateTime<Tz>,
}

impl<'a, D> Reading<'a, D> {
    /// The same post together with the settings of a dialect.
    pub fn with<E>(&self, own: &'a E) -> Reading<'a, E> {
        Reading { source: self.source.with(own), path: self.path, front: self.front, date: self.date }
    }
}

/// The taxonomy whose terms are read.
#[derive(Debug, Clone, Copy)]
pub enum TaxonomyKey<'a> {
    /// `tags`, by the dialect's own keys.
    Tags,
    /// `categories`, by the dialect's own keys.
    Categories,
    /// `authors`, in addition to those under the author keys.
    Authors,
    /// Any taxonomy, by these keys in lower case.
    Keys(&'a [String]),
}

/// An id as a dialect makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id {
    /// A path in normal form, to append to the id base.
    Path(String),
    /// A complete id.
    Whole(String),
}

/// The parts of a post's id that its generator's templates print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdParts {
    /// Path of the post's page below the site's base path.
    pub path: String,
    /// Id of the post in its generator.
    pub id: String,
    /// Slug of the post.
    pub slug: String,
}

/// The feeds that contain a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Listed {
    /// Every feed that selects the post.
    #[default]
    Everywhere,
    /// The feeds of its terms and of its section: Hugo's `list: local`.
    Locally,
    /// The feed of its section only: a document of a Jekyll collection.
    InSection,
}

/// The parts of the front matter that change how the generator's own feed shows an entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryOptions {
    /// The only category that the entry prints; `None`: all categories.
    pub category: Option<String>,
    /// True if the entry contains only the summary.
    pub excerpt_only: bool,
}
