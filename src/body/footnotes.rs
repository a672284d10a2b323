//! Links between footnotes and their places, by the ids that a site's own generator gives them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use lol_html::html_content::Element;

use super::budget::Budget;
use super::syntax::Scan;
use crate::config::Dialect;

/// A label with blanks in it is no longer, in bytes.
const LONGEST_LABEL: usize = 128;

/// `[^a b]` → `[^a-b]`: to the library such a label is text, to Zola (`pulldown-cmark 0.13`) and Hugo (`goldmark 1.7`)
/// it is one like any other.
pub(super) fn join_labels<'t>(text: &'t str, budget: &Budget) -> Cow<'t, str> {
    let defined: HashSet<&str> = if text.contains("[^") {
        text.lines().filter_map(|line| read_label(line.trim_start_matches([' ', '>']), "]:")).collect()
    } else {
        HashSet::new()
    };
    if defined.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut scan = Scan::new(text, true, budget);
    while scan.find(&["[^"], &mut out, str::to_owned).is_some() {
        match read_label(scan.rest(), "]").filter(|label| defined.contains(label)) {
            Some(label) => {
                out.extend(["[^", &label.replace(' ', "-")]);
                scan.at += "[^".len() + label.len();
            }
            None => {
                out.push_str("[^");
                scan.at += "[^".len();
            }
        }
    }
    Cow::Owned(out)
}

/// The label that a text begins with, if there is a blank in it.
fn read_label<'t>(text: &'t str, end: &str) -> Option<&'t str> {
    let inner = text.strip_prefix("[^")?;
    let length = inner.bytes().take(LONGEST_LABEL).position(|b| matches!(b, b']' | b'[' | b'\n'))?;
    Some(&inner[..length]).filter(|label| label.contains(' ') && inner[length..].starts_with(end))
}

/// Renames the links of one body. The Markdown library calls a note `fn-name` and its place
/// `fnref-name`.
pub(super) struct Footnotes {
    dialect: Dialect,
    /// The notes' numbers, by name, in the order of their places.
    numbers: HashMap<String, usize>,
}

impl Footnotes {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, numbers: HashMap::new() }
    }

    /// Lets a link to a footnote, or back from it, lead to the page's own id.
    pub(super) fn rename(&mut self, element: &mut Element<'_, '_>) {
        let is_note = element.has_attribute("data-footnote-ref");
        if !is_note && !element.has_attribute("data-footnote-backref") {
            return;
        }
        let href = element.get_attribute("href").unwrap_or_default();
        let Some(name) = href.strip_prefix(if is_note { "#fn-" } else { "#fnref-" }) else { return };
        let next = self.numbers.len() + 1;
        // A second place of one note is counted behind its name.
        let (name, again) = match name.rsplit_once('-') {
            Some((own, count)) if !is_note && self.numbers.contains_key(own) => (own, Some(count)),
            _ => (name, None),
        };
        let number = *self.numbers.entry(name.to_owned()).or_insert(next);
        let href = match (self.dialect, is_note) {
            // `kramdown 2.4`
            (Dialect::Jekyll, true) => format!("#fn:{name}"),
            (Dialect::Jekyll, false) => again.map_or_else(
                || format!("#fnref:{name}"),
                |count| format!("#fnref:{name}:{}", previous(count)),
            ),
            // `goldmark 1.7`
            (Dialect::Hugo, true) => format!("#fn:{number}"),
            (Dialect::Hugo, false) => again.map_or_else(
                || format!("#fnref:{number}"),
                |count| format!("#fnref{}:{number}", previous(count)),
            ),
            // `zola 0.22`
            (Dialect::Zola, true) => format!("#fn-{name}"),
            (Dialect::Zola, false) => format!("#fr-{name}-{}", again.unwrap_or("1")),
            // `markdown-it-footnote 4`
            (Dialect::Eleventy, true) => format!("#fn{number}"),
            (Dialect::Eleventy, false) => again.map_or_else(
                || format!("#fnref{number}"),
                |count| format!("#fnref{number}:{}", previous(count)),
            ),
            _ => return,
        };
        // It holds what the library wrote as an attribute before.
        let _ = element.set_attribute("href", &href);
    }
}

/// Others count the second place of a note as the first again.
fn previous(count: &str) -> String {
    count.parse::<usize>().map_or_else(|_| count.to_owned(), |count| count.saturating_sub(1).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_notes_may_hold_blanks() {
        for (text, expected) in [
            ("a[^b c] [^d e] `[^b c]`\n\n[^b c]: d", "a[^b-c] [^d e] `[^b c]`\n\n[^b-c]: d"),
            ("a[^b c]", "a[^b c]"),
        ] {
            assert_eq!(join_labels(text, &Budget::new(text.len())), expected);
        }
    }
}
