//! Where in its file a post says something.

use std::fs;

use crate::config::position;
use crate::post::address::encode_segment;
use crate::post::{Post, Source};

/// Where a post writes a text, below a line that begins with `key` if that is given; its start where that
/// can't be found.
pub(super) fn find_place(source: &Source, post: &Post, key: Option<&str>, wanted: &str) -> (u32, u32) {
    if wanted.is_empty() {
        return (1, 1);
    }
    let text = read_text(source, post);
    let from = key.and_then(|key| {
        // `tags`, and `tag` too; `authors`, and `author`.
        let stem = key.get(..key.len().saturating_sub(1)).unwrap_or(key);
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        let begins = |at: &usize| {
            let line = text[*at..].trim_start_matches([' ', '\t', '"', '\'']);
            line.get(..stem.len()).is_some_and(|word| word.eq_ignore_ascii_case(stem))
        };
        starts.into_iter().find(begins)
    });
    let from = from.unwrap_or_default();
    let encoded = encode_segment(wanted);
    let at = text[from..].find(wanted).or_else(|| text[from..].find(&encoded));
    at.map_or((1, 1), |at| position(&text, from + at))
}

/// The text of a post's file, as far as it is one.
pub(super) fn read_text(source: &Source, post: &Post) -> String {
    let bytes = fs::read(source.root.join(&*post.path)).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
