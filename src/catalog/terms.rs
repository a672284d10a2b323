//! The terms of a snapshot, by taxonomy and language.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::posts::Posts;
use super::site::Site;
use super::sorted_list::Edit;
use super::term_index::TermIndex;
use crate::post::Listed;

/// The index of each taxonomy. Snapshots share the indices that did not change.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    /// The terms of posts in each source's default language.
    main: Vec<Arc<TermIndex>>,
    /// The terms of each language of a multilingual site, by its code.
    by_language: BTreeMap<Arc<str>, Vec<Arc<TermIndex>>>,
}

impl Terms {
    /// Empty indices for a number of taxonomies.
    pub(super) fn new(taxonomies: usize) -> Self {
        Self { main: vec![Arc::default(); taxonomies], by_language: BTreeMap::new() }
    }

    /// The terms of each taxonomy in each source's default language.
    pub(super) fn main(&self) -> &[Arc<TermIndex>] {
        &self.main
    }

    /// The terms of a taxonomy for posts in one language, by its code.
    pub(super) fn in_language(&self, code: &str, taxonomy: usize) -> Option<&TermIndex> {
        self.by_language.get(code)?.get(taxonomy).map(|index| &**index)
    }

    /// Every index of a taxonomy, that of each source's default language first.
    pub(super) fn all(&self, taxonomy: usize) -> impl Iterator<Item = &TermIndex> {
        let others = self.by_language.values().filter_map(move |terms| terms.get(taxonomy));
        self.main.get(taxonomy).into_iter().chain(others).map(|index| &**index)
    }

    /// Returns true if no term has changed whose slug other terms have too, in each source's default language.
    pub(super) fn has_same_slugs(&self, before: &Self) -> bool {
        self.main.iter().zip(&before.main).all(|(own, other)| own.has_same_slugs(other))
    }

    /// Merges an edit into the index of each term. `before` and `after` are the posts before and after it.
    pub(super) fn apply(&mut self, edit: &Edit<'_>, before: &Posts, after: &Posts, site: &Site) {
        for (code, edit) in edit.distribute(|post| site.language_of(post)) {
            let taxonomies = site.taxonomies.len();
            if !self.by_language.contains_key(code) {
                self.by_language.insert(code.into(), vec![Arc::default(); taxonomies]);
            }
            if let Some(indices) = self.by_language.get_mut(code) {
                edit_indices(indices, Some(code), &edit, (before, after), site);
            }
        }
        let edit = edit.retain(|post| post.language == 0);
        edit_indices(&mut self.main, None, &edit, (before, after), site);
    }

    /// Visits every part that snapshots may share: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        let indices = self.main.iter().chain(self.by_language.values().flatten());
        indices.for_each(|index| index.visit_parts(each));
    }
}

/// Updates the terms of one language; `None`: of each source's default language.
fn edit_indices(
    indices: &mut [Arc<TermIndex>],
    code: Option<&str>,
    edit: &Edit<'_>,
    (before, after): (&Posts, &Posts),
    site: &Site,
) {
    let edit = edit.retain(|post| post.listed != Listed::InSection);
    for (key, edit) in edit.distribute(|post| post.terms.iter().map(|term| (term.taxonomy, &*term.folded))) {
        let taxonomy = usize::from(key.0);
        let Some((_, first)) = edit.joining.first().or(edit.leaving.first()) else { continue };
        let own = site.source(first.source);
        let language = own.site.languages.iter().position(|known| Some(known.as_str()) == code);
        let language = language.unwrap_or_default();
        let term_slug = |term: &str| own.dialect.term_slug(own.settings(), taxonomy, language, term);
        Arc::make_mut(&mut indices[taxonomy]).edit(key, &edit, before, after, term_slug);
    }
}
