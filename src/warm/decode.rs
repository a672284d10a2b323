//! The bytes of the file → the posts of each source, on every core.

use std::collections::HashMap;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use chrono::{DateTime, Utc};

use super::layout::{BUILD, Error, Head, ProblemRecord, ReadAt, SourceHead, Span, from_time, read_head};
use super::record::{Record, Table};
use crate::catalog::{Restored, RestoredSource, Site, Snapshot};
use crate::post::{Post, SourceId};

/// The contents of a file, with the sources of a site that cannot be used, and the reasons.
pub(super) struct Decoded {
    pub(super) restored: Restored,
    pub(super) rejected: Vec<(SourceId, Option<Error>)>,
}

/// Decodes the sources of a site, as of `now`. A source that has other settings now is rejected without an error.
pub(super) fn read(file: &dyn ReadAt, site: &Site, now: DateTime<Utc>) -> Result<Decoded, Error> {
    let bytes = read_head(file, *BUILD)?;
    let head: Head<'_> = postcard::from_bytes(&bytes)?;
    let made = from_time(head.made)?;
    if made > now {
        return Err(Error::FromFuture(made));
    }
    let problems = head.problems.iter().map(ProblemRecord::to_problem).collect::<Result<_, _>>()?;
    let mut rejected = Vec::new();
    let mut sections = Vec::new();
    for id in site.source_ids() {
        let hash = site.source(id).settings_hash;
        let Some(head) = head.sources.iter().find(|head| head.settings_hash == hash) else {
            rejected.push((id, None));
            continue;
        };
        match read_table(file, head, site) {
            Ok(table) => sections.push(Section { id, head, table }),
            Err(error) => rejected.push((id, Some(error))),
        }
    }
    let mut sources = Vec::new();
    for (section, posts) in sections.iter().zip(read_blocks(file, &sections)) {
        match posts {
            Ok(blocks) => sources.push(section.restore(blocks)),
            Err(error) => rejected.push((section.id, Some(error))),
        }
    }
    let (revision, duplicates) = (head.revision, head.duplicates as usize);
    Ok(Decoded { restored: Restored { revision, made, problems, duplicates, sources }, rejected })
}

fn read_table(file: &dyn ReadAt, head: &SourceHead, site: &Site) -> Result<Table, Error> {
    Table::decode(head.table.read(file, &mut Vec::new())?, site.taxonomies.len())
}

/// A source whose blocks are read.
struct Section<'h> {
    id: SourceId,
    head: &'h SourceHead,
    table: Table,
}

/// The posts of one block, and the ids of some of them as their files give them.
type Block = (Vec<Arc<Post>>, Vec<(Arc<str>, Box<str>)>);

impl Section<'_> {
    fn spans(&self) -> impl Iterator<Item = Span> {
        self.head.visible.iter().chain(&self.head.hidden).copied()
    }

    fn decode(&self, bytes: &[u8]) -> Result<Block, Error> {
        let (mut posts, mut own_ids) = (Vec::new(), Vec::new());
        let mut rest = bytes;
        while !rest.is_empty() {
            let (record, after): (Record<'_>, _) = postcard::take_from_bytes(rest)?;
            let post = Arc::new(record.to_post(self.id, &self.table)?);
            own_ids.extend(record.own_id().map(|id| (Arc::clone(&post.path), id.into())));
            posts.push(post);
            rest = after;
        }
        Ok((posts, own_ids))
    }

    fn restore(&self, blocks: Vec<Block>) -> RestoredSource {
        let mut own_ids = HashMap::new();
        let mut posts = blocks.into_iter().map(|(posts, own)| {
            own_ids.extend(own);
            posts
        });
        let visible: Vec<Arc<Post>> = posts.by_ref().take(self.head.visible.len()).flatten().collect();
        let hidden: Vec<Arc<Post>> = posts.flatten().collect();
        let is_same_place = usize::from(self.head.number) == usize::from(self.id);
        let digest = if is_same_place {
            self.head.digest
        } else {
            visible.iter().map(|post| Snapshot::hash_in_digest(post)).fold(0, u128::wrapping_add)
        };
        RestoredSource { id: self.id, visible, hidden, own_ids, digest }
    }
}

/// Reads the blocks of each section, on every core.
fn read_blocks(file: &dyn ReadAt, sections: &[Section<'_>]) -> Vec<Result<Vec<Block>, Error>> {
    let jobs: Vec<(usize, Span)> = sections
        .iter()
        .enumerate()
        .flat_map(|(place, section)| section.spans().map(move |span| (place, span)))
        .collect();
    let cores = thread::available_parallelism().map_or(1, NonZero::get).min(jobs.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let (mut done, mut buffer) = (Vec::new(), Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let Some((place, span)) = jobs.get(number) else { return done };
            let decode = |bytes: &[u8]| sections[*place].decode(bytes);
            done.push((number, span.read(file, &mut buffer).and_then(decode)));
        }
    };
    let mut blocks: Vec<_> = thread::scope(|scope| {
        let others: Vec<_> = (1..cores).map(|_| scope.spawn(work)).collect();
        let own = work();
        // A thread that panicked leaves its blocks out, which is damage.
        own.into_iter().chain(others.into_iter().flat_map(|other| other.join().unwrap_or_default())).collect()
    });
    blocks.sort_unstable_by_key(|(number, _)| *number);
    let mut results: Vec<Result<Vec<Block>, Error>> = sections.iter().map(|_| Ok(Vec::new())).collect();
    for (number, block) in blocks {
        let result = &mut results[jobs[number].0];
        match (block, &mut *result) {
            (Ok(block), Ok(blocks)) => blocks.push(block),
            (Err(error), Ok(_)) => *result = Err(error),
            (_, Err(_)) => {}
        }
    }
    let complete = |(section, result): (&Section<'_>, Result<Vec<Block>, Error>)| {
        result.and_then(|blocks| {
            if blocks.len() == section.spans().count() { Ok(blocks) } else { Err(Error::Damaged) }
        })
    };
    sections.iter().zip(results).map(complete).collect()
}
