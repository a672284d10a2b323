//! Configured folders → the site: its dialects, roots and settings, and the files that its posts name.

mod detect;
mod discover;
mod media;
mod resolve;
mod resolver;
mod site_config;

pub use detect::{find_site_root, holds_texts, is_site, list_sites};
pub use discover::{Discovery, describe_empty, discover};
pub(crate) use discover::{combine, place_in};
pub(crate) use media::{find_file, is_published, measure, open};
pub use resolve::Found;
pub(crate) use resolve::{Keep, Survey, depends_on, survey};
pub(crate) use resolver::Surveyor;
