//! Hugo 0.168 and its feeds.

use std::collections::BTreeSet;

use super::*;

/// Where the contract decides otherwise than Hugo, and why.
const OTHERWISE: [(&str, &str); 1] = [("posts/render-never.md", "no entry is ever without a link")];

/// The date that Hugo prints where there is none.
const UNDATED: &str = "0001-01-01T00:00:00Z";

/// A change before the publication is not reported as an update.
fn updated(record: &Record) -> Option<DateTime<Utc>> {
    record.date(if record.date("lastmod") == record.date("date") { "publishdate" } else { "lastmod" })
}

/// A feed lists the pages of the main language. Without a list, pages are as in the main run.
fn is_visible(record: &Record, name: &str, order: Option<&Vec<Value>>) -> bool {
    let order = order.filter(|_| record.main["lang"] != "zh");
    let is_listed = order.map(|order| order.iter().any(|listed| listed == name));
    is_listed.unwrap_or(record.main["visible"] == true) && record.text("publishdate") != UNDATED
}

const COLUMNS: [Column; 5] = [
    ("address", |post| post.address.to_string(), |record| Some(record.text("url").to_owned())),
    (
        "id",
        |post| post.id.split('#').next().unwrap_or_default().to_owned(),
        |record| Some(record.text("url").to_owned()),
    ),
    ("published", |post| milliseconds(post.published), |record| record.date("publishdate").map(milliseconds)),
    ("updated", |post| milliseconds(post.changed()), |record| updated(record).map(milliseconds)),
    ("title", |post| post.title.to_string(), |record| Some(collapse_white_space(record.text("title_data")))),
];

fn compare(run: &str, posts: &Posts, expected: &Value, variant: &Value, comparison: &mut Comparison) {
    let order = variant["order"].as_array().filter(|_| run != "rss-limit");
    for main in list(&expected["posts"]) {
        let file = text(main, "file");
        let name = file.trim_start_matches("content/");
        if OTHERWISE.iter().all(|(other, _)| *other != name) {
            let record = Record { main, variant: &variant["pages_that_differ_from_main"][name] };
            let is_visible = is_visible(&record, name, order);
            comparison.compare((run, file), posts, (&record, is_visible), &COLUMNS);
        }
    }
}

#[test]
fn hugo_agrees_on_visibility_address_id_dates_and_titles() {
    let expected = read_expected("hugo");
    let (snapshot, posts) = read_all(fixture("golden/hugo/site"), now(&expected));
    assert_eq!(snapshot.site.title, "Golden \"Hugo\" & Co");
    assert_eq!(snapshot.site.language.as_deref(), Some("en-US"));
    assert_eq!(snapshot.languages().map(|(code, _)| code.to_owned()).collect::<Vec<_>>(), ["en", "zh"]);
    let mut comparison = Comparison::default();
    compare("main", &posts, &expected, &Value::Null, &mut comparison);
    comparison.finish(900);
}

/// Hugo lists the posts of a term under one of its spellings: they are compared by its slugs.
#[test]
fn hugo_agrees_on_terms() {
    let expected = read_expected("hugo");
    let (snapshot, posts) = read_all(fixture("golden/hugo/site"), now(&expected));
    let source = &snapshot.site.sources[0];
    // Blanks around a term are gone here, and stay in Hugo's slug.
    let slug =
        |term: &str| source.dialect.term_slug(source.settings(), 0, 0, term).trim_matches('-').to_owned();
    let join = |terms: BTreeSet<String>| terms.into_iter().collect::<Vec<_>>().join("|");
    let mut comparison = Comparison::default();
    for (taxonomy, place) in snapshot.site.taxonomies.iter().zip(0_u8..) {
        for (file, post) in posts.iter().filter(|(file, _)| !file.ends_with(OTHERWISE[0].0)) {
            let language = source.site.languages[usize::from(post.language)].as_str();
            let listed = expected["taxonomies"][language][&taxonomy.name].as_array().into_iter().flatten();
            let has = |term: &&Value| {
                let mut files = term["posts"].as_array().into_iter().flatten().filter_map(Value::as_str);
                files.any(|listed| file.strip_prefix("content/") == Some(listed))
            };
            let theirs: BTreeSet<String> = listed.filter(has).map(|term| slug(text(term, "key"))).collect();
            let ours = post.terms.iter().filter(|term| term.taxonomy == place);
            // The key `author` names authors too; Hugo has no term of it.
            let ours = ours.filter(|_| taxonomy.name != "authors" || !theirs.is_empty());
            let ours: BTreeSet<String> = ours.map(|term| slug(&term.spelling)).collect();
            comparison.note(file, &taxonomy.name, join(ours), join(theirs));
        }
    }
    comparison.finish(400);
}

#[test]
fn hugo_agrees_on_every_variant_of_the_sites_configuration() {
    let expected = read_expected("hugo");
    let mut comparison = Comparison::default();
    let variants = entries(&expected["variants"]);
    for (variant, changed) in variants {
        let site = copy_site("hugo");
        // Hugo merges a second file into the first; here it has a folder of its own.
        site.create_folder("site/config/_default");
        site.rename("site/hugo.toml", "site/config/_default/hugo.toml");
        let over = read_file(fixture(&format!("golden/hugo/variants/{variant}.toml")));
        site.write("site/config/production/hugo.toml", &over);
        let (_, posts) = read_all(site.path("site"), now(&expected));
        compare(variant, &posts, &expected, changed, &mut comparison);
    }
    comparison.finish(15_000);
    assert_eq!(variants.len(), 25);
}
