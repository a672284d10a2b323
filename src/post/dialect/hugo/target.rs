//! `target` in Hugo's `permalinks` and cascades: the pages to which a rule applies.

use crate::post::defaults::Globs;
use crate::post::value::{Fields, Value};

/// The conditions in a `target` table; each is optional.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target<'f>(Option<&'f Fields>);

impl<'f> Target<'f> {
    /// The target of a rule or a cascade.
    pub(super) fn of(table: &'f Fields) -> Self {
        Self(table.get("target").or_else(|| table.get("_target")).and_then(Value::as_map))
    }

    /// The conditions that a table itself contains.
    pub(super) fn within(table: &'f Fields) -> Self {
        Self(Some(table))
    }

    fn values(self, keys: &[&str]) -> Vec<String> {
        let found = keys.split_last().and_then(|(last, tables)| {
            tables.iter().try_fold(self.0?, |table, key| table.get(key)?.as_map())?.get(last)
        });
        let values = found.map(Value::items).unwrap_or_default();
        values.iter().filter_map(Value::to_text).filter(|glob| !glob.is_empty()).collect()
    }

    /// `path`
    pub(super) fn path(self) -> Option<String> {
        self.values(&["path"]).first().map(|glob| widen(glob))
    }

    /// `kind`
    pub(super) fn kinds(self) -> Result<Option<Globs>, String> {
        Globs::read(&self.values(&["kind"]))
    }

    /// `sites.matrix.languages`; up to Hugo 0.149 it was `lang`.
    pub(super) fn languages(self) -> Result<Option<Globs>, String> {
        let globs = self.values(&["sites", "matrix", "languages"]);
        Globs::read(&if globs.is_empty() { self.values(&["lang"]) } else { globs })
    }

    /// Returns true if the target includes the environment `production`, from which a site is published.
    pub(super) fn is_built(self) -> bool {
        Globs::read(&self.values(&["environment"])).is_ok_and(|globs| covers(globs.as_ref(), "production"))
    }
}

/// `hugo 0.168 hglob`: `**` also matches `/`, even after the beginning of a name.
fn widen(glob: &str) -> String {
    let mut wide = String::with_capacity(glob.len());
    for (place, part) in glob.split("**").enumerate() {
        if place > 0 {
            wide.push_str(if wide.ends_with(|c: char| !"/{,".contains(c)) { "{*,*/**}" } else { "**" });
        }
        wide.push_str(part);
    }
    wide
}

/// Returns true if a text matches any of the globs, or if there are no globs.
pub(super) fn covers(globs: Option<&Globs>, text: &str) -> bool {
    globs.is_none_or(|globs| globs.covers(text))
}
