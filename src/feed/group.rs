//! Groups of feeds: named feeds, and the feeds of sources, of languages and of each taxonomy.

use percent_encoding::percent_decode_str;

use super::address::Place;
use crate::catalog::Snapshot;
use crate::post::address::encode_segment;

/// Feeds whose paths begin with the same segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Named feeds.
    Named,
    /// A feed for each source, if there are several.
    Sources,
    /// A feed for each language of a site with several.
    Languages,
    /// A feed for each term of a taxonomy, by the taxonomy's index.
    Taxonomy(u8),
}

impl Group {
    /// All groups, in the order in which feeds are listed.
    pub fn list(snapshot: &Snapshot) -> impl Iterator<Item = Self> {
        let taxonomies = (0..snapshot.site.taxonomies.len()).map(|place| Self::Taxonomy(place as u8));
        [Self::Named, Self::Sources, Self::Languages].into_iter().chain(taxonomies)
    }

    /// The groups that have a page. A taxonomy has one even without posts.
    pub fn list_with_page(snapshot: &Snapshot) -> impl Iterator<Item = Self> {
        let has_page =
            |group: &Self| matches!(group, Self::Taxonomy(_)) || !group.places(snapshot).is_empty();
        Self::list(snapshot).filter(has_page)
    }

    /// Finds the group whose page has an encoded path segment.
    pub(super) fn find(snapshot: &Snapshot, segment: &str) -> Option<Self> {
        let name = percent_decode_str(segment).decode_utf8().ok()?;
        Self::list_with_page(snapshot).find(|group| group.name(snapshot) == name)
    }

    /// The group that a place belongs to; `None` for the main feed and for sections.
    pub fn of(place: &Place) -> Option<Self> {
        Some(match place {
            Place::All | Place::Section(..) => return None,
            Place::Named(_) => Self::Named,
            Place::Source(_) => Self::Sources,
            Place::Language(_) => Self::Languages,
            Place::Term { taxonomy, .. } => Self::Taxonomy(*taxonomy),
        })
    }

    /// The first segment of its feeds' paths, decoded.
    pub fn name<'s>(&self, snapshot: &'s Snapshot) -> &'s str {
        match self {
            Self::Named => "feeds",
            Self::Sources => "sources",
            Self::Languages => "languages",
            Self::Taxonomy(taxonomy) => &snapshot.site.taxonomies[usize::from(*taxonomy)].name,
        }
    }

    /// The canonical path of its page, encoded: `/tags/`.
    pub fn path(&self, snapshot: &Snapshot) -> String {
        format!("/{}/", encode_segment(self.name(snapshot)))
    }

    /// The listed feeds; terms with the most posts first.
    pub fn places(&self, snapshot: &Snapshot) -> Vec<Place> {
        let site = &snapshot.site;
        match self {
            Self::Named => (0..site.named.len()).map(|number| Place::Named(number as u16)).collect(),
            Self::Sources if site.sources.len() < 2 => Vec::new(),
            Self::Sources => site.source_ids().map(Place::Source).collect(),
            Self::Languages => {
                let used = snapshot.languages().filter(|(_, count)| *count > 0);
                used.map(|(code, _)| Place::Language(code.into())).collect()
            }
            Self::Taxonomy(taxonomy) => {
                let entries = snapshot.terms(usize::from(*taxonomy)).list();
                let listed = entries.into_iter().filter(|entry| {
                    !entry.posts.is_empty() && site.taxonomies[usize::from(*taxonomy)].lists(&entry.folded)
                });
                let term =
                    |folded: &str| Place::Term { taxonomy: *taxonomy, folded: folded.into(), language: None };
                listed.map(|entry| term(&entry.folded)).collect()
            }
        }
    }
}

/// Returns true if the feed of a place is listed, or would be if it had posts.
pub(super) fn is_listed(snapshot: &Snapshot, place: &Place) -> bool {
    match place {
        Place::All | Place::Named(_) | Place::Language(_) => true,
        Place::Source(_) => snapshot.site.sources.len() > 1,
        Place::Section(..) => false,
        Place::Term { taxonomy, folded, language } => {
            language.is_none() && snapshot.site.taxonomies[usize::from(*taxonomy)].lists(folded)
        }
    }
}

/// All listed feeds: the main feed, named feeds, the feed of each source if there are several, of each language and
/// of each term.
pub fn list_places(snapshot: &Snapshot) -> Vec<Place> {
    let groups = Group::list(snapshot).flat_map(|group| group.places(snapshot));
    std::iter::once(Place::All).chain(groups).collect()
}
