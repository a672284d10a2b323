//! The names by which posts refer to each other.

use super::model::Post;
use super::pages::list_references;
use super::source::Source;
use crate::body::Reference;

/// The form in which posts store a reference, with the prefix of its kind.
pub(super) fn write(reference: Reference<'_>) -> String {
    match reference {
        Reference::File(path) => format!("f:{path}"),
        Reference::Post(name) => format!("p:{name}"),
        Reference::Name(name) => format!("n:{name}"),
    }
}

/// The names by which other posts can refer to a post.
pub fn list_names(source: &Source, post: &Post) -> Vec<String> {
    let mut names = source.dialect.link_names(&source.site, &post.path, post.language);
    names.extend(list_references(source, post));
    names
}

/// The names that a reference in a post can refer to, the most likely first.
pub fn list_candidates(source: &Source, post: &Post, reference: &str) -> Vec<String> {
    let (kind, written) = reference.split_at(2);
    if kind == "u:" {
        let by_name = source.finds_by_name(written).then(|| media_key(written));
        return std::iter::once(reference.to_owned()).chain(by_name).collect();
    }
    source.dialect.link_candidates(&source.site, (&post.path, post.language), (kind, written))
}

/// The name by which posts can refer to the media file at a path.
pub fn media_key(path: &str) -> String {
    format!("m:{}", path.rsplit('/').next().unwrap_or(path).to_lowercase())
}
