//! Selections → posts. The sets of lists are combined; a post itself is not checked.

use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rustc_hash::FxHashSet;

use super::found::Found;
use super::hits::PostTexts;
use super::lists::{Group, Lists};
use super::period::Period;
use super::post_list::PostList;
use super::posts::{Posts, Slot};
use super::selection::{Selection, TermKey};
use super::slot_set::Mask;
use super::sorted_list::{Compare, compare_by, time_by};
use super::term_index::TermIndex;
use super::terms::Terms;
use crate::config::{Order, Window};
use crate::post::{Post, SourceId};

/// A range of the posts of a selection.
#[derive(Debug, Clone, Default)]
pub struct Selected {
    /// The posts, in order.
    pub posts: Vec<Arc<Post>>,
    /// The number of posts in the whole selection.
    pub total: usize,
    /// The number of posts after which the second page begins.
    pub first: usize,
}

/// A page of a selection.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// Its number, from 1.
    pub number: usize,
    /// The number of posts on each page; on the first page, the least one.
    pub limit: usize,
    /// The time before the newest post whose posts are all on the first page.
    pub window: Option<Window>,
}

/// The largest number of posts in a window.
const WIDEST: usize = 500;

/// Up to this many slots are sorted; more are filtered from a list that is sorted already.
const FEW: usize = 512;

/// Lists of posts; a post must be in one of them.
type Union<'s> = Vec<&'s PostList>;

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
    /// Combines sets, one bit per post, and walks the list that contains the selected posts as far as the range; costs
    /// only the range if one list is the selection.
    pub(super) fn page(&self, places: Range<usize>, texts: &dyn PostTexts) -> Selected {
        let found = self.find_words(texts);
        Selected { posts: self.collect(&found, places), total: found.len(), first: 0 }
    }

    /// The posts of a page. The first one has those that arrived last too: as many as `arrivals` returns for the number
    /// of all posts.
    pub(super) fn numbered(
        &self,
        page: Page,
        arrivals: impl Fn(usize) -> usize,
        texts: &dyn PostTexts,
    ) -> Selected {
        let found = self.find_words(texts);
        let (total, first) = (found.len(), self.count_first(&found, page));
        if page.number > 1 {
            let start = first.saturating_add((page.number - 2).saturating_mul(page.limit));
            let posts = self.collect(&found, start..start.saturating_add(page.limit));
            return Selected { posts, total, first };
        }
        let mut posts = self.collect(&found, 0..first);
        let (arrivals, order) = (arrivals(total), self.selection.order);
        let has_one_order = order == Order::Published && self.lists.all().has_one_order();
        if arrivals > first || !(has_one_order || order == Order::Arrival) {
            let selection = Selection { order: Order::Arrival, ..self.selection.clone() };
            let query = Query { selection: &selection, ..*self };
            let listed: FxHashSet<_> = posts.iter().map(Arc::as_ptr).collect();
            let mut others = query.collect(&query.find_words(texts), 0..arrivals);
            others.retain(|post| !listed.contains(&Arc::as_ptr(post)));
            posts.extend(others);
            posts.sort_by(|one, other| compare_by(order)(one, other));
        }
        Selected { posts, total, first }
    }

    /// The number of posts on the first page.
    fn count_first(&self, found: &Found<'_>, page: Page) -> usize {
        let Some(window) = page.window else { return page.limit };
        let time = |slot| Some(time_by(self.selection.order, self.posts.get(slot)?));
        let mut times = found.iter_from(0).filter_map(time).take(WIDEST);
        let Some(newest) = times.next() else { return page.limit };
        let in_window = times.take_while(|time| newest - *time <= window.length()).count();
        (1 + in_window).max(page.limit)
    }

    /// The posts of slots in a range of positions.
    pub(super) fn collect(&self, found: &Found<'_>, places: Range<usize>) -> Vec<Arc<Post>> {
        let slots = found.iter_from(places.start.min(found.len())).take(places.len());
        slots.filter_map(|slot| self.posts.get(slot)).cloned().collect()
    }

    /// The slots of the selection in order. Search words are not checked.
    pub(super) fn find(&self) -> Found<'s> {
        self.find_refined(None)
    }

    /// The slots of the selection in order, without those that `refine` removes.
    pub(super) fn find_refined(&self, refine: Option<&dyn Fn(&mut Mask)>) -> Found<'s> {
        let Self { lists, selection, .. } = *self;
        let by_change = selection.order == Order::Updated && !lists.is_by_change_all();
        let mut groups = self.list_groups();
        groups.sort_by_key(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
        let without: Union<'_> = selection.not.iter().flat_map(|key| self.lists_of_term(key)).collect();
        let without: Union<'_> = without.into_iter().filter(|list| !list.is_empty()).collect();
        let sources = selection.sources.as_deref().filter(|_| !self.is_by_source());
        if let [group] = &groups[..]
            && let [list] = group[..]
            && without.is_empty()
            && sources.is_none()
            && !by_change
            && refine.is_none()
        {
            let (places, arrived) = (self.places_in_period(list), self.places_of_arrival(list));
            let is_all = |places: &Range<usize>| places.len() == list.len();
            // By publication and by arrival, the selection is a part of the list if the list has one order.
            if list.has_one_order() {
                let places = places.start.max(arrived.start)..places.end.min(arrived.end);
                return Found::List(
                    list.in_order(selection.order),
                    places.start..places.end.max(places.start),
                );
            }
            if is_all(&places) && (is_all(&arrived) || selection.order == Order::Arrival) {
                return Found::List(list.in_order(selection.order), arrived);
            }
        }
        let mut mask = self.combine(&groups, &without, sources);
        // Each of these lists contains every selected post.
        let alone = groups.iter().filter_map(|group| <[_; 1]>::try_from(&group[..]).ok()).map(|[list]| list);
        let mut list = alone.min_by_key(|list| list.len()).unwrap_or_else(|| lists.all());
        if selection.period != Period::default() {
            let places = self.places_in_period(list);
            mask.intersect_mask(&Mask::of(list.iter_from(places.start).take(places.len()), self.posts.end()));
        }
        if selection.arrived != Period::default() {
            let places = self.places_of_arrival(list);
            let slots = list.in_order(Order::Arrival).iter_from(places.start).take(places.len());
            mask.intersect_mask(&Mask::of(slots.copied(), self.posts.end()));
        }
        if let Some(refine) = refine {
            refine(&mut mask);
        }
        if by_change {
            list = lists.by_change();
        }
        match mask.len() {
            0..=FEW => Found::Sorted(self.sort(&mask, compare_by(selection.order))),
            len => Found::Subset(list.in_order(selection.order), mask, len),
        }
    }

    /// The slots that are in a list of each group, in none of the lists `without`, and of one of the sources.
    fn combine(&self, groups: &[Union<'s>], without: &[&PostList], sources: Option<&[SourceId]>) -> Mask {
        let end = self.posts.end();
        let unite = |lists: &[&PostList]| {
            let mut mask = Mask::new(end);
            for list in lists {
                list.add_to(&mut mask, end);
            }
            mask
        };
        let mut groups = groups.iter();
        let mut mask = unite(groups.next().map_or(&[], |lists| lists));
        for lists in groups {
            let dense = if let [list] = lists[..] { list.dense_set(end) } else { None };
            match dense {
                Some(set) => mask.intersect(set),
                None => mask.intersect_mask(&unite(lists)),
            }
        }
        for list in without {
            list.remove_from(&mut mask, end);
        }
        if let Some(sources) = sources {
            let mut allowed = Mask::new(end);
            let sets = sources.iter().filter_map(|source| self.lists.set_of_source(*source));
            sets.for_each(|set| allowed.unite(set));
            mask.intersect_mask(&allowed);
        }
        mask
    }

    /// The places of the posts in a list that are published in the period of the selection.
    fn places_in_period(&self, list: &PostList) -> Range<usize> {
        self.places_in(list, self.selection.period, Order::Published)
    }

    /// The places of the posts in a list in the order of arrival that arrived in the period of the selection.
    fn places_of_arrival(&self, list: &PostList) -> Range<usize> {
        self.places_in(list, self.selection.arrived, Order::Arrival)
    }

    fn places_in(&self, list: &PostList, Period { since, until }: Period, order: Order) -> Range<usize> {
        let slots = list.in_order(order);
        // A list starts with the posts of the latest times.
        let count_from = |limit: DateTime<Utc>| {
            slots.partition_point(|slot| {
                self.posts.get(*slot).is_some_and(|post| time_by(order, post) >= limit)
            })
        };
        let start = until.map_or(0, count_from);
        start..since.map_or_else(|| list.len(), count_from).max(start)
    }

    /// Returns true if the lists of sources are the only ones.
    fn is_by_source(&self) -> bool {
        let Selection { all, any, languages, section, sources, .. } = self.selection;
        all.is_empty() && any.is_empty() && languages.is_none() && section.is_none() && sources.is_some()
    }

    /// The lists that each condition allows.
    fn list_groups(&self) -> Vec<Union<'s>> {
        let Self { lists, selection, .. } = *self;
        let by_terms = selection.all.iter().map(|key| self.lists_of_term(key));
        let by_any = selection.any.iter().map(|group| {
            let lists = group.iter().flat_map(|key| self.lists_of_term(key));
            lists.collect::<Union<'_>>()
        });
        let mut groups: Vec<Union<'_>> = by_terms.chain(by_any).collect();
        if let Some((source, name)) = &selection.section {
            let list = lists.of_group(&Group::Section(*source, Arc::from(&**name)));
            groups.push(list.into_iter().collect());
        }
        if groups.is_empty() {
            groups.push(match (&selection.languages, &selection.sources) {
                (Some(codes), _) => {
                    let groups = codes.iter().map(|code| Group::Language(Arc::from(&**code)));
                    groups.filter_map(|group| lists.of_group(&group)).collect()
                }
                (None, Some(sources)) => {
                    sources.iter().filter_map(|source| lists.of_source(*source)).collect()
                }
                (None, None) => vec![lists.main()],
            });
        }
        groups
    }

    /// The posts with a term, in each selected language.
    fn lists_of_term(&self, key: &TermKey) -> Union<'s> {
        let Self { terms, selection, .. } = *self;
        let taxonomy = usize::from(key.taxonomy);
        let indices: Vec<&'s TermIndex> = match &selection.languages {
            None => terms.main().get(taxonomy).map(|index| &**index).into_iter().collect(),
            Some(codes) => codes.iter().filter_map(|code| terms.in_language(code, taxonomy)).collect(),
        };
        indices.into_iter().filter_map(|index| index.get(&key.folded)).map(|entry| &entry.posts).collect()
    }

    /// The slots of a set, sorted.
    fn sort(&self, mask: &Mask, compare: Compare) -> Vec<Slot> {
        let found = mask.iter().filter_map(|slot| Some((slot, self.posts.get(slot)?)));
        let mut found: Vec<(Slot, &Arc<Post>)> = found.collect();
        found.sort_unstable_by(|(_, one), (_, other)| compare(one, other));
        found.into_iter().map(|(slot, _)| slot).collect()
    }
}
