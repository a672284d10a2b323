//! Combines warnings about pages without a date that are probably not meant as posts.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Snapshot;
use crate::config::Problem;
use crate::post::{Source, SourceId, UNDATED};

/// The maximum number of folders that are named.
const NAMED: usize = 3;

/// Combines the warnings about pages without a date in folders where most have none: documentation, not posts whose
/// date was forgotten.
pub fn combine_undated(snapshot: &Snapshot, problems: &mut BTreeSet<Problem>) {
    for (number, source) in snapshot.site.sources.iter().enumerate() {
        let mut folders: BTreeMap<String, Vec<Problem>> = BTreeMap::new();
        for problem in problems.iter().filter(|problem| problem.message == UNDATED) {
            let path = problem.file.strip_prefix(&source.label).filter(|path| source.is_post(path));
            if let Some(path) = path {
                folders.entry(find_folder(source, path).to_owned()).or_default().push(problem.clone());
            }
        }
        let mut dated: BTreeMap<&str, usize> = BTreeMap::new();
        for post in snapshot.posts_of(SourceId::new(number)).filter(|_| !folders.is_empty()) {
            *dated.entry(find_folder(source, &post.path)).or_default() += 1;
        }
        folders.retain(|folder, pages| dated.get(folder.as_str()).is_none_or(|dated| *dated < pages.len()));
        let count = folders.values().map(Vec::len).sum();
        if count < 2 {
            continue;
        }
        for page in folders.values().flatten() {
            problems.remove(page);
        }
        let folders: Vec<&String> = folders.keys().collect();
        problems.insert(describe(source, count, &folders));
    }
}

fn describe(source: &Source, count: usize, folders: &[&String]) -> Problem {
    let folder = source.folder.strip_prefix(&source.root).ok().and_then(|folder| folder.to_str());
    let folder = folder.unwrap_or_default();
    let shown = |path: &&String| {
        path.strip_prefix(folder).map_or(path.as_str(), |below| below.trim_matches('/')).to_owned()
    };
    let mut named: Vec<String> = folders.iter().map(shown).filter(|path| !path.is_empty()).collect();
    let more = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    let named = named.iter().map(|folder| format!("{folder:?}")).collect::<Vec<_>>().join(", ");
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let places = if named.is_empty() { named } else { format!(" (folders {named}{more})") };
    let message = format!(
        "{count} pages have no date, like most pages next to them: they are in no feed{places}. If they are posts, \
         write `date: YYYY-MM-DD` into their front matter. If not, this is as it should be; `exclude` leaves them out."
    );
    Problem::warning(source.name_file(folder), message).without_place()
}

/// The folder of a page. For a page that is a folder itself, the folder above it.
fn find_folder<'p>(source: &Source, path: &'p str) -> &'p str {
    let own = source.dialect.assets(&source.site, path);
    let is_within = |folder: &&str| path.strip_prefix(*folder).is_some_and(|rest| rest.starts_with('/'));
    own.filter(is_within).unwrap_or(path).rsplit_once('/').map_or("", |(folder, _)| folder)
}
