//! Walks over a text from one piece of template syntax to the next; code is passed over untouched.

/// A text, and how far it has been walked over.
pub(in crate::body) struct Scan<'a> {
    pub(in crate::body) text: &'a str,
    pub(in crate::body) at: usize,
    markdown: bool,
    after_blank: bool,
    in_list: bool,
    /// Elements that nothing closes any more: they are looked for once.
    unclosed: Vec<&'static str>,
}

/// Elements whose inside is not text: code is shown as it is, the others are cleaned away later.
const OPAQUE: [&str; 6] = ["pre", "code", "script", "style", "textarea", COMMENT];
const COMMENT: &str = "!--";

/// A span of code is no longer than this.
const LONGEST_SPAN: usize = 64 << 10;

impl<'a> Scan<'a> {
    pub(in crate::body) fn new(text: &'a str, markdown: bool) -> Self {
        Self { text, at: 0, markdown, after_blank: true, in_list: false, unclosed: Vec::new() }
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

    /// Copies text and code up to the next of `triggers`, which it then stands at. `mend` gets each
    /// piece of code. `None`: the text is at its end.
    pub(in crate::body) fn find<'t>(
        &mut self,
        triggers: &[&'t str],
        out: &mut String,
        mend: fn(&str) -> String,
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
                out.push_str(&mend(&self.text[self.at..self.at + length]));
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
                b'`' if self.markdown => Some(measure_span(rest)),
                b'<' => self.measure_opaque(rest),
                _ => None,
            };
            match code {
                Some(length) => {
                    out.push_str(&self.text[start..self.at]);
                    out.push_str(&mend(&rest[..length]));
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
    fn begin_line(&mut self) -> Option<usize> {
        let rest = self.rest();
        if let Some(length) = measure_fence(rest) {
            self.after_blank = true;
            return Some(length);
        }
        let line = rest.split_inclusive('\n').next().unwrap_or(rest);
        let is_blank = line.trim().is_empty();
        let is_indented = line.starts_with("    ") || line.starts_with('\t');
        if is_indented && !is_blank && self.after_blank && !self.in_list {
            return Some(line.len());
        }
        if !is_blank && !is_indented {
            let is_item = strip_marker(line.trim_start()).is_some();
            let stays = self.in_list && (!self.after_blank || line.starts_with(' '));
            self.in_list = is_item || stays;
        }
        self.after_blank = is_blank;
        None
    }

    /// The length of an element of code, or of a comment, that `text` begins with.
    fn measure_opaque(&mut self, text: &str) -> Option<usize> {
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

/// The length of a span of code that `text`, a run of backticks, begins with; else that of the run.
fn measure_span(text: &str) -> usize {
    let run = text.bytes().take_while(|b| *b == b'`').count();
    // A span stays in its paragraph.
    let within = &text.as_bytes()[..text.len().min(LONGEST_SPAN)];
    let end = within.windows(2).position(|pair| pair == b"\n\n").unwrap_or(within.len());
    let mut at = run;
    while let Some(next) = within[at.min(end)..end].iter().position(|b| *b == b'`') {
        let here = at + next;
        let length = within[here..end].iter().take_while(|b| **b == b'`').count();
        if length == run {
            return here + length;
        }
        at = here + length;
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with every `{{` that is not code as `!`.
    fn mark(text: &str) -> String {
        let mut scan = Scan::new(text, true);
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
