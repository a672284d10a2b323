//! YAML → values. The only module that uses the YAML library.

mod simple;

use super::parse_value::parse_value;
use super::value::{Fields, Value};
use crate::limits::NESTING;

/// The reason why a text is not the expected YAML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct YamlError {
    /// Line and column in the text, from 1; `None` if the parser does not report them.
    pub place: Option<(u32, u32)>,
    /// The message, without a full stop.
    pub message: String,
}

/// Parses a text that holds one map, or nothing.
///
/// # Errors
/// [`YamlError`] with the position that the parser reports.
pub(super) fn parse(text: &str) -> Result<Fields, YamlError> {
    simple::parse(text).map_or_else(|| parse_map(text), Ok)
}

/// Parses a text that holds one map, or nothing, with the library.
fn parse_map(text: &str) -> Result<Fields, YamlError> {
    match parse_any(text)? {
        Value::Map(fields) => Ok(fields),
        Value::Null => Ok(Fields::default()),
        _ => Err(YamlError { place: Some((1, 1)), message: "there must be `key: value` lines".to_owned() }),
    }
}

/// Parses a text that holds one value of any kind.
///
/// # Errors
/// [`YamlError`] with the position that the parser reports.
pub(super) fn parse_any(text: &str) -> Result<Value, YamlError> {
    // Checked before parsing: deep flow collections take quadratic time in libyaml.
    if let Some(line) = find_deep_line(text) {
        let message = format!("values are nested more than {NESTING} deep");
        return Err(YamlError { place: Some((line, 1)), message });
    }
    parse_value(serde_yaml::Deserializer::from_str(text)).map_err(|error| {
        let text = error.to_string();
        if let Some(place) = find_start(&text, "while scanning a quoted scalar") {
            return YamlError { place: Some(place), message: "this quote is never closed".to_owned() };
        }
        let list = find_start(&text, "while parsing a flow sequence");
        let map = || find_start(&text, "while parsing a flow mapping");
        let location = || error.location().map(|at| (at.line() as u32, at.column() as u32));
        YamlError { place: list.or_else(map).or_else(location), message: describe(&text) }
    })
}

/// The library's message without the position, which is reported separately.
fn describe(message: &str) -> String {
    let end = message.find(" at line ").unwrap_or(message.len());
    message[..end].to_owned()
}

/// The position of the start of a value, such as an open quote or list, that the library reports with an error in it.
fn find_start(message: &str, context: &str) -> Option<(u32, u32)> {
    let (_, place) = message.split_once(context)?;
    let (line, column) = place.strip_prefix(" at line ")?.split_once(" column ")?;
    let column: String = column.chars().take_while(char::is_ascii_digit).collect();
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// The first line on which nesting exceeds the limit. The count is rough, but never too low for flow collections and
/// nested block lists.
fn find_deep_line(text: &str) -> Option<u32> {
    let mut open = 0usize;
    let mut indents: Vec<usize> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let content = line.trim_start_matches([' ', '\t']);
        if content.is_empty() {
            continue;
        }
        let indent = line.len() - content.len();
        while indents.last().is_some_and(|last| *last >= indent) {
            indents.pop();
        }
        indents.push(indent);
        let dashes = content.split(' ').take_while(|word| matches!(*word, "-" | "?")).count();
        for byte in content.bytes() {
            match byte {
                b'[' | b'{' => open += 1,
                b']' | b'}' => open = open.saturating_sub(1),
                _ => {}
            }
            if open > NESTING {
                return Some(number as u32 + 1);
            }
        }
        if indents.len() + dashes > NESTING {
            return Some(number as u32 + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_keys_the_last_counts_and_case_is_ignored() {
        let fields = parse("title: a\nTITLE: b\ntitle: c\n").expect("it is YAML");
        assert_eq!(fields.get("title"), Some(&Value::Text("c".to_owned())));
        assert_eq!(parse("a: 1\na: 2").expect("it is YAML").get("a"), Some(&Value::Int(2)));
    }

    #[test]
    fn scalars_tags_and_empty_texts_are_read() {
        let fields = parse("a: !date 2024-01-01\nb: ~\nc: 1.50\nd: [x, 2]\n7: e\n").expect("it is YAML");
        assert_eq!(fields.get("a"), Some(&Value::Text("2024-01-01".to_owned())));
        assert_eq!(fields.get("b"), Some(&Value::Null));
        assert_eq!(fields.get("c").and_then(Value::to_text).as_deref(), Some("1.5"));
        assert_eq!(fields.get("7"), Some(&Value::Text("e".to_owned())));
        assert_eq!(parse("# nothing\n"), Ok(Fields::default()));
    }

    #[test]
    fn faults_have_a_place() {
        let error = parse("title: x\ntags: [a\nz: 1\n").expect_err("the list is open");
        assert_eq!(error.place, Some((2, 7)), "{error:?}");
        assert!(parse("just text").is_err());
    }

    #[test]
    fn aliases_cost_as_much_as_their_targets() {
        let (anchors, aliases) = (vec!["x"; 6000].join(","), vec!["*a"; 6000].join(","));
        let error =
            parse(&format!("a: &a [{anchors}]\nb: [{aliases}]\n")).expect_err("it is 36 million values");
        assert!(error.message.contains("more than 20000 values"), "{error:?}");
        let text = format!("a: &a {}\nb: [{aliases}]\n", "x".repeat(6000));
        assert!(parse(&text).expect_err("it is 36 MB").message.contains("more than 1 MiB"));
        assert!(parse("base: &b {x: 1}\none: *b\ntwo: *b\n").is_ok());
    }

    #[test]
    fn deep_nesting_is_refused_before_parsing() {
        for deep in ["[".repeat(5000), "{".repeat(40), "- ".repeat(40)] {
            assert!(parse(&deep).expect_err("it is deep").message.contains("nested"), "{deep:.20}");
        }
        let ladder: String = (0..40).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
        assert!(parse(&ladder).expect_err("it is deep").message.contains("nested"));
    }
}
