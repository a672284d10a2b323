//! The trait of references in bodies: to other posts, to files, and to values of the site.

use chrono::{DateTime, Utc};

use super::reading::SourceSettings;
use crate::post::site::SiteSettings;
use crate::post::value::Fields;

/// The meaning of references in the bodies of a dialect. The default methods are those of a dialect without references
/// of its own.
pub trait Links {
    /// Returns true if the body of a post with this front matter may hold template tags.
    fn is_template(&self, _fields: &Fields) -> bool {
        true
    }

    /// The value of `page.…` in the body of the post at a path that the generator computes.
    fn page_value(
        &self,
        _source: SourceSettings<'_>,
        (_path, _published): (&str, DateTime<Utc>),
        _key: &str,
    ) -> Option<String> {
        None
    }

    /// True if `page.tags` and `page.categories` are the terms of the post.
    fn has_term_values(&self) -> bool {
        false
    }

    /// Returns true if `site.…` or `page.…` is empty where neither the site nor the page sets it.
    fn is_nil(&self, _site: &SiteSettings, _object: &str, _key: &str) -> bool {
        false
    }

    /// The names by which other posts can refer to the post at a path, each with the prefix of its kind (`f:`, `p:`,
    /// `n:`); `language` is an index into the languages of the site.
    fn link_names(&self, _site: &SiteSettings, _path: &str, _language: u8) -> Vec<String> {
        Vec::new()
    }

    /// The names that a reference, with the prefix of its kind, can mean in the post at a path, the most likely first.
    fn link_candidates(
        &self,
        _site: &SiteSettings,
        (_path, _language): (&str, u8),
        (kind, written): (&str, &str),
    ) -> Vec<String> {
        vec![format!("{kind}{}", written.trim_start_matches('/'))]
    }

    /// The probable path, below the site's URL, of the page of a file that is not a post. Generators do not build a site
    /// with a broken reference to a file, so the target exists.
    fn guess_page(&self, _site: &SiteSettings, _path: &str) -> Option<String> {
        None
    }

    /// True if references to files that do not exist are reported.
    fn checks_file_links(&self) -> bool {
        false
    }
}
