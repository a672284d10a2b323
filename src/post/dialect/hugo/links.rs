//! References in pages of Hugo (`ref`, `relref`).

use std::borrow::Cow;

use super::Hugo;
use super::path::join_folders;
use crate::post::dialect::Links;
use crate::post::file_path::{drop_repeated, tidy};
use crate::post::site::SiteSettings;

impl Links for Hugo {
    fn link_names(&self, site: &SiteSettings, path: &str, language: u8) -> Vec<String> {
        let logical = make_logical(self, site, path);
        let name = logical.rsplit('/').next().unwrap_or_default().to_owned();
        drop_repeated([format!("f:/{logical}@{language}"), format!("n:{name}@{language}")])
    }

    fn link_candidates(
        &self,
        site: &SiteSettings,
        (path, language): (&str, u8),
        (_, written): (&str, &str),
    ) -> Vec<String> {
        let own = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = make_logical(self, site, &format!("{own}/x.md"));
        let own = own.rsplit_once('/').map_or("", |(folder, _)| folder);
        let plain = make_plain(written.trim_start_matches('/'));
        let name = plain.rsplit('/').next().unwrap_or_default().to_owned();
        let next_to_it = tidy(&format!("{own}/{plain}"));
        let at_root = tidy(&plain);
        let mut meant = vec![format!("f:/{at_root}@{language}")];
        if !written.starts_with('/') {
            meant.insert(0, format!("f:/{next_to_it}@{language}"));
            meant.push(format!("n:{name}@{language}"));
        }
        meant
    }

    fn guess_page(&self, _: &SiteSettings, path: &str) -> Option<String> {
        Some(format!("{}/", make_plain(path)))
    }
}

/// The logical path of a page: without content folder, extension, language and `index`.
fn make_logical(hugo: &Hugo, site: &SiteSettings, path: &str) -> String {
    let own =
        hugo.content_folders.iter().find_map(|folder| Some(join_folders(&folder.mount, folder.below(path)?)));
    let below = own.unwrap_or_else(|| Cow::Borrowed(site.below_content(path).unwrap_or(path)));
    let stem = below.rsplit_once('.').map_or(&*below, |(stem, _)| stem);
    let known = |code: &str| site.languages.iter().any(|language| language.eq_ignore_ascii_case(code));
    let stem = match stem.rsplit_once('.') {
        Some((stem, code)) if known(code) => stem,
        _ => stem,
    };
    make_plain(stem)
}

/// The common form of all spellings of a path in references.
fn make_plain(path: &str) -> String {
    let lower = path.trim_matches('/').to_lowercase().replace(' ', "-");
    let stem = [".md", ".markdown", ".html"].iter().find_map(|end| lower.strip_suffix(end));
    let stem = stem.unwrap_or(&lower);
    let bundle = stem.strip_suffix("/index").or_else(|| stem.strip_suffix("/_index"));
    bundle.unwrap_or(stem).to_owned()
}
