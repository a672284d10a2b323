//! Links between footnotes and their references, with the ids that the site's own generator gives them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use lol_html::html_content::Element;

use super::budget::Budget;
use super::dialect_syntax::FootnoteIds;
use super::syntax::Scan;

/// The maximum length of a label with spaces, in bytes.
const LONGEST_LABEL: usize = 128;

/// `[^a b]` → `[^a-b]`: the Markdown library reads a label with spaces as text. Zola (`pulldown-cmark 0.13`) and Hugo
/// (`goldmark 1.7`) accept it.
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

/// Returns the label at the start of a text if it holds a space.
fn read_label<'t>(text: &'t str, end: &str) -> Option<&'t str> {
    let inner = text.strip_prefix("[^")?;
    let length = inner.bytes().take(LONGEST_LABEL).position(|b| matches!(b, b']' | b'[' | b'\n'))?;
    Some(&inner[..length]).filter(|label| label.contains(' ') && inner[length..].starts_with(end))
}

/// Rewrites the footnote links of one body. The Markdown library gives a note the id `fn-name` and its reference
/// `fnref-name`.
pub(super) struct Footnotes {
    ids: FootnoteIds,
    /// The number of each note by name, in the order of the references.
    numbers: HashMap<String, usize>,
}

impl Footnotes {
    pub(super) fn new(ids: FootnoteIds) -> Self {
        Self { ids, numbers: HashMap::new() }
    }

    /// Changes a link to a footnote, or back from it, to the id on the site's own page.
    pub(super) fn rename(&mut self, element: &mut Element<'_, '_>) {
        let is_note = element.has_attribute("data-footnote-ref");
        if !is_note && !element.has_attribute("data-footnote-backref") {
            return;
        }
        let href = element.get_attribute("href").unwrap_or_default();
        let Some(name) = href.strip_prefix(if is_note { "#fn-" } else { "#fnref-" }) else { return };
        let next = self.numbers.len() + 1;
        // The second reference to a note has its count after the name.
        let (name, again) = match name.rsplit_once('-') {
            Some((own, count)) if !is_note && self.numbers.contains_key(own) => (own, Some(count)),
            _ => (name, None),
        };
        let number = *self.numbers.entry(name.to_owned()).or_insert(next);
        let href = match (self.ids, is_note) {
            (FootnoteIds::Kramdown, true) => format!("#fn:{name}"),
            (FootnoteIds::Kramdown, false) => again.map_or_else(
                || format!("#fnref:{name}"),
                |count| format!("#fnref:{name}:{}", previous(count)),
            ),
            (FootnoteIds::Goldmark, true) => format!("#fn:{number}"),
            (FootnoteIds::Goldmark, false) => again.map_or_else(
                || format!("#fnref:{number}"),
                |count| format!("#fnref{}:{number}", previous(count)),
            ),
            (FootnoteIds::Zola, true) => format!("#fn-{name}"),
            (FootnoteIds::Zola, false) => format!("#fr-{name}-{}", again.unwrap_or("1")),
            (FootnoteIds::MarkdownIt, true) => format!("#fn{number}"),
            (FootnoteIds::MarkdownIt, false) => again.map_or_else(
                || format!("#fnref{number}"),
                |count| format!("#fnref{number}:{}", previous(count)),
            ),
            (FootnoteIds::GitHub, _) => return,
        };
        // The value comes from an attribute that the library wrote, so it is valid.
        let _ = element.set_attribute("href", &href);
    }
}

/// Other generators number the second reference to a note 1.
fn previous(count: &str) -> String {
    count.parse::<usize>().map_or_else(|_| count.to_owned(), |count| count.saturating_sub(1).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_notes_may_hold_spaces() {
        for (text, expected) in [
            ("a[^b c] [^d e] `[^b c]`\n\n[^b c]: d", "a[^b-c] [^d e] `[^b c]`\n\n[^b-c]: d"),
            ("a[^b c]", "a[^b c]"),
        ] {
            assert_eq!(join_labels(text, &Budget::new(text.len())), expected);
        }
    }
}
