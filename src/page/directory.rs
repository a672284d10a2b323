//! Lists of feeds: all of them on the front page, and a page for each group of feeds.

use maud::{Markup, html};
use xxhash_rust::xxh3::Xxh3;

use super::assets::list_assets;
use super::layout::{Frame, Preview, frame_with_preview, link};
use crate::catalog::{NoTexts, Snapshot};
use crate::feed::{Address, Fingerprint, Group, Place, make_title, plan, searches};
use crate::post::term::fold;
use crate::texts::Texts;

/// The number of feeds of a group that the front page lists.
const MAX_LISTED: usize = 24;

/// The length above which a list has a filter.
const LONG: usize = 24;

/// Writes the groups of feeds on the front page.
pub(super) fn write_directory(snapshot: &Snapshot, texts: &Texts) -> Markup {
    html! {
        @for (number, group) in Group::list(snapshot).enumerate() {
            @let places = group.places(snapshot);
            @if !places.is_empty() {
                @let (path, id) = (link(snapshot, &group.path(snapshot)), format!("group-{number}"));
                section.group aria-labelledby=(id) {
                    h2 id=(id) { a href=(path) { bdi { (texts.name_group(group.name(snapshot))) } } }
                    (write_places(snapshot, texts, &places[..places.len().min(MAX_LISTED)], true))
                    @if places.len() > MAX_LISTED {
                        p.more { a href=(path) { (texts.count("show-all", places.len())) } }
                    }
                }
            }
        }
    }
}

/// Identifies the bytes of a group's page. The counts on it may change with any post.
pub fn fingerprint_group(snapshot: &Snapshot, group: Group, filter: Option<&str>) -> Fingerprint {
    let mut hash = Xxh3::new();
    hash.update(&Fingerprint::of_everything(snapshot).0.to_le_bytes());
    hash.update(group.path(snapshot).as_bytes());
    hash.update(filter.map(|filter| format!("?{filter}")).unwrap_or_default().as_bytes());
    for asset in list_assets() {
        hash.update(asset.path.as_bytes());
    }
    Fingerprint(hash.digest128())
}

/// Writes the page of a group of feeds; with a `filter`, only those whose names contain it.
pub fn write_group(snapshot: &Snapshot, group: Group, filter: Option<&str>) -> String {
    let texts = Texts::of(&snapshot.site);
    let path = group.path(snapshot);
    let heading = texts.name_group(group.name(snapshot));
    let title = format!("{}: {heading}", snapshot.site.title);
    let mut places = group.places(snapshot);
    let total = places.len();
    if let Some(wanted) = filter.map(fold) {
        places.retain(|place| fold(&name(snapshot, place)).contains(&wanted));
    }
    let main = html! {
        div.masthead {
            h1.p-name { bdi { (heading) } }
            @if total > 0 { p.facts { span { (texts.count("feeds-count", total)) } } }
        }
        @if total == 0 {
            p.help { (texts.say("group-empty")) }
        } @else {
            p.help { (texts.say("group-help")) }
        }
        @if total > LONG {
            form.filter role="search" action=(link(snapshot, &path)) method="get" {
                label.hidden for="filter" { (texts.say("filter")) }
                input #filter type="search" name="filter" value=[filter] maxlength="200" autocomplete="off"
                    placeholder=(texts.say("filter")) data-filters="places";
                button type="submit" { (texts.say("filter")) }
            }
        }
        (write_places(snapshot, &texts, &places, false))
        @if total > LONG {
            p.help.nothing role="status" hidden[!places.is_empty()] { (texts.say("filter-empty")) }
        }
    };
    let above = [(snapshot.site.title.clone(), "/".to_owned())];
    let frame =
        Frame { title: &title, path: &path, feeds: &[], above: &above, crumb: &heading, elsewhere: None };
    frame_with_preview(snapshot, &texts, &frame, &Preview::default(), main)
}

fn write_places(snapshot: &Snapshot, texts: &Texts, places: &[Place], is_brief: bool) -> Markup {
    let is_terms = matches!(places.first(), Some(Place::Term { .. }));
    let class = match (is_terms, is_brief) {
        (true, true) => "pills",
        (true, false) => "directory terms",
        (false, _) => "directory",
    };
    html! {
        ul class=(class) id=[(!is_brief).then_some("places")] {
            @for place in places {
                @let (about, count) = describe(snapshot, place);
                li {
                    a href=(link(snapshot, &place.path(snapshot))) {
                        bdi { (name(snapshot, place)) }
                        @if let Some(count) = count {
                            " " span.count { span.hidden { "(" } (texts.number(count)) span.hidden { ")" } }
                        }
                    }
                    @if let Some(about) = about { p dir="auto" { (about) } }
                }
            }
        }
    }
}

/// The name of a place in a list.
fn name(snapshot: &Snapshot, place: &Place) -> String {
    match place {
        Place::Term { taxonomy, folded, .. } => {
            let known = snapshot.get_term(usize::from(*taxonomy), folded);
            known.map_or_else(|| folded.to_string(), |(_, entry)| entry.spelling.spelling.to_string())
        }
        Place::Source(source) => snapshot.site.source(*source).name.clone(),
        Place::Language(code) => code.to_string(),
        Place::Named(_) | Place::All | Place::Section(..) => make_title(snapshot, place),
    }
}

/// The description of a place, and its number of posts or digests; without the number if that needs a search for words.
fn describe(snapshot: &Snapshot, place: &Place) -> (Option<String>, Option<usize>) {
    let count = match place {
        Place::Term { taxonomy, folded, .. } => {
            snapshot.get_term(usize::from(*taxonomy), folded).map_or(0, |(_, entry)| entry.posts.len())
        }
        Place::Source(source) => snapshot.count_source(*source),
        Place::Named(number) => {
            let address = Address::of(snapshot, place.clone()).filter(|address| !searches(snapshot, address));
            let feed = address.and_then(|address| plan(snapshot, address, &NoTexts));
            let description = snapshot.site.named[usize::from(*number)].description.clone();
            return (description, feed.map(|feed| feed.total));
        }
        Place::Language(code) => {
            let count = snapshot.languages().find(|(known, _)| *known == &**code);
            count.map_or(0, |(_, count)| count)
        }
        Place::All | Place::Section(..) => snapshot.count_main(),
    };
    (None, Some(count))
}
