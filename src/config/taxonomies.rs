//! `[taxonomies]`: kinds of terms, and which of their terms have feeds.

use serde_json::Value;

use super::reader::{At, FromToml, describe_table};
use super::schema;

/// One entry of `[taxonomies]`: a kind of term.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Taxonomy {
    /// Name in URL paths.
    pub name: String,
    /// Front-matter keys that hold its terms; `None`: the dialect's.
    pub keys: Option<Vec<String>>,
    /// Title of a term's feed, with `{site}` and `{term}`.
    pub title: Option<String>,
    /// If not empty, the only terms with a feed.
    pub only: Vec<String>,
    /// Terms without a feed.
    pub except: Vec<String>,
}

/// Names that URL paths and query parameters use, which no taxonomy can have.
const RESERVED: [&str; 27] = [
    "sources",
    "entries",
    "media",
    "languages",
    "feeds",
    "opml.xml",
    "healthz",
    "readyz",
    "feed",
    "feed.xml",
    "rss",
    "rss.xml",
    "atom",
    "atom.xml",
    "feed.json",
    "feed.atom",
    "index.xml",
    "index.rss",
    "q",
    "limit",
    "content",
    "order",
    "page",
    "view",
    "since",
    "until",
    "window",
];

/// Returns true if a taxonomy may have this name, next to the fixed URL paths and query parameters.
pub fn is_taxonomy_name(name: &str) -> bool {
    !name.is_empty()
        && !name.contains('/')
        && !name.chars().any(char::is_control)
        && !name.starts_with("any_")
        && !name.starts_with("not_")
        && !RESERVED.contains(&name)
}

/// Reads `[taxonomies]`, in the order of the file.
pub(super) fn read_taxonomies(at: At<'_>) -> Option<Vec<Taxonomy>> {
    let table = at.table()?;
    let mut taxonomies = Vec::new();
    for (key, span, value) in table.entries() {
        if !is_taxonomy_name(key) {
            at.faults.error(
                span,
                format!("no taxonomy can be named `{key}`: URL paths or query parameters use that name. Choose another one."),
            );
        }
        let name = format!("{}.{key}", at.name);
        let item = At { value, name: &name, faults: at.faults };
        taxonomies.extend(read_one(item).map(|taxonomy| Taxonomy { name: key.to_owned(), ..taxonomy }));
    }
    Some(taxonomies)
}

/// Reads the settings of one taxonomy, whatever its name is.
fn read_one(at: At<'_>) -> Option<Taxonomy> {
    let mut table = at.table()?;
    let taxonomy = Taxonomy {
        name: String::new(),
        keys: table.get("keys"),
        title: table.read("title", schema::text, read_title),
        only: table.get("only").unwrap_or_default(),
        except: table.get("except").unwrap_or_default(),
    };
    table.refuse_unknown();
    Some(taxonomy)
}

/// Reads a pattern of titles. Every placeholder in braces must be known.
fn read_title(at: At<'_>) -> Option<String> {
    let title = String::read(at)?;
    let inner = title.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(inner, _)| inner));
    for unknown in inner.filter(|inner| !["site", "term"].contains(inner)) {
        at.warn(format!("contains an unknown placeholder {{{unknown}}}. Known here: {{site}}, {{term}}."));
    }
    Some(title)
}

/// The JSON Schema of `[taxonomies]`.
pub(super) fn describe_taxonomies() -> Value {
    // Reserved names are excluded.
    let reserved = RESERVED.map(|word| word.replace('.', "\\.")).join("|");
    let pattern = format!("^(?!any_|not_|({reserved})$)[^/]+$");
    schema::named_like(&pattern, &[], describe_table("taxonomies", read_one))
}
