//! Writing XML in batches. The libraries copy every text; with a few entries at a time a large feed is in memory only
//! once.

use std::iter;
use std::sync::Arc;

use super::document::Document;
use super::entry::Entry;

/// The number of entries that are copied at a time.
const BATCH: usize = 16;

/// Writes a document whose root element is `root` and whose entries are `entry` elements. `write` returns the whole
/// document with some of its entries. The result begins with one XML declaration on a line of its own, whatever
/// `write` puts before the root.
pub(super) fn write(
    document: &Document,
    (root, entry): (&str, &str),
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
            out.push_str(&xml[root..from]);
            xml[to..].clone_into(&mut rest);
        }
        out.push_str(&xml[from..to]);
    }
    out + &rest + "\n"
}
