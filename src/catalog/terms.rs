//! One taxonomy's terms: found by any spelling or slug, each with its posts.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::listing::Edit;
use super::posts::{Posts, Slot};
use crate::post::term::{fold, make_slug};
use crate::post::{Post, Term};

/// One term and its visible posts, newest first. It stays known after it lost its last post.
#[derive(Debug, Clone)]
pub struct TermEntry {
    /// What all its spellings have in common.
    pub folded: Arc<str>,
    /// Its most used spelling; of equals the newest post's.
    pub spelling: Arc<Term>,
    /// Its posts.
    pub slots: Vec<Slot>,
    spellings: Vec<(Arc<Term>, u32)>,
}

/// The terms of one taxonomy.
#[derive(Debug, Clone, Default)]
pub struct TermIndex {
    entries: HashMap<Arc<str>, Arc<TermEntry>>,
    names: Arc<Names>,
}

/// By which names terms are found besides their spelling. Changes only with a new term.
#[derive(Debug, Clone, Default)]
struct Names {
    /// By slug: the folded spellings that have it.
    slugs: HashMap<Arc<str>, Vec<Arc<str>>>,
    /// Slugs that several terms have.
    shared: BTreeSet<Arc<str>>,
    /// By the slug that a generator gives: a folded spelling.
    other_slugs: HashMap<Arc<str>, Arc<str>>,
    /// By the slug in letters and digits of ASCII that most systems give: a folded spelling.
    plain_slugs: HashMap<Arc<str>, Arc<str>>,
}

impl TermIndex {
    /// The term that a text in an address means: by spelling, then by slug, then by the
    /// generator's slug.
    pub fn find(&self, text: &str) -> Option<&Arc<TermEntry>> {
        let folded = fold(text);
        let by_slug = || self.names.slugs.get(folded.as_str()).and_then(|owners| self.owner(owners));
        let by_other = || self.entries.get(self.names.other_slugs.get(folded.as_str())?);
        self.entries.get(folded.as_str()).or_else(by_slug).or_else(by_other)
    }

    /// The term whose slug, in letters and digits of ASCII, a text is.
    pub fn find_plain(&self, text: &str) -> Option<&Arc<TermEntry>> {
        self.entries.get(self.names.plain_slugs.get(text)?)
    }

    /// The term with just this folded spelling.
    pub fn get(&self, folded: &str) -> Option<&Arc<TermEntry>> {
        self.entries.get(folded)
    }

    /// The slug of a term in addresses, not yet encoded: its own, unless another term owns that slug;
    /// then its folded spelling.
    pub fn slug_of(&self, entry: &TermEntry) -> String {
        let slug = make_slug(&entry.folded);
        let owner = self.names.slugs.get(slug.as_str()).and_then(|owners| self.owner(owners));
        match owner {
            Some(owner) if owner.folded != entry.folded => entry.folded.to_string(),
            _ => slug,
        }
    }

    /// Every term, those with most posts first, then by spelling.
    pub fn list(&self) -> Vec<&Arc<TermEntry>> {
        let mut entries: Vec<_> = self.entries.values().collect();
        entries.sort_by_key(|entry| rank(entry));
        entries
    }

    /// Whether other terms claim a term's slug too.
    pub(super) fn is_contested(&self, entry: &TermEntry) -> bool {
        !self.names.shared.is_empty() && self.names.shared.contains(&*make_slug(&entry.folded))
    }

    /// Terms that have posts.
    pub fn count(&self) -> usize {
        self.entries.values().filter(|entry| !entry.slots.is_empty()).count()
    }

    fn owner(&self, owners: &[Arc<str>]) -> Option<&Arc<TermEntry>> {
        let entries = owners.iter().filter_map(|folded| self.entries.get(folded));
        entries.min_by_key(|entry| rank_owner(entry))
    }

    /// Merges the changes of one term, known by taxonomy and folded spelling, in. `before` and `after`
    /// hold the posts before and after them.
    pub(super) fn edit(
        &mut self,
        (taxonomy, folded): (u8, &str),
        edit: &Edit<'_>,
        before: &Posts,
        after: &Posts,
        term_slug: impl Fn(&str) -> String,
    ) {
        let old = self.entries.get(folded);
        let slots = edit.apply(old.map_or(&[], |entry| &entry.slots), before);
        let mut spellings = old.map_or_else(Vec::new, |entry| entry.spellings.clone());
        let own =
            |post: &Post| post.terms.iter().find(|t| t.taxonomy == taxonomy && *t.folded == *folded).cloned();
        for term in edit.leaving.iter().filter_map(|(_, post)| own(post)) {
            if let Some(place) = spellings.iter().position(|(known, _)| *known == term) {
                spellings[place].1 -= 1;
                if spellings[place].1 == 0 {
                    spellings.swap_remove(place);
                }
            }
        }
        for term in edit.joining.iter().filter_map(|(_, post)| own(post)) {
            match spellings.iter_mut().find(|(known, _)| *known == term) {
                Some((_, count)) => *count += 1,
                None => spellings.push((term, 1)),
            }
        }
        let most = spellings.iter().map(|(_, count)| *count).max();
        let newest = slots.iter().filter_map(|slot| own(after.get(*slot)?));
        let is_most =
            |term: &Arc<Term>| spellings.iter().any(|(known, count)| known == term && Some(*count) == most);
        let spelling = newest.into_iter().find(is_most).or_else(|| old.map(|entry| entry.spelling.clone()));
        let Some(spelling) = spelling else { return };
        let folded: Arc<str> = folded.into();
        if old.is_none() {
            self.learn(&folded, &spelling, term_slug);
        }
        let entry = TermEntry { folded: Arc::clone(&folded), spelling, slots, spellings };
        self.entries.insert(folded, Arc::new(entry));
    }

    fn learn(&mut self, folded: &Arc<str>, spelling: &Term, term_slug: impl Fn(&str) -> String) {
        let names = Arc::make_mut(&mut self.names);
        let slug: Arc<str> = make_slug(folded).into();
        let owners = names.slugs.entry(Arc::clone(&slug)).or_default();
        owners.push(Arc::clone(folded));
        if owners.len() > 1 {
            names.shared.insert(slug);
        }
        let other = fold(&term_slug(&spelling.spelling));
        if !other.is_empty() {
            names.other_slugs.entry(other.into()).or_insert_with(|| Arc::clone(folded));
        }
        let plain = slug::slugify(folded);
        if !plain.is_empty() && *plain != **folded {
            names.plain_slugs.entry(plain.into()).or_insert_with(|| Arc::clone(folded));
        }
    }

    /// Slugs that several terms with posts have: each with its terms, the owner first.
    pub fn collisions(&self) -> impl Iterator<Item = (&str, Vec<&Arc<TermEntry>>)> {
        self.names.shared.iter().filter_map(|slug| {
            let owners = self.names.slugs.get(slug)?;
            let mut terms: Vec<_> = owners.iter().filter_map(|folded| self.entries.get(folded)).collect();
            terms.retain(|entry| !entry.slots.is_empty());
            terms.sort_by_key(|entry| rank_owner(entry));
            (terms.len() > 1).then_some((&**slug, terms))
        })
    }
}

/// Of the terms with one slug, the one spelled like it owns it, since spellings are looked for
/// first; else the one with most posts.
fn rank_owner(entry: &TermEntry) -> (bool, Reverse<usize>, Arc<str>) {
    let (posts, folded) = rank(entry);
    (make_slug(&entry.folded) != *entry.folded, posts, folded)
}

/// Terms with most posts come first; ties by folded spelling.
fn rank(entry: &TermEntry) -> (Reverse<usize>, Arc<str>) {
    (Reverse(entry.slots.len()), Arc::clone(&entry.folded))
}
