//! No generator: a folder of Markdown files, read by the default rules.

use super::{Dialect, DialectSpec, Links};

/// A plain folder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plain;

/// The specification of plain folders.
const SPEC: DialectSpec =
    DialectSpec { name: "plain", publishes_files: true, reads_html_heads: true, ..DialectSpec::PLAIN };

impl Dialect for Plain {
    fn spec(&self) -> &'static DialectSpec {
        &SPEC
    }

    fn describe_site(&self) -> String {
        "a plain folder of posts".to_owned()
    }
}

impl Links for Plain {}
