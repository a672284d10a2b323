//! A position in JavaScript, and the parts of the language that can be read without its values.

use super::Refusal;
use crate::post::value::Value;

/// A text and the position in it.
pub(super) struct Cursor<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn refuse<T>(&self, what: &str) -> Result<T, Refusal> {
        let found: String = self.rest().chars().take_while(|c| !c.is_whitespace()).take(20).collect();
        let found = if found.is_empty() { "the end".to_owned() } else { format!("{found:?}") };
        Err((self.at, format!("expected {what}, found {found}: JavaScript is not executed")))
    }

    /// Skips white space and comments.
    pub(super) fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            let skipped = if let Some(comment) = trimmed.strip_prefix("//") {
                comment.find('\n').map_or("", |end| &comment[end..])
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                comment.find("*/").map_or("", |end| &comment[end + 2..])
            } else {
                self.at = self.text.len() - trimmed.len();
                return;
            };
            self.at = self.text.len() - skipped.len();
        }
    }

    pub(super) fn take(&mut self, mark: &str) -> bool {
        self.skip();
        let found = self.rest().starts_with(mark);
        self.at += if found { mark.len() } else { 0 };
        found
    }

    pub(super) fn read_word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "_$".contains(c))).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// Returns true if nothing continues the value, on its line or at the start of the next.
    pub(super) fn ends_statement(&mut self) -> bool {
        let line = self.rest().trim_start_matches([' ', '\t']);
        let ends = line.is_empty() || line.starts_with([',', ';', '\n', '\r']) || line.starts_with("//");
        let next = self.rest().trim_start();
        ends && !next.starts_with(['.', '(', '[', '?', '*', '-', '&', '|', '<', '>', '=', '%', '^', '`'])
    }

    /// Returns true if nothing continues the value.
    pub(super) fn ends_value(&mut self) -> bool {
        self.skip();
        self.rest().is_empty() || self.rest().starts_with([',', '}'])
    }

    /// Skips code up to one of `ends` that is outside brackets and quotes.
    pub(super) fn skip_code(&mut self, ends: &[char]) {
        let mut open = 0usize;
        let mut quote = None;
        let mut escaped = false;
        for (at, c) in self.text[self.at..].char_indices() {
            match (quote, c) {
                _ if escaped => escaped = false,
                (Some(_), '\\') => escaped = true,
                (Some(mark), c) if c == mark => quote = None,
                (Some(_), _) => {}
                (None, '"' | '\'' | '`') => quote = Some(c),
                (None, c) if open == 0 && ends.contains(&c) => {
                    self.at += at;
                    return;
                }
                (None, '(' | '[' | '{') => open += 1,
                (None, ')' | ']' | '}') => open = open.saturating_sub(1),
                _ => {}
            }
        }
        self.at = self.text.len();
    }

    pub(super) fn read_number(&mut self) -> Result<Value, Refusal> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-._".contains(c)));
        let written = &rest[..end.unwrap_or(rest.len())];
        let plain = written.replace('_', "");
        let number = plain.parse().map(Value::Int).or_else(|_| plain.parse().map(Value::Float));
        let Ok(number) = number else { return self.refuse("a number") };
        self.at += written.len();
        Ok(number)
    }

    pub(super) fn read_text(&mut self) -> Result<String, Refusal> {
        let mut chars = self.rest().char_indices();
        let quote = chars.next().map_or('"', |(_, quote)| quote);
        let mut text = String::new();
        while let Some((at, c)) = chars.next() {
            match c {
                _ if c == quote => {
                    self.at += at + 1;
                    return Ok(text);
                }
                '$' if quote == '`' && self.rest()[at..].starts_with("${") => break,
                '\n' if quote != '`' => break,
                '\\' => match chars.next() {
                    Some((_, 'n')) => text.push('\n'),
                    Some((_, 't')) => text.push('\t'),
                    Some((_, 'r')) => text.push('\r'),
                    Some((at, 'u')) => {
                        let digits: String = self.rest()[at + 1..].chars().take(4).collect();
                        let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                        let Some(code) = code.filter(|_| digits.len() == 4) else { break };
                        text.push(code);
                        chars.nth(3);
                    }
                    Some((_, '\n')) => {}
                    Some((_, escaped)) => text.push(escaped),
                    None => break,
                },
                _ => text.push(c),
            }
        }
        self.refuse("a string that ends on its line and contains no code")
    }
}
