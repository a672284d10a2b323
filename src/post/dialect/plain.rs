//! No generator: a folder of Markdown files, read by the default rules.

use super::{Dialect, Links, plain_rules};
use crate::post::front_matter::FrontMatter;

/// A plain folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plain;

impl Dialect for Plain {
    fn name(&self) -> &'static str {
        "plain"
    }

    fn describe_site(&self) -> String {
        "a plain folder of posts".to_owned()
    }

    fn publishes_files(&self) -> bool {
        true
    }

    fn complete(&self, path: &str, front: &mut FrontMatter<'_>) {
        plain_rules::complete_from_html(path, front);
    }
}

impl Links for Plain {}
