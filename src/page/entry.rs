//! The page of an entry, as feed readers show it: for entries that have no other page, or as a preview.

use std::sync::Arc;

use maud::{Markup, PreEscaped, html};
use xxhash_rust::xxh3::Xxh3;

use super::assets::list_assets;
use super::entries::{TermLinks, list_terms};
use super::layout::{Frame, Preview, frame_with_preview, link};
use super::own_html::adapt;
use crate::catalog::Snapshot;
use crate::feed::{Enclosure, Entry, Fingerprint, FooterWriter, Place, id_prefix};
use crate::post::pages::page_path;
use crate::post::{Post, Source};
use crate::texts::Texts;

/// The data that the page of an entry shows in addition to the entry. Making it renders nothing.
#[derive(Debug)]
pub struct EntryPage {
    /// The path, without the path of the public URL.
    path: String,
    /// The URL of the post's page on its site, if this page is a preview of it.
    elsewhere: Option<String>,
    /// Feeds that contain the post: names and paths.
    feeds: Vec<(String, String)>,
    /// The post's terms that have feeds.
    terms: Vec<TermLinks>,
    language: Option<String>,
    /// The prefix of element ids in the entry.
    prefix: String,
    fingerprint: Fingerprint,
}

impl EntryPage {
    /// The page of a visible post.
    pub fn new(snapshot: &Snapshot, post: &Post) -> Self {
        let source = snapshot.site.source(post.source);
        let mut page = Self {
            path: page_path(source, &post.path),
            elsewhere: (!source.links_to_pages).then(|| post.address.to_string()),
            feeds: list_feeds(snapshot, source, post),
            terms: list_terms(snapshot, post),
            language: snapshot.site.language.clone(),
            prefix: id_prefix(post),
            fingerprint: Fingerprint::of_entry(snapshot, post),
        };
        page.fingerprint = page.hash(snapshot);
        page
    }

    /// Identifies the page's bytes.
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    fn hash(&self, snapshot: &Snapshot) -> Fingerprint {
        let mut hash = Xxh3::new();
        hash.update(format!("{self:?}").as_bytes());
        hash.update(snapshot.site.title.as_bytes());
        hash.update(&snapshot.site.pages.digest.to_le_bytes());
        hash.update(format!("{:?}", snapshot.site.feeds.footer).as_bytes());
        for asset in list_assets() {
            hash.update(asset.path.as_bytes());
        }
        Fingerprint(hash.digest128())
    }

    /// Writes the page with its entry.
    pub fn write(&self, snapshot: &Snapshot, entry: &Arc<Entry>) -> String {
        let mut entry = Arc::clone(entry);
        if let Some(footer) = &snapshot.site.feeds.footer {
            entry = FooterWriter::new(&snapshot.site, footer).append(entry);
        }
        let title = format!("{} – {}", &*entry.title, snapshot.site.title);
        let shown = Frame {
            title: &title,
            path: &self.path,
            feeds: &[],
            above: &[(snapshot.site.title.clone(), "/".to_owned())],
            crumb: &entry.title,
            elsewhere: self.elsewhere.as_deref(),
        };
        let texts = Texts::of(&snapshot.site);
        let preview = Preview { description: Some(&entry.summary), image: entry.image.as_deref() };
        frame_with_preview(snapshot, &texts, &shown, &preview, self.write_entry(snapshot, &texts, &entry))
    }

    fn write_entry(&self, snapshot: &Snapshot, texts: &Texts, entry: &Entry) -> Markup {
        let language = entry.language.as_deref().or(self.language.as_deref());
        let content = adapt(&entry.html, &snapshot.site.public_url, &self.prefix);
        let times = entry.times;
        let own = |url: &str| localise(snapshot, url);
        html! {
            div.columns.h-entry {
                article.entry lang=[language] dir="auto" {
                    h1.p-name { (&*entry.title) }
                    p.when {
                        time.dt-published dir="auto" datetime=(times.published.to_rfc3339()) { (texts.day(times.published)) }
                        @if texts.day(times.updated) != texts.day(times.published) {
                            time.dt-updated dir="auto" datetime=(times.updated.to_rfc3339()) {
                                (texts.fill("updated", &[("date", &texts.day(times.updated))]))
                            }
                        }
                        @for author in &entry.authors {
                            span.p-author.h-card {
                                @match &author.url {
                                    Some(url) => { a.u-url.p-name href=(&**url) { bdi { (&*author.name) } } }
                                    None => { bdi.p-name { (&*author.name) } }
                                }
                            }
                        }
                    }
                    @if let Some(image) = entry.image.as_ref().filter(|image| !entry.html.contains(&***image)) {
                        p { img.u-photo src=(own(image)) alt="" loading="lazy"; }
                    }
                    @if let Some(file) = &entry.enclosure { (write_enclosure(texts, file, &own(&file.url))) }
                    div.e-content { (PreEscaped(content)) }
                    @if entry.html.is_empty() && !entry.summary.is_empty() { p.p-summary { (&*entry.summary) } }
                    p.original {
                        @match &self.elsewhere {
                            Some(url) => { (texts.say("on-site")) " " a.u-url href=(url) { bdi { (url) } } }
                            None => { a.u-url href=(link(snapshot, &self.path)) { (texts.say("link-to-post")) } }
                        }
                    }
                    @if let Some(original) = &entry.original {
                        p.original { (texts.say("original")) " " a href=(&**original) { bdi { (&**original) } } }
                    }
                }
                (self.write_feeds(snapshot, texts))
            }
        }
    }

    fn write_feeds(&self, snapshot: &Snapshot, texts: &Texts) -> Markup {
        html! {
            section.side aria-labelledby="feeds" {
                div.group {
                    h2 #feeds { (texts.say("feeds-with-post")) }
                    ul.directory {
                        @for (name, path) in &self.feeds {
                            li { a href=(link(snapshot, path)) { bdi { (name) } } }
                        }
                    }
                    @if let Some((_, path)) = self.feeds.first() {
                        p.more { a.primary href={ (link(snapshot, path)) "#subscribe" } { (texts.say("subscribe")) } }
                    }
                }
                @for TermLinks { taxonomy, terms } in &self.terms {
                    div.group {
                        h3 { bdi { (texts.name_group(&snapshot.site.taxonomies[*taxonomy].name)) } }
                        ul.pills {
                            @for (name, path) in terms {
                                li { a.p-category href=(link(snapshot, path)) { bdi { (name) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Shortens a URL of this server to a path.
fn localise(snapshot: &Snapshot, url: &str) -> String {
    let own = url.strip_prefix(snapshot.site.public_url.as_str()).filter(|path| path.starts_with('/'));
    own.map_or_else(|| url.to_owned(), |path| link(snapshot, path))
}

fn write_enclosure(texts: &Texts, file: &Enclosure, url: &str) -> Markup {
    let name = url.rsplit('/').next().unwrap_or(url);
    html! {
        @match file.kind.split('/').next() {
            Some("audio") => p { audio.u-audio controls preload="none" src=(url) {} },
            Some("video") => p { video.u-video controls preload="none" src=(url) {} },
            _ => p { (texts.say("file")) " " a href=(url) { bdi { (name) } } },
        }
    }
}

/// The feeds that contain a post, except those of its terms: the main feed and the feed of its source, which contain
/// posts in the site's default language, and the feed of its language.
fn list_feeds(snapshot: &Snapshot, source: &Source, post: &Post) -> Vec<(String, String)> {
    let path = |place: Place| place.path(snapshot);
    let mut feeds = Vec::new();
    if post.language == 0 {
        feeds.push((snapshot.site.title.clone(), "/".to_owned()));
        if snapshot.site.sources.len() > 1 {
            feeds.push((source.name.clone(), path(Place::Source(post.source))));
        }
    }
    if let Some(code) = source.site.languages.get(usize::from(post.language)) {
        let is_known = snapshot.languages().any(|(known, _)| known == code);
        feeds.extend(is_known.then(|| (code.clone(), path(Place::Language(code.as_str().into())))));
    }
    feeds
}
