//! Hexo 8.1 and hexo-generator-feed.

use chrono_tz::Tz;

use super::*;

/// Where the contract decides otherwise than Hexo, and why.
const OTHERWISE: [(&str, &str); 1] =
    [("_posts/date-bad.md", "a date that cannot be read is a problem, not a birth time")];

/// The time zone of the machine of a variant.
const MACHINES: [(&str, Tz); 2] =
    [("machine-tz-shanghai", Tz::Asia__Shanghai), ("machine-tz-newyork", Tz::America__New_York)];

/// Dates that come from the creation time of a file are described in words.
fn hexo_date(written: &str) -> Option<DateTime<Utc>> {
    date(written.split(' ').next()?)
}

fn published(record: &Record) -> Option<DateTime<Utc>> {
    hexo_date(record.pick("feed_published", "published_in_feed"))
}

fn updated(record: &Record) -> Option<DateTime<Utc>> {
    published(record).and(hexo_date(record.pick("feed_updated", "updated_in_feed")))
}

/// A term is listed with its address.
fn names(record: &Record, key: &str) -> String {
    join_terms(record.main[key].as_array().into_iter().flatten().map(|term| &term[0]))
}

/// The first four are of posts with a date, and the last two are in the records of the main run only.
const COLUMNS: [Column; 7] = [
    (
        "address",
        |post| post.address.to_string(),
        |record| published(record).map(|_| normalise_url(record.pick("permalink", "url"))),
    ),
    ("id", claimed_id, |record| published(record).map(|_| record.text("feed_id").to_owned())),
    ("published", |post| milliseconds(post.published), |record| published(record).map(milliseconds)),
    ("updated", |post| milliseconds(post.changed()), |record| updated(record).map(milliseconds)),
    (
        "title",
        |post| post.title.to_string(),
        |record| Some(collapse_white_space(record.pick("title", "title_data"))),
    ),
    ("tags", |post| terms(post, 0), |record| Some(names(record, "tags"))),
    ("categories", |post| terms(post, 1), |record| Some(names(record, "categories"))),
];

/// The records of files on which the contract agrees with Hexo.
fn list_records(expected: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let records = list(&expected["posts"]).iter().map(|record| (text(record, "file"), record));
    records.filter(|(file, _)| !OTHERWISE.iter().any(|(other, _)| file.ends_with(other)))
}

#[test]
fn hexo_agrees_on_visibility_address_id_dates_titles_and_terms() {
    let expected = read_expected("hexo");
    let (snapshot, posts) = read_all(fixture("golden/hexo/site"), Utc::now());
    assert_eq!(snapshot.site.title, "Golden \"Hexo\" & Co");
    let mut comparison = Comparison::default();
    for (file, main) in list_records(&expected) {
        comparison.compare(
            ("main", file),
            &posts,
            (&Record::of_main(main), main["visible"] == true),
            &COLUMNS,
        );
    }
    comparison.finish(800);
}

#[test]
fn hexo_agrees_on_every_variant_of_the_sites_configuration() {
    let expected = read_expected("hexo");
    let mut comparison = Comparison::default();
    let variants = entries(&expected["variants"]);
    for (variant, changed) in variants {
        let site = copy_site("hexo");
        let over = std::fs::read_to_string(fixture(&format!("golden/hexo/variants/{variant}.yml")));
        site.edit("site/_config.yml", |main| format!("{main}\n{}", over.as_deref().unwrap_or_default()));
        // The zone of the machine is as feedmill.toml says; dates keep the zone of the site's own configuration.
        let machine = MACHINES.iter().find(|(name, _)| name == variant).map(|(_, zone)| *zone);
        let source = Source { path: site.path("site"), ..Source::default() };
        let config = Config { sources: vec![source], machine_zone: machine, ..Config::default() };
        let (snapshot, posts) = read_all_of(config, Utc::now());
        // A limit or another order of the feed hides nothing.
        let order =
            changed["order"].as_array().filter(|_| !["content", "limit-default"].contains(&&**variant));
        let order = order.map_or(list(&expected["main_feed"]["order"]), Vec::as_slice);
        for (file, main) in list_records(&expected) {
            let name = file.trim_start_matches("source/");
            let record = Record { main, variant: &changed["posts_that_differ_from_main"][name] };
            // The lists omit posts that are dated by the birth of their file.
            let is_undated = published(&Record::of_main(main)).is_none();
            let is_visible =
                order.iter().any(|listed| listed == name) || (main["visible"] == true && is_undated);
            // A date as a title names the machine's zone in words. `use_slug_as_post_title` leaves some posts of Hexo
            // without a title, and none of ours.
            let is_slug = variant == "use-slug" && record.pick("title", "title_data").is_empty();
            let columns = if machine.is_some() || is_slug { &COLUMNS[..4] } else { &COLUMNS[..5] };
            comparison.compare((variant, file), &posts, (&record, is_visible), columns);
        }
        let source = &snapshot.site.sources[0];
        let tags = changed["tags_that_differ"].as_object().into_iter().flatten();
        for (tag, expected) in tags.filter(|_| machine.is_none()) {
            let slug = source.dialect.term_slug(source.settings(), 0, 0, tag);
            comparison.note(tag, &format!("{variant}: slug"), slug, expected[0].as_str().unwrap_or_default());
        }
    }
    comparison.finish(9000);
    assert_eq!(variants.len(), 27);
}
