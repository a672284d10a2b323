//! Names of dialects in configurations and on the command line.

use std::fmt;

/// The name of a dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DialectName(&'static str);

impl DialectName {
    /// Every name. A test compares the list with the dialects.
    pub const ALL: [Self; 7] = [
        Self("jekyll"),
        Self("hugo"),
        Self("zola"),
        Self("hexo"),
        Self("eleventy"),
        Self("obsidian"),
        Self("plain"),
    ];

    /// The dialect name equal to a text.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.0 == name)
    }

    /// The name as text.
    pub fn as_str(self) -> &'static str {
        self.0
    }

    /// The values of the key `dialect`; `auto` is `None`.
    pub(super) fn words() -> Vec<(&'static str, Option<Self>)> {
        let names = Self::ALL.into_iter().map(|name| (name.0, Some(name)));
        [("auto", None)].into_iter().chain(names).collect()
    }
}

impl fmt::Display for DialectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}
