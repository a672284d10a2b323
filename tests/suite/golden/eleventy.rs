//! Eleventy 3 and its RSS plugin.

use feedmill::config::BaseUrl;

use super::*;

/// Where the contract decides otherwise than Eleventy, and why.
const OTHERWISE: [(&str, &str); 1] = [("posts/.hidden.md", "hidden files are no posts")];

/// Posts that Eleventy dates by the birth of their files: without a date they are no entries.
const UNDATED: &str = "(from the file's birth time";

/// The site's URL in the records.
const BASE: &str = "https://blog.example";

const COLUMNS: [Column; 6] = [
    ("address", |post| post.address.to_string(), |record| Some(normalise_url(text(record.main, "url")))),
    ("id", |post| post.id.to_string(), |record| Some(record.text("feed_id").to_owned())),
    (
        "published",
        |post| milliseconds(post.published),
        |record| date(text(record.main, "date")).map(milliseconds),
    ),
    ("updated", |post| seconds(post.changed()), |record| date(text(record.main, "updated")).map(seconds)),
    ("title", |post| post.title.to_string(), |record| Some(title(&record.main["title_data"]))),
    ("tags", |post| terms(post, 0), |record| Some(record.terms("tags"))),
];

/// JavaScript's way to print a title.
fn title(written: &Value) -> String {
    match written {
        Value::String(title) => collapse_white_space(title),
        Value::Number(title) => title.to_string(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(","),
        _ => String::new(),
    }
}

fn compare(run: &str, expected: &Value, source: Source, base: &str, changed: &Value) {
    let (_, posts) = read_all_of(Config { sources: vec![source], ..Config::default() }, Utc::now());
    let mut comparison = Comparison::default();
    for main in list(&expected["posts"]) {
        let file = text(main, "file");
        if OTHERWISE.iter().any(|(other, _)| *other == file) {
            continue;
        }
        let mut main = main.clone();
        main["url"] = text(&main, "url").replace(BASE, base).into();
        let record = Record { main: &main, variant: &changed[file] };
        let (is_shown, is_undated) = (main["visible"] == true, text(&main, "date").starts_with(UNDATED));
        let is_visible = (is_shown || record.variant["url"].is_string()) && !is_undated;
        // A post that only the variant shows has no record of its own.
        let columns = if is_shown { &COLUMNS[..] } else { &[] };
        comparison.compare((run, file), &posts, (&record, is_visible), columns);
    }
    comparison.finish(600);
}

fn source() -> Source {
    Source { path: fixture("golden/eleventy/site"), ..Source::default() }
}

#[test]
fn eleventy_agrees_on_visibility_address_id_dates_titles_and_terms() {
    let (snapshot, _) = read_all(fixture("golden/eleventy/site"), Utc::now());
    assert_eq!(snapshot.site.title, "Golden \"Eleventy\" & Co");
    assert_eq!(snapshot.site.url.as_str(), BASE);
    compare("main", &read_expected("eleventy"), source(), BASE, &Value::Null);
}

#[test]
fn eleventy_agrees_on_every_variant() {
    let expected = read_expected("eleventy");
    let variants = entries(&expected["variants"]);
    for (variant, changed) in variants {
        let prefixed = format!("{BASE}/base");
        let (source, base) = match variant.as_str() {
            "drafts" => (Source { drafts: Some(true), ..source() }, BASE),
            // A prefix that is computed cannot be read: feedmill.toml says it.
            "path-prefix" => (Source { url: BaseUrl::parse(&prefixed).ok(), ..source() }, &*prefixed),
            _ => (source(), BASE),
        };
        compare(variant, &expected, source, base, &changed["posts_that_differ_from_main"]);
    }
    assert_eq!(variants.len(), 5);
}

#[test]
fn eleventys_slugs_of_terms_are_its_own() {
    let expected = read_expected("eleventy");
    let (snapshot, _) = read_all(fixture("golden/eleventy/site"), Utc::now());
    let source = &snapshot.site.sources[0];
    let mut comparison = Comparison::default();
    for (term, slug) in entries(&expected["slugify"]) {
        let ours = source.dialect.term_slug(source.settings(), 0, 0, term);
        comparison.note(term, "slug", ours, slug.as_str().unwrap_or_default());
    }
    comparison.finish(35);
}
