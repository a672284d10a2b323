//! References in bodies: to other posts, by the names that their dialect gives them, and to values of the site.

use std::cell::RefCell;

use super::address::encode_path;
use super::date::{Moment, ruby};
use super::details;
use super::front_matter::FrontMatter;
pub use super::link::{Link, Linked};
use super::link_names::write;
pub use super::link_names::{list_candidates, list_names, media_key};
use super::media_types::media_type;
use super::model::{Picture, Post, Stamp};
use super::pages::{Local, base_of, entry_url, list_references, relocates};
use super::source::Source;
use super::taxonomies::{CATEGORIES, TAGS};
use super::value::{Fields, Value};
use chrono::DateTime;
use url::Url;

use crate::body::{self, Context, Data, Reference, Resolve, SUMMARY, Scanned, Target, WrittenDate, shorten};
use crate::config::{Embeds, position};

/// The maximum number of references of one body.
const MAX_REFERENCES: usize = 500;

/// The maximum width and height of an image.
pub const MAX_PIXELS: u32 = 99_999;

/// The results of the scan of a body.
pub(super) struct Found {
    /// The references, each once and not yet resolved.
    pub(super) links: Box<[Link]>,
    /// The images whose sizes the entry shows, each once and not yet measured.
    pub(super) pictures: Box<[Picture]>,
    /// Its problems.
    pub(super) scanned: Scanned,
}

/// Finds every reference of a post to another and, if its entry has a page, to a media file, and the images of the site
/// that it shows.
pub(super) fn find(source: &Source, post: &Post, front: &FrontMatter<'_>, text: &str) -> Found {
    let resolver = LinkContext {
        source,
        post,
        fields: &front.fields,
        found: Some(RefCell::default()),
        pictures: RefCell::default(),
    };
    if source.links_to_pages {
        let details = details::read(source, front, post);
        let files = details.image.into_iter().chain(details.enclosure.map(|file| file.url));
        files.for_each(|url| drop(resolver.relocate(url)));
    }
    let (base, syntax) = (base_of(source, post), source.dialect.syntax());
    let markdown = source.dialect.is_markdown(&post.path);
    let is_plain = body::is_plain(front.body, &base, &syntax, markdown, &resolver);
    let page = Some(base).filter(|_| !is_plain);
    let page = page.and_then(|base| Url::parse(&base).or_else(|_| Url::parse(source.url.as_str())).ok());
    let scanned = page.map(|page| {
        let context = Context {
            page: &page,
            title: &post.title,
            syntax,
            markdown,
            marker: None,
            embeds: Embeds::Link,
            prefix: "",
            resolve: &resolver,
        };
        body::scan(front.body, &context)
    });
    let found = resolver.found.map(RefCell::into_inner).unwrap_or_default();
    let mut places = Places { text, at: front.body_start(), found: (0, 1, 1) };
    let links = found.into_iter().map(|reference| {
        let place = places.find(&reference[2..]);
        Link { reference: reference.into(), target: None, place }
    });
    let picture = |path: String| Picture { path: path.into(), size: None, stamp: Stamp::default() };
    Found {
        links: links.collect(),
        pictures: resolver.pictures.into_inner().into_iter().map(picture).collect(),
        scanned: scanned.unwrap_or_default(),
    }
}

/// The positions of texts that follow one another in a file: it is scanned once, however many are requested.
struct Places<'t> {
    text: &'t str,
    /// Byte offset from which the next text is searched for.
    at: usize,
    /// Byte offset, line and column of the last text found.
    found: (usize, u32, u32),
}

impl Places<'_> {
    fn find(&mut self, written: &str) -> (u32, u32) {
        let Some(here) = self.text[self.at..].find(written).map(|found| self.at + found) else {
            // Others may come later, but searching for each from here would not be linear.
            self.at = self.text.len();
            return (1, 1);
        };
        let (from, line, column) = self.found;
        let (lines, columns) = position(&self.text[from..], here - from);
        self.at = here;
        self.found =
            if lines > 1 { (here, line + lines - 1, columns) } else { (here, line, column + columns - 1) };
        (self.found.1, self.found.2)
    }
}

/// The context in which the references of a body are resolved.
pub struct LinkContext<'a> {
    source: &'a Source,
    post: &'a Post,
    fields: &'a Fields,
    /// The references found so far, while they are collected.
    found: Option<RefCell<Vec<String>>>,
    /// The paths of the images found so far.
    pictures: RefCell<Vec<String>>,
}

impl<'a> LinkContext<'a> {
    /// The context of a post whose links are resolved; `fields` is its front matter.
    pub fn new(source: &'a Source, post: &'a Post, fields: &'a Fields) -> Self {
        Self { source, post, fields, found: None, pictures: RefCell::default() }
    }

    /// Records a reference while references are collected. Returns true if they are.
    fn note(&self, reference: &str) -> bool {
        let Some(found) = &self.found else { return false };
        let mut found = found.borrow_mut();
        if found.len() < MAX_REFERENCES && !found.iter().any(|known| known == reference) {
            found.push(reference.to_owned());
        }
        true
    }

    /// The target of a reference, if it has one.
    fn target(&self, reference: &str) -> Option<&Linked> {
        self.post.links.iter().find(|link| *link.reference == *reference)?.target.as_deref()
    }
}

impl Resolve for LinkContext<'_> {
    fn page(&self, reference: Reference<'_>) -> Option<Target> {
        let written = write(reference);
        if self.note(&written) {
            // Other posts' URLs are about as long as its own.
            return Some(Target { address: entry_url(self.source, self.post), title: String::new() });
        }
        match self.target(&written) {
            Some(Linked::Entry { address, title }) => {
                Some(Target { address: address.to_string(), title: shorten(title, SUMMARY) })
            }
            _ => guess(self.source, reference),
        }
    }

    fn relocates(&self) -> bool {
        relocates(self.source)
    }

    fn relocate(&self, url: String) -> Option<String> {
        if !relocates(self.source) {
            return Some(url);
        }
        let Some(local) = Local::find(self.source, &url) else { return Some(url) };
        let reference = local.reference();
        if list_references(self.source, self.post).contains(&reference) {
            return Some(local.lead_to(&entry_url(self.source, self.post)));
        }
        let is_noted = self.note(&reference);
        let local = match self.target(&reference) {
            Some(Linked::Entry { address, .. }) => return Some(local.lead_to(address)),
            Some(Linked::File(path)) => Local { path: path.to_string(), ..local },
            None => local,
        };
        if !self.source.links_to_pages {
            return Some(if local.reference() == reference { url } else { local.url(self.source) });
        }
        // As long as the URL of the site is unknown, nothing else of the site can be reached.
        let is_there = is_noted || self.source.has_url;
        local.media_url(self.source).or_else(|| is_there.then_some(url))
    }

    fn measures(&self) -> bool {
        self.source.image_sizes
    }

    fn measure(&self, url: &str) -> Option<(u32, u32)> {
        let path = Local::find(self.source, url).filter(|_| self.measures())?.path;
        media_type(&path).filter(|kind| kind.starts_with("image/"))?;
        if self.found.is_none() {
            return self.post.pictures.iter().find(|picture| *picture.path == *path)?.size;
        }
        let mut pictures = self.pictures.borrow_mut();
        if !pictures.contains(&path) && pictures.len() < MAX_REFERENCES {
            pictures.push(path);
        }
        // Attributes of this length are added to the entry.
        Some((MAX_PIXELS, MAX_PIXELS))
    }

    fn is_template(&self) -> bool {
        self.source.dialect.is_template(self.fields)
    }

    fn value(&self, name: &str) -> Option<String> {
        let base = self.source.url.as_str();
        let path = self.source.url.path();
        match name {
            "site.url" | "config.url" => return Some(base[..base.len() - path.len()].to_owned()),
            "site.baseurl" | "config.root" => return Some(path.to_owned()),
            "page.title" | "title" => return Some(self.post.title.to_string()),
            "page.url" => return Some(self.post.address.strip_prefix(base)?.to_owned()),
            "page.permalink" => return Some(self.post.address.to_string()),
            "page.folder" => return Some(self.post.path.rsplit_once('/').map_or("", |(f, _)| f).to_owned()),
            _ => {}
        }
        let post = (&*self.post.path, self.post.published);
        let computed = |key| self.source.dialect.page_value(self.source.settings(), post, key);
        if let Some(value) = name.strip_prefix("page.").and_then(computed) {
            return Some(value);
        }
        if let Some(name) = name.strip_prefix("site.").or_else(|| name.strip_prefix("config.")) {
            return look_up(&self.source.site.values, name);
        }
        look_up(self.fields, name.strip_prefix("page.").unwrap_or(name))
    }

    fn data(&self, name: &str) -> Option<Data> {
        if name == "site.data" {
            return self.source.site.data.clone();
        }
        let named = |fields: &Fields, key: &str| fields.get(key).map(Data::from);
        match name.split_once('.') {
            Some(("site" | "config", key)) => {
                let known = self.value(name).map(Data::from).or_else(|| named(&self.source.site.values, key));
                known.or_else(|| {
                    self.source.dialect.is_nil(&self.source.site, "site", key).then_some(Data::Nil)
                })
            }
            Some(("page", key @ ("tags" | "categories"))) if self.source.dialect.has_term_values() => {
                let taxonomy = if key == "tags" { TAGS } else { CATEGORIES };
                let terms = self.post.terms.iter().filter(|term| usize::from(term.taxonomy) == taxonomy);
                Some(Data::List(terms.map(|term| Data::from(&*term.spelling)).collect()))
            }
            Some(("page", key)) => {
                let known = self.value(name).map(Data::from).or_else(|| named(self.fields, key));
                known.or_else(|| {
                    self.source.dialect.is_nil(&self.source.site, "page", key).then_some(Data::Nil)
                })
            }
            _ => self.value(name).map(Data::from).or_else(|| named(self.fields, name)),
        }
    }

    fn date(&self, text: &str) -> Option<WrittenDate> {
        let zone = self.source.time_zone;
        let is_seconds = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        // `liquid 4.0 Utils.to_date`
        let (date, offset) = if is_seconds {
            (DateTime::from_timestamp(text.parse().ok()?, 0)?, None)
        } else {
            match ruby::read(text, false, zone)? {
                Moment::Fixed(date) => (date.to_utc(), Some(*date.offset())),
                other => (other.in_zone(zone), None),
            }
        };
        let local = date.with_timezone(&zone).fixed_offset();
        Some(WrittenDate { written: offset.map_or(local, |offset| date.with_timezone(&offset)), local })
    }

    fn shortcode(&self, name: &str) -> Option<&str> {
        self.source.shortcodes.get(name).map(String::as_str)
    }
}

/// A scalar in nested tables: `params.author`.
fn look_up(fields: &Fields, path: &str) -> Option<String> {
    let mut names = path.split('.');
    let last = names.next_back()?;
    let table = names.try_fold(fields, |fields, name| fields.get(name).and_then(Value::as_map))?;
    table.get(last)?.to_text()
}

/// The probable URL of a page or a file that is not a post.
fn guess(source: &Source, reference: Reference<'_>) -> Option<Target> {
    let Reference::File(path) = reference else { return None };
    let path = path.trim_start_matches('/');
    let below = source.dialect.guess_page(&source.site, path)?;
    let below = encode_path(below.trim_start_matches('/'));
    let title = path.rsplit('/').next().unwrap_or(path).to_owned();
    Some(Target { address: format!("{}/{below}", source.url), title })
}
