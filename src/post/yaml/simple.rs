//! The YAML of nearly all front matter, parsed without the YAML library: lines `key: value`, where the value is a
//! scalar on that line or a list of such scalars. All other text is left to the library.

use memchr::{memchr2, memchr3_iter};

use crate::limits::NESTING;
use crate::post::value::{Fields, Value};

/// The longest text that is parsed here, in bytes. It is too short to exceed a limit of the values.
const LONGEST: usize = 8 << 10;

/// The longest key, in bytes. The library accepts keys of 1024 characters.
const LONGEST_KEY: usize = 100;

/// Parses a map of scalars and of lists of scalars. `None`: the text is other YAML, or may be invalid.
pub(super) fn parse(text: &str) -> Option<Fields> {
    let open = |byte: &u8| matches!(byte, b'[' | b'{');
    // As many brackets, even in texts, are an error.
    if text.len() > LONGEST
        || has_special(text)
        || text.as_bytes().iter().filter(|byte| open(byte)).count() > NESTING
    {
        return None;
    }
    let mut lines = text.lines().filter(|line| !line.trim_end_matches(' ').is_empty()).peekable();
    let mut written = Vec::with_capacity(16);
    while let Some(line) = lines.next() {
        let (key, rest) = line.split_once(':')?;
        let key = parse_key(key)?;
        let value = rest.trim_end_matches(' ');
        let value = if value.is_empty() {
            let mut items = Vec::new();
            let mut indent = None;
            while let Some((own, item)) = lines.peek().and_then(|line| split_item(line))
                && *indent.get_or_insert(own) == own
            {
                items.push(parse_line(item)?);
                lines.next();
            }
            if items.is_empty() { Value::Null } else { Value::List(items) }
        } else {
            let value = value.strip_prefix(' ')?.trim_start_matches(' ');
            match value.strip_prefix('[') {
                Some(items) => parse_list(items)?,
                None => parse_line(value)?,
            }
        };
        written.push((key, value));
    }
    Some(Fields::collect(written))
}

/// Returns true if a text has tabs, line breaks other than `\n`, or characters that YAML does not allow.
fn has_special(text: &str) -> bool {
    let is_control = |byte: &u8| (*byte < b' ' && *byte != b'\n') || *byte == 0x7f;
    let is_special = |c: char| {
        matches!(c, '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
    };
    // All others begin with one of these bytes in UTF-8.
    let mut starts = memchr3_iter(0xC2, 0xE2, 0xEF, text.as_bytes());
    text.as_bytes().iter().filter(|byte| is_control(byte)).count() > 0
        || starts.any(|at| text[at..].starts_with(is_special))
}

/// Parses a key of ASCII letters, digits, `_` and `-`.
fn parse_key(key: &str) -> Option<String> {
    let is_simple = key.len() <= LONGEST_KEY
        && key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    match is_simple.then(|| resolve(key))?? {
        Value::Text(key) => Some(key),
        // `null` and `true` are values too.
        _ => None,
    }
}

/// The indentation and the text of an item of a list that has a line for each item.
fn split_item(line: &str) -> Option<(usize, &str)> {
    let item = line.trim_start_matches(' ');
    Some((line.len() - item.len(), item.strip_prefix("- ")?.trim_matches(' ')))
}

/// Parses a scalar that ends with its line.
fn parse_line(text: &str) -> Option<Value> {
    if text.starts_with(['"', '\'']) {
        let (value, rest) = unquote(text)?;
        return rest.is_empty().then_some(Value::Text(value));
    }
    parse_plain(text)
}

/// Parses a list on one line, given without its `[`.
fn parse_list(text: &str) -> Option<Value> {
    let mut items = Vec::new();
    let mut text = text.trim_start_matches(' ');
    if text == "]" {
        return Some(Value::List(items));
    }
    loop {
        let rest = if text.starts_with(['"', '\'']) {
            let (item, rest) = unquote(text)?;
            items.push(Value::Text(item));
            rest.trim_start_matches(' ')
        } else {
            let (item, rest) = text.split_at(memchr2(b',', b']', text.as_bytes())?);
            if item.contains(['[', '{', '}', ':', '?']) {
                return None;
            }
            items.push(parse_plain(item.trim_end_matches(' '))?);
            rest
        };
        match rest.strip_prefix(',') {
            Some(more) => text = more.trim_start_matches(' '),
            None => return (rest == "]").then_some(Value::List(items)),
        }
    }
}

/// The content of a text in quotes, and the rest after it. `None`: it has other escapes than those of quotes and
/// slashes, or is not closed.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut rest = &text[1..];
    let mut content = String::new();
    // In single quotes, a `\` is not an escape.
    let (quote, escape) = if text.starts_with('"') { (b'"', b'\\') } else { (b'\'', b'\'') };
    loop {
        let end = memchr2(quote, escape, rest.as_bytes())?;
        content.push_str(&rest[..end]);
        let (mark, after) = rest[end..].split_at(1);
        let escaped = match (mark, after.chars().next()) {
            ("\\", Some(escaped @ ('"' | '\\' | '/'))) => escaped,
            ("\\", _) => return None,
            ("'", Some('\'')) => '\'',
            _ => return Some((content, after)),
        };
        content.push(escaped);
        rest = &after[1..];
    }
}

/// Parses a scalar without quotes.
fn parse_plain(text: &str) -> Option<Value> {
    const INDICATORS: &[char] = &[
        '-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '+',
    ];
    let is_divided = text.as_bytes().windows(2).any(|pair| matches!(pair, b": " | b" #"));
    if text.is_empty() || text.starts_with(INDICATORS) || text.ends_with(':') || is_divided {
        return None;
    }
    resolve(text)
}

/// The value of a scalar without quotes. `None`: it may be a number other than an integer without a sign.
fn resolve(plain: &str) -> Option<Value> {
    Some(match plain {
        "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN" => return None,
        number if number.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {
            // The longest numbers do not fit.
            let is_integer = number.len() <= 18 && number.bytes().all(|byte| byte.is_ascii_digit());
            match number.parse().ok().filter(|_| is_integer) {
                // Digits after a zero are a text.
                Some(_) if number.len() > 1 && number.starts_with('0') => Value::Text(number.to_owned()),
                Some(integer) => Value::Int(integer),
                None if number.parse::<f64>().is_ok() => return None,
                None if ["0x", "0o", "0b"].iter().any(|base| number.starts_with(base)) => return None,
                None => Value::Text(number.to_owned()),
            }
        }
        text => Value::Text(text.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::post::yaml::parse_map;

    #[test]
    fn front_matter_of_archives_needs_no_library() {
        for text in [
            "layout: post\ntitle: \"习近平会见白罗斯总统 两国提升为全天候全面战略伙伴关系\"\ndate: 2022-09-16T00:26:00.000Z\n\
             author: 联合早报\nfrom: https://www.zaobao.com/realtime/china/story20220916-1313526\n\
             tags: [ 联合早报 ]\ncomments: True\ncategories: [ 联合早报 ]\n",
            "title: It's \"here\": no\n".replace(": no", "").as_str(),
            "title: \"a \\\"b\\\" \\\\ c\"\ntags:\n  - \"C++\"\n  - C#\n  - .NET\n\nweight: 12\nempty:\n",
            "title: 'it''s'\ntags:\n- a b\n- 'c: d'\nkey_2: 007\nother-key: [a,'b', \"c]\"]\nnone: []",
            "",
        ] {
            let fields = parse(text);
            assert!(fields.is_some(), "{text}");
            assert_eq!(fields, parse_map(text).ok(), "{text}");
        }
    }

    #[test]
    fn all_other_text_is_left_to_the_library() {
        for text in [
            "a: b # c",
            "a: b: c",
            "a: b:",
            "a: -1",
            "a: 1.5",
            "a: 1e5",
            "a: 0x1f",
            "a: |\n  b",
            "a: b\n  c",
            "a:\n  b: c",
            "a: {b: c}",
            "a: [b, [c]]",
            "a: [b,]",
            "a: [b",
            "a: \"b",
            "a: \"b\" c",
            "a: \"\\n\"",
            "a: &b c",
            "a: *b",
            "a:b",
            "a : b",
            "\"a\": b",
            "- a",
            "a",
            "# a",
            "a:\n- b\n - c",
            "a:\n-",
            "a:\tb",
            "a: b\r\nc: d",
            "null: a",
            "True: a",
            "标题: a",
            "a: \u{85}b",
            "a: [b: c]",
            "a: [? b]",
            "--- a",
            "...",
            "a: >",
            "a: @b",
            "a: .nan",
            "? a\n: b",
            "<<: a",
        ] {
            assert_eq!(parse(text), None, "{text:?}");
        }
        assert_eq!(parse(&format!("a: \"{}\"", "[".repeat(NESTING + 1))), None);
    }

    /// Pieces of front matter, of which any sequence is a text.
    const PIECES: &str = "(a|b|title|tags|null|[0-9]{1,20}|0x1|0o7|0b1|1e3|1\\.5|\\.5|\\.NET|2024-01-02|true|True|~|观点|\
        : |:|, |,|\\[|\\]|\\[ | \\]|\\{|\\}|\"|'|''|\\\\|\\\\\"|/| #|#|- |-|\\?|&|\\*|!|\\||>|%|@|`|\\+| |  |\n|\n|\n- |\n  - |\
        \n  |\t|\r\n|\u{85}|\u{a0}|\u{2028}|\u{feff}|=|<<|---|\\.\\.\\.|inf|\\.inf)";

    /// Lines that are simple, or nearly.
    const LINES: &str = "([a-c]{1,2}: ?(|x|x y|\"x: y\"|'x''y'|\\[x, \"y\"\\]|\\[\\]|12|https://example\\.com/a\\?b=c#d|\
        [\"'\\[]?[ -~观点]{0,12}[\"'\\]]?)|( |  )?- (x|\"y\"|'z'|[ -~观]{1,8})|\n){1}";

    proptest! {
        #[test]
        fn both_parsers_give_equal_fields(
            lines in prop::collection::vec(LINES, 0..6),
            pieces in prop::collection::vec((PIECES, any::<prop::sample::Index>()), 0..3),
        ) {
            let mut text = lines.join("\n");
            let all: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
            let mut places: Vec<_> = pieces.iter().map(|(piece, at)| (*at.get(&all), piece)).collect();
            places.sort_unstable_by(|one, other| other.cmp(one));
            for (at, piece) in places {
                text.insert_str(at, piece);
            }
            if let Some(fields) = parse(&text) {
                prop_assert_eq!(parse_map(&text), Ok(fields), "{:?}", text);
            }
        }

        #[test]
        fn both_parsers_give_equal_fields_of_any_text(pieces in prop::collection::vec(PIECES, 0..20)) {
            let text = format!("a: {}", pieces.concat());
            if let Some(fields) = parse(&text) {
                prop_assert_eq!(parse_map(&text), Ok(fields), "{:?}", text);
            }
        }
    }
}
