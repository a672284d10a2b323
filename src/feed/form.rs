//! Form submission of a page (WHATWG URL §5.2) → query. Queries of feeds are stricter.

use percent_encoding::percent_decode_str;

use super::address::{Place, settings_of};
use crate::catalog::Snapshot;
use crate::config::Format;

/// Converts a submitted form to a query: drops empty fields, and replaces `+` by a space. Links to pages may contain
/// a literal `+`, as in `tags=c++`: a name that exists is kept unchanged.
pub(super) fn read(snapshot: &Snapshot, sent: &str) -> String {
    let pairs = sent.split('&').filter_map(|pair| pair.split_once('='));
    let filled = pairs.filter(|(_, value)| !value.replace("%20", "+").trim_matches('+').is_empty());
    let meant = filled.map(|(name, value)| {
        if matches!(name, "q" | "since" | "until") || !value.contains('+') || is_known(snapshot, name, value)
        {
            format!("{name}={value}")
        } else {
            format!("{name}={}", value.replace('+', "%20"))
        }
    });
    meant.collect::<Vec<_>>().join("&")
}

/// Returns true if a term or a source has exactly this name.
fn is_known(snapshot: &Snapshot, name: &str, value: &str) -> bool {
    let Ok(value) = percent_decode_str(value).decode_utf8() else { return true };
    let name = name.strip_prefix("any_").or_else(|| name.strip_prefix("not_")).unwrap_or(name);
    let taxonomy = snapshot.site.taxonomies.iter().position(|taxonomy| taxonomy.name == name);
    match taxonomy {
        Some(taxonomy) => snapshot.resolve_term(taxonomy, &value).is_some(),
        None => name == "sources" && snapshot.site.find_source(&value).is_some(),
    }
}

/// The format that the page of a feed shows first, by `format=rss`.
pub(super) fn find_format(snapshot: &Snapshot, place: &Place, query: &str) -> Option<Format> {
    let name = query.split('&').find_map(|pair| pair.strip_prefix("format="))?;
    settings_of(snapshot, place).formats.iter().copied().find(|format| format.name() == name)
}
