//! One file → one post: the order of decisions that all dialects share.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_128;

use super::address::{self, has_scheme};
use super::date::{self, Moment};
use super::details::read_authors;
use super::dialect::{DateField, ExpansionTooLong, FILE_NAME, Reading, TaxonomyKey, Undated};
use super::fill::fill_defaults;
use super::front_matter::{self, FrontMatter};
use super::index::SourceId;
use super::model::{Details, Post, Stamp, Term, Text};
use super::source::Source;
use super::taxonomies::{AUTHORS, CATEGORIES, TAGS};
use super::term::fold;
use super::value::{Fields, Value};
use super::{details, ids, links};
use crate::body::{Excess, Scanned, Unclosed, collapse_white_space};
use crate::config::{Problem, position};
use crate::limits::{EXPANSION_BYTES, URL_BYTES};

/// A file that may be a post.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Path relative to the source's root, with `/`.
    pub path: &'a str,
    /// The bytes of the file.
    pub bytes: &'a [u8],
    /// The time of the last modification: the date of a post that has no other.
    pub modified: DateTime<Utc>,
}

/// The outcome of parsing a file.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A post, with a warning if a part of it could not be used.
    Post(Box<Post>, Option<Box<Problem>>),
    /// A post that is kept out of feeds on purpose: a draft, or hidden by its front matter.
    Hidden,
    /// A file without a date, which its dialect requires: it is not in feeds, with a warning.
    Undated(Box<Problem>),
    /// A file that cannot be parsed as a post.
    Broken(Box<Problem>),
}

/// The message for a file without a date. Sites have such pages, like `about.md`, that are not meant as posts.
pub const UNDATED: &str = "the file has no date: it is in no feed. Write `date: YYYY-MM-DD` into its front matter, or \
                           `feedmill: false` if it is not a post.";

/// Parses a post of the source with this index.
pub fn parse(source: &Source, source_id: SourceId, file: File<'_>) -> Outcome {
    try_parse(source, source_id, file).unwrap_or_else(|problem| Outcome::Broken(Box::new(problem)))
}

fn try_parse(source: &Source, source_id: SourceId, file: File<'_>) -> Result<Outcome, Problem> {
    let name = || source.name_file(file.path);
    if file.bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::error(name(), "the file is empty. Write a post into it, or delete it."));
    }
    let text = source.decode(file.bytes).map_err(|e| Problem::error(name(), e.message).at(e.place))?;
    let mut front = front_matter::read(&text, source.dialect.spec().fences)
        .map_err(|fault| Problem::error(name(), fault.message).at(fault.place))?;
    fill_defaults(source, file.path, &mut front);
    interpret(source, source_id, file, &text, &front)
}

/// The outcome for a file, given its text and its front matter with defaults.
pub(super) fn interpret(
    source: &Source,
    source_id: SourceId,
    file: File<'_>,
    text: &str,
    front: &FrontMatter<'_>,
) -> Result<Outcome, Problem> {
    let name = || source.name_file(file.path);
    let (dialect, settings) = (&source.dialect, source.settings());
    if front.get("feedmill") == Some(&Value::Bool(false)) || dialect.is_hidden(settings, file.path, front) {
        return Ok(Outcome::Hidden);
    }
    let Some(published) = read_published(source, &file, front)? else {
        return Ok(Outcome::Undated(Box::new(Problem::warning(name(), UNDATED))));
    };
    // `jekyll 4.4 Publisher#hidden_in_the_future?`
    let is_after = |time: DateTime<Utc>| published.timestamp() > time.timestamp();
    let holds = source.future == crate::config::Future::Hold;
    if holds && source.site.build_time.is_some_and(is_after) {
        return Ok(Outcome::Hidden);
    }
    let updated =
        read_date(source, &file, front, &source.updated_keys)?.filter(|updated| *updated != published);
    let expires =
        read_date(source, &file, front, dialect.spec().keys.expiry)?.filter(|_| !source.site.keeps_expired);

    let date = published.with_timezone(&source.time_zone);
    let reading = Reading { source: settings, path: file.path, front, date };
    let path = read_path(source, &reading)?;
    let language = read_language(source, file.path);
    let section = dialect.section(settings, file.path, front).map(|section| match language {
        0 => section,
        // Sections of other languages are below a segment with the language.
        other => format!("{}/{section}", source.site.languages[usize::from(other)].to_lowercase()),
    });
    let address = format!("{}{path}", source.url_of(language));
    let id = ids::make(source, &reading, language, &path);
    for (what, url) in [("URL", &address), ("id", &id)] {
        if url.len() > URL_BYTES {
            let message =
                format!("the post's {what} has {} bytes: {URL_BYTES} are allowed. Shorten it.", url.len());
            return Err(refuse_url(source, &reading, what, message));
        }
    }
    let problem = dialect
        .validate(&reading)
        .or_else(|| validate_id(front, dialect.spec().keys.id))
        .or_else(|| details::validate(source, front, &address))
        .map(|(key, message)| Box::new(Problem::warning(name(), message).at(front.place(key))));
    let mut post = Post {
        source: source_id,
        held: holds,
        text: Text::InFile,
        language,
        section: section.map(Into::into),
        listed: dialect.listed(settings, file.path, front),
        path: file.path.into(),
        id: id.into(),
        address: address.into(),
        title: collapse_white_space(&dialect.title(&reading)).into(),
        published,
        arrived: None,
        updated,
        expires,
        terms: read_terms(source, &reading),
        unique: details::find_unique(source, front),
        media: details::find_media(source, front, file.path),
        pictures: Box::default(),
        links: Box::default(),
        bytes_hash: xxh3_128(file.bytes),
        stamp: Stamp::default(),
    };
    let above = front.body_start();
    let links::Found { links, pictures, scanned } = links::find(source, &post, front, text);
    let Scanned { unknown, unclosed, excess } = scanned;
    (post.links, post.pictures) = (links, pictures);
    let excess = excess.map(|excess| {
        let line = position(text, above).0;
        Box::new(Problem::warning(name(), describe_excess(excess)).at((line, 1)))
    });
    let open = unclosed.map(|Unclosed { tag, close, at }| {
        let message = format!("`{tag}` is never closed. Write `{close}` where it ends.");
        let at = (above + at.unwrap_or_default()).min(text.len());
        Box::new(Problem::warning(name(), message).at(position(text, at)))
    });
    let problem = excess.or(problem).or(open).or_else(|| {
        let place = text.find(unknown.first()?).map_or((1, 1), |at| position(text, at));
        Some(Box::new(Problem::warning(name(), describe_unknown(&unknown)).at(place)))
    });
    Ok(Outcome::Post(Box::new(post), problem))
}

fn describe_excess(excess: Excess) -> String {
    format!("the entry carries only the summary of the post, not its body: {excess}. Shorten or divide it.")
}

/// The message for unknown template syntax in a post: one per file.
fn describe_unknown(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let (shown, object) = (shown.join(", "), if names.len() == 1 { "it" } else { "them" });
    format!(
        "unknown template syntax is left out of the entry: {shown}{more}. Define {object} under [source.shortcodes]."
    )
}

/// The data from which an entry is made, in addition to the post's metadata.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reread {
    /// The metadata that only entries need.
    pub details: Details,
    /// The body as written.
    pub body: String,
    /// The front matter.
    pub fields: Fields,
}

/// Reads a post's file again for its entry.
///
/// The result is empty if the bytes are not a post: the caller compares their hash with the post's first.
pub fn read_again(source: &Source, post: &Post, bytes: &[u8]) -> Reread {
    let Ok(text) = source.decode(bytes) else { return Reread::default() };
    let Ok(mut front) = front_matter::read(&text, source.dialect.spec().fences) else {
        return Reread::default();
    };
    fill_defaults(source, &post.path, &mut front);
    Reread { details: details::read(source, &front, post), body: front.body.to_owned(), fields: front.fields }
}

/// The index of a file's language in the languages of its site; 0, the default, if it is not one of them.
fn read_language(source: &Source, path: &str) -> u8 {
    let language = source.dialect.language(source.settings(), path);
    let place =
        language.and_then(|language| source.site.languages.iter().position(|known| known == language));
    place.unwrap_or_default() as u8
}

/// The date of publication: written, else in the file's name, else in the URL path, else that of the file itself if
/// the dialect allows it.
fn read_published(
    source: &Source,
    file: &File<'_>,
    front: &FrontMatter<'_>,
) -> Result<Option<DateTime<Utc>>, Problem> {
    if let Some(written) = read_date(source, file, front, &source.date_keys)? {
        return Ok(Some(written));
    }
    let at_midnight = |day: NaiveDate| Moment::Local(day.and_time(NaiveTime::MIN)).in_zone(source.time_zone);
    // A permalink pattern may itself contain the date: then the path has no date of its own.
    let path_at = |date: DateTime<Utc>| {
        let date = date.with_timezone(&source.time_zone);
        read_path(source, &Reading { source: source.settings(), path: file.path, front, date })
    };
    let path = path_at(file.modified)?;
    if let Some(day) = date::find_in_path(&path)
        && path == path_at(file.modified + TimeDelta::days(400))?
    {
        return Ok(Some(at_midnight(day)));
    }
    Ok((source.dialect.spec().undated == Undated::FirstSeen).then_some(file.modified))
}

/// The first of `keys` that has a value, read as a date.
fn read_date(
    source: &Source,
    file: &File<'_>,
    front: &FrontMatter<'_>,
    keys: &[impl AsRef<str>],
) -> Result<Option<DateTime<Utc>>, Problem> {
    for key in keys.iter().map(AsRef::as_ref) {
        let read = match front.get(key) {
            _ if key == FILE_NAME => Ok(source.dialect.file_date(source.settings(), file.path)),
            Some(value) if *value != Value::Null => {
                source.dialect.read_date(source.settings(), DateField { front, key, value })
            }
            _ => Ok(None),
        };
        let refuse = |why: String| Problem::error(source.name_file(file.path), why).at(front.place(key));
        if let Some(moment) = read.map_err(refuse)? {
            return Ok(Some(moment.in_zone(source.time_zone)));
        }
    }
    Ok(None)
}

/// The published path of a post's URL below that of its source.
fn read_path(source: &Source, reading: &Reading<'_>) -> Result<String, Problem> {
    source.dialect.address(reading).map(|path| address::clean(&path)).map_err(|ExpansionTooLong| {
        let message = format!("the permalink expands to more than {EXPANSION_BYTES} bytes. Shorten it.");
        refuse_url(source, reading, "URL", message)
    })
}

/// The error for a URL or id that is too long, at the key that most probably caused it.
fn refuse_url(source: &Source, reading: &Reading<'_>, what: &str, message: String) -> Problem {
    const KEYS: &[&str] = &["permalink", "url", "path", "eleventycomputed", "slug", "title"];
    let own = if what == "id" { source.dialect.spec().keys.id } else { &[] };
    let key = own.iter().chain(KEYS).find(|key| reading.front.get(key).is_some());
    let place = key.map_or((1, 1), |key| reading.front.place(key));
    Problem::error(source.name_file(reading.path), message).at(place)
}

/// The warning for an id written by hand that Atom does not allow: it is not an IRI (RFC 4287 §4.2.6). The id is used
/// all the same, since subscribers may know the post by it.
fn validate_id(front: &FrontMatter<'_>, keys: &'static [&'static str]) -> Option<(&'static str, String)> {
    let id = ids::read_written(front, keys).filter(|id| !has_scheme(id))?;
    let key = keys.iter().find(|key| front.get(key).is_some())?;
    let advice = "Atom requires one: write it as `urn:…`, `tag:…` or `https://…`.";
    Some((key, format!("the id {id:?} is not an IRI. {advice}")))
}

fn read_terms(source: &Source, reading: &Reading<'_>) -> Box<[Arc<Term>]> {
    let dialect = &source.dialect;
    let mut terms: Vec<Arc<Term>> = Vec::new();
    let mut known: FxHashSet<Arc<Term>> = FxHashSet::default();
    for (place, taxonomy) in source.taxonomies.iter().enumerate() {
        let found = match (&taxonomy.keys, place) {
            (Some(keys), _) => dialect.terms(reading, TaxonomyKey::Keys(keys)),
            (None, TAGS) => dialect.terms(reading, TaxonomyKey::Tags),
            (None, CATEGORIES) => dialect.terms(reading, TaxonomyKey::Categories),
            (None, AUTHORS) => {
                let named = read_authors(source, reading.front).into_iter().map(|author| author.name);
                named.chain(dialect.terms(reading, TaxonomyKey::Authors)).collect()
            }
            (None, _) => dialect.terms(reading, TaxonomyKey::Keys(std::slice::from_ref(&taxonomy.name))),
        };
        for spelling in found.iter().map(|term| term.trim()) {
            let term =
                Term { taxonomy: place as u8, folded: fold(spelling).into(), spelling: spelling.into() };
            let term = Arc::new(term);
            if !term.folded.is_empty() && known.insert(Arc::clone(&term)) {
                terms.push(term);
            }
        }
    }
    terms.into()
}
