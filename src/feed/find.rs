//! What a path asks for: the order in which old, own, foreign and well-known addresses answer.

use percent_encoding::percent_decode_str;

use super::address::{Address, Place, settings_of};
use super::compat;
use super::query::{BadQuery, Query};
use crate::catalog::Snapshot;
use crate::config::Format;

/// What an address leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A feed.
    Feed(Box<Address>),
    /// The list of all feeds.
    Opml,
    /// What there was is gone for good.
    Gone,
}

/// What a path, percent-encoded and without the path of the public address, and a query ask for.
///
/// # Errors
/// [`BadQuery`] if there is a feed at the path and the query can't be read.
pub fn find(snapshot: &Snapshot, path: &str, query: Option<&str>) -> Result<Option<Found>, BadQuery> {
    let paths = &snapshot.site.paths;
    // An old address with a query is told from the one without.
    for with_query in [true, false] {
        let is_asked = |written: &str| written.contains('?') == with_query && same(written, path, query);
        if let Some((_, target)) = paths.aliases.iter().find(|(old, _)| is_asked(&old.0)) {
            let (path, own) = split(&target.0);
            return find_own(snapshot, path, own, query.filter(|_| !with_query));
        }
        if paths.gone.iter().any(|gone| is_asked(&gone.0)) {
            return Ok(Some(Found::Gone));
        }
    }
    find_own(snapshot, path, None, query)
}

/// What a path asks for by itself; `own` is what its alias asks for beside what the request does.
fn find_own(
    snapshot: &Snapshot,
    path: &str,
    own: Option<&str>,
    asked: Option<&str>,
) -> Result<Option<Found>, BadQuery> {
    if path == "/opml.xml" {
        return Ok(Some(Found::Opml));
    }
    let found = Address::find(snapshot, path)
        .or_else(|| compat::find(snapshot, path, own.or(asked)))
        .or_else(|| find_well_known(snapshot, path));
    let Some(address) = found else { return Ok(None) };
    let address = ask(snapshot, ask(snapshot, address, own)?, asked)?;
    Ok(Some(Found::Feed(Box::new(address))))
}

/// A feed with what a query asks of it, beside what is asked already.
///
/// # Errors
/// [`BadQuery`] if it can't be read.
pub fn ask(snapshot: &Snapshot, address: Address, query: Option<&str>) -> Result<Address, BadQuery> {
    let Some(query) = query else { return Ok(address) };
    let query = address.query.clone().and(Query::parse(snapshot, query)?);
    Ok(Address { query, ..address })
}

/// Names of the main feed that people and programs try: Atom where the name says so.
fn find_well_known(snapshot: &Snapshot, path: &str) -> Option<Address> {
    let wanted = match path {
        "/feed.xml" | "/atom" | "/feed.atom" => Format::Atom,
        "/feed" | "/feed/" | "/rss" | "/rss/" | "/index.xml" | "/index.rss" => Format::Rss,
        _ => return None,
    };
    let formats = &settings_of(snapshot, &Place::All).formats;
    let format = if formats.contains(&wanted) { wanted } else { *formats.first()? };
    Some(Address::new(Place::All, format))
}

fn split(address: &str) -> (&str, Option<&str>) {
    address.split_once('?').map_or((address, None), |(path, query)| (path, Some(query)))
}

/// Whether an address as it is configured is the one asked for, however it is encoded. One without a query
/// is asked for with any.
fn same(written: &str, path: &str, query: Option<&str>) -> bool {
    let (own, own_query) = split(written);
    own_query.is_none_or(|own| Some(own) == query)
        && (own == path || percent_decode_str(own).eq(percent_decode_str(path)))
}
