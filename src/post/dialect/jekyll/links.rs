//! References in posts of Jekyll, and the values of its templates.

use chrono::{DateTime, Utc};

use super::Jekyll;
use super::files::below_collections;
use crate::post::dialect::{Links, SourceSettings};
use crate::post::file_path::drop_repeated;
use crate::post::site::SiteSettings;
use crate::post::value::{Fields, Value};

impl Links for Jekyll {
    /// `jekyll 4.4 Document#render_with_liquid?`
    fn is_template(&self, fields: &Fields) -> bool {
        fields.get("render_with_liquid") != Some(&Value::Bool(false))
    }

    fn page_value(
        &self,
        source: SourceSettings<'_>,
        (path, published): (&str, DateTime<Utc>),
        key: &str,
    ) -> Option<String> {
        match key {
            // `jekyll 4.4 Document#date`, as Ruby prints a time.
            "date" => {
                let date = published.with_timezone(&source.time_zone);
                Some(date.format("%Y-%m-%d %H:%M:%S %z").to_string())
            }
            // `jekyll 4.4 Document#relative_path`
            "path" | "relative_path" => below_collections(source.with(self), path).map(str::to_owned),
            _ => None,
        }
    }

    fn has_term_values(&self) -> bool {
        true
    }

    /// A key that `_config.yml` lacks is nil, unless Jekyll computes it or the site has collections; so is a value that a
    /// page does not define.
    fn is_nil(&self, site: &SiteSettings, object: &str, key: &str) -> bool {
        match object {
            "site" => !OF_SITE.contains(&key) && site.values.get("collections").is_none(),
            _ => !COMPUTED.contains(&key),
        }
    }

    fn link_names(&self, site: &SiteSettings, path: &str, _: u8) -> Vec<String> {
        let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
        let file = stem.rsplit('/').next().unwrap_or(stem);
        let below = site.below_content(path).unwrap_or(path);
        let within = stem.split_once("_posts/").map_or(file, |(_, within)| within);
        drop_repeated([format!("f:{path}"), format!("f:{below}"), format!("p:{within}"), format!("p:{file}")])
    }

    fn guess_page(&self, site: &SiteSettings, path: &str) -> Option<String> {
        if path.starts_with('_') {
            return None;
        }
        let Some(stem) = [".md", ".markdown", ".html"].iter().find_map(|end| path.strip_suffix(end)) else {
            return Some(path.to_owned());
        };
        let is_pretty = site.permalink.as_deref().is_some_and(|own| own == "pretty" || own.ends_with('/'));
        Some(match stem.strip_suffix("index").filter(|folder| folder.is_empty() || folder.ends_with('/')) {
            Some(folder) => folder.to_owned(),
            None if is_pretty => format!("{stem}/"),
            None => format!("{stem}.html"),
        })
    }

    fn checks_file_links(&self) -> bool {
        true
    }
}

/// The values that Jekyll computes for the site (`jekyll 4.4 SiteDrop`).
const OF_SITE: [&str; 14] = [
    "categories",
    "collections",
    "data",
    "documents",
    "github",
    "html_files",
    "html_pages",
    "pages",
    "posts",
    "related_posts",
    "static_files",
    "tags",
    "theme",
    "time",
];

/// The values that Jekyll computes for each page (`jekyll 4.4 Document#to_liquid`).
const COMPUTED: [&str; 18] = [
    "categories",
    "collection",
    "content",
    "date",
    "dir",
    "draft",
    "excerpt",
    "ext",
    "id",
    "name",
    "next",
    "output",
    "path",
    "previous",
    "relative_path",
    "slug",
    "tags",
    "url",
];
