//! What the log says of problems and changes.

use crate::catalog::{Catalog, Change};
use crate::config::{Problem, Severity};

/// One line a problem, as grave as it is.
pub(super) fn tell(problem: &Problem) {
    match problem.severity {
        Severity::Error => tracing::error!("{problem}"),
        Severity::Warning => tracing::warn!("{problem}"),
    }
}

/// One line a change; of many changes at once one line for all.
pub(super) fn describe(changes: &[Change], catalog: &Catalog) -> Vec<String> {
    const MANY: usize = 10;
    let site = catalog.site();
    let name = |source: u16, path: &str| site.sources[usize::from(source)].name_file(path);
    if changes.len() > MANY {
        let gone = changes.iter().filter(|change| matches!(change, Change::Remove { .. })).count();
        return vec![format!("{} files changed, {gone} of them are gone", changes.len())];
    }
    let lines = changes.iter().filter_map(|change| match change {
        Change::Put(post, _) => Some(format!("changed {}: {}", name(post.source, &post.path), post.title)),
        Change::Remove { source, path, .. } => {
            catalog.find(*source, path).map(|_| format!("gone {}", name(*source, path)))
        }
        Change::Break { source, path, .. } => Some(format!("broken {}", name(*source, path))),
    });
    lines.collect()
}

/// `1 post`, `2 posts`.
pub(super) fn name_count(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
