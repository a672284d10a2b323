//! Request target → plan: resolves a target on one snapshot and selects what it shows. Nothing is rendered here.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;

use super::answer::Answer;
use super::cache_headers::{Head, Links};
use super::cache_policy::{CachePolicy, FeedLifetime};
use super::conditional::now;
use super::media::MediaPath;
use super::modified::Modified;
use super::plan::{PageUrl, Planned, Resolved, Subject};
use super::rate_limit::RateLimit;
use super::target::{decode_unreserved, split, strip};
use crate::catalog::{NoTexts, PostTexts, Snapshot};
use crate::feed::{
    self, About, Address, BadQuery, EntryTexts, Feed, Fingerprint, Found, Group, Pages, WeightedCache,
    media_type, new_cache, plan_page, suggest,
};
use crate::limits::TERM_SEARCHES_PER_SECOND;
use crate::page::{EntryPage, FeedPage, UrlError, fingerprint_group};
use crate::post::pages::{name_page, page_path};
use crate::post::{Post, SourceId};
use crate::state::Store;

/// The reason why there is no plan.
#[derive(Debug)]
pub(super) enum Unplanned {
    /// There is this answer instead.
    Answer(Answer),
    /// Planning reads files or visits every post: it needs a thread that may block.
    Blocks(Found),
    /// The target is a media file.
    Media(MediaPath),
}

impl From<BadQuery> for Unplanned {
    fn from(error: BadQuery) -> Self {
        Self::Answer(Answer::of_url_error(error, Vec::new()))
    }
}

/// A request target, and whether a browser navigates to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'t> {
    /// The path and query as sent.
    pub(super) text: &'t str,
    /// True if a person navigates to it in a browser: then a feed is answered with its page.
    pub(super) navigates: bool,
}

impl Target<'_> {
    fn query(&self) -> Option<&str> {
        split(self.text).1
    }

    /// Returns true if a feed is answered with its page.
    fn wants_page(&self, snapshot: &Snapshot) -> bool {
        self.navigates && snapshot.site.pages.enabled && !self.query().is_some_and(feed::asks_for_source)
    }
}

/// Plans responses. Plans of recent targets are cached for one snapshot: a poll costs one lookup.
pub(super) struct Resolver {
    plans: WeightedCache<Box<str>, Arc<Planned>>,
    modified: Modified,
    /// Limits how often a response suggests terms for a path with a typing error.
    term_searches: RateLimit,
}

impl Resolver {
    /// Caches plans of `capacity` bytes, and stores the times of changes in `store`.
    pub(super) fn new(capacity: u64, store: Store) -> Self {
        Self {
            plans: new_cache(capacity, 1 << 10, |target, planned: &Arc<Planned>| planned.weight(target)),
            modified: Modified::new(store),
            term_searches: RateLimit::new(TERM_SEARCHES_PER_SECOND),
        }
    }

    /// Sets the capacity of the cache in bytes.
    pub(super) fn resize(&self, capacity: u64) {
        self.plans.set_capacity(capacity);
    }

    /// The bytes in the cache.
    pub(super) fn weight(&self) -> u64 {
        self.plans.weight()
    }

    /// Resolves a target on a snapshot: from the cache, else by its path and query. Without `texts` nothing is
    /// searched.
    pub(super) fn resolve(
        &self,
        snapshot: &Snapshot,
        target: Target<'_>,
        texts: Option<&EntryTexts<'_>>,
    ) -> Result<Resolved, Unplanned> {
        let cached = self.plans.get(target.text).filter(|planned| planned.is_of(snapshot));
        match cached.filter(|planned| !(planned.is_feed() && target.wants_page(snapshot))) {
            Some(planned) => Ok(Resolved { planned, subject: None }),
            None => self.select(snapshot, target, texts),
        }
    }

    /// Resolves a target by its path and query, and selects what it shows.
    pub(super) fn select(
        &self,
        snapshot: &Snapshot,
        target: Target<'_>,
        texts: Option<&EntryTexts<'_>>,
    ) -> Result<Resolved, Unplanned> {
        self.plan(snapshot, target, self.find(snapshot, target)?, texts)
    }

    /// Plans the response for a resolved path and query.
    pub(super) fn plan(
        &self,
        snapshot: &Snapshot,
        target: Target<'_>,
        found: Found,
        texts: Option<&EntryTexts<'_>>,
    ) -> Result<Resolved, Unplanned> {
        if texts.is_none() && blocks(snapshot, &found) {
            return Err(Unplanned::Blocks(found));
        }
        let posts: &dyn PostTexts = texts.map_or(&NoTexts, |texts| texts);
        let resolved = match found {
            Found::Moved(path) => return Err(Unplanned::Answer(move_to(snapshot, &path, target))),
            Found::Gone => return Err(Unplanned::Answer(Answer::of_url_error(UrlError::Gone, Vec::new()))),
            Found::Media(source, path) => return Err(Unplanned::Media(MediaPath { source, path })),
            Found::Feed(address) if target.wants_page(snapshot) => {
                // All formats share one page.
                let default = Address::of(snapshot, address.place.clone()).filter(|_| address.own.is_none());
                let format = default.map_or(address.format, |default| default.format);
                let feed = select_feed(snapshot, Address { format, ..*address }, posts)?;
                // Not cached: the cache holds the plan of the feed for this target.
                return Ok(self.plan_feed_page(snapshot, feed, PageUrl::Feed));
            }
            Found::Feed(address) => {
                self.plan_feed(snapshot, Box::new(select_feed(snapshot, *address, posts)?))
            }
            Found::Page(About::Feed(address)) => {
                self.plan_feed_page(snapshot, select_feed(snapshot, *address, posts)?, PageUrl::Own)
            }
            Found::Entry(source, name, is_page) => {
                let post = self.find_entry(snapshot, target, source, &name, is_page)?;
                self.plan_entry(snapshot, Arc::clone(post))
            }
            // Without the terms of a source that is not scanned yet the list would be incomplete.
            Found::Opml | Found::Page(About::Group(_)) if !snapshot.awaited.is_empty() => {
                return Err(Unplanned::Answer(Answer::not_ready()));
            }
            Found::Page(About::Group(group)) => {
                self.plan_group(snapshot, group, target.query().and_then(read_filter))
            }
            Found::Opml => self.plan_opml(snapshot),
        };
        // Unknown query parameters must not fill the cache, and a search that could not read all posts is not cached.
        let is_whole = texts.is_none_or(|texts| texts.failure().is_none());
        if is_whole && target.query().is_none_or(|query| feed::knows_all_parameters(snapshot, query)) {
            self.plans.insert(target.text.into(), Arc::clone(&resolved.planned));
        }
        Ok(resolved)
    }

    /// Resolves a target, with or without the path of the public URL.
    fn find(&self, snapshot: &Snapshot, target: Target<'_>) -> Result<Found, Unplanned> {
        let (path, query) = split(target.text);
        let path = &*decode_unreserved(path);
        let public_path = snapshot.site.public_url.path();
        let inner = strip(path, public_path);
        if path == public_path && !public_path.is_empty() {
            return Ok(Found::Moved("/".to_owned()));
        }
        for path in inner.into_iter().chain([path]) {
            if let Some(found) = feed::resolve(snapshot, path, query)? {
                return Ok(found);
            }
        }
        // The feed of a term whose last post was removed before this server started is empty.
        let path = inner.unwrap_or(path);
        let found = feed::find_dropped(snapshot, path, query, |path| self.modified.knows(path))?;
        found
            .or_else(|| feed::find_moved(snapshot, path).map(Found::Moved))
            .ok_or_else(|| Unplanned::Answer(self.miss(snapshot, path)))
    }

    /// The answer if there is nothing at a path. A source that is not scanned yet may still provide it.
    fn miss(&self, snapshot: &Snapshot, path: &str) -> Answer {
        if !snapshot.awaited.is_empty() {
            return Answer::not_ready();
        }
        Answer::of_url_error(UrlError::NotFound, suggest(snapshot, path, || self.term_searches.take(now())))
    }

    /// Plans a feed.
    pub(super) fn plan_feed(&self, snapshot: &Snapshot, feed: Box<Feed>) -> Resolved {
        let fingerprint = feed.fingerprint(snapshot);
        let listed = feed.is_listed().then_some(feed.path.as_str());
        let is_archive = feed.address.archive.is_some();
        let modified = match listed.or(is_archive.then_some(feed.path.as_str())) {
            // This output was not served before the snapshot was made.
            Some(path) => self.modified.since(Some(path), fingerprint, snapshot.made.timestamp()),
            None => self.date_everything(snapshot),
        };
        let site = &snapshot.site;
        let due = feed.next_due(snapshot, DateTime::<Utc>::MAX_UTC);
        let policy = match feed.address.archive {
            Some(_) => CachePolicy::Archive(feed.posts.iter().filter_map(|post| post.expires).min()),
            None => CachePolicy::Feed(FeedLifetime::new(site.max_age, due, site.hubs.is_empty())),
        };
        let links = Links { own: &feed.url(snapshot), hubs: feed.hubs(snapshot) };
        let head = Head::of_feed(fingerprint, media_type(feed.address.format), links, modified, policy);
        let planned = Planned::new(snapshot, fingerprint, head).with_listed(listed);
        Resolved::new(planned, Subject::Feed(feed))
    }

    /// Plans the page of a feed.
    pub(super) fn plan_feed_page(&self, snapshot: &Snapshot, feed: Feed, url: PageUrl) -> Resolved {
        let page = FeedPage::new(snapshot, &feed);
        let fingerprint = page.fingerprint();
        let head = match url {
            PageUrl::Own => Head::of_page(fingerprint, self.date_everything(snapshot)),
            PageUrl::Feed => Head::of_page_in_place(fingerprint),
        };
        let subject = Subject::FeedPage(Box::new(feed), Box::new(page), url);
        Resolved::new(Planned::new(snapshot, fingerprint, head), subject)
    }

    /// Finds the entry whose page has this name.
    fn find_entry<'s>(
        &self,
        snapshot: &'s Snapshot,
        target: Target<'_>,
        source: SourceId,
        name: &str,
        is_page: bool,
    ) -> Result<&'s Arc<Post>, Unplanned> {
        let path = |name: &str| page_path(&snapshot.site.sources[usize::from(source)], name);
        let Some(post) = snapshot.find_page(source, name) else {
            return Err(Unplanned::Answer(self.miss(snapshot, &path(name))));
        };
        if !is_page || name_page(&post.path) != name {
            return Err(Unplanned::Answer(move_to(snapshot, &path(&post.path), target)));
        }
        Ok(post)
    }

    /// Plans the page of an entry.
    pub(super) fn plan_entry(&self, snapshot: &Snapshot, post: Arc<Post>) -> Resolved {
        let page = EntryPage::new(snapshot, &post);
        let fingerprint = page.fingerprint();
        let head = Head::of_entry_page(fingerprint, self.date_everything(snapshot));
        Resolved::new(Planned::new(snapshot, fingerprint, head), Subject::Entry(post, Box::new(page)))
    }

    /// Plans the page of a group of feeds: it changes with the site and with any post.
    fn plan_group(&self, snapshot: &Snapshot, group: Group, filter: Option<Box<str>>) -> Resolved {
        let fingerprint = fingerprint_group(snapshot, group, filter.as_deref());
        let head = Head::of_page(fingerprint, self.date_everything(snapshot));
        Resolved::new(Planned::new(snapshot, fingerprint, head), Subject::Group(group, filter))
    }

    /// Plans the list of feeds: it changes with the site and with any post.
    fn plan_opml(&self, snapshot: &Snapshot) -> Resolved {
        let fingerprint = Fingerprint::of_listing(snapshot);
        let modified = self.modified.since(Some("/opml.xml"), fingerprint, snapshot.made.timestamp());
        let head = Head::of_opml(fingerprint, modified);
        Resolved::new(Planned::new(snapshot, fingerprint, head), Subject::Opml)
    }

    /// The time of the last change of the site or of any post.
    fn date_everything(&self, snapshot: &Snapshot) -> i64 {
        self.modified.since(None, Fingerprint::of_everything(snapshot), snapshot.made.timestamp())
    }
}

/// Returns true if planning the response reads files or visits every post.
fn blocks(snapshot: &Snapshot, found: &Found) -> bool {
    match found {
        Found::Feed(address) | Found::Page(About::Feed(address)) => {
            feed::searches(snapshot, address) || feed::has_digests(snapshot, address)
        }
        Found::Entry(..) => !snapshot.has_paths(),
        Found::Opml => snapshot.awaited.is_empty(),
        Found::Page(About::Group(_)) | Found::Moved(_) | Found::Media(..) | Found::Gone => false,
    }
}

/// Redirects a target to the path of its content, given without the path of the public URL.
fn move_to(snapshot: &Snapshot, path: &str, target: Target<'_>) -> Answer {
    let query = target.query().map(|query| format!("?{query}")).unwrap_or_default();
    Answer::moved(&format!("{}{path}{query}", snapshot.site.public_url.path()))
}

/// The text that filters a list of feeds: `filter=rust`, as a form sends it.
fn read_filter(query: &str) -> Option<Box<str>> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("filter="))?.replace('+', " ");
    let value = percent_decode_str(&value).decode_utf8().ok()?;
    Some(value.trim()).filter(|value| !value.is_empty()).map(Into::into)
}

/// Selects the posts of a feed.
fn select_feed(snapshot: &Snapshot, address: Address, texts: &dyn PostTexts) -> Result<Feed, Unplanned> {
    let feed = plan_page(snapshot, address, texts);
    if !feed.pages.exists() {
        return Err(Unplanned::Answer(miss_page(snapshot, &feed)));
    }
    if feed.awaits_posts(snapshot) {
        return Err(Unplanned::Answer(Answer::not_ready()));
    }
    Ok(feed)
}

/// The answer if a feed has fewer pages than requested: it names the last one.
fn miss_page(snapshot: &Snapshot, feed: &Feed) -> Answer {
    if !snapshot.awaited.is_empty() {
        return Answer::not_ready();
    }
    if feed.address.archive.is_some() {
        let feed = Address { archive: None, ..feed.address.clone() };
        return Answer::of_url_error(UrlError::NotFound, vec![feed.path(snapshot)]);
    }
    let Pages { number, count } = feed.pages;
    Answer::of_url_error(UrlError::NoPage { number, last: count }, vec![feed.page_path(snapshot, count)])
}
