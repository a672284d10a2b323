//! The Markdown settings of a Hugo site.

use crate::post::settings_reader::SettingsReader;
use crate::post::value::Value;

/// `hugo 0.168 markup.goldmark.extensions.passthrough`: returns true if text between `$$` is not Markdown.
pub(super) fn passes_dollars(reader: &mut SettingsReader<'_>) -> bool {
    let key = |key: &str| format!("markup.goldmark.extensions.passthrough.{key}");
    let starts = |pair: &Value| Some(pair.items().first()?.as_str()? == "$$");
    let mut pairs = ["block", "inline"].into_iter().flat_map(|kind| {
        reader.items(&key(&format!("delimiters.{kind}")), "a list of pairs of strings", starts)
    });
    let passes = pairs.any(|is_dollar| is_dollar == Some(true));
    reader.is_on(&key("enable")) && passes
}
