//! Walks over a text from one piece of template syntax to the next; code is passed over untouched.

use std::cell::Cell;

use crate::body::budget::Budget;

/// A text, and how far it has been walked over.
pub(in crate::body) struct Scan<'a> {
    pub(in crate::body) text: &'a str,
    pub(in crate::body) at: usize,
    markdown: bool,
    after_blank: bool,
    /// Whether this place is in a list.
    pub(in crate::body) in_list: bool,
    /// Columns before what the last item of a list holds.
    item_indent: usize,
    /// Whether the text is a part of another, which does not begin a line.
    is_within: bool,
    /// Elements that nothing closes any more: they are looked for once.
    unclosed: Vec<&'static str>,
    /// Where the next blank line ends a paragraph.
    paragraph_end: Ahead<'a>,
    budget: &'a Budget,
}

/// The next place of a sign in a text, looked for once however often it is asked for: what is opened again
/// and again and never closed costs one walk.
pub(in crate::body) struct Ahead<'a> {
    text: &'a str,
    sign: &'static str,
    next: Cell<usize>,
    from: Cell<usize>,
    budget: &'a Budget,
}

impl<'a> Ahead<'a> {
    pub(in crate::body) fn new(text: &'a str, sign: &'static str, budget: &'a Budget) -> Self {
        Self { text, sign, next: Cell::new(0), from: Cell::new(usize::MAX), budget }
    }

    /// The first place from `at` on, if it is no further than `most` bytes. None beyond the budget.
    pub(in crate::body) fn find(&self, at: usize, most: usize) -> Option<usize> {
        if at < self.from.get() || at > self.next.get() {
            let rest = self.text.as_bytes().get(at..)?;
            // A sign of ASCII begins and ends at characters.
            let found = rest.windows(self.sign.len()).position(|own| own == self.sign.as_bytes());
            if !self.budget.spend(found.unwrap_or(rest.len())) {
                return None;
            }
            self.from.set(at);
            self.next.set(found.map_or(usize::MAX, |found| at + found));
        }
        Some(self.next.get()).filter(|next| next - at <= most)
    }
}

/// Where a tag stands in its line.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::body) struct Place {
    /// Whether nothing else stands in its line, not even a blank before it.
    pub(in crate::body) is_alone: bool,
}

/// Elements whose inside is not text: code is shown as it is, the others are cleaned away later.
const OPAQUE: [&str; 6] = ["pre", "code", "script", "style", "textarea", COMMENT];
const COMMENT: &str = "!--";

/// A span of code is no longer than this.
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
            paragraph_end: Ahead::new(text, "\n\n", budget),
            budget,
        }
    }

    /// The inside of a tag: it does not begin a line.
    pub(in crate::body) fn within(text: &'a str, markdown: bool, budget: &'a Budget) -> Self {
        Self { is_within: true, ..Self::new(text, markdown, budget) }
    }

    /// What has not been walked over.
    pub(in crate::body) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Whether only blanks stand before this place in its line.
    pub(in crate::body) fn begins_line(&self) -> bool {
        let before = self.text.as_bytes()[..self.at].iter().rev();
        before.take_while(|b| **b != b'\n').take(64).all(|b| matches!(b, b' ' | b'\t'))
    }

    /// What stands before this place in its line, at most so many bytes of it.
    pub(in crate::body) fn line_before(&self, most: usize) -> &'a str {
        let from = self.at.saturating_sub(most);
        let from = (from..=self.at).find(|from| self.text.is_char_boundary(*from)).unwrap_or(self.at);
        self.text[from..self.at].rsplit('\n').next().unwrap_or_default()
    }

    /// Where a tag of this text stands, by its place and length.
    pub(in crate::body) fn place(&self, at: usize, length: usize) -> Place {
        let begins = if at == 0 { !self.is_within } else { self.text.as_bytes()[at - 1] == b'\n' };
        let behind = self.text.as_bytes()[at + length..].iter().find(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        Place { is_alone: begins && behind.is_none_or(|b| *b == b'\n') }
    }

    /// Drops the line of a tag that nothing is put in place of, if nothing else is on it: a blank line would end a
    /// block of HTML. `behind` is the place behind the tag; gives that from which to go on.
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

    /// The inside of a tag without what stands before each line because the tag stands in a quote or a
    /// list.
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

    /// Copies text and code up to the next of `triggers`, which it then stands at. `fix_code` gets each
    /// piece of code. `None`: the text is at its end, or the budget is.
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
        // All that matters begins with a sign of ASCII: the rest is passed over byte by byte.
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
            if let Some(trigger) = triggers.iter().find(|trigger| rest.starts_with(**trigger)) {
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

    /// At the beginning of a line: the length of the block of code that begins here, if one does.
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
        // Four columns within what a list's item holds.
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

    /// The length of a span of code that `text`, a run of backticks, begins with; else that of the run.
    fn measure_span(&self, text: &str) -> usize {
        let run = text.bytes().take_while(|b| *b == b'`').count();
        // A span stays in its paragraph.
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

    /// The length of an element of code, or of a comment, that `text` begins with.
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

/// The place behind the tag that closes an element.
fn find_close(text: &str, name: &str) -> Option<usize> {
    let mut closes = text.match_indices("</").map(|(at, _)| at + 2);
    let at = closes.find(|at| {
        let own = text.get(*at..at + name.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(name))
    })?;
    Some(at + text[at..].find('>')? + 1)
}

/// A line without marks of quotes and blanks, as many as a prefix has.
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

/// What stands behind the mark of a list's item, if `line` begins with one.
fn strip_marker(line: &str) -> Option<&str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match digits {
        0 => line.strip_prefix(['-', '*', '+'])?,
        1..=9 => line[digits..].strip_prefix(['.', ')'])?,
        _ => return None,
    };
    rest.starts_with([' ', '\t']).then(|| rest.trim_start_matches([' ', '\t']))
}

/// A line without the marks of quotes before it, each with one blank.
fn strip_quote(line: &str) -> &str {
    let mut inner = line;
    while let Some(rest) = inner.trim_start_matches(' ').strip_prefix('>') {
        inner = rest.strip_prefix(' ').unwrap_or(rest);
    }
    inner
}

/// Columns of white space before a line.
fn measure_indent(line: &str) -> usize {
    let blanks = line.bytes().take_while(|b| matches!(b, b' ' | b'\t'));
    blanks.fold(0, |column, byte| if byte == b'\t' { column / 4 * 4 + 4 } else { column + 1 })
}

/// A line without the marks of quotes around it.
fn strip_quotes(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>'])
}

/// The length of a fenced block of code that `text` begins with (`CommonMark 0.31 §4.5`).
fn measure_fence(text: &str) -> Option<usize> {
    let line = text.split_inclusive('\n').next()?;
    let mut bare = strip_quotes(line);
    while let Some(inner) = strip_marker(bare) {
        bare = strip_quotes(inner);
    }
    let mark = bare.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let count = bare.chars().take_while(|c| *c == mark).count();
    if count < 3 || (mark == '`' && bare[count..].contains('`')) {
        return None;
    }
    let mut length = line.len();
    for line in text[length..].split_inclusive('\n') {
        length += line.len();
        let bare = strip_quotes(line).trim_end();
        if bare.len() >= count && bare.chars().all(|c| c == mark) {
            break;
        }
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with every `{{` that is not code as `!`.
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
    fn code_is_passed_over() {
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
        fn nothing_is_lost(text in "[`~{ \n>\\-a<pre/]{0,60}") {
            proptest::prop_assert_eq!(mark(&text).replace('!', "{{"), text);
        }
    }
}
