//! `permalinks` of Hugo's configuration: a list of rules, or tables of patterns by section.

use super::address::lower_path;
use super::target::{Target, covers};
use crate::post::defaults::Globs;
use crate::post::value::{Fields, Value};

/// A pattern of URLs and the pages that it is for. Of several, the first that fits a page counts.
#[derive(Debug, Clone, PartialEq)]
pub struct PermalinkRule {
    /// What it is for, as written: a section, or a pattern of paths.
    pub target: String,
    /// The pattern of URLs.
    pub pattern: String,
    /// The kinds of page; none: all.
    kinds: Option<Globs>,
    /// The paths, each like `/posts/x`; none: all.
    paths: Option<Globs>,
    /// The codes of the languages; none: all.
    languages: Option<Globs>,
}

impl PermalinkRule {
    /// Whether it is for pages of a kind (`page`, `section`, `term`).
    pub fn is_for(&self, kind: &str) -> bool {
        covers(self.kinds.as_ref(), kind)
    }
}

/// The pattern for a page, known by its kind, its path below the folder of content and its language.
pub(super) fn find<'r>(
    rules: &'r [PermalinkRule],
    kind: &str,
    path: &str,
    language: &str,
) -> Option<&'r str> {
    let path = format!("/{}", lower_path(path.trim_start_matches('/')));
    let fits = |rule: &&PermalinkRule| {
        rule.is_for(kind) && covers(rule.paths.as_ref(), &path) && covers(rule.languages.as_ref(), language)
    };
    rules.iter().find(fits).map(|rule| rule.pattern.as_str())
}

/// `hugo 0.168 DecodePermalinksConfig`: the rules, and why others can't be used.
pub(super) fn read(fields: &Fields) -> (Vec<PermalinkRule>, Vec<String>) {
    let read: Vec<Result<PermalinkRule, String>> = match fields.get("permalinks") {
        Some(Value::List(rules)) => {
            let rules = rules.iter().filter_map(Value::as_map).filter(|rule| Target::of(rule).is_built());
            rules.map(read_rule).collect()
        }
        Some(Value::Map(table)) => read_tables(table),
        _ => Vec::new(),
    };
    let (rules, faults): (Vec<_>, Vec<_>) = read.into_iter().partition(Result::is_ok);
    (rules.into_iter().flatten().collect(), faults.into_iter().filter_map(Result::err).collect())
}

fn read_rule(rule: &Fields) -> Result<PermalinkRule, String> {
    let target = Target::of(rule);
    let pattern = rule.get("pattern").and_then(Value::as_str);
    let path = target.path();
    Ok(PermalinkRule {
        paths: Globs::read(path.as_slice())?,
        target: path.unwrap_or_else(|| "**".to_owned()),
        pattern: pattern.ok_or("a rule of `permalinks` has no `pattern`. Write one.")?.to_owned(),
        kinds: target.kinds()?,
        languages: target.languages()?,
    })
}

/// Patterns by section: below the name of a kind of page; those of pages and terms may stand at the top
/// of the table too.
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
