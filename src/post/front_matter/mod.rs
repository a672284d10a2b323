//! Front matter: its extent, its keys and values, and the position of each key in the file.

mod fences;
mod formats;

pub use fences::{Divided, Fences, divide};

use formats::{describe, fix_surrogates, into_fields, json_fault, read_org, read_yaml};

use super::js_literal;
use super::parse_value::{parse_json, parse_toml};
use super::value::{Fields, Value};
use crate::config::position;

/// A format of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// YAML between `---` lines; `...` closes it too.
    Yaml,
    /// TOML between `+++` lines.
    Toml,
    /// A JSON object at the start of the file.
    Json,
    /// The members of a JSON object, without braces.
    BareJson,
    /// A JavaScript object or script, which is not executed.
    JavaScript,
    /// Keywords of Org: lines that begin with `#+`.
    Org,
}

/// The parsed front matter of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontMatter<'a> {
    /// Keys and values; empty without front matter.
    pub fields: Fields,
    /// The text after the front matter.
    pub body: &'a str,
    /// True if the text has front matter.
    pub exists: bool,
    /// Keys whose values are code, which is not executed.
    pub code: Vec<String>,
    text: &'a str,
    end: usize,
    format: Format,
}

/// The reason why front matter cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Line and column in the file, from 1.
    pub place: (u32, u32),
    /// The message: what is wrong and how to fix it.
    pub message: String,
}

impl Fault {
    fn new(place: (u32, u32), message: impl Into<String>) -> Self {
        Self { place, message: message.into() }
    }
}

/// Reads the front matter of a text.
///
/// # Errors
/// A [`Fault`] with its place in the file.
pub fn read(text: &str, fences: Fences) -> Result<FrontMatter<'_>, Fault> {
    let Some(Divided { format, inner, body }) = divide(text, fences)? else {
        let (fields, end) = (Fields::default(), 0);
        let code = Vec::new();
        return Ok(FrontMatter { fields, body: text, exists: false, code, text, end, format: Format::Yaml });
    };
    let written = &text[inner.clone()];
    // Parsers count lines from the fence; positions count from the start of the file.
    let above = || position(text, inner.start).0 - 1;
    let mut code = Vec::new();
    let fields = match format {
        // `hexo-front-matter 4 escapeYAML`: tabs indent.
        Format::Yaml if matches!(fences, Fences::Hexo) && written.contains("\n\t") => {
            read_yaml(text, &written.replace('\t', "  "), above)?
        }
        Format::Yaml => read_yaml(text, written, above)?,
        Format::Toml => parse_toml(written).map(into_fields).map_err(|error| {
            let at = error.span().map_or(inner.start, |span| inner.start + span.start);
            let reason = error.message().lines().next().unwrap_or_default();
            Fault::new(position(text, at), describe("TOML", reason, "Fix it there."))
        })?,
        Format::Json => parse_json(&fix_surrogates(written)).map(into_fields).map_err(|error| {
            let fault = json_fault(&error);
            Fault { place: (fault.place.0 + above(), fault.place.1), ..fault }
        })?,
        // `hexo-front-matter 4 parseJSON`: invalid JSON counts as empty.
        Format::BareJson => {
            parse_json(&format!("{{{}}}", fix_surrogates(written))).map(into_fields).unwrap_or_default()
        }
        Format::JavaScript => {
            let (fields, skipped) = js_literal::read_script(written);
            code = skipped;
            fields
        }
        Format::Org => read_org(written),
    };
    if fences.are_optional() && fields.iter().next().is_none() {
        return Ok(FrontMatter { fields, body: text, exists: false, code, text, end: 0, format });
    }
    let front = FrontMatter { fields, body: &text[body..], exists: true, code, text, end: inner.end, format };
    match front.fields.repeated().filter(|_| fences.refuse_repeated_keys()) {
        Some(key) => {
            Err(Fault::new(front.place(key), format!("`{key}` is written here twice. Remove one of them.")))
        }
        None => Ok(front),
    }
}

impl FrontMatter<'_> {
    /// The value of `key`, given in lower case.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.fields.get(key)
    }

    /// The first of `keys` that has a value other than null, with that value.
    pub fn first<'k>(&self, keys: &[&'k str]) -> Option<(&'k str, &Value)> {
        keys.iter().find_map(|key| Some((*key, self.get(key).filter(|value| **value != Value::Null)?)))
    }

    /// Line and column of the value of a top-level key, from 1; the start of the file if not found.
    pub fn place(&self, key: &str) -> (u32, u32) {
        self.find(key).map_or((1, 1), |at| position(self.text, at))
    }

    /// Byte offset of the body in the file's text; the length of the text if the body is not a part of it.
    pub fn body_start(&self) -> usize {
        let start = (self.body.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
        start.filter(|start| *start <= self.text.len()).unwrap_or(self.text.len())
    }

    /// Returns true if a top-level value is written without quotes, so that YAML infers its type.
    pub fn is_plain(&self, key: &str) -> bool {
        let quoted = self.find(key).is_some_and(|at| self.text[at..].starts_with(['"', '\'']));
        self.format == Format::Yaml && !quoted
    }

    /// Returns true if the front matter contains `text` in quotes.
    pub fn quotes(&self, text: &str) -> bool {
        let written = &self.text[..self.end];
        ['"', '\''].iter().any(|quote| written.contains(&format!("{quote}{text}{quote}")))
    }

    /// Byte offset of the value of a top-level key; of several, the last.
    fn find(&self, key: &str) -> Option<usize> {
        let mut at = 0;
        let mut found = None;
        for line in self.text[..self.end].split_inclusive('\n') {
            let bare = match self.format {
                Format::Json => line.trim_start_matches(['{', ',', '"', '\'', ' ']),
                Format::JavaScript => {
                    let bare = line.trim_start_matches(['"', '\'']);
                    let declared = |word: &str| bare.trim_start().strip_prefix(word);
                    ["const ", "let ", "var "].into_iter().find_map(declared).unwrap_or(bare)
                }
                _ => line.trim_start_matches(['"', '\'']),
            };
            if let Some(rest) = strip_key(bare, key) {
                let rest = rest.trim_start_matches(['"', '\'', ' ', '\t']);
                if let Some(value) = rest.strip_prefix([':', '=']) {
                    found = Some(at + line.len() - value.trim_start_matches([' ', '\t']).len());
                }
            }
            at += line.len();
        }
        found
    }
}

/// The rest of `line` after `key`; ASCII case is ignored.
fn strip_key<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    let head = line.get(..key.len())?;
    head.eq_ignore_ascii_case(key).then(|| &line[key.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::FRONT_MATTER_BYTES;

    const ALL: Fences =
        Fences::Lines { formats: &[Format::Yaml, Format::Toml, Format::Json], after_blanks: false };

    fn title_and_body(text: &str) -> (Option<String>, String) {
        let front = read(text, ALL).expect(text);
        (front.get("title").and_then(Value::to_text), front.body.to_owned())
    }

    #[test]
    fn each_format_gives_the_same_fields_and_body() {
        for text in [
            "---\ntitle: T\n---\nBody\n",
            "---  \r\ntitle: T\r\n---\t\r\nBody\n",
            "---\ntitle: T\n...\nBody\n",
            "+++\ntitle = \"T\"\n+++\nBody\n",
            "{\"title\": \"T\"}\nBody\n",
            "{\n  \"Title\": \"T\"\n}\nBody\n",
        ] {
            assert_eq!(title_and_body(text), (Some("T".to_owned()), "Body\n".to_owned()), "{text:?}");
        }
    }

    #[test]
    fn a_text_without_a_fence_on_its_first_line_has_none() {
        for text in [
            "{% raw %}",
            "{{< x >}}",
            "Body",
            "\n---\ntitle: T\n---\n",
            "--- x\n",
            "- a\n- b\n",
            "",
            "----\n",
        ] {
            assert_eq!(title_and_body(text), (None, text.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn an_empty_key_hides_none_after_it() {
        let front = read("---\ndescription:\nsummary: S\n---\n", ALL).expect("it is YAML");
        assert_eq!(front.first(&["description", "summary"]).map(|(key, _)| key), Some("summary"));
    }

    #[test]
    fn only_a_dialects_own_formats_count() {
        let front =
            read("+++\ntitle = 1\n+++\n", Fences::Lines { formats: &[Format::Yaml], after_blanks: false })
                .expect("it is all body");
        assert!(!front.exists);
    }

    #[test]
    fn blank_lines_may_precede_it_where_a_dialect_allows_them() {
        let front =
            read("\n \n+++\na = 1\n+++\nB", Fences::Lines { formats: &[Format::Toml], after_blanks: true })
                .expect("it is TOML");
        assert_eq!((front.get("a"), front.body, front.place("a")), (Some(&Value::Int(1)), "B", (4, 5)));
    }

    #[test]
    fn text_after_hugos_fences_on_their_lines_counts() {
        for (text, title, body) in [
            ("---\ntitle: T\n------\nBody\n", "T", "---\nBody\n"),
            ("---\ntitle: T\n--- rest\nBody\n", "T", " rest\nBody\n"),
            ("---\ntitle: T\n---rest\nBody\n", "T", "rest\nBody\n"),
            ("--- \ntitle: T\n--- \nBody\n", "T", " \nBody\n"),
            ("---title: T\n---\nBody\n", "T", "Body\n"),
            ("---\r\ntitle: T\r\n----\r\nBody\r\n", "T", "-\r\nBody\r\n"),
            ("--- # x\ntitle: T\n---", "T", ""),
            ("\n+++\ntitle = \"T\"\n++++++\nBody\n", "T", "+++\nBody\n"),
            ("---\n---\nBody\n", "", "Body\n"),
        ] {
            let front = read(text, Fences::Hugo).expect(text);
            let found = front.get("title").and_then(Value::to_text).unwrap_or_default();
            assert_eq!((&*found, front.body, front.exists), (title, body, true), "{text:?}");
        }
        for text in ["---\ntitle: T\n...\nBody\n", "---\ntitle: T\n ---\n", "---", "------\n"] {
            assert!(read(text, Fences::Hugo).is_err(), "{text:?}");
        }
        assert!(!read("- a\n- b\n", Fences::Hugo).expect("it is all body").exists);
    }

    #[test]
    fn toml_dates_are_texts() {
        let front = read("+++\ndate = 2024-01-02T03:04:05Z\n+++\n", ALL).expect("it is TOML");
        assert_eq!(front.get("date"), Some(&Value::Text("2024-01-02T03:04:05Z".to_owned())));
    }

    #[test]
    fn faults_are_placed_in_the_file() {
        let fault = |text: &str| read(text, ALL).expect_err(text);
        assert_eq!(fault("---\ntitle: x\n").place, (1, 1));
        assert_eq!(fault("---\na: 1\n\tb: 2\n---\n").place.0, 3);
        assert!(fault("---\na: 1\n\tb: 2\n---\n").message.contains("no tabs"));
        assert_eq!(fault("+++\na = 1\nb = \n+++\n").place, (3, 5));
        assert_eq!(fault("{\n \"a\": ,\n}\n").place.0, 2);
        assert!(
            fault(&format!("---\na: {}\n---\n", "x".repeat(FRONT_MATTER_BYTES))).message.contains("64 KiB")
        );
    }

    #[test]
    fn keys_know_their_place_and_their_quotes() {
        let front =
            read("---\ntitle: x\nDate:   \"2024\"\nweight: 1\n---\ndate: no\n", ALL).expect("it is YAML");
        assert_eq!(front.place("date"), (3, 9));
        assert!(!front.is_plain("date") && front.is_plain("weight"));
    }
}
