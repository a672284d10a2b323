//! The taxonomies of a source and the keys of their terms.

/// A taxonomy and the keys of its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxonomyKeys {
    /// Name of the taxonomy.
    pub name: String,
    /// Front-matter keys of its terms, in lower case; `None`: the dialect's own.
    pub keys: Option<Vec<String>>,
}

/// Index of `tags` in every list of taxonomies.
pub const TAGS: usize = 0;
/// Index of `categories`.
pub const CATEGORIES: usize = 1;
/// Index of `authors`.
pub const AUTHORS: usize = 2;
