//! Selections → posts. Lists are intersected; a post itself is checked only where no list decides.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use super::lists::{Group, Lists};
use super::posts::{Posts, Slot};
use super::selection::{Selection, TermKey};
use super::sorted_list::{Compare, compare, compare_changes};
use super::term_index::TermIndex;
use super::terms::Terms;
use crate::config::Order;
use crate::post::text_query::Words;
use crate::post::{Post, SourceId};

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
type Union<'s> = Vec<&'s [Slot]>;

/// A selection among the posts of a snapshot.
#[derive(Debug, Clone, Copy)]
pub(super) struct Query<'s, 'q> {
    pub(super) posts: &'s Posts,
    pub(super) lists: &'s Lists,
    pub(super) terms: &'s Terms,
    pub(super) selection: &'q Selection,
}

impl<'s> Query<'s, '_> {
    /// The posts in a range of positions.
    ///
    /// Walks the shortest list that contains them all, and the lists that it is intersected with; costs nothing if
    /// one list is the selection. The remaining posts are searched for the words: that is bounded by [`MOST_FOUND`]
    /// and [`MOST_SUMMARIES`].
    pub(super) fn page(&self, places: Range<usize>, summaries: &dyn Summaries) -> Selected {
        let mut found = self.slots();
        if let Some(words) = &self.selection.words {
            found = Cow::Owned(self.search(&found, words, summaries));
        }
        Selected { posts: self.collect(&found, places), total: found.len() }
    }

    /// The posts of slots in a range of positions.
    pub(super) fn collect(&self, slots: &[Slot], places: Range<usize>) -> Vec<Arc<Post>> {
        let end = places.end.min(slots.len());
        let slots = slots.get(places.start.min(end)..end).unwrap_or_default();
        slots.iter().filter_map(|slot| self.posts.get(*slot)).cloned().collect()
    }

    fn search(&self, slots: &[Slot], words: &Words, summaries: &dyn Summaries) -> Vec<Slot> {
        let mut search = words.search();
        let mut requested = 0;
        let matches = |slot: &&Slot| {
            self.posts.get(**slot).is_some_and(|post| {
                let terms = post.terms.iter().map(|term| &*term.folded);
                search.matches(&post.title, terms, || {
                    requested += 1;
                    if requested > MOST_SUMMARIES { Cow::Borrowed("") } else { summaries.summary(post) }
                })
            })
        };
        slots.iter().filter(matches).take(MOST_FOUND).copied().collect()
    }

    /// The slots of the selection in order. Search words are not checked.
    pub(super) fn slots(&self) -> Cow<'s, [Slot]> {
        let Self { lists, selection, .. } = *self;
        let (mut groups, by_source) = self.list_groups();
        groups.sort_by_key(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
        let mut groups = groups.into_iter();
        let lead = groups.next().unwrap_or_default();
        let within: Vec<Bits> = groups.map(|lists| Bits::of(&lists)).collect();
        let without: Union<'_> = selection.not.iter().flat_map(|key| self.lists_of_term(key)).collect();
        let without = (!without.iter().all(|list| list.is_empty())).then(|| Bits::of(&without));
        let sources = selection.sources.as_deref().filter(|_| !by_source);
        // While every post is listed everywhere, the list of a source contains all its posts.
        let by_lists = sources.filter(|_| selection.languages.is_none() && lists.is_main_all());
        let within_sources = by_lists.map(|sources| Bits::of(&self.lists_of_sources(sources)));
        let from_source = |slot: Slot| match &within_sources {
            Some(bits) => bits.has(slot),
            None => sources.is_none_or(|sources| {
                self.posts.get(slot).is_some_and(|post| sources.contains(&post.source))
            }),
        };
        let is_selected = |slot: &Slot| {
            within.iter().all(|bits| bits.has(*slot))
                && without.as_ref().is_none_or(|bits| !bits.has(*slot))
                && from_source(*slot)
        };
        let found = match &lead[..] {
            [list] if within.is_empty() && without.is_none() && sources.is_none() => Cow::Borrowed(*list),
            [list] => Cow::Owned(list.iter().filter(|slot| is_selected(slot)).copied().collect()),
            union => {
                let mut seen = Bits::default();
                let each = union.iter().copied().flatten().copied();
                let found = each.filter(|slot| is_selected(slot) && seen.insert(*slot)).collect();
                Cow::Owned(self.sort(found, lists.all(), compare))
            }
        };
        match selection.order {
            Order::Updated if !lists.is_by_change_all() => {
                Cow::Owned(self.sort(found.into_owned(), lists.by_change(), compare_changes))
            }
            _ => found,
        }
    }

    /// The lists that each condition allows, and whether they include those of sources.
    fn list_groups(&self) -> (Vec<Union<'s>>, bool) {
        let Self { lists, selection, .. } = *self;
        let by_terms = selection.all.iter().map(|key| self.lists_of_term(key));
        let by_any = selection.any.iter().map(|group| {
            let lists = group.iter().flat_map(|key| self.lists_of_term(key));
            lists.collect::<Union<'_>>()
        });
        let mut groups: Vec<Union<'_>> = by_terms.chain(by_any).collect();
        if let Some((source, name)) = &selection.section {
            groups.push(vec![lists.of_group(&Group::Section(*source, Arc::from(&**name)))]);
        }
        if !groups.is_empty() {
            return (groups, false);
        }
        match (&selection.languages, &selection.sources) {
            (Some(codes), _) => {
                let by_code = codes.iter().map(|code| lists.of_group(&Group::Language(Arc::from(&**code))));
                (vec![by_code.collect()], false)
            }
            (None, Some(sources)) => (vec![self.lists_of_sources(sources)], true),
            (None, None) => (vec![vec![lists.main()]], false),
        }
    }

    fn lists_of_sources(&self, sources: &[SourceId]) -> Union<'s> {
        let lists = self.lists;
        sources.iter().map(|source| lists.of_source(*source)).collect()
    }

    /// The posts with a term, in each selected language.
    fn lists_of_term(&self, key: &TermKey) -> Union<'s> {
        let Self { terms, selection, .. } = *self;
        let taxonomy = usize::from(key.taxonomy);
        let indices: Vec<&'s TermIndex> = match &selection.languages {
            None => terms.main().get(taxonomy).map(|index| &**index).into_iter().collect(),
            Some(codes) => codes.iter().filter_map(|code| terms.in_language(code, taxonomy)).collect(),
        };
        indices.into_iter().filter_map(|index| index.get(&key.folded)).map(|entry| &entry.slots[..]).collect()
    }

    /// Sorts slots in the order of a list that contains them all.
    fn sort(&self, mut slots: Vec<Slot>, sorted: &[Slot], compare: Compare) -> Vec<Slot> {
        if slots.len() > FEW {
            let bits = Bits::of(&[&slots[..]]);
            return sorted.iter().filter(|slot| bits.has(**slot)).copied().collect();
        }
        slots.sort_unstable_by(|one, other| match (self.posts.get(*one), self.posts.get(*other)) {
            (Some(one), Some(other)) => compare(one, other),
            (one, other) => one.is_some().cmp(&other.is_some()),
        });
        slots
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
