//! Obsidian: a vault of notes, with URL paths and ids as for plain files and tags in their text.

use super::plain;
use super::{Reading, Rules, TaxonomyKey};
use crate::body::{Pass, Syntax, Templates};
use crate::config::{Dialect, Problem};
use crate::post::config_file::ConfigFile;
use crate::post::front_matter::{Fences, Format};
use crate::post::site::{SiteSettings, tidy};
use crate::post::source::has_extension;
use crate::post::value::Value;

/// Markdown with links by name, embeds and callouts.
const SYNTAX: Syntax = Syntax {
    templates: Templates::Wikilinks,
    passes: &[Pass::Queries],
    has_image_sizes: true,
    ..Syntax::GITHUB
};

/// The rules of an Obsidian vault: those of plain folders, except for the fields set here.
pub static RULES: Rules = Rules {
    dialect: Dialect::Obsidian,
    syntax: |_| SYNTAX,
    fences: Fences::Lines { formats: &[Format::Yaml], after_blanks: false },
    extensions: &["md"],
    is_hidden: |source, path, front| {
        front.get("publish") == Some(&Value::Bool(false)) || (plain::RULES.is_hidden)(source, path, front)
    },
    terms,
    is_markdown: |path| has_extension(path, &["md"]),
    config_files: &[".obsidian/app.json"],
    config_extras: &[FOLDERS[0].0, FOLDERS[1].0, FOLDERS[2].0],
    read_site,
    ..plain::RULES
};

/// The files, and the keys in them, in which the vault's plugins name the folders of templates and daily notes.
const FOLDERS: [(&str, &str); 3] = [
    (".obsidian/templates.json", "folder"),
    (".obsidian/daily-notes.json", "folder"),
    (".obsidian/plugins/templater-obsidian/data.json", "templates_folder"),
];

/// Reads the vault settings that notes depend on: the folder of attachments, and the folders without posts.
fn read_site(files: &[ConfigFile]) -> (SiteSettings, Vec<Problem>) {
    let mut settings = SiteSettings::default();
    let read = |path: &str, key: &str| {
        let file = files.iter().find(|file| file.path == path)?;
        let json = serde_json::from_str::<serde_json::Value>(&file.text).ok()?;
        json[key].as_str().map(str::to_owned)
    };
    if let Some(folder) = read(".obsidian/app.json", "attachmentFolderPath") {
        settings.values.insert("attachmentfolderpath".to_owned(), Value::Text(folder));
    }
    let folders = FOLDERS.iter().filter_map(|(path, key)| read(path, key));
    // An empty name is the vault itself.
    settings.non_post_folders =
        folders.map(|folder| tidy(&folder)).filter(|folder| !folder.is_empty()).collect();
    settings.exclude = settings.non_post_folders.iter().map(|folder| globset::escape(folder)).collect();
    (settings, Vec::new())
}

/// Tags are in the properties, with or without `#`, and anywhere in the text.
fn terms(reading: &Reading<'_>, taxon: TaxonomyKey<'_>) -> Vec<String> {
    let written = (plain::RULES.terms)(reading, taxon);
    let TaxonomyKey::Tags = taxon else { return written };
    let is_string = |key: &str| matches!(reading.front.get(key), Some(Value::Text(_)));
    let mut tags: Vec<String> = if is_string("tags") || is_string("tag") {
        // Older notes keep their tags in one string.
        written.iter().flat_map(|text| text.split([',', ' '])).map(str::to_owned).collect()
    } else {
        written
    };
    for tag in &mut tags {
        *tag = tag.trim().trim_start_matches('#').to_owned();
    }
    tags.extend(find_tags(reading.front.body));
    tags
}

/// Every `#tag` of a text: after white space, of letters, digits, `_`, `-` and `/`, and not only digits.
/// Tags in code and links are ignored.
fn find_tags(body: &str) -> Vec<String> {
    let mut tags = Vec::new();
    for line in plain::lines_outside_code(body) {
        find_in_line(line, &mut tags);
    }
    tags
}

fn find_in_line(line: &str, tags: &mut Vec<String>) {
    // Every other piece between backticks is code; an unclosed backtick is text.
    let pieces: Vec<&str> = line.split('`').collect();
    for (place, piece) in pieces.iter().enumerate() {
        let is_code = place % 2 == 1 && place + 1 < pieces.len();
        if is_code {
            continue;
        }
        let mut before = if place == 0 { ' ' } else { '`' };
        for (at, c) in piece.char_indices() {
            if c == '#' && before.is_whitespace() {
                let rest = &piece[at + 1..];
                let end =
                    rest.find(|c: char| !(c.is_alphanumeric() || "_-/".contains(c))).unwrap_or(rest.len());
                let tag = rest[..end].trim_end_matches('/');
                if tag.chars().any(|c| !c.is_numeric()) {
                    tags.push(tag.to_owned());
                }
            }
            before = c;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_anywhere_in_the_text_except_in_code_and_links() {
        for (body, tags) in [
            ("#one and #two/deep, not#this", vec!["one", "two/deep"]),
            ("# Heading\n## Two\n#日本語 #a-b_c", vec!["日本語", "a-b_c"]),
            ("`#code` #yes `#no`\n```\n#fenced\n```\n#after", vec!["yes", "after"]),
            ("https://example.org/#frag [x](#frag) #2024 #y2024", vec!["y2024"]),
            ("an ` open backtick #tag", vec!["tag"]),
            ("#", vec![]),
        ] {
            assert_eq!(find_tags(body), tags, "{body}");
        }
    }
}
