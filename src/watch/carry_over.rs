//! Carries posts that cannot be read now over from one catalog to the next.

use std::collections::HashMap;
use std::sync::Arc;

use super::source::FollowedSource;
use crate::catalog::{Change, Site, Snapshot};
use crate::post::{Post, Source, SourceId, Stamp, Term};

/// The changes of the first scan of a source, preceded by the earlier posts that the scan could not read: the broken
/// ones, or all of them if the folder is unavailable or still scanned. `id` is the source's place.
pub(super) fn carry_over(
    before: &Snapshot,
    site: &Site,
    id: SourceId,
    followed: &FollowedSource,
    changes: Vec<Change>,
) -> Vec<Change> {
    let is_broken = |change: &Change| matches!(change, Change::Break { .. });
    let take_all = followed.unavailability().is_some() || followed.is_scanned();
    if !take_all && !changes.iter().any(is_broken) {
        return changes;
    }
    let posts: HashMap<&str, &Arc<Post>> =
        find_posts(before, followed.source()).map(|post| (&*post.path, post)).collect();
    let take = |path: &str| {
        let post = take_over(posts.get(path)?, &before.site, site, id);
        Some(Change::Put(Box::new(post), None))
    };
    if take_all {
        let mut paths: Vec<&str> = posts.keys().copied().collect();
        paths.sort_unstable();
        return paths.into_iter().filter_map(take).chain(changes).collect();
    }
    let with_earlier = |change: Change| {
        let earlier = match &change {
            Change::Break { path, .. } => take(path),
            _ => None,
        };
        earlier.into_iter().chain([change])
    };
    changes.into_iter().flat_map(with_earlier).collect()
}

/// The changes of the first scan of a source, preceded by the posts of an earlier run: those whose files are unchanged,
/// broken, or could not be compared stay, and the others are known as those that were there before.
pub(super) fn keep_restored(before: &Snapshot, number: SourceId, changes: Vec<Change>) -> Vec<Change> {
    before.own_posts(number).map(Change::Keep).chain(changes).collect()
}

/// The posts of a source in a snapshot, in which the source may have had another place.
pub(super) fn find_posts<'s>(before: &'s Snapshot, source: &Source) -> impl Iterator<Item = &'s Arc<Post>> {
    let place = before.site.sources.iter().position(|known| known.reads_same_folder(source));
    place.into_iter().flat_map(|place| before.posts_of(SourceId::new(place)))
}

/// A post as it appears in another site.
fn take_over(post: &Post, from: &Site, to: &Site, id: SourceId) -> Post {
    let move_term = |term: &Arc<Term>| {
        let name = &from.taxonomies[usize::from(term.taxonomy)].name;
        let place = to.taxonomies.iter().position(|taxonomy| taxonomy.name == *name)? as u8;
        let is_same = place == term.taxonomy;
        Some(if is_same { Arc::clone(term) } else { Arc::new(Term { taxonomy: place, ..Term::clone(term) }) })
    };
    let languages = to.sources[usize::from(id)].site.languages.len();
    Post {
        source: id,
        terms: post.terms.iter().filter_map(move_term).collect(),
        language: if usize::from(post.language) < languages { post.language } else { 0 },
        // It may have been read with other settings.
        stamp: Stamp::default(),
        ..Post::clone(post)
    }
}
