//! The page of a feed: its conditions, its URLs, its newest entries.

use maud::{Markup, html};
use xxhash_rust::xxh3::Xxh3;

use super::assets::list_assets;
use super::conditions::{Condition, list_conditions, write_conditions};
use super::directory::write_directory;
use super::entries::{EntryStyle, TermLinks, list_terms, write_entry};
use super::feed_builder::{FORM, FeedBuilder, name_content, name_order};
use super::layout::{Frame, Preview, frame_with_preview, link};
use super::neighbours::list_pages;
use super::plot::Plot;
use super::subscribe::Subscription;
use crate::catalog::{Selection, Snapshot, TermKey};
use crate::config::{Content, Format, Order};
use crate::feed::{Document, Feed, Fingerprint, Group, Place, make_title, spell_term};
use crate::post::Post;
use crate::post::pages::page_path;
use crate::texts::Texts;
use crate::words::Words;

/// The data that the page of a feed shows in addition to its entries. Making it renders nothing.
#[derive(Debug)]
pub struct FeedPage {
    place: Place,
    title: String,
    /// The title of its place without the site's title, which is shown above it.
    heading: String,
    description: Option<String>,
    /// The canonical path and query, without the path of the public URL.
    path: String,
    formats: Vec<(Format, String)>,
    /// The format whose URL is shown first.
    chosen: Format,
    /// The posts that the feed contains.
    selection: Selection,
    conditions: Vec<Condition>,
    /// The spelling of its term, if it is the feed of one.
    term: Option<String>,
    content: Content,
    order: Order,
    total: usize,
    /// True if its entries are digests.
    has_digests: bool,
    plot: Option<Plot>,
    language: Option<String>,
    /// The terms of each post.
    terms: Vec<Vec<TermLinks>>,
    /// The path of each entry's page; true if the entry links there.
    entry_pages: Vec<(String, bool)>,
    number: usize,
    count: usize,
    /// The number of the archive document that this is the page of.
    archive: Option<usize>,
    /// The other pages of the feed that this one links to: text ids and paths.
    pages: Vec<(&'static str, String)>,
    /// True for the first page of a feed without a query.
    is_listed: bool,
    /// True if web services can reach this server.
    is_public: bool,
    /// The feed builder, on the pages of the main feed.
    compose: Option<FeedBuilder>,
    /// The path and query of the feed builder with the conditions of this feed, if it is on another page.
    combine: Option<String>,
    fingerprint: Fingerprint,
}

impl FeedPage {
    /// Makes the page of a feed that was planned on a snapshot.
    pub fn new(snapshot: &Snapshot, feed: &Feed) -> Self {
        let (number, count) = (feed.pages.number, feed.pages.count);
        let place = feed.address.place.clone();
        let archive = feed.address.archive;
        let is_first = number == 1 && archive.is_none();
        let mut page = Self {
            title: feed.title.clone(),
            heading: make_heading(snapshot, &place),
            description: feed.description.clone(),
            path: feed.people_path(snapshot, number),
            formats: feed.formats(snapshot),
            chosen: feed.address.format,
            selection: feed.selection().clone(),
            conditions: list_conditions(snapshot, feed.selection()),
            term: match &place {
                Place::Term { taxonomy, folded, .. } => {
                    Some(spell_term(snapshot, &TermKey { taxonomy: *taxonomy, folded: folded.clone() }))
                }
                _ => None,
            },
            content: feed.settings.content,
            order: feed.settings.order,
            // The page of an archive document does not change with posts of others.
            total: if archive.is_some() { feed.posts.len() } else { feed.total },
            plot: Some(()).filter(|()| is_first).and_then(|()| Plot::new(snapshot, feed.selection())),
            language: feed.language(snapshot).map(str::to_owned),
            terms: match &feed.digests {
                Some(digests) => digests.iter().map(|_| Vec::new()).collect(),
                None => feed.posts.iter().map(|post| list_terms(snapshot, post)).collect(),
            },
            entry_pages: match &feed.digests {
                Some(digests) => {
                    digests.iter().map(|digest| (digest.path(snapshot, &feed.address), true)).collect()
                }
                None => feed.posts.iter().map(|post| find_entry_page(snapshot, post)).collect(),
            },
            has_digests: feed.digests.is_some(),
            number,
            count,
            archive,
            pages: list_pages(snapshot, feed),
            is_listed: feed.is_listed() && is_first,
            is_public: is_public(&snapshot.site.public_url.host()),
            compose: (place == Place::All && is_first).then(|| FeedBuilder::new(feed)),
            combine: feed.combined_path(snapshot).filter(|_| is_first),
            fingerprint: feed.fingerprint(snapshot),
            place,
        };
        page.fingerprint = page.hash(snapshot);
        page
    }

    /// Identifies the page's bytes.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// A hash of everything that is shown. The feed's fingerprint covers its entries.
    fn hash(&self, snapshot: &Snapshot) -> Fingerprint {
        let mut hash = Xxh3::new();
        hash.update(format!("{self:?}").as_bytes());
        hash.update(&snapshot.site.pages.digest.to_le_bytes());
        // A new version of an asset changes the page.
        for asset in list_assets() {
            hash.update(asset.path.as_bytes());
        }
        // The builder suggests terms of all posts, and the front page lists all feeds.
        if self.compose.is_some() {
            hash.update(&Fingerprint::of_everything(snapshot).0.to_le_bytes());
        }
        Fingerprint(hash.digest128())
    }

    /// Writes the page with its entries.
    pub fn write(&self, snapshot: &Snapshot, document: &Document) -> String {
        let texts = Texts::of(&snapshot.site);
        let is_front = self.place == Place::All && self.is_listed;
        let is_search = self.is_search();
        let main = html! {
            (self.write_masthead(&texts, document))
            @if self.place != Place::All && (!self.is_listed || matches!(self.place, Place::Named(_))) {
                (write_conditions(snapshot, &texts, &self.conditions))
            }
            @if !is_search { (self.write_tools(snapshot, &texts)) }
            div.columns {
                section.entries aria-labelledby="newest" { (self.write_entries(snapshot, &texts, document)) }
                @if self.is_first() && !is_search {
                    div.side {
                        (self.write_about(&texts))
                        @if is_front { (write_directory(snapshot, &texts)) }
                    }
                }
            }
            // The results of a search come first.
            @if is_search { div.tools { (self.write_tools(snapshot, &texts)) } }
        };
        let above = self.list_above(snapshot, &texts, is_front);
        let composed = self.name_composed(&texts).map(|name| format!("{}: {name}", snapshot.site.title));
        let archived = self.archive.map(|_| format!("{}: {}", self.title, self.name_page(&texts)));
        let title = composed.or(archived).unwrap_or_else(|| self.title.clone());
        let crumb = self.crumb(snapshot, &texts);
        let frame = Frame {
            title: &title,
            path: &self.path,
            feeds: &self.formats,
            above: &above,
            crumb: &crumb,
            elsewhere: None,
        };
        let image = document.entries.iter().find_map(|entry| entry.image.as_deref());
        let preview = Preview { description: self.description.as_deref(), image };
        frame_with_preview(snapshot, &texts, &frame, &preview, main)
    }

    /// The heading of a composed feed, whose conditions the page lists; `None` if the heading is the title of the
    /// place.
    fn name_composed(&self, texts: &Texts) -> Option<String> {
        match (&self.compose, &self.selection.words) {
            (Some(compose), _) if compose.is_in_use() => Some(texts.say("composed")),
            (Some(_), Some(words)) => Some(texts.fill("search-for", &[("words", &Words::quote(words))])),
            _ => None,
        }
    }

    /// Returns true for the page with the newest entries.
    fn is_first(&self) -> bool {
        self.number == 1 && self.archive.is_none()
    }

    /// Returns true for the results of a search for words.
    fn is_search(&self) -> bool {
        self.selection.words.is_some() && self.compose.as_ref().is_some_and(|compose| !compose.is_in_use())
    }

    /// Writes the URL of the feed and the feed builder, which comes first if it is in use.
    fn write_tools(&self, snapshot: &Snapshot, texts: &Texts) -> Markup {
        let is_open = self.compose.as_ref().is_some_and(FeedBuilder::is_in_use);
        let compose = self.compose.as_ref().map(|compose| compose.write(snapshot, texts));
        html! {
            @if is_open { @if let Some(compose) = &compose { (compose) } }
            @if self.is_first() { (self.subscription().write(texts)) } @else { (self.subscription().write_line(texts)) }
            @if !is_open { @if let Some(compose) = &compose { (compose) } }
            @if let Some(combine) = &self.combine {
                p.combine { a href=(link(snapshot, combine)) { (texts.say("combine")) } }
            }
        }
    }

    fn write_masthead(&self, texts: &Texts, document: &Document) -> Markup {
        let language = self.language.as_deref().filter(|language| *language != texts.language());
        let newest = document.entries.first().filter(|_| self.is_first());
        // Other feeds have the description of the site.
        let describes_itself =
            matches!(self.place, Place::Named(_)) || (self.place == Place::All && self.is_listed);
        html! {
            div.masthead {
                @match self.name_composed(texts) {
                    Some(name) => h1.p-name { (name) },
                    None => h1.p-name lang=[language] { bdi { (self.heading) } },
                }
                @if let Some(description) = self.description.as_ref().filter(|_| describes_itself) {
                    p.description.p-summary lang=[language] dir="auto" { (description) }
                }
                p.facts {
                    span { (texts.count(if self.has_digests { "digests" } else { "posts" }, self.total)) }
                    @if let Some(entry) = newest {
                        span { (texts.fill("newest", &[("date", &texts.day(entry.times.published))])) }
                    }
                    @if self.is_search() && self.number == 1 { span { a href="#subscribe" { (texts.say("subscribe")) } } }
                }
            }
        }
    }

    fn subscription(&self) -> Subscription<'_> {
        Subscription {
            formats: &self.formats,
            chosen: self.chosen,
            is_public: self.is_public,
            form: self.compose.is_some().then_some(FORM),
        }
    }

    fn write_entries(&self, snapshot: &Snapshot, texts: &Texts, document: &Document) -> Markup {
        let style = EntryStyle {
            language: self.language.as_deref().unwrap_or("en"),
            shows_summaries: self.content != Content::None,
        };
        let heading = match self.order {
            _ if !self.is_first() => self.name_page(texts),
            Order::Published => texts.say("newest-posts"),
            order => name_order(texts, order),
        };
        html! {
            h2 #newest { (heading) }
            @if document.entries.is_empty() {
                p.help { (texts.say(if self.is_listed { "no-posts" } else { "no-match" })) }
            }
            @for ((entry, terms), page) in document.entries.iter().zip(&self.terms).zip(&self.entry_pages) {
                (write_entry(snapshot, texts, &style, entry, terms, page))
            }
            @if !self.pages.is_empty() {
                nav.pages aria-label=(texts.say("pages")) {
                    @if self.count > 1 || self.archive.is_some() { p { (self.name_page(texts)) } }
                    ul {
                        @for (name, path) in &self.pages {
                            li { a href=(link(snapshot, path)) { (texts.say(name)) } }
                        }
                    }
                }
            }
        }
    }

    /// `Page 2 of 5`, `Archive 3`
    fn name_page(&self, texts: &Texts) -> String {
        if let Some(archive) = self.archive {
            return texts.fill("archive-number", &[("number", &texts.number(archive))]);
        }
        texts.fill("page-of", &[("number", &texts.number(self.number)), ("count", &texts.number(self.count))])
    }

    /// Writes the activity plot and the settings of entries.
    fn write_about(&self, texts: &Texts) -> Markup {
        html! {
            section.about aria-label=(texts.say("about")) {
                @if let Some(plot) = &self.plot { (plot.write(texts)) }
                dl {
                    @if let Some(plot) = &self.plot { div { dt { (texts.say("since")) } dd { (plot.since(texts)) } } }
                    div { dt { (texts.say("order")) } dd { (name_order(texts, self.order)) } }
                    div { dt { (texts.say("content")) } dd { (name_content(texts, self.content)) } }
                }
            }
        }
    }

    /// The name of the page in its breadcrumb.
    fn crumb(&self, snapshot: &Snapshot, texts: &Texts) -> String {
        match &self.place {
            Place::All if !self.is_first() => self.name_page(texts),
            _ if self.archive.is_some() => self.name_page(texts),
            _ => self.name_place(snapshot, texts),
        }
    }

    /// The name of the feed in a breadcrumb.
    fn name_place(&self, snapshot: &Snapshot, texts: &Texts) -> String {
        match &self.place {
            Place::All => self.name_composed(texts).unwrap_or_else(|| self.title.clone()),
            Place::Term { .. } => self.term.clone().unwrap_or_default(),
            Place::Source(source) => snapshot.site.source(*source).name.clone(),
            _ => self.title.clone(),
        }
    }

    /// The pages above this one: names and paths.
    fn list_above(&self, snapshot: &Snapshot, texts: &Texts, is_front: bool) -> Vec<(String, String)> {
        let home = (snapshot.site.title.clone(), "/".to_owned());
        let mut above: Vec<_> = Some(home).filter(|_| !is_front).into_iter().collect();
        let group = Group::of(&self.place);
        let group = group.filter(|group| Group::list_with_page(snapshot).any(|known| known == *group));
        above.extend(group.map(|group| (texts.name_group(group.name(snapshot)), group.path(snapshot))));
        let feed = self.archive.filter(|_| self.place != Place::All);
        above.extend(feed.map(|_| (self.name_place(snapshot, texts), self.place.path(snapshot))));
        above
    }
}

/// The title of a place, without the site's title before it.
fn make_heading(snapshot: &Snapshot, place: &Place) -> String {
    let title = make_title(snapshot, place);
    let own = title.strip_prefix(&snapshot.site.title).and_then(|rest| rest.strip_prefix(": "));
    own.map_or_else(|| title.clone(), str::to_owned)
}

/// Returns true if web services can reach a host.
fn is_public(host: &str) -> bool {
    let is_own = |ip: std::net::IpAddr| ip.is_loopback() || ip.is_unspecified();
    let ip = host.trim_start_matches('[').trim_end_matches(']').parse();
    host != "localhost" && !host.ends_with(".localhost") && !ip.is_ok_and(is_own)
}

/// The path of a post's entry page; true if the entry links there.
fn find_entry_page(snapshot: &Snapshot, post: &Post) -> (String, bool) {
    let source = snapshot.site.source(post.source);
    (page_path(source, &post.path), source.links_to_pages && source.link.is_none())
}
