//! The filters of Liquid and Nunjucks that only need a text and their arguments.

use crate::limits::EXPANSION_BYTES;

/// Applies a filter to a text; `None`: the filter is unknown, an argument is missing or wrong, or the text would be too
/// long.
pub fn apply_text_filter(value: &str, name: &str, arg: &dyn Fn(usize) -> Option<String>) -> Option<String> {
    Some(match name {
        "prepend" => format!("{}{value}", arg(0)?),
        "append" => format!("{value}{}", arg(0)?),
        "replace" => {
            let (old, new) = (arg(0)?, arg(1)?);
            // Filters in a row must not grow a value without end.
            let grown = value.len() + value.matches(&old).count() * new.len();
            if grown > EXPANSION_BYTES {
                return None;
            }
            value.replace(&old, &new)
        }
        "replace_first" => value.replacen(&arg(0)?, &arg(1)?, 1),
        "remove" => value.replace(&arg(0)?, ""),
        "remove_first" => value.replacen(&arg(0)?, "", 1),
        "escape" | "xml_escape" | "e" | "escape_once" => {
            html_escape::encode_quoted_attribute(value).into_owned()
        }
        "strip" | "trim" => value.trim().to_owned(),
        "lstrip" => value.trim_start().to_owned(),
        "rstrip" => value.trim_end().to_owned(),
        "strip_newlines" => value.replace(['\r', '\n'], ""),
        "newline_to_br" => value.replace('\n', "<br />\n"),
        "upcase" | "upper" => value.to_uppercase(),
        "downcase" | "lower" => value.to_lowercase(),
        "capitalize" => {
            let mut letters = value.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            first + &letters.as_str().to_lowercase()
        }
        "truncate" => {
            truncate(value, &arg(0).unwrap_or("50".to_owned()), &arg(1).unwrap_or("...".to_owned()))?
        }
        "slice" => {
            let from: i64 = arg(0)?.parse().ok()?;
            let from = if from < 0 { value.chars().count() as i64 + from } else { from };
            let length = arg(1).map_or(Ok(1), |length| length.parse()).ok()?;
            value.chars().skip(usize::try_from(from).ok()?).take(length).collect()
        }
        "url_encode" | "cgi_escape" => {
            percent_encoding::utf8_percent_encode(value, URL).to_string().replace("%20", "+")
        }
        "strip_html" | "striptags" => crate::body::strip_markup(value),
        "first" => value.chars().next().map(String::from)?,
        "last" => value.chars().next_back().map(String::from)?,
        "safe" | "raw" | "smartify" | "to_string" | "join" => value.to_owned(),
        _ => return None,
    })
}

/// `Ruby CGI.escape`
const URL: &percent_encoding::AsciiSet =
    &percent_encoding::NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'*');

/// `liquid 4.0 truncate`: at most `length` characters, including the ellipsis.
fn truncate(value: &str, length: &str, ellipsis: &str) -> Option<String> {
    let length: usize = length.parse().ok()?;
    if value.chars().count() <= length {
        return Some(value.to_owned());
    }
    let kept = length.saturating_sub(ellipsis.chars().count());
    Some(value.chars().take(kept).collect::<String>() + ellipsis)
}
