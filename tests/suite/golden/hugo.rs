//! Hugo 0.168 and its feeds.

use std::collections::BTreeSet;

use feedmill::config::Source;

use super::*;
use crate::site::{TestSite, copy_folder};

/// Where the contract decides otherwise than Hugo, and why.
const OTHERWISE: [(&str, &str); 1] = [("posts/render-never.md", "no entry is ever without a link")];

/// How Hugo prints a date that is not there.
const UNDATED: &str = "0001-01-01T00:00:00Z";

/// RFC 1123 dates of its feeds, and RFC 3339 ones of its data.
fn date(written: &str) -> Option<DateTime<Utc>> {
    let written = written.trim();
    let mail = DateTime::parse_from_rfc2822(written).or_else(|_| DateTime::parse_from_rfc3339(written));
    mail.ok().map(|date| date.to_utc())
}

/// A record of the main run, with what a variant says otherwise laid over it.
struct Expected<'v> {
    record: &'v Value,
    other: &'v Value,
}

impl Expected<'_> {
    fn text(&self, key: &str) -> &str {
        let own = || self.record[key].as_str().unwrap_or_default();
        self.other[key].as_str().unwrap_or_else(own)
    }

    /// The record of a page that is hidden in the main run has no address in the feed.
    fn is_visible(&self, order: Option<&Vec<String>>) -> bool {
        let file = text(self.record, "file").trim_start_matches("content/");
        let listed = order.map(|order| order.iter().any(|listed| listed == file));
        let shown = listed.filter(|_| self.record["lang"] != "zh");
        shown.unwrap_or(self.record["visible"] == Value::Bool(true)) && self.text("publishdate") != UNDATED
    }
}

fn compare(
    what: &str,
    posts: &BTreeMap<String, Arc<Post>>,
    expected: &Value,
    variant: &Value,
    comparison: &mut Comparison,
) {
    let order = variant["order"]
        .as_array()
        .filter(|_| what != "rss-limit")
        .map(|order| order.iter().filter_map(|file| file.as_str().map(str::to_owned)).collect::<Vec<_>>());
    for record in expected["posts"].as_array().expect("they are a list") {
        let file = text(record, "file");
        let name = file.trim_start_matches("content/");
        if OTHERWISE.iter().any(|(other, _)| *other == name) {
            continue;
        }
        let expected = Expected { record, other: &variant["pages_that_differ_from_main"][name] };
        let visible = expected.is_visible(order.as_ref());
        let told = |kind: &str| format!("{what}: {kind}");
        comparison.note(file, &told("visible"), posts.contains_key(file), visible);
        let Some(post) = posts.get(file).filter(|_| visible) else { continue };
        comparison.note(file, &told("address"), &post.address, expected.text("url"));
        // Claims have an id of their own, made of the one they share.
        let own = post.id.split('#').next().unwrap_or_default();
        comparison.note(file, &told("id"), own, expected.text("url"));
        let published = date(expected.text("publishdate")).expect("it is a date");
        comparison.note(
            file,
            &told("published"),
            post.published.timestamp_millis(),
            published.timestamp_millis(),
        );
        // What was changed before it was published is not reported as an update.
        let changed = date(expected.text("lastmod")).expect("it is a date");
        let written = date(expected.text("date")).expect("it is a date");
        let changed = if changed == written { published } else { changed };
        comparison.note(
            file,
            &told("updated"),
            post.changed().timestamp_millis(),
            changed.timestamp_millis(),
        );
        let title = feedmill::body::collapse_white_space(expected.text("title_data"));
        comparison.note(file, &told("title"), &post.title, title);
    }
}

#[test]
fn hugo_agrees_on_visibility_address_id_dates_and_titles() {
    let expected = read_expected("hugo");
    let now: DateTime<Utc> = text(&expected, "now").parse().expect("it is a date");
    let (snapshot, posts) = read_all(fixture("golden/hugo/site"), now);
    assert_eq!(snapshot.site.title, "Golden \"Hugo\" & Co");
    assert_eq!(snapshot.site.language.as_deref(), Some("en-US"));
    assert_eq!(snapshot.languages().map(|(code, _)| code.to_owned()).collect::<Vec<_>>(), ["en", "zh"]);
    let mut comparison = Comparison::new();
    compare("main", &posts, &expected, &Value::Null, &mut comparison);
    comparison.finish(900);
}

/// Hugo lists the posts of a term under one of its spellings: they are compared by its slugs.
#[test]
fn hugo_agrees_on_terms() {
    let expected = read_expected("hugo");
    let now: DateTime<Utc> = text(&expected, "now").parse().expect("it is a date");
    let (snapshot, posts) = read_all(fixture("golden/hugo/site"), now);
    let source = &snapshot.site.sources[0];
    // Blanks around a term are gone here, and stay in Hugo's slug.
    let slug =
        |term: &str| source.dialect.term_slug(source.settings(), 0, 0, term).trim_matches('-').to_owned();
    let join = |terms: &BTreeSet<String>| terms.iter().map(String::as_str).collect::<Vec<_>>().join("|");
    let mut comparison = Comparison::new();
    for (place, taxonomy) in snapshot.site.taxonomies.iter().enumerate() {
        for (file, post) in posts.iter().filter(|(file, _)| !file.ends_with(OTHERWISE[0].0)) {
            let language = snapshot.site.sources[0].site.languages[usize::from(post.language)].as_str();
            let listed = expected["taxonomies"][language][&taxonomy.name].as_array().into_iter().flatten();
            let has = |term: &&Value| {
                let files = term["posts"].as_array().into_iter().flatten().filter_map(Value::as_str);
                files.into_iter().any(|listed| file.strip_prefix("content/") == Some(listed))
            };
            let theirs: BTreeSet<String> = listed.filter(has).map(|term| slug(text(term, "key"))).collect();
            let mut ours: BTreeSet<String> = terms(post, place as u8).iter().map(|term| slug(term)).collect();
            // The key `author` names authors too; Hugo has no term of it.
            if taxonomy.name == "authors" && theirs.is_empty() {
                ours.clear();
            }
            comparison.note(file, &taxonomy.name, join(&ours), join(&theirs));
        }
    }
    comparison.finish(400);
}

#[test]
fn hugo_agrees_on_every_variant_of_the_sites_configuration() {
    let expected = read_expected("hugo");
    let now: DateTime<Utc> = text(&expected, "now").parse().expect("it is a date");
    let mut comparison = Comparison::new();
    let variants = expected["variants"].as_object().expect("they are a map");
    for (variant, records) in variants {
        let site = TestSite::new();
        copy_folder(&fixture("golden/hugo/site"), &site.path("site"));
        // Hugo lays a second file over the first; ours is a folder of its own kind.
        let main = fs::read_to_string(site.path("site/hugo.toml")).expect("it is there");
        fs::remove_file(site.path("site/hugo.toml")).expect("it can go");
        site.write("site/config/_default/hugo.toml", &main);
        let over = fs::read_to_string(fixture(&format!("golden/hugo/variants/{variant}.toml")))
            .expect("it is there");
        site.write("site/config/production/hugo.toml", &over);
        let source = Source { path: site.path("site"), ..Source::default() };
        let (_, posts) = read_all_of(source, now);
        compare(variant, &posts, &expected, records, &mut comparison);
    }
    comparison.finish(15000);
    assert_eq!(variants.len(), 25);
}
