//! URL paths as Eleventy makes them.

use url::{Position, Url};

use super::Reading;
use super::template::{self, Unfilled, stem};
use crate::post::address::normalise;
use crate::post::dialect::ExpansionTooLong;
use crate::post::value::Value;

/// The template of a post's URL path, if any: the post's own, else the configured one.
pub(super) fn find_template(reading: &Reading<'_>) -> Option<String> {
    let computed = reading.front.get("eleventycomputed").and_then(|map| map.as_map()?.get("permalink"));
    let own = computed.or_else(|| reading.front.get("permalink"));
    // `eleventy 3.1 TemplatePermalink`: of several, only `build` is written.
    let build = own.and_then(|own| own.as_map()?.get("build"));
    let own = build.or(own).and_then(Value::as_str);
    let configured = || Some(reading.source.permalink).filter(|pattern| !pattern.is_empty());
    own.or_else(configured).map(str::to_owned)
}

/// Reports a template that cannot be expanded.
pub(super) fn validate(reading: &Reading<'_>) -> Option<(&'static str, String)> {
    let template = find_template(reading)?;
    let Err(Unfilled::Unknown(why)) = template::fill(reading, &template) else { return None };
    let advice = "The post's URL is made from its file path instead: write the permalink without a template.";
    Some(("permalink", format!("the permalink {template:?} cannot be expanded: {why}. {advice}")))
}

/// The URL path of a post as the feed plugin prints it, which does not encode `[`, `^` and `|`.
///
/// `permalink`, else the file path as a folder.
pub(super) fn of(reading: &Reading<'_>) -> Result<String, ExpansionTooLong> {
    let by_path = || default_path(reading.source.below_content(reading.path).unwrap_or(reading.path));
    let path = match find_template(reading).map(|template| template::fill(reading, &template)) {
        Some(Ok(path)) => format!("/{}", path.trim_start_matches('/')),
        Some(Err(Unfilled::ExpansionTooLong)) => return Err(ExpansionTooLong),
        Some(Err(Unfilled::Unknown(_))) | None => by_path(),
    };
    let folder = path.strip_suffix("index.html").filter(|folder| folder.ends_with('/'));
    Ok(resolve(folder.unwrap_or(&path)))
}

/// `eleventy 3 TemplatePermalink.generate`: a file named `index` or like its folder is at the folder.
fn default_path(below: &str) -> String {
    let stem = stem(below);
    let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
    let is_folder = name == "index" || folder.rsplit('/').next() == Some(name);
    let path = if is_folder { folder } else { stem };
    if path.is_empty() { "/".to_owned() } else { format!("/{path}/") }
}

/// `eleventy-plugin-rss 3 htmlBaseUrl`: `new URL(path, base)`. `%20`, `?` and `#` in a file name keep their
/// meaning in a URL.
fn resolve(path: &str) -> String {
    let url = Url::parse(&format!("https://example.org{path}"));
    url.map_or_else(|_| normalise(path), |url| url[Position::BeforePath..].to_owned())
}
