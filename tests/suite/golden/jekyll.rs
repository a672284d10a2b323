//! Jekyll 4.4 and jekyll-feed.

use super::*;
use crate::site::{TestSite, copy_folder};

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

/// A Jekyll site with the settings of a variant laid over its own: of equal keys the last counts.
fn read_jekyll(variant: &str, now: DateTime<Utc>) -> Vec<Arc<Post>> {
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
    snapshot.select(&Selection::default(), 500)
}

#[test]
fn jekyll_agrees_on_every_variant_of_the_sites_configuration() {
    let expected = fs::read_to_string(fixture("golden/jekyll/expected.json")).expect("it is there");
    let expected: Value = serde_json::from_str(&expected).expect("it is JSON");
    let now: DateTime<Utc> = text(&expected, "now").parse().expect("it is a date");
    let mut comparison = Comparison::new();
    let variants = expected["variants"].as_object().expect("they are a map");
    let is_otherwise = |file: &str| JEKYLL_OTHERWISE.iter().any(|(other, _)| *other == file);
    let main = expected["main_feed"]["order"].as_array().expect("it is a list");
    for (variant, said) in variants {
        let mut posts = read_jekyll(variant, now);
        posts.retain(|post| !is_otherwise(&post.path));
        let order = said["order"].as_array().unwrap_or(main);
        let order: Vec<&str> =
            order.iter().filter_map(Value::as_str).filter(|file| !is_otherwise(file)).collect();
        compare_order(variant, &posts, &order, &mut comparison);
        let posts: BTreeMap<&str, &Arc<Post>> = posts.iter().map(|post| (&*post.path, post)).collect();
        for (file, record) in said["posts"].as_object().expect("they are a map") {
            let Some(post) = posts.get(file.as_str()) else { continue };
            let mut compare = |what: &str, ours: String, theirs: String| {
                comparison.note(file, &format!("{variant}: {what}"), ours, theirs);
            };
            compare("address", post.address.to_string(), normalise_url(text(record, "url")));
            // Claims have an id of their own, made of the one they share.
            let own = post.id.strip_suffix(&format!("#{}", file.rsplit('/').next().unwrap_or_default()));
            compare("id", own.unwrap_or(&post.id).to_owned(), text(record, "feed_id").to_owned());
            let date: DateTime<Utc> = text(record, "published").parse().expect("it is a date");
            compare("published", post.published.timestamp().to_string(), date.timestamp().to_string());
        }
    }
    comparison.finish(10_000);
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
    assert_eq!(discovery.sources()[0].dialect.name(), "jekyll");
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
        compare("address", post.address.to_string(), normalise_url(text(record, "url")));
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
