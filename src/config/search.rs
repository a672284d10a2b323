//! `[search]`: what searches for words find.

use super::reader::At;

/// `[search]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// True if every word of every post is found, by an index.
    pub index: bool,
}

impl Default for Search {
    fn default() -> Self {
        Self { index: true }
    }
}

pub(super) fn read(at: At<'_>) -> Option<Search> {
    let mut table = at.table()?;
    let default = Search::default();
    let search = Search { index: table.get("index").unwrap_or(default.index) };
    table.refuse_unknown();
    Some(search)
}
