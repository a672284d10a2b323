//! Snapshot + selection → documents: RSS, Atom, JSON Feed, OPML. Documents do not depend on the format until the last
//! step, and all their URLs are absolute.

mod address;
mod archives;
mod atom;
mod bad_query;
mod batch;
mod compat;
mod digest_entry;
mod digests;
mod document;
mod entries;
mod entry;
mod entry_texts;
mod fingerprint;
mod footer;
mod form;
mod group;
mod json;
mod lenient;
mod media;
mod near;
mod opml;
mod other_paths;
mod parse_feed;
mod plan;
mod query;
mod query_parser;
mod resolve;
mod rss;
mod selection;
mod title;
mod weighted_cache;
mod wordpress;
mod xml_text;

pub use address::{Address, Place, list_formats};
pub use archives::Archives;
pub use bad_query::BadQuery;
pub use digests::{Digest, find_digest, has_digests};
pub use document::{Document, build};
pub use entries::{Bodies, Entries, Unread};
pub use entry::{Category, Enclosure, Entry, Person, Times, id_prefix};
pub use entry_texts::{EntryTexts, IndexedText, TextIndex};
pub use fingerprint::Fingerprint;
pub use footer::FooterWriter;
pub use group::{Group, list_places};
pub use near::{find_moved, suggest};
pub use opml::write_opml;
pub use other_paths::list_other_paths;
pub use parse_feed::{OldEntry, ReadError, read as read_feed};
pub use plan::{Feed, Pages, plan, plan_page, searches};
pub use query::{Query, slug_of};
pub use query_parser::{asks_for_source, knows_all_parameters};
pub use resolve::{About, Found, find_dropped, resolve};
pub use selection::select;
pub use title::{make_title, spell_term};
pub use weighted_cache::{WeightedCache, count_allocated, new_cache};
pub use xml_text::XmlText;

use crate::config::Format;

/// Writes a document in one format.
pub fn write(document: &Document, format: Format) -> String {
    match format {
        Format::Rss => rss::write(document),
        Format::Atom => atom::write(document),
        Format::Json => json::write(document),
    }
}

/// The media type of a format, with its charset.
pub fn media_type(format: Format) -> &'static str {
    match format {
        Format::Rss => "application/rss+xml; charset=utf-8",
        Format::Atom => "application/atom+xml; charset=utf-8",
        Format::Json => "application/feed+json; charset=utf-8",
    }
}
