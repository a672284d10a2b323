//! Agreement with the generators: what they made of small sites, to the character.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use feedmill::catalog::{Selection, Snapshot};
use feedmill::config::{Config, Source};
use feedmill::post::Post;
use feedmill::watch::read_once;
use serde_json::Value;

use crate::site::{TestSite, copy_folder, fixture};

/// Where the contract decides otherwise than the generator, and why.
const JEKYLL_OTHERWISE: [(&str, &str); 3] = [
    ("_posts/2024-01-20-tab-yaml-error.md", "broken YAML is a problem, not a post dated now"),
    ("_posts/2024-01-20-unclosed.md", "front matter that is not closed is a problem"),
    (
        "_posts/2026-06-01-now-exactly.md",
        "Jekyll takes a date equal to its clock for none: ours has no such second",
    ),
];

/// The ids of posts that share one: the contract gives the later ones an id of their own.
const JEKYLL_RIVALS: [&str; 1] = ["_posts/2024-01-30-same.md"];

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

/// A Jekyll site with the settings of a variant laid over its own: of equal keys the last counts.
fn read_jekyll(variant: &str, now: DateTime<Utc>) -> BTreeMap<String, Arc<Post>> {
    let site = TestSite::new();
    copy_folder(&fixture("golden/jekyll/site"), &site.path("site"));
    let main = fs::read_to_string(site.path("site/_config.yml")).expect("it is there");
    let over =
        fs::read_to_string(fixture(&format!("golden/jekyll/variants/{variant}.yml"))).expect("it is there");
    site.write("site/_config.yml", &format!("{main}\n{over}"));
    let source = Source { path: site.path("site"), ..Source::default() };
    let config = Config { sources: vec![source], ..Config::default() };
    let (snapshot, discovery) = read_once(&config, now).expect("it can be used");
    assert!(discovery.problems.is_empty(), "{variant}: {:?}", discovery.problems);
    let posts = snapshot.select(&Selection::default(), 500);
    posts.into_iter().map(|post| (post.path.to_string(), post)).collect()
}

#[test]
fn jekyll_agrees_on_every_variant_of_the_sites_configuration() {
    let expected = fs::read_to_string(fixture("golden/jekyll/expected.json")).expect("it is there");
    let expected: Value = serde_json::from_str(&expected).expect("it is JSON");
    let now: DateTime<Utc> = text(&expected, "now").parse().expect("it is a date");
    let mut differences = Vec::new();
    let variants = expected["variants"].as_object().expect("they are a map");
    for (variant, records) in variants {
        let posts = read_jekyll(variant, now);
        for (file, record) in records.as_object().expect("they are a map") {
            if JEKYLL_OTHERWISE.iter().any(|(other, _)| other == file) {
                continue;
            }
            let visible = record["in_feed"] == Value::Bool(true);
            let Some(post) = posts.get(file).filter(|_| visible) else {
                if visible || posts.contains_key(file) {
                    differences.push(format!("{variant}: {file}: visible {visible}"));
                }
                continue;
            };
            let mut compare = |what: &str, ours: String, theirs: String| {
                if ours != theirs {
                    differences
                        .push(format!("{variant}: {file}: {what}\n  ours   {ours}\n  theirs {theirs}"));
                }
            };
            let url = feedmill::post::address::normalise_url(text(record, "url"));
            compare("address", post.address.to_string(), url);
            // Rivals have an id of their own, made of the one they share.
            let own = post.id.strip_suffix(&format!("#{}", file.rsplit('/').next().unwrap_or_default()));
            compare("id", own.unwrap_or(&post.id).to_owned(), text(record, "feed_id").to_owned());
            let date: DateTime<Utc> = text(record, "published").parse().expect("it is a date");
            compare("published", post.published.timestamp().to_string(), date.timestamp().to_string());
        }
    }
    assert!(differences.is_empty(), "{} differ:\n{}", differences.len(), differences.join("\n"));
    assert_eq!(variants.len(), 25);
}

#[test]
fn jekyll_agrees_on_visibility_address_id_dates_titles_and_terms() {
    let folder = fixture("golden/jekyll");
    let expected = fs::read_to_string(folder.join("expected.json")).expect("it is there");
    let expected: Value = serde_json::from_str(&expected).expect("it is JSON");
    let now: DateTime<Utc> = text(&expected, "now").parse().expect("it is a date");
    let source = Source { path: folder.join("site"), ..Source::default() };
    let config = Config { sources: vec![source], ..Config::default() };
    let (snapshot, discovery) = read_once(&config, now).expect("it can be used");
    assert_eq!(discovery.found[0].dialect.name(), "jekyll");
    assert_eq!(snapshot.site.title, "Golden \"Jekyll\" -- it's a test");

    let posts: BTreeMap<String, _> = snapshot
        .select(&Selection::default(), 500)
        .into_iter()
        .map(|post| (post.path.to_string(), post))
        .collect();
    let mut differences = Vec::new();
    let mut compared = 0;
    for record in expected["posts"].as_array().expect("they are a list") {
        let file = text(record, "file");
        if JEKYLL_OTHERWISE.iter().any(|(other, _)| *other == file) {
            continue;
        }
        compared += 1;
        let visible = record["visible"] == Value::Bool(true);
        let Some(post) = posts.get(file) else {
            if visible {
                differences.push(format!("{file}: is missing"));
            }
            continue;
        };
        if !visible {
            differences.push(format!("{file}: is no post"));
            continue;
        }
        let date = |key| text(record, key).parse::<DateTime<Utc>>().expect("it is a date");
        let mut compare = |what: &str, ours: String, theirs: String| {
            if ours != theirs {
                differences.push(format!("{file}: {what}\n  ours   {ours}\n  theirs {theirs}"));
            }
        };
        compare(
            "address",
            post.address.to_string(),
            feedmill::post::address::normalise_url(text(record, "url")),
        );
        if !JEKYLL_RIVALS.contains(&file) {
            compare("id", post.id.to_string(), text(record, "feed_id").to_owned());
        }
        let seconds = |date: DateTime<Utc>| date.timestamp().to_string();
        compare("published", seconds(post.published), seconds(date("published")));
        compare("updated", seconds(post.changed()), seconds(date("updated")));
        if let Some(title) = spell(&record["title_data"]) {
            compare("title", post.title.to_string(), feedmill::body::strip_markup(&title));
        }
        compare("tags", terms(post, 0).join("|"), expect_terms(record, "tags").join("|"));
        compare("categories", terms(post, 1).join("|"), expect_terms(record, "categories_data").join("|"));
    }
    assert!(
        differences.is_empty(),
        "{} of {compared} differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
    assert!(compared > 120, "only {compared} posts were compared");
}

/// Differences between two values of each kind, told with the file they are of.
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

/// Every post of a site, in every language, by its path.
fn read_all(path: std::path::PathBuf, now: DateTime<Utc>) -> (Arc<Snapshot>, BTreeMap<String, Arc<Post>>) {
    let source = Source { path, ..Source::default() };
    let config = Config { sources: vec![source], ..Config::default() };
    let (snapshot, _) = read_once(&config, now).expect("it can be used");
    let languages: Vec<Option<Box<str>>> = snapshot.languages().map(|(code, _)| Some(code.into())).collect();
    let selections = [None].into_iter().chain(languages);
    let posts = selections
        .flat_map(|language| snapshot.select(&Selection { language, ..Selection::default() }, 500))
        .map(|post| (post.path.to_string(), post))
        .collect();
    (snapshot, posts)
}

fn read_expected(dialect: &str) -> Value {
    let text = fs::read_to_string(fixture(&format!("golden/{dialect}/expected.json"))).expect("it is there");
    serde_json::from_str(&text).expect("it is JSON")
}

#[test]
fn zola_agrees_on_visibility_address_id_dates_titles_and_terms() {
    let expected = read_expected("zola");
    let (snapshot, posts) = read_all(fixture("golden/zola/site"), Utc::now());
    assert_eq!(snapshot.site.title, "Golden \"Zola\" & Co");
    let mut comparison = Comparison::new();
    for record in expected["posts"].as_array().expect("they are a list") {
        let file = format!("content/{}", text(record, "file").trim_start_matches("content/"));
        let visible = record["visible"] == Value::Bool(true);
        comparison.note(&file, "visible", posts.contains_key(&file), visible);
        let Some(post) = posts.get(&file).filter(|_| visible) else { continue };
        let url = record["url"].as_str().unwrap_or(text(record, "feed_id"));
        comparison.note(&file, "address", &post.address, feedmill::post::address::normalise_url(url));
        comparison.note(&file, "id", &post.id, text(record, "feed_id"));
        let seconds =
            |key: &str| text(record, key).parse::<DateTime<Utc>>().expect("it is a date").timestamp();
        comparison.note(&file, "published", post.published.timestamp(), seconds("published"));
        comparison.note(&file, "updated", post.changed().timestamp(), seconds("updated_in_feed"));
        if let Some(title) = record["title_data"].as_str().filter(|title| *title != "(none)") {
            comparison.note(&file, "title", &post.title, feedmill::body::strip_markup(title));
        }
        // A page that was not written left no terms.
        let written = !record["lang"].is_null();
        for (place, taxonomy) in snapshot.site.taxonomies.iter().enumerate().filter(|_| written) {
            let taxonomies = &record["taxonomies"];
            let mut theirs = expect_terms(taxonomies, &taxonomy.name);
            if taxonomy.name == "authors" {
                theirs.splice(0..0, expect_terms(record, "authors"));
            }
            comparison.note(&file, &taxonomy.name, terms(post, place as u8).join("|"), theirs.join("|"));
        }
    }
    comparison.finish(800);
}

#[test]
fn zola_agrees_on_every_variant_of_the_sites_configuration() {
    let expected = read_expected("zola");
    let mut comparison = Comparison::new();
    for (variant, records) in expected["variants"].as_object().expect("they are a map") {
        let site = TestSite::new();
        copy_folder(&fixture("golden/zola/site"), &site.path("site"));
        fs::copy(fixture(&format!("golden/zola/variants/{variant}.toml")), site.path("site/config.toml"))
            .expect("it is there");
        let (_, posts) = read_all(site.path("site"), Utc::now());
        for (file, record) in records.as_object().expect("they are a map") {
            let name = format!("content/{}", file.trim_start_matches("content/"));
            let Some(url) = record["url"].as_str() else { continue };
            let Some(post) = posts.get(&name) else { continue };
            let what = format!("{variant}: address");
            comparison.note(file, &what, &post.address, feedmill::post::address::normalise_url(url));
            comparison.note(file, &what, &post.id, url);
        }
    }
    comparison.finish(100);
}
