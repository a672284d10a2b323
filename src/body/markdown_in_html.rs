//! Markdown in blocks of HTML, and the ends of such blocks.

use super::markdown_extensions::{LONGEST, take_end_of};

/// Adds a blank line between a block of HTML and the text below it. In kramdown the block ends with its last tag
/// (`kramdown 2.4 HTML Blocks`), in CommonMark with a blank line.
pub(super) fn take_end(text: &str, out: &mut String) -> Option<usize> {
    let line = text[1..].split('\n').next().unwrap_or_default();
    let below = text[1 + line.len()..].strip_prefix('\n')?.chars().next()?;
    let is_tag = line.len() < 64 && line.trim_end().ends_with('>') && line.matches('<').count() == 1;
    (is_tag && !below.is_whitespace() && below != '<').then(|| {
        out.extend(["\n", line, "\n"]);
        1 + line.len()
    })
}

/// Takes ` markdown="1"` in a tag: the text after the tag is Markdown.
pub(super) fn take_markdown(text: &str, out: &mut String) -> Option<usize> {
    let value = &text[" markdown=".len()..];
    let quotes =
        value.strip_prefix(['"', '\'']).map_or(0, |inner| inner.find(['"', '\'']).map_or(0, |end| end + 2));
    let end = if quotes > 0 { quotes } else { value.find(|c: char| !c.is_ascii_alphanumeric())? };
    let rest = &value[end..];
    let close = find_near(rest, ">").filter(|close| end < 10 && !rest[..*close].contains('<'))?;
    out.push_str(&rest[..=close]);
    let mut length = text.len() - rest.len() + close + 1;
    if value[..end].trim_matches(['"', '\'']) == "0" {
        return Some(length);
    }
    let near = take_end_of(out, LONGEST);
    let tag = &near[near.rfind('<').map_or(0, |open| open + 1)..];
    let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let is_details = name == "details";
    if ["span", "a", "em", "strong", "b", "i", "small", "mark", "sub", "sup"].contains(&name) {
        return Some(length);
    }
    out.push_str("\n\n");
    // The `summary` of a `details` element is HTML.
    let summary = rest[close + 1..].trim_start();
    if is_details
        && summary.starts_with("<summary")
        && let Some(end) = find_near(summary, "</summary>")
    {
        let end = end + "</summary>".len();
        out.extend([&summary[..end], "\n\n"]);
        length = text.len() - summary.len() + end;
    }
    Some(length)
}

/// Returns the offset of a string near the beginning of a text.
fn find_near(text: &str, needle: &str) -> Option<usize> {
    let end = (0..=text.len().min(LONGEST)).rev().find(|end| text.is_char_boundary(*end))?;
    text[..end].find(needle)
}
