//! WordPress's feed URLs with a query: `/?feed=rss2&tag=rust`.

use percent_encoding::percent_decode_str;

use super::address::{Address, Place};
use super::query::BadQuery;
use crate::catalog::Snapshot;
use crate::config::{Compat, Format};
use crate::post::source::{AUTHORS, CATEGORIES, TAGS};

/// Parameters that name a term (`WordPress WP_Query`).
const TERMS: [(&str, usize); 3] = [("tag", TAGS), ("category_name", CATEGORIES), ("author_name", AUTHORS)];

/// Parameters that contain a number from WordPress's database, and what to write instead.
const NUMBERS: [(&str, &str); 5] = [
    ("cat", "category_name=<category>"),
    ("tag_id", "tag=<tag>"),
    ("author", "author_name=<author>"),
    ("p", "the URL of a feed of all posts"),
    ("page_id", "the URL of a feed of all posts"),
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
        if let Some((_, advice)) = NUMBERS.iter().find(|(known, _)| *known == name) {
            return Err(BadQuery(format!(
                "This server does not know the numbers of WordPress's database. Write {advice} in place of {name}."
            )));
        }
        match (TERMS.iter().find(|(known, _)| *known == name), name) {
            (Some((_, taxonomy)), _) => {
                let term = find_term(snapshot, *taxonomy, value)
                    .ok_or_else(|| BadQuery(format!("There are no posts with this {name}.")))?;
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
