//! Hexo 8.1 and hexo-generator-feed.

use chrono_tz::Tz;

use super::*;
use crate::site::{TestSite, copy_folder};

/// Where the contract decides otherwise than Hexo, and why.
const OTHERWISE: [(&str, &str); 1] =
    [("_posts/date-bad.md", "a date that cannot be read is a problem, not a birth time")];

/// What a variant's machine was set to.
fn machine(variant: &str) -> Option<Tz> {
    match variant {
        "machine-tz-shanghai" => Some(Tz::Asia__Shanghai),
        "machine-tz-newyork" => Some(Tz::America__New_York),
        _ => None,
    }
}

/// Dates that come from the creation time of a file are described in words.
fn date(written: &Value) -> Option<DateTime<Utc>> {
    written.as_str()?.split(' ').next()?.parse().ok()
}

fn names(record: &Value, key: &str) -> Vec<String> {
    let names = record[key].as_array().into_iter().flatten().filter_map(|term| term[0].as_str());
    let mut each: Vec<String> = Vec::new();
    for name in names.map(|name| name.trim().to_owned()) {
        if !each.contains(&name) {
            each.push(name);
        }
    }
    each
}

#[test]
fn hexo_agrees_on_visibility_address_id_dates_titles_and_terms() {
    let expected = read_expected("hexo");
    let (snapshot, posts) = read_all(fixture("golden/hexo/site"), Utc::now());
    assert_eq!(snapshot.site.title, "Golden \"Hexo\" & Co");
    let mut comparison = Comparison::new();
    for record in expected["posts"].as_array().expect("they are a list") {
        let file = text(record, "file");
        if OTHERWISE.iter().any(|(other, _)| file.ends_with(other)) {
            continue;
        }
        let visible = record["visible"] == Value::Bool(true);
        comparison.note(file, "visible", posts.contains_key(file), visible);
        let Some(post) = posts.get(file).filter(|_| visible) else { continue };
        if let Some(published) = date(&record["published_in_feed"]) {
            comparison.note(file, "address", &post.address, normalise_url(text(record, "url")));
            let own = post.id.strip_suffix(&format!("#{}", file.rsplit('/').next().unwrap_or_default()));
            comparison.note(file, "id", own.unwrap_or(&post.id), text(record, "feed_id"));
            comparison.note(
                file,
                "published",
                post.published.timestamp_millis(),
                published.timestamp_millis(),
            );
            let updated = date(&record["updated_in_feed"]).expect("it is a date");
            comparison.note(file, "updated", post.changed().timestamp_millis(), updated.timestamp_millis());
        }
        let title = feedmill::body::collapse_white_space(text(record, "title_data"));
        comparison.note(file, "title", &post.title, title);
        comparison.note(file, "tags", terms(post, 0).join("|"), names(record, "tags").join("|"));
        comparison.note(file, "categories", terms(post, 1).join("|"), names(record, "categories").join("|"));
    }
    comparison.finish(800);
}

#[test]
fn hexo_agrees_on_every_variant_of_the_sites_configuration() {
    let expected = read_expected("hexo");
    let main: BTreeMap<String, &Value> = expected["posts"]
        .as_array()
        .expect("they are a list")
        .iter()
        .map(|record| (text(record, "file").to_owned(), record))
        .collect();
    let order = |records: &Value| -> Option<Vec<String>> {
        let files = records.as_array()?.iter().filter_map(Value::as_str);
        Some(files.map(|file| format!("source/{file}")).collect())
    };
    let main_order = order(&expected["main_feed"]["order"]).expect("it is a list");
    let mut comparison = Comparison::new();
    let variants = expected["variants"].as_object().expect("they are a map");
    for (variant, records) in variants {
        let site = TestSite::new();
        copy_folder(&fixture("golden/hexo/site"), &site.path("site"));
        let config = site.path("site/_config.yml");
        let own = fs::read_to_string(&config).expect("it is there");
        let over =
            fs::read_to_string(fixture(&format!("golden/hexo/variants/{variant}.yml"))).unwrap_or_default();
        fs::write(&config, format!("{own}\n{over}")).expect("it can be written");
        let source = Source { path: site.path("site"), ..Source::default() };
        let (snapshot, _) = read_once_on(machine(variant), source, Utc::now());
        let found = snapshot.select(&Selection::default(), 500);
        let posts: BTreeMap<String, Arc<Post>> =
            found.into_iter().map(|post| (post.path.to_string(), post)).collect();

        // A limit or another order of the feed hides nothing.
        let limited = matches!(variant.as_str(), "content" | "limit-default");
        let visible = order(&records["order"]).filter(|_| !limited).unwrap_or_else(|| main_order.clone());
        for (file, record) in &main {
            if OTHERWISE.iter().any(|(other, _)| file.ends_with(other)) {
                continue;
            }
            let name = file.trim_start_matches("source/");
            // The lists leave out what is dated by the birth of its file.
            if record["visible"] == Value::Bool(true) && date(&record["published_in_feed"]).is_none() {
                assert!(posts.contains_key(file), "{variant}: {file}");
                continue;
            }
            comparison.note(
                file,
                &format!("{variant}: visible"),
                posts.contains_key(file),
                visible.contains(file),
            );
            let Some(post) = posts.get(file).filter(|_| visible.contains(file)) else { continue };
            let other = &records["posts_that_differ_from_main"][name];
            let pick = |key: &str, own: &str| {
                let value = if other[key].is_null() { &record[own] } else { &other[key] };
                value.as_str().unwrap_or_default().to_owned()
            };
            if date(&Value::String(pick("feed_published", "published_in_feed"))).is_none() {
                continue;
            }
            let what = |what: &str| format!("{variant}: {what}");
            comparison.note(file, &what("address"), &post.address, normalise_url(&pick("permalink", "url")));
            let own = post.id.strip_suffix(&format!("#{}", file.rsplit('/').next().unwrap_or_default()));
            comparison.note(file, &what("id"), own.unwrap_or(&post.id), pick("feed_id", "feed_id"));
            let published =
                date(&Value::String(pick("feed_published", "published_in_feed"))).expect("it is one");
            comparison.note(
                file,
                &what("published"),
                post.published.timestamp_millis(),
                published.timestamp_millis(),
            );
            let updated = date(&Value::String(pick("feed_updated", "updated_in_feed")));
            if let Some(updated) = updated {
                comparison.note(
                    file,
                    &what("updated"),
                    post.changed().timestamp_millis(),
                    updated.timestamp_millis(),
                );
            }
            // A date as a title names the machine's zone in words.
            if let Some(title) = other["title"].as_str().filter(|_| machine(variant).is_none()) {
                comparison.note(file, &what("title"), &post.title, title);
            }
        }
        let tags = records["tags_that_differ"].as_object();
        for (tag, expected) in tags.into_iter().flatten().filter(|_| machine(variant).is_none()) {
            let own = &snapshot.site.sources[0];
            let slug = own.dialect.term_slug(own.settings(), 0, 0, tag);
            comparison.note(tag, &format!("{variant}: slug"), slug, expected[0].as_str().unwrap_or_default());
        }
    }
    comparison.finish(9000);
    assert_eq!(variants.len(), 27);
}
