//! A condition of a query → the terms of the index that must occur, each at its place.

use std::borrow::Cow;

use tantivy::InvertedIndexReader;
use tantivy::postings::TermInfo;

use crate::words::{Condition, Unit};

/// A term that must occur, or one of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Atom<'q> {
    /// The number of units before it.
    pub(super) offset: u32,
    /// The term, or its beginning.
    pub(super) text: Cow<'q, str>,
    /// True if it is the beginning of a term.
    pub(super) is_prefix: bool,
}

impl<'q> Atom<'q> {
    /// The atoms of a condition. A character of a script without spaces that stands alone is the beginning of a term, since
    /// a term has the character after it too.
    pub(super) fn list(condition: &'q Condition) -> Vec<Self> {
        let units: Vec<Unit<'q>> = condition.units().collect();
        let last = units.len().saturating_sub(1);
        let atom = |(place, unit): (usize, &Unit<'q>)| {
            let offset = place as u32;
            let joined = units.get(place + 1).filter(|next| next.is_joined);
            match (unit.is_character, joined) {
                (true, Some(next)) => {
                    let text = Cow::Owned(format!("{}{}", unit.text, next.text));
                    Some(Self { offset, text, is_prefix: false })
                }
                (true, None) if unit.is_joined => None,
                (true, None) => Some(Self { offset, text: unit.text.into(), is_prefix: true }),
                (false, _) => {
                    let is_prefix = condition.is_prefix && place == last;
                    Some(Self { offset, text: unit.text.into(), is_prefix })
                }
            }
        };
        units.iter().enumerate().filter_map(atom).collect()
    }

    /// Visits the terms of an index that the atom allows.
    pub(super) fn visit_terms(
        &self,
        index: &InvertedIndexReader,
        mut visit: impl FnMut(&TermInfo) -> tantivy::Result<()>,
    ) -> tantivy::Result<()> {
        let terms = index.terms();
        if !self.is_prefix {
            return terms.get(self.text.as_bytes())?.map_or(Ok(()), |term| visit(&term));
        }
        let mut end = self.text.as_bytes().to_vec();
        // No byte of UTF-8 is 255.
        if let Some(last) = end.last_mut() {
            *last += 1;
        }
        let mut stream = terms.range().ge(self.text.as_bytes()).lt(end).into_stream()?;
        while stream.advance() {
            visit(stream.value())?;
        }
        Ok(())
    }

    /// The terms of an index that the atom allows.
    pub(super) fn list_terms(&self, index: &InvertedIndexReader) -> tantivy::Result<Vec<TermInfo>> {
        let mut found = Vec::new();
        self.visit_terms(index, |term| {
            found.push(term.clone());
            Ok(())
        })?;
        Ok(found)
    }
}
