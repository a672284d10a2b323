//! Posts that are not published since another post of their source has the same value under its key `unique`.

use crate::catalog::Snapshot;
use crate::config::Problem;

/// A note for each of these posts, which names the one that is published.
pub fn list_repeated(snapshot: &Snapshot) -> Vec<Problem> {
    let repeated = snapshot.list_repeated().into_iter();
    repeated
        .map(|(post, first)| {
            let source = snapshot.site.source(post.source);
            let (key, first) = (source.unique.as_deref().unwrap_or_default(), source.name_file(&first.path));
            let message = format!(
                "it is not published: {first:?} has the same `{key}`. If they are two texts, give each a `{key}` of its own."
            );
            Problem::note(source.name_file(&post.path), message)
        })
        .collect()
}
