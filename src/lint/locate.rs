//! Finds the positions of keys and values in the files of posts.

use std::borrow::Cow;

use crate::config::position;
use crate::file;
use crate::limits::POST_BYTES;
use crate::post::address::encode_segment;
use crate::post::{Post, Source};

/// The position of `wanted` in a text, after the line of `key` if a key is given. A position in a value or a link is
/// preferred. If there is none, the start of the text.
pub(super) fn find_place(text: &str, key: Option<&str>, wanted: &str) -> (u32, u32) {
    if wanted.is_empty() {
        return (1, 1);
    }
    let from = key.and_then(|key| find_key(text, key)).unwrap_or_default();
    let encoded = encode_segment(wanted);
    let places = || {
        let own = text[from..].match_indices(wanted);
        own.chain(text[from..].match_indices(&*encoded)).map(|(at, _)| from + at)
    };
    let is_linked = |at: usize| text[..at].ends_with(['(', '"', '\'', '=', '/', '<', '[']);
    let is_value = |at: usize| key.is_some() && text[..at].ends_with([' ', ',']);
    let at = places().find(|at| is_linked(*at) || is_value(*at)).or_else(|| places().next());
    at.map_or((1, 1), |at| position(text, at))
}

/// The position of a key of front matter in a text; the start of the text if there is no such key.
pub(super) fn find_key_place(text: &str, key: &str) -> (u32, u32) {
    find_key(text, key).map_or((1, 1), |at| position(text, at))
}

/// The start of the first line with a key of front matter: `tags:`, `tag =`, `"categories":`, also in the singular.
fn find_key(text: &str, key: &str) -> Option<usize> {
    let singular = key.strip_suffix("ies").map(|stem| format!("{stem}y"));
    let singular = singular.or_else(|| key.strip_suffix('s').map(str::to_owned)).unwrap_or_default();
    let gives = |line: &str| {
        let line = line.trim_start_matches([' ', '\t', '"', '\'']);
        let end = line.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').unwrap_or(line.len());
        let (name, rest) = line.split_at(end);
        let is_named = name.eq_ignore_ascii_case(key) || name.eq_ignore_ascii_case(&singular);
        is_named && rest.trim_start_matches(['"', '\'', ' ']).starts_with([':', '='])
    };
    let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1));
    starts.into_iter().find(|at| gives(text[*at..].lines().next().unwrap_or_default()))
}

/// The text of a post's file, with replacements for bytes that are not text. Empty if the file cannot be read.
pub(super) fn read_text(source: &Source, post: &Post) -> String {
    let bytes = file::read(&source.root.join(&*post.path), POST_BYTES).unwrap_or_default();
    let text = source.decode(&bytes).map(Cow::into_owned);
    text.unwrap_or_else(|_| String::from_utf8_lossy(&bytes).into_owned())
}
