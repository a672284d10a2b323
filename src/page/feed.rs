//! The page of a feed: what it holds, where it is subscribed to, its newest entries.

use maud::{Markup, html};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use xxhash_rust::xxh3::Xxh3;

use super::assets::list_assets;
use super::directory::{name_group, write_directory};
use super::frame::{Frame, frame, link, name_format};
use super::words::{describe_rate, describe_selection, describe_settings, group_digits, write_day};
use crate::catalog::{Snapshot, Summaries, TermKey};
use crate::config::{Content, Format};
use crate::feed::{Document, Entry, Feed, Fingerprint, Group, Place, spell_term};
use crate::post::Post;
use crate::post::pages::page_path;

/// All that the page of a feed shows beside the texts of its entries. Costs no rendering.
#[derive(Debug)]
pub struct FeedPage {
    title: String,
    description: Option<String>,
    /// Its canonical path and query, without the path of the public address.
    path: String,
    formats: Vec<(Format, String)>,
    /// Which posts it holds, and how they stand in it, in words.
    holds: String,
    total: usize,
    /// How often posts come, on the first page.
    rate: Option<String>,
    above: Vec<(String, String)>,
    language: Option<String>,
    /// The terms of each post by taxonomy: names and paths.
    terms: Vec<Vec<Filed>>,
    /// The page of each post's entry, and whether the entry links there.
    entry_pages: Vec<(String, bool)>,
    /// What it is called below the pages above it.
    crumb: String,
    /// What pages of it there are, seen from this one: names and paths.
    pages: Vec<(&'static str, String)>,
    number: usize,
    count: usize,
    shows_summaries: bool,
    /// Whether web services can reach it.
    is_public: bool,
    /// Whether it is the site's front page: the list of all feeds is there too.
    is_home: bool,
    fingerprint: Fingerprint,
}

/// What a post is filed under in one taxonomy.
#[derive(Debug)]
struct Filed {
    /// The taxonomy's name as a heading.
    taxonomy: String,
    /// Names and paths of terms, each once.
    terms: Vec<(String, String)>,
}

impl FeedPage {
    /// The page of a feed that was planned on a snapshot.
    pub fn new(snapshot: &Snapshot, feed: &Feed) -> Self {
        let path = |number| feed.people_path(snapshot, number);
        let (number, count) = (feed.pages.number, feed.pages.count);
        let mut pages: Vec<(&str, usize)> = Vec::new();
        for (name, at) in [("Newer", number - 1), ("Older", number + 1), ("First", 1), ("Last", count)] {
            // A neighbour at an end is no further link.
            let is_known = pages.iter().any(|(_, known)| *known == at);
            if (1..=count).contains(&at) && at != number && !is_known {
                pages.push((name, at));
            }
        }
        let published: Vec<_> = feed.posts.iter().map(|post| post.published).collect();
        let mut page = Self {
            title: feed.title.clone(),
            description: feed.description.clone(),
            path: path(number),
            formats: feed.formats(snapshot),
            holds: format!(
                "{} {}",
                describe_selection(snapshot, feed.selection()),
                describe_settings(&feed.settings)
            ),
            total: feed.total,
            rate: describe_rate(&published).filter(|_| number == 1),
            above: list_above(snapshot, feed),
            crumb: name_crumb(snapshot, feed),
            language: feed.language(snapshot).map(str::to_owned),
            terms: feed.posts.iter().map(|post| list_terms(snapshot, post)).collect(),
            entry_pages: feed.posts.iter().map(|post| find_entry_page(snapshot, post)).collect(),
            pages: pages.into_iter().map(|(name, at)| (name, path(at))).collect(),
            number,
            count,
            shows_summaries: feed.settings.content != Content::None,
            is_public: is_public(&snapshot.site.public_url.host()),
            is_home: feed.address.place == Place::All && feed.is_listed() && number == 1,
            fingerprint: feed.fingerprint(snapshot),
        };
        page.fingerprint = page.stamp(snapshot);
        page
    }

    /// Stands for the page's bytes.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// A hash of all that is shown, whose texts the feed's own stands for.
    fn stamp(&self, snapshot: &Snapshot) -> Fingerprint {
        let mut hash = Xxh3::new();
        hash.update(format!("{self:?}").as_bytes());
        // A page that names another version of a file is another page.
        for asset in list_assets() {
            hash.update(asset.path.as_bytes());
        }
        if self.is_home {
            hash.update(&Fingerprint::of_everything(snapshot).0.to_le_bytes());
        }
        Fingerprint(hash.digest128())
    }

    /// Writes the page with its entries. `summaries` are asked where feeds search for words.
    pub fn write(&self, snapshot: &Snapshot, document: &Document, summaries: &dyn Summaries) -> String {
        let main = html! {
            h1 lang=[self.language.as_deref()] dir="auto" { (self.title) }
            @if let Some(description) = &self.description {
                p.description lang=[self.language.as_deref()] dir="auto" { (description) }
            }
            p { (self.holds) }
            (self.write_facts(document))
            (self.write_addresses())
            section #entries aria-labelledby="newest" {
                h2 #newest {
                    @if self.number == 1 { "Newest posts" } @else { "Posts, page " (self.number) " of " (self.count) }
                }
                @if document.entries.is_empty() {
                    p { "There are no posts yet. They show here as soon as there are." }
                }
                @for ((entry, terms), page) in document.entries.iter().zip(&self.terms).zip(&self.entry_pages) {
                    (self.write_entry(snapshot, entry, terms, page))
                }
                (self.write_pages(snapshot))
            }
            @if self.is_home { (write_directory(snapshot, summaries)) }
        };
        let shown = Frame {
            title: &self.title,
            path: &self.path,
            feeds: &self.formats,
            above: &self.above,
            crumb: &self.crumb,
            elsewhere: None,
        };
        frame(snapshot, &shown, main)
    }

    fn write_facts(&self, document: &Document) -> Markup {
        let newest = document.entries.first().filter(|_| self.number == 1);
        html! {
            dl.facts {
                div { dt { "Posts" } dd { (group_digits(self.total)) } }
                @if let Some(entry) = newest {
                    div {
                        dt { "Newest" }
                        dd { time datetime=(entry.times.published.to_rfc3339()) { (write_day(entry.times.published)) } }
                    }
                }
                @if let Some(rate) = &self.rate {
                    div { dt { "How often" } dd { (rate) } }
                }
            }
        }
    }

    /// Where the feed is subscribed to, in each format.
    fn write_addresses(&self) -> Markup {
        html! {
            section aria-labelledby="subscribe" {
                h2 #subscribe { "Subscribe" }
                p { "Give your reader this page’s address, or one of these:" }
                ul.addresses {
                    @for (format, url) in &self.formats {
                        @let name = name_format(*format);
                        @let id = format!("address-{}", name.split(' ').next().unwrap_or_default().to_lowercase());
                        li {
                            label for=(id) { (name) }
                            input #(id) type="text" readonly value=(url) spellcheck="false";
                            button type="button" hidden data-copies=(id) aria-label={ "Copy the address for " (name) } {
                                "Copy"
                            }
                            p {
                                a href={ "feed:" (url) } aria-label={ "Open in reader: " (name) } {
                                    "Open in reader"
                                }
                                a href=(view_source(url)) aria-label={ "Source: " (name) } { "Source" }
                            }
                        }
                    }
                }
                p #copied.quiet role="status" {}
                @if let Some((_, url)) = self.formats.iter().find(|_| self.is_public) {
                    @let url = utf8_percent_encode(url, NON_ALPHANUMERIC);
                    p.services {
                        "On the web: "
                        a href={ "https://feedly.com/i/subscription/feed%2F" (url) } { "Feedly" } ", "
                        a href={ "https://www.inoreader.com/?add_feed=" (url) } { "Inoreader" } ", "
                        a href={ "https://www.newsblur.com/?url=" (url) } { "NewsBlur" }
                    }
                }
            }
        }
    }

    fn write_entry(
        &self,
        snapshot: &Snapshot,
        entry: &Entry,
        filed: &[Filed],
        (page, is_linked): &(String, bool),
    ) -> Markup {
        let page = link(snapshot, page);
        let language = entry.language.as_deref().or(self.language.as_deref());
        let day = |time| write_day(time);
        html! {
            article dir="auto" {
                h3 lang=[language] {
                    a href=(if *is_linked { &page } else { &*entry.link }) { (&*entry.title) }
                }
                p.when {
                    time dir="auto" datetime=(entry.times.published.to_rfc3339()) { (day(entry.times.published)) }
                    @if entry.times.updated > entry.times.published && day(entry.times.updated) != day(entry.times.published) {
                        ", changed "
                        time dir="auto" datetime=(entry.times.updated.to_rfc3339()) { (day(entry.times.updated)) }
                    }
                }
                @if self.shows_summaries && !entry.summary.is_empty() {
                    p.summary lang=[language] dir="auto" { (&*entry.summary) }
                }
                @if !filed.is_empty() {
                    dl.filed {
                        @for Filed { taxonomy, terms } in filed {
                            div {
                                dt { bdi { (taxonomy) } }
                                @for (name, path) in terms {
                                    dd { a href=(link(snapshot, path)) { bdi { (name) } } }
                                }
                            }
                        }
                    }
                }
                @if !is_linked {
                    p.preview { a href=(page) aria-label={ "Preview of " (&*entry.title) } { "Preview" } }
                }
                @if let Some(original) = &entry.original {
                    p.original { "Original: " a href=(&**original) { bdi { (&**original) } } }
                }
            }
        }
    }

    fn write_pages(&self, snapshot: &Snapshot) -> Markup {
        html! {
            @if !self.pages.is_empty() {
                nav.pages aria-label="Pages" {
                    p { "Page " (self.number) " of " (self.count) }
                    ul {
                        @for (name, path) in &self.pages {
                            li { a href=(link(snapshot, path)) { (name) } }
                        }
                    }
                }
            }
        }
    }
}

/// The feed itself, also in a browser.
fn view_source(url: &str) -> String {
    format!("{url}{}view=source", if url.contains('?') { '&' } else { '?' })
}

/// Whether a service on the web can reach a host.
fn is_public(host: &str) -> bool {
    let is_own = |ip: std::net::IpAddr| ip.is_loopback() || ip.is_unspecified();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse();
    host != "localhost" && !host.ends_with(".localhost") && !address.is_ok_and(is_own)
}

/// The pages above that of a feed.
fn list_above(snapshot: &Snapshot, feed: &Feed) -> Vec<(String, String)> {
    let place = &feed.address.place;
    let home = (snapshot.site.title.clone(), "/".to_owned());
    let is_front = *place == Place::All && feed.is_listed() && feed.pages.number == 1;
    let mut above: Vec<_> = Some(home).filter(|_| !is_front).into_iter().collect();
    let group = Group::of(place).filter(|group| Group::list_with_page(snapshot).any(|known| known == *group));
    above.extend(group.map(|group| (name_group(group.name(snapshot)), group.path(snapshot))));
    above
}

/// What a feed's page is called below the pages above it.
fn name_crumb(snapshot: &Snapshot, feed: &Feed) -> String {
    let number = feed.pages.number;
    match &feed.address.place {
        Place::All if feed.is_listed() && number > 1 => format!("Page {number}"),
        Place::Term { taxonomy, folded, .. } if feed.is_listed() => {
            spell_term(snapshot, &TermKey { taxonomy: *taxonomy, folded: folded.clone() })
        }
        Place::Source(source) if feed.is_listed() => snapshot.site.sources[usize::from(*source)].name.clone(),
        _ => feed.title.clone(),
    }
}

/// The path of the page of a post's entry, and whether the entry links there.
fn find_entry_page(snapshot: &Snapshot, post: &Post) -> (String, bool) {
    let source = &snapshot.site.sources[usize::from(post.source)];
    (page_path(source, &post.path), source.links_to_pages && source.link.is_none())
}

/// A post's terms that have feeds, as it spells them, each once, by their taxonomies.
fn list_terms(snapshot: &Snapshot, post: &Post) -> Vec<Filed> {
    // A feed holds each site's default language, unless it is asked for another.
    let languages = &snapshot.site.sources[usize::from(post.source)].site.languages;
    let language = languages.get(usize::from(post.language)).filter(|_| post.language != 0);
    let query = language.map(|code| format!("?languages={}", utf8_percent_encode(code, NON_ALPHANUMERIC)));
    let query = query.unwrap_or_default();
    let mut filed: Vec<Filed> = Vec::new();
    for (number, taxonomy) in (0_u8..).zip(&snapshot.site.taxonomies) {
        let mut terms: Vec<(String, String)> = Vec::new();
        let own = post.terms.iter().filter(|term| term.taxonomy == number && taxonomy.lists(&term.folded));
        for term in own {
            let folded = term.folded.as_ref().into();
            let path = Place::Term { taxonomy: number, folded, language: None }.path(snapshot) + &query;
            if !terms.iter().any(|(_, known)| *known == path) {
                terms.push((term.spelling.to_string(), path));
            }
        }
        if !terms.is_empty() {
            filed.push(Filed { taxonomy: name_group(&taxonomy.name), terms });
        }
    }
    filed
}
