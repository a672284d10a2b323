//! Lists of feeds: all of them on the front page, and a page of those that stand together.

use maud::{Markup, html};
use xxhash_rust::xxh3::Xxh3;

use super::assets::list_assets;
use super::frame::{Frame, frame, link};
use super::words::count_posts;
use crate::catalog::{Snapshot, Summaries};
use crate::feed::{Address, Fingerprint, Group, Place, make_title, plan};

/// How many terms of a taxonomy the front page names.
const MOST: usize = 30;

/// The groups of feeds on the front page.
pub(super) fn write_directory(snapshot: &Snapshot, summaries: &dyn Summaries) -> Markup {
    html! {
        @for group in Group::list(snapshot) {
            @let places = group.places(snapshot);
            @if !places.is_empty() {
                @let name = group.name(snapshot);
                section aria-labelledby={ "group-" (number(snapshot, group)) } {
                    h2 id={ "group-" (number(snapshot, group)) } {
                        a href=(link(snapshot, &group.path(snapshot))) { bdi { (name_group(name)) } }
                    }
                    (write_places(snapshot, &places[..places.len().min(MOST)], summaries))
                    @if places.len() > MOST {
                        p { a href=(link(snapshot, &group.path(snapshot))) { "All " (places.len()) " " bdi { (name) } } }
                    }
                }
            }
        }
    }
}

/// The place of a group among the others: names of taxonomies are no ids.
fn number(snapshot: &Snapshot, group: Group) -> usize {
    Group::list(snapshot).position(|other| other == group).unwrap_or_default()
}

/// A group's name as a heading.
pub(super) fn name_group(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Stands for the bytes of the page of feeds that stand together: with any post a count on it may change.
pub fn stamp_group(snapshot: &Snapshot, group: Group) -> Fingerprint {
    let mut hash = Xxh3::new();
    hash.update(&Fingerprint::of_everything(snapshot).0.to_le_bytes());
    hash.update(group.path(snapshot).as_bytes());
    for asset in list_assets() {
        hash.update(asset.path.as_bytes());
    }
    Fingerprint(hash.digest128())
}

/// The page of feeds that stand together.
pub fn write_group(snapshot: &Snapshot, group: Group, summaries: &dyn Summaries) -> String {
    let (name, path) = (group.name(snapshot), group.path(snapshot));
    let (heading, places) = (name_group(name), group.places(snapshot));
    let title = format!("{}: {heading}", snapshot.site.title);
    let main = html! {
        h1 { bdi { (heading) } }
        @if places.is_empty() {
            p { "No post has any yet. They show here as soon as one has." }
        } @else {
            p {
                "Each has a feed of its own. Its address is on its page; many readers find it by the page’s "
                "address alone."
            }
        }
        (write_places(snapshot, &places, summaries))
    };
    let above = [(snapshot.site.title.clone(), "/".to_owned())];
    frame(
        snapshot,
        &Frame { title: &title, path: &path, feeds: &[], above: &above, crumb: &heading, elsewhere: None },
        main,
    )
}

fn write_places(snapshot: &Snapshot, places: &[Place], summaries: &dyn Summaries) -> Markup {
    let is_terms = matches!(places.first(), Some(Place::Term { .. }));
    html! {
        ul class=(if is_terms { "directory terms" } else { "directory" }) {
            @for place in places {
                @let (name, about, count) = describe(snapshot, place, summaries);
                li {
                    a href=(link(snapshot, &place.path(snapshot))) { bdi { (name) } }
                    " " span.count { (count_posts(count)) }
                    @if let Some(about) = about { p dir="auto" { (about) } }
                }
            }
        }
    }
}

/// What a place is called in a list, what is said of it, and how many posts it has.
fn describe(
    snapshot: &Snapshot,
    place: &Place,
    summaries: &dyn Summaries,
) -> (String, Option<String>, usize) {
    let site = &snapshot.site;
    match place {
        Place::Term { taxonomy, folded, .. } => {
            let known = snapshot.get_term(usize::from(*taxonomy), folded);
            let known = known.map(|(_, entry)| (entry.spelling.spelling.to_string(), entry.slots.len()));
            let (name, count) = known.unwrap_or_else(|| (folded.to_string(), 0));
            (name, None, count)
        }
        Place::Source(source) => {
            let place = usize::from(*source);
            (site.sources[place].name.clone(), None, snapshot.count_source(place))
        }
        Place::Named(number) => {
            let address = Address::of(snapshot, place.clone());
            let feed = address.and_then(|address| plan(snapshot, address, summaries));
            let description = site.named[usize::from(*number)].description.clone();
            (make_title(snapshot, place), description, feed.map_or(0, |feed| feed.total))
        }
        Place::Language(code) => {
            let count =
                snapshot.languages().find(|(known, _)| *known == &**code).map_or(0, |(_, count)| count);
            (code.to_string(), None, count)
        }
        Place::All | Place::Section(..) => (make_title(snapshot, place), None, snapshot.count()),
    }
}
