//! One taxonomy's terms: found by any spelling or slug, each with its posts.

use std::cmp::Reverse;
use std::sync::Arc;

use super::post_list::PostList;
use super::posts::Posts;
use super::shared_map::SharedMap;
use super::shared_vec::SharedVec;
use super::sorted_list::Edit;
use super::typing_errors::for_each_error;
use crate::post::term::{fold, list_fallbacks, make_slug};
use crate::post::{Post, Term};

/// One term and its visible posts, newest first. It stays known after its last post is removed.
#[derive(Debug, Clone)]
pub struct TermEntry {
    /// The folded form of all its spellings.
    pub folded: Arc<str>,
    /// Its most frequent spelling; of equally frequent ones, that of the newest post.
    pub spelling: Arc<Term>,
    /// Its posts.
    pub posts: PostList,
    spellings: Vec<(Arc<Term>, u32)>,
}

/// The terms of one taxonomy.
#[derive(Debug, Clone, Default)]
pub struct TermIndex {
    entries: SharedMap<Arc<str>, Arc<TermEntry>>,
    names: Names,
    /// Slugs that several terms have, each with these terms, the owner first. Any number of terms can share a slug.
    contested: SharedMap<Arc<str>, SharedVec<OwnerRank>>,
}

/// The order of terms with one slug. The term spelled like the slug owns it, since spellings are looked up first;
/// else the term with most posts does.
type OwnerRank = (bool, Reverse<usize>, Arc<str>);

/// The names, in addition to spellings, by which terms are found. They change only with a new term.
#[derive(Debug, Clone, Default)]
struct Names {
    /// By slug: the first folded spelling with this slug.
    slugs: SharedMap<Arc<str>, Arc<str>>,
    /// By the paths that terms with shared slugs may have instead: the first of their folded spellings.
    fallbacks: SharedMap<Arc<str>, Arc<str>>,
    /// By the slug that a generator makes: a folded spelling.
    other_slugs: SharedMap<Arc<str>, Arc<str>>,
    /// By the slug in ASCII letters and digits that most systems make: a folded spelling.
    plain_slugs: SharedMap<Arc<str>, Arc<str>>,
}

impl TermIndex {
    /// Finds the term for a text in a URL path: by spelling, then by slug or, where another term owns the slug, by a
    /// fallback, then by the generator's slug.
    pub fn find(&self, text: &str) -> Option<&Arc<TermEntry>> {
        let folded = fold(text);
        let by_other = || self.entries.get(self.names.other_slugs.get(folded.as_str())?);
        self.find_canonical(&folded).or_else(by_other)
    }

    fn find_canonical(&self, path: &str) -> Option<&Arc<TermEntry>> {
        let by_fallback = || self.entries.get(self.names.fallbacks.get(path)?);
        self.entries.get(path).or_else(|| self.find_owner(path)).or_else(by_fallback)
    }

    /// The term that owns a slug.
    fn find_owner(&self, slug: &str) -> Option<&Arc<TermEntry>> {
        let contested = self.contested.get(slug).and_then(|ranks| ranks.get(0)).map(|(_, _, folded)| folded);
        self.entries.get(contested.or_else(|| self.names.slugs.get(slug))?)
    }

    /// Finds a term by its slug in ASCII letters and digits.
    pub fn find_plain(&self, text: &str) -> Option<&Arc<TermEntry>> {
        self.entries.get(self.names.plain_slugs.get(text)?)
    }

    /// Finds the term with posts whose slug is one typing error away from a text; of several, the one with most
    /// posts. It tries every error, so its cost depends only on the length of the text.
    pub fn find_near(&self, text: &str) -> Option<&Arc<TermEntry>> {
        const LONGEST: usize = 24;
        let slug: Vec<char> = make_slug(&fold(text)).chars().take(LONGEST + 1).collect();
        if !(2..=LONGEST).contains(&slug.len()) {
            return None;
        }
        let mut best: Option<&Arc<TermEntry>> = None;
        for_each_error(&slug, |path| {
            let found = self.find_owner(path).filter(|entry| !entry.posts.is_empty());
            best = [best, found].into_iter().flatten().min_by_key(|entry| rank(entry));
        });
        best
    }

    /// The term with exactly this folded spelling.
    pub fn get(&self, folded: &str) -> Option<&Arc<TermEntry>> {
        self.entries.get(folded)
    }

    /// The URL path of a term, not yet encoded: its slug, unless another term owns that; then the first of
    /// its fallbacks by which it is found.
    pub fn slug_of(&self, entry: &TermEntry) -> String {
        let slug = make_slug(&entry.folded);
        if self.find_owner(&slug).is_none_or(|owner| owner.folded == entry.folded) {
            return slug;
        }
        let is_own =
            |path: &String| self.find_canonical(path).is_some_and(|found| found.folded == entry.folded);
        let [plain, hashed, again] = list_fallbacks(&entry.folded);
        [plain, hashed].into_iter().find(is_own).unwrap_or(again)
    }

    /// Every term, those with most posts first, then by spelling.
    pub fn list(&self) -> Vec<&Arc<TermEntry>> {
        let mut entries: Vec<_> = self.entries.iter().map(|(_, entry)| entry).collect();
        entries.sort_by_key(|entry| rank(entry));
        entries
    }

    /// The terms that may differ from an earlier version: in their spelling, in their posts, or in their URL path, which
    /// may change with any term that has the same slug. They include terms whose last post was removed.
    ///
    /// Costs what changed: versions share the other terms.
    pub(super) fn list_changed(&self, before: &Self) -> Vec<&Arc<TermEntry>> {
        let own = self.entries.iter_unshared(&before.entries).map(|(_, entry)| entry);
        let is_known =
            |entry: &Arc<TermEntry>| before.get(&entry.folded).is_some_and(|known| Arc::ptr_eq(known, entry));
        let mut changed: Vec<&Arc<TermEntry>> = own.filter(|entry| !is_known(entry)).collect();
        let contested = self.contested.iter_unshared(&before.contested);
        changed
            .extend(contested.flat_map(|(_, ranks)| ranks.iter()).filter_map(|(_, _, term)| self.get(term)));
        changed.sort_by_key(|entry| rank(entry));
        changed.dedup_by(|one, other| Arc::ptr_eq(one, other));
        changed
    }

    /// Returns true if no term has changed, compared with an earlier version, whose slug other terms have too.
    pub(super) fn has_same_slugs(&self, before: &Self) -> bool {
        self.contested.is_same(&before.contested)
    }

    /// The number of terms that have posts.
    pub fn count(&self) -> usize {
        self.entries.iter().filter(|(_, entry)| !entry.posts.is_empty()).count()
    }

    /// Merges in the changes of one term, given by taxonomy and folded spelling. `before` and `after` are the posts
    /// before and after the changes.
    pub(super) fn edit(
        &mut self,
        (taxonomy, folded): (u8, &str),
        edit: &Edit<'_>,
        before: &Posts,
        after: &Posts,
        term_slug: impl Fn(&str) -> String,
    ) {
        let old = self.entries.get(folded);
        let none = PostList::default();
        let posts = old.map_or(&none, |entry| &entry.posts).edited(edit, before, after);
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
        let most: Vec<&Arc<Term>> =
            spellings.iter().filter(|(_, count)| Some(*count) == most).map(|(term, _)| term).collect();
        let spelling = match most[..] {
            [only] => Some(Arc::clone(only)),
            // Of equally frequent ones, that of the newest post.
            _ => {
                let mut newest = posts.iter().filter_map(|slot| own(after.get(slot)?));
                newest.find(|term| most.contains(&term)).or_else(|| old.map(|entry| entry.spelling.clone()))
            }
        };
        let Some(spelling) = spelling else { return };
        let folded: Arc<str> = old.map_or_else(|| folded.into(), |entry| Arc::clone(&entry.folded));
        let old = old.cloned();
        if old.is_none() {
            self.insert_names(&folded, &spelling, term_slug);
        }
        let entry = Arc::new(TermEntry { folded: Arc::clone(&folded), spelling, posts, spellings });
        self.entries.insert(folded, Arc::clone(&entry));
        if old.is_none() || !self.contested.is_empty() {
            self.rank_owners(old.as_deref(), &entry);
        }
    }

    /// Inserts a term into the ranking of the terms with its slug.
    fn rank_owners(&mut self, before: Option<&TermEntry>, entry: &TermEntry) {
        let slug = make_slug(&entry.folded);
        let Some((slug, first)) = self.names.slugs.get_key_value(&*slug) else { return };
        let is_contested = self.contested.contains_key(slug);
        if !is_contested && *first == entry.folded {
            return;
        }
        let slug = Arc::clone(slug);
        let mut ranks = self.contested.get(&slug).cloned().unwrap_or_default();
        let place =
            |ranks: &SharedVec<OwnerRank>, rank: &OwnerRank| ranks.partition_point(|known| known < rank);
        match before {
            Some(before) => ranks.remove(place(&ranks, &rank_owner(before, &slug))),
            None if is_contested => {}
            None => {
                if let Some(first) = self.entries.get(first) {
                    ranks.insert(0, rank_owner(first, &slug));
                }
            }
        }
        let own = rank_owner(entry, &slug);
        ranks.insert(place(&ranks, &own), own);
        self.contested.insert(slug, ranks);
    }

    fn insert_names(&mut self, folded: &Arc<str>, spelling: &Term, term_slug: impl Fn(&str) -> String) {
        let names = &mut self.names;
        let slug: Arc<str> = make_slug(folded).into();
        let first = names.slugs.get(&slug).map_or_else(|| Arc::clone(folded), Arc::clone);
        set_default(&mut names.slugs, Arc::clone(&slug), folded);
        // The first is not contested before there is a second.
        let contested = match (first == *folded, self.contested.contains_key(&slug)) {
            (true, _) => vec![],
            (false, false) => vec![&first, folded],
            (false, true) => vec![folded],
        };
        for folded in contested {
            for path in list_fallbacks(folded) {
                // Equal on every machine, in whatever order terms are read.
                if names.fallbacks.get(path.as_str()).is_none_or(|first| *folded < *first) {
                    names.fallbacks.insert(path.into(), Arc::clone(folded));
                }
            }
        }
        let other = fold(&term_slug(&spelling.spelling));
        if !other.is_empty() {
            set_default(&mut names.other_slugs, other.into(), folded);
        }
        let plain = slug::slugify(folded);
        if !plain.is_empty() && *plain != **folded {
            set_default(&mut names.plain_slugs, plain.into(), folded);
        }
    }

    /// Visits every part that snapshots may share: its address and its size in bytes.
    #[cfg(test)]
    pub(super) fn visit_parts(&self, each: &mut dyn FnMut(usize, usize)) {
        self.entries.visit_parts(each);
        self.entries.iter().for_each(|(_, entry)| entry.posts.visit_parts(each));
        let Names { slugs, fallbacks, other_slugs, plain_slugs } = &self.names;
        for names in [slugs, fallbacks, other_slugs, plain_slugs] {
            names.visit_parts(each);
        }
        self.contested.visit_parts(each);
        self.contested.iter().for_each(|(_, ranks)| ranks.visit_parts(each));
    }

    /// Slugs that several terms with posts have: each with its terms, the owner first.
    pub fn collisions(&self) -> impl Iterator<Item = (&str, Vec<&Arc<TermEntry>>)> {
        self.contested.iter().filter_map(|(slug, ranks)| {
            let terms = ranks.iter().filter_map(|(_, _, folded)| self.entries.get(folded));
            let terms: Vec<_> = terms.filter(|entry| !entry.posts.is_empty()).collect();
            (terms.len() > 1).then_some((&**slug, terms))
        })
    }
}

/// Inserts the folded spelling of a term under a name that no term has yet.
fn set_default(names: &mut SharedMap<Arc<str>, Arc<str>>, name: Arc<str>, folded: &Arc<str>) {
    if !names.contains_key(&name) {
        names.insert(name, Arc::clone(folded));
    }
}

fn rank_owner(entry: &TermEntry, slug: &str) -> OwnerRank {
    let (posts, folded) = rank(entry);
    (slug != &*entry.folded, posts, folded)
}

/// Terms with most posts come first; ties by folded spelling.
fn rank(entry: &TermEntry) -> (Reverse<usize>, Arc<str>) {
    (Reverse(entry.posts.len()), Arc::clone(&entry.folded))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use crate::catalog::Catalog;
    use crate::catalog::tests::{at, post, put, site};
    use crate::post::term::fold;

    #[test]
    fn terms_that_share_a_slug_have_paths_that_are_safe_everywhere() {
        for (owner, other, path) in [
            ("~..", "..", "~..~"),
            ("a/~/b", "a//b", "a/~/b~"),
            ("~", "\0", "~~"),
            ("a b", "a \u{1}b", "a b~"),
            ("a-b", "a b\u{1}", "a b"),
        ] {
            let mut catalog = Catalog::new(site());
            let posts = [post(0, "x", "a", 1, &[owner]), post(0, "y", "b", 2, &[owner, other])];
            let snapshot = catalog.apply(posts.map(put).to_vec(), at(10));
            let terms = snapshot.terms(0);
            let slug = terms.slug_of(terms.get(&fold(other)).expect("it is known"));
            let hash = slug.strip_prefix(path).unwrap_or_else(|| panic!("{other:?}: {slug}"));
            assert!(
                path == slug || (hash.len() == 8 && hash.chars().all(|c| c.is_ascii_hexdigit())),
                "{slug}"
            );
            assert_eq!(terms.find(&slug).map(|found| &*found.folded), Some(&*fold(other)), "{slug}");
        }
    }

    proptest! {
        #[test]
        fn every_term_is_found_at_a_safe_path_of_its_own(
            tags in proptest::collection::vec("[ab/.~ \u{1}\u{7f}-]{1,6}", 1..30)
        ) {
            let mut catalog = Catalog::new(site());
            let tags: Vec<&str> = tags.iter().map(String::as_str).collect();
            // The owner of a slug also depends on the number of posts of a term.
            let posts = [post(0, "x", "a", 1, &tags), post(0, "y", "b", 2, &tags[tags.len() / 2..])];
            let snapshot = catalog.apply(posts.map(put).to_vec(), at(10));
            let terms = snapshot.terms(0);
            let mut paths = BTreeSet::new();
            for entry in terms.list() {
                let path = terms.slug_of(entry);
                prop_assert!(path.split('/').all(|segment| !matches!(segment, "" | "." | "..")), "{path:?}");
                prop_assert!(!path.contains(char::is_control), "{path:?}");
                prop_assert_eq!(&terms.find(&path).expect("it is found").folded, &entry.folded);
                prop_assert!(paths.insert(path));
            }
        }
    }
}
