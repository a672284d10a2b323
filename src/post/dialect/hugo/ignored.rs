//! Files that a site of Hugo ignores.

use regex::{RegexBuilder, RegexSet, RegexSetBuilder};

use crate::limits::PATTERNS;
use crate::post::site::SettingsReader;

/// What compiled patterns may take, in bytes.
const COMPILED_BYTES: usize = 1 << 20;

/// `ignoreFiles`: expressions for the names of files with their folders.
#[derive(Debug, Clone, Default)]
pub struct IgnoredFiles(RegexSet);

impl IgnoredFiles {
    /// Those of a site's configuration. Patterns that cannot be read are problems.
    pub(super) fn read(reader: &mut SettingsReader<'_>) -> Self {
        let is_sound =
            |pattern: &String| RegexBuilder::new(pattern).size_limit(COMPILED_BYTES).build().is_ok();
        let patterns = reader.list("ignorefiles").into_iter().take(PATTERNS);
        let (sound, mut bad) = patterns.partition::<Vec<_>, _>(is_sound);
        let set = RegexSetBuilder::new(&sound).size_limit(COMPILED_BYTES).build().unwrap_or_else(|_| {
            bad.clone_from(&sound);
            RegexSet::empty()
        });
        if let Some(pattern) = bad.first() {
            let message =
                format!("`ignoreFiles` has a pattern that cannot be read: {pattern:?}. It is left out.");
            reader.refuse("ignoreFiles", message);
        }
        Self(set)
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
