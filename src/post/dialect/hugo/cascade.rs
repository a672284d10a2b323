//! Hugo's `cascade`: front matter that the configuration or a section sets for pages.

use super::target::{Target, covers};
use crate::post::defaults::{Defaults, Globs, Scope};
use crate::post::value::Fields;

/// Reads a table of `cascade`, for all pages below `folder` or for those that its target selects; `None` if it is not
/// for pages. `own` is the language of the section, if there are several: a target without languages selects only pages
/// in that language.
///
/// # Errors
/// A sentence about an invalid glob.
pub(super) fn read_cascade(
    table: &Fields,
    folder: &str,
    contents: &[&str],
    own: Option<&Globs>,
) -> Result<Option<Defaults>, String> {
    let target = Target::of(table);
    let languages = target.languages()?.or_else(|| own.cloned());
    if !target.is_built() || !covers(target.kinds()?.as_ref(), "page") {
        return Ok(None);
    }
    let reach = match target.path() {
        None => Scope::Below(folder.to_owned()),
        Some(glob) => {
            // A page is matched by its path without its extension, a bundle by its folder.
            let slash = if glob.starts_with(['/', '{']) { "" } else { "/" };
            let pages = contents.iter().map(|content| format!("{content}{slash}{glob}"));
            let ends = ["", ".*", "/index.*"];
            let files = pages.flat_map(|page| ends.map(|end| format!("{page}{end}")));
            Scope::matching(&files.collect::<Vec<_>>()).map_err(|why| {
                format!("the path {glob:?} of a `target` is not a glob: {why}. Fix it, like \"/posts/**\".")
            })?
        }
    };
    Ok(Some(Defaults { languages, ..Defaults::new(reach, table.clone()) }))
}
