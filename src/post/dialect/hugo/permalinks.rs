//! `permalinks` of Hugo's configuration: a list of rules, or tables of patterns by section.

use crate::post::defaults::Reach;
use crate::post::value::{Fields, Value};

/// A pattern of URLs and the pages that it is for. Of several, the first that fits a page counts.
#[derive(Debug, Clone, PartialEq)]
pub struct PermalinkRule {
    /// What it is for, as written: a section, or a pattern of paths.
    pub target: String,
    /// The pattern of URLs.
    pub pattern: String,
    /// The kinds of page; none: all.
    kinds: Option<Reach>,
    /// The paths, each like `/posts/x`; none: all.
    paths: Option<Reach>,
    /// The codes of the languages; none: all.
    languages: Option<Reach>,
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
    // `hugo 0.168 paths.NormalizePathStringBasic`
    let path = format!("/{}", path.trim_start_matches('/').to_lowercase().replace(' ', "-"));
    let fits = |rule: &&PermalinkRule| {
        rule.is_for(kind) && covers(rule.paths.as_ref(), &path) && covers(rule.languages.as_ref(), language)
    };
    rules.iter().find(fits).map(|rule| rule.pattern.as_str())
}

fn covers(reach: Option<&Reach>, text: &str) -> bool {
    reach.is_none_or(|reach| reach.covers(text))
}

/// `hugo 0.168 DecodePermalinksConfig`: the rules, and why others can't be used.
pub(super) fn read(fields: &Fields) -> (Vec<PermalinkRule>, Vec<String>) {
    let read: Vec<Result<PermalinkRule, String>> = match fields.get("permalinks") {
        Some(Value::List(rules)) => {
            let rules = rules.iter().filter_map(Value::as_map).filter(|rule| is_built_with(rule));
            rules.map(read_rule).collect()
        }
        Some(Value::Map(table)) => read_tables(table),
        _ => Vec::new(),
    };
    let (rules, faults): (Vec<_>, Vec<_>) = read.into_iter().partition(Result::is_ok);
    (rules.into_iter().flatten().collect(), faults.into_iter().filter_map(Result::err).collect())
}

fn find_target<'v>(rule: &'v Fields, keys: &[&str]) -> Option<&'v Value> {
    let (last, tables) = keys.split_last()?;
    let target = rule.get("target")?.as_map()?;
    tables.iter().try_fold(target, |table, key| table.get(key)?.as_map())?.get(last)
}

/// Rules may be for some environments only; a site is published from `production`.
fn is_built_with(rule: &Fields) -> bool {
    let environment = find_target(rule, &["environment"]).and_then(Value::to_text);
    let reach = environment.map(|glob| Reach::matching(&[glob]));
    reach.is_none_or(|reach| reach.is_ok_and(|reach| reach.covers("production")))
}

fn read_rule(rule: &Fields) -> Result<PermalinkRule, String> {
    let reach = |keys: &[&str]| {
        let globs = find_target(rule, keys).map(Value::items).unwrap_or_default();
        let globs: Vec<String> = globs.iter().filter_map(Value::to_text).filter(|g| !g.is_empty()).collect();
        (!globs.is_empty()).then(|| read_globs(&globs)).transpose()
    };
    let pattern = rule.get("pattern").and_then(Value::as_str);
    let path = find_target(rule, &["path"]).and_then(Value::to_text);
    Ok(PermalinkRule {
        target: path.unwrap_or_else(|| "**".to_owned()),
        pattern: pattern.ok_or("a rule of `permalinks` has no `pattern`. Write one.")?.to_owned(),
        kinds: reach(&["kind"])?,
        paths: reach(&["path"])?,
        languages: reach(&["sites", "matrix", "languages"])?,
    })
}

fn read_globs(globs: &[String]) -> Result<Reach, String> {
    let advice = "Fix the glob, like \"/posts/**\".";
    Reach::matching(globs).map_err(|why| format!("`permalinks`: {globs:?} is not a glob: {why}. {advice}"))
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
            kinds: Some(read_globs(&[kind.to_owned()])?),
            paths: Some(read_globs(&[glob])?),
            languages: None,
        })
    })
}
