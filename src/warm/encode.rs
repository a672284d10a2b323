//! A snapshot → the bytes of the file, block by block.

use std::io::Write;

use super::layout::{BUILD, Error, Head, ProblemRecord, SourceHead, Span, make_trailer, to_time};
use super::record::{Record, TableWriter};
use crate::catalog::{Snapshot, Stored};
use crate::limits::CATALOG_PART_BYTES;

/// A block ends with the post that makes it this large.
const BLOCK_BYTES: usize = 1 << 20;

/// Problems beyond this number are not stored, and are found again.
const PROBLEMS: usize = 10_000;

/// Writes a snapshot, without the sources whose posts are still awaited.
pub(super) fn write(snapshot: &Snapshot, file: &mut dyn Write) -> Result<(), Error> {
    let mut out = Output { file, offset: 0 };
    let mut sections: Vec<Section<'_>> = snapshot.site.sources.iter().map(|_| Section::default()).collect();
    for stored in snapshot.stored() {
        sections[usize::from(stored.post.source)].add(stored, &mut out)?;
    }
    let mut sources = Vec::new();
    for (id, section) in snapshot.site.source_ids().zip(sections) {
        let settings_hash = snapshot.site.source(id).settings_hash;
        let head = section.end(settings_hash, usize::from(id) as u16, &mut out)?;
        if !snapshot.awaited.contains(&id) {
            sources.push(head);
        }
    }
    let problems = snapshot.problems.iter().zip(&*snapshot.since);
    let is_few = snapshot.problems.len() <= PROBLEMS;
    let problems = problems.filter(|_| is_few).map(|(problem, since)| ProblemRecord::new(problem, *since));
    let head = Head {
        revision: snapshot.revision,
        made: to_time(snapshot.made),
        problems: problems.collect(),
        duplicates: snapshot.duplicates as u64,
        sources,
    };
    let head = postcard::to_allocvec(&head)?;
    let trailer = make_trailer(out.offset, &head, *BUILD);
    out.write(&head)?;
    out.file.write_all(&trailer)?;
    Ok(())
}

/// The file, and the number of bytes in it.
struct Output<'f> {
    file: &'f mut dyn Write,
    offset: u64,
}

impl Output<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<Span, Error> {
        let span = Span::new(self.offset, bytes);
        if span.length() > CATALOG_PART_BYTES {
            return Err(Error::TooLarge);
        }
        self.file.write_all(bytes)?;
        self.offset += span.length();
        Ok(span)
    }
}

/// The posts of one source, as far as they are written.
#[derive(Default)]
struct Section<'s> {
    table: TableWriter<'s>,
    /// The block that is not written yet.
    block: Vec<u8>,
    /// True if the posts of that block are hidden.
    is_hidden: bool,
    visible: Vec<Span>,
    hidden: Vec<Span>,
    digest: u128,
}

impl<'s> Section<'s> {
    fn add(&mut self, stored: Stored<'s>, out: &mut Output<'_>) -> Result<(), Error> {
        if self.is_hidden == stored.is_visible || self.block.len() >= BLOCK_BYTES {
            self.flush(out)?;
            self.is_hidden = !stored.is_visible;
        }
        if stored.is_visible {
            self.digest = self.digest.wrapping_add(Snapshot::hash_in_digest(stored.post));
        }
        let record = Record::new(stored, &mut self.table);
        self.block = postcard::to_extend(&record, std::mem::take(&mut self.block))?;
        Ok(())
    }

    /// Writes the block that was begun.
    fn flush(&mut self, out: &mut Output<'_>) -> Result<(), Error> {
        if !self.block.is_empty() {
            let list = if self.is_hidden { &mut self.hidden } else { &mut self.visible };
            list.push(out.write(&self.block)?);
            self.block.clear();
        }
        Ok(())
    }

    /// Writes the rest.
    fn end(mut self, settings_hash: u128, number: u16, out: &mut Output<'_>) -> Result<SourceHead, Error> {
        self.flush(out)?;
        let table = out.write(&self.table.encode()?)?;
        let Self { visible, hidden, digest, .. } = self;
        Ok(SourceHead { settings_hash, number, digest, table, visible, hidden })
    }
}
