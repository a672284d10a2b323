//! Configured folders → the site: its dialects, roots and settings, and the files that its posts name.

mod detect;
mod discover;
mod layout;
mod media;
mod resolve;
mod resolver;
mod site_config;
mod site_files;
mod source;

pub use detect::{find_site_root, holds_texts, is_site, list_sites};
pub use discover::{ResolvedSite, describe_empty, discover};
pub(crate) use discover::{combine, discover_stored, place_in};
pub(crate) use media::{find_file, is_published, measure, open};
pub use resolve::ResolvedSource;
pub(crate) use resolve::{Resolved, depends_on};
pub(crate) use resolver::{Resolver, UNANSWERED, replace_or_keep};
pub(crate) use site_files::SiteFiles;
