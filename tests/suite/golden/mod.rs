//! Agreement with the generators: what they made of small sites, to the character.

mod eleventy;
mod hexo;
mod hugo;
mod jekyll;
mod zola;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use feedmill::catalog::{Selection, Snapshot};
use feedmill::config::{Config, Source};
use feedmill::post::Post;
use feedmill::post::address::normalise_url;
use feedmill::watch::read_once;
use serde_json::Value;

use crate::site::fixture;

fn text<'v>(record: &'v Value, key: &str) -> &'v str {
    record[key].as_str().unwrap_or_default()
}

/// Ruby's way to print a term, for terms that are no strings.
fn spell(term: &Value) -> Option<String> {
    match term {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(_) | Value::Bool(_) => Some(term.to_string()),
        _ => None,
    }
}

fn terms(post: &Post, taxonomy: u8) -> Vec<String> {
    post.terms.iter().filter(|term| term.taxonomy == taxonomy).map(|term| term.spelling.to_string()).collect()
}

fn expect_terms(record: &Value, key: &str) -> Vec<String> {
    let mut each = Vec::new();
    for term in record[key].as_array().into_iter().flatten().filter_map(spell).filter(|term| !term.is_empty())
    {
        if !each.contains(&term) {
            each.push(term);
        }
    }
    each
}

/// Differences between two values of each kind, reported with their file.
struct Comparison {
    differences: Vec<String>,
    compared: usize,
}

impl Comparison {
    fn new() -> Self {
        Self { differences: Vec::new(), compared: 0 }
    }

    fn note(&mut self, file: &str, what: &str, ours: impl ToString, theirs: impl ToString) {
        let (ours, theirs) = (ours.to_string(), theirs.to_string());
        self.compared += 1;
        if ours != theirs {
            self.differences.push(format!("{file}: {what}\n  ours   {ours}\n  theirs {theirs}"));
        }
    }

    fn finish(self, least: usize) {
        let Self { differences, compared } = self;
        assert!(
            differences.is_empty(),
            "{} of {compared} differ:\n{}",
            differences.len(),
            differences.join("\n")
        );
        assert!(compared >= least, "only {compared} values were compared");
    }
}

/// Holds a generator's order of a feed against ours: the same files, newest first. Ties are the contract's.
fn compare_order(what: &str, posts: &[Arc<Post>], theirs: &[&str], comparison: &mut Comparison) {
    let ours: BTreeMap<&str, &Arc<Post>> = posts.iter().map(|post| (&*post.path, post)).collect();
    for file in theirs {
        comparison.note(file, &format!("{what}: is in the feed"), ours.contains_key(file), true);
    }
    for file in ours.keys() {
        comparison.note(file, &format!("{what}: is in their feed"), theirs.contains(file), true);
    }
    let dates: Vec<_> = theirs.iter().filter_map(|file| Some(ours.get(file)?.published)).collect();
    comparison.note(what, "newest first", dates.is_sorted_by(|one, other| one >= other), true);
}

/// Every post of a site, in every language, by its path.
fn read_all(path: PathBuf, now: DateTime<Utc>) -> (Arc<Snapshot>, BTreeMap<String, Arc<Post>>) {
    read_all_of(Source { path, ..Source::default() }, now)
}

fn read_all_of(source: Source, now: DateTime<Utc>) -> (Arc<Snapshot>, BTreeMap<String, Arc<Post>>) {
    let config = Config { sources: vec![source], ..Config::default() };
    let (snapshot, _) = read_once(&config, now).expect("it can be used");
    let languages: Vec<Option<Box<str>>> = snapshot.languages().map(|(code, _)| Some(code.into())).collect();
    let selections = [None].into_iter().chain(languages);
    let posts = selections
        .flat_map(|language| {
            snapshot.select(
                &Selection { languages: language.map(|code| vec![code]), ..Selection::default() },
                500,
            )
        })
        .map(|post| (post.path.to_string(), post))
        .collect();
    (snapshot, posts)
}

fn read_expected(dialect: &str) -> Value {
    let text = fs::read_to_string(fixture(&format!("golden/{dialect}/expected.json"))).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

/// A source read as on a machine in another zone: what feedmill.toml says of the zone stands for it,
/// while dates keep the zone of the site's own configuration.
fn read_once_on(
    machine: Option<chrono_tz::Tz>,
    source: Source,
    now: DateTime<Utc>,
) -> (Arc<Snapshot>, Vec<feedmill::config::Problem>) {
    let config = Config { sources: vec![source], machine_zone: machine, ..Config::default() };
    let (snapshot, discovery) = read_once(&config, now).expect("it can be used");
    (snapshot, discovery.problems)
}
