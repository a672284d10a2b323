//! Request target → plan: resolves a target on one snapshot and prepares its headers. Nothing is rendered here.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use percent_encoding::percent_decode_str;

use super::answer::Answer;
use super::app::App;
use super::cache_headers::{Head, Keeping, Links};
use super::conditional::now;
use super::media::MediaPath;
use super::plan_cache::{Planned, Shown, Subject};
use super::target::{decode_unreserved, split, strip};
use crate::catalog::{NoSummaries, Snapshot, Summaries};
use crate::feed::{
    self, About, Address, BadQuery, EntrySummaries, Feed, Fingerprint, Found, Group, Query, media_type, plan,
    suggest,
};
use crate::page::{EntryPage, FeedPage, fingerprint_group};
use crate::post::pages::{name_page, page_path};

/// The reason why there is no plan.
pub(super) enum Unplanned {
    /// There is this answer instead.
    Answer(Answer),
    /// Planning needs a thread that may block.
    Takes,
    /// The target is a media file.
    Media(MediaPath),
}

impl From<BadQuery> for Unplanned {
    fn from(error: BadQuery) -> Self {
        Self::Answer(Answer::bad_request(&error.to_string()))
    }
}

impl App {
    /// Plans the answer to a target on a snapshot. A browser that `navigates` gets a page in place of a feed. Without
    /// `summaries` nothing is searched.
    pub(super) fn plan(
        &self,
        snapshot: &Snapshot,
        target: &str,
        navigates: bool,
        summaries: Option<&EntrySummaries<'_>>,
    ) -> Result<Arc<Planned>, Unplanned> {
        let query = split(target).1;
        let in_place = navigates && snapshot.site.pages.enabled && !query.is_some_and(Query::asks_for_source);
        let kept = self.plans.get(target, snapshot.revision);
        if let Some(planned) = kept.filter(|planned| !(in_place && planned.subject.is_feed())) {
            return Ok(planned);
        }
        let planned = match self.find(snapshot, target)? {
            Found::Moved(path) => {
                return Err(Unplanned::Answer(move_to(snapshot, &path, target)));
            }
            Found::Gone => return Err(Unplanned::Answer(Answer::gone())),
            Found::Feed(address) if in_place => {
                // All formats share one page.
                let default = Address::of(snapshot, address.place.clone()).filter(|_| address.own.is_none());
                let format = default.map_or(address.format, |default| default.format);
                let feed = select(snapshot, Address { format, ..*address }, summaries)?;
                return Ok(Arc::new(self.plan_feed(snapshot, feed, Shown::InPlace)));
            }
            Found::Feed(address) => {
                let feed = select(snapshot, *address, summaries)?;
                self.plan_feed(snapshot, feed, Shown::Feed)
            }
            Found::Page(About::Feed(address)) => {
                let feed = select(snapshot, *address, summaries)?;
                self.plan_feed(snapshot, feed, Shown::Page)
            }
            Found::Media(source, path) => return Err(Unplanned::Media(MediaPath { source, path })),
            Found::Entry(..) if summaries.is_none() && !snapshot.has_paths() => return Err(Unplanned::Takes),
            Found::Entry(source, name, is_page) => {
                self.plan_entry(snapshot, target, source, &name, is_page)?
            }
            // Without the terms of a source that is not scanned yet the list would be incomplete.
            Found::Opml | Found::Page(About::Group(_)) if !snapshot.awaited.is_empty() => {
                return Err(Unplanned::Answer(Answer::not_ready()));
            }
            Found::Page(About::Group(group)) => self.plan_group(snapshot, group, query.and_then(read_filter)),
            Found::Opml if summaries.is_none() => return Err(Unplanned::Takes),
            Found::Opml => self.plan_opml(snapshot),
        };
        let planned = Arc::new(planned);
        // Unknown query parameters must not fill the cache, and a search that could not read all posts is not cached.
        let is_whole = summaries.is_none_or(|summaries| summaries.failure().is_none());
        if is_whole && query.is_none_or(|query| Query::knows_all(snapshot, query)) {
            self.plans.keep(target, &planned);
        }
        Ok(planned)
    }

    /// Resolves a target, with or without the path of the public URL.
    pub(super) fn find(&self, snapshot: &Snapshot, target: &str) -> Result<Found, Unplanned> {
        let (path, query) = split(target);
        let path = &*decode_unreserved(path);
        let inner = strip(path, snapshot.site.public_url.path());
        let public_path = snapshot.site.public_url.path();
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
        Answer::not_found(suggest(snapshot, path, || self.term_searches.take(now())))
    }

    /// Plans a feed, or its page.
    pub(super) fn plan_feed(&self, snapshot: &Snapshot, feed: Feed, shown: Shown) -> Planned {
        let (fingerprint, head, listed) = match shown {
            Shown::Feed => {
                let fingerprint = feed.fingerprint(snapshot);
                let listed = feed.is_listed().then_some(feed.path.as_str());
                // This output was not served before the snapshot was made.
                let changed = snapshot.made.timestamp();
                let modified = match listed {
                    Some(path) => self.modified.since(Some(path), fingerprint, changed),
                    None => self.date_everything(snapshot),
                };
                let due = feed.next_due(snapshot, DateTime::<Utc>::MAX_UTC);
                let keeping =
                    Keeping { max_age: snapshot.site.max_age, due, is_shared: snapshot.site.hubs.is_empty() };
                let links = Links { own: &feed.url(snapshot), hubs: feed.hubs(snapshot) };
                let head =
                    Head::of_feed(fingerprint, media_type(feed.address.format), links, modified, keeping);
                (fingerprint, head, listed)
            }
            Shown::Page => {
                let fingerprint = FeedPage::new(snapshot, &feed).fingerprint();
                (fingerprint, Head::of_page(fingerprint, self.date_everything(snapshot)), None)
            }
            Shown::InPlace => {
                let fingerprint = FeedPage::new(snapshot, &feed).fingerprint();
                (fingerprint, Head::of_page_in_place(fingerprint), None)
            }
        };
        Planned {
            revision: snapshot.revision,
            fingerprint,
            head,
            listed: listed.map(Into::into),
            subject: Subject::Feed(Box::new(feed.address), shown),
        }
    }

    /// Plans the page of an entry.
    fn plan_entry(
        &self,
        snapshot: &Snapshot,
        target: &str,
        source: u16,
        name: &str,
        is_page: bool,
    ) -> Result<Planned, Unplanned> {
        let Some(post) = snapshot.find_page(source, name) else {
            let path = page_path(&snapshot.site.sources[usize::from(source)], name);
            return Err(Unplanned::Answer(self.miss(snapshot, &path)));
        };
        let own = name_page(&post.path);
        if !is_page || own != name {
            let path = page_path(&snapshot.site.sources[usize::from(source)], &post.path);
            return Err(Unplanned::Answer(move_to(snapshot, &path, target)));
        }
        let fingerprint = EntryPage::new(snapshot, post).fingerprint();
        Ok(self.plan_page_of(snapshot, fingerprint, source, own))
    }

    /// Plans the page of an entry, by the entry's source and name.
    pub(super) fn plan_page_of(
        &self,
        snapshot: &Snapshot,
        fingerprint: Fingerprint,
        source: u16,
        name: &str,
    ) -> Planned {
        Planned {
            revision: snapshot.revision,
            subject: Subject::Entry(source, name.into()),
            fingerprint,
            head: Head::of_entry_page(fingerprint, self.date_everything(snapshot)),
            listed: None,
        }
    }

    /// Plans the page of a group of feeds: it changes with the site and with any post.
    fn plan_group(&self, snapshot: &Snapshot, group: Group, filter: Option<Box<str>>) -> Planned {
        let fingerprint = fingerprint_group(snapshot, group, filter.as_deref());
        Planned {
            revision: snapshot.revision,
            subject: Subject::Group(group, filter),
            fingerprint,
            head: Head::of_page(fingerprint, self.date_everything(snapshot)),
            listed: None,
        }
    }

    /// Plans the list of feeds: it changes with the site and with any post.
    fn plan_opml(&self, snapshot: &Snapshot) -> Planned {
        let fingerprint = Fingerprint::of_listing(snapshot);
        let modified = self.modified.since(Some("/opml.xml"), fingerprint, snapshot.made.timestamp());
        Planned {
            revision: snapshot.revision,
            subject: Subject::Opml,
            fingerprint,
            head: Head::of_opml(fingerprint, modified),
            listed: None,
        }
    }

    /// The time of the last change of the site or of any post.
    fn date_everything(&self, snapshot: &Snapshot) -> i64 {
        self.modified.since(None, Fingerprint::of_everything(snapshot), snapshot.made.timestamp())
    }
}

/// Redirects a target to the path of its content, given without the path of the public URL.
fn move_to(snapshot: &Snapshot, path: &str, target: &str) -> Answer {
    let query = split(target).1.map(|query| format!("?{query}")).unwrap_or_default();
    Answer::moved(&format!("{}{path}{query}", snapshot.site.public_url.path()))
}

/// The text that filters a list of feeds: `filter=rust`, as a form sends it.
fn read_filter(query: &str) -> Option<Box<str>> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("filter="))?.replace('+', " ");
    let value = percent_decode_str(&value).decode_utf8().ok()?;
    Some(value.trim()).filter(|value| !value.is_empty()).map(Into::into)
}

/// Selects the posts of a feed.
fn select(
    snapshot: &Snapshot,
    address: Address,
    summaries: Option<&EntrySummaries<'_>>,
) -> Result<Feed, Unplanned> {
    let searches = feed::searches(snapshot, &address);
    let summaries: &dyn Summaries = match summaries {
        None if searches => return Err(Unplanned::Takes),
        None => &NoSummaries,
        Some(summaries) => summaries,
    };
    let Some(feed) = plan(snapshot, address.clone(), summaries) else {
        return Err(Unplanned::Answer(miss_page(snapshot, address, summaries)));
    };
    if feed.awaits_posts(snapshot) {
        return Err(Unplanned::Answer(Answer::not_ready()));
    }
    Ok(feed)
}

/// The answer if a feed has fewer pages than requested: it names the last one.
fn miss_page(snapshot: &Snapshot, mut address: Address, summaries: &dyn Summaries) -> Answer {
    let requested = std::mem::take(&mut address.query.page);
    match plan(snapshot, address, summaries) {
        Some(feed) if snapshot.awaited.is_empty() => {
            let count = feed.pages.count;
            let text = format!("This feed has no page {requested}: the last one is page {count}.");
            Answer::nothing_at(&text, vec![feed.page_path(snapshot, count)])
        }
        _ => Answer::not_ready(),
    }
}
