//! Writing XML in batches. The libraries copy every text; with a few entries at a time a large feed is in memory only
//! once.

use std::iter;
use std::sync::Arc;

use super::document::Document;
use super::entry::Entry;

/// The number of entries that are copied at a time.
const BATCH: usize = 16;

/// The names of the elements of a document.
pub(super) struct Elements {
    /// The root element.
    pub(super) root: &'static str,
    /// The element that contains the entries.
    pub(super) feed: &'static str,
    /// An entry.
    pub(super) entry: &'static str,
}

/// Writes a document with these elements. `write` returns the whole document with some of its entries. The result begins
/// with one XML declaration on a line of its own, whatever `write` puts before the root. The libraries write extension
/// elements of the feed after its entries; RFC 4287 appendix B has them before.
pub(super) fn write(
    document: &Document,
    Elements { root, feed, entry }: Elements,
    mut write: impl FnMut(&[Arc<Entry>]) -> String,
) -> String {
    let mut out = String::with_capacity(document.estimate_bytes());
    out.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let (start, end) = (format!("<{entry}>"), format!("</{entry}>"));
    let mut rest = String::new();
    let mut batches = document.entries.chunks(BATCH);
    // A feed without entries is a valid document.
    let first = batches.next().unwrap_or_default();
    for (number, entries) in iter::once(first).chain(batches).enumerate() {
        let xml = write(entries);
        // Both tags would be escaped in text, and no other element is between entries.
        let from = xml.find(&start).unwrap_or(xml.len());
        let to = xml.rfind(&end).map_or(from, |at| at + end.len());
        if number == 0 {
            let root = xml.find(&format!("<{root}")).unwrap_or_default();
            let end = xml.rfind(&format!("</{feed}>")).filter(|end| *end >= to).unwrap_or(to);
            out.push_str(&xml[root..from]);
            out.push_str(&xml[to..end]);
            xml[end..].clone_into(&mut rest);
        }
        out.push_str(&xml[from..to]);
    }
    out + &rest + "\n"
}
