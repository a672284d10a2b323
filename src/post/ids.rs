//! Ids of entries: written in the front matter, or else made by the rule of the source.

use super::address::{encode_iri, has_scheme};
use super::dialect::{Id, IdParts, Reading};
use super::fill::fill_defaults;
use super::front_matter::{self, FrontMatter};
use super::model::Post;
pub use super::source::IdRule;
use super::source::Source;
use super::text;
use crate::body::collapse_white_space;
use crate::config::{BaseUrl, IdPattern, Placeholder};

/// The values from which the ids of one post can be made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdValues {
    site: String,
    base: String,
    parts: IdParts,
    permalink: String,
    guid: Option<String>,
    /// The path that the dialect appends to the base of ids, if it makes the id that way.
    pub dialect_path: Option<String>,
    /// The id by the rule of the dialect.
    pub dialect: String,
}

impl IdValues {
    fn read(source: &Source, reading: &Reading<'_>, language: u8, path: &str) -> Self {
        let Source { dialect, ids, .. } = source;
        let base = source.id_base_of(language);
        let (dialect_path, by_dialect) = make_as_dialect(source, reading, language, path);
        Self {
            site: ids.site.clone(),
            base: ids.base.clone(),
            parts: dialect.id_parts(reading, path),
            permalink: format!("{base}{path}"),
            guid: read_written(reading.front, dialect.spec().keys.id),
            dialect_path,
            dialect: by_dialect,
        }
    }

    /// The value of a placeholder; empty if the post has none.
    pub fn get(&self, placeholder: Placeholder) -> &str {
        match placeholder {
            Placeholder::Site => &self.site,
            Placeholder::Base => &self.base,
            Placeholder::Path => &self.parts.path,
            Placeholder::Permalink => &self.permalink,
            Placeholder::Id => &self.parts.id,
            Placeholder::Slug => &self.parts.slug,
            Placeholder::Guid => self.guid.as_deref().unwrap_or_default(),
        }
    }

    /// The id by a pattern, or by the rule of the dialect if there is none. A `guid` in the front matter takes
    /// precedence over a pattern that does not use it.
    pub fn make(&self, pattern: Option<&IdPattern>) -> String {
        let uses_guid = pattern.is_some_and(|pattern| pattern.uses(Placeholder::Guid));
        match (&self.guid, pattern) {
            (Some(guid), _) if !uses_guid => encode_written(guid),
            (None, Some(_)) if uses_guid => self.dialect.clone(),
            // Exactly as the site's own feed prints it: subscribers know the post by that id.
            (_, Some(pattern)) => print(&pattern.fill(|placeholder| self.get(placeholder))),
            (_, None) => self.dialect.clone(),
        }
    }
}

/// The id of a post in a language, given by index, whose page is at a path below the URL of that language.
pub(super) fn make(source: &Source, reading: &Reading<'_>, language: u8, path: &str) -> String {
    if let Some(pattern) = &source.ids.pattern {
        return IdValues::read(source, reading, language, path).make(Some(pattern));
    }
    let written = read_written(reading.front, source.dialect.spec().keys.id);
    written.map_or_else(|| make_as_dialect(source, reading, language, path).1, |id| encode_written(&id))
}

/// The id by the rule of the dialect, and the path in it that is appended to the base of ids, if there is one.
fn make_as_dialect(
    source: &Source,
    reading: &Reading<'_>,
    language: u8,
    path: &str,
) -> (Option<String>, String) {
    match source.dialect.id(reading, path) {
        Id::Path(path) => {
            let id = format!("{}{path}", source.id_base_of(language));
            (Some(path), id)
        }
        Id::Whole(id) => (None, id),
    }
}

/// RFC 4287 §4.2.6: an id is an IRI. An id without a scheme is kept as written.
fn encode_written(id: &str) -> String {
    if has_scheme(id) { encode_iri(id) } else { id.to_owned() }
}

/// The values from which the ids of a post can be made, read from its file; `None` if the bytes are not a post.
pub fn read_values(source: &Source, post: &Post, bytes: &[u8]) -> Option<IdValues> {
    let text = source.decode(bytes).ok()?;
    let mut front = front_matter::read(&text, source.dialect.spec().fences).ok()?;
    fill_defaults(source, &post.path, &mut front);
    let date = post.published.with_timezone(&source.time_zone);
    let path = post.address.strip_prefix(source.url_of(post.language).as_str())?;
    let reading = Reading { source: source.settings(), path: &post.path, front: &front, date };
    Some(IdValues::read(source, &reading, post.language, path))
}

/// The id written by hand, if there is one. Characters that documents cannot contain are removed: two ids must differ
/// in their printed form.
pub(super) fn read_written(front: &FrontMatter<'_>, keys: &[&str]) -> Option<String> {
    let written = front.first(keys).and_then(|(_, value)| value.to_text())?;
    Some(collapse_white_space(&print(&written))).filter(|id| !id.is_empty())
}

fn print(id: &str) -> String {
    let printed: String = id.chars().filter(|c| text::is_printable(*c)).collect();
    printed.trim().to_owned()
}

/// Splits a URL into the site and its base path: `base` if the URL ends with it, else the path of the URL.
pub fn split_url<'u>(url: &'u BaseUrl, base: Option<&str>) -> (&'u str, &'u str) {
    let end = base
        .and_then(|base| url.as_str().strip_suffix(base))
        .unwrap_or_else(|| url.as_str().strip_suffix(url.path()).unwrap_or(url.as_str()));
    url.as_str().split_at(end.len())
}
