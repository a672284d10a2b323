//! Extensions of kramdown: `{::comment}`, `{::nomarkdown}` and `{::options /}`.

use std::cell::Cell;

use super::super::budget::Budget;
use super::super::markdown_extensions::push_plain;
use super::super::syntax::NextMatch;

/// The names of the extensions.
const NAMES: [&str; 3] = ["comment", "nomarkdown", "options"];

/// The maximum number of ends of other extensions that are skipped.
const MOST_OTHERS: usize = 8;

/// Finds the ends of the extensions in a text.
pub(in crate::body) struct Extensions<'a> {
    text: &'a str,
    /// The next place at which any extension ends, and one further on.
    ends: NextMatch<'a>,
    others: NextMatch<'a>,
    /// By name: the place of an end, if no end of this name was found from there on.
    missing: [Cell<usize>; NAMES.len()],
    /// The place from which no further block ends.
    no_blocks: Cell<usize>,
}

impl<'a> Extensions<'a> {
    pub(in crate::body) fn new(text: &'a str, budget: &'a Budget) -> Self {
        let [ends, others] = [(); 2].map(|()| NextMatch::new(text, "{:/", budget));
        let missing = [(); NAMES.len()].map(|()| Cell::new(usize::MAX));
        Self { text, ends, others, missing, no_blocks: Cell::new(usize::MAX) }
    }

    /// Takes the extension whose tag reaches from `at` to the `}` at `end`, with its content. Returns the place after
    /// it. `None`: it is text (`kramdown 2.4 parse_extension_start_tag`).
    pub(in crate::body) fn take(
        &self,
        at: usize,
        end: usize,
        begins_line: bool,
        out: &mut String,
    ) -> Option<usize> {
        let tag = &self.text[at + "{::".len()..end];
        let name = tag.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        let kind = NAMES.iter().position(|known| *known == name)?;
        if tag.ends_with('/') {
            return Some(end + 1);
        }
        let is_alone = begins_line && self.text[end + 1..].trim_start_matches([' ', '\t']).starts_with('\n');
        let block = if is_alone { self.find_end_of_block(end, name) } else { None };
        let (close, behind) = block.or_else(|| self.find_end_of_span(end, kind))?;
        if name == "nomarkdown" && (!tag.contains("type=") || tag.contains("html")) {
            push_html(&self.text[end + 1..close], out);
        }
        Some(behind)
    }

    /// Finds the next end of an extension of this kind from a place on, anywhere in its line.
    fn find_end_of_span(&self, from: usize, kind: usize) -> Option<(usize, usize)> {
        let first = self.ends.find(from, self.text.len())?;
        if self.missing[kind].get() == first {
            return None;
        }
        let found = self.find_end(first, NAMES[kind]);
        if found.is_none() {
            self.missing[kind].set(first);
        }
        found
    }

    /// Finds the next end of an extension of this name from a place on, and the place after it.
    fn find_end(&self, from: usize, name: &str) -> Option<(usize, usize)> {
        let mut at = from;
        for _ in 0..MOST_OTHERS {
            let close = self.others.find(at, self.text.len())?;
            let rest = &self.text[close + "{:/".len()..];
            let rest = rest.strip_prefix(name).unwrap_or(rest);
            if rest.starts_with('}') {
                return Some((close, self.text.len() - rest.len() + 1));
            }
            at = close + 1;
        }
        None
    }

    /// Finds the next end of an extension of this name that is alone on its line, and the place after it.
    fn find_end_of_block(&self, from: usize, name: &str) -> Option<(usize, usize)> {
        if from >= self.no_blocks.get() {
            return None;
        }
        let mut at = from;
        while let Some(close) = self.ends.find(at, self.text.len()) {
            let begins = self.text[..close].trim_end_matches([' ', '\t']).ends_with('\n');
            if let Some(end) = self.find_end(close, name).filter(|end| begins && end.0 == close) {
                let behind = self.text[end.1..].trim_start_matches([' ', '\t']);
                if behind.is_empty() || behind.starts_with('\n') {
                    return Some(end);
                }
            }
            at = close + 1;
        }
        self.no_blocks.set(from);
        None
    }
}

/// Writes HTML with the Markdown characters in its text escaped.
fn push_html(html: &str, out: &mut String) {
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        push_text(&rest[..open], out);
        let end = rest[open..].find('>').map_or(rest.len(), |end| open + end + 1);
        out.push_str(&rest[open..end]);
        rest = &rest[end..];
    }
    push_text(rest, out);
}

fn push_text(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '*' | '_' | '`' | '[' | ']' | '~' | '|' | '\\' => push_plain(c.encode_utf8(&mut [0; 4]), out),
            c => out.push(c),
        }
    }
}
