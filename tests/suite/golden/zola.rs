//! Zola 0.22.

use super::*;

const COLUMNS: [Column; 5] = [
    ("address", |post| post.address.to_string(), |record| Some(normalise_url(url(record.main)))),
    ("id", |post| post.id.to_string(), |record| Some(record.text("feed_id").to_owned())),
    ("published", |post| seconds(post.published), |record| record.date("published").map(seconds)),
    ("updated", |post| seconds(post.changed()), |record| record.date("updated_in_feed").map(seconds)),
    ("title", |post| post.title.to_string(), title),
];

/// In a variant the address is the id too.
const VARIANT_COLUMNS: [Column; 2] =
    [COLUMNS[0], ("id", |post| post.id.to_string(), |record| Some(url(record.main).to_owned()))];

fn url(record: &Value) -> &str {
    record["url"].as_str().unwrap_or(text(record, "feed_id"))
}

fn title(record: &Record) -> Option<String> {
    record.main["title_data"].as_str().filter(|title| *title != "(none)").map(collapse_white_space)
}

fn path(file: &str) -> String {
    format!("content/{}", file.trim_start_matches("content/"))
}

#[test]
fn zola_agrees_on_visibility_address_id_dates_titles_and_terms() {
    let expected = read_expected("zola");
    let (snapshot, posts) = read_all(fixture("golden/zola/site"), Utc::now());
    assert_eq!(snapshot.site.title, "Golden \"Zola\" & Co");
    let mut comparison = Comparison::default();
    for record in list(&expected["posts"]) {
        let (file, is_visible) = (path(text(record, "file")), record["visible"] == true);
        let post =
            comparison.compare(("main", &file), &posts, (&Record::of_main(record), is_visible), &COLUMNS);
        // A page that was not written left no terms.
        let Some(post) = post.filter(|_| !record["lang"].is_null()) else { continue };
        for (taxonomy, place) in snapshot.site.taxonomies.iter().zip(0..) {
            // The key `authors` of a page comes before the taxonomy.
            let own = record["authors"].as_array().filter(|_| taxonomy.name == "authors");
            let listed = record["taxonomies"][&taxonomy.name].as_array();
            let theirs = join_terms(own.into_iter().chain(listed).flatten());
            comparison.note(&file, &taxonomy.name, terms(post, place), theirs);
        }
    }
    comparison.finish(800);
}

#[test]
fn zola_agrees_on_every_variant_of_the_sites_configuration() {
    let expected = read_expected("zola");
    let mut comparison = Comparison::default();
    for (variant, records) in entries(&expected["variants"]) {
        let site = copy_site("zola");
        site.write("site/config.toml", &read_file(fixture(&format!("golden/zola/variants/{variant}.toml"))));
        let (_, posts) = read_all(site.path("site"), Utc::now());
        let pages = entries(&records["pages_that_differ_from_main"]);
        let pages = pages.iter().map(|(file, record)| (path(file), record));
        for (file, record) in
            pages.filter(|(file, record)| record["url"].is_string() && posts.contains_key(file))
        {
            comparison.compare((variant, &file), &posts, (&Record::of_main(record), true), &VARIANT_COLUMNS);
        }
    }
    comparison.finish(100);
}
