//! References in pages of Zola: internal links (`@/…`).

use super::Zola;
use crate::post::dialect::Links;
use crate::post::site::SiteSettings;

impl Links for Zola {
    fn link_names(&self, site: &SiteSettings, path: &str, _: u8) -> Vec<String> {
        vec![format!("f:content/{}", site.below_content(path).unwrap_or(path))]
    }

    fn guess_page(&self, _: &SiteSettings, path: &str) -> Option<String> {
        let stem = [".md", ".markdown", ".html"].iter().find_map(|end| path.strip_suffix(end))?;
        let below = stem.strip_prefix("content/").unwrap_or(stem);
        let folder = ["_index", "index"].iter().find_map(|name| below.strip_suffix(name));
        let folder = folder.filter(|folder| folder.is_empty() || folder.ends_with('/'));
        Some(folder.map_or_else(|| format!("{below}/"), str::to_owned))
    }

    fn checks_file_links(&self) -> bool {
        true
    }
}
