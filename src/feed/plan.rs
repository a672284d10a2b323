//! A feed before anything is rendered: which posts it holds and what its bytes will depend on.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::address::{Address, Place, settings_of};
use super::fingerprint::{Fingerprint, hash_site};
use super::group::is_listed;
use super::query::{Query, find_code, find_key};
use super::title::{describe_conditions, find_language, make_title};
use crate::catalog::{FeedSettings, NamedFeed, Selection, Snapshot, Summaries, TermKey};
use crate::config::{BaseUrl, Format, Order};
use crate::post::text_query::Words;
use crate::post::{Post, Source};

/// A selection with a title and an address, and the posts it holds now.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Where it is found. Its query is canonical.
    pub address: Address,
    /// Its canonical path and query, encoded, without the path of the public address.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Its subtitle.
    pub description: Option<String>,
    /// How it is made.
    pub settings: FeedSettings,
    /// The posts of its page, newest first.
    pub posts: Vec<Arc<Post>>,
    /// How many posts all its pages hold.
    pub total: usize,
    /// Which page it is.
    pub pages: Pages,
    selection: Selection,
}

/// A page of a feed among the others: RFC 5005 §3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are, at least 1.
    pub count: usize,
}

/// Plans the feed at an address. Costs a selection, no rendering; where words are searched for, the
/// summaries of posts are asked of `summaries`. `None`: it has fewer pages.
pub fn plan(snapshot: &Snapshot, address: Address, summaries: &dyn Summaries) -> Option<Feed> {
    let base = select(snapshot, &address.place);
    let mut settings = settings_of(snapshot, &address.place).clone();
    let query = address.query.beyond(&base, &settings);
    settings.limit = query.limit.unwrap_or(settings.limit);
    settings.content = query.content.unwrap_or(settings.content);
    settings.order = query.order.unwrap_or(settings.order);
    let selection = Selection { order: settings.order, ..base.and(&query.conditions) };
    let number = query.page.max(1);
    let start = (number - 1).saturating_mul(settings.limit);
    let selected = snapshot.select_page(&selection, start..start.saturating_add(settings.limit), summaries);
    let pages = Pages { number, count: selected.total.div_ceil(settings.limit).max(1) };
    if number > pages.count {
        return None;
    }
    let title = make_title(snapshot, &address.place);
    let description = match address.place {
        Place::Named(number) => snapshot.site.named[usize::from(number)].description.clone(),
        _ => None,
    };
    let address = Address { query, ..address };
    Some(Feed {
        path: write_path(snapshot, &address, number),
        title: describe_conditions(snapshot, title, &address.query.conditions),
        description: description.or_else(|| snapshot.site.description.clone()),
        posts: selected.posts,
        total: selected.total,
        settings,
        address,
        pages,
        selection,
    })
}

/// Whether planning a feed means searching for words.
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

/// The posts that a place is about.
pub fn select(snapshot: &Snapshot, place: &Place) -> Selection {
    match place {
        Place::All => Selection::default(),
        Place::Source(source) => Selection { sources: Some(vec![*source]), ..Selection::default() },
        Place::Language(code) => Selection { languages: Some(vec![code.clone()]), ..Selection::default() },
        Place::Section(source, path) => {
            Selection { section: Some((*source, path.clone())), ..Selection::default() }
        }
        Place::Term { taxonomy, folded, language } => Selection {
            all: vec![TermKey { taxonomy: *taxonomy, folded: folded.clone() }],
            languages: language.clone().map(|code| vec![code]),
            ..Selection::default()
        },
        Place::Named(number) => select_named(snapshot, &snapshot.site.named[usize::from(*number)]),
    }
}

/// The conditions of a feed with a name. A source that does not exist holds nothing.
fn select_named(snapshot: &Snapshot, feed: &NamedFeed) -> Selection {
    let site = &snapshot.site;
    let mut selection = Selection::default();
    for (name, conditions) in &feed.select.terms {
        let Some(taxonomy) = site.taxonomies.iter().position(|taxonomy| taxonomy.name == *name) else {
            continue;
        };
        let keys = |terms: &[String]| -> Vec<TermKey> {
            terms.iter().map(|term| find_key(snapshot, taxonomy, term)).collect()
        };
        selection.all.extend(keys(&conditions.all));
        selection.not.extend(keys(&conditions.not));
        selection.any.extend(Some(keys(&conditions.any)).filter(|group| !group.is_empty()));
    }
    let given = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
    selection.sources = given(&feed.select.sources)
        .map(|names| names.iter().filter_map(|name| site.find_source(name)).collect());
    selection.languages = given(&feed.select.languages)
        .map(|codes| codes.iter().map(|code| find_code(snapshot, code)).collect());
    selection.words = feed.select.q.as_deref().and_then(Words::parse);
    selection.normalise();
    selection
}

impl Feed {
    /// Its address as readers know it.
    pub fn url(&self, snapshot: &Snapshot) -> String {
        format!("{}{}", snapshot.site.public_url, self.path)
    }

    /// Which posts it holds.
    pub fn selection(&self) -> &Selection {
        &self.selection
    }

    /// The same feed in each format it has, with its address as readers know it.
    pub fn formats(&self, snapshot: &Snapshot) -> Vec<(Format, String)> {
        if self.address.own.is_some() {
            return vec![(self.address.format, self.page_url(snapshot, 1))];
        }
        let formats = &settings_of(snapshot, &self.address.place).formats;
        let address = |format| Address { format, ..self.address.clone() };
        let url =
            |format| format!("{}{}", snapshot.site.public_url, write_path(snapshot, &address(format), 1));
        formats.iter().map(|format| (*format, url(*format))).collect()
    }

    /// The path and query of one of its pages for people, without the path of the public address.
    pub fn people_path(&self, snapshot: &Snapshot, page: usize) -> String {
        if self.address.own.is_some() {
            return write_path(snapshot, &self.address, page);
        }
        let query = Query { page, ..self.address.query.clone() }.write(snapshot);
        let path = self.address.place.path(snapshot);
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    /// The path and query of the main feed's page with the same conditions, without the path of the public URL: where
    /// more are added. `None` if it is that page, or its conditions are not all those of a query.
    pub fn combined_path(&self, snapshot: &Snapshot) -> Option<String> {
        let is_query = match &self.address.place {
            Place::All | Place::Section(..) => false,
            Place::Term { language, .. } => language.is_none(),
            Place::Source(_) | Place::Language(_) | Place::Named(_) => true,
        };
        // A query has one choice of each taxonomy.
        let mut taxonomies: Vec<u8> = self.selection.any.iter().map(|group| group[0].taxonomy).collect();
        taxonomies.dedup();
        let is_query = is_query && taxonomies.len() == self.selection.any.len();
        let query = Query {
            conditions: Selection { order: Order::default(), ..self.selection.clone() },
            ..Query::default()
        };
        is_query.then(|| format!("/?{}", query.write(snapshot)))
    }

    /// The source it is the feed of, where it is that of one.
    pub fn source<'a>(&self, snapshot: &'a Snapshot) -> Option<&'a Arc<Source>> {
        match (&self.address.place, &snapshot.site.sources[..]) {
            (Place::Source(source), sources) => sources.get(usize::from(*source)),
            (_, [only]) => Some(only),
            _ => None,
        }
    }

    /// The language it is in, if it is known.
    pub fn language<'a>(&'a self, snapshot: &'a Snapshot) -> Option<&'a str> {
        match &self.address.place {
            Place::Language(code) | Place::Term { language: Some(code), .. } => {
                Some(find_language(snapshot, code).and_then(|info| info.tag.as_deref()).unwrap_or(code))
            }
            _ => snapshot.site.language.as_deref(),
        }
    }

    /// The site that it links to; this server, if the URL of the site is not known.
    pub fn home<'a>(&self, snapshot: &'a Snapshot) -> &'a BaseUrl {
        let site = &snapshot.site;
        let (url, has_url) = match self.address.place {
            Place::Source(source) => {
                let source = &site.sources[usize::from(source)];
                (&source.url, source.has_url)
            }
            _ => (&site.url, site.has_url),
        };
        if has_url { url } else { &site.public_url }
    }

    /// What identifies it for ever: a `tag:` URI (RFC 4151) of its canonical path on the id base, the same
    /// on every page.
    pub fn id(&self, snapshot: &Snapshot) -> String {
        let base = self.source(snapshot).and_then(|source| source.id_base.as_ref());
        let base = base.unwrap_or(&snapshot.site.url);
        let path = write_path(snapshot, &self.address, 1);
        format!("tag:{},2026:{}{path}", base.host(), base.path())
    }

    /// The address of one of its pages as readers know it.
    pub fn page_url(&self, snapshot: &Snapshot, page: usize) -> String {
        format!("{}{}", snapshot.site.public_url, self.page_path(snapshot, page))
    }

    /// The path and query of one of its pages, without the path of the public URL.
    pub fn page_path(&self, snapshot: &Snapshot, page: usize) -> String {
        write_path(snapshot, &self.address, page)
    }

    /// Whether it is one of those that are listed: the first page of a feed, with nothing asked beside it.
    pub fn is_listed(&self) -> bool {
        self.address.query.is_empty()
    }

    /// The hubs that are told when it changes (W3C WebSub §4): those of a listed feed, on its first page.
    pub fn hubs<'a>(&self, snapshot: &'a Snapshot) -> &'a [String] {
        let Address { place, own, query, .. } = &self.address;
        let has_hubs =
            own.is_none() && query.is_empty() && self.pages.number == 1 && is_listed(snapshot, place);
        if has_hubs { &snapshot.site.hubs } else { &[] }
    }

    /// Whether it may hold posts of a source that is still waited for.
    pub fn awaits_posts(&self, snapshot: &Snapshot) -> bool {
        // What a source is called may show only once its folder has come.
        let names_unknown = match self.address.place {
            Place::Named(number) => {
                let sources = &snapshot.site.named[usize::from(number)].select.sources;
                sources.iter().any(|name| snapshot.site.find_source(name).is_none())
            }
            _ => false,
        };
        snapshot.awaits(&self.selection) || (names_unknown && !snapshot.awaited.is_empty())
    }

    /// When one of its posts appears or disappears next, if that is before `until`.
    pub fn next_due(&self, snapshot: &Snapshot, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
        snapshot.next_due_of(&self.selection, until)
    }

    /// Hash of all that decides its bytes: equal on every machine with the same files.
    pub fn fingerprint(&self, snapshot: &Snapshot) -> Fingerprint {
        let mut hash = hash_site(snapshot);
        hash.add(&self.path);
        hash.add(&self.title);
        hash.add(self.description.as_deref().unwrap_or_default());
        hash.add(&format!("{:?}", (&self.settings, self.pages)));
        for post in &self.posts {
            hash.add_post(post);
        }
        hash.finish()
    }
}
