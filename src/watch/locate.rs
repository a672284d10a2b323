//! Where in its file a post says something.

use crate::config::position;
use crate::file;
use crate::limits::POST_BYTES;
use crate::post::address::encode_segment;
use crate::post::{Post, Source};

/// Where a text writes something, below a line that begins with `key` if that is given, and rather where a
/// value or a link stands; its start where that can't be found.
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

/// Where a text gives a key of front matter; its start where it does not.
pub(super) fn find_key_place(text: &str, key: &str) -> (u32, u32) {
    find_key(text, key).map_or((1, 1), |at| position(text, at))
}

/// Where the first line begins that gives a key of front matter: `tags:`, `tag =`, `"categories":`, also in the
/// singular.
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

/// The text of a post's file, as far as it is one.
pub(super) fn read_text(source: &Source, post: &Post) -> String {
    let bytes = file::read(&source.root.join(&*post.path), POST_BYTES).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
