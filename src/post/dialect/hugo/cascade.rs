//! Hugo's `cascade`: front matter that the configuration or a section sets for pages.

use super::target::{Target, covers};
use crate::post::defaults::{Defaults, Globs, Scope};
use crate::post::value::Value;

/// Reads `cascade`: one table or several, each for all pages below `folder` or for those that its target
/// selects. `own` is the language of the section, if there are several: a target without languages selects only
/// pages in that language.
pub(super) fn read_cascade(
    cascade: &Value,
    folder: &str,
    content: &str,
    own: Option<&Globs>,
) -> Vec<Defaults> {
    let tables = cascade.items().iter().filter_map(Value::as_map);
    let read = tables.filter_map(|table| {
        let target = Target::of(table);
        let languages = target.languages().ok()?.or_else(|| own.cloned());
        if !target.is_built() || !covers(target.kinds().ok()?.as_ref(), "page") {
            return None;
        }
        let reach = match target.path() {
            None => Scope::Below(folder.to_owned()),
            Some(glob) => {
                // A page is matched by its path without its extension, a bundle by its folder.
                let slash = if glob.starts_with(['/', '{']) { "" } else { "/" };
                let page = format!("{content}{slash}{glob}");
                Scope::matching(&["", ".*", "/index.*"].map(|end| format!("{page}{end}"))).ok()?
            }
        };
        Some(Defaults { languages, ..Defaults::new(reach, table.clone()) })
    });
    read.collect()
}
