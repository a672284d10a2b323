//! The key `kramdown` of `_config.yml`: options of the Markdown library.

use crate::body::KramdownOptions;
use crate::limits::LINK_DEFINITIONS_BYTES;
use crate::post::settings_reader::SettingsReader;
use crate::post::value::{Fields, Value};

/// Reads the options that change the visible text or the ids of a page.
pub(super) fn read(reader: &mut SettingsReader<'_>) -> KramdownOptions {
    let mut options = KramdownOptions::JEKYLL;
    for (key, value) in reader.table("kramdown").into_iter().flat_map(Fields::iter) {
        let set = match (key, value) {
            ("math_engine", Value::Null) => options.set(key, Some("")),
            // `jekyll 4.4 Utils#deep_merge_hashes`: an empty key counts as missing.
            (_, Value::Null) => Ok(()),
            ("link_defs", _) => define_links(value).map(|definitions| options.link_definitions = definitions),
            (_, Value::List(items)) => {
                let texts: Option<Vec<String>> = items.iter().map(Value::to_text).collect();
                options.set(key, texts.map(|texts| texts.join(",")).as_deref())
            }
            _ => options.set(key, value.to_text().as_deref()),
        };
        if let Err(expected) = set {
            let path = format!("kramdown.{key}");
            reader.report(&path, format!("the site's `{path}` is not {expected}. It is left out."));
        }
    }
    options
}

/// Writes `link_defs`, a table of URLs, each with its title perhaps, as Markdown.
fn define_links(value: &Value) -> Result<String, &'static str> {
    const EXPECTED: &str = "a table of at most 32 KiB like `name: [URL]` or `name: [URL, title]`";
    let mut definitions = String::new();
    for (name, link) in value.as_map().ok_or(EXPECTED)?.iter() {
        let Value::List(link) = link else { return Err(EXPECTED) };
        let texts: Vec<String> = link.iter().filter_map(Value::to_text).collect();
        let (url, title) = match &*texts {
            [url] => (url, String::new()),
            [url, title] => (url, format!(" \"{}\"", title.replace('"', "\\\""))),
            _ => return Err(EXPECTED),
        };
        let definition = format!("[{name}]: <{}>{title}", url.replace(['<', '>'], ""));
        if !name.contains([']', '[']) && !definition.contains('\n') {
            definitions.extend([&definition, "\n"]);
        }
    }
    Some(definitions).filter(|definitions| definitions.len() <= LINK_DEFINITIONS_BYTES).ok_or(EXPECTED)
}
