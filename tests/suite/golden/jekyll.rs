//! Jekyll 4.4 and jekyll-feed.

use feedmill::body::strip_markup;

use super::*;

/// Where the contract decides otherwise than the generator, and why.
const OTHERWISE: [(&str, &str); 3] = [
    ("_posts/2024-01-20-tab-yaml-error.md", "broken YAML is a problem, not a post dated now"),
    ("_posts/2024-01-20-unclosed.md", "front matter that is not closed is a problem"),
    ("_posts/2026-06-01-now-exactly.md", "a date equal to Jekyll's clock: ours has no such second"),
];

/// The last four are in the records of the main run only.
const COLUMNS: [Column; 7] = [
    ("address", |post| post.address.to_string(), |record| Some(normalise_url(record.text("url")))),
    ("id", claimed_id, |record| Some(record.text("feed_id").to_owned())),
    ("published", |post| seconds(post.published), |record| record.date("published").map(seconds)),
    ("updated", |post| seconds(post.changed()), |record| record.date("updated").map(seconds)),
    (
        "title",
        |post| post.title.to_string(),
        |record| Some(strip_markup(&spell(&record.main["title_data"])?)),
    ),
    ("tags", |post| terms(post, 0), |record| Some(record.terms("tags"))),
    ("categories", |post| terms(post, 1), |record| Some(record.terms("categories_data"))),
];

fn is_otherwise(file: &str) -> bool {
    OTHERWISE.iter().any(|(other, _)| *other == file)
}

#[test]
fn jekyll_agrees_on_visibility_address_id_dates_titles_and_terms() {
    let expected = read_expected("jekyll");
    let (snapshot, posts) = read_all(fixture("golden/jekyll/site"), now(&expected));
    assert_eq!(snapshot.site.title, "Golden \"Jekyll\" -- it's a test");
    let mut comparison = Comparison::default();
    for record in list(&expected["posts"]).iter().filter(|record| !is_otherwise(text(record, "file"))) {
        let (file, is_visible) = (text(record, "file"), record["visible"] == true);
        comparison.compare(("main", file), &posts, (&Record::of_main(record), is_visible), &COLUMNS);
    }
    comparison.finish(800);
}

#[test]
fn jekyll_agrees_on_every_variant_of_the_sites_configuration() {
    let expected = read_expected("jekyll");
    let mut comparison = Comparison::default();
    let variants = entries(&expected["variants"]);
    for (variant, changed) in variants {
        let site = copy_site("jekyll");
        // Of equal keys the last counts.
        let over = read_file(fixture(&format!("golden/jekyll/variants/{variant}.yml")));
        site.edit("site/_config.yml", |main| format!("{main}\n{over}"));
        let (_, mut posts) = read_all(site.path("site"), now(&expected));
        posts.retain(|file, _| !is_otherwise(file));
        let order = changed["order"].as_array().map_or(list(&expected["main_feed"]["order"]), Vec::as_slice);
        let order: Vec<&str> =
            order.iter().filter_map(Value::as_str).filter(|file| !is_otherwise(file)).collect();
        compare_order(variant, &posts, &order, &mut comparison);
        for (file, record) in entries(&changed["posts"]).iter().filter(|(file, _)| posts.contains_key(*file))
        {
            comparison.compare((variant, file), &posts, (&Record::of_main(record), true), &COLUMNS[..3]);
        }
    }
    comparison.finish(10_000);
    assert_eq!(variants.len(), 25);
}

/// Holds a generator's order of a feed against ours: the same files, newest first. Ties are the contract's.
fn compare_order(variant: &str, posts: &Posts, theirs: &[&str], comparison: &mut Comparison) {
    for file in theirs {
        comparison.note(file, &format!("{variant}: is in the feed"), posts.contains_key(*file), true);
    }
    for file in posts.keys() {
        comparison.note(file, &format!("{variant}: is in their feed"), theirs.contains(&&**file), true);
    }
    let dates: Vec<_> = theirs.iter().filter_map(|file| Some(posts.get(*file)?.published)).collect();
    comparison.note(variant, "newest first", dates.is_sorted_by(|one, other| one >= other), true);
}
