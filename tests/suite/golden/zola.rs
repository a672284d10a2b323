//! Zola 0.22.

use super::*;
use crate::site::{TestSite, copy_folder};

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
        comparison.note(&file, "address", &post.address, normalise_url(url));
        comparison.note(&file, "id", &post.id, text(record, "feed_id"));
        let seconds =
            |key: &str| text(record, key).parse::<DateTime<Utc>>().expect("it is a date").timestamp();
        comparison.note(&file, "published", post.published.timestamp(), seconds("published"));
        comparison.note(&file, "updated", post.changed().timestamp(), seconds("updated_in_feed"));
        if let Some(title) = record["title_data"].as_str().filter(|title| *title != "(none)") {
            comparison.note(&file, "title", &post.title, feedmill::body::collapse_white_space(title));
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
        for (file, record) in records["pages_that_differ_from_main"].as_object().expect("they are a map") {
            let name = format!("content/{}", file.trim_start_matches("content/"));
            let Some(url) = record["url"].as_str() else { continue };
            let Some(post) = posts.get(&name) else { continue };
            let what = format!("{variant}: address");
            comparison.note(file, &what, &post.address, normalise_url(url));
            comparison.note(file, &what, &post.id, url);
        }
    }
    comparison.finish(100);
}
