//! What a post is known by: the id that its front matter gives, else one made by its source's rule.

use super::Post;
use super::address::{encode_iri, has_scheme};
use super::dialect::{Id, Reading};
use super::front_matter::{self, FrontMatter};
use super::source::Source;
use super::text;
use crate::body::collapse_white_space;
use crate::config::{BaseUrl, IdPattern, Placeholder};

/// How a source makes ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdRule {
    /// The pattern; `None`: as the dialect does.
    pub pattern: Option<IdPattern>,
    /// What `{site}` stands for; empty if no URL of the site is known.
    pub site: String,
    /// What `{base}` stands for.
    pub base: String,
}

/// The parts of a post's id that its generator's templates print.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdParts {
    /// The path of its page below the site's base path.
    pub path: String,
    /// Its id.
    pub id: String,
    /// Its slug.
    pub slug: String,
}

/// What the ids of one post may be made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdValues {
    site: String,
    base: String,
    parts: IdParts,
    permalink: String,
    guid: Option<String>,
    /// The path that the dialect puts on the base of ids, where its ids are made so.
    pub dialect_path: Option<String>,
    /// The id as the dialect makes it.
    pub dialect: String,
}

impl IdValues {
    fn read(reading: &Reading<'_>, path: &str) -> Self {
        let Source { rules, ids, id_base, url, .. } = reading.source;
        let base = id_base.as_ref().unwrap_or(url);
        let (dialect_path, dialect) = make_as_dialect(reading, path);
        Self {
            site: ids.site.clone(),
            base: ids.base.clone(),
            parts: (rules.id_parts)(reading, path),
            permalink: format!("{base}{path}"),
            guid: read_written(reading.front, rules.id_keys),
            dialect_path,
            dialect,
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

    /// The id by a pattern, or without one as the dialect makes it. A `guid` in the front matter takes precedence
    /// over a pattern that does not use it.
    pub fn make(&self, pattern: Option<&IdPattern>) -> String {
        let uses_guid = pattern.is_some_and(|pattern| pattern.uses(Placeholder::Guid));
        match (&self.guid, pattern) {
            (Some(guid), _) if !uses_guid => encode_written(guid),
            (None, Some(_)) if uses_guid => self.dialect.clone(),
            // To the character as the site's own feed prints it: subscribers know the post by that.
            (_, Some(pattern)) => print(&pattern.fill(|placeholder| self.get(placeholder))),
            (_, None) => self.dialect.clone(),
        }
    }
}

/// The id of a post whose page is at a path below its source's URL.
pub(super) fn make(reading: &Reading<'_>, path: &str) -> String {
    if let Some(pattern) = &reading.source.ids.pattern {
        return IdValues::read(reading, path).make(Some(pattern));
    }
    let written = read_written(reading.front, reading.source.rules.id_keys);
    written.map_or_else(|| make_as_dialect(reading, path).1, |id| encode_written(&id))
}

/// The dialect's id, and the path in it that is put on the base of ids, if it is made so.
fn make_as_dialect(reading: &Reading<'_>, path: &str) -> (Option<String>, String) {
    let Source { rules, id_base, url, .. } = reading.source;
    match (rules.id)(reading, path) {
        Id::Path(path) => {
            let id = format!("{}{path}", id_base.as_ref().unwrap_or(url));
            (Some(path), id)
        }
        Id::Whole(id) => (None, id),
    }
}

/// RFC 4287 §4.2.6: an id is an IRI. One without a scheme stays as it is.
fn encode_written(id: &str) -> String {
    if has_scheme(id) { encode_iri(id) } else { id.to_owned() }
}

/// What the id of a post may be made of, by its file; `None` if the bytes are not a post.
pub fn read_values(source: &Source, post: &Post, bytes: &[u8]) -> Option<IdValues> {
    let text = text::decode(bytes).ok()?;
    let mut front = front_matter::read(&text, source.rules.fences).ok()?;
    super::parse::fill_defaults(source, &post.path, &mut front);
    let date = post.published.with_timezone(&source.time_zone);
    let path = post.address.strip_prefix(source.url.as_str())?;
    Some(IdValues::read(&Reading { source, path: &post.path, front: &front, date }, path))
}

/// The id written by hand, if there is one. What no document can hold is no part of it: two ids must differ in
/// what is printed.
pub(super) fn read_written(front: &FrontMatter<'_>, keys: &[&str]) -> Option<String> {
    let written = front.first(keys).and_then(|(_, value)| value.to_text())?;
    Some(collapse_white_space(&print(&written))).filter(|id| !id.is_empty())
}

fn print(id: &str) -> String {
    let printed: String = id.chars().filter(|c| text::is_printable(*c)).collect();
    printed.trim().to_owned()
}

/// A URL as the site and its base path: `base` if the URL ends in it, else its path.
pub fn split_url<'u>(url: &'u BaseUrl, base: Option<&str>) -> (&'u str, &'u str) {
    let end = base
        .and_then(|base| url.as_str().strip_suffix(base))
        .unwrap_or_else(|| url.as_str().strip_suffix(url.path()).unwrap_or(url.as_str()));
    url.as_str().split_at(end.len())
}
