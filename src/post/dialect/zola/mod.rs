//! Zola 0.22: pages below `content`, terms under `[taxonomies]`, languages by file name.

mod detection;
mod links;
mod site;

use std::path::Path;

use chrono::{DateTime, NaiveDate};

pub use self::site::Zola;
use super::dates::DateField;
use super::pattern::{fill_pattern, is_lower_word};
use super::{
    Configured, Dialect, DialectSpec, Evidence, ExpansionTooLong, FILE_NAME, Id, Keys, PermalinkSyntax,
    SiteFiles, SourceSettings, TaxonomyKey, Undated,
};
use crate::body::{FootnoteIds, Pass, Syntax, Templates};
use crate::config::{Compat, Future, Problem};
use crate::post::address::normalise;
use crate::post::config_file::ConfigFile;
use crate::post::date::Moment;
use crate::post::file_path::has_extension;
use crate::post::front_matter::{Fences, Format, FrontMatter};
use crate::post::site::{Data, SiteSettings};
use crate::post::value::Value;

/// The forms of front matter, of sections too.
const FENCES: Fences = Fences::Lines { formats: &[Format::Toml, Format::Yaml], after_blanks: true };

/// Markdown of `pulldown-cmark 0.13` with Tera.
const SYNTAX: Syntax<'static> = Syntax {
    templates: Templates::Tera,
    passes: &[Pass::FootnoteLabels, Pass::UrlEscapes],
    extensions: &["{"],
    footnotes: FootnoteIds::Zola,
    ..Syntax::GITHUB
};

type Reading<'a> = super::Reading<'a, Zola>;

/// The files of a site.
const FILES: SiteFiles =
    SiteFiles { config: &["zola.toml", "config.toml"], content: "content", ..SiteFiles::NONE };

/// The specification of Zola.
const SPEC: DialectSpec = DialectSpec {
    name: "zola",
    post: "a page below `content`, with a date",
    files: FILES,
    data_files: Some(|path| {
        let file = path.rsplit('/').next().unwrap_or(path);
        file.starts_with("_index.") && has_extension(file, &["md"])
    }),
    compat: Some(Compat::Zola),
    extensions: &["md"],
    fences: FENCES,
    keys: Keys {
        date: &["date", FILE_NAME],
        updated: &["updated"],
        expiry: &[],
        authors: &["authors"],
        id: &["guid"],
    },
    undated: Undated::Skip,
    future: Future::Show,
    permalinks: PermalinkSyntax { placeholders: &["path"], ..PermalinkSyntax::PLAIN },
    ..DialectSpec::PLAIN
};

impl Dialect for Zola {
    fn spec(&self) -> &'static DialectSpec {
        &SPEC
    }

    fn detect(&self, root: &Path, _: &Path) -> Option<Evidence> {
        detection::detect(root)
    }

    fn holds(&self, root: &Path, folder: &Path, _: bool) -> bool {
        folder == root || folder.starts_with(root.join("content"))
    }

    fn configure(&self, files: &[ConfigFile]) -> Configured {
        site::read(files)
    }

    fn read_data(&self, settings: &SiteSettings, file: &ConfigFile) -> Result<Data, Problem> {
        site::read_data(settings, file)
    }

    /// Pages are the files below `content` with the extension `md` in lower case, except section files.
    fn is_post(&self, source: SourceSettings<'_>, path: &str) -> bool {
        let file = path.rsplit('/').next().unwrap_or(path);
        let section = file == "_index.md" || (file.starts_with("_index.") && has_extension(file, &["md"]));
        // `X.MD` is not a page in Zola.
        let is_markdown = file.rsplit_once('.').is_some_and(|(_, extension)| extension == "md");
        source.below_content(path).is_some() && is_markdown && !section
    }

    fn is_markdown(&self, _: &str) -> bool {
        true
    }

    fn assets<'p>(&self, _: &SiteSettings, path: &'p str) -> Option<&'p str> {
        page_folder(path)
    }

    fn is_hidden(&self, source: SourceSettings<'_>, _: &str, front: &FrontMatter<'_>) -> bool {
        front.get("draft") == Some(&Value::Bool(true)) && !source.drafts
    }

    fn file_date(&self, _: SourceSettings<'_>, path: &str) -> Option<Moment> {
        split_name(name_of(path, &[])).map(|(date, _)| date)
    }

    /// Every form that Zola reads is a documented form.
    fn read_date(&self, _: SourceSettings<'_>, date: DateField<'_>) -> Result<Option<Moment>, String> {
        date.read(|_| None).map(Some)
    }

    fn title(&self, reading: &super::Reading<'_>) -> String {
        reading.front.get("title").and_then(Value::to_text).unwrap_or_default()
    }

    /// Terms are under `[taxonomies]`; authors may also be at the top level.
    fn terms(&self, reading: &super::Reading<'_>, taxonomy: TaxonomyKey<'_>) -> Vec<String> {
        let taxonomies = reading.front.get("taxonomies").and_then(Value::as_map);
        let list = |key: &str| -> Vec<String> {
            let value = taxonomies.and_then(|taxonomies| taxonomies.get(key));
            value.map(Value::items).unwrap_or_default().iter().filter_map(Value::to_text).collect()
        };
        match taxonomy {
            TaxonomyKey::Tags => list("tags"),
            TaxonomyKey::Categories => list("categories"),
            TaxonomyKey::Authors => list("authors"),
            TaxonomyKey::Keys(keys) => keys.iter().flat_map(|key| list(key)).collect(),
        }
    }

    fn language<'s>(&'s self, source: SourceSettings<'s>, path: &str) -> Option<&'s str> {
        language(source.site, path)
    }

    /// The section of a page's folder, or the nearest section above that is not transparent.
    fn section(&self, source: SourceSettings<'_>, path: &str, front: &FrontMatter<'_>) -> Option<String> {
        // A page that is not rendered is not listed in its section.
        if front.get("render") == Some(&Value::Bool(false)) {
            return None;
        }
        let mut folder = page_folder(path).unwrap_or(path).rsplit_once('/')?.0;
        let code = language(source.site, path);
        let place = source.site.languages.iter().position(|known| Some(known.as_str()) == code);
        let find = |folder: &str| source.site.find_section(folder, place.unwrap_or_default());
        while find(folder)?.transparent {
            folder = folder.rsplit_once('/')?.0;
        }
        // `zola 0.22 Section::parse`: the folder names as written.
        source.below_content(folder).map(str::to_owned)
    }

    fn address(&self, reading: &super::Reading<'_>) -> Result<String, ExpansionTooLong> {
        page_path(&reading.with(self)).map(|path| normalise(&path))
    }

    /// The permalink as Zola prints it: not percent-encoded.
    fn id(&self, reading: &super::Reading<'_>, path: &str) -> Id {
        Id::Path(page_path(&reading.with(self)).unwrap_or_else(|ExpansionTooLong| path.to_owned()))
    }

    /// `zola 0.22`: the taxonomy's slug, below the language and `taxonomy_root`.
    fn term_root(&self, source: SourceSettings<'_>, taxonomy: usize, language: usize) -> String {
        let code = source.site.languages.get(language).filter(|_| language > 0);
        let root = Some(&self.taxonomy_root).filter(|root| !root.is_empty());
        let own = self.slugify_taxonomies.apply(&source.taxonomies[taxonomy].name);
        let above = code.into_iter().chain(root).cloned();
        above.chain([own]).collect::<Vec<_>>().join("/")
    }

    fn term_slug(&self, _: SourceSettings<'_>, _: usize, _: usize, term: &str) -> String {
        self.slugify_taxonomies.apply(term)
    }

    fn syntax(&self) -> Syntax<'_> {
        Syntax { has_emoji: self.emoji, ..SYNTAX }
    }
}

/// `zola 0.22 Page::from_file`: a folder with an `index.md` is a page, in each language of its files.
fn page_folder(path: &str) -> Option<&str> {
    let (folder, file) = path.rsplit_once('/')?;
    (file == "index.md" || file.starts_with("index.")).then_some(folder)
}

/// The name of a page: its file name without extension and language, or for `index.md` its folder's name.
fn name_of<'p>(path: &'p str, languages: &[String]) -> &'p str {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.strip_suffix(".md").unwrap_or(file);
    let stem = match stem.rsplit_once('.') {
        Some((stem, code)) if languages.iter().any(|language| language == code) => stem,
        _ => stem,
    };
    if stem == "index" { folder.rsplit('/').next().unwrap_or(folder) } else { stem }
}

/// `zola 0.22 Page: RFC3339_DATE`: the date at the start of a name, and the rest after a `-` or `_`, if any.
fn split_name(name: &str) -> Option<(Moment, Option<&str>)> {
    let mut date = Moment::Day(NaiveDate::parse_from_str(name.get(..10)?, "%Y-%m-%d").ok()?);
    let mut rest = &name[10..];
    if rest.starts_with('T') {
        // A full timestamp with its offset.
        let ends = (11..=name.len()).filter(|end| name.is_char_boundary(*end));
        let mut stamps = ends.map(|end| (end, DateTime::parse_from_rfc3339(&name[..end])));
        let (end, stamp) = stamps.find_map(|(end, stamp)| Some((end, stamp.ok()?)))?;
        (date, rest) = (Moment::Fixed(stamp), &name[end..]);
    }
    let rest = rest.strip_prefix(char::is_whitespace).unwrap_or(rest);
    if rest.is_empty() {
        return Some((date, None));
    }
    let slug = rest.strip_prefix(['-', '_'])?;
    (!slug.is_empty()).then_some((date, Some(slug)))
}

/// The language of a file name, if the site declares several.
fn language<'s>(site: &'s SiteSettings, path: &str) -> Option<&'s str> {
    let default = site.languages.first()?;
    let stem = path.strip_suffix(".md")?;
    let code = stem.rsplit('/').next()?.rsplit_once('.').map(|(_, code)| code);
    let named = site.languages.iter().find(|language| Some(language.as_str()) == code);
    Some(named.unwrap_or(default))
}

/// `zola 0.22 Page::parse`: `path` as written, else the folders and the slug, below the language.
fn page_path(reading: &Reading<'_>) -> Result<String, ExpansionTooLong> {
    let (zola, site) = (reading.source.own, reading.source.site);
    let text = |key| reading.front.get(key).and_then(Value::to_text).map(|text| text.trim().to_owned());
    let mut path = match text("path") {
        Some(path) => path,
        None => {
            let name = name_of(reading.path, &site.languages);
            let slug = match (text("slug"), split_name(name)) {
                (Some(slug), _) => slug,
                (None, Some((_, Some(rest)))) if !zola.keep_dates => rest.to_owned(),
                _ => name.to_owned(),
            };
            let below = reading.source.below_content(reading.path).unwrap_or(reading.path);
            let mut folders: Vec<&str> = below.split('/').collect();
            let file = folders.pop().unwrap_or_default();
            if file == "index.md" || (file.starts_with("index.") && file.matches('.').count() == 2) {
                folders.pop();
            }
            let slug = zola.slugify.apply(&slug);
            let language = language(site, reading.path)
                .filter(|l| Some(*l) != site.languages.first().map(String::as_str));
            let own = folders.into_iter().chain([slug.as_str()]).collect::<Vec<_>>().join("/");
            // Zola has one fixed pattern; feedmill.toml may set another.
            let own = fill_pattern(reading.source.permalink, is_lower_word, |name| {
                (name == "path").then(|| own.clone())
            })?;
            language.map(|code| format!("/{code}")).into_iter().chain([own]).collect()
        }
    };
    if !path.starts_with('/') {
        path.insert(0, '/');
    }
    if !path.ends_with('/') {
        path.push('/');
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::date::read;

    #[test]
    fn names_begin_with_dates_before_slugs() {
        let day = read("2024-01-13").expect("it is a date");
        let stamp = |text| read(text).expect("it is a date");
        for (name, date, slug) in [
            ("2024-01-13-x", day, Some("x")),
            ("2024-01-13_x-y", day, Some("x-y")),
            ("2024-01-13 -x", day, Some("x")),
            ("2024-01-13", day, None),
            ("2024-01-13T10:20:30Z-x", stamp("2024-01-13T10:20:30Z"), Some("x")),
            ("2024-01-13T10:20:30+08:00_x", stamp("2024-01-13T02:20:30Z"), Some("x")),
        ] {
            assert_eq!(split_name(name), Some((date, slug)), "{name}");
        }
        for name in ["2024-01-13-", "2024-1-13-x", "2024-13-13-x", "x", "2024-01-13T10-x", "2024-01-13x"] {
            assert_eq!(split_name(name), None, "{name}");
        }
    }
}
