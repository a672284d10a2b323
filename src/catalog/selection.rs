//! Which posts a feed holds, as conditions in one normal form.

use crate::config::Order;
use crate::post::text_query::Words;

/// Which posts a feed holds: those for which every condition holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// Terms that each post must have.
    pub all: Vec<TermKey>,
    /// Groups of terms, of each of which it must have at least one.
    pub any: Vec<Vec<TermKey>>,
    /// Terms that it must not have.
    pub not: Vec<TermKey>,
    /// Places of the sources it may come from; `None`: any.
    pub sources: Option<Vec<u16>>,
    /// Codes of the languages it may be in; `None`: each source's default.
    pub languages: Option<Vec<Box<str>>>,
    /// The section that lists it: its source's place and its name.
    pub section: Option<(u16, Box<str>)>,
    /// Words that must all stand in its title, its summary or its terms.
    pub words: Option<Words>,
    /// What "newest" means.
    pub order: Order,
}

impl Selection {
    /// Brings equal conditions into one form: sorted, each once, a choice of one made a demand.
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

    /// Leaves out what holds already for every post of another selection. Both are normalised.
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
    }

    /// Both selections at once.
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
        self.normalise();
        self
    }
}

fn tidy<T: Ord>(list: &mut Vec<T>) {
    list.sort_unstable();
    list.dedup();
}

/// What of a list of choices says more than another does; `None`: nothing.
fn narrow<T: PartialEq + Clone>(asked: Option<Vec<T>>, base: Option<&[T]>) -> Option<Vec<T>> {
    let (asked, base) = match (asked, base) {
        (Some(asked), Some(base)) => (asked, base),
        (asked, _) => return asked,
    };
    if base.iter().all(|choice| asked.contains(choice)) {
        return None;
    }
    let both: Vec<T> = asked.iter().filter(|choice| base.contains(choice)).cloned().collect();
    Some(if both.is_empty() { asked } else { both })
}

fn intersect<T: PartialEq + Clone>(one: Option<Vec<T>>, other: Option<&[T]>) -> Option<Vec<T>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.into_iter().filter(|choice| other.contains(choice)).collect()),
        (one, other) => one.or_else(|| other.map(<[T]>::to_vec)),
    }
}

/// A term, wherever it is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermKey {
    /// Place of its taxonomy.
    pub taxonomy: u8,
    /// Its folded spelling.
    pub folded: Box<str>,
}
