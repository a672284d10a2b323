//! What only the entry of a post needs: authors, summary, language, original, picture, enclosure.

use percent_encoding::percent_decode_str;
use url::Url;

use super::address::is_web_address;
use super::front_matter::FrontMatter;
use super::site::tidy;
use super::value::Value;
use super::{Details, Media, Post, Source};
use crate::body::strip_markup;
use crate::config::{Author, Language};

/// A file to play or to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Absolute address.
    pub url: String,
    /// Size in bytes; 0 where it is not known.
    pub length: u64,
    /// Media type.
    pub kind: String,
}

const ORIGINAL_KEYS: &[&str] = &["from", "source", "original_url", "external_url", "canonical_url"];
const IMAGE_KEYS: &[&str] =
    &["image", "cover", "images", "thumbnail", "featured_image", "featuredimage", "feature_image", "banner"];
const ENCLOSURE_KEYS: &[&str] = &["enclosure", "audio", "podcast", "video"];

/// Reads the details of a post.
pub(super) fn read(source: &Source, front: &FrontMatter<'_>, post: &Post) -> Details {
    let page = &*post.address;
    let size = post.media.as_ref().and_then(|media| media.size).unwrap_or_default();
    let summary = front.first(&["description", "summary", "excerpt"]).and_then(|(_, value)| value.to_text());
    let language = front.first(&["lang", "language"]).and_then(|(_, value)| value.to_text());
    let link = source.link.as_deref().and_then(|key| find(front, key)?.as_str());
    Details {
        authors: absolutise(read_authors(source, front), page),
        summary: summary.map(|text| strip_markup(&text)).filter(|text| !text.is_empty()),
        language: language.filter(|tag| Language::is_tag(tag)),
        original: ORIGINAL_KEYS.iter().find_map(|key| read_web_address(find(front, key)?.as_str()?)),
        image: read_image(front, page),
        enclosure: read_enclosure(front, page).map(|file| match file.length {
            0 => Enclosure { length: size, ..file },
            _ => file,
        }),
        link: link.and_then(read_web_address),
    }
}

/// A key on top, or where Zola and Hugo want those that are not theirs.
fn find<'f>(front: &'f FrontMatter<'_>, key: &str) -> Option<&'f Value> {
    let nested = |table: &str| front.get(table).and_then(|table| table.as_map()?.get(key));
    front.get(key).or_else(|| nested("extra")).or_else(|| nested("params"))
}

/// An author's page may be written relative to the post's.
fn absolutise(mut authors: Vec<Author>, page: &str) -> Vec<Author> {
    for author in &mut authors {
        author.url = author.url.take().and_then(|url| join(page, &url));
    }
    authors
}

/// Who wrote a post, by its author keys: names, or maps with name, e-mail and address; each once.
pub(super) fn read_authors(source: &Source, front: &FrontMatter<'_>) -> Vec<Author> {
    let mut authors: Vec<Author> = Vec::new();
    let values = source.rules.author_keys.iter().filter_map(|key| front.get(key)).flat_map(Value::items);
    for author in values.filter_map(read_author).map(|author| find_known(&source.site.authors, author)) {
        if !authors.contains(&author) {
            authors.push(author);
        }
    }
    authors
}

/// Who is meant by a name that the site knows as a key.
pub(super) fn find_known(known: &[(String, Author)], author: Author) -> Author {
    let person = known.iter().find(|(key, _)| *key == author.name);
    person.map_or(author, |(_, person)| person.clone())
}

/// One author: a name, or a map with name, e-mail and address.
pub(super) fn read_author(value: &Value) -> Option<Author> {
    let name_of = |text: String| Some(strip_markup(&text)).filter(|name| !name.is_empty());
    let Some(fields) = value.as_map() else {
        return Some(Author { name: name_of(value.to_text()?)?, ..Author::default() });
    };
    let field = |names: &[&str]| names.iter().find_map(|name| fields.get(name)?.to_text());
    Some(Author { name: name_of(field(&["name"])?)?, email: field(&["email"]), url: field(&["url", "uri"]) })
}

fn read_web_address(written: &str) -> Option<String> {
    let written = written.trim();
    if is_web_address(written) { Url::parse(written).ok().map(String::from) } else { None }
}

/// The picture of a post, made absolute against its page.
fn read_image(front: &FrontMatter<'_>, page: &str) -> Option<String> {
    let (_, value) = front.first(IMAGE_KEYS)?;
    let value = value.items().first()?;
    let written = match value {
        Value::Map(fields) => {
            ["path", "url", "src", "image", "feature"].iter().find_map(|key| fields.get(key))?
        }
        other => other,
    };
    join(page, written.as_str()?)
}

/// What the first enclosure of a post says under one of these names.
fn enclosure_field(front: &FrontMatter<'_>, names: &[&str]) -> Option<String> {
    let (_, value) = front.first(ENCLOSURE_KEYS)?;
    let value = value.items().first()?;
    names.iter().find_map(|name| value.as_map()?.get(name)?.to_text())
}

/// Where the enclosure of a post is, as it is written.
fn enclosure_source(front: &FrontMatter<'_>) -> Option<String> {
    let (_, value) = front.first(ENCLOSURE_KEYS)?;
    let alone = value.items().first()?.as_str().map(str::to_owned);
    alone.or_else(|| enclosure_field(front, &["url", "src", "href", "file", "path"]))
}

/// Its length in bytes; 0 where it does not say.
fn enclosure_length(front: &FrontMatter<'_>) -> u64 {
    enclosure_field(front, &["length", "size", "bytes"]).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// The file of the site that a post encloses without a word of its length.
pub(super) fn find_media(source: &Source, front: &FrontMatter<'_>, path: &str) -> Option<Box<Media>> {
    let written = enclosure_source(front).filter(|_| enclosure_length(front) == 0)?;
    let base = source.url.as_str();
    let own = written.strip_prefix(base).or_else(|| (!written.contains("://")).then_some(&*written))?;
    let own = own.strip_prefix(source.url.path()).filter(|rest| rest.starts_with('/')).unwrap_or(own);
    let own = own.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode_str(own).decode_utf8().ok()?;
    // What leads up from the post's folder is looked for below the root.
    let beside = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = if decoded.starts_with("..") { tidy(&format!("{beside}/{decoded}")) } else { tidy(&decoded) };
    (!path.is_empty()).then(|| Box::new(Media { path: path.into(), size: None }))
}

/// The enclosure of a post, made absolute against its page.
fn read_enclosure(front: &FrontMatter<'_>, page: &str) -> Option<Enclosure> {
    let field = |names: &[&str]| enclosure_field(front, names);
    let url = join(page, &enclosure_source(front)?)?;
    let length = enclosure_length(front);
    let kind = field(&["type", "mime", "mime_type"]).filter(|kind| is_media_type(kind));
    let kind = kind.unwrap_or_else(|| guess_type(&url).to_owned());
    Some(Enclosure { url, length, kind })
}

fn join(page: &str, written: &str) -> Option<String> {
    let written = written.trim();
    if written.is_empty() {
        return None;
    }
    let url = Url::parse(page).ok()?.join(written).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| String::from(url))
}

/// RFC 9110 §8.3.1: a type and a subtype, perhaps parameters.
fn is_media_type(kind: &str) -> bool {
    let sane = kind.bytes().all(|b| (b' '..=b'~').contains(&b));
    sane && kind.split_once('/').is_some_and(|(kind, subtype)| !kind.is_empty() && !subtype.is_empty())
}

fn guess_type(url: &str) -> &'static str {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    match path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
        Some("mp3") => "audio/mpeg",
        Some("m4a") => "audio/mp4",
        Some("ogg" | "oga") => "audio/ogg",
        Some("opus") => "audio/opus",
        Some("wav") => "audio/wav",
        Some("flac") => "audio/flac",
        Some("mp4" | "m4v") => "video/mp4",
        Some("webm") => "video/webm",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}
