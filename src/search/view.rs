//! One state of the index, with the posts of the snapshot that it was made for.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::index::SegmentId;
use tantivy::{Searcher, SegmentReader};

use super::evaluate;
use super::fields::{Fields, KEY};
use super::keys::{Key, Keys};
use crate::catalog::{Hits, Mask, Versions};
use crate::limits::SEARCH_UNINDEXED;
use crate::words::Words;

/// The slot of a document that is of no post.
const NONE: u32 = u32::MAX;

/// The slots of the posts of a segment's documents.
type SegmentSlots = Arc<[u32]>;

/// One state of the index.
pub(super) struct View {
    searcher: Searcher,
    fields: Fields,
    versions: Versions,
    /// The slots of posts that have no document.
    unknown: Arc<Mask>,
    /// The slots of each segment, in the order of the searcher.
    slots: Vec<SegmentSlots>,
}

/// The slots of the segments of the last view.
#[derive(Default)]
pub(super) struct SlotMaps(FxHashMap<SegmentId, SegmentSlots>);

impl SlotMaps {
    /// Forgets all: posts have other slots now.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The slots of each segment of a searcher.
    fn list(&mut self, searcher: &Searcher, keys: &Keys) -> tantivy::Result<Vec<SegmentSlots>> {
        let mut last = std::mem::take(&mut self.0);
        let mut slots = Vec::new();
        for segment in searcher.segment_readers() {
            let own = match last.remove(&segment.segment_id()) {
                Some(own) => own,
                None => read_keys(segment)?.map(|key| keys.find_slot(key).unwrap_or(NONE)).collect(),
            };
            self.0.insert(segment.segment_id(), Arc::clone(&own));
            slots.push(own);
        }
        Ok(slots)
    }
}

/// The key of each document of a segment, also of those that were deleted.
pub(super) fn read_keys(segment: &SegmentReader) -> tantivy::Result<impl Iterator<Item = Key>> {
    let columns = segment.fast_fields();
    let [low, high] =
        [columns.u64(KEY[0])?, columns.u64(KEY[1])?].map(|column| column.first_or_default_col(0));
    Ok((0..segment.max_doc()).map(move |document| Key::new([low.get_val(document), high.get_val(document)])))
}

impl View {
    /// The state of the index in a searcher, for these posts, whose documents have these keys.
    pub(super) fn new(
        searcher: Searcher,
        fields: Fields,
        (versions, unknown): (Versions, Mask),
        (keys, maps): (&Keys, &mut SlotMaps),
    ) -> tantivy::Result<Self> {
        let slots = maps.list(&searcher, keys)?;
        Ok(Self { searcher, fields, versions, unknown: Arc::new(unknown), slots })
    }

    /// The posts with the words.
    pub(super) fn find(&self, words: &Words) -> tantivy::Result<Hits> {
        let mut found = Mask::new(self.versions.end());
        for (segment, slots) in self.searcher.segment_readers().iter().zip(&self.slots) {
            let documents = evaluate::find(segment, self.fields, words)?;
            let alive = documents.iter().filter(|document| !segment.is_deleted(*document));
            alive.for_each(|document| found.insert(slots[document as usize]));
        }
        let (versions, unknown) = (self.versions.clone(), Arc::clone(&self.unknown));
        Ok(Hits { versions, unknown, found, most_read: Some(SEARCH_UNINDEXED) })
    }
}
