//! Updates the lists of a snapshot with the posts that leave and join.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::snapshot::{Group, Snapshot};
use super::sorted_list::{Edit, Move, compare_changes};
use crate::post::{Listed, Post};

impl Snapshot {
    /// Merges an edit into every list: by source, by group and by term.
    pub(super) fn relist(&mut self, edit: &Edit<'_>, before: &Snapshot) {
        self.edit_all(edit, before);
        let mut by_source: FxHashMap<u16, Edit<'_>> = FxHashMap::default();
        let mut by_group: BTreeMap<Group, Edit<'_>> = BTreeMap::new();
        let site = Arc::clone(&self.site);
        for (moves, side) in [(&edit.leaving, leaving as Side<'_>), (&edit.joining, joining)] {
            for (slot, post) in moves {
                let languages = &site.sources[usize::from(post.source)].site.languages;
                if let Some(code) = languages.get(usize::from(post.language)) {
                    let group = Group::Language(code.as_str().into());
                    side(by_group.entry(group).or_default()).push((*slot, *post));
                }
                if let Some(section) = &post.section {
                    let group = Group::Section(post.source, Arc::clone(section));
                    side(by_group.entry(group).or_default()).push((*slot, *post));
                }
            }
        }
        for (group, mut edit) in by_group {
            if let Group::Language(code) = &group {
                self.edit_terms(Some(Arc::clone(code)), &edit, before);
                edit = edit.retain(|post| post.listed == Listed::Everywhere);
            }
            let list = self.groups.entry(group).or_default();
            *list = Arc::new(edit.apply(list, &before.posts));
        }
        // All other feeds contain posts in each source's default language.
        let edit = edit.retain(|post| post.language == 0);
        self.edit_terms(None, &edit, before);
        let edit = edit.retain(|post| post.listed == Listed::Everywhere);
        if !Arc::ptr_eq(&self.newest, &self.every) {
            self.newest = Arc::new(edit.apply(&self.newest, &before.posts));
        }
        for (moves, side) in [(&edit.leaving, leaving as Side<'_>), (&edit.joining, joining)] {
            for (slot, post) in moves {
                side(by_source.entry(post.source).or_default()).push((*slot, *post));
            }
        }
        for (source, edit) in by_source {
            let list = &mut self.by_source[usize::from(source)];
            *list = Arc::new(edit.apply(list, &before.posts));
        }
    }

    /// Updates the lists of all posts. They are one list as long as every post is in its source's default language
    /// and listed everywhere, and no post has a date of change.
    fn edit_all(&mut self, edit: &Edit<'_>, before: &Snapshot) {
        let is_usual = |post: &Post| post.language == 0 && post.listed == Listed::Everywhere;
        let is_one = Arc::ptr_eq(&self.newest, &self.every) && edit.all(is_usual);
        let is_unchanged = Arc::ptr_eq(&self.by_change, &self.every) && edit.all(|p| p.updated.is_none());
        self.every = Arc::new(edit.apply(&self.every, &before.posts));
        if is_one {
            self.newest = Arc::clone(&self.every);
        }
        if is_unchanged {
            self.by_change = Arc::clone(&self.every);
        } else {
            let mut edit = edit.clone();
            edit.sort(compare_changes);
            self.by_change = Arc::new(edit.apply_by(compare_changes, &self.by_change, &before.posts));
        }
    }

    /// Updates the terms of one language; `None`: of each source's default language.
    fn edit_terms(&mut self, language: Option<Arc<str>>, edit: &Edit<'_>, before: &Snapshot) {
        let mut by_term: FxHashMap<(u8, &str), Edit<'_>> = FxHashMap::default();
        distribute(&edit.leaving, &mut by_term, leaving);
        distribute(&edit.joining, &mut by_term, joining);
        let Snapshot { site, terms, terms_in, posts, .. } = self;
        let code = language.clone();
        let terms = match language {
            Some(code) => terms_in.entry(code).or_insert_with(|| vec![Arc::default(); site.taxonomies.len()]),
            None => terms,
        };
        for ((taxonomy, folded), edit) in by_term {
            let source = edit.joining.first().or(edit.leaving.first()).map_or(0, |(_, post)| post.source);
            let own = &site.sources[usize::from(source)];
            let place = own.site.languages.iter().position(|known| Some(known.as_str()) == code.as_deref());
            let place = place.unwrap_or_default();
            let term_slug =
                |term: &str| own.dialect.term_slug(own.settings(), usize::from(taxonomy), place, term);
            let index = Arc::make_mut(&mut terms[usize::from(taxonomy)]);
            index.edit((taxonomy, folded), &edit, &before.posts, posts, term_slug);
        }
    }
}

/// One side of an edit.
type Side<'a> = for<'e> fn(&'e mut Edit<'a>) -> &'e mut Vec<Move<'a>>;

fn leaving<'e, 'a>(edit: &'e mut Edit<'a>) -> &'e mut Vec<Move<'a>> {
    &mut edit.leaving
}

fn joining<'e, 'a>(edit: &'e mut Edit<'a>) -> &'e mut Vec<Move<'a>> {
    &mut edit.joining
}

/// Distributes the posts of one side of an edit to the lists of their terms.
fn distribute<'a>(moves: &[Move<'a>], by_term: &mut FxHashMap<(u8, &'a str), Edit<'a>>, side: Side<'a>) {
    for (slot, post) in moves.iter().filter(|(_, post)| post.listed != Listed::InSection) {
        for term in &post.terms {
            let moves = side(by_term.entry((term.taxonomy, &*term.folded)).or_default());
            // A post with two spellings of one term is in its list once.
            if moves.last().is_none_or(|(last, _)| last != slot) {
                moves.push((*slot, *post));
            }
        }
    }
}
