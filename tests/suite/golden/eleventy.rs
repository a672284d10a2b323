//! Eleventy 3 and its RSS plugin.

use feedmill::config::BaseUrl;

use super::*;

/// Where the contract decides otherwise than Eleventy, and why.
const OTHERWISE: [(&str, &str); 1] = [("posts/.hidden.md", "hidden files are no posts")];

/// Posts that Eleventy dates by the birth of their files: without a date they are no entries.
const UNDATED: &str = "(from the file's birth time";

fn compare(records: &[Value], source: Source, base: &str, differ: &Value) -> Comparison {
    let (_, posts) = read_all_of(source, Utc::now());
    let mut comparison = Comparison::new();
    for record in records {
        let file = text(record, "file");
        if OTHERWISE.iter().any(|(other, _)| *other == file) {
            continue;
        }
        let other = &differ[file];
        let undated = text(record, "date").starts_with(UNDATED);
        let visible = (record["visible"] == Value::Bool(true) || !other["url"].is_null()) && !undated;
        comparison.note(file, "visible", posts.contains_key(file), visible);
        let Some(post) = posts.get(file).filter(|_| visible && record["visible"] == Value::Bool(true)) else {
            continue;
        };
        let own = text(record, "url").replace("https://blog.example", base);
        comparison.note(file, "address", &post.address, normalise_url(&own));
        let id = other["feed_id"].as_str().unwrap_or(text(record, "feed_id"));
        comparison.note(file, "id", &post.id, id);
        let date: DateTime<Utc> = text(record, "date").parse().expect("it is a date");
        comparison.note(file, "published", post.published.timestamp_millis(), date.timestamp_millis());
        let updated: DateTime<Utc> = text(record, "updated").parse().expect("it is a date");
        comparison.note(file, "updated", post.changed().timestamp(), updated.timestamp());
        let title = match &record["title_data"] {
            Value::String(title) => feedmill::body::collapse_white_space(title),
            Value::Number(title) => title.to_string(),
            Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
            _ => String::new(),
        };
        comparison.note(file, "title", &post.title, title);
        comparison.note(file, "tags", terms(post, 0).join("|"), expect_terms(record, "tags").join("|"));
    }
    comparison
}

#[test]
fn eleventy_agrees_on_visibility_address_id_dates_titles_and_terms() {
    let expected = read_expected("eleventy");
    let records = expected["posts"].as_array().expect("they are a list");
    let path = fixture("golden/eleventy/site");
    let (snapshot, _) = read_all(path.clone(), Utc::now());
    assert_eq!(snapshot.site.title, "Golden \"Eleventy\" & Co");
    assert_eq!(snapshot.site.url.as_str(), "https://blog.example");
    let source = Source { path, ..Source::default() };
    compare(records, source, "https://blog.example", &Value::Null).finish(600);
}

#[test]
fn eleventy_agrees_on_every_variant() {
    let expected = read_expected("eleventy");
    let records = expected["posts"].as_array().expect("they are a list");
    let variants = expected["variants"].as_object().expect("they are a map");
    for (variant, differ) in variants {
        let mut source = Source { path: fixture("golden/eleventy/site"), ..Source::default() };
        let mut base = "https://blog.example";
        match variant.as_str() {
            "drafts" => source.drafts = Some(true),
            // A prefix that is computed cannot be read: feedmill.toml says it.
            "path-prefix" => {
                base = "https://blog.example/base";
                source.url = BaseUrl::parse(base).ok();
            }
            _ => {}
        }
        compare(records, source, base, &differ["posts_that_differ_from_main"]).finish(600);
    }
    assert_eq!(variants.len(), 5);
}

#[test]
fn eleventys_slugs_of_terms_are_its_own() {
    let expected = read_expected("eleventy");
    let (snapshot, _) = read_all(fixture("golden/eleventy/site"), Utc::now());
    let source = &snapshot.site.sources[0];
    let mut comparison = Comparison::new();
    for (term, slug) in expected["slugify"].as_object().expect("they are a map") {
        let ours = source.dialect.term_slug(source.settings(), 0, 0, term);
        comparison.note(term, "slug", ours, slug.as_str().unwrap_or_default());
    }
    comparison.finish(35);
}
