//! Metadata that only the entry of a post needs: authors, summary, language, original, image, enclosure.

use percent_encoding::percent_decode_str;
use url::Url;

use super::address::{encode_rest, is_web_address};
use super::authors::{find_known, read_author};
use super::dialect::EntryOptions;
use super::file_path::tidy;
use super::front_matter::FrontMatter;
use super::media_types::media_type;
use super::model::{Details, Enclosure, Media, Post};
use super::pages::base_of;
use super::source::Source;
use super::taxonomies::AUTHORS;
use super::unique::UniqueKey;
use super::value::{Fields, Value};
use crate::body::strip_markup;
use crate::config::{Author, Language};
use crate::limits::URL_BYTES;

const ORIGINAL_KEYS: &[&str] = &["from", "source", "original_url", "external_url", "canonical_url"];
const IMAGE_KEYS: &[&str] =
    &["image", "cover", "images", "thumbnail", "featured_image", "featuredimage", "feature_image", "banner"];
/// The keys of URLs in maps under the keys above and below.
const URL_FIELDS: &[&str] = &["url", "src", "path", "href", "file", "image", "feature", "uri"];
const ENCLOSURE_KEYS: &[&str] = &["enclosure", "audio", "podcast", "video"];

/// Reads the details of a post.
pub(super) fn read(source: &Source, front: &FrontMatter<'_>, post: &Post) -> Details {
    let page = &*base_of(source, post);
    let tables = Tables::new(front);
    let size = post.media.as_ref().and_then(|media| media.size).unwrap_or_default();
    let summaries =
        ["description", "summary", "excerpt"].into_iter().filter_map(|key| tables.find(key)?.to_text());
    let language = front.first(&["lang", "language"]).and_then(|(_, value)| value.to_text());
    let link = source.link.as_deref().and_then(|key| tables.find(key)?.as_str());
    let mut authors = read_authors(source, front);
    if authors.is_empty() {
        let own = post.terms.iter().filter(|term| usize::from(term.taxonomy) == AUTHORS);
        authors.extend(own.map(|term| Author { name: term.spelling.to_string(), ..Author::default() }));
    }
    if authors.is_empty() {
        authors.extend(tables.list(&["author", "authors"]).filter_map(read_author));
    }
    let mut originals = tables.list(ORIGINAL_KEYS).filter_map(|value| match value {
        Value::Map(fields) => read_web_address(fields.get("url")?.as_str()?),
        other => read_web_address(other.as_str()?),
    });
    let EntryOptions { category, excerpt_only } = source.dialect.entry_options(front);
    Details {
        excerpt_only,
        category,
        authors: absolutise(authors, page),
        summary: summaries.map(|text| strip_markup(&text)).find(|text| !text.is_empty()),
        language: language.and_then(|tag| Language::parse_tag(&tag)),
        original: originals.find(|original| **original != *post.address),
        image: tables.list(IMAGE_KEYS).find_map(|value| read_image(value, page)),
        enclosure: Written::find(&tables).and_then(|written| written.read(page, size)),
        link: link.and_then(read_web_address),
    }
}

/// The top level of front matter, and the tables in which Zola and Hugo expect keys that they do not define.
struct Tables<'f>([Option<&'f Fields>; 3]);

impl<'f> Tables<'f> {
    fn new(front: &'f FrontMatter<'_>) -> Self {
        let table = |key: &str| front.get(key).and_then(Value::as_map);
        Self([Some(&front.fields), table("extra"), table("params")])
    }

    /// The value of a key in the first table that has it.
    fn find(&self, key: &str) -> Option<&'f Value> {
        self.0.iter().flatten().find_map(|fields| fields.get(key))
    }

    /// Every value under one of these keys; the items of lists one by one.
    fn list(&self, keys: &[&str]) -> impl Iterator<Item = &'f Value> {
        keys.iter().filter_map(|key| self.find(key)).flat_map(Value::items)
    }
}

/// Resolves the URLs of authors, which may be relative to the post's page.
fn absolutise(mut authors: Vec<Author>, page: &str) -> Vec<Author> {
    for author in &mut authors {
        author.url = author.url.take().and_then(|url| join(page, &url));
    }
    authors
}

/// The authors of a post, by its author keys: names, or maps with name, e-mail and URL; each once.
pub(super) fn read_authors(source: &Source, front: &FrontMatter<'_>) -> Vec<Author> {
    let mut authors: Vec<Author> = Vec::new();
    let values =
        source.dialect.spec().keys.authors.iter().filter_map(|key| front.get(key)).flat_map(Value::items);
    let people = values.flat_map(Value::items).filter_map(read_author);
    for author in people.map(|author| find_known(&source.site.authors, author)) {
        if !authors.contains(&author) {
            authors.push(author);
        }
    }
    authors
}

fn read_web_address(written: &str) -> Option<String> {
    let written = written.trim();
    if is_web_address(written) {
        Url::parse(written).ok().map(|url| encode_rest(url.as_str())).filter(|url| fits(url))
    } else {
        None
    }
}

/// The absolute URL of a post's image.
fn read_image(value: &Value, page: &str) -> Option<String> {
    let written = match value {
        Value::Map(fields) => {
            ["path", "url", "src", "image", "feature"].iter().find_map(|key| fields.get(key))?
        }
        other => other,
    };
    join(page, written.as_str()?)
}

/// An enclosure as a post writes it.
struct Written {
    url: String,
    /// Size in bytes; 0 if unspecified.
    length: u64,
    kind: Option<String>,
}

impl Written {
    /// The first enclosure that has a URL.
    fn find(tables: &Tables<'_>) -> Option<Self> {
        tables.list(ENCLOSURE_KEYS).find_map(|value| match value {
            Value::Map(fields) => {
                let field = |names: &[&str]| names.iter().find_map(|name| fields.get(name)?.to_text());
                Some(Self {
                    url: field(&["url", "src", "href", "file", "path"])
                        .filter(|url| !url.trim().is_empty())?,
                    length: field(&["length", "size", "bytes"]).and_then(|n| n.parse().ok()).unwrap_or(0),
                    kind: field(&["type", "mime", "mime_type"]),
                })
            }
            // WordPress writes three lines: URL, length and type.
            other => {
                let mut lines = other.as_str()?.lines().map(str::trim);
                Some(Self {
                    url: lines.next().filter(|url| !url.is_empty())?.to_owned(),
                    length: lines.next().and_then(|n| n.parse().ok()).unwrap_or(0),
                    kind: lines.next().map(str::to_owned),
                })
            }
        })
    }

    /// The enclosure with an absolute URL; `size` is that of the site's own file.
    fn read(self, page: &str, size: u64) -> Option<Enclosure> {
        let url = join(page, &self.url)?;
        let length = if self.length == 0 { size } else { self.length };
        let kind = self.kind.as_deref().and_then(read_media_type);
        let kind = kind.unwrap_or_else(|| guess_type(&url).to_owned());
        Some(Enclosure { url, length, kind })
    }
}

/// The value under the key `unique` of the source: the first of a list, or the URL of a map.
pub(super) fn find_unique(source: &Source, front: &FrontMatter<'_>) -> Option<UniqueKey> {
    let key = source.unique.as_deref()?;
    Tables::new(front).list(&[key]).find_map(|value| {
        let value = value.as_map().map_or(Some(value), |fields| fields.get("url"))?;
        UniqueKey::new(&source.name, &value.to_text()?)
    })
}

/// The file of the site that a post encloses without giving its length.
pub(super) fn find_media(source: &Source, front: &FrontMatter<'_>, path: &str) -> Option<Box<Media>> {
    let written = Written::find(&Tables::new(front)).filter(|written| written.length == 0)?.url;
    let base = source.url.as_str();
    let without_scheme = |url: &'_ str| url.split_once("//").map_or("", |(_, rest)| rest).to_owned();
    let is_whole = written.contains("://") || written.starts_with("//");
    let whole = without_scheme(&written);
    let own = if is_whole { whole.strip_prefix(&*without_scheme(base))? } else { &written };
    let own = own.strip_prefix(source.url.path()).filter(|rest| rest.starts_with('/')).unwrap_or(own);
    let own = own.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode_str(own).decode_utf8().ok()?;
    // A path that begins with `..` is relative to the post's folder.
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = if decoded.starts_with("..") { tidy(&format!("{folder}/{decoded}")) } else { tidy(&decoded) };
    (!path.is_empty()).then(|| Box::new(Media { path: path.into(), size: None }))
}

fn join(page: &str, written: &str) -> Option<String> {
    let written = written.trim();
    if written.is_empty() {
        return None;
    }
    let url = Url::parse(page).ok()?.join(written).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| encode_rest(url.as_str())).filter(|url| fits(url))
}

/// Returns true if a URL is short enough to be published.
fn fits(url: &str) -> bool {
    url.len() <= URL_BYTES
}

/// The first URL of the details that is ignored because it is too long: its key and a message.
pub(super) fn validate<'s>(
    source: &'s Source,
    front: &FrontMatter<'_>,
    page: &str,
) -> Option<(&'s str, String)> {
    let own = |keys: &'static [&'static str], kind| keys.iter().map(move |key| (*key, kind));
    let keys = own(ORIGINAL_KEYS, Kind::Absolute).chain(own(IMAGE_KEYS, Kind::Relative));
    let keys = keys.chain(own(ENCLOSURE_KEYS, Kind::Relative));
    let keys = keys.chain(own(source.dialect.spec().keys.authors, Kind::InMap));
    let tables = Tables::new(front);
    keys.chain(source.link.as_deref().map(|key| (key, Kind::Absolute))).find_map(|(key, kind)| {
        // Percent-encoding makes three bytes of one. Most URLs are far shorter and need not be parsed.
        let may_be_long = |written: &str| page.len() + 3 * written.len() > URL_BYTES;
        let mut urls = tables.find(key)?.items().iter().filter_map(|value| kind.find(value, may_be_long));
        let length = urls.find_map(|written| {
            let url = Url::parse(page).ok()?.join(written).ok()?;
            let is_web = matches!(url.scheme(), "http" | "https");
            Some(encode_rest(url.as_str())).filter(|url| is_web && !fits(url)).map(|url| url.len())
        })?;
        let advice = "It is ignored: shorten it.";
        Some((key, format!("the URL in `{key}` has {length} bytes: {URL_BYTES} are allowed. {advice}")))
    })
}

/// The texts under a key that are URLs.
#[derive(Clone, Copy)]
enum Kind {
    /// Absolute URLs, and URLs in maps.
    Absolute,
    /// All texts, and URLs in maps.
    Relative,
    /// URLs in maps.
    InMap,
}

impl Kind {
    /// The URL in a value, if `may_count`, which is checked before the URL is parsed.
    fn find(self, value: &Value, may_count: impl Fn(&str) -> bool) -> Option<&str> {
        let Some(fields) = value.as_map() else {
            let written = value.as_str()?.trim().lines().next()?.trim();
            let is_url = may_count(written)
                && match self {
                    Self::Absolute => is_web_address(written),
                    Self::Relative => true,
                    Self::InMap => false,
                };
            return Some(written).filter(|_| is_url);
        };
        URL_FIELDS.iter().find_map(|name| fields.get(name)?.as_str()).filter(|written| may_count(written))
    }
}

/// RFC 9110 §8.3.1: a type and a subtype; parameters are removed.
fn read_media_type(kind: &str) -> Option<String> {
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let (name, subtype) = kind.split_once('/')?;
    let is_token = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&^_.+-".contains(&b))
    };
    (is_token(name) && is_token(subtype)).then_some(kind)
}

fn guess_type(url: &str) -> &'static str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    media_type(path).unwrap_or("application/octet-stream")
}
