//! URL paths of feeds, such as `/tags/{term}/atom.xml`: parsing and writing.

use percent_encoding::percent_decode_str;

use super::query::Query;
use crate::catalog::{FeedSettings, Snapshot};
use crate::config::Format;
use crate::post::SourceId;
use crate::post::address::{encode_path, encode_segment};
use crate::post::term::{fold, make_slug};

/// The subject of a feed, by its path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// Every post.
    All,
    /// The posts with one term.
    Term {
        /// Index of its taxonomy.
        taxonomy: u8,
        /// The folded spelling of the term.
        folded: Box<str>,
        /// Code of the language of its posts; `None` for each site's default language.
        language: Option<Box<str>>,
    },
    /// The posts of one source, by its index.
    Source(SourceId),
    /// The posts in one of the declared languages, by its code.
    Language(Box<str>),
    /// The posts of a section of a source: the source's index, and the section's path.
    Section(SourceId, Box<str>),
    /// A named feed, by its index in the configuration.
    Named(u16),
}

/// A feed in one format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The subject of the feed.
    pub place: Place,
    /// The format of the feed.
    pub format: Format,
    /// The canonical path, encoded, if it is not one of feedmill's.
    pub own: Option<Box<str>>,
    /// The number of the archive document, from 1; `None`: the feed itself.
    pub archive: Option<usize>,
    /// The query.
    pub query: Query,
}

/// The file name of a format.
pub(super) fn file_name(format: Format) -> &'static str {
    match format {
        Format::Rss => "rss.xml",
        Format::Atom => "atom.xml",
        Format::Json => "feed.json",
    }
}

impl Address {
    /// A place in one format, without a query.
    pub fn new(place: Place, format: Format) -> Self {
        Self { place, format, own: None, archive: None, query: Query::default() }
    }

    /// A place in its preferred format; `None` if it has no format.
    pub fn of(snapshot: &Snapshot, place: Place) -> Option<Self> {
        let formats = &settings_of(snapshot, &place).formats;
        let mut preferred = [Format::Atom, Format::Rss, Format::Json].into_iter();
        let format = preferred.find(|format| formats.contains(format))?;
        Some(Self::new(place, format))
    }

    /// Resolves a percent-encoded path, without the path of the public URL.
    pub fn find(snapshot: &Snapshot, path: &str) -> Option<Self> {
        let path = path.strip_prefix('/')?;
        let (folder, file) =
            path.rsplit_once('/').map_or((None, path), |(folder, file)| (Some(folder), file));
        let format = Format::ALL.into_iter().find(|format| file_name(*format) == file)?;
        let (place, archive) = find_folder(snapshot, folder)?;
        let exists = settings_of(snapshot, &place).formats.contains(&format);
        exists.then(|| Self { archive, ..Self::new(place, format) })
    }

    /// Resolves a path of a term that no post uses any more.
    pub fn find_dropped(snapshot: &Snapshot, path: &str) -> Option<Self> {
        let (folder, file) = path.strip_prefix('/')?.rsplit_once('/')?;
        let format = Format::ALL.into_iter().find(|format| file_name(*format) == file)?;
        let (kind, name) = split_folder(folder)?;
        let taxonomy = snapshot.site.taxonomies.iter().position(|taxonomy| taxonomy.name == kind)?;
        let folded = fold(&name);
        let is_listed = snapshot.site.taxonomies[taxonomy].lists(&folded);
        let place = Place::Term { taxonomy: taxonomy as u8, folded: folded.into(), language: None };
        let exists = settings_of(snapshot, &place).formats.contains(&format);
        (is_listed && exists).then(|| Self::new(place, format))
    }

    /// The canonical path of this feed, encoded: `/tags/c%23/atom.xml`.
    pub fn path(&self, snapshot: &Snapshot) -> String {
        match &self.own {
            Some(own) => own.to_string(),
            None => self.folder(snapshot) + file_name(self.format),
        }
    }

    /// The folder of its canonical path, which is the path of its page: `/tags/c%23/archive/2/`.
    pub(super) fn folder(&self, snapshot: &Snapshot) -> String {
        let archive = self.archive.map(|number| format!("archive/{number}/")).unwrap_or_default();
        self.place.path(snapshot) + &archive
    }
}

/// Resolves an encoded folder, which may be that of an archive document: the place, and the number of the document.
pub(super) fn find_folder(snapshot: &Snapshot, folder: Option<&str>) -> Option<(Place, Option<usize>)> {
    let Some(folder) = folder else { return Some((Place::All, None)) };
    find_archive(snapshot, folder).or_else(|| Some((Place::find(snapshot, folder)?, None)))
}

/// Resolves the encoded folder of an archive document, which may not exist: its feed, and its number. A term that has
/// this name is found by a query.
fn find_archive(snapshot: &Snapshot, folder: &str) -> Option<(Place, Option<usize>)> {
    let (above, written) = folder.rsplit_once('/')?;
    let number = written.parse().ok().filter(|number: &usize| number.to_string() == written)?;
    let place = match above {
        "archive" => Place::All,
        _ => Place::find(snapshot, above.strip_suffix("/archive")?)?,
    };
    Some((place, Some(number)))
}

/// Splits a folder into its first segment and the rest, decoded. It is split before it is decoded: an encoded `/` is
/// part of a term.
fn split_folder(folder: &str) -> Option<(String, String)> {
    let (kind, name) = folder.split_once('/')?;
    let decode = |text| percent_decode_str(text).decode_utf8().ok().map(String::from);
    Some((decode(kind)?, decode(name)?))
}

/// The settings of the feed at a place.
pub(super) fn settings_of<'s>(snapshot: &'s Snapshot, place: &Place) -> &'s FeedSettings {
    match place {
        Place::Named(number) => &snapshot.site.named[usize::from(*number)].settings,
        _ => &snapshot.site.feeds,
    }
}

impl Place {
    /// Resolves an encoded folder.
    pub(super) fn find(snapshot: &Snapshot, folder: &str) -> Option<Self> {
        let (kind, name) = split_folder(folder)?;
        let site = &snapshot.site;
        Some(match &*kind {
            "languages" => {
                let (code, _) = snapshot.languages().find(|(code, _)| code.eq_ignore_ascii_case(&name))?;
                Self::Language(code.into())
            }
            "sources" => Self::Source(site.find_source(&name)?),
            "feeds" => {
                let exact = site.named.iter().position(|feed| feed.name == name);
                let alike = || {
                    let folded = fold(&name);
                    let slug = make_slug(&folded);
                    let mut names = site.named.iter().map(|feed| fold(&feed.name));
                    let found = names.position(|own| own == folded);
                    let mut names = site.named.iter().map(|feed| make_slug(&fold(&feed.name)));
                    found.or_else(|| names.position(|own| own == slug))
                };
                Self::Named(exact.or_else(alike)? as u16)
            }
            _ => {
                let taxonomy = site.taxonomies.iter().position(|taxonomy| taxonomy.name == kind)?;
                let term = snapshot.find_term(taxonomy, &name)?;
                let folded = term.folded.as_ref().into();
                Self::Term { taxonomy: taxonomy as u8, folded, language: None }
            }
        })
    }

    /// The canonical path of this place, encoded, with `/` at its end: `/tags/c%23/`.
    pub fn path(&self, snapshot: &Snapshot) -> String {
        match self {
            Self::All => "/".to_owned(),
            Self::Section(_, path) => format!("/{}/", encode_path(path)),
            Self::Named(number) => {
                format!("/feeds/{}/", encode_segment(&snapshot.site.named[usize::from(*number)].name))
            }
            Self::Language(code) => format!("/languages/{}/", encode_segment(code)),
            Self::Source(source) => {
                let name = &snapshot.site.source(*source).name;
                format!("/sources/{}/", encode_segment(name))
            }
            Self::Term { taxonomy, folded, .. } => {
                let known = snapshot.get_term(usize::from(*taxonomy), folded);
                let slug = known.map_or_else(|| make_slug(folded), |(index, entry)| index.slug_of(entry));
                let name = &snapshot.site.taxonomies[usize::from(*taxonomy)].name;
                format!("/{}/{}/", encode_segment(name), encode_path(&slug))
            }
        }
    }
}

/// The formats that the feed of a place has.
pub fn list_formats<'a>(snapshot: &'a Snapshot, place: &Place) -> &'a [Format] {
    &settings_of(snapshot, place).formats
}
