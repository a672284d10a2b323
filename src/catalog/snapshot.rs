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

/// One state of the catalog. Cheap to hold; shares what did not change with its neighbours.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// Counts up with every change.
    pub revision: u64,
    /// The site and its sources.
    pub site: Arc<Site>,
    /// What is wrong with posts, in the order of files and lines.
    pub problems: Arc<[Problem]>,
    /// For each of them, since when.
    pub since: Arc<[DateTime<Utc>]>,
    /// When this state was made.
    pub made: DateTime<Utc>,
    /// Places of sources whose posts were never read, since their folders are missing.
    pub awaited: Arc<[u16]>,
    /// How many posts have the id of another one, and got an id of their own.
    pub duplicates: usize,
    /// Stands for all visible posts with all that is in them: equal for equal posts, on every machine.
    pub digest: u128,
    /// When a post appears or disappears next.
    pub next_due: Option<DateTime<Utc>>,
    /// When posts appear and disappear, the soonest first: only the nearest are kept here.
    pub(super) due: Arc<[(DateTime<Utc>, Slot)]>,
    pub(super) posts: Posts,
    pub(super) paths: Arc<OnceLock<PathIndex>>,
    /// What feeds hold that ask for nothing else: posts in each source's default language.
    pub(super) newest: Arc<Vec<Slot>>,
    /// Every visible post.
    pub(super) every: Arc<Vec<Slot>>,
    /// The same, those changed last first. Both lists, and `newest`, are one while they are equal.
    pub(super) by_change: Arc<Vec<Slot>>,
    pub(super) by_source: Vec<Arc<Vec<Slot>>>,
    pub(super) groups: BTreeMap<Group, Arc<Vec<Slot>>>,
    pub(super) terms: Vec<Arc<TermIndex>>,
    /// The same for each language that a site declares beside others, by its code.
    pub(super) terms_in: BTreeMap<Arc<str>, Vec<Arc<TermIndex>>>,
}

/// Posts that are listed together beside sources and terms.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// Those in a language that a site declares beside others, by its code.
    Language(Arc<str>),
    /// Those of a section of a source, by the source's place and the section's name.
    Section(u16, Arc<str>),
}

impl Snapshot {
    /// The state before anything was read.
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

    /// Visible posts, those published last first.
    pub fn newest(&self) -> impl Iterator<Item = &Arc<Post>> {
        self.every.iter().filter_map(|slot| self.posts.get(*slot))
    }

    /// Posts that appear or disappear next, the soonest first; only the nearest are known.
    pub fn upcoming(&self) -> impl Iterator<Item = &Arc<Post>> {
        self.due.iter().filter_map(|(_, slot)| self.posts.get(*slot))
    }

    /// Every post of a source, visible or not, in no order.
    pub fn posts_of(&self, source: u16) -> impl Iterator<Item = &Arc<Post>> {
        self.posts.iter().map(|(_, post)| post).filter(move |post| post.source == source)
    }

    /// How many posts are visible.
    pub fn count(&self) -> usize {
        self.newest.len()
    }

    /// The terms of the taxonomy at a place in the site's list.
    pub fn terms(&self, taxonomy: usize) -> &TermIndex {
        &self.terms[taxonomy]
    }

    /// The terms of a taxonomy that are others than in a snapshot of the same site: in spelling, in which posts
    /// they have, or in one of these. Those that lost their last post are among them.
    ///
    /// Costs a comparison of pointers for each term of each post.
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
                // Who has a slug that several claim may change with any of them.
                own.is_contested(entry)
                    || other.is_contested(entry)
                    || !other.get(&entry.folded).is_some_and(|known| is_same(entry, known))
            })
            .collect()
    }

    /// The terms of a taxonomy that posts in one language have, by its code.
    pub fn terms_in(&self, code: &str, taxonomy: usize) -> Option<&TermIndex> {
        self.terms_in.get(code)?.get(taxonomy).map(|index| &**index)
    }

    /// How many posts of a source are visible.
    pub fn count_source(&self, source: usize) -> usize {
        self.by_source[source].len()
    }

    /// Every language that a site declares beside others, with the number of its posts.
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

    /// The source that has a section of this name, the first if there are several.
    pub fn find_section(&self, name: &str) -> Option<u16> {
        // A folder that only holds sections is one itself.
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
            // The folder of a taxonomy only holds what is said of its terms.
            let first = name.split('/').next().unwrap_or_default();
            sections.iter().any(|section| section.name == name)
                && !self.site.taxonomies.iter().any(|taxonomy| taxonomy.name == first)
        };
        let mut sources = 0..self.site.sources.len() as u16;
        sources.find(|number| has_posts(*number) || is_known(*number))
    }

    /// The term that a text means, whether it has a feed or not, and those it stands among: the posts in
    /// each site's default language, else those in another.
    pub fn resolve_term(&self, taxonomy: usize, text: &str) -> Option<(&TermIndex, &Arc<TermEntry>)> {
        let others = self.terms_in.values().filter_map(|terms| terms.get(taxonomy));
        let mut all = self.terms.get(taxonomy).into_iter().chain(others);
        all.find_map(|index| Some((&**index, index.find(text)?)))
    }

    /// The term that a text in an address means, if it has a feed.
    pub fn find_term(&self, taxonomy: usize, text: &str) -> Option<&Arc<TermEntry>> {
        let (_, found) = self.resolve_term(taxonomy, text)?;
        self.site.taxonomies[taxonomy].lists(&found.folded).then_some(found)
    }

    /// The term with just this folded spelling, and those it stands among.
    pub fn get_term(&self, taxonomy: usize, folded: &str) -> Option<(&TermIndex, &Arc<TermEntry>)> {
        let others = self.terms_in.values().filter_map(|terms| terms.get(taxonomy));
        let mut all = self.terms.get(taxonomy).into_iter().chain(others);
        all.find_map(|index| Some((&**index, index.get(folded)?)))
    }
}
