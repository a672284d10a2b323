//! The media files of a vault, to which posts may refer by their names alone.

use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::Arc;

use super::walk::Walked;
use crate::catalog::Change;
use crate::post::SourceId;
use crate::post::source::is_at_or_below;

/// The known media files of a source, by their paths relative to its root.
#[derive(Debug, Default)]
pub(super) struct NamedMedia(BTreeSet<Arc<str>>);

impl NamedMedia {
    /// Returns true if a file is known at a path or below it.
    pub(super) fn knows(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        let mut below = self.0.range::<str, _>((Bound::Included(&*folder), Bound::Unbounded));
        self.0.contains(path) || below.next().is_some_and(|file| file.starts_with(&folder))
    }

    /// Applies the result of a walk over paths. Returns the files that appeared or disappeared; files in unreadable
    /// folders stay.
    pub(super) fn compare(
        &mut self,
        source: SourceId,
        paths: &BTreeSet<String>,
        walked: &Walked,
    ) -> Vec<Change> {
        let is_gone = |file: &&Arc<str>| {
            walked.media.binary_search_by(|found| (**found).cmp(file)).is_err()
                && !walked.unreadable.iter().any(|folder| is_at_or_below(file, folder))
        };
        let known = paths.iter().flat_map(|path| {
            let from = self.0.range::<str, _>((Bound::Included(path.as_str()), Bound::Unbounded));
            let from = from.take_while(|file| file.starts_with(path.as_str()));
            from.filter(|file| is_at_or_below(file, path))
        });
        let gone: Vec<Arc<str>> = known.filter(is_gone).cloned().collect();
        for file in &gone {
            self.0.remove(file);
        }
        let found = walked.media.iter().map(|file| Arc::from(&**file));
        let new: Vec<Arc<str>> = found.filter(|file| self.0.insert(Arc::clone(file))).collect();
        let change = |path, exists| Change::Media { source, path, exists };
        let gone = gone.into_iter().map(|path| change(path, false));
        gone.chain(new.into_iter().map(|path| change(path, true))).collect()
    }
}
