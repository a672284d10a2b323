//! The site as a whole: what feeds say of it, its sources, and which terms have feeds.

use std::sync::Arc;

use chrono_tz::Tz;
use xxhash_rust::xxh3::xxh3_128;

use super::pages::Pages;
use crate::config::{Author, BaseUrl, Content, Embeds, Format, Order, Paths, Select};
use crate::post::Source;
use crate::post::term::fold;

/// A site with nothing left to decide. Immutable; a changed configuration makes another one.
#[derive(Debug, Clone)]
pub struct Site {
    /// Title of the main feed.
    pub title: String,
    /// Where its pages live.
    pub url: BaseUrl,
    /// Whether that is known.
    pub has_url: bool,
    /// How readers reach this server.
    pub public_url: BaseUrl,
    /// Subtitle of the main feed.
    pub description: Option<String>,
    /// BCP 47 tag.
    pub language: Option<String>,
    /// Zone of dates that belong to no source.
    pub time_zone: Tz,
    /// Author of what names no author.
    pub author: Option<Author>,
    /// Copyright line.
    pub copyright: Option<String>,
    /// Absolute address of a small square image.
    pub icon: Option<String>,
    /// Absolute address of a large image.
    pub logo: Option<String>,
    /// Seconds a cache may keep a feed.
    pub max_age: u32,
    /// Hubs that are reported of changes (W3C WebSub), as written.
    pub hubs: Vec<String>,
    /// Defaults of every feed.
    pub feeds: FeedSettings,
    /// Feeds with a name, in the order of the configuration.
    pub named: Vec<NamedFeed>,
    /// Old addresses, which other ones answer for, and those that are gone.
    pub paths: Paths,
    /// How the pages for people are made. Feeds do not depend on it.
    pub pages: Pages,
    /// Every taxonomy, `tags`, `categories` and `authors` first.
    pub taxonomies: Vec<Taxonomy>,
    /// Every source; posts name theirs by its place here.
    pub sources: Vec<Arc<Source>>,
    /// Hash of all of this that shows in documents, equal on every machine; set by [`Site::sealed`].
    pub digest: u128,
}

impl Site {
    /// The place of the source with this name, in any spelling.
    pub fn find_source(&self, name: &str) -> Option<u16> {
        let exact = self.sources.iter().position(|source| source.name == name);
        let alike = || {
            let folded = fold(name);
            self.sources.iter().position(|source| fold(&source.name) == folded)
        };
        exact.or_else(alike).map(|place| place as u16)
    }

    /// The site with its digest. Folders are left out: documents do not know where files lie.
    #[must_use]
    pub fn sealed(mut self) -> Self {
        let Self { title, url, public_url, description, language, time_zone, author, copyright, .. } = &self;
        let texts =
            format!("{:?}", (title, url, public_url, description, language, time_zone, author, copyright));
        let more = format!(
            "{:?}",
            (self.has_url, &self.icon, &self.logo, self.max_age, &self.hubs, &self.taxonomies)
        );
        let sources = self.sources.iter().map(|source| {
            let Source { name, url, id_base, link, links_to_pages, time_zone, rules, .. } = &**source;
            let Source { site, shortcodes, .. } = &**source;
            format!("{:?}", (name, url, id_base, link, links_to_pages, time_zone, rules.dialect))
                + &format!(
                    "{:?}",
                    (&site.defaults, &site.excerpt_separator, &site.language_info, &site.authors)
                )
                // Bodies may print any of these.
                + &format!("{:?}", (shortcodes, &site.values, &site.data, site.emoji, site.plain_dollars))
        });
        let all = [texts, more].into_iter().chain(sources).collect::<Vec<_>>().join("\n");
        self.digest = xxh3_128(all.as_bytes());
        self
    }
}

/// How a feed is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSettings {
    /// Entries, 1 to 500.
    pub limit: usize,
    /// How much of a post an entry holds.
    pub content: Content,
    /// What "newest" means.
    pub order: Order,
    /// What becomes of embedded pages.
    pub embeds: Embeds,
    /// Formats that exist; never empty.
    pub formats: Vec<Format>,
}

/// A feed with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedFeed {
    /// Name in its address.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its subtitle.
    pub description: Option<String>,
    /// Which posts it holds, as written.
    pub select: Select,
    /// How it is made.
    pub settings: FeedSettings,
}

/// A kind of term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// Name in addresses.
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

    /// Whether a term, folded, has a feed and is printed in entries. Others can still be selected by.
    pub fn lists(&self, folded: &str) -> bool {
        let named = |terms: &[String]| terms.iter().any(|term| term == folded);
        (self.only.is_empty() || named(&self.only)) && !named(&self.except)
    }
}
