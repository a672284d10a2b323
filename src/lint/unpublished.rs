//! Counts the files of a site that are in no feed, by reason: for `check`.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;

use chrono::{DateTime, Utc};

use crate::catalog::Snapshot;
use crate::file;
use crate::limits::POST_BYTES;
use crate::post::{self, Source, UnpublishedReason, find_unpublished_reason};
use crate::watch::{FolderWatcher, Progress, walk};

/// Counts the files of every source that are in no feed at `now`. Reads those that are not posts.
pub fn count_unpublished(snapshot: &Snapshot, now: DateTime<Utc>) -> BTreeMap<UnpublishedReason, usize> {
    let mut counts = BTreeMap::new();
    let mut count = |why: UnpublishedReason| *counts.entry(why).or_default() += 1;
    for _ in snapshot.list_repeated() {
        count(UnpublishedReason::Repeated);
    }
    for (source, number) in snapshot.site.sources.iter().zip(snapshot.site.source_ids()) {
        let mut known = HashSet::new();
        for post in snapshot.posts_of(number) {
            known.insert(&*post.path);
            if !post.is_visible(now) {
                let is_future = post.held && post.published > now;
                count(if is_future { UnpublishedReason::Future } else { UnpublishedReason::Expired });
            }
        }
        // Folders of drafts are entered only where drafts are posts.
        let drafted = Source { drafts: true, ..Source::clone(source) };
        let folder = source.folder.strip_prefix(&source.root).ok().and_then(|folder| folder.to_str());
        let whole = BTreeSet::from([folder.unwrap_or_default().to_owned()]);
        for path in walk(&drafted, &whole, &mut FolderWatcher::default(), &Progress::default()).files {
            if known.contains(path.as_str()) {
                continue;
            }
            if !source.is_post(&path) {
                count(UnpublishedReason::Draft);
                continue;
            }
            let Ok(bytes) = file::read(&source.root.join(&path), POST_BYTES) else {
                count(UnpublishedReason::Broken);
                continue;
            };
            let read = post::File { path: &path, bytes: &bytes, modified: now };
            find_unpublished_reason(source, &drafted, read).into_iter().for_each(&mut count);
        }
        (0..count_misnamed(source, folder.unwrap_or_default()))
            .for_each(|_| count(UnpublishedReason::Misnamed));
    }
    counts
}

/// Counts the files that would be posts by their folder and are none by their name.
fn count_misnamed(source: &Source, folder: &str) -> usize {
    let mut count = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(source.root.join(&folder)).into_iter().flatten().flatten();
        for (name, kind) in entries.filter_map(|entry| Some((entry.file_name(), entry.file_type().ok()?))) {
            let Some(name) = name.to_str() else { continue };
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            if kind.is_dir() && source.enters(&path) {
                folders.push(path);
            } else if kind.is_file() && source.is_misnamed(&path) {
                count += 1;
            }
        }
    }
    count
}
