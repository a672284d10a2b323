//! Finds the feeds that changed, from what two snapshots do not share.

use std::sync::Arc;

use crate::catalog::{NoTexts, Snapshot};
use crate::feed::{Address, Entries, Fingerprint, Found, Group, Place, find_dropped, list_places, plan};
use crate::state::Store;

/// A feed with its current fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Changed {
    /// The URL path of its page, which identifies it.
    pub(super) path: String,
    /// Its URLs, one per format.
    pub(super) urls: Vec<String>,
    /// The fingerprint of its documents.
    pub(super) fingerprint: Fingerprint,
}

/// All listed feeds. Costs a selection and a hash for each.
pub(super) fn list_all(snapshot: &Snapshot, entries: &Entries) -> Vec<Changed> {
    list_places(snapshot).into_iter().filter_map(|place| describe(snapshot, entries, place)).collect()
}

/// Returns true if every feed may have changed between two snapshots.
pub(super) fn may_all_have_changed(before: &Snapshot, now: &Snapshot) -> bool {
    !Arc::ptr_eq(&before.site, &now.site) || before.awaited != now.awaited
}

/// The feeds that may have changed between two snapshots of one site, including those whose last post was removed.
/// Feeds that the snapshots share have not changed, and are not planned.
pub(super) fn find_changed(before: &Snapshot, now: &Snapshot, entries: &Entries) -> Vec<Changed> {
    let mut places = vec![Place::All];
    for group in Group::list(now) {
        match group {
            Group::Taxonomy(taxonomy) => {
                let changed = now.changed_terms(before, usize::from(taxonomy));
                let term = |folded: &str| Place::Term { taxonomy, folded: folded.into(), language: None };
                let lists = |folded: &str| now.site.taxonomies[usize::from(taxonomy)].lists(folded);
                let listed = changed.iter().filter(|entry| lists(&entry.folded));
                places.extend(listed.map(|entry| term(&entry.folded)));
            }
            _ => places.extend(group.places(now)),
        }
    }
    places.into_iter().filter_map(|place| describe(now, entries, place)).collect()
}

/// The feed of a term without posts, by the path of its page, if it is served as an empty feed: then it was requested
/// before, and is in the store.
pub(super) fn describe_dropped(snapshot: &Snapshot, store: &Store, path: &str) -> Option<Changed> {
    let found = find_dropped(snapshot, path, None, |path| store.get(path).is_some()).ok()??;
    let Found::Page(about) = found else { return None };
    let address = about.into_feed()?;
    let feed = plan(snapshot, *address, &NoTexts)?;
    let urls = feed.formats(snapshot).into_iter().map(|(_, url)| url).collect();
    Some(Changed { path: path.to_owned(), urls, fingerprint: feed.fingerprint(snapshot) })
}

fn describe(snapshot: &Snapshot, entries: &Entries, place: Place) -> Option<Changed> {
    let path = place.path(snapshot);
    let address = Address::of(snapshot, place)?;
    let texts = entries.texts(&snapshot.site);
    let feed = plan(snapshot, address, &texts)?;
    // The posts of an awaited source are unknown, and so is the result of a search that could not read all posts.
    (!feed.awaits_posts(snapshot) && texts.failure().is_none()).then(|| Changed {
        path,
        urls: feed.formats(snapshot).into_iter().map(|(_, url)| url).collect(),
        fingerprint: feed.fingerprint(snapshot),
    })
}
