//! Walks over a text from one piece of template syntax to the next. Code is skipped.

use std::cell::Cell;

use super::markdown_lines::{measure_fence, measure_indent, strip_marker, strip_quote};
use crate::body::budget::Budget;

/// A text, and the position of the scan in it.
pub(in crate::body) struct Scan<'a> {
    pub(in crate::body) text: &'a str,
    pub(in crate::body) at: usize,
    markdown: bool,
    after_blank: bool,
    /// True if the position is in a list.
    pub(in crate::body) in_list: bool,
    /// The number of columns before the content of the last list item.
    item_indent: usize,
    /// True if the text is part of another one and does not begin a line.
    is_within: bool,
    /// Elements without a closing tag in the rest of the text, which is searched only once for each.
    unclosed: Vec<&'static str>,
    /// The next blank line, which ends a paragraph.
    paragraph_end: NextMatch<'a>,
    budget: &'a Budget,
}

/// Finds the next place of a string in a text and keeps it, so that many openers without a closer cost only one walk
/// over the text.
pub(in crate::body) struct NextMatch<'a> {
    text: &'a str,
    needle: &'static str,
    next: Cell<usize>,
    from: Cell<usize>,
    budget: &'a Budget,
}

impl<'a> NextMatch<'a> {
    pub(in crate::body) fn new(text: &'a str, needle: &'static str, budget: &'a Budget) -> Self {
        Self { text, needle, next: Cell::new(0), from: Cell::new(usize::MAX), budget }
    }

    /// Returns the first place from `at` on, if it is within `most` bytes. `None`: there is none, or the budget is
    /// used up.
    pub(in crate::body) fn find(&self, at: usize, most: usize) -> Option<usize> {
        if at < self.from.get() || at > self.next.get() {
            let rest = self.text.as_bytes().get(at..)?;
            // The needle is ASCII, so it begins and ends at character boundaries.
            let found = rest.windows(self.needle.len()).position(|own| own == self.needle.as_bytes());
            if !self.budget.spend(found.unwrap_or(rest.len())) {
                return None;
            }
            self.from.set(at);
            self.next.set(found.map_or(usize::MAX, |found| at + found));
        }
        Some(self.next.get()).filter(|next| next - at <= most)
    }
}

/// The place of a tag in its line.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::body) struct Place {
    /// True if nothing else is on its line, not even a space before it.
    pub(in crate::body) is_alone: bool,
}

/// Elements whose content is not text: code is shown as it is, the others are removed by the cleaner.
const OPAQUE: [&str; 6] = ["pre", "code", "script", "style", "textarea", COMMENT];
const COMMENT: &str = "!--";

/// The maximum length of a code span, in bytes.
const LONGEST_SPAN: usize = 64 << 10;

impl<'a> Scan<'a> {
    pub(in crate::body) fn new(text: &'a str, markdown: bool, budget: &'a Budget) -> Self {
        Self {
            text,
            at: 0,
            markdown,
            after_blank: true,
            in_list: false,
            item_indent: 0,
            is_within: false,
            unclosed: Vec::new(),
            paragraph_end: NextMatch::new(text, "\n\n", budget),
            budget,
        }
    }

    /// Creates a scan of the content of a tag, which does not begin a line.
    pub(in crate::body) fn within(text: &'a str, markdown: bool, budget: &'a Budget) -> Self {
        Self { is_within: true, ..Self::new(text, markdown, budget) }
    }

    /// Returns the text from the position on.
    pub(in crate::body) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Returns true if only spaces and tabs are before the position in its line.
    pub(in crate::body) fn begins_line(&self) -> bool {
        let before = self.text.as_bytes()[..self.at].iter().rev();
        before.take_while(|b| **b != b'\n').take(64).all(|b| matches!(b, b' ' | b'\t'))
    }

    /// Returns the text before the position in its line, at most `most` bytes.
    pub(in crate::body) fn line_before(&self, most: usize) -> &'a str {
        let from = self.at.saturating_sub(most);
        let from = (from..=self.at).find(|from| self.text.is_char_boundary(*from)).unwrap_or(self.at);
        self.text[from..self.at].rsplit('\n').next().unwrap_or_default()
    }

    /// Returns the place in its line of a tag of this text, from its offset and length.
    pub(in crate::body) fn place(&self, at: usize, length: usize) -> Place {
        let begins = if at == 0 { !self.is_within } else { self.text.as_bytes()[at - 1] == b'\n' };
        let behind = self.text.as_bytes()[at + length..].iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        Place { is_alone: begins && behind.is_none_or(|b| *b == b'\n') }
    }

    /// Removes the whole line of a removed tag if nothing else is on it: a blank line would end a block of HTML.
    /// `behind` is the place after the tag. Returns the place from which to go on.
    pub(in crate::body) fn drop_line(&self, behind: usize, out: &mut String) -> usize {
        let rest = &self.text[behind..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
        let before = self.line_before(64);
        if !before.trim().is_empty() || !self.begins_line() || !rest[blanks..].starts_with('\n') {
            return behind;
        }
        out.truncate(out.len() - (out.len() - out.trim_end_matches([' ', '\t']).len()).min(before.len()));
        behind + blanks + 1
    }

    /// Returns the content of a tag without the marks and indentation before each line of a tag in a quote or a list.
    pub(in crate::body) fn strip_prefix(&self, inner: &str) -> String {
        let prefix = self.line_before(64);
        let is_prefix = prefix.chars().all(|c| " \t>-*+.)0123456789".contains(c));
        if prefix.is_empty() || !is_prefix {
            return inner.to_owned();
        }
        let mut lines = inner.split_inclusive('\n');
        let first = lines.next().unwrap_or_default().to_owned();
        lines.fold(first, |stripped, line| stripped + &strip_like(line, prefix))
    }

    /// Copies text and code up to the next of `triggers`, and stops there. `fix_code` converts each piece of code.
    /// `None`: the end of the text is reached, or the budget is used up.
    pub(in crate::body) fn find<'t>(
        &mut self,
        triggers: &[&'t str],
        out: &mut String,
        fix_code: impl Fn(&str) -> String,
    ) -> Option<&'t str> {
        let from = self.at;
        let found = self.find_next(triggers, out, fix_code);
        found.filter(|_| self.budget.spend(self.at - from))
    }

    fn find_next<'t>(
        &mut self,
        triggers: &[&'t str],
        out: &mut String,
        fix_code: impl Fn(&str) -> String,
    ) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        // Everything of interest begins with an ASCII character: the rest is skipped byte by byte.
        let mut matters = [false; 256];
        for byte in triggers.iter().filter_map(|trigger| trigger.bytes().next()).chain(*b"`<\n") {
            matters[usize::from(byte)] = true;
        }
        let mut start = self.at;
        while self.at < bytes.len() {
            if self.markdown
                && (self.at == 0 || bytes[self.at - 1] == b'\n')
                && let Some(length) = self.begin_line()
            {
                out.push_str(&self.text[start..self.at]);
                out.push_str(&fix_code(&self.text[self.at..self.at + length]));
                self.at += length;
                start = self.at;
                continue;
            }
            if !matters[usize::from(bytes[self.at])] {
                self.at += 1;
                continue;
            }
            let rest = self.rest();
            // Most bytes begin no trigger, or one of many.
            let begins = |trigger: &&&str| {
                trigger.as_bytes().first() == bytes.get(self.at) && rest.starts_with(**trigger)
            };
            if let Some(trigger) = triggers.iter().find(begins) {
                out.push_str(&self.text[start..self.at]);
                return Some(trigger);
            }
            let code = match bytes[self.at] {
                b'`' if self.markdown => Some(self.measure_span(rest)),
                b'<' => self.measure_opaque(rest),
                _ => None,
            };
            match code {
                Some(length) => {
                    out.push_str(&self.text[start..self.at]);
                    out.push_str(&fix_code(&rest[..length]));
                    self.at += length;
                    start = self.at;
                }
                None => self.at += 1,
            }
        }
        out.push_str(&self.text[start..]);
        None
    }

    /// At the beginning of a line, returns the length of the code block that begins here, if there is one.
    pub(in crate::body) fn begin_line(&mut self) -> Option<usize> {
        let rest = self.rest();
        if let Some(length) = measure_fence(rest) {
            self.after_blank = true;
            return Some(length);
        }
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        let inner = strip_quote(line);
        let is_blank = inner.trim().is_empty();
        let indent = measure_indent(inner);
        // In a list, code is indented by four columns from the content of the item.
        let is_code = indent >= 4 && (!self.in_list || indent >= self.item_indent + 4);
        if is_code && !is_blank && self.after_blank {
            return Some(line.len());
        }
        let bare = inner.trim_start();
        if !is_blank && let Some(held) = strip_marker(bare).filter(|_| indent < 4 || self.in_list) {
            self.item_indent = indent + bare.len() - held.len();
            self.in_list = true;
        } else if !is_blank && indent < 4 {
            self.in_list = self.in_list && (!self.after_blank || inner.starts_with(' '));
        }
        self.after_blank = is_blank;
        None
    }

    /// Returns the length of the code span at the start of `text`, else the length of the run of backticks there.
    fn measure_span(&self, text: &str) -> usize {
        let run = text.bytes().take_while(|b| *b == b'`').count();
        // A span does not cross paragraphs.
        let near = text.len().min(LONGEST_SPAN);
        let end = self.paragraph_end.find(self.at, near).map_or(near, |end| end - self.at);
        let within = &text.as_bytes()[..end];
        let mut at = run;
        while let Some(next) = within[at.min(end)..].iter().position(|b| *b == b'`') {
            let here = at + next;
            let length = within[here..].iter().take_while(|b| **b == b'`').count();
            if length == run {
                self.budget.spend(here);
                return here + length;
            }
            at = here + length;
        }
        self.budget.spend(end);
        run
    }

    /// Returns the length of the opaque element or comment at the start of `text`.
    pub(in crate::body) fn measure_opaque(&mut self, text: &str) -> Option<usize> {
        let name = OPAQUE.into_iter().find(|name| {
            let starts = text.get(1..=name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name));
            let after = text.as_bytes().get(name.len() + 1);
            starts && (*name == COMMENT || after.is_some_and(|b| matches!(b, b' ' | b'>' | b'\n' | b'\t')))
        })?;
        if self.unclosed.contains(&name) {
            return None;
        }
        let length =
            if name == COMMENT { text.find("-->").map(|end| end + 3) } else { find_close(text, name) };
        if length.is_none() {
            self.unclosed.push(name);
        }
        length
    }
}

/// Returns the place after the closing tag of an element.
fn find_close(text: &str, name: &str) -> Option<usize> {
    let mut closes = text.match_indices("</").map(|(at, _)| at + 2);
    let at = closes.find(|at| {
        let own = text.get(*at..at + name.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(name))
    })?;
    Some(at + text[at..].find('>')? + 1)
}

/// Removes as many quote marks and spaces from a line as a prefix has.
fn strip_like(line: &str, prefix: &str) -> String {
    let mut rest = line;
    for c in prefix.chars() {
        rest = match c {
            '>' => rest.trim_start_matches([' ', '\t']).strip_prefix('>').unwrap_or(rest),
            _ => rest.strip_prefix([' ', '\t']).unwrap_or(rest),
        };
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replaces every `{{` outside code with `!`.
    fn mark(text: &str) -> String {
        let budget = Budget::new(text.len());
        let mut scan = Scan::new(text, true, &budget);
        let mut out = String::new();
        while scan.find(&["{{"], &mut out, str::to_owned).is_some() {
            out.push('!');
            scan.at += 2;
        }
        out
    }

    #[test]
    fn code_is_skipped() {
        for (text, marked) in [
            ("a {{ b", "a ! b"),
            ("`{{` {{", "`{{` !"),
            ("``{{ ` {{`` {{", "``{{ ` {{`` !"),
            ("`{{\n\n{{`", "`!\n\n!`"),
            ("```\n{{\n```\n{{", "```\n{{\n```\n!"),
            ("~~~~ x\n{{\n~~~\n{{\n~~~~\n{{", "~~~~ x\n{{\n~~~\n{{\n~~~~\n!"),
            ("- a\n\n  ```\n  {{\n  ```\n{{", "- a\n\n  ```\n  {{\n  ```\n!"),
            ("> ```\n> {{\n> ```\n{{", "> ```\n> {{\n> ```\n!"),
            ("1. ```\n   {{\n   ```\n{{", "1. ```\n   {{\n   ```\n!"),
            ("a\n\n    {{\n\n    {{\nb {{", "a\n\n    {{\n\n    {{\nb !"),
            ("- a\n\n    {{\n", "- a\n\n    !\n"),
            ("- a\n\n      {{\n\n- b {{", "- a\n\n      {{\n\n- b !"),
            ("1. x\n   - y\n\n         {{", "1. x\n   - y\n\n         {{"),
            ("> \n>     {{\n> {{", "> \n>     {{\n> !"),
            ("a\n    {{", "a\n    !"),
            ("<pre>{{</pre>{{", "<pre>{{</pre>!"),
            ("<CODE class=x>{{</CODE> <coder>{{", "<CODE class=x>{{</CODE> <coder>!"),
            ("<!-- {{ --> {{ <!-- {{", "<!-- {{ --> ! <!-- !"),
        ] {
            assert_eq!(mark(text), marked, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_dropped(text in "[`~{ \n>\\-a<pre/]{0,60}") {
            proptest::prop_assert_eq!(mark(&text).replace('!', "{{"), text);
        }
    }
}
