//! Addresses of feeds: `/tags/{term}/atom.xml` and their like, read and written.

use percent_encoding::percent_decode_str;

use crate::catalog::{Snapshot, TermEntry};
use crate::config::Format;
use crate::post::address::{encode_path, encode_segment};
use crate::post::term::fold;

/// What a feed is about, by its path.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Place {
    /// Every post.
    All,
    /// The posts with one term.
    Term {
        /// Place of its taxonomy.
        taxonomy: u8,
        /// Its folded spelling.
        folded: Box<str>,
        /// Code of the language that its posts are in, where that is not each site's default.
        language: Option<Box<str>>,
    },
    /// The posts of one source, by its place in the list of sources.
    Source(u16),
    /// The posts in one of the languages that a site declares, by its code.
    Language(Box<str>),
    /// The posts of a section of a source: the source's place, and the section's path.
    Section(u16, Box<str>),
}

/// A feed in one format.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Address {
    /// What the feed is about.
    pub place: Place,
    /// The format it is asked for in.
    pub format: Format,
    /// Its own canonical path, encoded, where it is a place without one of feedmill's.
    pub own: Option<Box<str>>,
}

/// The name of a format's file.
pub(super) fn file_name(format: Format) -> &'static str {
    match format {
        Format::Rss => "rss.xml",
        Format::Atom => "atom.xml",
        Format::Json => "feed.json",
    }
}

impl Address {
    /// A place of feedmill's own, in one format.
    pub fn new(place: Place, format: Format) -> Self {
        Self { place, format, own: None }
    }

    /// The feed that a percent-encoded path, without the path of the public address, asks for.
    pub fn find(snapshot: &Snapshot, path: &str) -> Option<Self> {
        let path = path.strip_prefix('/')?;
        let (folder, file) =
            path.rsplit_once('/').map_or((None, path), |(folder, file)| (Some(folder), file));
        let format = Format::ALL.into_iter().find(|format| file_name(*format) == file)?;
        let site = &snapshot.site;
        if !site.feeds.formats.contains(&format) {
            return None;
        }
        let Some(folder) = folder else { return Some(Self::new(Place::All, format)) };
        // Divided before it is decoded: an encoded `/` divides nothing but a term.
        let (kind, name) = folder.split_once('/')?;
        let decode = |text| percent_decode_str(text).decode_utf8().ok();
        let (kind, name) = (&*decode(kind)?, &*decode(name)?);
        let place = if kind == "languages" {
            let (code, _) = snapshot.languages().find(|(code, _)| code.eq_ignore_ascii_case(name))?;
            Place::Language(code.into())
        } else if kind == "sources" {
            let exact = site.sources.iter().position(|source| source.name == name);
            let folded = || site.sources.iter().position(|source| fold(&source.name) == fold(name));
            Place::Source(exact.or_else(folded)? as u16)
        } else {
            let taxonomy = site.taxonomies.iter().position(|taxonomy| taxonomy.name == kind)?;
            let term = snapshot.find_term(taxonomy, name)?;
            Place::Term { taxonomy: taxonomy as u8, folded: term.folded.as_ref().into(), language: None }
        };
        Some(Self::new(place, format))
    }

    /// The canonical path of this address, encoded: `/tags/c%23/atom.xml`.
    pub fn path(&self, snapshot: &Snapshot) -> String {
        match &self.own {
            Some(own) => own.to_string(),
            None => format!("{}{}", self.place.path(snapshot), file_name(self.format)),
        }
    }
}

impl Place {
    /// The canonical path of this place, encoded, with `/` at its end: `/tags/c%23/`.
    pub fn path(&self, snapshot: &Snapshot) -> String {
        match self {
            Self::All => "/".to_owned(),
            Self::Section(_, path) => format!("/{}/", encode_path(path)),
            Self::Language(code) => format!("/languages/{}/", encode_segment(code)),
            Self::Source(source) => {
                let name = &snapshot.site.sources[usize::from(*source)].name;
                format!("/sources/{}/", encode_segment(name))
            }
            Self::Term { taxonomy, folded, .. } => {
                let index = snapshot.terms(usize::from(*taxonomy));
                let slug = index.get(folded).map_or_else(|| folded.to_string(), |entry| index.slug_of(entry));
                let name = &snapshot.site.taxonomies[usize::from(*taxonomy)].name;
                format!("/{}/{}/", encode_segment(name), encode_path(&slug))
            }
        }
    }
}

/// Every feed that is listed: the main one, each source's if there are several, each language's,
/// each term's.
pub fn list_places(snapshot: &Snapshot) -> Vec<Place> {
    let site = &snapshot.site;
    let sources = (0..site.sources.len()).filter(|_| site.sources.len() > 1);
    let mut places = vec![Place::All];
    places.extend(sources.map(|source| Place::Source(source as u16)));
    places.extend(
        snapshot.languages().filter(|(_, count)| *count > 0).map(|(code, _)| Place::Language(code.into())),
    );
    for taxonomy in 0..site.taxonomies.len() {
        let with_posts = |entry: &&&std::sync::Arc<TermEntry>| !entry.slots.is_empty();
        places.extend(snapshot.terms(taxonomy).list().iter().filter(with_posts).map(|entry| Place::Term {
            taxonomy: taxonomy as u8,
            folded: entry.folded.as_ref().into(),
            language: None,
        }));
    }
    places
}
