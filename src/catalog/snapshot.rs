//! One immutable state of all posts, as a request sees it from start to end.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};

use super::paths::PathIndex;
use super::posts::{Posts, Slot};
use super::site::Site;
use super::terms::{TermEntry, TermIndex};
use crate::config::Problem;
use crate::post::Post;

/// One state of the catalog. Cheap to keep: snapshots share what did not change.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Increases with every change.
    pub revision: u64,
    /// The site and its sources.
    pub site: Arc<Site>,
    /// All problems, in the order of files and lines.
    pub problems: Arc<[Problem]>,
    /// For each problem, the time since which it has been reported.
    pub since: Arc<[DateTime<Utc>]>,
    /// The time at which this snapshot was made.
    pub made: DateTime<Utc>,
    /// Indices of the sources whose posts were never read, because their folders are missing.
    pub awaited: Arc<[u16]>,
    /// The number of posts that claim the id of another post, and got another id.
    pub duplicates: usize,
    /// Hash of all visible posts with everything in them: equal for equal posts, on every machine.
    pub digest: u128,
    /// The next time at which a post appears or disappears.
    pub next_due: Option<DateTime<Utc>>,
    /// The times at which posts appear and disappear, the soonest first. Only the soonest are kept.
    pub(super) due: Arc<[(DateTime<Utc>, Slot)]>,
    pub(super) posts: Posts,
    pub(super) paths: Arc<OnceLock<PathIndex>>,
    /// The posts of a feed without conditions: those in each source's default language.
    pub(super) newest: Arc<Vec<Slot>>,
    /// Every visible post.
    pub(super) every: Arc<Vec<Slot>>,
    /// Every visible post, the last changed first. Both lists, and `newest`, are shared while they are equal.
    pub(super) by_change: Arc<Vec<Slot>>,
    pub(super) by_source: Vec<Arc<Vec<Slot>>>,
    pub(super) groups: BTreeMap<Group, Arc<Vec<Slot>>>,
    pub(super) terms: Vec<Arc<TermIndex>>,
    /// The terms of each language of a multilingual site, by its code.
    pub(super) terms_in: BTreeMap<Arc<str>, Vec<Arc<TermIndex>>>,
}

/// Posts that are listed together, in addition to sources and terms.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// The posts in one language of a multilingual site, by its code.
    Language(Arc<str>),
    /// The posts of a section, by the index of its source and its name.
    Section(u16, Arc<str>),
}

impl Snapshot {
    /// The snapshot before any post is read.
    pub fn empty(site: Arc<Site>) -> Self {
        let none: Arc<Vec<Slot>> = Arc::default();
        Self {
            revision: 0,
            problems: Arc::new([]),
            since: Arc::new([]),
            made: DateTime::UNIX_EPOCH,
            awaited: Arc::new([]),
            duplicates: 0,
            digest: 0,
            next_due: None,
            due: Arc::new([]),
            posts: Posts::default(),
            paths: Arc::default(),
            newest: Arc::clone(&none),
            every: Arc::clone(&none),
            by_change: none,
            by_source: vec![Arc::default(); site.sources.len()],
            groups: BTreeMap::new(),
            terms: vec![Arc::default(); site.taxonomies.len()],
            terms_in: BTreeMap::new(),
            site,
        }
    }

    pub(super) fn post(&self, slot: Slot) -> Option<&Arc<Post>> {
        self.posts.get(slot)
    }

    /// All visible posts, the last published first.
    pub fn newest(&self) -> impl Iterator<Item = &Arc<Post>> {
        self.every.iter().filter_map(|slot| self.posts.get(*slot))
    }

    /// Posts that appear or disappear next, the soonest first. Only the soonest are known.
    pub fn upcoming(&self) -> impl Iterator<Item = &Arc<Post>> {
        self.due.iter().filter_map(|(_, slot)| self.posts.get(*slot))
    }

    /// Every post of a source, visible or not, in no order.
    pub fn posts_of(&self, source: u16) -> impl Iterator<Item = &Arc<Post>> {
        self.posts.iter().map(|(_, post)| post).filter(move |post| post.source == source)
    }

    /// The number of visible posts that feeds without conditions contain.
    pub fn count(&self) -> usize {
        self.newest.len()
    }

    /// The terms of the taxonomy at an index of the site's list.
    pub fn terms(&self, taxonomy: usize) -> &TermIndex {
        &self.terms[taxonomy]
    }

    /// The terms of a taxonomy that differ from an earlier snapshot of the same site: in spelling, in their list of
    /// posts, or in one of these posts. They include terms whose last post was removed.
    ///
    /// Compares one pointer for each term of each post.
    pub fn changed_terms(&self, before: &Self, taxonomy: usize) -> Vec<&Arc<TermEntry>> {
        let (own, other) = (&self.terms[taxonomy], &before.terms[taxonomy]);
        let is_same = |entry: &TermEntry, known: &TermEntry| {
            entry.spelling == known.spelling
                && entry.slots == known.slots
                && entry.slots.iter().all(|slot| match (self.posts.get(*slot), before.posts.get(*slot)) {
                    (Some(post), Some(known)) => Arc::ptr_eq(post, known),
                    (post, known) => post.is_none() == known.is_none(),
                })
        };
        let entries = own.list().into_iter();
        entries
            .filter(|entry| {
                // The owner of a contested slug may change with any of its claimants.
                own.is_contested(entry)
                    || other.is_contested(entry)
                    || !other.get(&entry.folded).is_some_and(|known| is_same(entry, known))
            })
            .collect()
    }

    /// The terms of a taxonomy for posts in one language, by its code.
    pub fn terms_in(&self, code: &str, taxonomy: usize) -> Option<&TermIndex> {
        self.terms_in.get(code)?.get(taxonomy).map(|index| &**index)
    }

    /// The number of visible posts that the feed of a source contains.
    pub fn count_source(&self, source: usize) -> usize {
        self.by_source[source].len()
    }

    /// Every language of a multilingual site, with the number of its posts.
    pub fn languages(&self) -> impl Iterator<Item = (&str, usize)> {
        self.groups.iter().filter_map(|(group, slots)| match group {
            Group::Language(code) => Some((&**code, slots.len())),
            Group::Section(..) => None,
        })
    }

    /// The names of the sections that have posts.
    pub fn list_sections(&self) -> impl Iterator<Item = &str> {
        self.groups.keys().filter_map(|group| match group {
            Group::Section(_, name) => Some(&**name),
            Group::Language(_) => None,
        })
    }

    /// The index of the first source that has a section of this name.
    pub fn find_section(&self, name: &str) -> Option<u16> {
        // A folder that contains only sections is itself a section.
        let below = format!("{name}/");
        let has_posts = |number: u16| {
            let from = Group::Section(number, below.as_str().into());
            let first = self.groups.range(from..).next();
            let holds_sections = first.is_some_and(|(group, _)| {
                matches!(group, Group::Section(source, found) if *source == number && found.starts_with(&below))
            });
            holds_sections || self.groups.contains_key(&Group::Section(number, name.into()))
        };
        let is_known = |number: u16| {
            let sections = &self.site.sources[usize::from(number)].site.sections;
            // The folder of a taxonomy contains only descriptions of its terms.
            let first = name.split('/').next().unwrap_or_default();
            sections.iter().any(|section| section.name == name)
                && !self.site.taxonomies.iter().any(|taxonomy| taxonomy.name == first)
        };
        let mut sources = 0..self.site.sources.len() as u16;
        sources.find(|number| has_posts(*number) || is_known(*number))
    }

    /// Resolves a text to a term, with or without a feed, and to the index that contains it: that of each source's
    /// default language, else that of another language.
    pub fn resolve_term(&self, taxonomy: usize, text: &str) -> Option<(&TermIndex, &Arc<TermEntry>)> {
        let others = self.terms_in.values().filter_map(|terms| terms.get(taxonomy));
        let mut all = self.terms.get(taxonomy).into_iter().chain(others);
        all.find_map(|index| Some((&**index, index.find(text)?)))
    }

    /// Resolves a text in a URL path to a term that has a feed.
    pub fn find_term(&self, taxonomy: usize, text: &str) -> Option<&Arc<TermEntry>> {
        let (_, found) = self.resolve_term(taxonomy, text)?;
        self.site.taxonomies[taxonomy].lists(&found.folded).then_some(found)
    }

    /// The term with exactly this folded spelling, and the index that contains it.
    pub fn get_term(&self, taxonomy: usize, folded: &str) -> Option<(&TermIndex, &Arc<TermEntry>)> {
        let others = self.terms_in.values().filter_map(|terms| terms.get(taxonomy));
        let mut all = self.terms.get(taxonomy).into_iter().chain(others);
        all.find_map(|index| Some((&**index, index.get(folded)?)))
    }
}
