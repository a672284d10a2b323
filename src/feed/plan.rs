//! A selected feed, before rendering: its posts, and everything that its bytes depend on.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::address::{Address, Place, settings_of};
use super::archives::{Archives, select_archive};
use super::digests::{Digest, Digests, SelectedDigests, digest_of, find_length, restrict};
use super::fingerprint::{Fingerprint, hash_site};
use super::group::is_listed;
use super::query::Query;
use super::selection::{conditions_of, select};
use super::title::{describe_conditions, find_language, make_title};
use crate::catalog::{CalendarPeriod, FeedSettings, Page, Period, PostTexts, Selection, Snapshot};
use crate::config::{BaseUrl, Format, Order};
use crate::post::{Post, Source};

/// A selection with a title and a URL, and the posts that it contains now.
#[derive(Debug, Clone)]
pub struct Feed {
    /// The place, format and query. The query is canonical.
    pub address: Address,
    /// The canonical path and query, encoded, without the path of the public URL.
    pub path: String,
    /// The title.
    pub title: String,
    /// The subtitle.
    pub description: Option<String>,
    /// The settings.
    pub settings: FeedSettings,
    /// The posts of this page, newest first.
    pub posts: Vec<Arc<Post>>,
    /// The digests of this page, if these are its entries; each has the next ones of the posts.
    pub digests: Option<Vec<Digest>>,
    /// The number of entries on all pages.
    pub total: usize,
    /// The number of this page and the count of pages.
    pub pages: Pages,
    /// Its archive documents, if it can have any.
    pub archives: Option<Archives>,
    selection: Selection,
}

/// The position of a page among the pages of a feed (RFC 5005 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// The number of the page, from 1.
    pub number: usize,
    /// The number of pages, at least 1.
    pub count: usize,
}

impl Pages {
    /// Returns true if the page is not after the last one.
    pub fn exists(self) -> bool {
        self.number <= self.count
    }
}

/// Plans a feed: selects its posts, without rendering. A search for words reads the posts' `texts`. `None` if the
/// feed has fewer pages.
pub fn plan(snapshot: &Snapshot, address: Address, texts: &dyn PostTexts) -> Option<Feed> {
    let feed = plan_page(snapshot, address, texts);
    feed.pages.exists().then_some(feed)
}

/// Plans a page of a feed, as [`plan`] does. A page after the last one has no posts.
pub fn plan_page(snapshot: &Snapshot, address: Address, texts: &dyn PostTexts) -> Feed {
    let base = select(snapshot, &address.place);
    let mut settings = settings_of(snapshot, &address.place).clone();
    let digest = digest_of(snapshot, &address);
    let is_by_arrival = find_length(snapshot, &address.place).is_some();
    let query = if digest.is_some() { restrict(address.query) } else { address.query };
    let query = query.beyond(&conditions_of(&base, is_by_arrival), &settings);
    settings.limit = query.limit.unwrap_or(settings.limit);
    settings.window = query.window.or(settings.window);
    settings.content = query.content.unwrap_or(settings.content);
    settings.order = query.order.unwrap_or(settings.order);
    let conditions = conditions_of(&query.conditions, is_by_arrival);
    let selection = Selection { order: settings.order, ..base.and(&conditions) };
    let number = query.page.max(1);
    let address = Address { query, ..address };
    let archives = |total| Archives::new(snapshot, &address, total);
    let (digests, selected) = match (digest, address.archive) {
        (Some(length), archive) => {
            let all = Digests::new(snapshot, &selection, length, settings.content);
            let archives = archives(all.len());
            let SelectedDigests { digests, selected } = match archive {
                Some(number) => all.archive(number, archives),
                None => all.page(number, &settings, archives),
            };
            (Some(digests), selected)
        }
        (None, Some(number)) => (None, select_archive(snapshot, &selection, number, archives, texts)),
        (None, None) => {
            let page = Page { number, limit: settings.limit, window: settings.window };
            let rest = |total| archives(total).map_or(0, |archives| archives.count_rest());
            (None, snapshot.select_numbered(&selection, page, rest, texts))
        }
    };
    let archives = archives(selected.total);
    let pages = match address.archive {
        Some(_) => Pages { number, count: usize::from(!selected.posts.is_empty()) },
        None => {
            let others = selected.total.saturating_sub(selected.first);
            Pages { number, count: 1 + others.div_ceil(settings.limit) }
        }
    };
    let title = make_title(snapshot, &address.place);
    let description = match address.place {
        Place::Named(number) => snapshot.site.named[usize::from(number)].description.clone(),
        _ => None,
    };
    Feed {
        path: write_path(snapshot, &address, number),
        title: describe_conditions(snapshot, title, &address.query.conditions),
        description: description.or_else(|| snapshot.site.description.clone()),
        posts: selected.posts,
        digests,
        total: selected.total,
        settings,
        address,
        pages,
        archives,
        selection,
    }
}

/// Returns true if planning a feed searches for words.
pub fn searches(snapshot: &Snapshot, address: &Address) -> bool {
    let own = match &address.place {
        Place::Named(number) => snapshot.site.named[usize::from(*number)].select.q.is_some(),
        _ => false,
    };
    own || address.query.conditions.words.is_some()
}

/// The canonical path and query of a page of a feed.
fn write_path(snapshot: &Snapshot, address: &Address, page: usize) -> String {
    let path = address.path(snapshot);
    let query = Query { page, ..address.query.clone() }.write(snapshot);
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

impl Feed {
    /// The absolute URL.
    pub fn url(&self, snapshot: &Snapshot) -> String {
        format!("{}{}", snapshot.site.public_url, self.path)
    }

    /// The selection.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// Each format of the feed, with its absolute URL. A reader subscribes to the feed, not to an archive document.
    pub fn formats(&self, snapshot: &Snapshot) -> Vec<(Format, String)> {
        if self.address.own.is_some() {
            return vec![(self.address.format, self.page_url(snapshot, 1))];
        }
        let formats = &settings_of(snapshot, &self.address.place).formats;
        let address = |format| Address { format, archive: None, ..self.address.clone() };
        let url =
            |format| format!("{}{}", snapshot.site.public_url, write_path(snapshot, &address(format), 1));
        formats.iter().map(|format| (*format, url(*format))).collect()
    }

    /// The path and query of one of its pages for people, without the path of the public URL.
    pub fn people_path(&self, snapshot: &Snapshot, page: usize) -> String {
        if self.address.own.is_some() {
            return write_path(snapshot, &self.address, page);
        }
        let query = Query { page, ..self.address.query.clone() }.write(snapshot);
        let path = self.address.folder(snapshot);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// The path of the page for people of one of its archive documents; of the feed itself without a number.
    pub fn archive_people_path(&self, snapshot: &Snapshot, archive: Option<usize>) -> String {
        Address { archive, ..self.address.clone() }.folder(snapshot)
    }

    /// The path and query of the main feed's page with the same conditions, without the path of the public URL: there
    /// more conditions can be added. `None` if it is that page, or if a query cannot express all its conditions.
    pub fn combined_path(&self, snapshot: &Snapshot) -> Option<String> {
        let is_query = match &self.address.place {
            Place::All | Place::Section(..) => false,
            Place::Term { language, .. } => language.is_none(),
            Place::Source(_) | Place::Language(_) | Place::Named(_) => true,
        };
        // A query has at most one `any` group per taxonomy.
        let mut taxonomies: Vec<u8> = self.selection.any.iter().map(|group| group[0].taxonomy).collect();
        taxonomies.dedup();
        let is_query = is_query && taxonomies.len() == self.selection.any.len();
        let is_query = is_query && self.selection.arrived == Period::default();
        let query = Query {
            conditions: Selection { order: Order::default(), ..self.selection.clone() },
            ..Query::default()
        };
        is_query.then(|| format!("/?{}", query.write(snapshot)))
    }

    /// The source, if all posts are from one source.
    pub fn source<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Arc<Source>> {
        match (&self.address.place, &snapshot.site.sources[..]) {
            (Place::Source(source), sources) => sources.get(usize::from(*source)),
            (_, [only]) => Some(only),
            _ => None,
        }
    }

    /// The language, if it is known.
    pub fn language<'a>(&'a self, snapshot: &'a Snapshot) -> Option<&'a str> {
        match &self.address.place {
            Place::Language(code) | Place::Term { language: Some(code), .. } => {
                Some(find_language(snapshot, code).and_then(|info| info.tag.as_deref()).unwrap_or(code))
            }
            _ => snapshot.site.language.as_deref(),
        }
    }

    /// The URL of the site that it links to; of this server, if the URL of the site is unknown.
    pub fn home<'a>(&self, snapshot: &'a Snapshot) -> &'a BaseUrl {
        let site = &snapshot.site;
        let (url, has_url) = match &self.address.place {
            Place::Source(source) => {
                let source = site.source(*source);
                (&source.url, source.has_url)
            }
            Place::Language(code) => {
                let own = find_language(snapshot, code).and_then(|info| info.url.as_ref());
                own.map_or((&site.url, site.has_url), |own| (own, true))
            }
            _ => (&site.url, site.has_url),
        };
        if has_url { url } else { &site.public_url }
    }

    /// The permanent id: a `tag:` URI (RFC 4151) of its canonical path on the id base, the same on every page.
    pub fn id(&self, snapshot: &Snapshot) -> String {
        self.tag(snapshot, &write_path(snapshot, &Address { archive: None, ..self.address.clone() }, 1))
    }

    /// A `tag:` URI (RFC 4151) for a path on the id base.
    pub(super) fn tag(&self, snapshot: &Snapshot, path: &str) -> String {
        let base = self.source(snapshot).and_then(|source| source.id_base.as_ref());
        let base = base.unwrap_or(&snapshot.site.url);
        format!("tag:{},2026:{}{path}", base.host(), base.path())
    }

    /// The absolute URL of one of its pages.
    pub fn page_url(&self, snapshot: &Snapshot, page: usize) -> String {
        format!("{}{}", snapshot.site.public_url, self.page_path(snapshot, page))
    }

    /// The path and query of one of its pages, without the path of the public URL.
    pub fn page_path(&self, snapshot: &Snapshot, page: usize) -> String {
        write_path(snapshot, &self.address, page)
    }

    /// Returns true if it is a feed's first page without a query.
    pub fn is_listed(&self) -> bool {
        self.address.query.is_empty() && self.address.archive.is_none()
    }

    /// Returns true if it contains every post of a feed that has no archive documents yet (RFC 5005 §2).
    pub fn is_complete(&self) -> bool {
        self.is_listed()
            && self.archives.is_some_and(|archives| archives.count == 0)
            && self.digests.as_ref().map_or(self.posts.len(), Vec::len) == self.total
    }

    /// The absolute URL of one of its archive documents; of the feed itself without a number.
    pub fn archive_url(&self, snapshot: &Snapshot, archive: Option<usize>) -> String {
        // An old path has no archive documents of its own.
        let address = Address { archive, own: None, ..self.address.clone() };
        format!("{}{}", snapshot.site.public_url, address.path(snapshot))
    }

    /// The hubs that are notified when it changes (W3C WebSub §4): only for the first page of a listed feed.
    pub fn hubs<'a>(&self, snapshot: &'a Snapshot) -> &'a [String] {
        let Address { place, own, .. } = &self.address;
        let has_hubs =
            own.is_none() && self.is_listed() && self.pages.number == 1 && is_listed(snapshot, place);
        if has_hubs { &snapshot.site.hubs } else { &[] }
    }

    /// Returns true if it may contain posts of a source that is not scanned yet.
    pub fn awaits_posts(&self, snapshot: &Snapshot) -> bool {
        // The name of a source may be known only when its folder is available.
        let names_unknown = match self.address.place {
            Place::Named(number) => {
                let sources = &snapshot.site.named[usize::from(number)].select.sources;
                sources.iter().any(|name| snapshot.site.find_source(name).is_none())
            }
            _ => false,
        };
        snapshot.awaits(&self.selection) || (names_unknown && !snapshot.awaited.is_empty())
    }

    /// The time when its next post appears or disappears, or its next digest appears, if that is before `until`.
    pub fn next_due(&self, snapshot: &Snapshot, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let zone = snapshot.site.time_zone;
        let digest = digest_of(snapshot, &self.address)
            .map(|length| CalendarPeriod::at(snapshot.made, length, zone).end(zone));
        let post = snapshot.next_due_of(&self.selection, until);
        digest.filter(|end| *end < until).into_iter().chain(post).min()
    }

    /// The hash of everything that decides its bytes: equal on every machine with the same files.
    pub fn fingerprint(&self, snapshot: &Snapshot) -> Fingerprint {
        let mut hash = hash_site(snapshot);
        hash.add(&self.path);
        hash.add(&self.title);
        hash.add(self.description.as_deref().unwrap_or_default());
        hash.add(&format!("{:?}", (&self.settings, self.pages)));
        // A document changes when its successor appears, and the feed itself with each new document.
        let count = self.archives.map_or(0, |archives| archives.count);
        let last = self.address.archive.map_or(count, |number| count.min(number + 1));
        hash.add(&format!("{:?}", (last, self.is_complete())));
        if let Some(digests) = &self.digests {
            // Without pages, digests link to the feed.
            hash.add(&format!("{:?}", (digests, snapshot.site.pages.enabled)));
        }
        for post in &self.posts {
            hash.add_post(post);
        }
        hash.finish()
    }
}
