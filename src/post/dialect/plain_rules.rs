//! The rules of plain folders, which are the defaults: URL paths from file paths, ids from names.

use chrono::NaiveDate;
use percent_encoding::percent_decode_str;
use uuid::Uuid;

use super::pattern::{ExpansionTooLong, PermalinkSyntax, fill_pattern, is_lower_word};
use super::reading::{Id, IdParts, Reading, SourceSettings, TaxonomyKey};
use crate::body::HtmlDocument;
use crate::post::address::normalise;
use crate::post::date;
use crate::post::file_path::is_html;
use crate::post::front_matter::FrontMatter;
use crate::post::value::Value;

/// Drafts and posts with `published: false` are hidden.
pub(super) fn is_hidden(source: SourceSettings<'_>, front: &FrontMatter<'_>) -> bool {
    let has = |key: &str, value: bool| front.get(key) == Some(&Value::Bool(value));
    has("published", false) || (has("draft", true) && !source.drafts)
}

/// `YYYY-MM-DD` at the start of a file name, not followed by a digit.
pub(super) fn file_date(path: &str) -> Option<NaiveDate> {
    let stem = file_stem(path);
    let date = NaiveDate::parse_from_str(stem.get(..10)?, "%Y-%m-%d").ok()?;
    let follows = stem[10..].chars().next();
    follows.is_none_or(|c| !c.is_ascii_digit()).then_some(date)
}

fn file_stem(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// The path without its extension.
fn without_extension(path: &str) -> &str {
    let folder = path.rfind('/').map_or(0, |slash| slash + 1);
    path[folder..].rfind('.').map_or(path, |dot| &path[..folder + dot])
}

pub(super) fn title(reading: &Reading<'_>) -> String {
    let written =
        reading.front.get("title").and_then(Value::to_text).filter(|title| !title.trim().is_empty());
    written.or_else(|| find_heading(reading.front.body)).unwrap_or_else(|| file_stem(reading.path).to_owned())
}

/// The first heading outside of code: `# x` of any level, or a paragraph above `===` or `---`
/// (`CommonMark 0.31 §4.2, §4.3`).
fn find_heading(body: &str) -> Option<String> {
    let mut paragraph: Vec<&str> = Vec::new();
    let (mut in_block, mut in_comment) = (false, false);
    lines_outside_code(body).find_map(|line| {
        let text = line.trim();
        in_comment |= text.starts_with("<!--");
        let is_hidden = in_comment;
        in_comment &= !text.contains("-->");
        // A line that begins a list, a quotation, a table or HTML, and those after it up to a blank line, are not part
        // of a paragraph.
        in_block = !text.is_empty() && (in_block || begins_block(text));
        let is_indented = line.len() - line.trim_start().len() >= 4;
        let level = text.len() - text.trim_start_matches('#').len();
        let is_underline = |expected: u8| !text.is_empty() && text.bytes().all(|byte| byte == expected);
        let heading = if is_indented || is_hidden {
            String::new()
        } else if (1..=6).contains(&level) && text[level..].starts_with(' ') {
            text[level..].trim().trim_end_matches('#').trim().to_owned()
        } else if is_underline(b'=') || is_underline(b'-') {
            paragraph.join(" ")
        } else {
            String::new()
        };
        if in_block || is_indented || is_hidden || text.is_empty() || text.starts_with('#') {
            paragraph.clear();
        } else {
            paragraph.push(text);
        }
        (!heading.is_empty()).then(|| crate::body::strip_markdown(&heading))
    })
}

/// Returns true if a line begins a list, a quotation, a table or HTML.
fn begins_block(text: &str) -> bool {
    let marker = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let is_bullet = text.starts_with(['-', '*', '+']) && text[1..].starts_with(' ');
    let is_number =
        marker.len() < text.len() && marker.starts_with([')', '.']) && marker[1..].starts_with(' ');
    is_bullet || is_number || text.starts_with(['>', '|', '<'])
}

/// An HTML document without front matter takes its metadata from its head.
pub(super) fn complete_from_html(path: &str, front: &mut FrontMatter<'_>) {
    if front.exists || !is_html(path) {
        return;
    }
    let document = HtmlDocument::read(front.body);
    let text = |text: Option<String>| text.map(Value::Text);
    let keywords = document.keywords.into_iter().map(Value::Text).collect();
    let fields = [
        ("title", text(document.title)),
        // A time in the text that cannot be parsed is ignored: it may be meant for people.
        ("date", text(document.date.or(document.time.filter(|time| date::read(time).is_ok())))),
        ("description", text(document.description)),
        ("author", text(document.author)),
        ("lang", text(document.language)),
        ("canonical_url", text(document.canonical)),
        ("tags", Some(Value::List(keywords))),
    ];
    for (key, value) in fields {
        if let Some(value) = value {
            front.fields.insert(key.to_owned(), value);
        }
    }
    front.body = &front.body[document.content];
}

/// The path at which web servers serve an HTML file: an `index.html` at its folder.
fn served_path(path: &str) -> &str {
    match path.strip_suffix("index.html").or_else(|| path.strip_suffix("index.htm")) {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder,
        _ => path,
    }
}

/// The lines of a Markdown text outside fenced code.
pub(super) fn lines_outside_code(body: &str) -> impl Iterator<Item = &str> {
    let mut fence: Option<&str> = None;
    body.lines().filter(move |line| {
        let text = line.trim_start();
        let marker = ["```", "~~~"].into_iter().find(|marker| text.starts_with(marker));
        match (fence, marker) {
            (None, Some(_)) => fence = marker,
            (Some(open), Some(close)) if open == close => fence = None,
            _ => return fence.is_none(),
        }
        false
    })
}

/// Each item of a list is a term, nested items too; a string is one term.
pub(super) fn terms(reading: &Reading<'_>, taxon: TaxonomyKey<'_>) -> Vec<String> {
    let defaults: &[&str] = match taxon {
        TaxonomyKey::Tags => &["tags", "tag"],
        TaxonomyKey::Categories => &["categories", "category"],
        TaxonomyKey::Authors => &[],
        TaxonomyKey::Keys(keys) => return keys.iter().flat_map(|key| read_terms(reading, key)).collect(),
    };
    defaults.iter().flat_map(|key| read_terms(reading, key)).collect()
}

fn read_terms(reading: &Reading<'_>, key: &str) -> Vec<String> {
    fn collect(value: &Value, terms: &mut Vec<String>) {
        match value {
            Value::List(items) => items.iter().for_each(|item| collect(item, terms)),
            scalar => terms.extend(scalar.to_text()),
        }
    }
    let mut terms = Vec::new();
    if let Some(value) = reading.front.get(key) {
        collect(value, &mut terms);
    }
    terms
}

pub(super) fn address(reading: &Reading<'_>) -> Result<String, ExpansionTooLong> {
    let text = |key| reading.front.get(key).and_then(Value::to_text).filter(|text| !text.trim().is_empty());
    let path = match (text("permalink").filter(|p| p.starts_with('/')), text("slug")) {
        (Some(permalink), _) => permalink,
        (None, Some(slug)) => format!("/{}/", slug.trim_matches('/')),
        (None, None) if is_served_as_is(reading) => format!("/{}", encode(served_path(reading.path))),
        (None, None) => fill_pattern(reading.source.permalink, is_lower_word, |name| {
            Some(match name {
                "path" => encode(without_extension(reading.path)),
                "title" => encode(undated_stem(reading.path)),
                "year" => reading.date.format("%Y").to_string(),
                "month" => reading.date.format("%m").to_string(),
                "day" => reading.date.format("%d").to_string(),
                _ => return None,
            })
        })?,
    };
    Ok(normalise(&path))
}

/// Returns true if a web server serves the file itself: an HTML document, not the source of one.
fn is_served_as_is(reading: &Reading<'_>) -> bool {
    !reading.front.exists
        && is_html(reading.path)
        && reading.source.permalink == PermalinkSyntax::PLAIN.default
}

/// Encodes a file path for a URL: a `%` or `#` in a file name is not URL syntax.
fn encode(path: &str) -> String {
    crate::post::address::encode_path(path)
}

/// The file name without its extension and without a date at its start.
fn undated_stem(path: &str) -> &str {
    let stem = file_stem(path);
    match file_date(path) {
        Some(_) => Some(stem[10..].trim_start_matches(['-', '_', ' ']))
            .filter(|rest| !rest.is_empty())
            .unwrap_or(stem),
        None => stem,
    }
}

/// Independent of every URL: a version 5 UUID of the source's name and the path without its extension.
pub(super) fn id(reading: &Reading<'_>) -> Id {
    let name = format!("{}/{}", reading.source.name, without_extension(reading.path));
    Id::Whole(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).urn().to_string())
}

/// The id and path of the post's page; the slug is the last segment of the path, without its extension.
pub(super) fn id_parts(id: String, path: &str) -> IdParts {
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let stem = last.strip_suffix(".html").unwrap_or(last);
    let slug = percent_decode_str(stem).decode_utf8_lossy().into_owned();
    IdParts { path: path.to_owned(), id, slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_at_the_start_of_file_names() {
        let day = NaiveDate::from_ymd_opt(2024, 1, 2);
        for path in ["2024-01-02.md", "a/2024-01-02-x.md", "2024-01-02 x.md", "2024-01-02_x.md"] {
            assert_eq!(file_date(path), day, "{path}");
        }
        for path in ["x-2024-01-02.md", "2024-01-021.md", "2024-13-02.md", "中文中文中文.md"] {
            assert_eq!(file_date(path), None, "{path}");
        }
    }

    #[test]
    fn the_first_heading_outside_code_is_the_title() {
        assert_eq!(find_heading("x\n\n```\n# no\n```\n# Yes #\n").as_deref(), Some("Yes"));
        assert_eq!(find_heading("x\n\nTitle *one*\n====\n# Two\n").as_deref(), Some("Title one"));
        assert_eq!(find_heading("    code\n===\n\n===\n"), None);
        assert_eq!(find_heading("#hashtag\n    # code\n- x\n---\n"), None);
        assert_eq!(find_heading("#hashtag\n\n## Second\n").as_deref(), Some("Second"));
        assert_eq!(find_heading("Two\nlines\n---\n").as_deref(), Some("Two lines"));
        assert_eq!(find_heading("*Two* words\n---\n").as_deref(), Some("Two words"));
        for text in [
            "- one\n  more\n---\n",
            "1. one\n2. two\n---\n",
            "> quote\nmore\n---\n",
            "<!--\ncomment\n---\n# hidden\n-->\n",
        ] {
            assert_eq!(find_heading(text), None, "{text}");
        }
    }
}
