//! Literal values of JavaScript in front matter, data files and configurations of Eleventy.
//! Nothing is executed: code is rejected or skipped.

use super::value::{Fields, Value};
use crate::limits::NESTING;

/// The reason why a text is not a literal: a byte offset, and a message without a full stop.
pub(super) type Refusal = (usize, String);

/// Reads the value at the start of a text; the rest of the text is ignored.
///
/// # Errors
/// A [`Refusal`] if the text is code.
pub(super) fn read(text: &str) -> Result<Value, Refusal> {
    Reader { text, at: 0, skipped: None }.read_sum(0)
}

/// Reads an object and skips values that are code. Also returns the keys of the skipped values.
///
/// # Errors
/// A [`Refusal`] if the text is not an object.
pub(super) fn read_plain(text: &str) -> Result<(Fields, Vec<String>), Refusal> {
    let mut reader = Reader { text, at: 0, skipped: Some(Vec::new()) };
    reader.skip();
    if !reader.rest().starts_with('{') {
        return reader.refuse("an object");
    }
    match reader.read_object(0)? {
        Value::Map(fields) => Ok((fields, reader.skipped.unwrap_or_default())),
        _ => Ok(Default::default()),
    }
}

/// Reads an object, or the `const`, `let` and `var` declarations of a script, and skips values that are code. Also
/// returns the keys of the skipped values.
pub(super) fn read_script(text: &str) -> (Fields, Vec<String>) {
    if text.trim_start().starts_with('{') {
        return read_plain(text).unwrap_or_default();
    }
    let mut reader = Reader { text, at: 0, skipped: Some(Vec::new()) };
    let fields = reader.read_statements();
    (fields, reader.skipped.unwrap_or_default())
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// The keys of skipped values; `None`: code is rejected.
    skipped: Option<Vec<String>>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn refuse<T>(&self, what: &str) -> Result<T, Refusal> {
        let found: String = self.rest().chars().take_while(|c| !c.is_whitespace()).take(20).collect();
        let found = if found.is_empty() { "the end".to_owned() } else { format!("{found:?}") };
        Err((self.at, format!("expected {what}, found {found}: JavaScript is not executed")))
    }

    /// Skips white space and comments.
    fn skip(&mut self) {
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

    fn take(&mut self, mark: &str) -> bool {
        self.skip();
        let found = self.rest().starts_with(mark);
        self.at += if found { mark.len() } else { 0 };
        found
    }

    /// Reads one value, or several joined by `+`: texts are concatenated.
    fn read_sum(&mut self, depth: usize) -> Result<Value, Refusal> {
        let mut value = self.read_value(depth)?;
        let mut end = self.at;
        while self.take("+") {
            let next = self.read_value(depth)?;
            end = self.at;
            value = match (value, next) {
                (Value::Int(one), Value::Int(other)) => Value::Int(one.saturating_add(other)),
                (one, other) => match (one.to_text(), other.to_text()) {
                    (Some(one), Some(other)) => Value::Text(one + &other),
                    _ => return self.refuse("a string"),
                },
            };
        }
        // In a script, it matters whether the line ends after the value.
        self.at = end;
        Ok(value)
    }

    fn read_value(&mut self, depth: usize) -> Result<Value, Refusal> {
        self.skip();
        if depth > NESTING {
            return self.refuse(&format!("values nested at most {NESTING} deep"));
        }
        match self.rest().chars().next() {
            Some('{') => self.read_object(depth),
            Some('[') => self.read_array(depth),
            Some('"' | '\'' | '`') => self.read_text().map(Value::Text),
            Some(c) if c.is_ascii_digit() || c == '-' || c == '.' => self.read_number(),
            _ => match self.read_word() {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                "null" | "undefined" => Ok(Value::Null),
                "new" if self.take("Date(") => {
                    let date = self.read_sum(depth)?;
                    if self.take(")") { Ok(date) } else { self.refuse("`)`") }
                }
                word => {
                    self.at -= word.len();
                    self.refuse("a plain value")
                }
            },
        }
    }

    fn read_word(&mut self) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || "_$".contains(c))).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn read_object(&mut self, depth: usize) -> Result<Value, Refusal> {
        self.take("{");
        let mut fields = Fields::default();
        while !self.take("}") {
            let key = match self.rest().chars().next() {
                Some('"' | '\'') => self.read_text()?,
                _ => self.read_word().to_owned(),
            };
            let start = self.at;
            match self.read_member(&key, depth) {
                Ok(value) => fields.insert(key, value),
                Err(refusal) if self.skipped.is_none() => return Err(refusal),
                Err(_) => {
                    self.at = start;
                    self.skip_code(&[',', '}']);
                    self.skipped.get_or_insert_default().push(key);
                }
            }
            if !self.take(",") && !self.rest().starts_with('}') {
                return self.refuse("`,` or `}`");
            }
        }
        Ok(Value::Map(fields))
    }

    fn read_statements(&mut self) -> Fields {
        let mut fields = Fields::default();
        loop {
            self.skip();
            if self.rest().is_empty() {
                return fields;
            }
            match self.read_word() {
                "export" => continue,
                "const" | "let" | "var" => self.read_declarations(&mut fields),
                _ => {}
            }
            if self.rest().trim_start_matches([' ', '\t']).starts_with("//") {
                continue;
            }
            self.skip_code(&[';', '\n']);
            // The terminator.
            self.at += self.rest().chars().next().map_or(0, char::len_utf8);
        }
    }

    /// Reads `title = "…", draft = true`.
    fn read_declarations(&mut self, fields: &mut Fields) {
        loop {
            self.skip();
            let name = self.read_word();
            if name.is_empty() {
                return;
            }
            let start = self.at;
            let value =
                if self.take("=") { self.read_sum(0).ok().filter(|_| self.ends_statement()) } else { None };
            match value {
                Some(value) => fields.insert(name.to_owned(), value),
                None => {
                    self.at = start;
                    self.skip_code(&[',', ';', '\n']);
                    self.skipped.get_or_insert_default().push(name.to_owned());
                }
            }
            if !self.rest().trim_start_matches([' ', '\t']).starts_with(',') || !self.take(",") {
                return;
            }
        }
    }

    /// Returns true if nothing continues the value, on its line or at the start of the next.
    fn ends_statement(&mut self) -> bool {
        let line = self.rest().trim_start_matches([' ', '\t']);
        let ends = line.is_empty() || line.starts_with([',', ';', '\n', '\r']) || line.starts_with("//");
        let next = self.rest().trim_start();
        ends && !next.starts_with(['.', '(', '[', '?', '*', '-', '&', '|', '<', '>', '=', '%', '^', '`'])
    }

    /// Reads the value after a key.
    fn read_member(&mut self, key: &str, depth: usize) -> Result<Value, Refusal> {
        if key.is_empty() || !self.take(":") {
            return self.refuse("`key: value`");
        }
        let value = self.read_sum(depth + 1)?;
        if self.ends_value() { Ok(value) } else { self.refuse("`,` or `}`") }
    }

    /// Returns true if nothing continues the value.
    fn ends_value(&mut self) -> bool {
        self.skip();
        self.rest().is_empty() || self.rest().starts_with([',', '}'])
    }

    /// Skips code up to one of `ends` that is outside brackets and quotes.
    fn skip_code(&mut self, ends: &[char]) {
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

    fn read_array(&mut self, depth: usize) -> Result<Value, Refusal> {
        self.take("[");
        let mut items = Vec::new();
        while !self.take("]") {
            items.push(self.read_sum(depth + 1)?);
            if !self.take(",") && !self.rest().starts_with(']') {
                return self.refuse("`,` or `]`");
            }
        }
        Ok(Value::List(items))
    }

    fn read_number(&mut self) -> Result<Value, Refusal> {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-._".contains(c)));
        let written = &rest[..end.unwrap_or(rest.len())];
        let plain = written.replace('_', "");
        let number = plain.parse().map(Value::Int).or_else(|_| plain.parse().map(Value::Float));
        let Ok(number) = number else { return self.refuse("a number") };
        self.at += written.len();
        Ok(number)
    }

    fn read_text(&mut self) -> Result<String, Refusal> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literal_objects_are_read() {
        let text = r#"{ title: "From " + 'JS', /* c */ "tags": ["a", `b`,], n: -1.5, // x
            deep: { on: true, off: null }, date: new Date("2024-01-02"), u: "\u00e9\n", } rest"#;
        let Ok(Value::Map(fields)) = read(text) else { panic!("{:?}", read(text)) };
        let texts = |key: &str| fields.get(key).and_then(Value::to_text);
        assert_eq!(texts("title").as_deref(), Some("From JS"));
        assert_eq!(texts("date").as_deref(), Some("2024-01-02"));
        assert_eq!(texts("u").as_deref(), Some("\u{e9}\n"));
        assert_eq!(texts("n").as_deref(), Some("-1.5"));
        assert_eq!(fields.get("tags").map(|tags| tags.items().len()), Some(2));
        assert_eq!(fields.get("deep").and_then(|deep| deep.as_map()?.get("on")), Some(&Value::Bool(true)));
    }

    #[test]
    fn code_is_rejected_with_its_position() {
        for (text, place) in [
            ("{ a: f(1) }", 5),
            ("{ a: `x${1}` }", 5),
            ("{ a: \"x }", 5),
            ("{ a(b) {} }", 3),
            ("{ a: 1", 6),
            ("() => ({})", 0),
        ] {
            assert_eq!(read(text).expect_err(text).0, place, "{text}");
        }
        assert!(read(&"[".repeat(5000)).is_err());
    }

    #[test]
    fn code_is_skipped_where_only_values_are_read() {
        let text = r#"{ tags: ["posts"], eleventyComputed: { permalink: (data) => `/${data.x}/`, a: 1 },
            permalink(data) { return "}, no: 1"; }, layout: "x" + y(), on: true }"#;
        let (fields, skipped) = read_plain(text).expect("it is an object");
        assert_eq!(fields.get("tags").map(|tags| tags.items().len()), Some(1));
        assert_eq!(fields.get("on"), Some(&Value::Bool(true)));
        assert_eq!(skipped, ["permalink", "permalink", "layout"]);
        assert!(read_plain("() => ({})").is_err());
    }

    #[test]
    fn literal_declarations_of_a_script_are_read() {
        let text = r#"
            import x from "y";
            // const no = 1;
            const title = "It's", draft = false;
            let tags = ["posts", 'b'] // it's a list
            export const date = new Date("2024-01-02");
            const permalink = slug(title);
            const name = "a"
                .trim();
            function f(a) { const inner = 1; return a; }
            const { a, b } = f();
            var order = 3"#;
        let (fields, code) = read_script(text);
        let found: Vec<_> = fields.iter().map(|(key, value)| (key, value.to_text())).collect();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            found,
            [
                ("title", text("It's")),
                ("draft", text("false")),
                ("tags", None),
                ("date", text("2024-01-02")),
                ("order", text("3")),
            ]
        );
        assert_eq!(code, ["permalink", "name"]);
        assert_eq!(read_script("{ title: 'x', permalink: f() }").1, ["permalink"]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "[{}\\[\\]a-c:,'\"`$\\\\+ /*\n0-9.é-]{0,60}") {
            let _ = read(&text);
            let _ = read_plain(&format!("{{{text}"));
            let _ = read_script(&format!("const a = 1, {text}; let {text}"));
        }
    }
}
