//! `permalinks` in Hugo's configuration: a list of rules, or tables of patterns by section.

use super::address::lower_path;
use super::target::{Target, covers};
use crate::post::defaults::Globs;
use crate::post::settings_reader::SettingsReader;
use crate::post::value::{Fields, Value};

/// A URL pattern and the pages to which it applies. The first rule that matches a page is used.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct PermalinkRule {
    /// The target as written: a section, or a path pattern.
    pub(super) target: String,
    /// The URL pattern.
    pub(super) pattern: String,
    /// The kinds of page; `None`: all.
    kinds: Option<Globs>,
    /// The paths, each like `/posts/x`; `None`: all.
    paths: Option<Globs>,
    /// The codes of the languages; `None`: all.
    languages: Option<Globs>,
}

impl PermalinkRule {
    /// Returns true if the rule applies to pages of a kind (`page`, `section`, `term`).
    pub(super) fn is_for(&self, kind: &str) -> bool {
        covers(self.kinds.as_ref(), kind)
    }
}

/// The pattern for a page, given by its kind, its path below the content folder and its language.
pub(super) fn find<'r>(
    rules: &'r [PermalinkRule],
    kind: &str,
    path: &str,
    language: &str,
) -> Option<&'r str> {
    let path = format!("/{}", lower_path(path.trim_start_matches('/')));
    let matches = |rule: &&PermalinkRule| {
        rule.is_for(kind) && covers(rule.paths.as_ref(), &path) && covers(rule.languages.as_ref(), language)
    };
    rules.iter().find(matches).map(|rule| rule.pattern.as_str())
}

/// `hugo 0.168 DecodePermalinksConfig`: the valid rules; `None` if none are written.
pub(super) fn read(reader: &mut SettingsReader<'_>, path: &str) -> Option<Vec<PermalinkRule>> {
    let written = reader.read(path, "a table, or a list of tables", |value| match value {
        Value::Map(table) => Some(Some(table)),
        Value::List(_) => Some(None),
        _ => None,
    })?;
    let rules = match written {
        Some(table) => read_tables(table),
        None => {
            let rules = reader.tables(path).into_iter();
            rules.filter(|rule| Target::of(rule).is_built()).map(read_rule).collect()
        }
    };
    let valid = rules.into_iter().filter_map(|rule| rule.map_err(|why| reader.report(path, why)).ok());
    Some(valid.collect())
}

fn read_rule(rule: &Fields) -> Result<PermalinkRule, String> {
    let target = Target::of(rule);
    let pattern = rule.get("pattern").and_then(Value::as_str);
    let path = target.path();
    Ok(PermalinkRule {
        paths: Globs::read(path.as_slice())?,
        target: path.unwrap_or_else(|| "**".to_owned()),
        pattern: pattern.ok_or("a rule of `permalinks` has no `pattern`. Add one.")?.to_owned(),
        kinds: target.kinds()?,
        languages: target.languages()?,
    })
}

/// Patterns by section, below the name of a kind of page; patterns of pages and terms may also be at the top
/// of the table.
fn read_tables(table: &Fields) -> Vec<Result<PermalinkRule, String>> {
    let of_kinds = table.iter().filter_map(|(kind, value)| Some((kind, value.as_map()?)));
    let of_kinds = of_kinds.flat_map(|(kind, sections)| read_sections(kind, sections));
    of_kinds.chain(read_sections("{page,term}", table)).collect()
}

fn read_sections(kind: &str, table: &Fields) -> impl Iterator<Item = Result<PermalinkRule, String>> {
    table.iter().filter_map(move |(name, value)| Some((name, value.as_str()?))).map(move |(name, pattern)| {
        // `hugo 0.168 sectionToPathGlob`: `/` is the root section.
        let section = name.trim_matches([' ', '/']);
        let glob = if section.is_empty() { "/*".to_owned() } else { format!("/{{{section},{section}/**}}") };
        Ok(PermalinkRule {
            target: section.to_owned(),
            pattern: pattern.to_owned(),
            kinds: Globs::read(&[kind.to_owned()])?,
            paths: Globs::read(&[glob])?,
            languages: None,
        })
    })
}
