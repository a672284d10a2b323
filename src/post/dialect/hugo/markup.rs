//! The Markdown settings of a Hugo site.

use crate::post::value::{Fields, Value};

/// `hugo 0.168 markup.goldmark.extensions.passthrough`: returns true if text between `$$` is not Markdown.
pub(super) fn passes_dollars(fields: &Fields) -> bool {
    let path = ["markup", "goldmark", "extensions", "passthrough"];
    let passthrough = path.iter().try_fold(fields, |fields, key| fields.get(key)?.as_map());
    let Some(passthrough) = passthrough else { return false };
    let delimiters = passthrough.get("delimiters").and_then(Value::as_map);
    let mut pairs =
        ["block", "inline"].into_iter().filter_map(|kind| delimiters?.get(kind)).flat_map(Value::items);
    passthrough.get("enable") == Some(&Value::Bool(true))
        && pairs.any(|pair| pair.items().first().and_then(Value::as_str) == Some("$$"))
}
