//! The selections of feeds: by their places, and by the conditions that a query adds.

use super::address::Place;
use super::query::{find_code, find_key};
use crate::catalog::{NamedFeed, Period, Selection, Snapshot, TermKey};
use crate::config::DateOrTime;
use crate::words::Words;

/// The selection of a place.
pub fn select(snapshot: &Snapshot, place: &Place) -> Selection {
    match place {
        Place::All => Selection::default(),
        Place::Source(source) => Selection { sources: Some(vec![*source]), ..Selection::default() },
        Place::Language(code) => Selection { languages: Some(vec![code.clone()]), ..Selection::default() },
        Place::Section(source, path) => {
            Selection { section: Some((*source, path.clone())), ..Selection::default() }
        }
        Place::Term { taxonomy, folded, language } => Selection {
            all: vec![TermKey { taxonomy: *taxonomy, folded: folded.clone() }],
            languages: language.clone().map(|code| vec![code]),
            ..Selection::default()
        },
        Place::Named(number) => select_named(snapshot, &snapshot.site.named[usize::from(*number)]),
    }
}

/// The selection of a named feed. A source that does not exist has no posts.
fn select_named(snapshot: &Snapshot, feed: &NamedFeed) -> Selection {
    let site = &snapshot.site;
    let mut selection = Selection::default();
    for (name, conditions) in &feed.select.terms {
        let Some(taxonomy) = site.taxonomies.iter().position(|taxonomy| taxonomy.name == *name) else {
            continue;
        };
        let keys = |terms: &[String]| -> Vec<TermKey> {
            terms.iter().map(|term| find_key(snapshot, taxonomy, term)).collect()
        };
        selection.all.extend(keys(&conditions.all));
        selection.not.extend(keys(&conditions.not));
        selection.any.extend(Some(keys(&conditions.any)).filter(|group| !group.is_empty()));
    }
    let given = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
    selection.sources = given(&feed.select.sources)
        .map(|names| names.iter().filter_map(|name| site.find_source(name)).collect());
    selection.languages = given(&feed.select.languages)
        .map(|codes| codes.iter().map(|code| find_code(snapshot, code)).collect());
    // The configuration is checked.
    selection.words = feed.select.q.as_deref().and_then(|words| Words::parse(words).ok());
    let resolve = |date: Option<DateOrTime>| date.map(|date| date.resolve(site.time_zone));
    selection.period = Period { since: resolve(feed.select.since), until: resolve(feed.select.until) };
    selection.normalise();
    selection
}

/// The conditions of a query. In a feed of digests, `since` and `until` are limits of arrival: a query for the posts of a
/// digest selects the same ones.
pub(super) fn conditions_of(query: &Selection, is_by_arrival: bool) -> Selection {
    let (period, arrived) =
        if is_by_arrival { (Period::default(), query.period) } else { (query.period, query.arrived) };
    Selection { period, arrived, ..query.clone() }
}
