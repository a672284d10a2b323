//! Parts of the configuration without effect: feeds without posts, aliases without a target, a language of pages that
//! has no texts.

use crate::catalog::Snapshot;
use crate::config::{Config, Problem, TermConditions, find_nearest};
use crate::feed::{Address, Entries, Feed, Found, Place, plan, resolve};
use crate::post::term::fold;
use crate::texts::has_texts;

/// Lists them as warnings, each at its place.
pub(super) fn list(config: &Config, snapshot: &Snapshot, entries: &Entries) -> Vec<Problem> {
    // The posts of a source that could not be read are unknown.
    if !snapshot.awaited.is_empty() || snapshot.count_main() == 0 {
        return Vec::new();
    }
    let texts = entries.texts(&snapshot.site);
    let is_empty = |number: usize| {
        let address = Address::of(snapshot, Place::Named(number as u16));
        let feed = address.and_then(|address| plan(snapshot, address, &texts));
        // The posts of a digest may be there before it.
        let has_posts =
            |feed: &Feed| feed.digests.is_some() && snapshot.count_selected(feed.selection(), &texts) > 0;
        feed.is_some_and(|feed| feed.total == 0 && !has_posts(&feed))
    };
    let idle = config.named.iter().enumerate().filter(|(number, _)| is_empty(*number)).map(|(_, feed)| {
        let meant = feed.select.terms.iter().find_map(|(taxonomy, terms)| suggest(snapshot, taxonomy, terms));
        let advice =
            meant.unwrap_or_else(|| "Fix its conditions: check the spelling of its terms.".to_owned());
        let message = format!("the feed {:?} has no post. {advice}", feed.name);
        Problem::warning(config.name(), message).at(feed.name_place)
    });
    let leads_nowhere = |target: &str| {
        let (path, query) =
            target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
        !matches!(
            resolve(snapshot, path, query),
            Ok(Some(Found::Feed(_) | Found::Page(_) | Found::Moved(_) | Found::Opml))
        )
    };
    let aliases = config.paths.aliases.iter().zip(&config.paths.alias_places);
    let dangling = aliases.filter(|((_, target), _)| leads_nowhere(&target.0)).map(|((old, target), place)| {
        let message = format!(
            "the alias {:?} leads to {:?}, where there is no feed. Write a path that `feedmill list` shows.",
            old.0, target.0
        );
        Problem::warning(config.name(), message).at(*place)
    });
    let unspoken = config.pages.language.as_ref().filter(|tag| !has_texts(tag)).map(|tag| {
        let message = format!(
            "pages.language: pages are not translated into {tag:?}, and are in English. config/feedmill.toml lists the \
             languages."
        );
        Problem::warning(config.name(), message).at(config.pages.language_place)
    });
    idle.chain(dangling).chain(unspoken).collect()
}

/// Suggests the term that was probably meant by a term that no post has.
fn suggest(snapshot: &Snapshot, taxonomy: &str, conditions: &TermConditions) -> Option<String> {
    let place = snapshot.site.taxonomies.iter().position(|known| known.name == taxonomy)?;
    let terms = snapshot.terms(place).list();
    let known: Vec<&str> = terms.iter().map(|entry| &*entry.folded).collect();
    conditions.all.iter().chain(&conditions.any).find_map(|written| {
        let folded = fold(written);
        let near = find_nearest(&folded, &known).filter(|_| !known.contains(&&*folded))?;
        Some(format!("No post has {written:?} among its {taxonomy}. Did you mean {near:?}?"))
    })
}
