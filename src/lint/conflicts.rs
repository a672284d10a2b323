//! Moves the problem of an id or a URL that two posts have to the key that makes it.

use std::collections::{BTreeSet, HashMap};

use crate::catalog::{SHARED, Snapshot};
use crate::config::Problem;
use crate::file;
use crate::limits::POST_BYTES;
use crate::post::{self, find_place_of};

/// Moves each such problem of a file to the key of its front matter that makes the id or the URL, if there is one.
pub fn locate_conflicts(snapshot: &Snapshot, problems: &mut BTreeSet<Problem>) {
    let is_shared = |problem: &&Problem| problem.line == 1 && problem.message.contains(SHARED);
    let shared: Vec<Problem> = problems.iter().filter(is_shared).cloned().collect();
    if shared.is_empty() {
        return;
    }
    let all = snapshot.site.source_ids().flat_map(|number| snapshot.posts_of(number));
    let posts: HashMap<String, _> =
        all.map(|post| (snapshot.site.source(post.source).name_file(&post.path), post)).collect();
    for problem in shared {
        let Some(post) = posts.get(&problem.file) else { continue };
        let source = snapshot.site.source(post.source);
        let Ok(bytes) = file::read(&source.root.join(&*post.path), POST_BYTES) else { continue };
        let part = if problem.message.starts_with("the id") { "id" } else { "link" };
        let read = post::File { path: &post.path, bytes: &bytes, modified: post.published };
        if let Some(place) = find_place_of(source, post.source, read, part) {
            problems.remove(&problem);
            problems.insert(problem.at(place));
        }
    }
}
