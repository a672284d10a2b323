//! Selections → posts. Lists are intersected; a post itself is checked only where no list decides.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::posts::Slot;
use super::selection::{Selection, TermKey};
use super::snapshot::{Group, Snapshot};
use super::sorted_list::{compare, compare_changes};
use super::terms::TermIndex;
use super::writer::SOONEST;
use crate::config::Order;
use crate::post::Post;

/// A range of the posts of a selection.
#[derive(Debug, Clone, Default)]
pub struct Selected {
    /// The posts, in order.
    pub posts: Vec<Arc<Post>>,
    /// The number of posts in the whole selection.
    pub total: usize,
}

/// Provides the summaries of posts, which a snapshot does not contain.
pub trait Summaries {
    /// The summary of a post as its entry shows it; empty if it is unavailable.
    fn summary(&self, post: &Post) -> Cow<'static, str>;
}

/// The largest number of posts that a search finds: the newest ones.
pub const MOST_FOUND: usize = 1000;

/// The largest number of summaries that one search reads, since each needs a file: those of the newest posts. Titles
/// and terms are searched in all posts.
const MOST_SUMMARIES: usize = 2000;

/// The summaries for a selection without search words, which needs none.
#[derive(Debug, Clone, Copy)]
pub struct NoSummaries;

impl Summaries for NoSummaries {
    fn summary(&self, _: &Post) -> Cow<'static, str> {
        Cow::Borrowed("")
    }
}

/// Up to this many slots are sorted; more are filtered from a list that is sorted already.
const FEW: usize = 512;

/// Sorted lists of slots; a post must be in one of them.
type Lists<'s> = Vec<&'s [Slot]>;

impl Snapshot {
    /// The newest posts of a selection without search words, at most `limit`.
    pub fn select(&self, selection: &Selection, limit: usize) -> Vec<Arc<Post>> {
        self.collect(&self.find(selection), 0..limit)
    }

    /// The number of posts in a selection without search words.
    pub fn count_selected(&self, selection: &Selection) -> usize {
        self.find(selection).len()
    }

    /// The posts of a selection in a range of positions.
    ///
    /// Walks the shortest list that contains them all, and the lists that it is intersected with; costs nothing if
    /// one list is the selection. The remaining posts are searched for the words: that is bounded by [`MOST_FOUND`]
    /// and [`MOST_SUMMARIES`].
    pub fn select_page(
        &self,
        selection: &Selection,
        places: Range<usize>,
        summaries: &dyn Summaries,
    ) -> Selected {
        let found = self.find(selection);
        let Some(words) = &selection.words else {
            return Selected { posts: self.collect(&found, places), total: found.len() };
        };
        let mut search = words.search();
        let mut requested = 0;
        let holds = |slot: &&Slot| {
            self.post(**slot).is_some_and(|post| {
                let terms = post.terms.iter().map(|term| &*term.folded);
                search.matches(&post.title, terms, || {
                    requested += 1;
                    if requested > MOST_SUMMARIES { Cow::Borrowed("") } else { summaries.summary(post) }
                })
            })
        };
        let found: Vec<Slot> = found.iter().filter(holds).take(MOST_FOUND).copied().collect();
        Selected { posts: self.collect(&found, places), total: found.len() }
    }

    fn collect(&self, slots: &[Slot], places: Range<usize>) -> Vec<Arc<Post>> {
        let end = places.end.min(slots.len());
        let slots = slots.get(places.start.min(end)..end).unwrap_or_default();
        slots.iter().filter_map(|slot| self.post(*slot)).cloned().collect()
    }

    /// The next time before `until` at which a post of a selection appears or disappears. Search words are not
    /// checked.
    pub fn next_due_of(&self, selection: &Selection, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let soon = self.due.iter().take_while(|(due, _)| *due < until);
        let mut own =
            soon.filter(|(_, slot)| self.post(*slot).is_none_or(|post| self.may_hold(selection, post)));
        // Posts after the soonest ones are unknown: they may belong to this selection.
        let unknown = || self.due.get(SOONEST - 1).map(|(due, _)| *due).filter(|due| *due < until);
        own.next().map(|(due, _)| *due).or_else(unknown)
    }

    /// The slots of a selection in order. Search words are not checked.
    pub(super) fn find(&self, selection: &Selection) -> Cow<'_, [Slot]> {
        let (mut groups, by_source) = self.list_groups(selection);
        groups.sort_by_key(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
        let mut groups = groups.into_iter();
        let lead = groups.next().unwrap_or_default();
        let within: Vec<Bits> = groups.map(|lists| Bits::of(&lists)).collect();
        let without: Lists<'_> = selection.not.iter().flat_map(|key| self.lists_of(key, selection)).collect();
        let without = (!without.iter().all(|list| list.is_empty())).then(|| Bits::of(&without));
        let sources = selection.sources.as_deref().filter(|_| !by_source);
        // While every post is listed everywhere, the list of a source contains all its posts.
        let by_lists =
            sources.filter(|_| selection.languages.is_none() && Arc::ptr_eq(&self.newest, &self.every));
        let within_sources = by_lists.map(|sources| {
            let lists = sources.iter().filter_map(|source| self.by_source.get(usize::from(*source)));
            Bits::of(&lists.map(|list| &list[..]).collect::<Vec<_>>())
        });
        let from_source = |slot: Slot| match &within_sources {
            Some(bits) => bits.has(slot),
            None => sources
                .is_none_or(|sources| self.post(slot).is_some_and(|post| sources.contains(&post.source))),
        };
        let is_kept = |slot: &Slot| {
            within.iter().all(|bits| bits.has(*slot))
                && without.as_ref().is_none_or(|bits| !bits.has(*slot))
                && from_source(*slot)
        };
        let found = match &lead[..] {
            [list] if within.is_empty() && without.is_none() && sources.is_none() => Cow::Borrowed(*list),
            [list] => Cow::Owned(list.iter().filter(|slot| is_kept(slot)).copied().collect()),
            lists => {
                let mut seen = Bits::default();
                let each = lists.iter().copied().flatten().copied();
                let found = each.filter(|slot| is_kept(slot) && seen.insert(*slot)).collect();
                Cow::Owned(self.sort(found, &self.every, compare))
            }
        };
        match selection.order {
            Order::Updated if !Arc::ptr_eq(&self.every, &self.by_change) => {
                Cow::Owned(self.sort(found.into_owned(), &self.by_change, compare_changes))
            }
            _ => found,
        }
    }

    /// The lists that each condition allows, and whether they include those of sources.
    fn list_groups(&self, selection: &Selection) -> (Vec<Lists<'_>>, bool) {
        let by_terms = selection.all.iter().map(|key| self.lists_of(key, selection));
        let by_any = selection.any.iter().map(|group| {
            let lists = group.iter().flat_map(|key| self.lists_of(key, selection));
            lists.collect::<Lists<'_>>()
        });
        let mut groups: Vec<Lists<'_>> = by_terms.chain(by_any).collect();
        if let Some((source, name)) = &selection.section {
            groups.push(vec![self.group(Group::Section(*source, Arc::from(&**name)))]);
        }
        if !groups.is_empty() {
            return (groups, false);
        }
        match (&selection.languages, &selection.sources) {
            (Some(codes), _) => {
                let by_code = codes.iter().map(|code| self.group(Group::Language(Arc::from(&**code))));
                (vec![by_code.collect()], false)
            }
            (None, Some(sources)) => {
                let lists = sources.iter().filter_map(|source| self.by_source.get(usize::from(*source)));
                (vec![lists.map(|list| &list[..]).collect()], true)
            }
            (None, None) => (vec![vec![&self.newest[..]]], false),
        }
    }

    fn group(&self, group: Group) -> &[Slot] {
        self.groups.get(&group).map_or(&[], |list| &list[..])
    }

    /// Returns true if a selection may contain posts of an awaited source.
    pub fn awaits(&self, selection: &Selection) -> bool {
        self.awaited.iter().any(|number| {
            let in_sources = selection.sources.as_ref().is_none_or(|sources| sources.contains(number));
            in_sources && selection.section.as_ref().is_none_or(|(source, _)| source == number)
        })
    }

    /// The posts with a term, in each selected language.
    fn lists_of(&self, key: &TermKey, selection: &Selection) -> Lists<'_> {
        let taxonomy = usize::from(key.taxonomy);
        let indices: Vec<&TermIndex> = match &selection.languages {
            None => self.terms.get(taxonomy).map(|index| &**index).into_iter().collect(),
            Some(codes) => codes.iter().filter_map(|code| self.terms_in(code, taxonomy)).collect(),
        };
        indices.into_iter().filter_map(|index| index.get(&key.folded)).map(|entry| &entry.slots[..]).collect()
    }

    /// Sorts slots in the order of a list that contains them all.
    fn sort(
        &self,
        mut slots: Vec<Slot>,
        sorted: &[Slot],
        compare: fn(&Post, &Post) -> Ordering,
    ) -> Vec<Slot> {
        if slots.len() > FEW {
            let bits = Bits::of(&[&slots[..]]);
            return sorted.iter().filter(|slot| bits.has(**slot)).copied().collect();
        }
        slots.sort_unstable_by(|one, other| match (self.post(*one), self.post(*other)) {
            (Some(one), Some(other)) => compare(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        });
        slots
    }

    /// Returns true if a selection contains a post once it is visible. Search words are not checked.
    fn may_hold(&self, selection: &Selection, post: &Post) -> bool {
        let has = |key: &TermKey| {
            post.terms.iter().any(|term| term.taxonomy == key.taxonomy && term.folded == key.folded)
        };
        let code = || {
            let languages = &self.site.sources[usize::from(post.source)].site.languages;
            languages.get(usize::from(post.language))
        };
        let in_language = match &selection.languages {
            None => post.language == 0 || selection.section.is_some(),
            Some(codes) => code().is_some_and(|own| codes.iter().any(|code| **code == **own)),
        };
        let in_section = selection
            .section
            .as_ref()
            .is_none_or(|(source, name)| *source == post.source && post.section.as_deref() == Some(&**name));
        in_language
            && in_section
            && selection.all.iter().all(has)
            && selection.any.iter().all(|group| group.iter().any(has))
            && !selection.not.iter().any(has)
            && selection.sources.as_ref().is_none_or(|sources| sources.contains(&post.source))
    }
}

/// A set of slots: one bit each.
#[derive(Debug, Default)]
struct Bits(Vec<u64>);

impl Bits {
    fn of(lists: &[&[Slot]]) -> Self {
        let mut bits = Self::default();
        for slot in lists.iter().copied().flatten() {
            bits.insert(*slot);
        }
        bits
    }

    /// Adds a slot. Returns true if it is new.
    fn insert(&mut self, slot: Slot) -> bool {
        let (word, bit) = (slot as usize / 64, 1 << (slot % 64));
        if self.0.len() <= word {
            self.0.resize((word + 1).max(self.0.len() * 2), 0);
        }
        let is_new = self.0[word] & bit == 0;
        self.0[word] |= bit;
        is_new
    }

    fn has(&self, slot: Slot) -> bool {
        self.0.get(slot as usize / 64).is_some_and(|word| word >> (slot % 64) & 1 == 1)
    }
}
