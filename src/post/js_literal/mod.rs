//! Literal values of JavaScript in front matter, data files and configurations of Eleventy.
//! Nothing is executed: code is rejected or skipped.

mod cursor;

use self::cursor::Cursor;
use super::value::{Fields, Value};
use crate::limits::NESTING;

/// The reason why a text is not a literal: a byte offset, and a message without a full stop.
pub(super) type Refusal = (usize, String);

/// Reads the value at the start of a text; the rest of the text is ignored.
///
/// # Errors
/// A [`Refusal`] if the text is code.
pub(super) fn read(text: &str) -> Result<Value, Refusal> {
    Reader { cursor: Cursor { text, at: 0 }, skipped: None }.read_sum(0)
}

/// Reads an object and skips values that are code. Also returns the keys of the skipped values.
///
/// # Errors
/// A [`Refusal`] if the text is not an object.
pub(super) fn read_plain(text: &str) -> Result<(Fields, Vec<String>), Refusal> {
    let mut reader = Reader { cursor: Cursor { text, at: 0 }, skipped: Some(Vec::new()) };
    reader.cursor.skip();
    if !reader.cursor.rest().starts_with('{') {
        return reader.cursor.refuse("an object");
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
    let mut reader = Reader { cursor: Cursor { text, at: 0 }, skipped: Some(Vec::new()) };
    let fields = reader.read_statements();
    (fields, reader.skipped.unwrap_or_default())
}

struct Reader<'a> {
    cursor: Cursor<'a>,
    /// The keys of skipped values; `None`: code is rejected.
    skipped: Option<Vec<String>>,
}

impl Reader<'_> {
    /// Reads one value, or several joined by `+`: texts are concatenated.
    fn read_sum(&mut self, depth: usize) -> Result<Value, Refusal> {
        let mut value = self.read_value(depth)?;
        let mut end = self.cursor.at;
        while self.cursor.take("+") {
            let next = self.read_value(depth)?;
            end = self.cursor.at;
            value = match (value, next) {
                (Value::Int(one), Value::Int(other)) => Value::Int(one.saturating_add(other)),
                (one, other) => match (one.to_text(), other.to_text()) {
                    (Some(one), Some(other)) => Value::Text(one + &other),
                    _ => return self.cursor.refuse("a string"),
                },
            };
        }
        // In a script, it matters whether the line ends after the value.
        self.cursor.at = end;
        Ok(value)
    }

    fn read_value(&mut self, depth: usize) -> Result<Value, Refusal> {
        self.cursor.skip();
        if depth > NESTING {
            return self.cursor.refuse(&format!("values nested at most {NESTING} deep"));
        }
        match self.cursor.rest().chars().next() {
            Some('{') => self.read_object(depth),
            Some('[') => self.read_array(depth),
            Some('"' | '\'' | '`') => self.cursor.read_text().map(Value::Text),
            Some(c) if c.is_ascii_digit() || c == '-' || c == '.' => self.cursor.read_number(),
            _ => match self.cursor.read_word() {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                "null" | "undefined" => Ok(Value::Null),
                "new" if self.cursor.take("Date(") => {
                    let date = self.read_sum(depth)?;
                    if self.cursor.take(")") { Ok(date) } else { self.cursor.refuse("`)`") }
                }
                word => {
                    self.cursor.at -= word.len();
                    self.cursor.refuse("a plain value")
                }
            },
        }
    }

    fn read_object(&mut self, depth: usize) -> Result<Value, Refusal> {
        self.cursor.take("{");
        let mut fields = Fields::default();
        while !self.cursor.take("}") {
            let key = match self.cursor.rest().chars().next() {
                Some('"' | '\'') => self.cursor.read_text()?,
                _ => self.cursor.read_word().to_owned(),
            };
            let start = self.cursor.at;
            match self.read_member(&key, depth) {
                Ok(value) => fields.insert(key, value),
                Err(refusal) if self.skipped.is_none() => return Err(refusal),
                Err(_) => {
                    self.cursor.at = start;
                    self.cursor.skip_code(&[',', '}']);
                    self.skipped.get_or_insert_default().push(key);
                }
            }
            if !self.cursor.take(",") && !self.cursor.rest().starts_with('}') {
                return self.cursor.refuse("`,` or `}`");
            }
        }
        Ok(Value::Map(fields))
    }

    fn read_statements(&mut self) -> Fields {
        let mut fields = Fields::default();
        loop {
            self.cursor.skip();
            if self.cursor.rest().is_empty() {
                return fields;
            }
            match self.cursor.read_word() {
                "export" => continue,
                "const" | "let" | "var" => self.read_declarations(&mut fields),
                _ => {}
            }
            if self.cursor.rest().trim_start_matches([' ', '\t']).starts_with("//") {
                continue;
            }
            self.cursor.skip_code(&[';', '\n']);
            // The terminator.
            self.cursor.at += self.cursor.rest().chars().next().map_or(0, char::len_utf8);
        }
    }

    /// Reads `title = "…", draft = true`.
    fn read_declarations(&mut self, fields: &mut Fields) {
        loop {
            self.cursor.skip();
            let name = self.cursor.read_word();
            if name.is_empty() {
                return;
            }
            let start = self.cursor.at;
            let value = if self.cursor.take("=") {
                self.read_sum(0).ok().filter(|_| self.cursor.ends_statement())
            } else {
                None
            };
            match value {
                Some(value) => fields.insert(name.to_owned(), value),
                None => {
                    self.cursor.at = start;
                    self.cursor.skip_code(&[',', ';', '\n']);
                    self.skipped.get_or_insert_default().push(name.to_owned());
                }
            }
            if !self.cursor.rest().trim_start_matches([' ', '\t']).starts_with(',') || !self.cursor.take(",")
            {
                return;
            }
        }
    }

    /// Reads the value after a key.
    fn read_member(&mut self, key: &str, depth: usize) -> Result<Value, Refusal> {
        if key.is_empty() || !self.cursor.take(":") {
            return self.cursor.refuse("`key: value`");
        }
        let value = self.read_sum(depth + 1)?;
        if self.cursor.ends_value() { Ok(value) } else { self.cursor.refuse("`,` or `}`") }
    }

    fn read_array(&mut self, depth: usize) -> Result<Value, Refusal> {
        self.cursor.take("[");
        let mut items = Vec::new();
        while !self.cursor.take("]") {
            items.push(self.read_sum(depth + 1)?);
            if !self.cursor.take(",") && !self.cursor.rest().starts_with(']') {
                return self.cursor.refuse("`,` or `]`");
            }
        }
        Ok(Value::List(items))
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
