//! Completes front matter with values from the body and with the site's defaults.

use super::front_matter::FrontMatter;
use super::source::Source;

/// Completes front matter with values from the body and with the site's defaults for its path.
pub(super) fn fill_defaults(source: &Source, path: &str, front: &mut FrontMatter<'_>) {
    complete(source, path, front);
    fill_site_defaults(source, path, front);
}

/// Completes front matter with values from the body.
pub(super) fn complete(source: &Source, path: &str, front: &mut FrontMatter<'_>) {
    source.dialect.complete(path, front);
}

/// Completes front matter with the site's defaults for its path.
pub(super) fn fill_site_defaults(source: &Source, path: &str, front: &mut FrontMatter<'_>) {
    for defaults in source.site.defaults.iter().rev().filter(|defaults| defaults.reach.covers(path)) {
        if let Some(kind) = &defaults.kind
            && source.dialect.section(source.settings(), path, front).as_deref().unwrap_or("posts") != kind
        {
            continue;
        }
        let own = || source.dialect.language(source.settings(), path);
        let language = || own().or_else(|| source.dialect.default_language()).unwrap_or("en");
        if defaults.languages.as_ref().is_some_and(|languages| !languages.covers(language())) {
            continue;
        }
        source.dialect.merge(&mut front.fields, defaults);
    }
}
