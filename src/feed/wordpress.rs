//! WordPress's feed URLs with a query: `/?feed=rss2&tag=rust`.

use percent_encoding::percent_decode_str;

use super::address::{Address, Place};
use super::bad_query::{BadQuery, shorten};
use crate::catalog::Snapshot;
use crate::config::{Compat, Format};
use crate::post::source::{AUTHORS, CATEGORIES, TAGS};

/// Parameters that name a term (`WordPress WP_Query`).
const TERMS: [(&str, usize); 3] = [("tag", TAGS), ("category_name", CATEGORIES), ("author_name", AUTHORS)];

/// Parameters that contain a number from WordPress's database, and what to write instead, if anything.
const NUMBERS: [(&str, Option<&str>); 5] = [
    ("cat", Some("category_name=<category>")),
    ("tag_id", Some("tag=<tag>")),
    ("author", Some("author_name=<author>")),
    ("p", None),
    ("page_id", None),
];

/// Resolves a query at `/` to a feed and the rest of the query.
///
/// # Errors
/// [`BadQuery`] if it selects posts that this server cannot know: the feed would contain all posts instead.
pub(super) fn find(snapshot: &Snapshot, query: &str) -> Result<Option<(Address, String)>, BadQuery> {
    if !snapshot.site.paths.compat.contains(&Compat::Wordpress) {
        return Ok(None);
    }
    let pairs = || query.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let format = match pairs().find(|(name, _)| *name == "feed") {
        Some((_, "rss2" | "rss" | "feed")) => Format::Rss,
        Some((_, "atom")) => Format::Atom,
        _ => return Ok(None),
    };
    let mut place = Place::All;
    let mut rest: Vec<String> = Vec::new();
    for (name, value) in pairs() {
        if let Some((parameter, instead)) = NUMBERS.iter().find(|(known, _)| *known == name) {
            return Err(BadQuery::WordpressNumber { parameter, instead: *instead });
        }
        match (TERMS.iter().find(|(known, _)| *known == name), name) {
            (Some((_, taxonomy)), _) => {
                let term = find_term(snapshot, *taxonomy, value).ok_or_else(|| BadQuery::UnknownTerm {
                    parameter: name.to_owned(),
                    value: show(value),
                })?;
                let own = &snapshot.site.taxonomies[*taxonomy].name;
                match place {
                    Place::All => place = term.0,
                    _ => rest.push(format!("{own}={}", term.1)),
                }
            }
            (None, "feed") => {}
            (None, "s") => rest.push(format!("q={value}")),
            (None, "paged") => rest.push(format!("page={value}")),
            (None, "") => {}
            (None, _) => rest.push(format!("{name}={value}")),
        }
    }
    Ok(Some((Address::new(place, format), rest.join("&"))))
}

/// Finds a term by its name or slug; returns its place and the matched text. A subcategory follows its parent.
fn find_term<'q>(snapshot: &Snapshot, taxonomy: usize, written: &'q str) -> Option<(Place, &'q str)> {
    let find = |written: &'q str| {
        let text = percent_decode_str(written).decode_utf8().ok()?;
        let index = snapshot.terms(taxonomy);
        let term = index.find(&text).or_else(|| index.find_plain(&text))?;
        let is_listed = snapshot.site.taxonomies[taxonomy].lists(&term.folded);
        let folded = term.folded.as_ref().into();
        is_listed.then_some((Place::Term { taxonomy: taxonomy as u8, folded, language: None }, written))
    };
    find(written).or_else(|| find(written.rsplit_once('/').or_else(|| written.rsplit_once("%2F"))?.1))
}

/// A value as people read it.
fn show(value: &str) -> String {
    shorten(&percent_decode_str(value).decode_utf8_lossy())
}
