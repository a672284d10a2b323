//! Suggestions for mistyped paths: a redirect if only case and slashes differ, else the nearest feeds. The cost
//! depends on the length of the path, not on the number of feeds.

use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::address::{Address, Place, file_name, list_formats};
use super::group::Group;
use super::resolve::{Found, resolve};
use crate::catalog::Snapshot;
use crate::config::Format;
use crate::post::SourceId;
use crate::post::address::{encode_path, encode_segment, squeeze};

/// The maximum number of suggestions for one path.
const MAX_SUGGESTIONS: usize = 4;

/// The longest path, in bytes, that gets suggestions.
const MAX_PATH_BYTES: usize = 512;

/// The maximum number of names of feeds or sources that are compared.
const MAX_NAMES: usize = 200;

/// The first segments of paths, in addition to the names of taxonomies.
const KINDS: [&str; 5] = ["feeds", "sources", "languages", "entries", "media"];

/// Finds an existing path that differs from a percent-encoded one only in case, in a `/` at its end or in doubled
/// slashes. It begins with exactly one `/`, so that it never leads to another host.
pub fn find_moved(snapshot: &Snapshot, path: &str) -> Option<String> {
    if path.len() > MAX_PATH_BYTES {
        return None;
    }
    let squeezed = squeeze(path);
    let spelled = respell(snapshot, &squeezed);
    let aliases = snapshot.site.paths.aliases.iter().map(|(old, _)| &*old.0);
    let alias = aliases
        .filter(|old| !old.contains('?'))
        .find(|old| old.trim_end_matches('/').eq_ignore_ascii_case(squeezed.trim_end_matches('/')));
    let lower = squeezed.to_ascii_lowercase();
    let with_slashes = [squeezed.clone(), spelled, lower].into_iter().flat_map(|path| {
        let bare = path.trim_end_matches('/').to_owned();
        let folder = format!("{bare}/");
        [path, bare, folder]
    });
    let mut paths = alias.map(str::to_owned).into_iter().chain(with_slashes);
    let moved = paths.find(|candidate| {
        candidate.starts_with('/')
            && candidate != path
            && matches!(resolve(snapshot, candidate, None), Ok(Some(found)) if !matches!(found, Found::Moved(_)))
    })?;
    // Browsers treat `\` as `/`.
    Some(moved.replace('\\', "%5C"))
}

/// Writes the first segment and the file name of a path in their canonical case.
fn respell(snapshot: &Snapshot, path: &str) -> String {
    let mut segments: Vec<String> = path.split('/').map(str::to_owned).collect();
    if let Some(first) = segments.get_mut(1)
        && let Some(kind) = list_kinds(snapshot).find(|kind| is_same(&decode(first), kind))
    {
        *first = encode_segment(kind);
    }
    let bare = segments.len() - usize::from(path.ends_with('/')) - 1;
    if let Some(last) = segments.get_mut(bare).filter(|_| bare > 1)
        && Format::ALL.into_iter().any(|format| file_name(format).eq_ignore_ascii_case(last))
    {
        last.make_ascii_lowercase();
    }
    segments.join("/")
}

/// The first segments of all paths that have more than one.
fn list_kinds(snapshot: &Snapshot) -> impl Iterator<Item = &str> {
    snapshot.site.taxonomies.iter().map(|taxonomy| taxonomy.name.as_str()).chain(KINDS)
}

/// The paths of the feeds and pages that are nearest to a percent-encoded path. Terms with a typing error are
/// searched only if `may_search` returns true; it is called at most once.
pub fn suggest(snapshot: &Snapshot, path: &str, may_search: impl FnOnce() -> bool) -> Vec<String> {
    if path.len() > MAX_PATH_BYTES {
        return Vec::new();
    }
    let segments: Vec<String> = path.split('/').map(decode).filter(|segment| !segment.is_empty()).collect();
    let (wanted, folder) = match segments.split_last() {
        Some((file, folder)) => match RequestedFile::read(file) {
            Some(wanted) => (wanted, folder),
            None => (RequestedFile::Page, &segments[..]),
        },
        None => return Vec::new(),
    };
    let mut may_search = Some(may_search);
    let mut may_search = || may_search.take().is_some_and(|ask| ask());
    // The preceding segments may be the path of a site, with a language.
    let found = (0..folder.len().min(3)).find_map(|skipped| {
        let (before, rest) = folder.split_at(skipped);
        Some((find_place(snapshot, rest, &mut may_search)?, find_language(snapshot, before)))
    });
    let found =
        found.or_else(|| find_group(snapshot, folder.first()?).map(|group| (Near::Group(group), None)));
    let paths = match (found, find_language(snapshot, folder)) {
        (Some((Near::Place(place), None)), _) => wanted.list_paths(snapshot, &place),
        (Some((Near::Place(place), Some(code))), _) => {
            let query = format!("?languages={}", utf8_percent_encode(code, NON_ALPHANUMERIC));
            wanted.list_paths(snapshot, &place).into_iter().map(|path| path + &query).collect()
        }
        (Some((Near::Group(group), _)), _) => vec![group.path(snapshot)],
        (None, Some(code)) => wanted.list_paths(snapshot, &Place::Language(code.into())),
        (None, None) if wanted == RequestedFile::Page => Vec::new(),
        (None, None) => wanted.list_paths(snapshot, &Place::All),
    };
    paths.into_iter().take(MAX_SUGGESTIONS).collect()
}

/// Finds the language that one of the first segments of a path names, if feeds do not have it without being asked.
fn find_language<'s>(snapshot: &'s Snapshot, segments: &[String]) -> Option<&'s str> {
    let mut others = snapshot.other_languages().map(|(code, _)| code);
    others.find(|code| segments.iter().take(2).any(|segment| is_same(segment, code)))
}

/// The place or the group that is near to a folder.
enum Near {
    Place(Place),
    Group(Group),
}

/// Finds the place or the group that the segments of a path probably mean.
fn find_place(snapshot: &Snapshot, folder: &[String], may_search: &mut impl FnMut() -> bool) -> Option<Near> {
    let (first, name) = folder.split_first()?;
    let name = name.join("/");
    match find_kind(snapshot, first) {
        Some(kind) if name.is_empty() => find_group(snapshot, kind).map(Near::Group),
        Some(kind) => {
            let exact = Place::find(snapshot, &format!("{}/{}", encode_segment(kind), encode_path(&name)));
            exact.or_else(|| find_near(snapshot, kind, &name, may_search)).map(Near::Place)
        }
        // A term or a feed without its preceding segments.
        None => {
            let kinds = ["feeds"].into_iter().chain(list_kinds(snapshot));
            let folder = encode_path(&folder.join("/"));
            let mut places =
                kinds.filter_map(|kind| Place::find(snapshot, &format!("{}/{folder}", encode_segment(kind))));
            places.next().map(Near::Place)
        }
    }
}

/// Finds the first segment of paths that equals a text or is near to it.
fn find_kind<'s>(snapshot: &'s Snapshot, text: &str) -> Option<&'s str> {
    let same = list_kinds(snapshot).find(|kind| is_same(text, kind));
    same.or_else(|| list_kinds(snapshot).find(|kind| is_near(text, kind)))
}

/// Finds the group of feeds under such a segment.
fn find_group(snapshot: &Snapshot, text: &str) -> Option<Group> {
    Group::find(snapshot, &encode_segment(find_kind(snapshot, text)?))
}

/// Finds the place of a kind whose name is the nearest one, if it differs by only a few typing errors.
fn find_near(
    snapshot: &Snapshot,
    kind: &str,
    name: &str,
    may_search: &mut impl FnMut() -> bool,
) -> Option<Place> {
    let site = &snapshot.site;
    let mut lower = name.to_lowercase();
    lower.truncate(lower.char_indices().nth(64).map_or(lower.len(), |(at, _)| at));
    let nearest = |names: &mut dyn Iterator<Item = &str>| {
        let distances =
            names.take(MAX_NAMES).map(|own| strsim::damerau_levenshtein(&lower, &own.to_lowercase()));
        let nearest = distances.enumerate().min_by_key(|(_, distance)| *distance);
        nearest.filter(|(_, distance)| *distance <= 1 + lower.chars().count() / 5).map(|(place, _)| place)
    };
    match kind {
        "feeds" => nearest(&mut site.named.iter().map(|feed| feed.name.as_str()))
            .map(|place| Place::Named(place as u16)),
        "sources" => nearest(&mut site.sources.iter().map(|source| source.name.as_str()))
            .map(|place| Place::Source(SourceId::new(place))),
        "languages" => {
            let base = lower.split(['-', '_']).next().unwrap_or_default().to_owned();
            let mut codes = snapshot.languages().map(|(code, _)| code);
            codes.find(|code| code.to_lowercase().starts_with(&base)).map(|code| Place::Language(code.into()))
        }
        _ => {
            let taxonomy = site.taxonomies.iter().position(|taxonomy| taxonomy.name == kind)?;
            if !may_search() {
                return None;
            }
            let term = snapshot.terms(taxonomy).find_near(name)?;
            let is_listed = site.taxonomies[taxonomy].lists(&term.folded);
            let folded = term.folded.as_ref().into();
            is_listed.then_some(Place::Term { taxonomy: taxonomy as u8, folded, language: None })
        }
    }
}

/// The form of a feed that a file name requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RequestedFile {
    Format(Format),
    Feed,
    Page,
}

impl RequestedFile {
    /// Parses the last segment of a path: also names of feeds in other systems, and names with a typing error.
    fn read(file: &str) -> Option<Self> {
        let lower = file.to_lowercase();
        let known = [
            ("atom.xml", Self::Format(Format::Atom)),
            ("atom", Self::Format(Format::Atom)),
            ("rss.xml", Self::Format(Format::Rss)),
            ("rss", Self::Format(Format::Rss)),
            ("rss2", Self::Format(Format::Rss)),
            ("rss2.xml", Self::Format(Format::Rss)),
            ("feed.json", Self::Format(Format::Json)),
            ("index.json", Self::Format(Format::Json)),
            ("feed.xml", Self::Feed),
            ("feed", Self::Feed),
            ("feeds", Self::Feed),
            ("index.xml", Self::Feed),
            ("index.html", Self::Page),
        ];
        let is_long = |name: &str| name.len() > 4 && lower.len() < 32;
        let near =
            |name: &str| lower == name || (is_long(name) && strsim::damerau_levenshtein(&lower, name) == 1);
        let found = known.iter().find(|(name, _)| lower == *name);
        let found = found.or_else(|| known.iter().find(|(name, _)| near(name))).map(|(_, wanted)| *wanted);
        let by_extension = || match lower.rsplit_once('.')?.1 {
            "rss" => Some(Self::Format(Format::Rss)),
            "atom" => Some(Self::Format(Format::Atom)),
            "rdf" | "xml" => Some(Self::Feed),
            _ => None,
        };
        found.or_else(by_extension)
    }

    /// The paths of a place: its feed in the requested format or in all formats, or its page.
    fn list_paths(self, snapshot: &Snapshot, place: &Place) -> Vec<String> {
        let formats = list_formats(snapshot, place);
        let path = |format: &Format| Address::new(place.clone(), *format).path(snapshot);
        match self {
            Self::Page => vec![place.path(snapshot)],
            Self::Format(format) if formats.contains(&format) => vec![path(&format)],
            _ => formats.iter().map(path).collect(),
        }
    }
}

/// Returns true if two names are equal except for case.
fn is_same(text: &str, known: &str) -> bool {
    text.len() <= 4 * known.len() && text.to_lowercase() == known.to_lowercase()
}

/// Returns true if a name is a known one in the singular or plural, or with one typing error if the known name has
/// four letters or more.
pub(super) fn is_near(text: &str, known: &str) -> bool {
    if text.len().abs_diff(known.len()) > 3 {
        return false;
    }
    // `tags[]=x` is how PHP repeats a parameter.
    let text = text.trim_end_matches("[]").to_lowercase();
    let is_plural = |many: &str, one: &str| {
        many.strip_suffix('s') == Some(one)
            || many.strip_suffix("ies").is_some_and(|stem| one.strip_suffix('y') == Some(stem))
    };
    text == known
        || is_plural(&text, known)
        || is_plural(known, &text)
        || (known.chars().count() >= 4 && strsim::damerau_levenshtein(&text, known) == 1)
}

fn decode(segment: &str) -> String {
    percent_decode_str(segment).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_near_in_singular_plural_and_with_one_typing_error() {
        for (text, known) in [
            ("tag", "tags"),
            ("TAGS", "tags"),
            ("tgas", "tags"),
            ("category", "categories"),
            ("author", "authors"),
            ("limits", "limit"),
            ("lmit", "limit"),
            ("any_tag", "any_tags"),
            ("not_category", "not_categories"),
            ("serie", "series"),
            ("tags[]", "tags"),
        ] {
            assert!(is_near(text, known), "{text} {known}");
        }
        for (text, known) in
            [("utm_source", "sources"), ("t", "tags"), ("p", "q"), ("feed", "tags"), ("", "tags")]
        {
            assert!(!is_near(text, known), "{text} {known}");
        }
    }
}
