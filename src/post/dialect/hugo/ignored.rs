//! Files that a Hugo site ignores.

use regex::{RegexBuilder, RegexSet, RegexSetBuilder};

use crate::limits::PATTERNS;
use crate::post::settings_reader::SettingsReader;

/// The maximum size of the compiled patterns, in bytes.
const COMPILED_BYTES: usize = 1 << 20;

/// `ignoreFiles`: regular expressions that are matched against file paths.
#[derive(Debug, Clone, Default)]
pub(super) struct IgnoredFiles(RegexSet);

impl IgnoredFiles {
    /// Reads `ignoreFiles` of a site's configuration. Invalid patterns are reported.
    pub(super) fn read(reader: &mut SettingsReader<'_>) -> Self {
        let is_valid =
            |pattern: &String| RegexBuilder::new(pattern).size_limit(COMPILED_BYTES).build().is_ok();
        let patterns = reader.texts("ignoreFiles").into_iter().take(PATTERNS);
        let (valid, mut bad) = patterns.partition::<Vec<_>, _>(is_valid);
        let set = RegexSetBuilder::new(&valid).size_limit(COMPILED_BYTES).build().unwrap_or_else(|_| {
            bad.clone_from(&valid);
            RegexSet::empty()
        });
        if let Some(pattern) = bad.first() {
            let message = format!("`ignoreFiles` has an invalid pattern: {pattern:?}. It is ignored.");
            reader.report("ignoreFiles", message);
        }
        Self(set)
    }

    /// Returns true if the file at a path, relative to the site's root, is ignored.
    pub(super) fn contains(&self, path: &str) -> bool {
        !self.0.is_empty() && self.0.is_match(&format!("/{path}"))
    }
}

impl PartialEq for IgnoredFiles {
    fn eq(&self, other: &Self) -> bool {
        self.0.patterns() == other.0.patterns()
    }
}
