//! The pages to which the page of a feed links: its other pages, its archive documents.

use crate::catalog::Snapshot;
use crate::feed::Feed;

/// The neighbours of a page of a feed, and the first and last page. The feed also links to its newest archive
/// document, and each document to the feed: text ids and paths.
pub(super) fn list_pages(snapshot: &Snapshot, feed: &Feed) -> Vec<(&'static str, String)> {
    match feed.address.archive {
        Some(number) => list_around_archive(snapshot, feed, number),
        None => list_around_page(snapshot, feed),
    }
}

fn list_around_page(snapshot: &Snapshot, feed: &Feed) -> Vec<(&'static str, String)> {
    let (number, count) = (feed.pages.number, feed.pages.count);
    let mut pages: Vec<(&str, usize)> = Vec::new();
    for (name, at) in [("newer", number - 1), ("older", number + 1), ("first", 1), ("last", count)] {
        // A neighbour that is also the first or last page is linked once.
        let is_known = pages.iter().any(|(_, known)| *known == at);
        if (1..=count).contains(&at) && at != number && !is_known {
            pages.push((name, at));
        }
    }
    let pages = pages.into_iter().map(|(name, at)| (name, feed.people_path(snapshot, at)));
    let newest = count_archives(feed);
    let newest = (newest > 0 && number == 1).then(|| feed.archive_people_path(snapshot, Some(newest)));
    pages.chain(newest.map(|path| ("archive", path))).collect()
}

fn list_around_archive(snapshot: &Snapshot, feed: &Feed, number: usize) -> Vec<(&'static str, String)> {
    let newer = (number < count_archives(feed)).then_some(("newer", Some(number + 1)));
    let older = (number > 1).then_some(("older", Some(number - 1)));
    let links = [newer, older, Some(("newest-posts", None))].into_iter().flatten();
    links.map(|(name, to)| (name, feed.archive_people_path(snapshot, to))).collect()
}

fn count_archives(feed: &Feed) -> usize {
    feed.archives.map_or(0, |archives| archives.count)
}
