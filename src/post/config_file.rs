//! A file of a site's own configuration: parsed as a whole, or those of its parts that can be parsed.

use serde::{Deserialize, Serialize};

use super::parse_value::{find_too_large, parse_json, parse_toml};
use super::value::{Fields, Value};
use super::yaml;
use crate::config::{Problem, position};

/// A file of a site's own configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigFile {
    /// Name of the file in messages.
    pub name: String,
    /// Path of the file, relative to the site's root.
    pub path: String,
    /// Content of the file.
    pub text: String,
}

impl ConfigFile {
    /// Parses YAML, TOML or JSON, by the extension of the file.
    ///
    /// # Errors
    /// A [`Problem`] with the position at which parsing fails.
    pub(super) fn read(&self) -> Result<Fields, Problem> {
        let fault = match self.parse(&self.text) {
            Ok(Value::Map(fields)) => return Ok(fields),
            Ok(_) => Fault { place: (1, 1), reason: "there must be keys and values".to_owned() },
            Err(fault) => fault,
        };
        let language = match self.extension() {
            "toml" => "TOML",
            "json" => "JSON",
            _ => "YAML",
        };
        let message = match find_too_large(&fault.reason) {
            Some(reason) => format!("the site's configuration is {reason}. Shorten it."),
            None => format!("the site's configuration is not {language}: {}. Fix it there.", fault.reason),
        };
        Err(Problem::error(&self.name, message).at(fault.place))
    }

    /// The content as a value of any kind; `None` if it cannot be parsed.
    pub(super) fn read_value(&self) -> Option<Value> {
        match self.extension() {
            "toml" | "json" => self.parse(&self.text).ok(),
            _ => yaml::parse_any(&self.text).ok(),
        }
    }

    /// The content of the first of these files, as [`ConfigFile::read_partly`] returns it.
    pub(super) fn read_first(files: &[Self]) -> (Fields, Vec<Problem>) {
        let (fields, problem) = files.first().map(Self::read_partly).unwrap_or_default();
        (fields, problem.into_iter().collect())
    }

    /// The content. If the file cannot be parsed as a whole: those of its parts that can, and the problem.
    pub(super) fn read_partly(&self) -> (Fields, Option<Problem>) {
        let problem = match self.read() {
            Ok(fields) => return (fields, None),
            Err(problem) => problem,
        };
        let mut fields = Fields::default();
        let json = if self.extension() == "json" { split_json(&self.text) } else { Vec::new() };
        for part in self.split().into_iter().chain(json.iter().map(String::as_str)).take(USABLE_PARTS) {
            if let Ok(Value::Map(parsed)) = self.parse(part) {
                overlay(&mut fields, &parsed);
            }
        }
        (fields, Some(problem))
    }

    /// The byte offset of the line that contains a key, or of the key itself. `path` begins with the tables that
    /// contain it: `table.key`.
    pub(super) fn find(&self, path: &str) -> Option<usize> {
        let (tables, key) = path.rsplit_once('.').unwrap_or_default();
        let key = if tables.is_empty() { path } else { key };
        let tables = tables.split('.').filter(|table| !table.is_empty());
        let within = tables.fold(0, |at, table| self.find_after(at, table).unwrap_or(at));
        self.find_after(within, key).or_else(|| self.find_after(0, key))
    }

    fn find_after(&self, start: usize, key: &str) -> Option<usize> {
        let text = &self.text[start..];
        let in_line = || {
            // In a table that is written on one line.
            text.match_indices(key).map(|(at, _)| at).find(|at| {
                let before = text[..*at].trim_end_matches(['"', '\'']).trim_end();
                let after = text[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
                before.ends_with(['{', ',']) && after.starts_with([':', '='])
            })
        };
        find_line(text, key).or_else(in_line).map(|at| start + at)
    }

    fn extension(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    fn parse(&self, text: &str) -> Result<Value, Fault> {
        match self.extension() {
            "toml" => parse_toml(text).map_err(|error| Fault {
                place: position(text, error.span().map_or(0, |span| span.start)),
                reason: error.message().lines().next().unwrap_or_default().to_owned(),
            }),
            "json" => parse_json(text).map_err(|error| {
                let message = error.to_string();
                let end = message.find(" at line ").unwrap_or(message.len());
                let place = (error.line().max(1) as u32, error.column().max(1) as u32);
                Fault { place, reason: message[..end].to_owned() }
            }),
            _ => yaml::parse(text)
                .map(Value::Map)
                .map_err(|error| Fault { place: error.place.unwrap_or((1, 1)), reason: error.message }),
        }
    }

    /// Divides the text at its top-level keys, each with the lines that belong to it. JSON has no such parts.
    fn split(&self) -> Vec<&str> {
        let begins: fn(&str) -> bool = match self.extension() {
            "json" => return Vec::new(),
            "toml" => |line| line.starts_with('['),
            _ => |line| !line.starts_with([' ', '\t', '#', '-', '\r', '\n', ']', '}']),
        };
        let is_toml = self.extension() == "toml";
        let mut parts = Vec::new();
        let (mut start, mut at, mut in_table) = (0, 0, false);
        for line in self.text.split_inclusive('\n') {
            // Above the first table, every line of TOML may be a part.
            in_table |= is_toml && begins(line);
            if begins(line) || (is_toml && !in_table) {
                parts.push(&self.text[start..at]);
                start = at;
            }
            at += line.len();
        }
        parts.push(&self.text[start..]);
        parts
    }
}

/// The offset of the line that begins with a key, or of the heading of a table of TOML with that name.
fn find_line(text: &str, key: &str) -> Option<usize> {
    let mut at = 0;
    text.split_inclusive('\n').find_map(|line| {
        at += line.len();
        let line = line.trim_start();
        let start = line.trim_start_matches('"');
        let rest = start.get(..key.len()).filter(|start| start.eq_ignore_ascii_case(key));
        let declares =
            rest.is_some() && start[key.len()..].trim_start_matches('"').trim_start().starts_with([':', '=']);
        let mut tables = line.strip_prefix('[').into_iter().flat_map(|line| line.split(['.', '[', ']']));
        (declares || tables.any(|table| table.eq_ignore_ascii_case(key))).then_some(at - line.len())
    })
}

/// The pairs of a JSON object, each as an object of its own; commas divide them.
fn split_json(text: &str) -> Vec<String> {
    let text = text.trim().strip_prefix('{').unwrap_or(text);
    let (mut depth, mut quoted, mut escaped, mut start) = (0_i32, false, false, 0);
    let mut pairs = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            ',' if depth == 0 => {
                pairs.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = text[start..].trim_end();
    pairs.push(last.strip_suffix('}').unwrap_or(last));
    pairs.into_iter().map(|pair| format!("{{{pair}}}")).collect()
}

/// The maximum number of parts of a broken file that are used.
const USABLE_PARTS: usize = 1_000;

/// A syntax error and its position.
struct Fault {
    place: (u32, u32),
    reason: String,
}

/// Merges `over` into `fields`: tables key by key; other values are replaced.
pub(super) fn overlay(fields: &mut Fields, over: &Fields) {
    for (key, value) in over.iter() {
        let merged = match (fields.get(key), value) {
            (Some(Value::Map(own)), Value::Map(over)) => {
                let mut own = own.clone();
                overlay(&mut own, over);
                Value::Map(own)
            }
            _ => value.clone(),
        };
        fields.overwrite(&Fields::of(key, merged));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_partly(path: &str, text: &str) -> (Vec<String>, Option<(u32, u32)>) {
        let file = ConfigFile { name: path.to_owned(), path: path.to_owned(), text: text.to_owned() };
        let (fields, problem) = file.read_partly();
        let keys = fields.iter().map(|(key, _)| key.to_owned()).collect();
        (keys, problem.map(|problem| (problem.line, problem.column)))
    }

    #[test]
    fn of_a_broken_file_the_other_keys_are_read() {
        let yaml = "title: A\nurl: https://a.org\nbad: [1,\nfeed:\n  path: x\n";
        assert_eq!(read_partly("_config.yml", yaml).0, ["title", "url", "feed"]);
        let toml = "title = \"A\"\nbad = \nx = 1\n[slugify]\npaths = \"off\"\n[extra]\na = 1\n";
        assert_eq!(
            read_partly("config.toml", toml),
            (
                vec!["title".to_owned(), "x".to_owned(), "slugify".to_owned(), "extra".to_owned()],
                Some((2, 7))
            )
        );
        let json = "{\"title\": \"A, B\",, \"list\": [1, {\"a\": 2}], \"bad\": }";
        assert_eq!(
            read_partly("hugo.json", json),
            (vec!["title".to_owned(), "list".to_owned()], Some((1, 18)))
        );
    }
}
