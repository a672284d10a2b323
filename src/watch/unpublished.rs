//! Changes that scans found and readers do not see yet.

use crate::catalog::{Catalog, Change};

/// Changes in the order in which they were found.
#[derive(Debug, Default)]
pub(super) struct UnpublishedChanges {
    changes: Vec<Change>,
}

impl UnpublishedChanges {
    /// Adds the changes that a scan found, except for those without an effect on the catalog. Returns true if any is
    /// added.
    pub(super) fn add(&mut self, found: Vec<Change>, catalog: &Catalog) -> bool {
        // A file that was removed and is back would change nothing in a catalog that still has its post, but that is
        // about to be removed. Without earlier changes, the catalog says which ones have an effect.
        let is_first = self.changes.is_empty();
        let count = self.changes.len();
        self.changes.extend(found.into_iter().filter(|change| !is_first || catalog.has_effect(change)));
        self.changes.len() > count
    }

    /// Returns true if there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Removes and returns all of them.
    pub(super) fn take(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::tests::{at, post, put, site};
    use crate::post::SourceId;

    fn remove(path: &str) -> Change {
        Change::Remove { source: SourceId::new(0), path: path.into(), problem: None }
    }

    /// The paths of the posts after the changes of several scans of a folder with `a.md`, published together.
    fn publish(scans: impl IntoIterator<Item = Change>) -> Vec<String> {
        let mut catalog = Catalog::new(site());
        catalog.apply(vec![put(post(0, "a.md", "a", 1, &[]))], at(10));
        let mut unpublished = UnpublishedChanges::default();
        for change in scans {
            unpublished.add(vec![change], &catalog);
        }
        let snapshot = catalog.apply(unpublished.take(), at(11));
        snapshot.visible().map(|post| post.path.to_string()).collect()
    }

    #[test]
    fn a_file_that_is_back_before_its_removal_is_published_stays() {
        assert_eq!(publish([remove("a.md"), put(post(0, "a.md", "a", 1, &[]))]), ["a.md"]);
    }

    #[test]
    fn a_file_that_is_removed_before_it_is_published_is_not_served() {
        assert_eq!(publish([put(post(0, "b.md", "b", 2, &[])), remove("b.md")]), ["a.md"]);
    }

    #[test]
    fn a_change_without_an_effect_is_not_published() {
        let mut catalog = Catalog::new(site());
        catalog.apply(vec![put(post(0, "a.md", "a", 1, &[]))], at(10));
        let mut unpublished = UnpublishedChanges::default();
        assert!(!unpublished.add(vec![put(post(0, "a.md", "a", 1, &[])), remove("b.md")], &catalog));
        assert!(unpublished.is_empty());
    }
}
