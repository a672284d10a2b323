//! Attribute lists: `{: .class}` of kramdown, and `{#id .class}` of headings in all dialects that have them.

use super::kramdown::{mark_id, mark_place, mark_unlisted};
use super::markdown_extensions::{LONGEST, take_end_of};

/// `kramdown 2.4 parse_span_extensions`: an attribute list directly after text is text too. `line` is the text before
/// it on its line.
pub(super) fn follows_element(out: &str, line: &str) -> bool {
    let bare = line.trim_matches([' ', '\t', '>']);
    let begins_item = matches!(bare, "" | "*" | "-" | "+" | ":")
        || bare.strip_suffix('.').is_some_and(|number| number.bytes().all(|b| b.is_ascii_digit()));
    begins_item || !out.ends_with(|c: char| c.is_alphanumeric() || c.is_whitespace())
}

/// Takes `{: .class #id}` or `{:toc}`, alone on its line or after its element. Returns true if the line break is
/// removed too.
pub(super) fn take_attributes(
    inner: &str,
    behind: &str,
    begins_line: bool,
    out: &mut String,
) -> Option<bool> {
    let begins = inner.starts_with([' ', '.', '#', '\n']) || inner.starts_with(|c: char| c.is_alphabetic());
    if !begins || inner.contains("\n\n") {
        return None;
    }
    if begins_line && mark_place(inner, false).is_some() {
        // The list item above is only a placeholder.
        let near = take_end_of(out, 256);
        let list = near.trim_end_matches('\n');
        let begins = list.rfind('\n').map(|newline| newline + 1).or((near.len() == out.len()).then_some(0));
        if let Some(line) = begins.filter(|at| list[*at..].trim_start().starts_with(['*', '-', '+', '1'])) {
            let mark = mark_place(inner, list[line..].trim_start().starts_with('1'));
            out.truncate(out.len() - near.len() + line);
            out.extend(["\n", mark.unwrap_or_default(), "\n"]);
        }
    } else if inner.split_whitespace().any(|word| word == "standalone") && behind.starts_with('\n') {
        show_caption(out);
    } else if let Some(mark) = mark_unlisted(inner, out).filter(|_| begins_line) {
        out.push_str(mark);
    }
    let next = behind.strip_prefix('\n').unwrap_or_default();
    let is_item =
        next.trim_start().starts_with(['*', '-', '+']) || next.starts_with(|c: char| c.is_ascii_digit());
    let takes_line = begins_line && is_item && behind.starts_with('\n');
    if takes_line {
        out.truncate(out.trim_end_matches([' ', '\t']).len());
    }
    Some(takes_line)
}

/// Writes the image that a text ends in as a figure with its text as caption, if the image is a whole paragraph
/// (`kramdown 2.4 convert_standalone_image`).
fn show_caption(out: &mut String) {
    let near = take_end_of(out, LONGEST);
    let image =
        near.rfind("\n\n").map(|blank| &near[blank + 2..]).or((near.len() == out.len()).then_some(near));
    let image = image.filter(|image| image.starts_with("![") && image.matches('[').count() == 1);
    let Some((image, (text, _))) = image.and_then(|image| Some((image, image[2..].split_once(']')?))) else {
        return;
    };
    let figure = format!("<figure>\n\n{image}\n\n<figcaption>\n\n{text}\n\n</figcaption>\n</figure>\n");
    out.truncate(out.len() - image.len());
    out.push_str(&figure);
}

/// Returns true for `{#id .class key="value"}` at the end of a heading, and `{.class}` alone on a line.
pub(super) fn is_trailing(inner: &str, behind: &str, begins_line: bool, out: &str) -> bool {
    // This check comes first: many lists may share one end.
    if inner.contains(['\n', '{']) {
        return false;
    }
    let is_last = behind.chars().find(|c| !matches!(c, ' ' | '\t' | '\r')).is_none_or(|c| c == '\n');
    let is_attribute = |word: &str| {
        let named = word
            .strip_prefix(['#', '.'])
            .is_some_and(|name| name.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '-')));
        named || word.split_once('=').is_some_and(|(key, _)| !key.is_empty() && key.chars().all(is_key))
    };
    let is_sound = inner.split_whitespace().next().is_some_and(is_attribute);
    if !is_last || !is_sound {
        return false;
    }
    let line = take_end_of(out, LONGEST).rsplit('\n').next().unwrap_or_default();
    let follows = begins_line || line.trim_start_matches([' ', '>']).starts_with('#');
    // The line below a setext heading marks it as one.
    let below = behind.trim_start_matches([' ', '\t', '\r']).strip_prefix('\n').unwrap_or_default();
    follows || below.starts_with("---") || below.starts_with("===")
}

fn is_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ':')
}

/// Takes `{#id}` at the end of a heading, and the `#` before it. Returns true if it is one (`kramdown 2.4 HEADER_ID`: a
/// blank is before the id, which begins with a letter).
pub(super) fn take_heading_id(inner: &str, behind: &str, begins_line: bool, out: &mut String) -> bool {
    let id = inner.trim_start_matches('#');
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '-');
    let is_id =
        id.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':')) && id.chars().all(is_word);
    if !is_id || !out.ends_with([' ', '\t']) || !is_trailing(inner, behind, begins_line, out) {
        return false;
    }
    let bare = out.trim_end_matches([' ', '\t']).trim_end_matches('#');
    let text = if bare.ends_with([' ', '\t']) { bare } else { out.as_str() };
    let text = text.trim_end_matches([' ', '\t']);
    let length = if text.ends_with('#') { out.len() } else { text.len() };
    out.truncate(length);
    out.push_str(&mark_id(id));
    true
}
