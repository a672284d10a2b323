//! No generator: a folder of Markdown files, read by the default rules.

use super::{Dialect, DialectSpec, Links, plain_rules};
use crate::post::front_matter::FrontMatter;

/// A plain folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plain;

/// The specification of plain folders.
const SPEC: DialectSpec = DialectSpec { name: "plain", publishes_files: true, ..DialectSpec::PLAIN };

impl Dialect for Plain {
    fn spec(&self) -> &'static DialectSpec {
        &SPEC
    }

    fn describe_site(&self) -> String {
        "a plain folder of posts".to_owned()
    }

    fn complete(&self, path: &str, front: &mut FrontMatter<'_>) {
        plain_rules::complete_from_html(path, front);
    }
}

impl Links for Plain {}
