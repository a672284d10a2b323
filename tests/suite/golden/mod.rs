//! Agreement with the generators: what they made of small sites, to the character.
//!
//! Each dialect has a table of columns: a property of a post, and its value in a record of the generator.

mod eleventy;
mod hexo;
mod hugo;
mod jekyll;
mod zola;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use feedmill::body::collapse_white_space;
use feedmill::catalog::{Selection, Snapshot};
use feedmill::config::{Config, Source};
use feedmill::post::Post;
use feedmill::post::address::normalise_url;
use feedmill::watch::read_once;
use serde_json::{Map, Value};

use crate::common::{TestSite, copy_folder, fixture, parse_json, read_file};

/// A property of a post, and its value in a record of the generator; `None` if it is not compared.
type Column = (&'static str, fn(&Post) -> String, fn(&Record) -> Option<String>);

/// A record of the main run, and what is different in a variant of the site's configuration.
struct Record<'v> {
    main: &'v Value,
    variant: &'v Value,
}

impl<'v> Record<'v> {
    fn of_main(main: &'v Value) -> Self {
        Self { main, variant: &Value::Null }
    }

    /// A text that has different keys in a variant and in the main run.
    fn pick(&self, variant_key: &str, main_key: &str) -> &'v str {
        self.variant[variant_key].as_str().unwrap_or_else(|| text(self.main, main_key))
    }

    fn text(&self, key: &str) -> &'v str {
        self.pick(key, key)
    }

    fn date(&self, key: &str) -> Option<DateTime<Utc>> {
        date(self.text(key))
    }

    /// The terms of the main run.
    fn terms(&self, key: &str) -> String {
        join_terms(self.main[key].as_array().into_iter().flatten())
    }
}

type Posts = BTreeMap<String, Arc<Post>>;

/// Differences between posts and records, reported with their file.
#[derive(Default)]
struct Comparison {
    differences: Vec<String>,
    compared: usize,
}

impl Comparison {
    fn note(&mut self, file: &str, what: &str, ours: impl ToString, theirs: impl ToString) {
        let (ours, theirs) = (ours.to_string(), theirs.to_string());
        self.compared += 1;
        if ours != theirs {
            self.differences.push(format!("{file}: {what}\n  ours   {ours}\n  theirs {theirs}"));
        }
    }

    /// Compares whether a file is visible, and if it is, each column of it. Returns a post that both have.
    fn compare<'p>(
        &mut self,
        (run, file): (&str, &str),
        posts: &'p Posts,
        (record, is_visible): (&Record, bool),
        columns: &[Column],
    ) -> Option<&'p Arc<Post>> {
        self.note(file, &format!("{run}: visible"), posts.contains_key(file), is_visible);
        let post = posts.get(file).filter(|_| is_visible)?;
        for (name, ours, theirs) in columns {
            if let Some(theirs) = theirs(record) {
                self.note(file, &format!("{run}: {name}"), ours(post), theirs);
            }
        }
        Some(post)
    }

    fn finish(self, least: usize) {
        let Self { differences, compared } = self;
        let list = differences.join("\n");
        assert!(differences.is_empty(), "{} of {compared} differ:\n{list}", differences.len());
        assert!(compared >= least, "only {compared} values were compared");
    }
}

fn text<'v>(record: &'v Value, key: &str) -> &'v str {
    record[key].as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a JSON array")
}

fn entries(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("a JSON object")
}

/// A date of RFC 3339, or of RFC 2822, as in RSS.
fn date(written: &str) -> Option<DateTime<Utc>> {
    let written = written.trim();
    let date = DateTime::parse_from_rfc3339(written).or_else(|_| DateTime::parse_from_rfc2822(written));
    date.ok().map(|date| date.to_utc())
}

/// The time of the main run.
fn now(expected: &Value) -> DateTime<Utc> {
    date(text(expected, "now")).expect("the time of the main run")
}

fn seconds(date: DateTime<Utc>) -> String {
    date.timestamp().to_string()
}

fn milliseconds(date: DateTime<Utc>) -> String {
    date.timestamp_millis().to_string()
}

/// The id that a post claims. Posts that claim the same one have ids that are made of it.
fn claimed_id(post: &Post) -> String {
    let own = format!("#{}", post.path.rsplit('/').next().unwrap_or_default());
    post.id.strip_suffix(&own).unwrap_or(&post.id).to_owned()
}

fn terms(post: &Post, taxonomy: u8) -> String {
    let terms = post.terms.iter().filter(|term| term.taxonomy == taxonomy);
    terms.map(|term| &*term.spelling).collect::<Vec<_>>().join("|")
}

/// The way in which most generators print a term.
fn spell(term: &Value) -> Option<String> {
    match term {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(_) | Value::Bool(_) => Some(term.to_string()),
        _ => None,
    }
}

/// The terms of a record, each once.
fn join_terms<'v>(terms: impl IntoIterator<Item = &'v Value>) -> String {
    let mut each: Vec<String> = Vec::new();
    for term in terms.into_iter().filter_map(spell) {
        if !term.is_empty() && !each.contains(&term) {
            each.push(term);
        }
    }
    each.join("|")
}

/// Every post of a site, in every language, by its path.
fn read_all(path: PathBuf, now: DateTime<Utc>) -> (Arc<Snapshot>, Posts) {
    read_all_of(Config { sources: vec![Source { path, ..Source::default() }], ..Config::default() }, now)
}

fn read_all_of(config: Config, now: DateTime<Utc>) -> (Arc<Snapshot>, Posts) {
    let (snapshot, discovery) = read_once(&config, now).expect("the sources can be read");
    assert!(discovery.problems.is_empty(), "{:?}", discovery.problems);
    let languages = snapshot.languages().map(|(code, _)| Some(vec![code.into()]));
    let posts = [None].into_iter().chain(languages);
    let posts =
        posts.flat_map(|languages| snapshot.select(&Selection { languages, ..Selection::default() }, 500));
    let posts = posts.map(|post| (post.path.to_string(), post)).collect();
    (snapshot, posts)
}

fn read_expected(dialect: &str) -> Value {
    parse_json(&read_file(fixture(&format!("golden/{dialect}/expected.json"))))
}

/// A copy of a golden site, in `site`.
fn copy_site(dialect: &str) -> TestSite {
    let site = TestSite::new();
    copy_folder(&fixture(&format!("golden/{dialect}/site")), &site.path("site"));
    site
}
