//! Obsidian: a vault of notes, with URL paths and ids as for plain files and tags in their text.

use std::path::Path;

use super::{
    Configured, Dialect, DialectSpec, Evidence, Links, Reading, SiteFiles, SourceSettings, Strength,
    TaxonomyKey, plain_rules,
};
use crate::body::{Pass, Syntax, Templates};
use crate::post::config_file::ConfigFile;
use crate::post::file_path::{has_extension, tidy};
use crate::post::front_matter::{Fences, Format, FrontMatter};
use crate::post::settings_reader::SettingsReader;
use crate::post::site::SiteSettings;
use crate::post::value::Value;

/// Markdown with links by name, embeds and callouts.
const SYNTAX: Syntax<'static> = Syntax {
    templates: Templates::Wikilinks,
    passes: &[Pass::Queries],
    has_image_sizes: true,
    ..Syntax::GITHUB
};

/// An Obsidian vault: a plain folder, except for the rules set here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Obsidian;

/// The specification of vaults.
const SPEC: DialectSpec = DialectSpec {
    name: "obsidian",
    files: SiteFiles {
        config: &[".obsidian/app.json"],
        extras: &[FOLDERS[0].0, FOLDERS[1].0, FOLDERS[2].0],
        markers: &[".obsidian"],
        ..SiteFiles::NONE
    },
    keeps_folder: true,
    extensions: &["md"],
    publishes_files: true,
    reads_html_heads: true,
    finds_media_by_name: true,
    fences: Fences::Lines { formats: &[Format::Yaml], after_blanks: false },
    ..DialectSpec::PLAIN
};

impl Dialect for Obsidian {
    fn spec(&self) -> &'static DialectSpec {
        &SPEC
    }

    fn describe_site(&self) -> String {
        "an Obsidian vault".to_owned()
    }

    fn detect(&self, root: &Path, _: &Path) -> Option<Evidence> {
        root.join(".obsidian").is_dir().then(|| Strength::Layout.because("there is .obsidian"))
    }

    /// Reads the vault settings that notes depend on: the folder of attachments, and the folders without posts.
    fn configure(&self, files: &[ConfigFile]) -> Configured {
        let mut configured = Configured::default();
        let mut read = |path: &str, key: &str| {
            let file = files.iter().position(|file| file.path == path).map(|at| &files[at..=at])?;
            let (fields, faults) = ConfigFile::read_first(file);
            let mut reader = SettingsReader::new(file, &fields, faults);
            let folder = reader.text(key);
            let (is_unreadable, problems) = reader.finish();
            configured.settings.is_unreadable |= is_unreadable;
            configured.problems.extend(problems);
            folder
        };
        let attachments = read(".obsidian/app.json", "attachmentFolderPath");
        let folders: Vec<String> = FOLDERS.iter().filter_map(|(path, key)| read(path, key)).collect();
        let settings = &mut configured.settings;
        if let Some(folder) = attachments {
            settings.values.insert("attachmentfolderpath".to_owned(), Value::Text(folder));
        }
        // An empty name is the vault itself.
        settings.non_post_folders =
            folders.iter().map(|folder| tidy(folder)).filter(|folder| !folder.is_empty()).collect();
        settings.exclude = settings.non_post_folders.iter().map(|folder| globset::escape(folder)).collect();
        configured
    }

    fn is_markdown(&self, path: &str) -> bool {
        has_extension(path, &["md"])
    }

    fn is_hidden(&self, source: SourceSettings<'_>, _: &str, front: &FrontMatter<'_>) -> bool {
        front.get("publish") == Some(&Value::Bool(false)) || plain_rules::is_hidden(source, front)
    }

    fn terms(&self, reading: &Reading<'_>, taxonomy: TaxonomyKey<'_>) -> Vec<String> {
        terms(reading, taxonomy)
    }

    fn syntax(&self) -> Syntax<'_> {
        SYNTAX
    }
}

impl Links for Obsidian {
    /// By its path or any end of it that begins at a folder.
    fn link_names(&self, _: &SiteSettings, path: &str, _: u8) -> Vec<String> {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let ends = stem.match_indices('/').map(|(at, _)| &stem[at + 1..]);
        std::iter::once(stem).chain(ends).map(|end| format!("n:{}", end.to_lowercase())).collect()
    }

    fn link_candidates(
        &self,
        _: &SiteSettings,
        (path, _): (&str, u8),
        (kind, written): (&str, &str),
    ) -> Vec<String> {
        let plain = written.strip_suffix(".md").unwrap_or(written);
        let own = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let is_relative = plain.starts_with("./") || plain.starts_with("../");
        let whole = if is_relative { tidy(&format!("{own}/{plain}")) } else { plain.to_owned() };
        vec![format!("{kind}{}", whole.trim_start_matches('/').to_lowercase())]
    }
}

/// The files, and the keys in them, in which the vault's plugins name the folders of templates and daily notes.
const FOLDERS: [(&str, &str); 3] = [
    (".obsidian/templates.json", "folder"),
    (".obsidian/daily-notes.json", "folder"),
    (".obsidian/plugins/templater-obsidian/data.json", "templates_folder"),
];

/// Tags are in the properties, with or without `#`, and anywhere in the text.
fn terms(reading: &Reading<'_>, taxon: TaxonomyKey<'_>) -> Vec<String> {
    let written = plain_rules::terms(reading, taxon);
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
    for line in plain_rules::lines_outside_code(body) {
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
