//! One immutable state of all posts, as a request sees it from start to end.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::posts::{Posts, Slot};
use super::site::Site;
use super::terms::{TermEntry, TermIndex};
use crate::config::{Order, Problem};
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
    /// When a post appears or disappears next.
    pub next_due: Option<DateTime<Utc>>,
    pub(super) posts: Posts,
    pub(super) newest: Arc<Vec<Slot>>,
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

/// Which posts a feed holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// Terms that each post must have.
    pub terms: Vec<TermKey>,
    /// Places of the sources it may come from; empty: any.
    pub sources: Vec<u16>,
    /// Code of its language; `None`: each source's default.
    pub language: Option<Box<str>>,
    /// The section that lists it: its source's place and its name.
    pub section: Option<(u16, Box<str>)>,
    /// What "newest" means.
    pub order: Order,
}

/// A term, wherever it is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermKey {
    /// Place of its taxonomy.
    pub taxonomy: u8,
    /// Its folded spelling.
    pub folded: Box<str>,
}

impl Snapshot {
    /// The state before anything was read.
    pub fn empty(site: Arc<Site>) -> Self {
        Self {
            revision: 0,
            problems: Arc::new([]),
            next_due: None,
            posts: Posts::default(),
            newest: Arc::default(),
            by_source: vec![Arc::default(); site.sources.len()],
            groups: BTreeMap::new(),
            terms: vec![Arc::default(); site.taxonomies.len()],
            terms_in: BTreeMap::new(),
            site,
        }
    }

    /// Puts another site in place; taxonomies it has more are empty at first.
    pub(super) fn set_site(&mut self, site: Arc<Site>) {
        self.site = site;
        let Self { terms, terms_in, posts, site, .. } = self;
        let in_languages = terms_in.iter_mut().map(|(code, terms)| (Some(&**code), terms));
        for (code, terms) in in_languages.chain([(None, terms)]) {
            terms.resize(site.taxonomies.len().max(terms.len()), Arc::default());
            for (taxonomy, index) in terms.iter_mut().enumerate() {
                let source = |slot: Slot| posts.get(slot).map_or(0, |post| usize::from(post.source));
                Arc::make_mut(index).relearn(|entry| {
                    let own = &site.sources[entry.slots.first().map_or(0, |slot| source(*slot))];
                    let place = own.site.languages.iter().position(|known| Some(known.as_str()) == code);
                    (own.rules.term_slug)(own, taxonomy, place.unwrap_or_default(), &entry.spelling.spelling)
                });
            }
        }
    }

    /// How many posts are visible.
    pub fn count(&self) -> usize {
        self.newest.len()
    }

    /// The terms of the taxonomy at a place in the site's list.
    pub fn terms(&self, taxonomy: usize) -> &TermIndex {
        &self.terms[taxonomy]
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

    /// The term that a text in an address means.
    pub fn find_term(&self, taxonomy: usize, text: &str) -> Option<&Arc<TermEntry>> {
        self.terms.get(taxonomy)?.find(text)
    }

    /// How many posts a selection holds. Costs nothing where one list holds just them.
    pub fn count_selected(&self, selection: &Selection) -> usize {
        match self.lead(selection) {
            (list, true) => list.len(),
            (list, false) => list.iter().filter(|slot| self.matches(**slot, selection)).count(),
        }
    }

    /// The newest posts of a selection, at most `limit`.
    ///
    /// Reads the shortest list that holds them all; by date of publication no further than needed.
    pub fn select(&self, selection: &Selection, limit: usize) -> Vec<Arc<Post>> {
        let (list, exact) = self.lead(selection);
        let matching = list.iter().filter(|slot| exact || self.matches(**slot, selection));
        let posts = matching.filter_map(|slot| self.posts.get(*slot));
        match selection.order {
            Order::Published => posts.take(limit).cloned().collect(),
            Order::Updated => {
                let mut posts: Vec<&Arc<Post>> = posts.collect();
                let by_change = |one: &&Arc<Post>, other: &&Arc<Post>| {
                    other.changed().cmp(&one.changed()).then_with(|| one.id.cmp(&other.id))
                };
                if posts.len() > limit && limit > 0 {
                    posts.select_nth_unstable_by(limit - 1, by_change);
                    posts.truncate(limit);
                }
                posts.sort_by(by_change);
                posts.into_iter().cloned().collect()
            }
        }
    }

    /// The shortest list that holds all of a selection, and whether it holds nothing else.
    fn lead(&self, selection: &Selection) -> (&[Slot], bool) {
        let Selection { terms, sources, .. } = selection;
        let list_of = |group: Group| self.groups.get(&group).map_or(&[][..], |list| &list[..]);
        if let Some((source, name)) = &selection.section {
            let list = list_of(Group::Section(*source, Arc::from(&**name)));
            return (list, terms.is_empty() && sources.is_empty() && selection.language.is_none());
        }
        let exact = terms.len() + usize::from(!sources.is_empty()) <= 1 && sources.len() <= 1;
        let index = |taxonomy: u8| match &selection.language {
            Some(code) => self.terms_in(code, usize::from(taxonomy)),
            None => self.terms.get(usize::from(taxonomy)).map(|index| &**index),
        };
        let by_term = terms.iter().map(|key| {
            let entry = index(key.taxonomy).and_then(|index| index.get(&key.folded));
            entry.map_or(&[][..], |entry| &entry.slots)
        });
        // A source's list holds its default language only.
        let by_source = match (&sources[..], &selection.language) {
            ([source], None) => self.by_source.get(usize::from(*source)).map(|list| &list[..]),
            _ => None,
        };
        let shortest = by_term.chain(by_source).min_by_key(|list| list.len());
        match (shortest, &selection.language) {
            (Some(list), _) => (list, exact),
            (None, Some(code)) => (list_of(Group::Language(Arc::from(&**code))), sources.is_empty()),
            (None, None) => (&self.newest, exact),
        }
    }

    fn matches(&self, slot: Slot, selection: &Selection) -> bool {
        self.posts.get(slot).is_some_and(|post| {
            let has = |key: &TermKey| {
                post.terms.iter().any(|term| term.taxonomy == key.taxonomy && term.folded == key.folded)
            };
            let from_source = selection.sources.is_empty() || selection.sources.contains(&post.source);
            from_source && selection.terms.iter().all(has)
        })
    }
}
