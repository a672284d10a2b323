//! Files that a site of Hugo ignores.

use regex::{RegexSet, RegexSetBuilder};

use crate::limits::PATTERNS;

/// What compiled patterns may take, in bytes.
const COMPILED_BYTES: usize = 1 << 20;

/// `ignoreFiles`: expressions for the names of files with their folders. If one of them cannot be read, none counts.
#[derive(Debug, Clone, Default)]
pub struct IgnoredFiles(RegexSet);

impl IgnoredFiles {
    pub(super) fn new(patterns: &[String]) -> Self {
        let patterns = patterns.iter().take(PATTERNS);
        Self(RegexSetBuilder::new(patterns).size_limit(COMPILED_BYTES).build().unwrap_or_default())
    }

    /// Whether the file at a path, relative to the site's root, is ignored.
    pub(super) fn contains(&self, path: &str) -> bool {
        !self.0.is_empty() && self.0.is_match(&format!("/{path}"))
    }
}

impl PartialEq for IgnoredFiles {
    fn eq(&self, other: &Self) -> bool {
        self.0.patterns() == other.0.patterns()
    }
}
