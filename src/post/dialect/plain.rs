//! No generator: a folder of Markdown files, with URL paths from file paths and ids from names.

use chrono::NaiveDate;
use uuid::Uuid;

use super::{
    ExpansionTooLong, FILE_NAME, Id, Reading, Rules, TaxonomyKey, Undated, fill_pattern, id_parts,
    is_lower_word, merge_whole, read_date, term_root,
};
use crate::body::{HtmlDocument, Syntax};
use crate::config::{Dialect, Future};
use crate::post::Listed;
use crate::post::address::normalise;
use crate::post::date::{self, Moment};
use crate::post::front_matter::{Fences, Format, FrontMatter};
use crate::post::source::{has_extension, is_html};
use crate::post::value::Value;

/// The rules of a folder without a generator.
pub static RULES: Rules = Rules {
    dialect: Dialect::Plain,
    syntax: |_| Syntax::GITHUB,
    what: "a file in Markdown or HTML",
    fences: Fences::Lines { formats: &[Format::Yaml, Format::Toml, Format::Json], after_blanks: false },
    date_keys: &["date", "published", "created", FILE_NAME],
    updated_keys: &["updated", "lastmod", "last_modified_at", "modified"],
    author_keys: &["author", "authors"],
    expiry_keys: &["expirydate", "expires", "unpublishdate"],
    in_machine_zone: false,
    id_keys: &["guid", "id"],
    undated: Undated::FirstSeen,
    future: Future::Hold,
    permalink: "/:path/",
    placeholders: &["path", "title", "year", "month", "day"],
    is_placeholder: |_| false,
    is_word: is_lower_word,
    expand_permalink: |pattern| pattern,
    extensions: &["md", "markdown", "html"],
    is_post: |_, _| true,
    enters: |_, _| true,
    is_hidden: |source, _, front| {
        let has = |key: &str, value: bool| front.get(key) == Some(&Value::Bool(value));
        has("published", false) || (has("draft", true) && !source.drafts)
    },
    is_leaf: |_, _| false,
    leaf_names: |_| Vec::new(),
    complete: complete_from_html,
    assets: |_, _| None,
    file_date: |_, path| file_date(path).map(Moment::Day),
    read_date,
    title,
    terms,
    address,
    id,
    id_parts,
    templates: None,
    term_root,
    term_slug: |_, _, _, term| term.to_lowercase(),
    validate: |_| None,
    is_markdown: |path| has_extension(path, &["md", "markdown"]),
    language: |_, _| None,
    section: |_, _, _| None,
    listed: |_, _, _| Listed::Everywhere,
    config_files: &[],
    config_extras: &[],
    config_folders: &[],
    content: "",
    post_folders: |_| Vec::new(),
    merge: merge_whole,
    data: None,
    read_site: |_| Default::default(),
};

/// `YYYY-MM-DD` at the start of a file name, not followed by a digit.
fn file_date(path: &str) -> Option<NaiveDate> {
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

fn title(reading: &Reading<'_>) -> String {
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
fn complete_from_html(path: &str, front: &mut FrontMatter<'_>) {
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
fn terms(reading: &Reading<'_>, taxon: TaxonomyKey<'_>) -> Vec<String> {
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

fn address(reading: &Reading<'_>) -> Result<String, ExpansionTooLong> {
    let text = |key| reading.front.get(key).and_then(Value::to_text).filter(|text| !text.trim().is_empty());
    let path = match (text("permalink").filter(|p| p.starts_with('/')), text("slug")) {
        (Some(permalink), _) => permalink,
        (None, Some(slug)) => format!("/{}/", slug.trim_matches('/')),
        (None, None) if is_served_as_is(reading) => format!("/{}", encode(served_path(reading.path))),
        (None, None) => fill_pattern(reading.source.permalink.as_str(), is_lower_word, |name| {
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
    !reading.front.exists && is_html(reading.path) && reading.source.permalink.as_str() == RULES.permalink
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
fn id(reading: &Reading<'_>, _: &str) -> Id {
    let name = format!("{}/{}", reading.source.name, without_extension(reading.path));
    Id::Whole(Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).urn().to_string())
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
