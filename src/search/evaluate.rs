//! A query on one segment of the index → the documents that match. Documents that were deleted are among them.

use tantivy::postings::{Postings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED};

use super::atoms::Atom;
use super::fields::Fields;
use crate::catalog::Mask;
use crate::words::{Condition, Words};

/// The number of documents whose positions are compared at a time.
const BATCH: usize = 4096;

/// The documents of a segment that match.
pub(super) fn find(segment: &SegmentReader, fields: Fields, words: &Words) -> tantivy::Result<Mask> {
    let parts = |is_excluded: bool| {
        let conditions = words.conditions().iter().filter(move |it| it.is_excluded == is_excluded);
        let mut parts: Vec<Part<'_>> = conditions.map(Part::new).collect();
        // Positions cost more than terms.
        parts.sort_by_key(|part| part.atoms.len());
        parts
    };
    let mut found: Option<Mask> = None;
    for part in parts(false) {
        let matching = part.find(segment, fields, found.as_ref())?;
        match &mut found {
            Some(found) => found.intersect_mask(&matching),
            None => found = Some(matching),
        }
        if found.as_ref().is_some_and(Mask::is_empty) {
            break;
        }
    }
    let mut found = found.unwrap_or_default();
    if !found.is_empty() {
        for part in parts(true) {
            found.subtract_mask(&part.find(segment, fields, Some(&found))?);
        }
    }
    Ok(found)
}

/// A condition with its terms.
struct Part<'q> {
    condition: &'q Condition,
    atoms: Vec<Atom<'q>>,
}

impl<'q> Part<'q> {
    fn new(condition: &'q Condition) -> Self {
        Self { condition, atoms: Atom::list(condition) }
    }

    /// The documents that meet the condition, whether it is an exclusion or not; those that are not `within` may be left
    /// out.
    fn find(&self, segment: &SegmentReader, fields: Fields, within: Option<&Mask>) -> tantivy::Result<Mask> {
        let field = if self.condition.in_title { fields.title } else { fields.texts };
        let index = segment.inverted_index(field)?;
        let end = segment.max_doc() as usize;
        let mut candidates: Option<Mask> = within.cloned();
        for atom in &self.atoms {
            let mut documents = Mask::new(end);
            atom.visit_terms(&index, |term| add_documents(&index, term, &mut documents))?;
            match &mut candidates {
                Some(candidates) => candidates.intersect_mask(&documents),
                None => candidates = Some(documents),
            }
        }
        let candidates = candidates.unwrap_or_else(|| Mask::new(end));
        if self.atoms.len() < 2 || candidates.is_empty() {
            return Ok(candidates);
        }
        self.filter_by_positions(&index, &candidates, end)
    }

    /// The candidates in which the terms are where they must be.
    fn filter_by_positions(
        &self,
        index: &InvertedIndexReader,
        candidates: &Mask,
        end: usize,
    ) -> tantivy::Result<Mask> {
        let list = |atom: &Atom<'_>| Ok((atom.offset, atom.list_terms(index)?));
        let mut terms: Vec<(u32, Vec<TermInfo>)> =
            self.atoms.iter().map(list).collect::<tantivy::Result<_>>()?;
        // The rarest first: it has the fewest positions.
        terms.sort_by_key(|(_, terms)| terms.iter().map(|term| u64::from(term.doc_freq)).sum::<u64>());
        let mut found = Mask::new(end);
        let mut rest = candidates.iter().peekable();
        while rest.peek().is_some() {
            let mut documents: Vec<DocId> = rest.by_ref().take(BATCH).collect();
            let mut starts: Option<Vec<(DocId, u32)>> = None;
            for (offset, terms) in &terms {
                let mut places = list_starts(index, terms, *offset, &documents)?;
                if let Some(starts) = &starts {
                    places.retain(|place| starts.binary_search(place).is_ok());
                }
                documents = places.iter().map(|(document, _)| *document).collect();
                documents.dedup();
                starts = Some(places);
            }
            for document in documents {
                found.insert(document);
            }
        }
        Ok(found)
    }
}

/// Adds the documents of a term to a set.
fn add_documents(index: &InvertedIndexReader, term: &TermInfo, documents: &mut Mask) -> tantivy::Result<()> {
    let mut postings = index.read_postings_from_terminfo(term, IndexRecordOption::Basic)?;
    while postings.doc() != TERMINATED {
        documents.insert(postings.doc());
        postings.advance();
    }
    Ok(())
}

/// The places in documents at which a phrase would begin if one of the terms, `offset` units after its beginning, is in
/// it, in order.
fn list_starts(
    index: &InvertedIndexReader,
    terms: &[TermInfo],
    offset: u32,
    documents: &[DocId],
) -> tantivy::Result<Vec<(DocId, u32)>> {
    let (mut starts, mut positions) = (Vec::new(), Vec::new());
    for term in terms {
        let mut postings =
            index.read_postings_from_terminfo(term, IndexRecordOption::WithFreqsAndPositions)?;
        for document in documents {
            if postings.doc() < *document {
                postings.seek(*document);
            }
            if postings.doc() == *document {
                postings.positions(&mut positions);
                let places = positions.iter().filter_map(|position| position.checked_sub(offset));
                starts.extend(places.map(|place| (*document, place)));
            }
        }
    }
    if terms.len() > 1 {
        starts.sort_unstable();
    }
    Ok(starts)
}
