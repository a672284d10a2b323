//! The site as a whole: what feeds say about it, its sources, and which terms have feeds.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;
use xxhash_rust::xxh3::xxh3_128;

use super::calendar::CalendarPeriod;
use super::pages::Pages;
use crate::config::{
    Author, BaseUrl, Content, DigestPeriod, Embeds, Footer, Format, Order, Origin, Paths, Select, Window,
};
use crate::limits::DIGESTS;
use crate::post::term::fold;
use crate::post::{Post, Source, SourceId};

/// A site with all settings resolved. Immutable; a changed configuration makes a new one.
#[derive(Debug, Clone)]
pub struct Site {
    /// Title of the main feed.
    pub title: String,
    /// The URL of the site's pages.
    pub url: BaseUrl,
    /// True if `url` is known.
    pub has_url: bool,
    /// The URL at which readers reach this server.
    pub public_url: BaseUrl,
    /// Subtitle of the main feed.
    pub description: Option<String>,
    /// The language, a BCP 47 tag.
    pub language: Option<String>,
    /// Time zone of dates that belong to no source.
    pub time_zone: Tz,
    /// Author of entries that name none.
    pub author: Option<Author>,
    /// Copyright line.
    pub copyright: Option<String>,
    /// The URL of the license of the feeds.
    pub license: Option<String>,
    /// Absolute URL of a small square image.
    pub icon: Option<String>,
    /// Absolute URL of a large image.
    pub logo: Option<String>,
    /// Seconds a cache may keep a feed.
    pub max_age: u32,
    /// True if every text of every post is searched.
    pub has_index: bool,
    /// URLs of the hubs that are notified of changes (W3C WebSub), as written.
    pub hubs: Vec<String>,
    /// Defaults of every feed.
    pub feeds: FeedSettings,
    /// The publications in which posts first appeared.
    pub origins: Vec<Origin>,
    /// Feeds with a name, in the order of the configuration.
    pub named: Vec<NamedFeed>,
    /// Old URL paths: aliases of other paths, and those that are gone.
    pub paths: Paths,
    /// Settings of the pages for people. Feeds do not depend on them.
    pub pages: Pages,
    /// Every taxonomy, `tags`, `categories` and `authors` first.
    pub taxonomies: Vec<Taxonomy>,
    /// Every source; posts refer to theirs by its index here.
    pub sources: Vec<Arc<Source>>,
    /// Hash of all fields that appear in documents, equal on every machine; set by [`Site::sealed`].
    pub digest: u128,
}

impl Site {
    /// A source.
    ///
    /// # Panics
    /// If it is a source of another site.
    pub fn source(&self, id: SourceId) -> &Arc<Source> {
        &self.sources[usize::from(id)]
    }

    /// The index of every source, in order.
    pub fn source_ids(&self) -> impl Iterator<Item = SourceId> + use<> {
        (0..self.sources.len()).map(SourceId::new)
    }

    /// The index of the source with this name, in any spelling.
    pub fn find_source(&self, name: &str) -> Option<SourceId> {
        let exact = self.sources.iter().position(|source| source.name == name);
        let alike = || {
            let folded = fold(name);
            self.sources.iter().position(|source| fold(&source.name) == folded)
        };
        exact.or_else(alike).map(SourceId::new)
    }

    /// The publication in which a text first appeared, by the URL of the original.
    pub fn find_origin(&self, original: &str) -> Option<&Origin> {
        let url = Url::parse(original).ok()?;
        self.origins.iter().find(|origin| origin.owns(&url))
    }

    /// Returns true if entries contain the Markdown of posts, for any feed.
    pub fn keeps_markdown(&self) -> bool {
        self.feeds.markdown || self.named.iter().any(|feed| feed.settings.markdown)
    }

    /// The next time at which a calendar period ends of which a feed makes a digest.
    pub(super) fn next_digest(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let zone = self.time_zone;
        let lengths = self.named.iter().filter_map(|feed| feed.digest);
        lengths.map(|length| CalendarPeriod::at(now, length, zone).end(zone)).min()
    }

    /// The code of the language of a post, if its source declares languages.
    pub(super) fn language_of(&self, post: &Post) -> Option<&str> {
        let languages = &self.sources[usize::from(post.source)].site.languages;
        languages.get(usize::from(post.language)).map(String::as_str)
    }

    /// The hash of the settings of a source on which the texts of its entries depend.
    pub fn text_digest(&self, id: SourceId) -> u128 {
        xxh3_128(describe_source(self.source(id)).as_bytes())
    }

    /// Returns the site with its digest. Folders are left out: documents do not depend on them.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        let Self { title, url, public_url, description, language, time_zone, author, copyright, .. } = &self;
        let texts =
            format!("{:?}", (title, url, public_url, description, language, time_zone, author, copyright));
        let more = format!(
            "{:?}",
            (self.has_url, &self.icon, &self.logo, self.max_age, &self.hubs, &self.taxonomies, &self.origins)
        );
        let more = format!("{more}{:?}", (&self.license, self.keeps_markdown()));
        let sources = self.sources.iter().map(|source| describe_source(source));
        let all = [texts, more].into_iter().chain(sources).collect::<Vec<_>>().join("\n");
        self.digest = xxh3_128(all.as_bytes());
        self
    }
}

/// The settings of a source that appear in documents.
fn describe_source(source: &Source) -> String {
    let Source { name, url, id_base, link, links_to_pages, time_zone, dialect, .. } = source;
    let Source { site, shortcodes, .. } = source;
    format!("{:?}", (name, url, id_base, link, links_to_pages, time_zone, dialect.name()))
        + &format!("{:?}", (&site.defaults, &site.excerpt_separator, &site.language_info, &site.authors))
        // Bodies may print any of these.
        + &format!("{:?}", (shortcodes, &site.values, &site.data, dialect.syntax()))
}

/// The settings of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSettings {
    /// Entries per page, 1 to 500.
    pub limit: usize,
    /// The time before the newest post whose posts are all on the first page, if they are not more than 500.
    pub window: Option<Window>,
    /// Entries per archive document, 0 to 500; `None`: as `limit`.
    pub archive: Option<usize>,
    /// The part of a post that an entry contains.
    pub content: Content,
    /// The date that posts are sorted by.
    pub order: Order,
    /// The handling of embedded media.
    pub embeds: Embeds,
    /// HTML at the end of entries.
    pub footer: Option<Footer>,
    /// True if RSS contains the Markdown of posts too.
    pub markdown: bool,
    /// Formats that exist; never empty.
    pub formats: Vec<Format>,
}

impl FeedSettings {
    /// The number of entries in an archive document; 0: there are none.
    pub fn archive_size(&self) -> usize {
        self.archive.unwrap_or(self.limit)
    }

    /// The settings of a feed whose entries are digests, which are in the order of their periods.
    #[must_use]
    pub fn for_digests(self) -> Self {
        Self {
            limit: self.limit.min(DIGESTS),
            archive: self.archive.map(|size| size.min(DIGESTS)),
            window: None,
            order: Order::Arrival,
            ..self
        }
    }
}

/// A feed with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFeed {
    /// Name in its URL path.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its subtitle.
    pub description: Option<String>,
    /// Its selection, as written.
    pub select: Select,
    /// The period of which it makes one entry; `None`: an entry is a post.
    pub digest: Option<DigestPeriod>,
    /// Its settings.
    pub settings: FeedSettings,
}

/// A kind of term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// Name in URL paths.
    pub name: String,
    /// Title of a term's feed, with `{site}` and `{term}`.
    pub title: String,
    only: Vec<String>,
    except: Vec<String>,
}

impl Taxonomy {
    /// A taxonomy whose terms have feeds if they are among `only`, unless that is empty, and not
    /// among `except`; both in any spelling.
    pub fn new(name: &str, title: Option<&str>, only: &[String], except: &[String]) -> Self {
        let fold_all = |terms: &[String]| terms.iter().map(|term| fold(term)).collect();
        Self {
            name: name.to_owned(),
            title: title.unwrap_or("{site}: {term}").to_owned(),
            only: fold_all(only),
            except: fold_all(except),
        }
    }

    /// Returns true if a term, folded, has a feed and is printed in entries. Other terms can still be used in
    /// selections.
    pub fn lists(&self, folded: &str) -> bool {
        let named = |terms: &[String]| terms.iter().any(|term| term == folded);
        (self.only.is_empty() || named(&self.only)) && !named(&self.except)
    }
}
