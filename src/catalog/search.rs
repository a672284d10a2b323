//! Words → posts of a selection: by the hits of an index, else by the texts of the posts.

use std::sync::Arc;

use super::found::Found;
use super::hits::{Hits, Lookup, PostTexts, Versions};
use super::posts::Slot;
use super::select::Query;
use super::slot_set::Mask;
use crate::words::Words;

/// The largest number of posts that a search without an index finds: the newest ones.
const MOST_FOUND: usize = 1000;

/// The largest number of summaries that such a search reads, since each needs a file: those of the newest posts. Titles
/// and terms are searched in all posts.
const MOST_SUMMARIES: usize = 2000;

impl<'s> Query<'s, '_> {
    /// The slots of the selection in order.
    pub(super) fn find_words(&self, texts: &dyn PostTexts) -> Found<'s> {
        let Some(words) = &self.selection.words else { return self.find() };
        match texts.look_up(words) {
            Lookup::Brief => Found::Sorted(self.search_briefly(&self.find(), words, texts)),
            Lookup::Unavailable => Found::Sorted(Vec::new()),
            Lookup::Found(hits) => self.find_refined(Some(&|mask| self.refine(mask, &hits, words, texts))),
            Lookup::Unindexed => {
                let read = |mask: &mut Mask| {
                    let all = mask.clone();
                    self.refine(mask, &Hits::none(), words, texts);
                    let mut unknown = Mask::of(0..self.posts.end() as Slot, self.posts.end());
                    unknown.subtract_mask(&all);
                    let versions = Versions(self.posts.clone());
                    let (unknown, found) = (Arc::new(unknown), mask.clone());
                    texts.keep(words, Hits { versions, unknown, found, most_read: None });
                };
                self.find_refined(Some(&read))
            }
        }
    }

    /// Removes the slots of posts that do not have the words: those that an index knows by its hits, others by their texts.
    fn refine(&self, mask: &mut Mask, hits: &Hits, words: &Words, texts: &dyn PostTexts) {
        let mut unknown = hits.list_unknown(self.posts);
        unknown.intersect_mask(mask);
        let mut found = hits.found.resized(self.posts.end());
        found.subtract_mask(&unknown);
        mask.intersect_mask(&found);
        if hits.most_read.is_some_and(|most| unknown.len() > most) {
            return texts.refuse();
        }
        let mut search = words.search();
        for slot in unknown.iter() {
            let Some(post) = self.posts.get(slot) else { continue };
            search.start(&post.title);
            post.terms.iter().for_each(|term| search.add(&term.spelling));
            if !search.is_decided() {
                texts.search(post, &mut search);
            }
            if search.matches() {
                mask.insert(slot);
            }
        }
    }

    /// Searches titles and terms, and the summaries of the newest posts.
    fn search_briefly(&self, found: &Found<'_>, words: &Words, texts: &dyn PostTexts) -> Vec<Slot> {
        let mut search = words.search();
        let mut requested = 0;
        let matches = |slot: &Slot| {
            self.posts.get(*slot).is_some_and(|post| {
                search.start(&post.title);
                post.terms.iter().for_each(|term| search.add(&term.spelling));
                if !search.is_decided() && requested < MOST_SUMMARIES {
                    requested += 1;
                    search.add(&texts.summary(post));
                }
                search.matches()
            })
        };
        found.iter_from(0).filter(matches).take(MOST_FOUND).collect()
    }
}
