//! The image of an entry in Media RSS, for both RSS and Atom.

use std::collections::BTreeMap;

use super::document::{Document, History};

/// The prefix and the namespace URI (Media RSS 1.5.1).
pub(super) const NAMESPACE: (&str, &str) = ("media", "http://search.yahoo.com/mrss/");

/// The namespaces that a document needs in addition to those of its format.
pub(super) fn list_namespaces(document: &Document) -> BTreeMap<String, String> {
    let used = document.entries.iter().any(|entry| entry.image.is_some());
    let used = [used.then_some(NAMESPACE), document.history.map(|_| History::NAMESPACE)];
    used.into_iter().flatten().map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())).collect()
}

/// The elements of an image: their names without prefix, and their attributes.
pub(super) fn list_elements(image: &str) -> [(&'static str, BTreeMap<String, String>); 2] {
    let url = ("url".to_owned(), image.to_owned());
    let medium = ("medium".to_owned(), "image".to_owned());
    [("content", BTreeMap::from([url.clone(), medium])), ("thumbnail", BTreeMap::from([url]))]
}
