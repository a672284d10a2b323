//! The fences of front matter, as each generator finds them.

use super::{Fault, Format};
use crate::limits::FRONT_MATTER_BYTES;

/// The fences of a dialect's front matter.
#[derive(Debug, Clone, Copy)]
pub enum Fences {
    /// Lines of their own above and below it, which depend on the format.
    Lines {
        /// The formats that the dialect reads.
        formats: &'static [Format],
        /// True if blank lines may precede the front matter.
        after_blanks: bool,
    },
    /// YAML, TOML, JSON or Org, optionally after blank lines; a line that begins with `---` or `+++` closes it.
    Hugo,
    /// Three or more `-` (YAML) or `;` (JSON without braces); the opening line is optional.
    Hexo,
    /// `---`, optionally followed by the name of a language.
    GrayMatter,
}

impl Fences {
    /// Returns true if front matter without keys counts as part of the body.
    pub(super) fn are_optional(self) -> bool {
        matches!(self, Self::Hexo)
    }

    /// Returns true if a repeated key makes the post invalid, as in Hexo.
    pub(super) fn refuse_repeated_keys(self) -> bool {
        matches!(self, Self::Hexo)
    }
}

/// A text divided at its fences: the format, the front matter's byte range and where the body begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divided {
    /// Format of the front matter.
    pub format: Format,
    /// Byte range of the text between the fences.
    pub inner: std::ops::Range<usize>,
    /// Byte offset of the body.
    pub body: usize,
}

/// Finds the front matter of a text in one of the formats that a dialect reads; `None` if there is none.
///
/// # Errors
/// A [`Fault`] if the front matter is not closed or is too large.
pub fn divide(text: &str, fences: Fences) -> Result<Option<Divided>, Fault> {
    let divided = match fences {
        Fences::Lines { formats, after_blanks } => divide_lines(text, formats, after_blanks, divide_fenced)?,
        Fences::Hugo => {
            let formats = [Format::Yaml, Format::Toml, Format::Json, Format::Org];
            divide_lines(text, &formats, true, divide_hugo)?
        }
        Fences::Hexo => divide_hexo(text),
        Fences::GrayMatter => divide_gray_matter(text)?,
    };
    match divided {
        Some(divided) if divided.inner.len() > FRONT_MATTER_BYTES => Err(Fault::new(
            (1, 1),
            "the front matter is larger than 64 KiB. Close it, or move text into the body.",
        )),
        divided => Ok(divided),
    }
}

/// A function that divides a text at the given fence of a format.
type DivideFenced = fn(&str, Format, &str) -> Result<Option<Divided>, Fault>;

fn divide_lines(
    text: &str,
    formats: &[Format],
    after_blanks: bool,
    divide_fenced: DivideFenced,
) -> Result<Option<Divided>, Fault> {
    let start = if after_blanks { text.len() - text.trim_start().len() } else { 0 };
    let text = &text[start..];
    let divided = match text.as_bytes().first() {
        Some(b'-') if formats.contains(&Format::Yaml) => divide_fenced(text, Format::Yaml, "---")?,
        Some(b'+') if formats.contains(&Format::Toml) => divide_fenced(text, Format::Toml, "+++")?,
        // `{{` and `{%` begin a body, not an object.
        Some(b'{') if formats.contains(&Format::Json) && text[1..].trim_start().starts_with(['"', '}']) => {
            divide_json(text)?
        }
        Some(b'#') if formats.contains(&Format::Org) => divide_org(text),
        _ => None,
    };
    Ok(divided.map(|Divided { format, inner, body }| Divided {
        format,
        inner: inner.start + start..inner.end + start,
        body: body + start,
    }))
}

/// `jekyll 4.4 Document::YAML_FRONT_MATTER_REGEXP`: blanks may follow either fence.
fn divide_fenced(text: &str, format: Format, fence: &str) -> Result<Option<Divided>, Fault> {
    let first_end = text.find('\n').map_or(text.len(), |i| i + 1);
    if text[..first_end].trim_end() != fence {
        return Ok(None);
    }
    let mut at = first_end;
    for line in text[first_end..].split_inclusive('\n') {
        let line_text = line.trim_end();
        if line_text == fence || (line_text == "..." && format == Format::Yaml) {
            return Ok(Some(Divided { format, inner: first_end..at, body: at + line.len() }));
        }
        at += line.len();
    }
    Err(never_closed(fence))
}

/// `hugo 0.168 lexFrontMatterSection`: text after a fence on its line belongs to the part below it.
fn divide_hugo(text: &str, format: Format, fence: &str) -> Result<Option<Divided>, Fault> {
    let Some(rest) = text.strip_prefix(fence) else { return Ok(None) };
    let skip_line_end = |at: usize| {
        let rest = &text[at..];
        at + if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) }
    };
    let start = skip_line_end(fence.len());
    let mut at = fence.len();
    for (number, line) in rest.split_inclusive('\n').enumerate() {
        if number > 0 && line.starts_with(fence) {
            return Ok(Some(Divided { format, inner: start..at, body: skip_line_end(at + fence.len()) }));
        }
        at += line.len();
    }
    Err(never_closed(fence))
}

fn never_closed(open: &str) -> Fault {
    Fault::new((1, 1), format!("the front matter is never closed. Write a line `{open}` below it."))
}

fn divide_json(text: &str) -> Result<Option<Divided>, Fault> {
    // The size is limited before parsing: a body that begins with `{` may have any length.
    let mut end = text.len().min(FRONT_MATTER_BYTES + 1);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut values = serde_json::Deserializer::from_str(&text[..end]).into_iter::<serde::de::IgnoredAny>();
    match values.next() {
        Some(Ok(_)) => {
            let end = values.byte_offset();
            let line = text[end..].find('\n').map_or(text.len(), |i| end + i + 1);
            let body = if text[end..line].trim().is_empty() { line } else { end };
            Ok(Some(Divided { format: Format::Json, inner: 0..end, body }))
        }
        Some(Err(error)) => Err(super::formats::json_fault(&error)),
        None => Ok(None),
    }
}

/// Keywords of Org, one per line: `#+title: …` (`hugo 0.168 parser/pageparser`).
fn divide_org(text: &str) -> Option<Divided> {
    let keywords = text.split_inclusive('\n').take_while(|line| line.starts_with("#+"));
    let end = keywords.map(str::len).sum();
    (end > 0).then_some(Divided { format: Format::Org, inner: 0..end, body: end })
}

/// `hexo-front-matter 4 split`: with or without the opening line. Blanks at the end of that line invalidate it, and
/// there must be text between the lines.
fn divide_hexo(text: &str) -> Option<Divided> {
    let first = text.split_inclusive('\n').next()?;
    let opened = find_fence(first);
    if opened.is_some_and(|open| first.trim_end_matches(['\r', '\n']) != open) {
        return None;
    }
    let start = if opened.is_some() { first.len() } else { 0 };
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let close = match opened {
            Some(open) => line.starts_with(open).then_some(open),
            None => find_fence(line),
        };
        let is_empty = matches!(&text[start..at], "" | "\n" | "\r\n");
        if let Some(close) = close.filter(|_| !is_empty) {
            let format = if close.starts_with(';') { Format::BareJson } else { Format::Yaml };
            let rest = &line[close.len()..];
            let body = at + close.len() + if matches!(rest, "\n" | "\r\n") { rest.len() } else { 0 };
            let fits = opened.is_some() || at - start <= FRONT_MATTER_BYTES;
            return fits.then_some(Divided { format, inner: start..at, body });
        }
        at += line.len();
    }
    None
}

/// The fence at the start of a line: three or more `-` or `;`.
fn find_fence(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|mark| "-;".contains(*mark))?;
    let length = line.len() - line.trim_start_matches(mark).len();
    (length >= 3).then(|| &line[..length])
}

/// `gray-matter 4`: `---`, optionally the name of a language, and a closing line that begins with `---`.
fn divide_gray_matter(text: &str) -> Result<Option<Divided>, Fault> {
    let Some(rest) = text.strip_prefix("---").filter(|rest| !rest.starts_with('-')) else { return Ok(None) };
    let start = text.len() - rest.len() + rest.find('\n').map_or(rest.len(), |end| end + 1);
    let format = match rest.lines().next().unwrap_or_default().trim() {
        "" | "yaml" | "yml" => Format::Yaml,
        "json" => Format::Json,
        "js" | "javascript" => Format::JavaScript,
        other => {
            let message = format!("front matter in {other:?} is not supported. Write it in YAML or JSON.");
            return Err(Fault::new((1, 4), message));
        }
    };
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if let Some(rest) = line.strip_prefix("---") {
            let body = at + line.len() - rest.trim_start_matches(['\r', '\n']).len();
            return Ok(Some(Divided { format, inner: start..at, body }));
        }
        at += line.len();
    }
    Err(never_closed("---"))
}
