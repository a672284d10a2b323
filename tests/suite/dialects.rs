//! A dialect is one type: whatever it does not say follows the default rules.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use feedmill::post::dialect::{Dialect, DialectSpec, Links, Permalink, PermalinkSyntax};
use feedmill::post::{File, Outcome, Source, SourceId, parse};

use crate::properties::make_source;

/// The least that a dialect must say.
#[derive(Debug, PartialEq)]
struct Dummy;

impl Dialect for Dummy {
    fn spec(&self) -> &'static DialectSpec {
        &DialectSpec { name: "dummy", ..DialectSpec::PLAIN }
    }
}

impl Links for Dummy {}

/// A dialect with one rule of its own.
#[derive(Debug, PartialEq)]
struct Dated;

const BY_YEAR: PermalinkSyntax = PermalinkSyntax { default: "/:year/:title/", ..PermalinkSyntax::PLAIN };

impl Dialect for Dated {
    fn spec(&self) -> &'static DialectSpec {
        &DialectSpec { name: "dated", permalinks: BY_YEAR, ..DialectSpec::PLAIN }
    }
}

impl Links for Dated {}

fn address_of(dialect: Arc<dyn Dialect>) -> (String, String, Vec<String>) {
    let plain = Source::clone(&make_source("plain", None));
    let source = Source { permalink: Permalink::default_of(&*dialect), dialect, ..plain };
    let text = "---\ntags: [one, two]\n---\n# The title\n\nText with [a link](other.md).\n";
    let file =
        File { path: "notes/2024-01-02 a.md", bytes: text.as_bytes(), modified: DateTime::<Utc>::UNIX_EPOCH };
    assert!(source.is_post(file.path) && !source.is_post("notes/a.png"));
    let Outcome::Post(post, None) = parse(&source, SourceId::new(0), file) else {
        panic!("it is a post without problems")
    };
    assert_eq!(post.published.to_rfc3339(), "2024-01-02T00:00:00+00:00");
    let terms = post.terms.iter().map(|term| term.spelling.to_string()).collect();
    (
        post.title.to_string(),
        post.address.strip_prefix(source.url.as_str()).unwrap_or_default().to_owned(),
        terms,
    )
}

#[test]
fn a_dialect_reads_posts_by_the_default_rules() {
    let (title, address, terms) = address_of(Arc::new(Dummy));
    assert_eq!((title.as_str(), address.as_str()), ("The title", "/notes/2024-01-02%20a/"));
    assert_eq!(terms, ["one", "two"]);
    assert_eq!(Dummy.describe_site(), "a site of dummy");
}

#[test]
fn a_dialect_changes_one_rule_and_keeps_the_others() {
    assert_eq!(address_of(Arc::new(Dated)).1, "/2024/a/");
}
