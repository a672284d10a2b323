//! A post as it appears in feeds.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Offset, SubsecRound, Utc};
use chrono_tz::Tz;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::weighted_cache::count_allocated;
use super::xml_text::XmlText;
use crate::body::{self, Context, Resolve, collapse_white_space, shorten};
use crate::catalog::Site;
use crate::config::{self, Author, Embeds};
use crate::post::address::encode_segment;
use crate::post::links::LinkContext;
use crate::post::pages::{base_of, entry_url};
use crate::post::source::{AUTHORS, CATEGORIES};
use crate::post::term::fold;
use crate::post::value::Value;
use crate::post::{self, Post, Reread, Source, Term};

/// A post, independent of the format: every format is written from it. All URLs are absolute.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The permanent id.
    pub id: XmlText,
    /// The URL that it links to.
    pub link: XmlText,
    /// The title, never empty.
    pub title: XmlText,
    /// The times of publication and last change, in its source's time zone.
    pub times: Times,
    /// The authors that the post names.
    pub authors: Vec<Person>,
    /// The terms except authors, in the order written.
    pub categories: Vec<Category>,
    /// A summary in plain text; may be empty.
    pub summary: XmlText,
    /// The full text as HTML; may be empty.
    pub html: XmlText,
    /// The text as Markdown, if it is written in it and a feed contains it.
    pub markdown: Option<XmlText>,
    /// BCP 47 tag.
    pub language: Option<XmlText>,
    /// The URL where the text first appeared.
    pub original: Option<XmlText>,
    /// The publication in which the text first appeared.
    pub origin: Option<Origin>,
    /// The URL of its image.
    pub image: Option<XmlText>,
    /// The enclosure.
    pub enclosure: Option<Enclosure>,
}

impl Entry {
    /// The bytes that the allocator uses for the entry and its texts.
    pub(super) fn weight(&self) -> usize {
        let texts = [&self.id, &self.link, &self.title, &self.summary, &self.html].into_iter();
        let more = [&self.markdown, &self.language, &self.original, &self.image];
        let texts = texts.chain(more.into_iter().flatten());
        let people = self.authors.iter().flat_map(|person| {
            [Some(&person.name), person.email.as_ref(), person.url.as_ref()].into_iter().flatten()
        });
        let terms = self.categories.iter().flat_map(|term| [&term.term, &term.taxonomy, &term.scheme]);
        let origin = self.origin.iter().flat_map(|origin| {
            let Origin { name, home, feed, license } = origin;
            [Some(name), Some(home), feed.as_ref(), license.as_ref()].into_iter().flatten()
        });
        let file = self.enclosure.iter().flat_map(|file| [&file.url, &file.kind]);
        let texts: usize = texts
            .chain(people)
            .chain(terms)
            .chain(origin)
            .chain(file)
            .map(|text| count_allocated(text.capacity()))
            .sum();
        let lists = self.authors.capacity() * size_of::<Person>()
            + self.categories.capacity() * size_of::<Category>();
        size_of::<Self>() + texts + lists
    }
}

/// An author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Name, never empty.
    pub name: XmlText,
    /// E-mail address.
    pub email: Option<XmlText>,
    /// URL of a page about them.
    pub url: Option<XmlText>,
}

impl From<Author> for Person {
    fn from(author: Author) -> Self {
        let Author { name, email, url } = author;
        // RFC 4287 §3.2.3
        let email = email.map(|email| email.trim_start_matches("mailto:").to_owned());
        let email = email.filter(|email| is_address(email));
        Self { name: name.into(), email: email.map(Into::into), url: url.map(Into::into) }
    }
}

/// Returns true if a text can be an e-mail address (`RFC 4287 atomEmailAddress`).
fn is_address(text: &str) -> bool {
    let (user, host) = text.split_once('@').unwrap_or_default();
    let is_user = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
    let is_host = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    !user.is_empty() && user.bytes().all(is_user) && host.contains('.') && host.bytes().all(is_host)
}

/// A publication in which the text of an entry first appeared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Its name.
    pub name: XmlText,
    /// The URL of its home page.
    pub home: XmlText,
    /// The URL of its feed.
    pub feed: Option<XmlText>,
    /// The URL of the license of its texts.
    pub license: Option<XmlText>,
}

impl Origin {
    /// The origin of an original, if the site names it.
    fn find(site: &Site, original: &str) -> Option<Self> {
        let config::Origin { name, feed, license, .. } = site.find_origin(original)?;
        Some(Self {
            name: name.as_str().into(),
            home: Url::parse(original).ok()?.join("/").ok()?.as_str().into(),
            feed: feed.as_deref().map(Into::into),
            license: license.as_deref().map(Into::into),
        })
    }
}

/// A term as it appears in an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Category {
    /// The post's own spelling.
    pub term: XmlText,
    /// Name of its taxonomy.
    pub taxonomy: XmlText,
    /// URL of its taxonomy: distinguishes equal terms of different taxonomies.
    pub scheme: XmlText,
}

/// The times when an entry was published and last changed; equal if it never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Publication.
    pub published: DateTime<FixedOffset>,
    /// Last change.
    pub updated: DateTime<FixedOffset>,
}

/// An enclosure, as it appears in every format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Absolute URL.
    pub url: XmlText,
    /// Size in bytes; 0 if it is unknown.
    pub length: u64,
    /// Media type.
    pub kind: XmlText,
}

impl From<post::Enclosure> for Enclosure {
    fn from(file: post::Enclosure) -> Self {
        Self { url: file.url.into(), length: file.length, kind: file.kind.into() }
    }
}

pub(super) fn make(site: &Site, source: &Source, post: &Post, again: Reread, embeds: Embeds) -> Entry {
    let Reread { details, body, fields } = again;
    let around = LinkContext::new(source, post, &fields);
    let page = Url::parse(&base_of(source, post)).or_else(|_| Url::parse(source.url.as_str()));
    let converted = page.map(|page| {
        let context = Context {
            page: &page,
            title: &post.title,
            syntax: source.dialect.syntax(),
            markdown: source.dialect.is_markdown(&post.path),
            // `jekyll 4.4 Excerpt`: the post's own separator takes precedence over the site's.
            marker: fields
                .get("excerpt_separator")
                .and_then(Value::as_str)
                .or(source.site.excerpt_separator.as_deref()),
            embeds,
            prefix: &id_prefix(post),
            resolve: &around,
        };
        body::convert(&body, &context)
    });
    let converted = converted.unwrap_or_default();
    let summary = details.summary.map_or(converted.summary, |text| shorten(&text, body::SUMMARY));
    let is_whole = !details.excerpt_only && converted.excess.is_none();
    let markdown =
        (is_whole && site.keeps_markdown() && source.dialect.is_markdown(&post.path)).then_some(body);
    let html = match converted.excess {
        _ if details.excerpt_only => String::new(),
        Some(excess) => {
            tracing::info!("{}: its entry carries only its summary: {excess}", source.name_file(&post.path));
            format!("<p>{}</p>", html_escape::encode_text(&summary))
        }
        None => converted.html,
    };
    let image = details.image.and_then(|url| around.relocate(url));
    let enclosure = details.enclosure.and_then(|file| {
        let post::Enclosure { url, length, kind } = file;
        Some(post::Enclosure { url: around.relocate(url)?, length, kind })
    });
    let is_listed = |author: &Author| site.taxonomies[AUTHORS].lists(&fold(&author.name));
    let people = details.authors.into_iter().filter(is_listed).map(Person::from);
    Entry {
        id: (&*post.id).into(),
        link: details.link.unwrap_or_else(|| entry_url(source, post)).into(),
        title: name(&post.title, &summary, &post.path),
        times: times(post, source.time_zone),
        // A name that contains only control characters is empty.
        authors: people.filter(|person| !person.name.trim().is_empty()).collect(),
        categories: categorise(site, post, details.category.as_deref()),
        summary: summary.into(),
        html: html.into(),
        markdown: markdown.filter(|text| !text.trim().is_empty()).map(Into::into),
        language: details.language.map(Into::into),
        origin: details.original.as_deref().and_then(|original| Origin::find(site, original)),
        original: details.original.map(Into::into),
        image: image.map(Into::into),
        enclosure: enclosure.map(Into::into),
    }
}

/// The prefix of element ids in an entry, so that ids of two entries differ.
pub fn id_prefix(post: &Post) -> String {
    format!("p{:08x}-", xxh3_64(post.id.as_bytes()) as u32)
}

/// The title of an entry: the post's own, else the first words of its summary, else its file name.
fn name(title: &str, summary: &str, path: &str) -> XmlText {
    let file = path.rsplit('/').next().unwrap_or(path);
    let summary = shorten(summary, 60);
    let candidates = [title, &summary, file].map(print);
    candidates.into_iter().find(|text| !text.is_empty()).unwrap_or_else(|| "–".into())
}

/// Text in one line, without surrounding white space.
fn print(text: &str) -> XmlText {
    collapse_white_space(&XmlText::from(text)).into()
}

fn times(post: &Post, zone: Tz) -> Times {
    Times { published: in_zone(post.published, zone), updated: in_zone(post.changed(), zone) }
}

/// A time with the zone's offset at that time, in whole seconds.
pub(super) fn in_zone(moment: DateTime<Utc>, zone: Tz) -> DateTime<FixedOffset> {
    let local = moment.trunc_subsecs(0).with_timezone(&zone);
    local.with_timezone(&local.offset().fix())
}

fn categorise(site: &Site, post: &Post, only_category: Option<&str>) -> Vec<Category> {
    let is_printed = |term: &&Arc<Term>| match usize::from(term.taxonomy) {
        AUTHORS => false,
        CATEGORIES => only_category.is_none_or(|only| fold(only) == *term.folded),
        _ => true,
    };
    let terms = post.terms.iter().filter(is_printed);
    let named = terms.filter_map(|term| {
        let taxonomy = site.taxonomies.get(usize::from(term.taxonomy)).filter(|t| t.lists(&term.folded))?;
        Some(Category {
            term: print(&term.spelling),
            taxonomy: taxonomy.name.as_str().into(),
            scheme: format!("{}/{}/", site.public_url, encode_segment(&taxonomy.name)).into(),
        })
    });
    named.filter(|category| !category.term.trim().is_empty()).collect()
}
