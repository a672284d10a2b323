//! Links between footnotes and their references, with the ids that the site's own generator gives them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use lol_html::html_content::{ContentType, Element};

use super::budget::Budget;
use super::dialect_syntax::{FootnoteIds, Syntax};
use super::kramdown::KramdownOptions;
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
pub(super) struct Footnotes<'a> {
    ids: FootnoteIds,
    kramdown: &'a KramdownOptions,
    /// The number of each note by name, in the order of the references.
    numbers: HashMap<String, usize>,
    /// True if the next list has the notes.
    is_list_next: bool,
}

impl<'a> Footnotes<'a> {
    pub(super) fn new(syntax: &Syntax<'a>) -> Self {
        static DEFAULTS: KramdownOptions = KramdownOptions::JEKYLL;
        let kramdown = syntax.kramdown.unwrap_or(&DEFAULTS);
        Self { ids: syntax.footnotes, kramdown, numbers: HashMap::new(), is_list_next: false }
    }

    /// Changes the number of the first note in the list of notes, which is in a section.
    pub(super) fn number(&mut self, element: &mut Element<'_, '_>) {
        let is_list = self.is_list_next && element.tag_name() == "ol";
        self.is_list_next = element.has_attribute("data-footnotes");
        if is_list && self.kramdown.footnote_nr != 1 {
            let _ = element.set_attribute("start", &self.kramdown.footnote_nr.to_string());
        }
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
        let KramdownOptions { footnote_nr, footnote_prefix: prefix, footnote_backlink, .. } = self.kramdown;
        if is_note && *footnote_nr != 1 {
            let number = footnote_nr.saturating_add(number as i64 - 1);
            element.set_inner_content(&number.to_string(), ContentType::Text);
        }
        match footnote_backlink.as_deref().filter(|_| !is_note) {
            None => {}
            Some("") => element.remove(),
            Some(text) => {
                let again = again.map(|count| format!("<sup class=\"footnote-ref\">{count}</sup>"));
                let text = html_escape::encode_text(text);
                element.set_inner_content(&[&*text, &again.unwrap_or_default()].concat(), ContentType::Html);
            }
        }
        let href = match (self.ids, is_note) {
            (FootnoteIds::Kramdown, true) => format!("#fn:{prefix}{name}"),
            (FootnoteIds::Kramdown, false) => again.map_or_else(
                || format!("#fnref:{prefix}{name}"),
                |count| format!("#fnref:{prefix}{name}:{}", previous(count)),
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
