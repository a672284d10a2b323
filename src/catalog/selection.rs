//! Selections: conditions on posts, in one normal form.

use super::period::Period;
use super::site::Site;
use crate::config::Order;
use crate::post::{Post, SourceId};
use crate::words::Words;

/// The conditions that every post of a feed meets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// Terms that each post must have.
    pub all: Vec<TermKey>,
    /// Groups of terms; each post must have at least one term of each group.
    pub any: Vec<Vec<TermKey>>,
    /// Terms that no post may have.
    pub not: Vec<TermKey>,
    /// Indices of the sources that posts may come from; `None`: any.
    pub sources: Option<Vec<SourceId>>,
    /// Codes of the languages that posts may be in; `None`: each source's default.
    pub languages: Option<Vec<Box<str>>>,
    /// The section that lists the posts: the index of its source, and its name.
    pub section: Option<(SourceId, Box<str>)>,
    /// Conditions on the words of a post.
    pub words: Option<Words>,
    /// The period in which posts are published.
    pub period: Period,
    /// The period in which posts arrived.
    pub arrived: Period,
    /// The date that posts are sorted by.
    pub order: Order,
}

impl Selection {
    /// Brings equal conditions into one form: sorted, without duplicates, a group of one term as a required term.
    pub fn normalise(&mut self) {
        for group in &mut self.any {
            tidy(group);
        }
        let single: Vec<TermKey> =
            self.any.iter().filter(|group| group.len() == 1).flatten().cloned().collect();
        self.all.extend(single);
        tidy(&mut self.all);
        tidy(&mut self.not);
        self.any.retain(|group| group.len() > 1 && !group.iter().any(|key| self.all.contains(key)));
        tidy(&mut self.any);
        self.sources.iter_mut().for_each(tidy);
        self.languages.iter_mut().for_each(tidy);
    }

    /// Drops the conditions that every post of `base` meets anyway. Both selections are normalised.
    pub fn drop_implied(&mut self, base: &Self) {
        self.all.retain(|key| !base.all.contains(key));
        self.not.retain(|key| !base.not.contains(key));
        self.any.retain(|group| {
            let by_term = group.iter().any(|key| base.all.contains(key));
            let by_choice = base.any.iter().any(|own| own.iter().all(|key| group.contains(key)));
            !by_term && !by_choice
        });
        self.sources = narrow(self.sources.take(), base.sources.as_deref());
        self.languages = narrow(self.languages.take(), base.languages.as_deref());
        self.words = self.words.take().and_then(|words| match &base.words {
            Some(own) => words.beyond(own),
            None => Some(words),
        });
        self.period = self.period.beyond(base.period);
    }

    /// The conditions of both selections.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        self.all.extend_from_slice(&other.all);
        self.any.extend_from_slice(&other.any);
        self.not.extend_from_slice(&other.not);
        self.sources = intersect(self.sources, other.sources.as_deref());
        self.languages = intersect(self.languages, other.languages.as_deref());
        self.words = match (self.words, &other.words) {
            (Some(own), Some(other)) => Some(own.and(other)),
            (own, other) => own.or_else(|| other.clone()),
        };
        self.period = self.period.and(other.period);
        self.arrived = self.arrived.and(other.arrived);
        self.normalise();
        self
    }

    /// Returns true if the selection may contain posts of a source.
    pub(super) fn may_contain(&self, source: SourceId) -> bool {
        self.sources.as_ref().is_none_or(|sources| sources.contains(&source))
            && self.section.as_ref().is_none_or(|(own, _)| *own == source)
    }

    /// Returns true if the selection contains a post once it is visible. Search words are not checked.
    pub(super) fn matches(&self, site: &Site, post: &Post) -> bool {
        let has = |key: &TermKey| {
            post.terms.iter().any(|term| term.taxonomy == key.taxonomy && term.folded == key.folded)
        };
        let in_language = match &self.languages {
            None => post.language == 0 || self.section.is_some(),
            Some(codes) => site.language_of(post).is_some_and(|own| codes.iter().any(|code| **code == *own)),
        };
        let in_section =
            self.section.as_ref().is_none_or(|(_, name)| post.section.as_deref() == Some(&**name));
        in_language
            && in_section
            && self.period.contains(post.published)
            && self.arrived.contains(post.arrival().time())
            && self.may_contain(post.source)
            && self.all.iter().all(has)
            && self.any.iter().all(|group| group.iter().any(has))
            && !self.not.iter().any(has)
    }
}

fn tidy<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}

/// The choices of one list as far as they narrow down `base`; `None`: not at all.
fn narrow<T: PartialEq + Clone>(own: Option<Vec<T>>, base: Option<&[T]>) -> Option<Vec<T>> {
    let (own, base) = match (own, base) {
        (Some(own), Some(base)) => (own, base),
        (own, _) => return own,
    };
    if base.iter().all(|choice| own.contains(choice)) {
        return None;
    }
    let both: Vec<T> = own.iter().filter(|choice| base.contains(choice)).cloned().collect();
    Some(if both.is_empty() { own } else { both })
}

fn intersect<T: PartialEq + Clone>(one: Option<Vec<T>>, other: Option<&[T]>) -> Option<Vec<T>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.into_iter().filter(|choice| other.contains(choice)).collect()),
        (one, other) => one.or_else(|| other.map(<[T]>::to_vec)),
    }
}

/// The key of a term in every index.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermKey {
    /// The index of its taxonomy.
    pub taxonomy: u8,
    /// Its folded spelling.
    pub folded: Box<str>,
}
