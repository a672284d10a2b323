//! Path resolution: the order of aliases, feedmill's own paths, compat paths and well-known paths.

use percent_encoding::percent_decode_str;

use super::address::{Address, Place, file_name, find_folder, list_formats, settings_of};
use super::bad_query::BadQuery;
use super::compat;
use super::form;
use super::group::Group;
use super::query_parser::parse_query;
use super::wordpress;
use crate::catalog::Snapshot;
use crate::config::Format;
use crate::post::SourceId;

/// The result of resolving a path and a query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A feed.
    Feed(Box<Address>),
    /// A page for people.
    Page(About),
    /// A redirect to the page at this path, which ends with `/`.
    Moved(String),
    /// The list of all feeds.
    Opml,
    /// The page of an entry: its source, its name, and whether the path is in the canonical form.
    Entry(SourceId, String, bool),
    /// A media file of a source, by its path below the URL of the site.
    Media(SourceId, String),
    /// The feed was removed permanently.
    Gone,
}

/// The subject of a page for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A feed or one of its archive documents, in the preferred format.
    Feed(Box<Address>),
    /// A group of feeds.
    Group(Group),
}

impl About {
    /// Resolves the percent-encoded path of a page, without the path of the public URL: `/`, `/tags/`, `/tags/rust/`.
    fn resolve(snapshot: &Snapshot, path: &str) -> Option<Self> {
        if !snapshot.site.pages.enabled {
            return None;
        }
        let path = path.strip_prefix('/')?;
        let folder = if path.is_empty() { None } else { Some(path.strip_suffix('/')?) };
        if let Some(group) = folder.and_then(|folder| Group::find(snapshot, folder)) {
            return Some(Self::Group(group));
        }
        let (place, archive) = find_folder(snapshot, folder)?;
        let address = Address { archive, ..Address::of(snapshot, place)? };
        Some(Self::Feed(Box::new(address)))
    }

    /// The canonical path, without the path of the public URL and without a query.
    fn path(&self, snapshot: &Snapshot) -> String {
        match self {
            Self::Feed(address) => address.folder(snapshot),
            Self::Group(group) => group.path(snapshot),
        }
    }

    fn of(snapshot: &Snapshot, place: Place) -> Option<Self> {
        Address::of(snapshot, place).map(|address| Self::Feed(Box::new(address)))
    }

    /// The feed of the page.
    pub fn into_feed(self) -> Option<Box<Address>> {
        match self {
            Self::Feed(address) => Some(address),
            Self::Group(_) => None,
        }
    }

    /// Applies the query of a form or a link. Empty fields are ignored.
    fn ask(self, snapshot: &Snapshot, query: Option<&str>) -> Result<Self, BadQuery> {
        match self {
            Self::Feed(address) => {
                let query = query.map(|query| form::read(snapshot, query));
                let address = ask(snapshot, *address, query.as_deref())?;
                let wanted =
                    query.as_deref().and_then(|query| form::find_format(snapshot, &address.place, query));
                let format = wanted.unwrap_or(address.format);
                Ok(Self::Feed(Box::new(Address { format, ..address })))
            }
            Self::Group(group) => Ok(Self::Group(group)),
        }
    }
}

/// Resolves a percent-encoded path, without the path of the public URL, and a query.
///
/// # Errors
/// [`BadQuery`] if there is a feed at the path and the query is invalid.
pub fn resolve(snapshot: &Snapshot, path: &str, query: Option<&str>) -> Result<Option<Found>, BadQuery> {
    let paths = &snapshot.site.paths;
    // Aliases with a query take precedence over aliases without one.
    for with_query in [true, false] {
        let is_asked = |written: &str| written.contains('?') == with_query && same(written, path, query);
        if let Some((_, target)) = paths.aliases.iter().find(|(old, _)| is_asked(&old.0)) {
            let (path, own) = split(&target.0);
            let asked = query.filter(|_| !with_query);
            // An alias is answered in place, also if its target is a page without the final `/`.
            return match find_own(snapshot, path, own, asked)? {
                Some(Found::Moved(page)) => find_own(snapshot, &page, own, asked),
                found => Ok(found),
            };
        }
        if paths.gone.iter().any(|gone| is_asked(&gone.0)) {
            return Ok(Some(Found::Gone));
        }
    }
    find_own(snapshot, path, None, query)
}

/// The well-known path of the list of all feeds.
const WELL_KNOWN: &str = "/.well-known/feeds";

/// Resolves a path without aliases. `own` is the query of the alias; `asked` is the query of the request.
fn find_own(
    snapshot: &Snapshot,
    path: &str,
    own: Option<&str>,
    asked: Option<&str>,
) -> Result<Option<Found>, BadQuery> {
    if path == "/opml.xml" || path == WELL_KNOWN {
        return Ok(Some(Found::Opml));
    }
    if let Some(found) = find_file(snapshot, path) {
        return Ok(Some(found));
    }
    // WordPress without permalinks has its feeds at `/`, with a query.
    if path == "/"
        && let Some(query) = own.or(asked)
        && let Some((address, rest)) = wordpress::find(snapshot, query)?
    {
        let address = ask(snapshot, address, Some(&rest))?;
        let address = ask(snapshot, address, asked.filter(|_| own.is_some()))?;
        let has_format = list_formats(snapshot, &address.place).contains(&address.format);
        return Ok(has_format.then(|| Found::Feed(Box::new(address))));
    }
    let feed = Address::find(snapshot, path);
    if feed.is_none()
        && let Some(about) = About::resolve(snapshot, path)
    {
        return Ok(Some(Found::Page(about.ask(snapshot, own)?.ask(snapshot, asked)?)));
    }
    // Without pages, `/` is the main feed.
    let root = || Address::of(snapshot, Place::All).filter(|_| path == "/");
    let found = feed
        .or_else(|| compat::find(snapshot, path))
        .or_else(|| find_well_known(snapshot, path))
        .or_else(root);
    let Some(address) = found else {
        let page = About::resolve(snapshot, &format!("{path}/"));
        return Ok(page.map(|about| Found::Moved(about.path(snapshot))));
    };
    let address = ask(snapshot, ask(snapshot, address, own)?, asked)?;
    Ok(Some(Found::Feed(Box::new(address))))
}

/// Resolves the path of an entry's page or of a media file, which may not exist.
fn find_file(snapshot: &Snapshot, path: &str) -> Option<Found> {
    let (kind, below) = path.strip_prefix('/')?.split_once('/')?;
    let (source, name) = below.split_once('/')?;
    let decode = |text| percent_decode_str(text).decode_utf8().ok();
    let written = decode(source)?;
    let source = snapshot.site.find_source(&written)?;
    let is_exact = snapshot.site.source(source).name == written;
    let name = decode(name)?;
    match kind {
        "entries" if snapshot.site.pages.enabled => {
            let bare = name.trim_end_matches('/');
            let is_page = is_exact && name.len() == bare.len() + 1;
            Some(Found::Entry(source, bare.to_owned(), is_page)).filter(|_| !bare.is_empty())
        }
        "media" => Some(Found::Media(source, name.into_owned())),
        _ => None,
    }
}

/// Resolves the feed or the page of a term that no post uses any more, if `was_served` returns true for the path of
/// its feed.
///
/// # Errors
/// [`BadQuery`] if there is one and the query is invalid.
pub fn find_dropped(
    snapshot: &Snapshot,
    path: &str,
    query: Option<&str>,
    was_served: impl Fn(&str) -> bool,
) -> Result<Option<Found>, BadQuery> {
    // A feed that was served in one format exists in all of them.
    let formats = &settings_of(snapshot, &Place::All).formats;
    let was_served = |address: &Address| {
        let path = |format: &Format| Address { format: *format, ..address.clone() }.path(snapshot);
        formats.iter().any(|format| was_served(&path(format)))
    };
    if let Some(address) = Address::find_dropped(snapshot, path).filter(was_served) {
        return Ok(Some(Found::Feed(Box::new(ask(snapshot, address, query)?))));
    }
    let file = formats.first().map_or("", |format| file_name(*format));
    let folder = path.strip_suffix('/').unwrap_or(path);
    let found = Address::find_dropped(snapshot, &format!("{folder}/{file}")).filter(was_served);
    let Some(page) = found.and_then(|address| About::of(snapshot, address.place)) else { return Ok(None) };
    if folder == path {
        return Ok(Some(Found::Moved(page.path(snapshot))));
    }
    Ok(Some(Found::Page(page.ask(snapshot, query)?)))
}

/// Adds a query to a feed that may already have one.
///
/// # Errors
/// [`BadQuery`] if the query is invalid.
fn ask(snapshot: &Snapshot, address: Address, query: Option<&str>) -> Result<Address, BadQuery> {
    let Some(query) = query else { return Ok(address) };
    let query = address.query.clone().and(parse_query(snapshot, query)?);
    if address.archive.is_some() {
        return Ok(address);
    }
    Ok(Address { query, ..address })
}

/// Resolves common names of the main feed, which people and programs try; Atom if the name says so.
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

fn split(target: &str) -> (&str, Option<&str>) {
    target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)))
}

/// Returns true if a configured path matches the request, however it is encoded. A path without a query matches any
/// query.
fn same(written: &str, path: &str, query: Option<&str>) -> bool {
    let (own, own_query) = split(written);
    own_query.is_none_or(|own| Some(own) == query)
        && (own == path || percent_decode_str(own).eq(percent_decode_str(path)))
}
